"""The few code lists that Avrop shows, named in nynorsk, bokmål and English. Source: tables/codes.csv."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib import resources


@dataclass(frozen=True, slots=True)
class Code:
    """One code of a list and the names we give it. `source` is the official list."""

    code: str
    nn: str
    nb: str
    en: str
    source: str

    def name(self, language: str) -> str:
        """The name in `nn`, `nb` or `en` (anything else: English)."""
        return {"nn": self.nn, "nb": self.nb}.get(language, self.en)


@cache
def _lists() -> dict[str, dict[str, Code]]:
    text = (resources.files("avrop.ubl") / "tables" / "codes.csv").read_text("utf-8")
    lists: dict[str, dict[str, Code]] = {}
    for row in csv.DictReader(text.splitlines()):
        code = Code(row["code"], row["nn"], row["nb"], row["en"], row["source"])
        lists.setdefault(row["list"], {})[code.code] = code
    return lists


@cache
def _plurals() -> dict[str, Code]:
    text = (resources.files("avrop.ubl") / "tables" / "plurals.csv").read_text("utf-8")
    rows = csv.DictReader(text.splitlines())
    return {row["code"]: Code(row["code"], row["nn"], row["nb"], row["en"], "") for row in rows}


def codes(name: str) -> tuple[Code, ...]:
    """The list `name` of tables/codes.csv: unit, order_response, vat_category, payment_means, document_type ...
    Raises KeyError.
    """
    return tuple(_lists()[name].values())


def is_known(name: str, code: str) -> bool:
    """True when the list has the code."""
    return code in _lists()[name]


def name_of(name: str, code: str | None, language: str) -> str:
    """The name of a code; a code the list lacks is shown as it is."""
    if not code:
        return ""
    known = _lists()[name].get(code)
    return known.name(language) if known else code


def unit_of(code: str | None, quantity: int, language: str) -> str:
    """The unit as it is said after this quantity (scaled by 10^6): 1 pakke, 10 pakkar."""
    known = _package(code or "")
    many = _plurals().get(known) if abs(quantity) != 1_000_000 else None
    if many is None and known not in _lists()["unit"]:
        return name_of("rare_unit", known, language)
    return many.name(language) if many else name_of("unit", known, language)


def _package(code: str) -> str:
    """Recommendation 21 codes have an X before them on invoices; catalogues and old systems leave it out."""
    often, rare = _lists()["unit"], _lists()["rare_unit"]
    if code in often or code in rare:
        return code
    return f"X{code}" if f"X{code}" in often or f"X{code}" in rare else code
