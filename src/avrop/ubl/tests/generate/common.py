"""What all families share: parties, addresses, periods, goods, files."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import replace
from decimal import Decimal
from random import Random
from typing import Any

from avrop.ubl.documents import parts as p
from avrop.ubl.kinds import Identifier
from avrop.ubl.tests.generate import values
from avrop.ubl.tests.generate.maker import Fields, Making, Mend, Value

COUNTRIES = ("NO", "NO", "NO", "SE", "DK", "FI", "DE", "FR", "GB", "US", "PL", "IS", "EE", "JP", "SJ", "XI")
# BIS Billing allows these; the other documents all but text/csv.
MIME = (
    "text/csv",
    "application/pdf",
    "image/png",
    "image/jpeg",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/vnd.oasis.opendocument.spreadsheet",
)


def one_of(*choices: Any) -> Value:
    """One of these."""
    return lambda rng: rng.choice(choices)


def same(value: Any) -> Value:
    """Always this."""
    return lambda rng: value


def _email(rng: Random) -> str:
    return (
        f"{rng.choice(('post', 'ola.nordmann', 'innkjop+ehf', 'a'))}@{rng.choice(('example.no', 'ex.org'))}"
    )


def _telephone(rng: Random) -> str:
    return rng.choice(("57000000", "+47 57 00 00 00", "(0047) 91234567", "02580"))


def _content(rng: Random) -> str:
    size = rng.choice((1, 20, 300)) if rng.random() < 0.98 else 20_000
    return b64encode(rng.randbytes(size)).decode()


def _uri(rng: Random) -> str:
    return rng.choice(("https://example.no/a.pdf", "https://example.no/?a=1&b=2#c", "ftp://example.org/x"))


VALUES: dict[str, Value] = {
    "Address.street": values.name,
    "Address.city": values.name,
    "Address.postal_zone": lambda rng: f"{rng.randrange(10000):04}",
    "Address.country": one_of(*COUNTRIES),
    "Address.id": lambda rng: values.gs1(rng, 13),
    "Contact.email": _email,
    "Contact.telephone": _telephone,
    "Party.name": values.name,
    "Party.legal_name": values.name,
    "Party.registration_country": one_of(*COUNTRIES),
    "Document.id": values.identifier,
    "Document.content": _content,
    "Document.mime_code": one_of(*MIME),
    "Document.filename": lambda rng: values.identifier(rng).replace("/", "") + ".pdf",
    "Document.uri": _uri,
    "Item.name": values.name,
    "Item.standard_id": values.goods_number,
    "Item.origin_country": one_of(*COUNTRIES),
    "CatalogueItem.name": values.name,
    "CatalogueItem.standard_id": values.goods_number,
    "CatalogueItem.origin_country": one_of(*COUNTRIES),
    "Classification.code": lambda rng: str(rng.randint(10_000_000, 99_999_999)),
    "Classification.list_id": one_of("STI", "TST", "TSP", "MP", "SRV"),
    "Classification.list_version": one_of("19.05.01", "2008"),
    "TaxCategory.scheme": same("VAT"),
    "Price.amount": values.price,
    "DeliveryTerms.id": one_of("CIF", "DAP", "EXW", "FCA"),
    "TaxRegistration.company_id": lambda rng: f"NO{values.orgnr(rng)}MVA",
    "ItemInstance.lot_id": values.identifier,
    "ItemProperty.name": values.name,
    "ItemProperty.id_scheme_uri": _uri,
}
for _field in ("buyers_id", "sellers_id", "manufacturers_id"):
    for _class in ("Item", "CatalogueItem"):
        VALUES[f"{_class}.{_field}"] = values.identifier


def in_order(making: Making, given: Fields) -> None:
    """A period does not end before it begins."""
    start, end = given.get("start"), given.get("end")
    if start and end and start > end:
        given["start"], given["end"] = end, start
    if given.get("start") == given.get("end"):
        times = sorted(t for t in (given.get("start_time"), given.get("end_time")) if t)
        if len(times) == 2:
            given["start_time"], given["end_time"] = times


def within(inner: p.Period | None, outer: p.Period) -> p.Period | None:
    """What of `inner` lies within `outer`; None where nothing does."""
    if inner is None:
        return None
    start = max((d for d in (inner.start, outer.start) if d), default=None) if inner.start else None
    end = min((d for d in (inner.end, outer.end) if d), default=None) if inner.end else None
    if start and (end or outer.end) and start > (end or outer.end):
        return None
    if end and outer.start and end < outer.start:
        return None
    return replace(inner, start=start, end=end)


def attached(making: Making, given: Fields) -> None:
    """A file says what it is and how it is called; without a file there is nothing to say that of."""
    if given.get("content"):
        given["mime_code"] = making.kind.values["Document.mime_code"](making.rng)
        given["filename"] = VALUES["Document.filename"](making.rng)
    else:
        for name in ("mime_code", "filename"):
            given.pop(name, None)


def together(*names: str) -> Mend:
    """Fields that stand together or not at all."""

    def mend(making: Making, given: Fields) -> None:
        if any(given.get(name) is None for name in names):
            for name in names:
                given.pop(name, None)

    return mend


def only_with(first: str, *others: str) -> Mend:
    """Fields that have no place without the first."""

    def mend(making: Making, given: Fields) -> None:
        if given.get(first) is None:
            for name in others:
                given.pop(name, None)

    return mend


def all_of(*mends: Mend) -> Mend:
    """One mend after the other."""

    def mend(making: Making, given: Fields) -> None:
        for each in mends:
            each(making, given)

    return mend


def numbered(making: Making, given: Fields) -> None:
    """Lines are numbered."""
    lines = given.get("lines") or ()
    given["lines"] = tuple(replace(line, id=str(i)) for i, line in enumerate(lines, 1))


def valued(making: Making, given: Fields) -> None:
    """A property of an item has a name and a value."""
    if not given.get("value") and not given.get("value_quantity"):
        given["value"] = values.name(making.rng)


MENDS: dict[str, Mend] = {"Period": in_order, "Document": attached, "ItemProperty": valued}

# UNCL5189 and UNCL7161, a few each.
ALLOWANCE_REASONS = (
    "41",
    "42",
    "60",
    "62",
    "63",
    "64",
    "65",
    "66",
    "67",
    "68",
    "70",
    "71",
    "88",
    "95",
    "100",
    "104",
)
CHARGE_REASONS = ("AA", "AAA", "ABK", "ABL", "ADR", "CG", "DL", "FC", "FI", "PC", "SH", "ZZZ")


def allowance(making: Making, given: Fields) -> None:
    """A reason, as code or text; a percentage with what it is a percentage of, and the amount that follows."""
    rng = making.rng
    codes = CHARGE_REASONS if given["charge"] else ALLOWANCE_REASONS
    if given.get("reason_code"):
        given["reason_code"] = rng.choice(codes)
    elif not given.get("reason"):
        given["reason"] = values.text(rng)
    if given.get("percent") is None or given.get("base_amount") is None:
        given.pop("percent", None)
        given.pop("base_amount", None)
        given["amount"] = values.amount(rng)
        return
    given["percent"], given["base_amount"] = values.percent(rng), values.amount(rng)
    given["amount"] = (given["base_amount"] * given["percent"] / 100).quantize(Decimal("0.01"))


def party_ids(rng: Random) -> Identifier:
    """A number of a party, with or without its register."""
    return values.party_number(rng) if rng.random() < 0.7 else Identifier(values.identifier(rng))
