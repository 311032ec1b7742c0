"""Numbers, codes, dates and places as a person reads them, in the reader's language.

Amounts and quantities are shown as they are written in the document, to the last decimal; nothing is counted here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from avrop.ubl.codes import name_of, unit_of
from avrop.ubl.documents import parts as p
from avrop.ubl.kinds import Identifier, Quantity
from avrop.web.documents.description import visible
from avrop.web.format import MINUS, NARROW_SPACE, day, grouped, orgnr

NORWEGIAN_REGISTER = "0192"  # ISO 6523: Enhetsregisteret
_CLOCK = re.compile(r"(\d\d:\d\d)(:\d\d(?:\.\d+)?)(Z|[+-]\d\d:\d\d)?")
# VATEX-EU-132-1G: article 132 (1)(g) of the VAT directive (2006/112/EC).
_DIRECTIVE = re.compile(r"VATEX-EU-(\d{2,3})(?:-(\d)?([A-Z]{1,2})?)?")


def language() -> str:
    """The reader's language: nn, nb or en."""
    return (get_language() or "nn")[:2]


def joined(parts: Iterable[str | None], between: str = ", ") -> str:
    """Those that say something, in one text."""
    return between.join(part for part in parts if part)


def number(value: Decimal | None, least: int = 0) -> str:
    """1234.5 -> "1 234,5": every decimal that says something, and at least so many."""
    if value is None:
        return ""
    whole, _point, decimals = format(value, "f").lstrip("+-").partition(".")
    decimals = decimals.rstrip("0").ljust(least, "0")
    sign = MINUS if value < 0 else ""
    return f"{sign}{grouped(int(whole or 0))}{',' + decimals if decimals else ''}"


def amount(value: Decimal | None, currency: str | None = "") -> str:
    """An amount with at least two decimals, and its currency where that is given."""
    if value is None:
        return ""
    return f"{number(value, 2)}{NARROW_SPACE}{visible(currency)}" if currency else number(value, 2)


def rate(value: Decimal | None) -> str:
    """25 -> "25 %"."""
    return f"{number(value)}{NARROW_SPACE}%" if value is not None else ""


def quantity(value: Quantity | None) -> str:
    """40 pakkar."""
    if value is None:
        return ""
    unit = unit_of((value.unit or "")[:40], 1_000_000 if value.value == 1 else 0, language())
    return visible(f"{number(value.value)} {unit}".strip())


def unit(code_: str | None) -> str:
    """The unit alone: "pakke (XPK)"."""
    known = unit_of(code_, 1_000_000, language())
    return known if not code_ or known == code_ else f"{known} ({code_})"


def code(name: str, value: str | None) -> str:
    """A code with its name: "bankoverføring (30)"; one that we have no name for as it is."""
    known = name_of(name, value, language())
    return known if not value or known == value else f"{known} ({value})"


def country(value: str | None) -> str:
    """A country by its name."""
    return name_of("country", value, language())


def exemption(value: str | None) -> str:
    """Why there is no VAT, by its code (VATEX); places in the VAT directive are named."""
    if not value:
        return ""
    upper = value.upper()
    known = name_of("vat_exemption", upper, language())
    if known != upper:
        return f"{known} ({value})"
    found = _DIRECTIVE.fullmatch(upper)
    if found is None:
        return value
    place = found[1] + "".join(f" ({part.lower()})" for part in found.groups()[1:] if part)
    return _("the EU VAT directive, article %(place)s (%(code)s)") % {"place": place, "code": value}


def identifier(value: Identifier | None) -> str:
    """A number, Norwegian organisation numbers in their groups, others with the register's name after them."""
    if value is None:
        return ""
    if value.scheme == NORWEGIAN_REGISTER:
        return orgnr(value.value)
    return f"{value.value} ({name_of('scheme', value.scheme, language())})" if value.scheme else value.value


def yes_no(value: bool | None) -> str:
    """Yes, no, or nothing."""
    return "" if value is None else (_("Yes") if value else _("No"))


def when(on: date | None, at: str | None = None) -> str:
    """A day and the time of it, as far as they are given: "12.11.2026 09:05"."""
    return joined((day(on), clock(at)), " ")


def clock(at: str | None) -> str:
    """A time as it is written, without seconds that say nothing: 10:00:00+01:00 is "10:00 (UTC+01:00)"."""
    found = _CLOCK.fullmatch((at or "").strip())
    if found is None:
        return at or ""
    shown, zone = found[1] + found[2].removeprefix(":00"), found[3]
    return f"{shown} (UTC{'' if zone == 'Z' else zone})" if zone else shown


def period(value: p.Period | None) -> str:
    """From and to; an end that is not given is left open."""
    if value is None:
        return ""
    start, end = when(value.start, value.start_time), when(value.end, value.end_time)
    if start and end:
        shown = start if start == end else f"{start} – {end}"
    else:
        open_end = _("from %(day)s") % {"day": start} if start else ""
        shown = open_end or (_("until %(day)s") % {"day": end} if end else "")
    return joined((shown, code("vat_date", value.description_code)))


def address(value: p.Address | None) -> str:
    """On one line, as on an envelope."""
    if value is None:
        return ""
    place = joined((value.postal_zone, value.city), " ")
    ident = f"({value.id})" if value.id else ""
    return joined(
        (
            value.street,
            value.additional_street,
            value.line,
            place,
            value.region,
            country(value.country),
            ident,
        )
    )
