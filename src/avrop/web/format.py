"""Numbers, dates and identifiers as Norwegians write them, in every language of the pages.

Amounts come as øre, unit prices and quantities as integers scaled by 10^6, rates as basis points. None and ""
give an empty text, so that a missing value shows as nothing rather than as zero.
"""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from avrop.kernel.money import MICRO

NARROW_SPACE = "\u00a0"  # no-break: an amount never wraps
MINUS = "\u2212"
OSLO = ZoneInfo("Europe/Oslo")


def grouped(whole: int) -> str:
    """1234567 -> "1 234 567" with no-break spaces."""
    return f"{whole:,}".replace(",", NARROW_SPACE)


def money(minor: int | None) -> str:
    """Øre as kroner: 123450 -> "1 234,50"."""
    if minor is None or minor == "":
        return ""
    kroner, ore = divmod(abs(int(minor)), 100)
    return f"{MINUS if int(minor) < 0 else ''}{grouped(kroner)},{ore:02d}"


def money_kr(minor: int | None) -> str:
    """Øre as kroner with the unit: "1 234,50 kr"."""
    return f"{money(minor)}{NARROW_SPACE}kr" if minor is not None and minor != "" else ""


def money_round(minor: int | None) -> str:
    """Øre as whole kroner, half up, for budgets and key figures: "1 235"."""
    if minor is None or minor == "":
        return ""
    whole = (abs(int(minor)) + 50) // 100
    return f"{MINUS if int(minor) < 0 and whole else ''}{grouped(whole)}"


def _micro(value: int, least: int) -> str:
    whole, rest = divmod(abs(int(value)), MICRO)
    decimals = f"{rest:06d}".rstrip("0").ljust(least, "0")
    sign = MINUS if int(value) < 0 else ""
    return f"{sign}{grouped(whole)}{',' + decimals if decimals else ''}"


def quantity(micro: int | None) -> str:
    """A quantity scaled by 10^6, as short as it is exact: 2500000 -> "2,5", 40000000 -> "40"."""
    return "" if micro is None or micro == "" else _micro(micro, 0)


def unit_price(micro: int | None) -> str:
    """A unit price scaled by 10^6, at least two decimals: 52900000 -> "52,90", 125000 -> "0,125"."""
    return "" if micro is None or micro == "" else _micro(micro, 2)


def percent(basis_points: int | None) -> str:
    """Basis points as per cent: 2500 -> "25 %", 1550 -> "15,5 %"."""
    if basis_points is None or basis_points == "":
        return ""
    whole, rest = divmod(abs(int(basis_points)), 100)
    decimals = f"{rest:02d}".rstrip("0")
    sign = MINUS if int(basis_points) < 0 else ""
    return f"{sign}{grouped(whole)}{',' + decimals if decimals else ''}{NARROW_SPACE}%"


def local(moment: datetime) -> datetime:
    """The moment on a Norwegian clock; a naive one is taken to be one already."""
    return moment.astimezone(OSLO) if moment.tzinfo else moment


def day(value: date | datetime | None) -> str:
    """12.11.2026."""
    if not value:
        return ""
    shown = local(value) if isinstance(value, datetime) else value
    return shown.strftime("%d.%m.%Y")


def moment(value: datetime | None) -> str:
    """12.11.2026 09:05, Norwegian time."""
    return local(value).strftime("%d.%m.%Y %H:%M") if value else ""


def iso(value: date | datetime | None) -> str:
    """The machine's form, for <time datetime>."""
    return value.isoformat() if value else ""


def orgnr(number: str | None) -> str:
    """923456783 -> "923 456 783"; anything that is not nine digits is shown as it is."""
    text = str(number or "")
    if len(text) == 9 and text.isdigit():
        return NARROW_SPACE.join((text[:3], text[3:6], text[6:]))
    return text


def account(number: str | None) -> str:
    """12345678903 -> "1234 56 78903", a Norwegian bank account."""
    text = str(number or "")
    if len(text) == 11 and text.isdigit():
        return NARROW_SPACE.join((text[:4], text[4:6], text[6:]))
    return text
