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
# So that no part takes long.
PARTS = 4
TESTS = Path(__file__).with_name("test_native.py")
# (marks, names): most faults are seen early.
ORDER = (
    ("not slow and not shared", "not in_any_document and not fifty"),
    ("not slow and not shared", "in_any_document or fifty"),
    ("not slow and shared", ""),
)


@pytest.fixture(scope="module")
def source() -> Path:
    return Path(__file__).resolve().parents[4] / "native"


@pytest.mark.parametrize("fault", FAULTS, ids=[fault.name for fault in FAULTS])
def test_each_fault_still_fits_the_native_engine(source: Path, fault: Fault) -> None:
    text = (source / "src" / fault.file).read_text("utf-8")
    assert fault.spoil(text) != text


def _built(native: Path, place: Path) -> bool:
    """Whether it can be built. What the compiler sees is no fault that a test must see."""
    asked = ["cargo", "build", "--quiet", "--profile", "quick"]
    env = {**os.environ, "CARGO_TARGET_DIR": str(native / "target")}
    made = subprocess.run(asked, cwd=native, capture_output=True, check=False, env=env)
    library = next((native / "target" / "quick").glob("libavrop_native.*o*"), None)
    if made.returncode or library is None:
        return False
    place.mkdir(exist_ok=True)
    shutil.copy(library, place / "avrop_native.so")
    return True


def _seen(root: Path, place: Path) -> bool:
    """Whether a test fails; one that does not end in time does."""
    path = os.pathsep.join((str(place), str(root / "src"), str(root)))
    for marks, names in ORDER:
        options = ["-q", "-x", "-p", "no:cacheprovider", "-m", marks, "-k", names]
        asked = [sys.executable, "-m", "pytest", str(TESTS), *options]
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


@pytest.fixture(scope="module")
def built(source: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A copy of the source that was built once, and where its library lies."""
    if shutil.which("cargo") is None:
        pytest.skip("MISSING: cargo, by which the native engine is built with each fault")
    folder = tmp_path_factory.mktemp("faults")
    native, place = folder / "native", folder / "place"
    shutil.copytree(source, native, ignore=shutil.ignore_patterns("target"))
    assert _built(native, place) and not _seen(source.parent, place), "the tests fail without a fault"
    return native, place


@pytest.mark.slow
@pytest.mark.shared
@pytest.mark.parametrize("part", range(PARTS))
def test_faults_put_into_the_native_engine_are_caught(
    root: Path, built: tuple[Path, Path], part: int
) -> None:
    native, place = built
    how = {fault.name: _tried(root, native, place, fault) for fault in FAULTS[part::PARTS]}
    survived = [name for name, word in how.items() if word == "survived"]
    asked = sum(word != "not built" for word in how.values())
    print(f"faults: {asked}, caught: {asked - len(survived)}, survived: {json.dumps(survived)}")
    assert len(survived) <= max(1, (1 - LEAST) * asked), how


def _tried(root: Path, native: Path, place: Path, fault: Fault) -> str:
    file = native / "src" / fault.file
    text = file.read_text("utf-8")
    file.write_text(fault.spoil(text), "utf-8")
    made = _built(native, place)
    file.write_text(text, "utf-8")
    if not made:
        return "not built"
    return "caught" if _seen(root, place) else "survived"
