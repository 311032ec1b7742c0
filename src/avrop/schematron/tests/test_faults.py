"""The fast programmes would see a fault in the engine: most faults that a programmer might make, they do.

The right answers here are those of the engine without the fault. That they are Saxon's as well is what the
programmes themselves hold: test_expressions.py asks both for the same table, test_differential.py for the same
spoiled documents and old differences, ubl/tests/test_units.py for the unit cases.
"""

from __future__ import annotations

import json
import os
import pickle
import subprocess
import sys
from pathlib import Path

import pytest
from lxml import etree

from avrop.schematron import source
from avrop.schematron.tests import official, test_differential
from avrop.schematron.tests.fault_table import FAULTS
from avrop.schematron.tests.faults import PACKAGE, ROOT, Data, spoil
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
_APART = 97


def _questions() -> tuple[tuple[bytes, tuple[bytes, ...]], ...]:
    documents = tuple(document.encode() for document in SAMPLE)
    # Far apart in the table, so that a fault meets soon what it does harm to.
    spread = [row for start in range(_APART) for row in TABLE[start::_APART]]
    return tuple(
        (etree.tostring(question(context, test, told, SPACES, own=LETS)), documents)
        for context, test, told in spread
    )


def _cases(standards: Path) -> list[tuple[bytes, str]]:
    """Old differences, a sample of the official unit cases, and spoiled documents."""
    found: list[tuple[bytes, str]] = []
    known = {(example.path, example.case): example for example in official.examples(standards)}
    for old in test_differential.FOUND:
        content = apply(known[old["source"], old["case"]].content, old["steps"])
        found += [(content, name) for name in old["sets"]]
    cases = [example for example in known.values() if example.case >= 0]
    found += [(e.content, name) for e in cases[::UNIT_CASES] for name in e.sets[:2]]
    for seed in range(SPOILED):
        _, sets, content, _ = test_differential.spoiled(standards, seed)
        found += [(content, name) for name in sets]
    # Set by set, so that few are compiled for a fault that is met early.
    return sorted((case for case in found if case[1] in SETS), key=lambda case: SETS.index(case[1]))


def _flat(standards: Path, name: str) -> bytes:
    folder = standards / Path(name).parent
    return etree.tostring(source.load(Path(name).name, lambda file: (folder / file).read_bytes()).schema)


@pytest.mark.parametrize("fault", FAULTS, ids=[fault.name for fault in FAULTS])
def test_each_fault_still_fits_the_engine(fault: object) -> None:
    from avrop.schematron.tests.fault_table import Fault

    assert isinstance(fault, Fault)
    text = (ROOT / fault.file).read_text("utf-8")
    assert compile(spoil(text, fault), fault.file, "exec") and spoil(text, fault) != text


@pytest.mark.slow
@pytest.mark.shared
def test_faults_put_into_the_engine_are_caught(shared: Path, tmp_path: Path) -> None:
    standards = shared / "standards"
    cases = _cases(standards)
    sets = {name: _flat(standards, name) for name in sorted({name for _, name in cases})}
    file = tmp_path / "data"
    file.write_bytes(pickle.dumps(Data(_questions(), sets, tuple(cases))))
    result = subprocess.run(
        [sys.executable, "-m", f"{PACKAGE}.tests.faults", str(file)],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
    )
    seen = dict(line.split("\t") for line in result.stdout.splitlines())
    survived = [name for name, how in seen.items() if not how]
    print(f"faults: {len(seen)}, caught: {len(seen) - len(survived)}, survived: {json.dumps(survived)}")
    assert len(seen) == len(FAULTS) >= 60
    assert len(seen) - len(survived) >= LEAST * len(seen), survived
