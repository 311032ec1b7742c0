"""The demo region: everything made up, the same for the same seed. Gives what `avrop setup import` reads.

One purchasing co-operation by a fjord, three municipalities, ten suppliers. Organisation numbers are from
the synthetic 2 and 3 series with right check digits; names of places and people are invented.
"""

from __future__ import annotations

import csv
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from avrop.kernel.identifiers import BadIdentifier, clean_account, clean_orgnr

PASSWORD = "demo"
TABLES = Path(__file__).parent / "tables"
Entry = dict[str, Any]


@dataclass(frozen=True)
class Town:
    """A municipality of the region."""

    slug: str
    name: str
    inhabitants: int
    postal_zone: str
    city: str
    budget: str  # how a passed budget is met
    preapproval: bool


TOWNS = (
    Town("havdal", "Havdal kommune", 11_600, "6891", "Havdal", "warn", True),
    Town("strandvoll", "Strandvoll kommune", 5_300, "6893", "Strandvoll", "warn", False),
    Town("ulvefjord", "Ulvefjord kommune", 2_150, "6895", "Ulvefjord", "block", False),
)
COOPERATION = "midtfjord"
PLATFORM = "plattform"


@dataclass(frozen=True)
class Supplier:
    """A supplier and its agreement. `owner` is who made the agreement; `members` who takes part in it."""

    slug: str
    name: str
    ref: str
    agreement: tuple[str, str, str]  # nn, nb, en
    owner: str = COOPERATION
    members: tuple[str, ...] = ("havdal", "strandvoll", "ulvefjord")
    delivery: str = "parcel"
    excluded: tuple[str, ...] = ()
    process: str = "advanced"


SUPPLIERS = (
    Supplier(
        "nordtrad",
        "Nordtråd Arbeidsklede AS",
        "MFI-2025-01",
        (
            "Arbeidsklede og institusjonstekstil",
            "Arbeidsklær og institusjonstekstiler",
            "Work wear and textiles",
        ),
    ),
    Supplier(
        "leik-og-lim",
        "Leik og Lim AS",
        "HAV-2025-07",
        ("Leiker og formingsmateriell", "Leker og formingsmateriell", "Toys and craft materials"),
        owner="havdal",
        members=("havdal", "strandvoll"),
    ),
    Supplier(
        "bitvegen",
        "Bitvegen Data AS",
        "MFI-2025-03",
        ("IKT-utstyr", "IKT-utstyr", "IT equipment"),
    ),
    Supplier(
        "vestmed",
        "Vestmed Forbruk AS",
        "MFI-2025-04",
        ("Medisinsk forbruksmateriell", "Medisinsk forbruksmateriell", "Medical consumables"),
        process="ordering",
    ),
    Supplier(
        "reint-og-blankt",
        "Reint og Blankt AS",
        "MFI-2025-05",
        ("Reinhald, plast og papir", "Renhold, plast og papir", "Cleaning, plastic and paper"),
    ),
    Supplier(
        "kontorhjornet",
        "Kontorhjørnet AS",
        "MFI-2025-06",
        ("Kontor- og skulemateriell", "Kontor- og skolemateriell", "Office and school supplies"),
    ),
    Supplier(
        "fjordmat",
        "Fjordmat Storhushald AS",
        "MFI-2025-08",
        ("Matvarer til storhushald", "Matvarer til storhusholdning", "Food for institutional kitchens"),
        delivery="lorry",
        excluded=("school", "town_hall", "technical", "culture"),
        process="order_only",
    ),
    Supplier(
        "bokstova",
        "Bokstova AS",
        "MFI-2025-09",
        ("Skulebøker og bibliotekbøker", "Skolebøker og bibliotekbøker", "School and library books"),
    ),
    Supplier(
        "jarnvara",
        "Jarnvara og Fargehandel AS",
        "HAV-2025-11",
        ("Verktøy, festemiddel og maling", "Verktøy, festemidler og maling", "Tools, fasteners and paint"),
        owner="havdal",
        members=("havdal", "ulvefjord"),
        excluded=("school", "nursery"),
        process="order_only",
    ),
    Supplier(
        "romstova",
        "Romstova Møblar AS",
        "MFI-2025-12",
        ("Møblar til kontor, skule og institusjon", "Møbler til kontor, skole og institusjon", "Furniture"),
        delivery="lorry",
    ),
)


def orgnr(base: int) -> str:
    """The first valid organisation number whose first eight digits are `base` or the next ones after it."""
    while True:
        for check in range(10):
            try:
                return clean_orgnr(f"{base}{check}")
            except BadIdentifier:
                continue
        base += 1


def bank_account(base: int) -> str:
    """The first valid account number whose first ten digits are `base` or the next ones after it."""
    while True:
        for check in range(10):
            try:
                return clean_account(f"{base}{check}")
            except BadIdentifier:
                continue
        base += 1


@cache
def table(name: str) -> tuple[Entry, ...]:
    with (TABLES / name).open(encoding="utf-8", newline="") as handle:
        return tuple(csv.DictReader(handle, delimiter=";"))


def document(seed: int, today: date) -> Entry:
    """The whole region in the form of a set-up file. Agreements run from last year to the year after next."""
    rng = random.Random(seed)
    start, end = date(today.year - 1, 1, 1), date(today.year + 2, 1, 1)
    organisations = [_cooperation(rng), _platform(rng), *(_supplier(s, rng) for s in SUPPLIERS)]
    accounts = {o["slug"]: o["bank_account"] for o in organisations if "bank_account" in o}
    organisations += [_town(town, rng, accounts, start) for town in TOWNS]
    for organisation in organisations:
        made = [_agreement(s, start, end) for s in SUPPLIERS if s.owner == organisation["slug"]]
        organisation["agreement"] = made
    return {"organisation": organisations}


def _head(slug: str, kind: str, name: str, rng: random.Random, series: int, zone: str, city: str) -> Entry:
    return {
        "slug": slug,
        "kind": kind,
        "name": name,
        "orgnr": orgnr(series * 10_000_000 + rng.randrange(9_000_000)),
        "street": f"Fjordvegen {rng.randrange(1, 90)}",
        "postal_zone": zone,
        "city": city,
        "email": f"post@{slug}.example",
    }


def _cooperation(rng: random.Random) -> Entry:
    head = _head(COOPERATION, "cooperation", "Midtfjord innkjøpssamarbeid", rng, 3, "6891", "Havdal")
    return {**head, "vat_registered": False, "person": _people(COOPERATION)}


def _platform(rng: random.Random) -> Entry:
    head = _head(PLATFORM, "platform", "Avrop Drift", rng, 3, "6891", "Havdal")
    return {**head, "person": _people(PLATFORM)}


def _supplier(one: Supplier, rng: random.Random) -> Entry:
    head = _head(one.slug, "supplier", one.name, rng, 2, "6800", "Førdalen")
    account = bank_account(3_700_000_000 + rng.randrange(90_000_000))
    return {**head, "bank_account": account, "person": _people(one.slug)}


def _town(town: Town, rng: random.Random, accounts: dict[str, str], start: date) -> Entry:
    entry = _head(town.slug, "buyer", town.name, rng, 3, town.postal_zone, town.city)
    entry |= {
        "cooperation": COOPERATION,
        "budget": town.budget,
        "unit": list(_units(town, rng)),
        "person": _people(town.slug),
        "supplier": [
            {
                "supplier": one.slug,
                "number": f"5{at:04d}",
                "accounts": [accounts[one.slug]],
                "process": one.process,
                "payment_days": 30,
            }
            for at, one in enumerate(SUPPLIERS, 1)
        ],
        "coding": [{"kind": "category", **row} for row in table("coding.csv")],
    }
    if town.preapproval:
        entry["preapproval"] = {
            "reference": "Økonomireglementet § 6-3",
            "ceiling_kroner": 50_000,
            "from": start,
        }
    return entry


def _units(town: Town, rng: random.Random) -> Iterator[Entry]:
    for row in table("units.csv"):
        if row["town"] != town.slug:
            continue
        unit = {name: row[name] for name in ("code", "name", "kind", "parent", "responsibility", "function")}
        if row["street"]:
            number = rng.randrange(1, 60)
            unit["address"] = [
                {
                    "name": row["name"],
                    "street": f"{row['street']} {number}",
                    "postal_zone": town.postal_zone,
                    "city": town.city,
                    "marking": row["marking"],
                }
            ]
        yield unit


def _people(slug: str) -> list[Entry]:
    people = []
    for row in table("people.csv"):
        if row["organisation"] != slug:
            continue
        roles = [_at(part, "role") for part in row["roles"].split()]
        mandates = [_at(part, "kroner") for part in row["mandates"].split()]
        people.append(
            {
                "login": row["login"],
                "name": row["name"],
                "email": f"{row['login']}@{COOPERATION}.example",
                "language": row["language"],
                "password": PASSWORD,
                "demo": True,
                "role": roles,
                "mandate": [{**m, "kroner": int(m["kroner"])} for m in mandates],
            }
        )
    return people


def _at(part: str, what: str) -> Entry:
    """`requisitioner@210` or `50000@210`; without @ for the whole organisation."""
    value, _, unit = part.partition("@")
    return {what: value, "unit": unit} if unit else {what: value}


def _agreement(one: Supplier, start: date, end: date) -> Entry:
    owner = {COOPERATION: "ingrid.avtale", "havdal": "solveig.innkjop"}[one.owner]
    nn, nb, en = one.agreement
    return {
        "ref": one.ref,
        "name": nn,
        "name_nb": nb,
        "name_en": en,
        "supplier": one.slug,
        "contract_owner": owner,
        "from": start,
        "to": end,
        "delivery": one.delivery,
        "excluded": list(one.excluded),
        "participants": list(one.members),
    }
