"""The tables of this room as a chart."""

from __future__ import annotations

import csv
from functools import cache
from importlib import resources

from avrop.accounting.facts import Chart


def _rows(name: str) -> list[dict[str, str]]:
    text = (resources.files("avrop.accounting") / "tables" / name).read_text("utf-8")
    return list(csv.DictReader(text.splitlines()))


@cache
def chart() -> Chart:
    """tables/accounts.csv and tables/vat_codes.csv."""
    accounts = {row["name"]: row["account"] for row in _rows("accounts.csv")}
    codes = {
        (row["treatment"], row["category"], int(row["rate"])): row["code"] for row in _rows("vat_codes.csv")
    }
    return Chart(vat_codes=codes, **accounts)
