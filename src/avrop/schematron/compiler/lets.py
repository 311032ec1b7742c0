"""Variables of a schema, a pattern and a rule."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Callable, Mapping

from avrop.schematron.compiler.code import Code
from avrop.schematron.compiler.emitter import Emitter
from avrop.schematron.compiler.memo import kept
from avrop.schematron.compiler.scope import Scope
from avrop.schematron.compiler.sequences import choice, held, in_order, python, sides
from avrop.schematron.schema import Let
from avrop.schematron.xpath import ast as x
from avrop.schematron.xpath.lexer import XPathRefused

Parse = Callable[[str], x.Expression]


class Lets(dict[str, Code]):
    """Variables of the whole document that become code when they are first used: in any order, in no circles."""

    def __init__(self, e: Emitter, parse: Parse, lets: tuple[Let, ...], outer: Mapping[str, Code]) -> None:
        super().__init__()
        self._emitter, self._parse, self._outer = e, parse, outer
        self._lets = {let.name: let for let in lets}
        self._open: set[str] = set()

    def __contains__(self, name: object) -> bool:
        return dict.__contains__(self, name) or name in self._lets or name in self._outer

    def __missing__(self, name: str) -> Code:
        if name not in self._lets:
            return self._outer[name]
        if name in self._open:
            raise XPathRefused(f"circular ${name}")
        self._open.add(name)
        scope = Scope(Code("document", "1", "d.doc"), ChainMap(self))
        self[name] = kept(self._emitter, self._emitter.code(self._parse(self._lets[name].value), scope))
        return self[name]


def local(e: Emitter, code: Code, lines: list[str]) -> Code:
    """A rule's variable: computed before the checks, or with `exact` when one of them asks for it."""
    if code.const is not None:
        return code
    if code.choice is not None:
        condition, a, b = sides(code)
        return choice(e, _hold(e, condition, lines), local(e, a, lines), local(e, b, lines))
    code = in_order(e, code)
    return held(code, _hold(e, python(e, code), lines))


def _hold(e: Emitter, py: str, lines: list[str]) -> str:
    name = e.fresh("v")
    if e.exact:
        lines.append(f"    {name} = Lazy(lambda: {py})")
        return f"{name}()"
    lines.append(f"    {name} = {py}")
    return name
