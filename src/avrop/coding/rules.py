"""Default coding, budget keys and the judgement of codes. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from uuid import UUID

from avrop.coding.facts import (
    CATEGORY,
    COMPENSATED,
    DIMENSIONS,
    FAVOURITE,
    ITEM,
    LINE,
    NOWHERE,
    PERSON,
    SOURCES,
    UNIT,
    Coding,
    Default,
    LineHint,
    SuggestedCoding,
)

# What codes are called in a reference, and what may stand between them (a code may itself have a dash).
_LABELS = {
    name: dimension
    for dimension, names in {
        "account": ("konto", "kto", "art", "account"),
        "responsibility": ("ansvar", "ansv", "responsibility"),
        "function": ("funksjon", "funk", "teneste", "tjeneste", "function"),
        "project": ("prosjekt", "prosj", "project"),
    }.items()
    for name in names
}
_BETWEEN = re.compile(r"[\s;,/|:=+]+")
_BETWEEN_OR_DASH = re.compile(r"[\s;,/|:=+.\-]+")
_FIELDS = ("account", "responsibility", "function", "project", "vat_treatment")
_ORDER = {source: place for place, source in enumerate(SOURCES)}


def precedence(defaults: Iterable[Default]) -> list[Default]:
    """The strongest first: line > item > category > favourite > person > unit, the nearest of each first."""
    return sorted(defaults, key=lambda one: (_ORDER[one.source], one.distance))


def suggest(defaults: Iterable[Default]) -> SuggestedCoding:
    """The coding that these defaults give together: each field from the strongest one that has it."""
    chosen: dict[str, str] = {}
    sources: dict[str, str] = {}
    for default in precedence(defaults):
        for name in _FIELDS:
            value = getattr(default, name)
            if value and name not in chosen:
                chosen[name], sources[name] = value, default.source
    strongest = min(sources.values(), key=_ORDER.__getitem__, default=NOWHERE)
    coding = Coding(**{"vat_treatment": COMPENSATED, **chosen})
    return SuggestedCoding(coding, strongest, tuple(sorted(sources.items())))


def line_default(override: Coding | None) -> list[Default]:
    """What a person typed on the line, as the strongest default."""
    if override is None:
        return []
    return [Default(LINE, "", **{name: getattr(override, name) for name in _FIELDS})]


def item_keys(hint: LineHint) -> list[str]:
    """Keys of the item rules that fit, the nearest first: with the supplier, then the bare item id."""
    if not hint.seller_item_id:
        return []
    own = [f"{hint.supplier_id.hex}/{hint.seller_item_id}"] if hint.supplier_id else []
    return [*own, hint.seller_item_id]


def category_keys(hint: LineHint) -> list[str]:
    """Keys of the category rules that fit, the nearest first: the code and every shorter start of it.

    Trailing zeros say "all below" in CPV and UNSPSC, so a rule for 44120000 is written 4412.
    """
    return [hint.category[:length] for length in range(len(hint.category), 0, -1)]


def keys_for(hint: LineHint, *, units: Sequence[UUID], person_id: UUID | None) -> dict[str, list[str]]:
    """The stored defaults that a line looks up: source -> keys, nearest first (`units` too)."""
    mine = [f"{person_id.hex}/{hint.seller_item_id}"] if person_id and hint.seller_item_id else []
    return {
        ITEM: item_keys(hint),
        CATEGORY: category_keys(hint),
        FAVOURITE: mine,
        PERSON: [person_id.hex] if person_id else [],
        UNIT: [unit.hex for unit in units],
    }


def pick(stored: Mapping[tuple[str, str], Default], keys: Mapping[str, Sequence[str]]) -> list[Default]:
    """The stored defaults under these keys, each with its distance."""
    found = []
    for source, wanted in keys.items():
        for distance, key in enumerate(wanted):
            default = stored.get((source, key))
            if default is not None:
                values = {name: getattr(default, name) for name in _FIELDS}
                found.append(Default(source, key, distance=distance, **values))
    return found


def read_coding(text: str, known: Mapping[str, Collection[str]]) -> Coding:
    """The coding that a text from another system names, as "11000-210-20200" or "Konto 11000 Ansvar 210".

    `known` is dimension -> the codes in use. A word before a code says its dimension; a code of several
    dimensions goes to the first free one, in the order account, responsibility, function, project. Anything
    that is no known code makes the whole unreadable: then the coding is empty.
    """
    for parts in (_BETWEEN.split(text), _BETWEEN_OR_DASH.split(text)):
        found = _codes([part for part in parts if part], known)
        if found:
            return Coding(**found)
    return Coding()


def _codes(parts: Sequence[str], known: Mapping[str, Collection[str]]) -> dict[str, str]:
    found: dict[str, str] = {}
    said = ""
    for part in parts:
        label = _LABELS.get(part.casefold())
        if label and not said:
            said = label
            continue
        fits = [said] if said else [name for name in DIMENSIONS if name not in found]
        place = next((name for name in fits if part in known.get(name, ())), "")
        if not place or place in found:
            return {}
        found[place], said = part, ""
    return {} if said else found


def kostra_art(account: str) -> str:
    """The KOSTRA art in an account: digits 2-4 of an account in class 0, 1, 3 or 4; "" where there is none.

    Classes 2 and 5 are the balance sheet.
    """
    usual = account.isascii() and account.isdigit() and len(account) >= 5 and account[0] in "0134"
    return account[1:4] if usual else ""


def kostra_function(function: str) -> str:
    """The KOSTRA function in a service code: its first three digits; "" where there is none."""
    return function[:3] if function.isascii() and function.isdigit() and len(function) >= 3 else ""


def code_warning(dimension: str, code: str, *, arts: frozenset[str], functions: frozenset[str]) -> str:
    """KOSTRA_RETIRED for an account or function whose KOSTRA code is not in the list in force, else ""."""
    kostra, valid = "", arts
    if dimension == "account":
        kostra = kostra_art(code)
    elif dimension == "function":
        kostra, valid = kostra_function(code), functions
    return "KOSTRA_RETIRED" if kostra and kostra not in valid else ""
