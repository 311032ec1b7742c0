"""Small faults put into the compiler and the runtime, and whether the fast programmes see them.

    python -m avrop.schematron.tests.faults DATA

DATA is what `test_faults.py` pickles. Each fault is one change of the source of one module, made while a child
process imports it; the child answers all questions and stops at the first answer that is another than without
the fault. The modules of the engine are therefore imported in children only.
"""

from __future__ import annotations

import os
import pickle
import signal
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.machinery import SourceFileLoader
from importlib.util import spec_from_file_location
from pathlib import Path
from types import CodeType
from typing import Any

from avrop.schematron.tests.fault_table import FAULTS, Fault

PACKAGE = "avrop.schematron"
ROOT = Path(__file__).resolve().parents[1]
# Seconds of CPU after which a child that does not end counts as caught.
MOST = 120


@dataclass(frozen=True, slots=True)
class Data:
    """`questions`: (schema, documents), each schema of one expression. `sets` by name; `cases`: (document, set)."""

    questions: tuple[tuple[bytes, tuple[bytes, ...]], ...]
    sets: dict[str, bytes]
    cases: tuple[tuple[bytes, str], ...]


class _Loader(SourceFileLoader):
    """Reads one module with a fault in it; no compiled file is read or written."""

    fault: Fault

    def get_code(self, fullname: str) -> CodeType:
        path = self.get_filename(fullname)
        return compile(spoil(Path(path).read_text("utf-8"), self.fault), path, "exec", dont_inherit=True)


def spoil(text: str, fault: Fault) -> str:
    """The source with the fault. Raises ValueError where the table no longer fits the source."""
    if text.count(fault.old) < 1:
        raise ValueError(f"{fault.name}: {fault.old!r} is not in {fault.file}")
    return text.replace(fault.old, fault.new)


class _Finder:
    def __init__(self, fault: Fault) -> None:
        self._name = f"{PACKAGE}.{fault.file[:-3].replace('/', '.')}"
        self._fault = fault

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> Any:
        if name != self._name:
            return None
        file = str(ROOT / self._fault.file)
        loader = _Loader(name, file)
        loader.fault = self._fault
        return spec_from_file_location(name, file, loader=loader)


def answers(data: Data) -> Iterator[Any]:
    """The engine's answer to each question, and to each document under each set."""
    from lxml import etree

    from avrop.schematron import schema
    from avrop.schematron.compiler.module import compile_schema
    from avrop.schematron.errors import RulesStopped
    from avrop.schematron.library import Rules
    from avrop.schematron.ruleset import RuleSet
    from avrop.schematron.tree import read

    def rules(source: bytes) -> Rules:
        made = schema.read(etree.fromstring(source))

        def form(exact: bool) -> RuleSet:
            return RuleSet(compile(compile_schema(made, exact).source, "rules", "exec"))

        return Rules(form(False), lambda: form(True), lambda _: [])

    def answer(judge: Rules, document: bytes) -> Any:
        try:
            with read(document, prefixes=judge.prefixes) as tree:
                return sorted((hit.id, hit.flag, hit.at, hit.text) for hit in judge.judge(tree, document))
        except RulesStopped:
            return "error"

    for source, documents in data.questions:
        judge = rules(source)
        yield [(answer(judge, document), sorted(judge.refused)) for document in documents]
    known: dict[str, Rules] = {}
    for document, name in data.cases:
        if name not in known:
            known[name] = rules(data.sets[name])
        yield answer(known[name], document), sorted(known[name].refused)


def _child(data: Data, fault: Fault, right: list[Any]) -> str:
    """How the fault was seen; "" if it was not."""
    sys.meta_path.insert(0, _Finder(fault))  # type: ignore[arg-type]
    try:
        for at, answer in enumerate(answers(data)):
            if answer != right[at]:
                return f"question {at}" if at < len(data.questions) else f"case {at - len(data.questions)}"
    except Exception as error:
        return f"crash: {type(error).__name__} {error}"[:200]
    return ""


def _in_child(work: Any) -> Any:
    """What `work()` gives in a forked child; None if the child was killed."""
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(reading)
        signal.setitimer(signal.ITIMER_VIRTUAL, MOST)
        try:
            with os.fdopen(writing, "wb") as pipe:
                pickle.dump(work(), pipe)
        finally:
            # Never back into the parent's code.
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        content = pipe.read()
    os.waitpid(pid, 0)
    return pickle.loads(content) if content else None


def main() -> None:
    """One line a fault: its name, and how it was seen."""
    data: Data = pickle.loads(Path(sys.argv[1]).read_bytes())
    right = _in_child(lambda: list(answers(data)))
    asked = set(sys.argv[2:])
    for fault in FAULTS:
        if not asked or fault.name in asked:
            seen = _in_child(lambda fault=fault: _child(data, fault, right))
            print(f"{fault.name}\t{'hung' if seen is None else seen}", flush=True)


if __name__ == "__main__":
    main()
