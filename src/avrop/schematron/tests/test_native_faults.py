"""The fast tests of the native engine would see a fault in it: most faults that a programmer might make, they do."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from avrop.schematron.tests.native_faults import FAULTS, Fault

LEAST, MOST = 0.95, 900
TESTS = Path(__file__).with_name("test_native.py")
# What needs no official rules first: most faults are seen there.
ORDER = ("not slow and not shared", "not slow and shared")


@pytest.fixture
def source(root: Path) -> Path:
    return root / "native"


@pytest.mark.parametrize("fault", FAULTS, ids=[fault.name for fault in FAULTS])
def test_each_fault_still_fits_the_native_engine(source: Path, fault: Fault) -> None:
    text = (source / "src" / fault.file).read_text("utf-8")
    assert fault.spoil(text) != text


def _built(native: Path, place: Path) -> bool:
    """Whether it can be built. What the compiler sees is no fault that a test must see."""
    made = subprocess.run(
        ["cargo", "build", "--quiet", "--profile", "quick"], cwd=native, capture_output=True, check=False
    )
    library = next((native / "target" / "quick").glob("libavrop_native.*o*"), None)
    if made.returncode or library is None:
        return False
    place.mkdir(exist_ok=True)
    shutil.copy(library, place / "avrop_native.so")
    return True


def _seen(root: Path, place: Path) -> bool:
    """Whether a test fails; one that does not end in time does."""
    path = os.pathsep.join((str(place), str(root / "src"), str(root)))
    for which in ORDER:
        asked = [
            sys.executable,
            "-m",
            "pytest",
            str(TESTS),
            "-q",
            "-x",
            "-p",
            "no:cacheprovider",
            "-m",
            which,
        ]
        try:
            run = subprocess.run(
                asked,
                cwd=root,
                env={**os.environ, "PYTHONPATH": path},
                capture_output=True,
                timeout=MOST,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return True
        if run.returncode:
            return True
    return False


@pytest.mark.slow
@pytest.mark.shared
def test_faults_put_into_the_native_engine_are_caught(root: Path, source: Path, tmp_path: Path) -> None:
    if shutil.which("cargo") is None:
        pytest.skip("MISSING: cargo, by which the native engine is built with each fault")
    native, place = tmp_path / "native", tmp_path / "place"
    shutil.copytree(source, native, ignore=shutil.ignore_patterns("target"))
    assert _built(native, place) and not _seen(root, place), "the tests fail without a fault"
    survived, asked = [], 0
    for fault in FAULTS:
        file = native / "src" / fault.file
        text = file.read_text("utf-8")
        file.write_text(fault.spoil(text), "utf-8")
        built = _built(native, place)
        file.write_text(text, "utf-8")
        asked += built
        if built and not _seen(root, place):
            survived.append(fault.name)
        print(
            f"{fault.name}: {'not built' if not built else 'survived' if fault.name in survived else 'caught'}",
            flush=True,
        )
    print(f"faults: {asked}, caught: {asked - len(survived)}, survived: {json.dumps(survived)}")
    assert asked >= 25 and asked - len(survived) >= LEAST * asked
