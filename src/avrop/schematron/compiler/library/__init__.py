"""The functions that XPath brings along, as generated Python. What is not in the table is refused."""

from __future__ import annotations

from collections.abc import Mapping

from avrop.schematron.compiler.emitter import Maker
from avrop.schematron.compiler.library import names, numbers, patterns, sequences, strings

LIBRARY: Mapping[str, Maker] = {
    f"fn:{name}": maker
    for part in (names, numbers, patterns, sequences, strings)
    for name, maker in part.FUNCTIONS.items()
}
