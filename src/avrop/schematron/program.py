"""A schema as data for the native engine: expressions as nested lists, variables as numbers, what to keep marked.

The native engine (`native/` at the root) evaluates by XPath's dynamic types and gives up wherever it is not certain;
the generated Python then judges instead. So only what the Python form covers is written, and errors need no care.
"""

from __future__ import annotations

import re
from collections import ChainMap, Counter
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from typing import Any

from lxml import etree

from avrop.schematron.compiler.library.patterns import regex
from avrop.schematron.compiler.memo import last_predicate
from avrop.schematron.compiler.scope import free, of_whole
from avrop.schematron.compiler.top import at_root, from_top, uses
from avrop.schematron.compiler.xslt import Spaces, spaces_of
from avrop.schematron.contexts import Alternative, Part, alternatives
from avrop.schematron.runtime.strings import tokenize
from avrop.schematron.schema import Check, Let, Pattern, Rule, Schema
from avrop.schematron.source import XSL
from avrop.schematron.xpath import ast as x
from avrop.schematron.xpath import parser
from avrop.schematron.xpath.lexer import XPathRefused

# Part of the name of a program on disk: raise it when the program of the same schema changes.
VERSION = 1
Names = ChainMap[str, Any]
_PLAIN = {x.ContextItem: ["dot"], x.Root: ["root"]}


def program(schema: Schema) -> dict[str, Any]:
    """What the native engine loads. Raises XPathRefused where the schema is not covered in whole."""
    return _Writer(schema).write()


@dataclass(slots=True)
class _Writer:
    schema: Schema
    globals: list[Any] = field(default_factory=list)
    functions: list[Any] = field(default_factory=list)
    keys: list[Any] = field(default_factory=list)
    checks: list[Any] = field(default_factory=list)
    # How often the checks of the schema ask for a path, and whether the rule at hand is asked of many nodes.
    uses: Counter[x.Expression] = field(default_factory=Counter)
    often: bool = True
    _memo: dict[object, int] = field(default_factory=dict)
    _slots: int = 0
    _called: dict[str, int] = field(default_factory=dict)
    _keyed: dict[str, int] = field(default_factory=dict)

    def write(self) -> dict[str, Any]:
        outer: Names = ChainMap({})
        self._name_globals(self.schema.lets, outer)
        self._name_functions(outer)
        self.uses = uses(self.schema, lambda text: _parsed(text, self.schema))
        everywhere = outer.new_child()
        lets = tuple(let for pattern in reversed(self.schema.patterns) for let in pattern.lets)
        self._name_globals(lets, everywhere)
        rules = [rule for p in self.schema.patterns for rule in self._pattern(p, everywhere.new_child())]
        return {
            "globals": self.globals, "functions": self.functions, "keys": self.keys, "rules": rules,
            "checks": self.checks, "memos": len(self._memo),
        }  # fmt: skip

    def _name_globals(self, lets: tuple[Let, ...], names: Names) -> None:
        first = len(self.globals)
        for let in lets:
            names[let.name] = ["global", len(self.globals)]
            self.globals.append(None)
        for at, let in enumerate(lets, first):
            self.globals[at] = self._expression(_parsed(let.value, self.schema), names)

    def _pattern(self, pattern: Pattern, names: Names) -> list[Any]:
        self._name_globals(pattern.lets, names)
        return [self._rule(pattern.place, rule, names) for rule in pattern.rules]

    def _rule(self, place: int, rule: Rule, outer: Names) -> dict[str, Any]:
        found = alternatives(_parsed(rule.context, self.schema))
        names, lets, self.often = outer.new_child(), [], not at_root(found)
        for let in rule.lets:
            made = self._expression(_parsed(let.value, self.schema), names)
            lets.append([self._slot(let.name, names), made])
        checks = [self._check(check, names, at_root(found)) for check in rule.checks]
        alternative = [self._alternative(one, outer) for one in found]
        return {"pattern": place, "context": alternative, "lets": lets, "checks": checks}

    def _check(self, check: Check, names: Names, top: bool) -> list[Any]:
        test = _parsed(check.test, self.schema)
        message = [
            [text, self._expression(_parsed(select, self.schema), names) if select else None]
            for text, select in check.message
        ]
        told = message if any(select for _, select in check.message) else None
        plain = None if told else "".join(text for text, _ in check.message).strip()
        self.checks.append([check.id, check.flag, plain])
        made = self._expression(from_top(test) if top else test, names)
        return [len(self.checks) - 1, check.negate, made, told]

    def _alternative(self, one: Alternative, names: Names) -> dict[str, Any]:
        return {"rooted": one.rooted, "parts": [self._part(part, names) for part in one.parts]}

    def _part(self, part: Part, names: Names) -> list[Any]:
        tests = []
        for at, predicate in enumerate(part.predicates):
            if isinstance(predicate, x.Literal) and isinstance(predicate.value, int):
                if at or part.kind != "element" or part.test is None or part.test.tag is None:
                    raise XPathRefused("a position in a context that is not counted by name")
                tests.append(["place", predicate.value])
            else:
                tests.append(self._expression(predicate, names))
        return [part.kind, _test(part.test), part.deep, tests]

    # Variables and functions.

    def _slot(self, name: str, names: Names) -> int:
        self._slots += 1
        names[name] = ["var", self._slots]
        return self._slots

    def _name_functions(self, outer: Names) -> None:
        for element in self.schema.functions:
            prefix, _, local = (element.get("name") or "").rpartition(":")
            spaces = spaces_of(element, self.schema.namespaces)
            self._called[f"{{{spaces.get(prefix, '')}}}{local}"] = len(self.functions)
            self.functions.append(None)
        for at, element in enumerate(self.schema.functions):
            self.functions[at] = self._function(element, outer)
        for element in self.schema.keys:
            spaces = spaces_of(element, self.schema.namespaces)
            match = alternatives(parser.parse(element.get("match") or "", spaces))
            self._keyed[element.get("name") or ""] = len(self.keys)
            use = self._expression(parser.parse(element.get("use") or "", spaces), outer)
            self.keys.append([[self._alternative(one, outer) for one in match], use])

    def _function(self, element: etree._Element, outer: Names) -> dict[str, Any]:
        spaces, names = spaces_of(element, self.schema.namespaces), outer.new_child()
        params = [
            [self._slot(p.get("name") or "", names), _type(p.get("as"))]
            for p in element.findall(f"{{{XSL}}}param")
        ]
        body = [child for child in element if child.tag != f"{{{XSL}}}param"]
        return {"params": params, "body": self._body(body, spaces, names), "as": _type(element.get("as"))}

    def _body(self, body: list[etree._Element], spaces: Spaces, names: Names) -> list[Any]:
        if not body:
            raise XPathRefused("a function without a result")
        first, local = body[0], etree.QName(body[0]).localname
        if local == "variable":
            value = self._variable(first, spaces, names)
            slot = self._slot(first.get("name") or "", names)
            return ["let", slot, value, self._body(body[1:], spaces, names)]
        if len(body) > 1:
            raise XPathRefused("a function of several parts")
        if local == "choose":
            return self._choose(list(first), spaces, names)
        if local == "text":
            return ["untyped", first.text or ""]
        if local not in ("sequence", "value-of"):
            raise XPathRefused(f"xsl:{local} in a function")
        made = self._expression(parser.parse(first.get("select") or "", spaces), names)
        return made if local == "sequence" else ["value-of", made]

    def _choose(self, branches: list[etree._Element], spaces: Spaces, names: Names) -> list[Any]:
        if not branches:
            raise XPathRefused("xsl:choose without xsl:otherwise")
        body = self._body(list(branches[0]), spaces, names.new_child())
        if etree.QName(branches[0]).localname == "otherwise":
            return body
        test = self._expression(parser.parse(branches[0].get("test") or "", spaces), names)
        return ["if", test, body, self._choose(branches[1:], spaces, names)]

    def _variable(self, element: etree._Element, spaces: Spaces, names: Names) -> list[Any]:
        select, inner = element.get("select"), element.find(f"{{{XSL}}}sequence")
        if select is None and len(element) == 0:
            return ["untyped", element.text or ""]
        if select is None and inner is not None and len(element) == 1:
            select = inner.get("select")
        if select is None:
            raise XPathRefused(f"variable {element.get('name')}")
        return ["convert", _type(element.get("as")), self._expression(parser.parse(select, spaces), names)]

    # Expressions.

    def _expression(self, tree: x.Expression, names: Names) -> list[Any]:
        """An expression; what depends on the document alone is marked, to be computed once."""
        worth = isinstance(tree, x.Path | x.Call | x.Filter) and (self.often or self.uses.get(tree, 2) > 1)
        if not worth or not self._of_document(tree, names):
            return self._form(tree, names)
        parted = last_predicate(tree)
        if parted is not None:
            base, value, key = parted
            at = self._kept(("grouped", base, value), names)
            return ["grouped", at, self._expression(base, names), self._form(value, names), key]
        return ["memo", self._kept(tree, names), self._form(tree, names)]

    def _of_document(self, tree: x.Expression, names: Names) -> bool:
        depends = free(tree)
        known = all(name.startswith("$") and names.get(name[1:], ["var"])[0] == "global" for name in depends)
        return known and (bool(depends) or of_whole(tree))

    def _kept(self, key: object, names: Names) -> int:
        """The number of what is kept: the same expression under the same globals is kept once."""
        tree = key[1:] if isinstance(key, tuple) else (key,)
        used = {name for part in tree for name in free(part)}
        seen = tuple(sorted((n, names[n[1:]][1]) for n in used if n.startswith("$") and n[1:] in names))
        return self._memo.setdefault((key, seen), len(self._memo))

    def _form(self, tree: Any, names: Names) -> list[Any]:
        words = self._words(tree, names) if isinstance(tree, x.Call) else ()
        if words:
            return ["words", list(words)]

        def of(part: x.Expression) -> list[Any]:
            return self._expression(part, names)

        match tree:
            case x.Literal(value):
                return _literal(value)
            case x.Variable(name):
                if name not in names:
                    raise XPathRefused(f"${name}")
                return list(names[name])
            case x.ContextItem() | x.Root():
                return _PLAIN[type(tree)]
            case x.Step(axis, test, predicates):
                return ["step", axis, _test(test), [of(p) for p in predicates]]
            case x.Path(left, right):
                return ["path", of(left), of(right)]
            case x.Filter(base, predicates):
                return ["filter", of(base), [of(p) for p in predicates]]
            case x.Arithmetic(op, left, right):
                return ["arithmetic", op, of(left), of(right)]
            case x.Negative(operand):
                return ["negative", of(operand)]
            case x.Comparison("general", "=", left, right) if words := self._words(right, names):
                return ["one-of", of(left), list(words)]
            case x.Comparison("general", "=", left, right) if words := self._words(left, names):
                return ["one-of", of(right), list(words)]
            case x.Comparison(kind, op, left, right):
                return [kind, op, of(left), of(right)]
            case x.Logic(op, operands):
                return [op, [of(operand) for operand in operands]]
            case x.If(test, then, otherwise):
                return ["if", of(test), of(then), of(otherwise)]
            case x.Sequence(items):
                return ["sequence", [of(item) for item in items]]
            case x.Range(first, last):
                return ["range", of(first), of(last)]
            case x.Combine(op, left, right):
                return ["combine", op, of(left), of(right)]
            case x.Cast(operand, kind, optional, castable):
                return ["castable" if castable else "cast", of(operand), kind, optional]
            case x.Quantified("some", ((name, sequence),), x.Comparison(kind, "=" | "eq", left, right)) if (
                words := self._words(sequence, names)
            ) and (asked := _other(kind, name, left, right)) is not None:
                return ["one-of", of(asked), list(words)]
            case x.For(bindings, body):
                return self._bound("for", bindings, body, names)
            case x.Quantified(kind, bindings, body):
                return self._bound(kind, bindings, body, names)
            case x.Call(name, arguments):
                return self._call(name, arguments, names)
        raise XPathRefused(type(tree).__name__)

    def _bound(self, kind: str, bindings: Any, body: x.Expression, names: Names) -> list[Any]:
        names, made = names.new_child(), []
        for name, sequence in bindings:
            value = self._expression(sequence, names)
            made.append([self._slot(name, names), value])
        return [kind, made, self._expression(body, names)]

    def _call(self, name: str, a: tuple[x.Expression, ...], names: Names) -> list[Any]:
        if name in self._called:
            return ["user", self._called[name], [self._expression(item, names) for item in a]]
        if name in ("fn:matches", "fn:replace", "fn:tokenize") and len(a) > 1:
            return self._by_pattern(name, a, names)
        match name, a:
            case "fn:tokenize", (whole,):
                return ["tokenize", self._expression(whole, names), None]
            case "fn:key", (x.Literal(str() as key), wanted) if key in self._keyed:
                return ["key", self._keyed[key], self._expression(wanted, names)]
            case "fn:ends-with", (x.Call("fn:name", () | (x.ContextItem(),)), x.Literal(str() as end)):
                if ":" not in end:
                    return self._call("fn:ends-with", (x.Call("fn:local-name", ()), a[1]), names)
            case "fn:contains", (
                x.Literal(str() as words), x.Call("fn:concat", (x.Literal(" "), inner, x.Literal(" ")))
            ):  # fmt: skip
                parts = words.split(" ")
                if parts[0] == parts[-1] == "" and len(parts) > 4 and all(parts[1:-1]):
                    return ["among", self._expression(inner, names), parts[1:-1], words]
        return ["call", name, [self._expression(item, names) for item in a]]

    def _by_pattern(self, name: str, a: tuple[x.Expression, ...], names: Names) -> list[Any]:
        whole, known = self._expression(a[0], names), [self._known(item, names) for item in a[1:]]
        pattern = known[0]
        if pattern is None or None in known:
            raise XPathRefused("a pattern that is not known beforehand")
        if name == "fn:matches":
            return ["matches", whole, _native(regex(pattern, known[1] or "" if len(a) > 2 else ""))]
        if name == "fn:tokenize" and len(a) == 2:
            return ["tokenize", whole, _native(regex(pattern))]
        instead = known[-1] or ""
        if name == "fn:tokenize" or len(a) != 3 or set(instead) & set("$\\"):
            raise XPathRefused("a replacement with groups")
        return ["replace", whole, _native(regex(pattern)), instead]

    def _words(self, tree: x.Expression, names: Names) -> tuple[str, ...]:
        """Strings that are known beforehand; () for anything else."""
        if isinstance(tree, x.Sequence):
            found = [self._known(item, names) for item in tree.items]
            return () if None in found else tuple(text for text in found if text is not None)
        if isinstance(tree, x.Variable) and names.get(tree.name, [""])[0] == "global":
            value = self.globals[names[tree.name][1]]
            return tuple(value[1]) if value is not None and value[0] == "words" else ()
        match tree:
            case x.Call("fn:tokenize", (whole, by)):
                text, pattern = self._known(whole, names), self._known(by, names)
                if text is None or pattern is None or re.search(made := regex(pattern), ""):
                    return ()
                return tuple(tokenize(text, re.compile(made)))
        known = self._known(tree, names)
        return () if known is None else (known,)

    def _known(self, tree: x.Expression, names: Names) -> str | None:
        """A string that is known beforehand."""
        if isinstance(tree, x.Literal) and isinstance(tree.value, str):
            return tree.value
        named = names.get(tree.name) if isinstance(tree, x.Variable) else None
        value = self.globals[named[1]] if named is not None and named[0] == "global" else None
        return str(value[1]) if value is not None and value[0] == "string" else None


def _other(kind: str, name: str, left: x.Expression, right: x.Expression) -> x.Expression | None:
    """What a variable is compared with; None where that is not one side alone, or `eq` may meet several items."""
    for variable, other in ((left, right), (right, left)):
        if variable == x.Variable(name) and f"${name}" not in free(other):
            return other if kind == "general" or isinstance(other, x.Call | x.ContextItem) else None
    return None


def _parsed(text: str, schema: Schema) -> x.Expression:
    return parser.parse(text, schema.namespaces)


def _literal(value: str | int | Decimal | float) -> list[Any]:
    if isinstance(value, str):
        return ["string", value]
    kind = "integer" if isinstance(value, int) else "decimal" if isinstance(value, Decimal) else "double"
    return [kind, format(value, "f") if isinstance(value, Decimal) else repr(value)]


def _test(test: x.NameTest | x.KindTest | None) -> list[Any]:
    if isinstance(test, x.KindTest):
        return ["kind", test.kind]
    return ["name", test.uri, test.local] if test is not None else ["name", None, None]


def _type(kind: str | None) -> list[Any] | None:
    """(type, occurrence) of an `as`."""
    if kind is None:
        return None
    return [kind.rstrip("?*+"), kind[-1] if kind[-1] in "?*+" else ""]


@cache
def _native(pattern: str) -> str:
    """A Python pattern in the native engine's writing."""
    return pattern.replace(r"\Z", r"\z")
