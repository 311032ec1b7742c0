"""The fast programmes would see a fault in the engine: most faults that a programmer might make, they do.

The right answers here are those of the engine without the fault. That they are Saxon's as well is what the
programmes themselves hold: test_expressions.py and test_schemas.py ask both for the same tables,
test_differential.py for the same spoiled documents and old differences, ubl/tests/test_units.py for the unit cases.
"""

from __future__ import annotations

import json
import os
import pickle
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
from lxml import etree

from avrop.schematron import source
from avrop.schematron.tests import official, schemas, test_differential, test_refused
from avrop.schematron.tests.drawn import DRAWN, SAME, Drawn, draw
from avrop.schematron.tests.fault_table import FAULTS, Fault
from avrop.schematron.tests.faults import PACKAGE, ROOT, Question
from avrop.schematron.tests.mutate import apply
from avrop.schematron.tests.oracle import question
from avrop.schematron.tests.table import LETS, SAMPLE, SPACES
from avrop.schematron.tests.test_expressions import TABLE

SPOILED, UNIT_CASES = 300, 4
SETS = (
    *official.INVOICE[:2],
    *official.SETS["Order"],
    *official.SETS["ApplicationResponse"][-1:],
    *official.SETS["EndUserStatisticsReport"],
    *official.SETS["DespatchAdvice"],
    *official.SETS["OrderResponse"],
    *official.SETS["Catalogue"][:2],
)
LEAST = 0.95
# So that no part takes ten minutes.
PARTS = 4
FEW = 5


def _questions() -> list[Question]:
    """The tables, mixed: so a fault meets soon what it does harm to."""
    documents = tuple(document.encode() for document in SAMPLE)
    others = tuple(document.encode() for document in schemas.DOCUMENTS)
    texts = [
        *schemas.schemas(),
        *((f"abstract {at}", schemas.schema(a)) for at, (a, _) in enumerate(schemas.ABSTRACT)),
    ]
    found = [Question(name, text.encode(), others) for name, text in texts]
    for context, test, told in TABLE:
        tree = question(context, test, told, SPACES, own=LETS)
        found.append(Question(f"{context} {test} {told}", etree.tostring(tree), documents))
    for test in test_refused.EXPRESSIONS:
        found.append(
            Question(f"refused {test}", etree.tostring(question("/r", test, spaces=SPACES)), documents)
        )
    for context in test_refused.CONTEXTS:
        found.append(
            Question(f"refused {context}", etree.tostring(question(context, "a", spaces=SPACES)), documents)
        )
    Random(1).shuffle(found)
    # Few documents of every schema first: most faults are met there.
    first = [replace(one, documents=one.documents[::FEW]) for one in found]
    rest = [
        replace(one, documents=tuple(d for at, d in enumerate(one.documents) if at % FEW)) for one in found
    ]
    return [*first, *rest]


def _cases(standards: Path) -> list[Question]:
    """Old differences, a sample of the official unit cases, and spoiled documents, set by set."""
    found: dict[str, list[bytes]] = {}
    known = {(example.path, example.case): example for example in official.examples(standards)}
    for old in test_differential.FOUND:
        content = apply(known[old["source"], old["case"]].content, old["steps"])
        for name in old["sets"]:
            found.setdefault(name, []).append(content)
    units = [example for example in known.values() if example.case >= 0]
    for example in units[::UNIT_CASES]:
        for name in example.sets[:2]:
            found.setdefault(name, []).append(example.content)
    for seed in range(SPOILED):
        _, sets, content, _ = test_differential.spoiled(standards, seed)
        for name in sets:
            found.setdefault(name, []).append(content)
    return [Question(name, _flat(standards, name), tuple(found[name])) for name in SETS if name in found]


def _flat(standards: Path, name: str) -> bytes:
    folder = standards / Path(name).parent
    return etree.tostring(source.load(Path(name).name, lambda file: (folder / file).read_bytes()).schema)


@pytest.fixture(scope="module")
def data(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What is asked of the engine with a fault in it."""
    file = tmp_path_factory.mktemp("faults") / "data"
    file.write_bytes(pickle.dumps((*_questions(), *_cases(shared / "standards"))))
    return file


def _seen(data: Path, faults: list[Fault] | list[Drawn]) -> dict[str, str]:
    """How each fault was seen, "" where it was not."""
    result = subprocess.run(
        [sys.executable, "-m", f"{PACKAGE}.tests.faults", str(data), *(fault.name for fault in faults)],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
    )
    seen = dict(line.split("\t") for line in result.stdout.splitlines())
    assert list(seen) == [fault.name for fault in faults]
    return seen


def _caught(seen: dict[str, str]) -> None:
    survived = [name for name, how in seen.items() if not how]
    by_file = dict(Counter(name.partition(" ")[0] for name in survived))
    print(
        f"faults: {len(seen)}, caught: {len(seen) - len(survived)}, survived: {json.dumps(survived, indent=1)}"
    )
    assert len(seen) - len(survived) >= LEAST * len(seen), by_file


@pytest.mark.parametrize("fault", FAULTS, ids=[fault.name for fault in FAULTS])
def test_each_fault_still_fits_the_engine(fault: Fault) -> None:
    text = (ROOT / fault.file).read_text("utf-8")
    assert compile(fault.spoil(text), fault.file, "exec") and fault.spoil(text) != text


def test_each_fault_drawn_changes_the_engine_and_those_that_do_no_harm_are_among_them() -> None:
    faults = draw()
    assert len(faults) == DRAWN
    for fault in faults:
        text = (ROOT / fault.file).read_text("utf-8")
        assert compile(fault.spoil(text), fault.file, "exec") and fault.spoil(text) != text
    assert not set(SAME) - {fault.name for fault in faults}, "argued for, and not drawn (any more)"
    assert all(SAME.values())


@pytest.mark.slow
@pytest.mark.shared
@pytest.mark.parametrize("part", range(PARTS))
def test_faults_put_into_the_engine_are_caught(data: Path, part: int) -> None:
    assert len(FAULTS) >= 190
    _caught(_seen(data, list(FAULTS[part::PARTS])))


@pytest.mark.slow
@pytest.mark.shared
@pytest.mark.parametrize("part", range(PARTS))
def test_faults_drawn_at_random_are_caught(data: Path, part: int) -> None:
    _caught(_seen(data, [fault for fault in draw() if fault.name not in SAME][part::PARTS]))
