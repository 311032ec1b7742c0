"""The tables of this room: tolerances, and who deals with which deviation."""

from __future__ import annotations

import csv
from functools import cache
from importlib import resources

from avrop.matching.facts import DeviationKind, Tolerance


def _rows(name: str) -> list[dict[str, str]]:
    text = (resources.files("avrop.matching") / "tables" / name).read_text("utf-8")
    return list(csv.DictReader(text.splitlines()))


@cache
def tolerance() -> Tolerance:
    """The defaults of tables/tolerances.csv."""
    return Tolerance(**{row["name"]: int(row["value"]) for row in _rows("tolerances.csv")})


@cache
def kinds() -> dict[str, DeviationKind]:
    """Deviation code -> its row in tables/deviations.csv."""
    return {
        row["code"]: DeviationKind(
            code=row["code"],
            owner_role=row["owner_role"],
            workdays=int(row["workdays"]),
            acceptable=row["acceptable"] == "yes",
            answer=row["answer"],
        )
        for row in _rows("deviations.csv")
    }
