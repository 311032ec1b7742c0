"""The KOSTRA codes in force: the operator's own files where given, else our dated table. Reads files only."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path

ART_FILE, FUNCTION_FILE = "kostra-art.csv", "kostra-funksjon.csv"


@dataclass(frozen=True, slots=True)
class CodeList:
    """Arts and functions in force, and where they were read."""

    arts: frozenset[str]
    functions: frozenset[str]
    source: str


@cache
def own() -> CodeList:
    """Our own table, dated in its first lines."""
    text = resources.files("avrop.coding").joinpath("tables/kostra.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(line for line in text.splitlines() if not line.startswith("#")))
    codes = {
        kind: frozenset(row["code"] for row in rows if row["kind"] == kind) for kind in ("art", "function")
    }
    return CodeList(codes["art"], codes["function"], "tables/kostra.csv")


def in_force(places: Iterable[Path]) -> CodeList:
    """The lists in the first of these folders that has them (itself or its `kostra` folder), else our own."""
    for place in places:
        for folder in (place, place / "kostra"):
            arts, functions = folder / ART_FILE, folder / FUNCTION_FILE
            if arts.is_file() and functions.is_file():
                return CodeList(_first_column(arts), _first_column(functions), str(folder))
    return own()


def _first_column(path: Path) -> frozenset[str]:
    with open(path, encoding="utf-8-sig", newline="") as handle:
        rows = csv.reader(handle)
        next(rows, None)
        return frozenset(row[0].strip() for row in rows if row and row[0].strip())
