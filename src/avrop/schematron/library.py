"""Compiled rule sets below a folder: made once, loaded when first asked for, kept by the process.

A set is known by a key (the SHA-256 of its flat source). Its compiled form is named by key, version of the
compiler and Python: another of any of them is another file. The folder holds code that is run: it must belong to
whoever runs Avrop, and to nobody else, as the program itself does.
"""

from __future__ import annotations

import marshal
import os
import sys
from collections.abc import Callable
from pathlib import Path
from types import CodeType

from lxml import etree

from avrop.schematron import schema
from avrop.schematron.compiler.module import VERSION, Compiled, compile_schema
from avrop.schematron.errors import DynamicError, RulesStopped
from avrop.schematron.hits import Hit
from avrop.schematron.ruleset import RuleSet
from avrop.schematron.tree import Tree
from avrop.schematron.xpath.lexer import XPathRefused

Source = Callable[[], etree._Element]


class Rules:
    """One official set, ready to judge.

    The fast form may compute a value that the rules would never have asked for. Where that ends in an error, the
    exact form, which computes nothing beforehand, is asked instead: it is loaded then and only then.
    """

    def __init__(
        self, fast: RuleSet, exact: Callable[[], RuleSet], fallback: Callable[[bytes], list[Hit]]
    ) -> None:
        self._fast, self._make_exact, self._fallback = fast, exact, fallback
        self._exact: RuleSet | None = None

    @property
    def refused(self) -> dict[int, str]:
        """The patterns that are left to Saxon, and why."""
        return self._fast.refused

    @property
    def prefixes(self) -> bool:
        """Whether trees must be read with their prefixes."""
        return self._fast.prefixes

    def judge(self, tree: Tree, content: bytes) -> list[Hit]:
        """The findings on a tree that was read from `content`. Raises RulesStopped."""
        try:
            hits = self._fast.judge(tree)
        except DynamicError:
            hits = self._judge_exactly(tree)
        return [*hits, *self._fallback(content)] if self.refused else hits

    def _judge_exactly(self, tree: Tree) -> list[Hit]:
        if self._exact is None:
            self._exact = self._make_exact()
        try:
            return self._exact.judge(tree)
        except DynamicError as error:
            raise RulesStopped(str(error)) from None


class Library:
    """The sets below one folder. `fallbacks` counts the patterns left to Saxon in this process."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._rules: dict[str, Rules] = {}
        self.fallbacks = 0

    def get(self, key: str, source: Source) -> Rules:
        """The set `key`; `source` gives its tree where it has not been compiled yet. Raises SchematronRefused."""
        known = self._rules.get(key)
        if known is None:
            fast = RuleSet(self._code(key, source, exact=False))
            known = self._rules[key] = Rules(
                fast,
                lambda: RuleSet(self._code(key, source, exact=True)),
                lambda content: self._by_saxon(key, source, fast, content),
            )
        return known

    def compile(self, key: str, source: Source) -> Rules:
        """`get`, with the exact form made as well, so that nothing is left to compile later."""
        self._code(key, source, exact=True)
        return self.get(key, source)

    def _code(self, key: str, source: Source, *, exact: bool) -> CodeType:
        tag = sys.implementation.cache_tag or "python"
        file = self._folder / f"{key}-{VERSION}-{tag}{'-exact' if exact else ''}.rules"
        try:
            code = marshal.loads(file.read_bytes())
            if isinstance(code, CodeType):
                return code
        except (OSError, EOFError, ValueError, TypeError):
            # Not made yet, or spoiled on the disk: made anew.
            pass
        made = _compiled(source(), exact)
        code = compile(made.source, f"<rules {key[:12]}>", "exec", dont_inherit=True, optimize=0)
        self._store(file, marshal.dumps(code))
        return code

    def _store(self, file: Path, content: bytes) -> None:
        """A file that is complete before it has its name. A folder that cannot be written costs time only."""
        part = file.with_name(f".{file.name}.{os.getpid()}")
        try:
            file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            part.write_bytes(content)
            part.replace(file)
        except OSError:
            part.unlink(missing_ok=True)

    def _by_saxon(self, key: str, source: Source, fast: RuleSet, content: bytes) -> list[Hit]:
        from avrop.schematron.oracle import xslt
        from avrop.schematron.oracle.saxon import engine

        self.fallbacks += len(fast.refused)
        runner, name = engine(), f"{key}-rest"
        if not runner.knows(name):
            runner.compile(name, xslt.to_xslt(source(), tuple(fast.refused)))
        (result,) = runner.run(content.decode(), [name])
        if isinstance(result, RulesStopped):
            raise result
        return result


def _compiled(tree: etree._Element, exact: bool) -> Compiled:
    read = schema.read(tree)
    try:
        return compile_schema(read, exact)
    except XPathRefused as error:
        # A function or key that every pattern might use: all of them are left to Saxon.
        refused = {pattern.place: str(error) for pattern in read.patterns}
        return Compiled(
            f"CHECKS = []\nRULES = []\nREFUSED = {refused!r}\nPREFIXES = False\n", refused, 0, 0, False
        )
