"""Faults that a programmer might make in the native engine: what to replace in which file of native/src."""

from __future__ import annotations

from avrop.schematron.tests.fault_table import Fault

# fmt: off
# ruff: noqa: E501
FAULTS = [Fault(*one) for one in (
    ("<= for <", "compare.rs", "Op::Lt => order.is_lt(),", "Op::Lt => order.is_le(),"),
    ("NaN is equal", "compare.rs", "None => op == Op::Ne,", "None => op == Op::Eq,"),
    ("turned sides keep their sign", "compare.rs", "Op::Lt => Op::Gt,", "Op::Lt => Op::Lt,"),
    ("long integers are compared as such", "compare.rs", "whole.unsigned_abs() < 10_000_000_000", "true"),
    ("mod of doubles by zero is zero", "compare.rs", "Sum::Mod if b == 0.0 || a.is_infinite() => f64::NAN,", "Sum::Mod if b == 0.0 || a.is_infinite() => 0.0,"),
    ("division to 2 places", "value.rs", "let places = 18.max(self.scale)", "let places = 2.max(self.scale)"),
    ("division cuts", "value.rs", "if rest.unsigned_abs().checked_mul(2).ok_or(Stop)? > below.unsigned_abs() {", "if false {"),
    ("a decimal keeps its zeros", "value.rs", "let part = part.trim_end_matches('0');", ""),
    ("large doubles without exponent", "value.rs", "(1e-6..1e6).contains(&number.abs())", "(1e-6..1e9).contains(&number.abs())"),
    ("no leap year", "value.rs", "let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);", "let leap = false;"),
    ("zones count the other way", "value.rs", "if bytes[10] == b'+' { 1 } else { -1 }", "if bytes[10] == b'+' { -1 } else { 1 }"),
    ("boolean knows only words", "value.rs", '"true" | "1" => Ok(true),', '"true" => Ok(true),'),
    ("no-break space is white", "value.rs", "matches!(c, ' ' | '\\t' | '\\r' | '\\n')", "c.is_whitespace()"),
    ("round half away from zero", "functions.rs", "if number - whole >= 0.5 { whole + 1.0 }", "if number - whole > 0.5 { whole + 1.0 }"),
    ("substring one late", "functions.rs", "(at + 1) as f64 >= first", "(at + 1) as f64 > first"),
    ("substring-after keeps the part", "functions.rs", "(at + part.len(), text.len())", "(at, text.len())"),
    ("translate keeps what has no partner", "functions.rs", "Some(at) => new.get(at).copied(),", "Some(at) => Some(new.get(at).copied().unwrap_or(c)),"),
    ("string-length in bytes", "functions.rs", "text.chars().count()", "text.len()"),
    ("max is min", "functions.rs", "if least { number < known } else { number > known }", "if least { number > known } else { number < known }"),
    ("sum of untyped values stops at the first", "functions.rs", "(Some(Item::Dbl(a)), Item::Dbl(b)) => Item::Dbl(a + b),", "(Some(Item::Dbl(a)), Item::Dbl(_)) => Item::Dbl(a),"),
    ("no separator joins all the same", "functions.rs", "if a.len() > 1 && cx.atom(&a[1], f, env)?.is_none() {", "if false {"),
    ("tokenize drops the last", "functions.rs", "parts.push((at, text.len() - at));", ""),
    ("a comment does not part a text", "tree.rs", "            if !node.is_element() {\n                self.parted = true;", "            if !node.is_element() {"),
    ("a wide element forgets its first child", "tree.rs", "tree.wide.entry((node, tree.nodes[kid as usize].tag)).or_default().push(kid);\n                kid = tree.nodes[kid as usize].end;", "kid = tree.nodes[kid as usize].end;\n                if kid < end { tree.wide.entry((node, tree.nodes[kid as usize].tag)).or_default().push(kid); }"),
    ("descendants include the next sibling", "tree.rs", "all.partition_point(|&n| n < end)", "all.partition_point(|&n| n <= end)"),
    ("what the document lacks is asked the other way", "tree.rs", "word >> (tag % 64) & 1 == 1)", "word >> (tag % 64) & 1 == 0)"),
    ("rules loaded later judge old documents", "judge.rs", "if tree.known < program.known {", "if false {"),
    ("findings in the order they were made", "judge.rs", "hits.sort_by_key(|hit| (hit.key, hit.pattern, hit.check));", ""),
    ("the second rule of a pattern is asked too", "judge.rs", "return self.ask(rule, &Item::Node(node), hits);", "self.ask(rule, &Item::Node(node), hits)?;"),
    ("an assert is a report", "judge.rs", "!= check.negate", "!= !check.negate"),
    ("places are counted from 0", "judge.rs", "or_insert(0);\n                *place += 1;", "or_insert(1);\n                *place += 1;"),
    ("texts are counted among all", "judge.rs", ".filter(|&text| self.tree.texts[text as usize].parent == node)\n", ""),
    ("attributes of no namespace are written in full", "judge.rs", 'if uri.is_empty() { format!("@{local}") }', 'if false { format!("@{local}") }'),
    ("a rooted context lies anywhere", "plans.rs", "if !rooted || last.deep || end == 1 {", "if true {"),
    ("// in a context is /", "plans.rs", "for upper in (1..end).rev() {", "for upper in (end - 1..end).rev() {"),
    ("a condition that fails is settled as met", "plans.rs", "Some(false) => return,", "Some(false) => {}"),
    ("carriage returns before references", "strict.rs", "&& carriage.all(|next| next == Some(&b'\\n'))", ""),
    ("references to no character", "strict.rs", '&& find_iter(bytes, "&#").all(|at| reference(&rest[at + 2..]))', ""),
    ("any encoding is read as UTF-8", "strict.rs", '("encoding", "utf-8")', '("encoding", _)'),
    ("names beyond ASCII", "strict.rs", "local.is_ascii() && ", ""),
    ("trees of any depth", "tree.rs", "if self.open.len() > DEEPEST {", "if false {"),
)]
