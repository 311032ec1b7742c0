"""The native engine, where it is installed: the same rules and the same findings in a fraction of the time.

`avrop-native` is an optional wheel (`native/` at the root, `make native`). It judges by XPath's dynamic types and says
so where it is not certain; the generated Python then judges. AVROP_NATIVE=0 leaves it out.
"""

from __future__ import annotations

import os
from importlib import import_module
from types import ModuleType
from typing import Any

from avrop.schematron.hits import Hit


def _found() -> ModuleType | None:
    if os.environ.get("AVROP_NATIVE") == "0":
        return None
    try:
        return import_module("avrop_native")
    except ImportError:
        return None


MODULE = _found()


def read(content: bytes) -> Any:
    """A document for the native engine; None where it does not take it."""
    try:
        return MODULE.Document(content.decode()) if MODULE is not None else None
    except ValueError:
        # Python says what is wrong with it.
        return None


class NativeRules:
    """A rule set in the native engine. `program` is JSON text. Raises ValueError for what the engine does not cover."""

    def __init__(self, module: ModuleType | None, program: str) -> None:
        assert module is not None
        self._rules = module.Rules(program)

    def judge(self, document: Any) -> list[Hit] | None:
        """The findings in document order; None where the engine is not certain."""
        found = self._rules.judge(document)
        if not found:
            return None if found is None else []
        return [Hit(name, flag, at, " ".join(text.split())) for name, flag, at, text in found]
