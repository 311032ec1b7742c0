"""Small faults put into the compiler and the runtime, and whether the fast programmes see them.

    python -m avrop.schematron.tests.faults DATA [NAME...]

DATA is what `test_faults.py` pickles: schemas with documents. Each fault is one change of the source of one module,
made while a child process imports it; the child answers all questions and stops at the first answer that is another
than without the fault. Where there is none it runs the tests of `TESTS`. The modules of the engine are therefore
imported in children only. A fault of the runtime is put to what the right compiler made; one of the compiler that
writes the same module as the right one needs no judging.
"""

from __future__ import annotations

import contextlib
import marshal
import os
import pickle
import signal
import sys
from dataclasses import dataclass
from importlib.machinery import SourceFileLoader
from importlib.util import spec_from_file_location
from pathlib import Path
from types import CodeType
from typing import Any

from avrop.schematron.tests.drawn import Drawn, draw
from avrop.schematron.tests.fault_table import FAULTS, Fault

PACKAGE = "avrop.schematron"
ROOT = Path(__file__).resolve().parents[1]
# Seconds of CPU after which a child that does not end counts as caught.
MOST = 60
# Of what the engine is asked otherwise than by a document. They need no oracle.
TESTS = ("test_refused.py", "test_tree.py")
# Where a fault changes what is compiled; `contexts.py` is asked by both halves.
COMPILES, BOTH = ("compiler/", "xpath/", "schema.py"), "contexts.py"
ALL: dict[str, Fault | Drawn] = {fault.name: fault for fault in (*FAULTS, *draw())}


@dataclass(frozen=True, slots=True)
class Question:
    """A schema, and the documents to judge by it."""

    name: str
    schema: bytes
    documents: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class Known:
    """What the engine without a fault makes of a question: its modules, the exact one if it was needed."""

    fast: str
    exact: str | None
    codes: dict[bool, bytes]
    answers: tuple[Any, ...]


class _Loader(SourceFileLoader):
    """Reads one module with a fault in it; no compiled file is read or written."""

    fault: Fault | Drawn

    def get_code(self, fullname: str) -> CodeType:
        path = self.get_filename(fullname)
        text = self.fault.spoil(Path(path).read_text("utf-8"))
        return compile(text, path, "exec", dont_inherit=True)


class _Finder:
    def __init__(self, fault: Fault | Drawn) -> None:
        self._name = f"{PACKAGE}.{fault.file[:-3].replace('/', '.').removesuffix('.__init__')}"
        self._fault = fault

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> Any:
        if name != self._name:
            return None
        file = str(ROOT / self._fault.file)
        loader = _Loader(name, file)
        loader.fault = self._fault
        within = [os.path.dirname(file)] if file.endswith("__init__.py") else None
        return spec_from_file_location(name, file, loader=loader, submodule_search_locations=within)


class _Made:
    """One schema, its forms compiled when they are asked for."""

    def __init__(self, schema: bytes, known: Known | None = None) -> None:
        from lxml import etree

        from avrop.schematron import schema as schemas

        self._read = schemas.read(etree.fromstring(schema)) if known is None else None
        self._schema = schema
        self.texts: dict[bool, str] = {}
        self.codes: dict[bool, bytes] = dict(known.codes) if known else {}

    def text(self, exact: bool) -> str:
        from lxml import etree

        from avrop.schematron import schema as schemas
        from avrop.schematron.compiler.module import compile_schema

        if exact not in self.texts:
            if self._read is None:
                self._read = schemas.read(etree.fromstring(self._schema))
            self.texts[exact] = compile_schema(self._read, exact).source
        return self.texts[exact]

    def form(self, exact: bool) -> Any:
        from avrop.schematron.ruleset import RuleSet

        if exact not in self.codes:
            self.codes[exact] = marshal.dumps(compile(self.text(exact), "rules", "exec"))
        return RuleSet(marshal.loads(self.codes[exact]))

    def judge(self) -> Any:
        """A function that gives the answer to a document."""
        from avrop.schematron.errors import RulesStopped
        from avrop.schematron.library import Rules
        from avrop.schematron.tree import read

        rules = Rules(lambda: self.form(False), lambda: self.form(True), lambda _: None, lambda _, __: [])

        def answer(document: bytes) -> Any:
            try:
                with read(document, prefixes=rules.prefixes) as tree:
                    hits = sorted((hit.id, hit.flag, hit.at, hit.text) for hit in rules.judge(tree, document))
            except RulesStopped:
                return "error", sorted(rules.refused)
            return hits, sorted(rules.refused)

        return answer


def _know(question: Question) -> Known:
    made = _Made(question.schema)
    judge = made.judge()
    answers = tuple(judge(document) for document in question.documents)
    return Known(made.text(False), made.texts.get(True), made.codes, answers)


def _differs(question: Question, known: Known, fault: Fault | Drawn) -> bool:
    compiles = fault.file.startswith(COMPILES)
    made = _Made(question.schema, None if compiles or fault.file == BOTH else known)
    if compiles and made.text(False) == known.fast and known.exact in (None, made.text(True)):
        return False
    judge = made.judge()
    return any(judge(d) != right for d, right in zip(question.documents, known.answers, strict=True))


def _child(questions: tuple[Question, ...], fault: Fault | Drawn, right: list[Known]) -> str:
    """How the fault was seen; "" if it was not."""
    sys.meta_path.insert(0, _Finder(fault))  # type: ignore[arg-type]
    try:
        for question, known in zip(questions, right, strict=True):
            if _differs(question, known, fault):
                return question.name
    except Exception as error:
        return f"crash: {type(error).__name__} {error}"[:200].replace("\n", " ")
    return _tested()


def _tested() -> str:
    """Which of `TESTS` fails; "" if none does."""
    import pytest

    with open(os.devnull, "w") as nowhere, contextlib.redirect_stdout(nowhere):
        for name in TESTS:
            options = ["-q", "-x", "-p", "no:cacheprovider", "-m", "not slow"]
            if pytest.main([str(ROOT / "tests" / name), *options]):
                return name
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
    questions: tuple[Question, ...] = pickle.loads(Path(sys.argv[1]).read_bytes())
    right = _in_child(lambda: [_know(question) for question in questions])
    for name in sys.argv[2:] or ALL:
        seen = _in_child(lambda name=name: _child(questions, ALL[name], right))
        print(f"{name}\t{'hung' if seen is None else seen}", flush=True)


if __name__ == "__main__":
    main()
