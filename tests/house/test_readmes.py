"""The two libraries are used without Django: what their READMEs show is run as it stands, in a fresh process."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

import avrop

ROOM = Path(avrop.__file__).parent
_STRANGERS = """
import sys
loaded = {name.partition(".")[0] for name in sys.modules} & {"django", "saxonche"}
assert not loaded, loaded
"""


def run_alone(code: str, folder: Path) -> str:
    """What the code prints in a fresh process that has loaded neither Django nor Saxon at its end."""
    done = subprocess.run(
        [sys.executable, "-c", code + _STRANGERS],
        cwd=folder,
        env={"PYTHONPATH": str(ROOM.parent)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def shown(readme: Path) -> list[tuple[str, str]]:
    """The Python blocks of a README, each with the text block that follows it at once."""
    fenced = r"```python\n(.*?)```\n\n```text\n(.*?)```"
    return re.findall(fenced, readme.read_text(encoding="utf-8"), re.S)


@pytest.mark.parametrize("room", ["schematron", "ubl"])
def test_the_examples_of_the_readme_print_what_it_says(room: str, tmp_path: Path) -> None:
    readme = ROOM / room / "README.md"
    examples = shown(readme)
    assert len(examples) == readme.read_text(encoding="utf-8").count("```python") >= 1
    for code, printed in examples:
        assert run_alone(code, tmp_path) == printed


def test_both_libraries_load_without_django_and_without_saxon(tmp_path: Path) -> None:
    run_alone("import avrop.schematron.library, avrop.ubl.rulesets", tmp_path)
