"""Names of nodes."""

from __future__ import annotations

from avrop.schematron.compiler.code import Code, string
from avrop.schematron.compiler.emitter import Arguments, Emitter, Maker
from avrop.schematron.compiler.library.arguments import or_context
from avrop.schematron.compiler.scope import Scope
from avrop.schematron.compiler.sequences import as_list, in_order
from avrop.schematron.xpath.lexer import XPathRefused


def _named(function: str) -> Maker:
    def make(e: Emitter, a: Arguments, scope: Scope) -> Code:
        code = or_context(e, a, scope)
        if code.card == "0":
            return string("''")
        if not code.nodes:
            raise XPathRefused("the name of what is no node")
        e.unit.prefixes |= function == "d.name"
        return string(f"{function}({code.py if code.one else f'one({as_list(e, in_order(e, code))})'})")

    return make


FUNCTIONS: dict[str, Maker] = {
    "local-name": _named("local_name"),
    "namespace-uri": _named("namespace_uri"),
    "name": _named("d.name"),
}
