"""How library functions take their arguments."""

from __future__ import annotations

from avrop.schematron.compiler.code import STRINGS, Code
from avrop.schematron.compiler.emitter import Arguments, Emitter
from avrop.schematron.compiler.scope import Scope
from avrop.schematron.xpath import ast as x
from avrop.schematron.xpath.lexer import XPathRefused


def codes(e: Emitter, arguments: Arguments, scope: Scope, *counts: int) -> list[Code]:
    """The code of each argument; their number must be one of `counts`."""
    if len(arguments) not in counts:
        raise XPathRefused("a function with another number of arguments")
    return [e.code(argument, scope) for argument in arguments]


def or_context(e: Emitter, arguments: Arguments, scope: Scope) -> Code:
    """The only argument, or the context item."""
    return codes(e, arguments or (x.ContextItem(),), scope, 1)[0]


def literal(code: Code) -> str | None:
    """A string that is known beforehand, or None."""
    if code.const is None or len(code.const) != 1 or code.item not in STRINGS:
        return None
    return str(code.const[0])
