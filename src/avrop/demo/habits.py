"""The ordinary purchases of the year, made by a seeded generator from what units of each kind usually need.

tables/habits.csv: which kinds of units, where, in which months, how often (weight), what (words and a range).
`plain`: the supplier takes orders only, so nothing is answered or changed.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from avrop.demo.region import Entry, table
from avrop.demo.tale import Purchase

COUNT = 240
OLDEST, NEWEST = 362, 1  # days ago
# How often an ordinary purchase goes this way or that; the second where the supplier takes orders only.
USUAL = {
    "posted": 60,
    "partial_then_posted": 9,
    "changed_then_posted": 5,
    "accepted_price": 3,
    "extended": 3,
    "reduced": 2,
    "cancelled": 2,
    "damaged": 2,
    "replaced": 2,
    "returned_and_credited": 2,
    "price_credited": 2,
    "short_and_closed": 2,
    "fee_stopped": 1,
    "rejected_invoice": 1,
    "withdrawn": 3,
    "refused_by_supplier": 2,
}
PLAIN = {"posted": 60, "partial_then_posted": 8, "accepted_price": 3, "withdrawn": 2}
# What takes some of a line away needs a line of at least so many.
MANY = 6
NEEDS_MANY = {
    "reduced",
    "damaged",
    "replaced",
    "returned_and_credited",
    "short_and_closed",
    "changed_then_posted",
}
SHARE = {"havdal": 12, "strandvoll": 8, "ulvefjord": 4}  # how often each municipality buys


@dataclass(frozen=True)
class Desk:
    """Somebody who orders for a unit."""

    town: str
    unit: str
    kind: str
    login: str


@cache
def desks() -> tuple[Desk, ...]:
    """Every requisitioner at every unit with a role just there."""
    kinds = {(row["town"], row["code"]): row["kind"] for row in table("units.csv")}
    found = []
    for row in table("people.csv"):
        for role in row["roles"].split():
            name, _, unit = role.partition("@")
            if name == "requisitioner" and unit:
                kind = kinds[row["organisation"], unit]
                found.append(Desk(row["organisation"], unit, kind, row["login"]))
    return tuple(found)


def purchases(seed: int, today: date) -> list[Purchase]:
    """The ordinary purchases of the last twelve months, the oldest first. July is quiet."""
    rng = random.Random(f"{seed}/habits")
    days = sorted((rng.randint(NEWEST, OLDEST) for _ in range(COUNT)), reverse=True)
    return [_purchase(rng, ago, (today - timedelta(days=ago)).month) for ago in days]


def _purchase(rng: random.Random, ago: int, month: int) -> Purchase:
    while True:
        desk = rng.choices(desks(), [SHARE[one.town] for one in desks()])[0]
        usual = [row for row in table("habits.csv") if _fits(row, desk, month)]
        if usual:
            break
    habit = rng.choices(usual, [int(row["weight"]) for row in usual])[0]
    stories, wanted = PLAIN if habit["plain"] else USUAL, _wanted(rng, habit)
    story = rng.choices(list(stories), list(stories.values()))[0]
    if story in NEEDS_MANY and min(count for _words, count in wanted) < MANY:
        story = "posted"
    return Purchase(
        when=str(ago),
        town=desk.town,
        login=desk.login,
        unit=desk.unit,
        story=story,
        wanted=wanted,
        need=habit["need"],
        tolerant=True,
    )


def _fits(row: Entry, desk: Desk, month: int) -> bool:
    towns = row["towns"]
    here = desk.town in towns.split() if not towns.startswith("-") else f"-{desk.town}" != towns
    return desk.kind in row["kinds"].split() and (here or not towns) and str(month) in row["months"].split()


def _wanted(rng: random.Random, habit: Entry) -> tuple[tuple[str, int], ...]:
    """Most of what the habit names, each so many as it says."""
    named = habit["lines"].split("|")
    some = [one for one in named if rng.random() < 0.85] or named[:1]
    wanted = []
    for one in some:
        words, _, count = one.rpartition(":")
        least, _, most = count.partition("-")
        wanted.append((words, rng.randint(int(least), int(most))))
    return tuple(wanted)
