"""What generated rules call: XPath's own functions, with XPath's own types and errors.

Static types decide in the compiler which of these is called; here a value is already what it is said to be:
xs:string and xs:untypedAtomic are str, xs:integer int, xs:decimal Decimal, xs:double float, xs:boolean bool,
xs:date `Date`. A sequence of at most one is a value or None; any other is a list or tuple. A generated module
sees every public name of these modules.
"""

from __future__ import annotations

from typing import Any

from avrop.schematron.runtime import casts, items, nodes, numbers, strings, truth


def names() -> dict[str, Any]:
    """The names that a generated module may use."""
    found: dict[str, Any] = {}
    for module in (items, nodes, strings, numbers, casts, truth):
        found.update({name: value for name, value in vars(module).items() if not name.startswith("_")})
    return found
