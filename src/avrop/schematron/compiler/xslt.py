"""A schema's own `xsl:function`s and `xsl:key`s: one Python function for each set of argument types used."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from lxml import etree

from avrop.schematron.compiler.casts import cast
from avrop.schematron.compiler.code import STRINGS, Code, fail
from avrop.schematron.compiler.emitter import Emitter
from avrop.schematron.compiler.scope import Scope
from avrop.schematron.compiler.sequences import as_list, held, in_order, python, spread
from avrop.schematron.compiler.truth import truth
from avrop.schematron.compiler.values import atoms, said
from avrop.schematron.contexts import Alternative, alternatives
from avrop.schematron.source import XSL
from avrop.schematron.xpath.lexer import XPathRefused
from avrop.schematron.xpath.parser import parse

_TYPES = {
    "xs:string": "string", "xs:boolean": "boolean", "xs:integer": "integer", "xs:decimal": "decimal",
    "xs:double": "double", "xs:date": "date", "xs:anyAtomicType": "untyped",
}  # fmt: skip
_AS_THEY_ARE = ("item()", "node()", "element()")
# What XPath promotes by itself where another type is asked for.
_PROMOTED = {"decimal": ("integer",), "double": ("integer", "decimal")}
Spaces = Mapping[str, str]
Variables = ChainMap[str, Code]
Given = tuple[tuple[str, str, bool], ...]


def spaces_of(element: etree._Element, outer: Spaces) -> dict[str, str]:
    """The prefixes in sight of an element."""
    return {**outer, **{prefix: uri for prefix, uri in element.nsmap.items() if prefix}}


def register(e: Emitter, element: etree._Element, outer: Spaces, variables: Variables) -> None:
    """Make an `xsl:function` callable by its Clark name. It is compiled when first called."""
    prefix, _, local = (element.get("name") or "").rpartition(":")
    spaces = spaces_of(element, outer)
    e.unit.functions[f"{{{spaces.get(prefix, '')}}}{local}"] = _Function(e, element, spaces, variables).call


@dataclass(slots=True)
class _Function:
    emitter: Emitter
    element: etree._Element
    spaces: Spaces
    variables: Variables
    # For each set of argument types: the Python function and what it gives.
    made: dict[Given, tuple[str, Code]] = field(default_factory=dict)
    # Results that a function calling itself has relied on while it was being compiled.
    relied: set[Given] = field(default_factory=set)

    def call(self, arguments: list[Code]) -> Code:
        """The code of a call with these arguments."""
        e, params = self.emitter, self.element.findall(f"{{{XSL}}}param")
        if len(params) != len(arguments):
            raise XPathRefused(f"arguments of {self.element.get('name')}")
        codes = [_converted(e, p.get("as"), a) for p, a in zip(params, arguments, strict=True)]
        given = tuple((c.item, c.card if c.single or c.card == "0" else "*", c.given) for c in codes)
        values = ["E" if code.card == "0" else python(e, code) for code in codes]
        if given not in self.made:
            self._compile(given, params)
        else:
            self.relied.add(given)
        name, result = self.made[given]
        return held(result, f"{name}({', '.join(('d', *values))})")

    def _compile(self, given: Given, params: list[etree._Element]) -> None:
        e, kind = self.emitter, self.element.get("as")
        name = e.fresh("f")
        promised = _promised(kind) or Code("untyped", "1")
        self.made[given] = (name, promised)
        self.relied.discard(given)
        names = [e.fresh("a") for _ in params]
        variables = self.variables.new_child()
        for param, argument, (item, card, own_order) in zip(params, names, given, strict=True):
            whole = argument if card == "*" else ""
            code = Code(item, card, argument, given=own_order, ordered=not own_order, plain=whole)
            variables[param.get("name") or ""] = code
        body = [child for child in self.element if child.tag != f"{{{XSL}}}param"]
        writer = _Writer(e, self.spaces, kind)
        result = writer.body(body, Scope(None, variables), "    ")
        if given in self.relied and (result.item, result.card) != (promised.item, promised.card):
            raise XPathRefused(f"{self.element.get('name')} calls itself and does not say what it gives")
        self.made[given] = (name, result)
        e.unit.lines.append("\n".join([f"def {name}({', '.join(('d', *names))}):", *writer.lines]))


def _converted(e: Emitter, kind: str | None, code: Code) -> Code:
    """By the function conversion rules: nodes to values, untyped to what is asked for."""
    if kind is None or kind.rstrip("*?+") in _AS_THEY_ARE:
        return in_order(e, code)
    want = _TYPES.get(kind.rstrip("?*+"))
    if want is None or kind[-1] in "*+":
        raise XPathRefused(f"type {kind}")
    raw = atoms(e, code)
    if raw.item == "mixed":
        return spread(e, raw, lambda side: _converted(e, kind, side))
    if raw.card != "0" and raw.item not in (want, "untyped", *_PROMOTED.get(want, ())):
        return Code(want, "1", fail("XPTY0004"))
    return cast(e, raw, want, kind.endswith("?"))


def _promised(kind: str | None) -> Code | None:
    """What a declared type says of a result."""
    item = _TYPES.get(kind.rstrip("?*+")) if kind else None
    if kind is None or item is None:
        return None
    return Code(item, "?" if kind.endswith("?") else "*" if kind[-1] in "*+" else "1")


@dataclass(slots=True)
class _Writer:
    """Writes the body of one function."""

    emitter: Emitter
    spaces: Spaces
    kind: str | None
    lines: list[str] = field(default_factory=list)

    def body(self, body: list[etree._Element], scope: Scope, indent: str) -> Code:
        """Write the elements of a body; what it returns."""
        result: Code | None = None
        for child in body:
            if result is not None:
                raise XPathRefused("a function of several parts")
            local = etree.QName(child).localname
            if local == "variable":
                self._variable(child, scope, indent)
            elif local == "choose":
                result = self._choose(child, scope, indent)
            else:
                result = self._return(self._result(local, child, scope), indent)
        if result is None:
            raise XPathRefused("a function without a result")
        return result

    def _result(self, local: str, child: etree._Element, scope: Scope) -> Code:
        # Both make a text node, whose value is untyped.
        if local == "text":
            return Code("untyped", "1", repr(child.text or ""))
        if local not in ("sequence", "value-of"):
            raise XPathRefused(f"xsl:{local} in a function")
        code = self._code(child.get("select") or "", scope)
        return Code("untyped", "1", said(self.emitter, code)) if local == "value-of" else code

    def _code(self, select: str, scope: Scope) -> Code:
        return self.emitter.code(parse(select, self.spaces), scope)

    def _return(self, code: Code, indent: str) -> Code:
        code = _converted(self.emitter, self.kind, code)
        if code.item == "mixed":
            raise XPathRefused("a function of several types")
        self.lines.append(f"{indent}return {python(self.emitter, code)}")
        return replace(held(code, ""), given=code.nodes, ordered=False, peers=False)

    def _choose(self, choose: etree._Element, scope: Scope, indent: str) -> Code:
        results = []
        for branch in choose:
            when = etree.QName(branch).localname == "when"
            test = (
                truth(self.emitter, parse(branch.get("test") or "", self.spaces), scope) if when else "True"
            )
            self.lines.append(f"{indent}if {test}:")
            inner = Scope(scope.here, scope.variables.new_child())
            results.append(self.body(list(branch), inner, indent + "    "))
        if etree.QName(choose[-1]).localname != "otherwise":
            raise XPathRefused("xsl:choose without xsl:otherwise")
        if len({(result.item, result.card) for result in results}) != 1:
            raise XPathRefused("a function of several types")
        return results[0]

    def _variable(self, element: etree._Element, scope: Scope, indent: str) -> None:
        name, select = element.get("name") or "", element.get("select")
        inner = element.find(f"{{{XSL}}}sequence")
        if select is None and len(element) == 0:
            text = element.text or ""
            scope.variables[name] = Code("untyped", "1", repr(text), const=(text,))
            return
        if select is None and inner is not None and len(element) == 1:
            select = inner.get("select")
        if select is None:
            raise XPathRefused(f"variable {name}")
        code = _converted(self.emitter, element.get("as"), self._code(select, scope))
        if code.item == "mixed":
            raise XPathRefused("a function's variable of several types")
        if code.const is None:
            hold = self.emitter.fresh("v")
            self.lines.append(f"{indent}{hold} = {python(self.emitter, code)}")
            code = held(code, hold)
        scope.variables[name] = code


def key(
    e: Emitter,
    element: etree._Element,
    outer: Spaces,
    variables: Variables,
    tested: Callable[[Alternative], str],
) -> None:
    """An `xsl:key` as a dict that is made when first asked for. `tested` writes a pattern with its predicates."""
    spaces = spaces_of(element, outer)
    found = alternatives(parse(element.get("match") or "", spaces))
    tests = "".join(f"{tested(alternative)}, " for alternative in found)
    scope = Scope(Code("element", "1", "n"), variables)
    use = atoms(e, e.code(parse(element.get("use") or "", spaces), scope))
    if use.item not in STRINGS:
        raise XPathRefused("a key of what is no string")
    made = e.unit.keys[element.get("name") or ""] = e.fresh("k")
    e.unit.lines.append(
        f"def {made}(d):\n    found = {{}}\n    for n in d.matching(({tests})):\n"
        f"        for v in {as_list(e, use)}:\n            held = found.setdefault(v, [])\n"
        f"            if n not in held: held.append(n)\n    return found\nMEMO[{made!r}] = {made}"
    )
