"""A chart of accounts and two years' budget for each municipality, as the file an accounting system exports.

The shape (five-digit accounts on KOSTRA's art, three-digit responsibilities, five-digit services) is that of
small municipalities in western Norway; all amounts are made up.
"""

from __future__ import annotations

import csv
import io
import random
from functools import cache

from avrop.demo.region import TABLES, Town, table

SERVICES = {
    "12000": "Administrasjon",
    "20100": "Barnehage",
    "20200": "Grunnskule",
    "25300": "Institusjon",
    "25400": "Heimeteneste",
    "33200": "Kommunale vegar",
    "37000": "Bibliotek",
}
PER_CENT = {"havdal": 100, "strandvoll": 70, "ulvefjord": 40}
# What is left of a line in the story of December (tables/purchases.csv): nothing else is bought on it.
LEFT = {("ulvefjord", "220", "11050"): 4_000}
HEAD = ("konto", "konto_tekst", "ansvar", "ansvar_tekst", "tjeneste", "tjeneste_tekst")


@cache
def _accounts() -> tuple[dict[str, str], ...]:
    with (TABLES / "accounts.csv").open(encoding="utf-8", newline="") as handle:
        return tuple(csv.DictReader(handle, delimiter=";"))


def budget_file(town: Town, seed: int, years: tuple[int, ...]) -> bytes:
    """The budget of these years as `;`-separated text with thousands spaces, one line a budget line."""
    rng = random.Random(f"{seed}/{town.slug}/budget")
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";", lineterminator="\n")
    writer.writerow([*HEAD, *(f"budsjett_{year}" for year in years)])
    for unit in table("units.csv"):
        if unit["town"] != town.slug:
            continue
        for account in _accounts():
            whole = int(account[unit["kind"]]) * PER_CENT[town.slug] // 100
            if not whole:
                continue
            amounts = [_rounded(whole * rng.randrange(92, 109) // 100) for _ in years]
            left = LEFT.get((town.slug, unit["code"], account["konto"]))
            amounts = [left] * len(years) if left else amounts
            place = (unit["responsibility"], unit["name"], unit["function"], SERVICES[unit["function"]])
            writer.writerow([account["konto"], account["tekst"], *place, *(_grouped(a) for a in amounts)])
    return out.getvalue().encode("utf-8")


def _rounded(amount: int) -> int:
    return amount // 1000 * 1000 if abs(amount) >= 10_000 else amount


def _grouped(amount: int) -> str:
    return f"{amount:,}".replace(",", " ")
