"""What runs the official rules: compiled; or, to compare, compiled without the native engine, or by Saxon."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Literal, Protocol

from lxml import etree

from avrop.schematron.errors import RulesStopped
from avrop.schematron.hits import Hit
from avrop.schematron.library import Library, judge
from avrop.schematron.streams.cuts import OnDisk
from avrop.ubl.location import long

EngineName = Literal["compiled", "python", "saxon"]
# A set: the SHA-256 of its flat source, and how to get that source's tree.
Set = tuple[str, Callable[[], etree._Element]]
Result = list[Hit] | RulesStopped
# What large documents have many of; they stand right below the root.
LINES = frozenset(
    long(f"cac:{name}Line") for name in ("Invoice", "CreditNote", "Order", "Catalogue", "Despatch", "Receipt")
)


class Runner(Protocol):
    """Judges one document by several sets. A set that stops is told as RulesStopped in its place."""

    def prepare(self, which: Set) -> int:
        """Compile a set; how many of its patterns another engine must run. Raises SchematronRefused where none can."""

    def run(self, text: str, sets: Sequence[Set]) -> list[Result]:
        """`text` is the document as XML without declaration."""


class Compiled:
    """Rules in the native engine where it is installed, else as Python. One reading serves all sets."""

    def __init__(self, folder: Path, *, native: bool = True) -> None:
        self.library = Library(folder, LINES) if native else Library(folder, LINES, None)

    def prepare(self, which: Set) -> int:
        """All forms, so that no web process ever compiles; how many patterns are left to Saxon."""
        refused = self.library.compile(*which).refused
        if refused:
            # What the compiler does not cover Saxon must take: better known now than when a document waits.
            Saxon().prepare(which)
        return len(refused)

    def run(self, text: str, sets: Sequence[Set]) -> list[Result]:
        """See Runner."""
        return judge(text.encode(), [self.library.get(*which) for which in sets])

    def run_file(self, path: Path, sets: Sequence[Set]) -> list[Result]:
        """The same for a file of UTF-8 that is plain XML. A large one of many lines is never in memory as a whole."""
        with OnDisk(path) as content:
            return judge(content, [self.library.get(*which) for which in sets])


class Saxon:
    """Rules as XSLT. Its library is loaded at the first use, 200 MB of it."""

    def prepare(self, which: Set) -> int:
        """Compiled in this process only: Saxon has no form of its own on disk."""
        from avrop.schematron.oracle import xslt
        from avrop.schematron.oracle.saxon import engine

        key, source = which
        if not engine().knows(key):
            engine().compile(key, xslt.to_xslt(source()))
        return 0

    def run(self, text: str, sets: Sequence[Set]) -> list[Result]:
        """See Runner."""
        from avrop.schematron.oracle.saxon import engine

        for which in sets:
            self.prepare(which)
        return engine().run(text, [key for key, _ in sets])
