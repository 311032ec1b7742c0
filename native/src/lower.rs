//! From a program's JSON to expressions.

use crate::paths::{any_below, condition, deepen, deepens, joined, named, plain, positions};
use crate::program::{
    Alternative, Axis, Check, Condition, Conv, Ex, Function, Kind, NodeKind, Op, Part, Path, Pred, Rule, Rx, Step, Sum,
    Test, F, L,
};
use crate::tree::Names;
use crate::value::Dec;
use rustc_hash::FxHashMap;
use serde_json::Value;

pub struct Lower<'n> {
    pub names: &'n mut Names,
    /// The values that predicates of contexts compare with strings.
    pub asked: FxHashMap<String, usize>,
}

impl Lower<'_> {
    pub fn function(&mut self, value: &Value) -> L<Function> {
        let params =
            array(&value["params"])?.iter().map(|p| Ok((slot(&p[0])?, conv(&p[1])?))).collect::<L<Vec<_>>>()?;
        Ok(Function { params, body: self.ex(&value["body"])?, result: conv(&value["as"])? })
    }

    pub fn rule(&mut self, value: &Value) -> L<Rule> {
        let lets = array(&value["lets"])?.iter().map(|l| Ok((slot(&l[0])?, self.ex(&l[1])?))).collect::<L<Vec<_>>>()?;
        let checks = array(&value["checks"])?.iter().map(|c| self.check(c)).collect::<L<Vec<_>>>()?;
        let pattern = value["pattern"].as_u64().ok_or("pattern")? as usize;
        Ok(Rule { pattern, context: self.alternatives(&value["context"])?, lets, checks })
    }

    fn check(&mut self, value: &Value) -> L<Check> {
        let message = match value[3].as_array() {
            None => None,
            Some(parts) => Some(
                parts
                    .iter()
                    .map(|p| Ok((text(&p[0])?.to_string(), if p[1].is_null() { None } else { Some(self.ex(&p[1])?) })))
                    .collect::<L<Vec<_>>>()?,
            ),
        };
        let number = value[0].as_u64().ok_or("check")? as usize;
        Ok(Check { number, negate: value[1].as_bool().ok_or("negate")?, test: self.ex(&value[2])?, message })
    }

    pub fn alternatives(&mut self, value: &Value) -> L<Vec<Alternative>> {
        array(value)?
            .iter()
            .map(|a| {
                let parts = array(&a["parts"])?.iter().map(|p| self.part(p)).collect::<L<Vec<_>>>()?;
                Ok(Alternative { parts, rooted: a["rooted"].as_bool().ok_or("rooted")? })
            })
            .collect()
    }

    fn part(&mut self, value: &Value) -> L<Part> {
        let kind = match text(&value[0])? {
            "element" => NodeKind::Element,
            "attribute" => NodeKind::Attribute,
            "text" => NodeKind::Text,
            "document" => NodeKind::Document,
            other => return Err(other.into()),
        };
        let preds = array(&value[3])?
            .iter()
            .map(|p| {
                let ex = self.ex(p)?;
                let next = self.asked.len();
                let asks = matches!(ex, Ex::OneOf(..)).then(|| *self.asked.entry(p[1].to_string()).or_insert(next));
                Ok(Condition { ex, asks })
            })
            .collect::<L<Vec<_>>>()?;
        if preds.iter().any(|p| positions(&p.ex) || matches!(p.ex, Ex::Int(_) | Ex::Dec(_) | Ex::Dbl(_))) {
            return Err("a position in a context".into());
        }
        Ok(Part { kind, test: self.test(&value[1])?, deep: value[2].as_bool().ok_or("deep")?, preds })
    }

    fn test(&mut self, value: &Value) -> L<Test> {
        if text(&value[0])? == "kind" {
            return Ok(match text(&value[1])? {
                "node" => Test::Node,
                "text" => Test::Text,
                "element" => Test::Element,
                "attribute" => Test::AnyAttribute,
                "document-node" => Test::Document,
                "comment" | "processing-instruction" => Test::Nothing,
                other => return Err(other.into()),
            });
        }
        Ok(match (value[1].as_str(), value[2].as_str()) {
            (Some(uri), Some(local)) => Test::Name(self.names.intern(uri, local)),
            (uri, local) => Test::Open(uri.map(Into::into), local.map(Into::into)),
        })
    }

    fn list(&mut self, value: &Value) -> L<Vec<Ex>> {
        array(value)?.iter().map(|v| self.ex(v)).collect()
    }

    fn boxed(&mut self, value: &Value) -> L<Box<Ex>> {
        Ok(Box::new(self.ex(value)?))
    }

    fn pair(&mut self, a: &Value, b: &Value) -> L<Box<(Ex, Ex)>> {
        Ok(Box::new((self.ex(a)?, self.ex(b)?)))
    }

    fn preds(&mut self, value: &Value) -> L<Vec<Pred>> {
        array(value)?
            .iter()
            .map(|v| {
                Ok(match self.ex(v)? {
                    Ex::Int(place) => Pred::Nth(place),
                    ex if condition(&ex) && !positions(&ex) => Pred::If(ex),
                    ex => Pred::Any(ex),
                })
            })
            .collect()
    }

    fn bindings(&mut self, value: &Value) -> L<Vec<(u32, Ex)>> {
        array(value)?.iter().map(|b| Ok((slot(&b[0])?, self.ex(&b[1])?))).collect()
    }

    pub fn ex(&mut self, v: &Value) -> L<Ex> {
        let number = |v: &Value| v.as_u64().map(|n| n as usize).ok_or_else(|| "a number".to_string());
        Ok(match text(&v[0])? {
            "string" => Ex::Str(text(&v[1])?.into()),
            "untyped" => Ex::Unt(text(&v[1])?.into()),
            "integer" => Ex::Int(text(&v[1])?.parse().map_err(|_| "a large number")?),
            "decimal" => Ex::Dec(Dec::parse(text(&v[1])?).map_err(|_| "a long decimal")?),
            "double" => Ex::Dbl(text(&v[1])?.parse().map_err(|_| "a double")?),
            "var" => Ex::Var(slot(&v[1])?),
            "global" => Ex::Global(number(&v[1])?),
            "dot" => Ex::Dot,
            "root" => Ex::Root,
            "place" => Ex::Place(number(&v[1])?),
            "step" => self.step(v)?,
            "path" => self.path(v)?,
            "filter" => Ex::Filter(self.boxed(&v[1])?, self.preds(&v[2])?),
            "memo" => Ex::Memo(number(&v[1])?, self.boxed(&v[2])?),
            "grouped" => Ex::Grouped(number(&v[1])?, Box::new((self.ex(&v[2])?, self.ex(&v[3])?, text(&v[4])?.into()))),
            "and" => Ex::And(self.list(&v[1])?),
            "or" => Ex::Or(self.list(&v[1])?),
            "if" => Ex::If(Box::new((self.ex(&v[1])?, self.ex(&v[2])?, self.ex(&v[3])?))),
            "for" => Ex::For(self.bindings(&v[1])?, self.boxed(&v[2])?),
            "some" => Ex::Some(self.bindings(&v[1])?, self.boxed(&v[2])?),
            "every" => Ex::Every(self.bindings(&v[1])?, self.boxed(&v[2])?),
            "sequence" => Ex::Seq(self.list(&v[1])?),
            "range" => Ex::Range(self.pair(&v[1], &v[2])?),
            "combine" => {
                let pair = self.pair(&v[2], &v[3])?;
                match text(&v[1])? {
                    "union" => Ex::Union(pair),
                    "intersect" => Ex::Intersect(pair),
                    _ => Ex::Except(pair),
                }
            }
            "arithmetic" => Ex::Arith(sum(text(&v[1])?)?, self.pair(&v[2], &v[3])?),
            "negative" => Ex::Neg(self.boxed(&v[1])?),
            "general" => Ex::General(op(text(&v[1])?)?, self.pair(&v[2], &v[3])?),
            "one-of" => {
                let words = array(&v[2])?.iter().map(|w| Ok(text(w)?.into())).collect::<L<_>>()?;
                Ex::OneOf(self.boxed(&v[1])?, words)
            }
            "words" => Ex::Words(array(&v[1])?.iter().map(|w| Ok(text(w)?.into())).collect::<L<_>>()?),
            "value" => Ex::Value(op(text(&v[1])?)?, self.pair(&v[2], &v[3])?),
            "node" if text(&v[1])? == "is" => Ex::Is(self.pair(&v[2], &v[3])?),
            "cast" => Ex::Cast(self.boxed(&v[1])?, kind(text(&v[2])?)?, v[3].as_bool().ok_or("optional")?),
            "castable" => Ex::Castable(self.boxed(&v[1])?, kind(text(&v[2])?)?, v[3].as_bool().ok_or("optional")?),
            "convert" => match conv(&v[1])? {
                None => self.ex(&v[2])?,
                Some(conv) => Ex::Convert(conv, self.boxed(&v[2])?),
            },
            "value-of" => Ex::ValueOf(self.boxed(&v[1])?),
            "let" => Ex::Let(slot(&v[1])?, self.pair(&v[2], &v[3])?),
            "user" => Ex::User(number(&v[1])?, self.list(&v[2])?),
            "key" => Ex::Key(number(&v[1])?, self.boxed(&v[2])?),
            "matches" => Ex::Matches(self.boxed(&v[1])?, rx(&v[2])?),
            "replace" => Ex::Replace(self.boxed(&v[1])?, never_empty(rx(&v[2])?)?, text(&v[3])?.into()),
            "tokenize" => {
                let by = if v[2].is_null() { None } else { Some(never_empty(rx(&v[2])?)?) };
                Ex::Tokenize(self.boxed(&v[1])?, by)
            }
            "among" => {
                let words = array(&v[2])?.iter().map(|w| Ok(text(w)?.into())).collect::<L<_>>()?;
                Ex::Among(self.boxed(&v[1])?, words, text(&v[3])?.into())
            }
            "call" => self.call(text(&v[1])?, &v[2])?,
            other => return Err(format!("expression {other}")),
        })
    }

    fn step(&mut self, v: &Value) -> L<Ex> {
        let axis = match text(&v[1])? {
            "child" => Axis::Child,
            "attribute" => Axis::Attribute,
            "parent" => Axis::Parent,
            "self" => Axis::OwnSelf,
            "descendant" => Axis::Descendant,
            "descendant-or-self" => Axis::DescendantOrSelf,
            "ancestor" => Axis::Ancestor,
            "ancestor-or-self" => Axis::AncestorOrSelf,
            "following-sibling" => Axis::FollowingSibling,
            "preceding-sibling" => Axis::PrecedingSibling,
            "following" => Axis::Following,
            "preceding" => Axis::Preceding,
            other => return Err(format!("axis {other}")),
        };
        let preds = self.preds(&v[3])?;
        let plain = preds.iter().all(|p| matches!(p, Pred::If(_)));
        Ok(Ex::Step(Box::new(Step { axis, test: self.test(&v[2])?, preds, plain })))
    }

    fn path(&mut self, v: &Value) -> L<Ex> {
        let (mut left, mut right) = (self.ex(&v[1])?, self.ex(&v[2])?);
        if positions(&right) {
            return Err("position() in a path".into());
        }
        // `a//b` is one step down, where no predicate counts.
        if deepens(&right) {
            if let Some(above) = any_below(&mut left) {
                deepen(&mut right);
                left = above;
            }
        }
        let (distinct, ordered) = joined(&left, &right);
        let needs = if plain(&left) { named(&right) } else { None };
        Ok(Ex::Path(Box::new(Path { left, right, distinct, ordered, needs })))
    }

    fn call(&mut self, name: &str, arguments: &Value) -> L<Ex> {
        let mut a = self.list(arguments)?;
        if let Some(kind) = name.strip_prefix("xs:") {
            if a.len() != 1 {
                return Err(name.into());
            }
            return Ok(Ex::Cast(Box::new(a.remove(0)), self::kind(&format!("xs:{kind}"))?, true));
        }
        let (f, least, most) = match name {
            "fn:true" => (F::True, 0, 0),
            "fn:false" => (F::False, 0, 0),
            "fn:not" => (F::Not, 1, 1),
            "fn:boolean" => (F::Boolean, 1, 1),
            "fn:exists" => (F::Exists, 1, 1),
            "fn:empty" => (F::Empty, 1, 1),
            "fn:number" => (F::Number, 0, 1),
            "fn:sum" => (F::Sum, 1, 1),
            "fn:max" => (F::Max, 1, 1),
            "fn:min" => (F::Min, 1, 1),
            "fn:round" => (F::Round, 1, 1),
            "fn:floor" => (F::Floor, 1, 1),
            "fn:ceiling" => (F::Ceiling, 1, 1),
            "fn:abs" => (F::Abs, 1, 1),
            "fn:count" => (F::Count, 1, 1),
            "fn:reverse" => (F::Reverse, 1, 1),
            "fn:distinct-values" => (F::Distinct, 1, 1),
            "fn:data" => (F::Data, 0, 1),
            "fn:zero-or-one" => (F::ZeroOrOne, 1, 1),
            "fn:exactly-one" => (F::ExactlyOne, 1, 1),
            "fn:position" => (F::Position, 0, 0),
            "fn:last" => (F::Last, 0, 0),
            "fn:normalize-space" => (F::Normalize, 0, 1),
            "fn:string" => (F::String, 0, 1),
            "fn:string-length" => (F::Length, 0, 1),
            "fn:upper-case" => (F::Upper, 1, 1),
            "fn:lower-case" => (F::Lower, 1, 1),
            "fn:contains" => (F::Contains, 2, 2),
            "fn:starts-with" => (F::StartsWith, 2, 2),
            "fn:ends-with" => (F::EndsWith, 2, 2),
            "fn:substring" => (F::Substring, 2, 3),
            "fn:substring-after" => (F::After, 2, 2),
            "fn:substring-before" => (F::Before, 2, 2),
            "fn:translate" => (F::Translate, 3, 3),
            "fn:concat" => (F::Concat, 2, 99),
            "fn:string-join" => (F::Join, 1, 2),
            "fn:string-to-codepoints" => (F::ToCodes, 1, 1),
            "fn:codepoints-to-string" => (F::FromCodes, 1, 1),
            "fn:local-name" => (F::LocalName, 0, 1),
            "fn:namespace-uri" => (F::NamespaceUri, 0, 1),
            other => return Err(format!("function {other}")),
        };
        if a.len() < least || a.len() > most {
            return Err(format!("{name} of {}", a.len()));
        }
        if a.is_empty() && most == 1 {
            // A node's content where the function says "of the context".
            a.push(Ex::Dot);
        }
        Ok(Ex::Call(f, a))
    }
}

fn array(value: &Value) -> L<&Vec<Value>> {
    value.as_array().ok_or_else(|| "a list".to_string())
}

pub fn text(value: &Value) -> L<&str> {
    value.as_str().ok_or_else(|| "a text".to_string())
}

fn slot(value: &Value) -> L<u32> {
    value.as_u64().map(|n| n as u32).ok_or_else(|| "a variable".to_string())
}

fn rx(value: &Value) -> L<Rx> {
    Ok(Rx::new(text(value)?))
}

fn never_empty(rx: Rx) -> L<Rx> {
    match rx.get() {
        Some(regex) if !regex.is_match("") => Ok(rx),
        _ => Err("a pattern that fits nothing".into()),
    }
}

fn op(text: &str) -> L<Op> {
    Ok(match text {
        "=" | "eq" => Op::Eq,
        "!=" | "ne" => Op::Ne,
        "<" | "lt" => Op::Lt,
        "<=" | "le" => Op::Le,
        ">" | "gt" => Op::Gt,
        ">=" | "ge" => Op::Ge,
        other => return Err(other.into()),
    })
}

fn sum(text: &str) -> L<Sum> {
    Ok(match text {
        "+" => Sum::Add,
        "-" => Sum::Subtract,
        "*" => Sum::Multiply,
        "div" => Sum::Div,
        "idiv" => Sum::Idiv,
        "mod" => Sum::Mod,
        other => return Err(other.into()),
    })
}

fn kind(name: &str) -> L<Kind> {
    Ok(match name {
        "xs:string" => Kind::Str,
        "xs:untypedAtomic" | "xs:anyAtomicType" => Kind::Unt,
        "xs:boolean" => Kind::Bool,
        "xs:integer" | "xs:int" => Kind::Int,
        "xs:decimal" => Kind::Dec,
        "xs:double" => Kind::Dbl,
        "xs:date" => Kind::Date,
        other => return Err(format!("type {other}")),
    })
}

fn conv(value: &Value) -> L<Option<Conv>> {
    if value.is_null() {
        return Ok(None);
    }
    let (name, occurrence) = (text(&value[0])?, text(&value[1])?);
    if matches!(name, "item()" | "node()" | "element()") {
        return Ok(None);
    }
    Ok(Some(Conv {
        kind: Some(kind(name)?),
        many: matches!(occurrence, "*" | "+"),
        optional: !occurrence.is_empty() && occurrence != "+",
    }))
}
