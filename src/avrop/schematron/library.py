"""Compiled rule sets below a folder: made once, loaded when first asked for, kept by the process.

A set is known by a key (the SHA-256 of its flat source). Its compiled form is named by key, version of the
compiler and Python: another of any of them is another file. The folder holds code that is run: it must belong to
whoever runs Avrop, and to nobody else, as the program itself does.
"""

from __future__ import annotations

import hashlib
import json
import marshal
import os
import sys
from collections.abc import Callable, Sequence
from functools import cached_property
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any

from lxml import etree

from avrop.schematron import native, program, schema
from avrop.schematron.compiler.module import VERSION, Compiled, compile_schema
from avrop.schematron.errors import DynamicError, RulesStopped
from avrop.schematron.hits import Hit
from avrop.schematron.ruleset import RuleSet
from avrop.schematron.source import SchematronRefused
from avrop.schematron.streams.cuts import Content
from avrop.schematron.streams.form import FORM, Form, loaded, written
from avrop.schematron.streams.pieces import judge as judge_lines
from avrop.schematron.tree import Tree, read
from avrop.schematron.xpath.lexer import XPathRefused

Source = Callable[[], etree._Element]
# From this many bytes on, a document is judged line by line where that can be.
LARGE = 1_000_000


class Rules:
    """One official set, ready to judge.

    The native form, where there is one, is asked first, and may not be certain. The fast form in Python may compute
    a value that the rules would never have asked for. Where that ends in an error, the exact form, which computes
    nothing beforehand, is asked instead. Each is loaded when first asked for.
    """

    def __init__(
        self,
        fast: Callable[[], RuleSet],
        exact: Callable[[], RuleSet],
        form: Callable[[RuleSet], Form | None],
        fallback: Callable[[RuleSet, bytes], list[Hit]],
        made: native.NativeRules | None = None,
    ) -> None:
        self._make_fast, self._make_exact, self._make_form, self._fallback = fast, exact, form, fallback
        self.native = made
        self._form: tuple[Form | None] | None = None

    @cached_property
    def _fast(self) -> RuleSet:
        return self._make_fast()

    @cached_property
    def _exact(self) -> RuleSet:
        return self._make_exact()

    @property
    def form(self) -> Form | None:
        """The set as it judges line by line; None where it must see the whole document."""
        if self._form is None:
            try:
                self._form = (None if self.refused else self._make_form(self._fast),)
            except (SchematronRefused, OSError):
                # The source is gone and the form was never made: the whole document can be judged all the same.
                self._form = (None,)
        return self._form[0]

    @property
    def refused(self) -> dict[int, str]:
        """The patterns that are left to Saxon, and why."""
        # What the native engine covers, Python does as well.
        return {} if self.native else self._fast.refused

    @property
    def prefixes(self) -> bool:
        """Whether trees must be read with their prefixes. No native form asks for them."""
        return not self.native and self._fast.prefixes

    def judge(self, tree: Tree, content: bytes) -> list[Hit]:
        """The findings on a tree that was read from `content`, by Python. Raises RulesStopped."""
        try:
            hits = self._fast.judge(tree)
        except DynamicError:
            hits = self._judge_exactly(tree)
        return [*hits, *self._fallback(self._fast, content)] if self._fast.refused else hits

    def _judge_exactly(self, tree: Tree) -> list[Hit]:
        try:
            return self._exact.judge(tree)
        except DynamicError as error:
            raise RulesStopped(str(error)) from None


def judge(content: Content, rules: Sequence[Rules], large: int = LARGE) -> list[list[Hit] | RulesStopped]:
    """What each set finds in a document, or that it stopped. Raises NotPlainXml.

    The native engine judges what is in memory, and one reading serves all sets. What it leaves, Python judges: on
    one tree, or, from `large` bytes on, line by line where that can be.
    """
    natively = _natively(content, rules) if isinstance(content, bytes) or len(content) < large else {}
    left = [one for one in rules if one not in natively]
    if not left:
        return [natively[one] for one in rules]
    prefixes = any(one.prefixes for one in left)
    found = _by_lines(content, left, prefixes) if len(content) >= large else None
    made = dict(zip(left, found or _on_a_tree(content[:], left, prefixes), strict=True))
    return [natively[one] if one in natively else made[one] for one in rules]


def _natively(content: Content, rules: Sequence[Rules]) -> dict[Rules, list[Hit]]:
    """What the sets find that the native engine is certain of."""
    asked = {one: one.native for one in rules if one.native is not None}
    document = native.read(content[:]) if asked else None
    if document is None:
        return {}
    found = {one: made.judge(document) for one, made in asked.items()}
    return {one: hits for one, hits in found.items() if hits is not None}


def _by_lines(
    content: Content, rules: Sequence[Rules], prefixes: bool
) -> list[list[Hit] | RulesStopped] | None:
    forms = [form for one in rules if (form := one.form) is not None]
    if not forms or len(forms) < len(rules):
        return None
    found = judge_lines(content, forms, prefixes=prefixes)
    return None if found is None else [*found]


def _on_a_tree(content: bytes, rules: Sequence[Rules], prefixes: bool) -> list[list[Hit] | RulesStopped]:
    results: list[list[Hit] | RulesStopped] = []
    with read(content, prefixes=prefixes) as tree:
        for one in rules:
            try:
                results.append(one.judge(tree, content))
            except RulesStopped as stopped:
                results.append(stopped)
    return results


class Library:
    """The sets below one folder. `fallbacks` counts the patterns left to Saxon in this process.

    `lines` are the Clark names of what large documents repeat below their root; without them none is judged by lines.
    """

    def __init__(
        self,
        folder: Path,
        lines: frozenset[str] = frozenset(),
        module: ModuleType | None = native.MODULE,
    ) -> None:
        self._folder, self._lines, self._module = folder, lines, module
        self._of_lines = hashlib.sha256(" ".join((FORM, *sorted(lines))).encode()).hexdigest()[:8]
        self._rules: dict[str, Rules] = {}
        self.fallbacks = 0

    def get(self, key: str, source: Source) -> Rules:
        """The set `key`; `source` gives its tree where it has not been compiled yet. Raises SchematronRefused."""
        known = self._rules.get(key)
        if known is None:
            known = self._rules[key] = Rules(
                lambda: RuleSet(self._code(key, source, exact=False)),
                lambda: RuleSet(self._code(key, source, exact=True)),
                lambda fast: self._by_lines(key, source, fast),
                lambda fast, content: self._by_saxon(key, source, fast, content),
                self._native(key, source) if self._module else None,
            )
            # Without a native form it is known now, not when a document waits, whether the set can be compiled.
            _ = known.refused
        return known

    def compile(self, key: str, source: Source) -> Rules:
        """`get`, with the other forms made as well, so that nothing is left to compile later."""
        for exact in (False, True):
            self._code(key, source, exact=exact)
        rules = self.get(key, source)
        if not rules.refused:
            self._by_lines(key, source, None)
        return rules

    def _native(self, key: str, source: Source) -> native.NativeRules | None:
        """The native form; None for a set that it does not cover. JSON, which runs nothing by itself."""
        file = self._folder / f"{key}-{program.VERSION}.program"
        try:
            text = file.read_text("utf-8")
        except (OSError, ValueError):
            try:
                text = _program(source())
            except (SchematronRefused, OSError):
                # The source is gone or no schema: Python says so, or judges by the code that it has.
                return None
            self._store(file, text.encode())
        try:
            return None if text == "null" else native.NativeRules(self._module, text)
        except ValueError:
            # Spoiled on the disk, or more than the installed engine knows: Python judges.
            return None

    def _code(self, key: str, source: Source, *, exact: bool) -> CodeType:
        def make() -> CodeType:
            made = _compiled(source(), exact)
            return compile(made.source, f"<rules {key[:12]}>", "exec", dont_inherit=True, optimize=0)

        code: CodeType = self._stored(key, "-exact" if exact else "", CodeType, make)
        return code

    def _by_lines(self, key: str, source: Source, fast: RuleSet | None) -> Form | None:
        """How the set judges line by line; made and kept beside its code."""
        if not self._lines:
            return None
        form = self._stored(
            key, f"-lines-{self._of_lines}", dict, lambda: written(schema.read(source()), self._lines)
        )
        return loaded(form, self._lines, fast) if fast else None

    def _stored(self, key: str, form: str, kind: type, make: Callable[[], Any]) -> Any:
        tag = sys.implementation.cache_tag or "python"
        file = self._folder / f"{key}-{VERSION}-{tag}{form}.rules"
        try:
            found = marshal.loads(file.read_bytes())
            if isinstance(found, kind):
                return found
        except (OSError, EOFError, ValueError, TypeError):
            # Not made yet, or spoiled on the disk: made anew.
            pass
        made = make()
        self._store(file, marshal.dumps(made))
        return made

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


def _program(tree: etree._Element) -> str:
    """The native engine's form of a set as JSON; null where a part of it is not covered."""
    try:
        return json.dumps(program.program(schema.read(tree)))
    except XPathRefused:
        return "null"


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
