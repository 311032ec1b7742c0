"""Values in a document: identifiers, quantities, amounts, dates. Read strictly, written plainly."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from lxml import etree

from avrop.kernel.finding import Refusal
from avrop.ubl.location import location


class DocumentRefused(Refusal):
    """A well-formed document that cannot be read, or a dataclass that cannot be written.

    Codes: BAD_NUMBER, BAD_DATE, BAD_BOOLEAN, BAD_BINARY, BAD_CHARACTER, MISSING, REPEATED, CURRENCY_MIXED,
    WRONG_ROOT, NO_PAYLOAD.
    `location` is the path in the document (`/Invoice/cac:InvoiceLine[2]/...`).
    """

    code = "MISSING"

    def __init__(self, code: str, location: str = "", **params: object) -> None:
        super().__init__(code, location=location, **params)
        self.location = location


@dataclass(frozen=True, slots=True)
class Identifier:
    """A value with the scheme that gave it (`schemeID`, ISO 6523 for parties)."""

    value: str
    scheme: str | None = None

    def __str__(self) -> str:
        return f"{self.scheme}:{self.value}" if self.scheme else self.value


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number of units; `unit` is UN/ECE Recommendation 20 (or 21 with an X)."""

    value: Decimal
    unit: str | None = None


class Context:
    """What holds for a whole document while it is read or written: its currency."""

    __slots__ = ("currency",)

    def __init__(self, currency: str | None = None) -> None:
        self.currency = currency


# XML Schema's xs:decimal, with caps; Decimal() alone would take "1_000", "NaN" and other scripts' digits.
_DECIMAL = re.compile(r"[+-]?(?:\d{1,15}(?:\.\d{0,30})?|\.\d{1,30})\Z", re.ASCII)
_DATE = re.compile(r"(\d{4}-\d\d-\d\d)(?:Z|[+-]\d\d:\d\d)?\Z", re.ASCII)
_BOOLEANS = {"true": True, "1": True, "false": False, "0": False}
_SPACE = " \t\r\n"
UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def text_of(element: etree._Element) -> str:
    """The element's text without white space around it."""
    return (element.text or "").strip(_SPACE)


def to_decimal(text: str, element: etree._Element) -> Decimal:
    """A plain decimal number. Raises DocumentRefused BAD_NUMBER."""
    if not _DECIMAL.match(text):
        raise DocumentRefused("BAD_NUMBER", location(element), value=text[:40])
    return Decimal(text)


def _read_text(element: etree._Element, context: Context) -> str | None:
    return text_of(element) or None


def _read_decimal(element: etree._Element, context: Context) -> Decimal:
    return to_decimal(text_of(element), element)


def _read_amount(element: etree._Element, context: Context) -> Decimal:
    currency = element.get("currencyID")
    if currency != context.currency and currency is not None:
        if context.currency is not None:
            raise DocumentRefused("CURRENCY_MIXED", location(element), currency=currency[:10])
        context.currency = currency
    return to_decimal(text_of(element), element)


def _read_quantity(element: etree._Element, context: Context) -> Quantity:
    return Quantity(to_decimal(text_of(element), element), element.get("unitCode"))


def _read_identifier(element: etree._Element, context: Context) -> Identifier | None:
    value = text_of(element)
    return Identifier(value, element.get("schemeID")) if value else None


def _read_date(element: etree._Element, context: Context) -> date:
    text = text_of(element)
    match = _DATE.match(text)
    try:
        return date.fromisoformat(match[1] if match else "")
    except ValueError:
        raise DocumentRefused("BAD_DATE", location(element), value=text[:40]) from None


def _read_boolean(element: etree._Element, context: Context) -> bool:
    text = text_of(element)
    if text not in _BOOLEANS:
        raise DocumentRefused("BAD_BOOLEAN", location(element), value=text[:40])
    return _BOOLEANS[text]


def _read_currency(element: etree._Element, context: Context) -> str | None:
    context.currency = text_of(element) or None
    return context.currency


def _plain(value: Decimal) -> str:
    return format(value, "f")


def _write_amount(value: Decimal, context: Context) -> tuple[str, str]:
    exponent = value.as_tuple().exponent
    if isinstance(exponent, int) and exponent > -2:
        value = value.quantize(Decimal("0.01"))
    return f' currencyID="{context.currency}"', _plain(value)


def _write_price(value: Decimal, context: Context) -> tuple[str, str]:
    return f' currencyID="{context.currency}"', _plain(value)


def _write_quantity(value: Quantity, context: Context) -> tuple[str, str]:
    return (f" unitCode={quoteattr(value.unit)}" if value.unit else ""), _plain(value.value)


def _write_identifier(value: Identifier, context: Context) -> tuple[str, str]:
    return (f" schemeID={quoteattr(value.scheme)}" if value.scheme else ""), escape(value.value)


def _write_text(value: str, context: Context) -> tuple[str, str]:
    return "", escape(value)


Reader = Callable[[etree._Element, Context], Any]
Writer = Callable[[Any, Context], tuple[str, str]]
KINDS: dict[str, tuple[Reader, Writer]] = {
    "text": (_read_text, _write_text),
    "decimal": (_read_decimal, lambda value, _: ("", _plain(value))),
    "amount": (_read_amount, _write_amount),
    "price": (_read_amount, _write_price),
    "quantity": (_read_quantity, _write_quantity),
    "identifier": (_read_identifier, _write_identifier),
    "date": (_read_date, lambda value, _: ("", value.isoformat())),
    "boolean": (_read_boolean, lambda value, _: ("", "true" if value else "false")),
    "currency": (_read_currency, _write_text),
}
