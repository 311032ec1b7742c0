"""How far a demo has come, kept in a small file of the data folder: the year goes on after a stop.

    {"seed": 2026, "now": "2026-11-23T09:00:00+00:00", "part": "rest", "done": 120, "all": 300}

`part` is what is being filled: "region", "first" (what must be there before somebody looks), "rest" (goes on
in the background), or "" when nothing is left.
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path

REGION, FIRST, REST, NOTHING = "region", "first", "rest", ""
STATE, ACTS = "demo-year.json", "demo-acts.jsonl"


@dataclass(frozen=True, slots=True)
class Progress:
    """`now` is the end of the year that is filled; purchases are counted when their story has been told."""

    seed: int
    now: datetime
    part: str = REGION
    done: int = 0
    all: int = 0

    def at(self, part: str) -> Progress:
        """The same year, another part."""
        return replace(self, part=part)


def read(folder: Path) -> Progress | None:
    """What the file says; None where no demo keeps one (or it cannot be read)."""
    try:
        found = json.loads((folder / STATE).read_text("utf-8"))
        return Progress(**{**found, "now": datetime.fromisoformat(found["now"])})
    except (OSError, ValueError, TypeError, KeyError):
        return None


def write(folder: Path, progress: Progress) -> None:
    """Replace the file in one go."""
    folder.mkdir(parents=True, exist_ok=True)
    part = folder / f".{STATE}.{os.getpid()}"
    part.write_text(json.dumps({**asdict(progress), "now": progress.now.isoformat()}), "utf-8")
    os.replace(part, folder / STATE)


def end(folder: Path) -> None:
    """Nothing more is filled; what is there is all."""
    found = read(folder)
    if found is not None and found.part != NOTHING:
        write(folder, replace(found, part=NOTHING, all=found.done))


def acts(folder: Path, part: str) -> Path:
    """The notebook of a part."""
    return folder / f"{part}-{ACTS}"
