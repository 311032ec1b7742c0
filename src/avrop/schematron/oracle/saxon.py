"""Runs compiled rule sets with Saxon: one processor per process, each stylesheet compiled once.

Saxon's own parser refuses any DOCTYPE, reaches no file and no network, and is only ever given text that was
written from a checked tree. All calls go one at a time: the native library is not shared between threads.
"""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Any

import saxonche
from lxml import etree

from avrop.schematron.errors import RulesStopped
from avrop.schematron.hits import Hit
from avrop.schematron.source import SchematronRefused

_FEATURE = "http://saxon.sf.net/feature/"
_NO_DOCTYPE = _FEATURE + "parserFeature?uri=http%3A//apache.org/xml/features/disallow-doctype-decl"
_SETTINGS = {
    _NO_DOCTYPE: "true",
    _FEATURE + "allowedProtocols": "",
    _FEATURE + "allow-external-functions": "false",
}


class Engine:
    """A Saxon processor and its compiled stylesheets, kept on a thread of its own."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="saxon")
        self._compiled: dict[str, Any] = {}
        self._processor: Any = None

    def _start(self) -> Any:
        if self._processor is None:
            _started.add(os.getpid())
            self._processor = saxonche.PySaxonProcessor(license=False)
            for name, value in _SETTINGS.items():
                self._processor.set_configuration_property(name, value)
            _take_utc(self._processor)
        return self._processor

    def _compile(self, key: str, xslt: str) -> Any:
        known = self._compiled.get(key)
        if known is None:
            compiler = self._start().new_xslt30_processor()
            try:
                known = compiler.compile_stylesheet(stylesheet_text=xslt)
            except saxonche.PySaxonApiError as error:
                raise SchematronRefused("NOT_COMPILED", key, _first_line(error)) from None
            self._compiled[key] = known
        return known

    def knows(self, key: str) -> bool:
        """True when the stylesheet `key` is compiled in this process."""
        return key in self._compiled

    def compile(self, key: str, xslt: str) -> None:
        """Compile a stylesheet and keep it under `key`. Raises SchematronRefused NOT_COMPILED."""
        self._pool.submit(self._compile, key, xslt).result()

    def run(self, document: str, keys: Sequence[str]) -> list[list[Hit] | RulesStopped]:
        """Judge `document` (XML text without declaration) by each compiled stylesheet, in order."""
        return self._pool.submit(self._run, document, tuple(keys)).result()

    def _run(self, document: str, keys: tuple[str, ...]) -> list[list[Hit] | RulesStopped]:
        processor = self._start()
        try:
            node = processor.parse_xml(xml_text=document)
        except saxonche.PySaxonApiError as error:
            stopped = RulesStopped(_first_line(error))
            return [stopped for _ in keys]
        results: list[list[Hit] | RulesStopped] = []
        for key in keys:
            executable = self._compiled[key]
            try:
                results.append(_hits(executable.transform_to_string(xdm_node=node)))
            except saxonche.PySaxonApiError as error:
                results.append(RulesStopped(_first_line(error)))
        del node
        return results


def _take_utc(processor: Any) -> None:
    """A date without a zone counts as UTC, as in the compiled rules, and not as the machine's.

    The native library looks the zone up once in a process, when it is first asked, and only there.
    """
    before = os.environ.get("TZ")
    os.environ["TZ"] = "UTC"
    try:
        processor.new_xpath_processor().evaluate_single("implicit-timezone()")
    finally:
        if before is None:
            del os.environ["TZ"]
        else:
            os.environ["TZ"] = before


def _hits(result: str | None) -> list[Hit]:
    if not result or result.endswith("<findings/>"):
        return []
    root = etree.fromstring(result.encode())
    return [
        Hit(f.get("id") or "", f.get("flag") or "", f.get("at") or "", " ".join((f.text or "").split()))
        for f in root
    ]


def _first_line(error: Exception) -> str:
    return re.sub(r"\s+", " ", str(error))[:300]


# Processes in which the native library has been started; a fork inherits the list.
_started: set[int] = set()


@cache
def _engine_of(process: int) -> Engine:
    return Engine()


def engine() -> Engine:
    """This process's engine.

    Raises RuntimeError in a process forked from one that has already run rules: the native library does not
    survive a fork and would crash. Start workers first, or spawn them.
    """
    if _started - {os.getpid()}:
        raise RuntimeError("rules were run before this process was forked; start workers first or spawn them")
    return _engine_of(os.getpid())
