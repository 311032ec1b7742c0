"""From text to typed values, as XML Schema reads them, and back to text."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from typing import Any

from avrop.schematron.errors import DynamicError
from avrop.schematron.runtime.strings import WHITE

_DECIMAL = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)\Z")


_INTEGER = re.compile(r"[+-]?[0-9]+\Z")


_DOUBLE = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?\Z")


_NAMED = {"INF": math.inf, "+INF": math.inf, "-INF": -math.inf, "NaN": math.nan}


_decimals: dict[str, Decimal] = {}


_REMEMBERED = 20_000


def dec(text: str) -> Decimal:
    """xs:decimal of a string or untyped value. Raises FORG0001."""
    known = _decimals.get(text)
    if known is not None:
        return known
    plain = text.strip(WHITE)
    if not _DECIMAL.match(plain):
        raise DynamicError("FORG0001", f"{text[:40]!r} is no xs:decimal")
    number = Decimal(plain)
    if not number:
        # xs:decimal has one zero.
        number = number.copy_abs()
    if len(_decimals) >= _REMEMBERED:
        _decimals.clear()
    if len(text) < 40:
        _decimals[text] = number
    return number


def dec_o(text: str | None) -> Decimal | None:
    """xs:decimal of at most one value."""
    return None if text is None else dec(text)


def dec_float(number: float) -> Decimal:
    """xs:decimal of a double. Raises FOCA0002."""
    if number != number or number in (math.inf, -math.inf):
        raise DynamicError("FOCA0002")
    return Decimal(repr(number)) if abs(number) < 1e300 else Decimal(number)


def integer(text: str) -> int:
    """xs:integer of a string or untyped value. Raises FORG0001."""
    plain = text.strip(WHITE)
    if not _INTEGER.match(plain):
        raise DynamicError("FORG0001", f"{text[:40]!r} is no xs:integer")
    return int(plain)


def integer_float(number: float) -> int:
    """xs:integer of a double, cut towards zero. Raises FOCA0002."""
    if number != number or number in (math.inf, -math.inf):
        raise DynamicError("FOCA0002")
    return int(number)


def dbl(text: str) -> float:
    """xs:double of a string or untyped value. Raises FORG0001."""
    plain = text.strip(WHITE)
    if _DOUBLE.match(plain):
        return float(plain)
    if plain in _NAMED:
        return _NAMED[plain]
    raise DynamicError("FORG0001", f"{text[:40]!r} is no xs:double")


def dbl_o(text: str | None) -> float | None:
    """xs:double of at most one value."""
    return None if text is None else dbl(text)


def number(text: str | None) -> float:
    """fn:number: NaN for what is no number."""
    if text is None:
        return math.nan
    plain = text.strip(WHITE)
    if _DOUBLE.match(plain):
        return float(plain)
    return _NAMED.get(plain, math.nan)


def number_o(item: Any) -> float:
    """fn:number of at most one number."""
    return math.nan if item is None else float(item)


def float_o(number: Any) -> float | None:
    """A number as xs:double, or None."""
    return None if number is None else float(number)


class Date:
    """xs:date: comparable; without a time zone it is taken as UTC, as the oracle does by default."""

    __slots__ = ("key", "text")

    def __init__(self, text: str, key: int) -> None:
        self.text, self.key = text, key

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Date) and self.key == other.key

    def __lt__(self, other: Date) -> bool:
        return self.key < other.key

    def __le__(self, other: Date) -> bool:
        return self.key <= other.key

    def __gt__(self, other: Date) -> bool:
        return self.key > other.key

    def __ge__(self, other: Date) -> bool:
        return self.key >= other.key

    def __hash__(self) -> int:
        return hash(self.key)


_DATE = re.compile(r"(-?)([0-9]{4,})-([0-9]{2})-([0-9]{2})(Z|[+-][0-9]{2}:[0-9]{2})?\Z")


def date(text: str) -> Date:
    """xs:date of a string or untyped value. Raises FORG0001."""
    plain = text.strip(WHITE)
    match = _DATE.match(plain)
    if match is None or (len(match[2]) > 4 and match[2][0] == "0"):
        raise DynamicError("FORG0001", f"{text[:40]!r} is no xs:date")
    year, month, day = int(match[1] + match[2]), int(match[3]), int(match[4])
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    days = (31, 29 if leap else 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
    if not 1 <= month <= 12 or not 1 <= day <= days[month - 1]:
        raise DynamicError("FORG0001", f"{text[:40]!r} is no xs:date")
    offset = 0
    zone = match[5]
    if zone and zone != "Z":
        hours, minutes = int(zone[1:3]), int(zone[4:6])
        if hours > 14 or minutes > 59 or (hours == 14 and minutes):
            raise DynamicError("FORG0001", f"{text[:40]!r} is no xs:date")
        offset = (hours * 60 + minutes) * (1 if zone[0] == "+" else -1)
    # Days since year 0 of the proleptic Gregorian calendar, in minutes.
    y = year - 1
    number = y * 365 + y // 4 - y // 100 + y // 400 + sum(days[: month - 1]) + day
    return Date(plain, number * 1440 - offset)


def boolean(text: str) -> bool:
    """xs:boolean of a string or untyped value. Raises FORG0001."""
    plain = text.strip(WHITE)
    if plain in ("true", "1"):
        return True
    if plain in ("false", "0"):
        return False
    raise DynamicError("FORG0001", f"{text[:40]!r} is no xs:boolean")


CASTS: dict[str, Callable[[str], Any]] = {
    "decimal": dec,
    "integer": integer,
    "double": dbl,
    "date": date,
    "boolean": boolean,
    "string": str,
    "untyped": str,
}


def castable(text: str | None, kind: str, optional: bool) -> bool:
    """castable as, for strings and untyped values."""
    if text is None:
        return optional
    try:
        CASTS[kind](text)
    except DynamicError:
        return False
    return True


def castable_many(items: Sequence[str], kind: str, optional: bool) -> bool:
    """castable as, for a sequence of unknown length."""
    if len(items) > 1:
        return False
    return castable(items[0] if items else None, kind, optional)


def str_decimal(number: Any) -> str:
    """The string of an xs:decimal or xs:integer."""
    if isinstance(number, int):
        return str(number)
    text = format(number, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def str_double(number: float) -> str:
    """The string of an xs:double."""
    if number != number:
        return "NaN"
    if number in (math.inf, -math.inf):
        return "INF" if number > 0 else "-INF"
    if number == 0:
        return "-0" if math.copysign(1, number) < 0 else "0"
    if 1e-6 <= abs(number) < 1e6:
        return str_decimal(Decimal(repr(number)))
    digits = Decimal(repr(number)).normalize()
    sign, figures, exponent = digits.as_tuple()
    mantissa = str(figures[0]) + "." + ("".join(map(str, figures[1:])) or "0")
    return f"{'-' if sign else ''}{mantissa}E{int(exponent) + len(figures) - 1}"


def str_bool(truth: bool) -> str:
    """The string of an xs:boolean."""
    return "true" if truth else "false"


def sum_double(values: Iterable[str]) -> float:
    """fn:sum of untyped values, one after the other, as xs:double."""
    # From the first value on: the sum of one negative zero is negative.
    total: float | None = None
    for text in values:
        total = dbl(text) if total is None else total + dbl(text)
    # Of nothing it is the integer, which has one zero.
    return 0 if total is None else total
