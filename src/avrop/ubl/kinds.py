"""Values in a document: identifiers, quantities, amounts, dates. Read strictly, written plainly."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

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
    """What holds for a whole document while it is read or written: its currency.

    `declared`: the document names its currency itself, so that amounts in it can be written again. Otherwise the
    first amount gives it, and every amount is kept as it was spelled.
    """

    __slots__ = ("currency", "declared")

    def __init__(self, currency: str | None = None, *, declared: bool = False) -> None:
        self.currency = currency
        self.declared = declared


# XML Schema's xs:decimal, with caps; Decimal() alone would take "1_000", "NaN" and other scripts' digits.
_DECIMAL = re.compile(r"[+-]?(?:\d{1,15}(?:\.\d{0,30})?|\.\d{1,30})\Z", re.ASCII)
# The same as we would write it: a number, and an amount with its two decimals.
_PLAIN = re.compile(r"-?(?:0|[1-9]\d{0,14})(?:\.\d{1,30})?\Z", re.ASCII).match
_PLAIN_AMOUNT = re.compile(r"-?(?:0|[1-9]\d{0,14})\.\d{2,30}\Z", re.ASCII).match
_DATE = re.compile(r"(\d{4}-\d\d-\d\d)(?:Z|[+-]\d\d:\d\d)?\Z", re.ASCII)
_COUNT = re.compile(r"\+?\d{1,15}\Z", re.ASCII).match
_PLAIN_DATE = re.compile(r"\d{4}-\d\d-\d\d\Z", re.ASCII).match
_BOOLEANS = {"true": True, "1": True, "false": False, "0": False}
_CENT = Decimal("0.01")
SPACE = " \t\r\n"
UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_MARKUP = re.compile("[&<>\r]").search
_MARKUP_IN_VALUE = re.compile('[&<>"\r\n\t]').search
# What a reader says of an element that we would write otherwise; else the number of its attributes that we write.
OTHERWISE = -1000


def escape(text: str) -> str:
    """`text` as the content of an element. A carriage return is spelled out: a parser would make it a line feed."""
    if _MARKUP(text) is None:
        return text
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return text.replace("\r", "&#13;")


def quoted(text: str) -> str:
    """`text` as the value of an attribute, with its quotes."""
    if _MARKUP_IN_VALUE(text) is not None:
        text = escape(text).replace('"', "&quot;").replace("\n", "&#10;").replace("\t", "&#9;")
    return f'"{text}"'


def text_of(element: etree._Element) -> str:
    """The element's text without white space around it."""
    return (element.text or "").strip(SPACE)


def to_decimal(text: str, element: etree._Element) -> Decimal:
    """A plain decimal number. Raises DocumentRefused BAD_NUMBER, also where an element splits it (1<x/>000)."""
    if not _DECIMAL.match(text) or len(element):
        raise DocumentRefused("BAD_NUMBER", location(element), value=text[:40])
    return Decimal(text)


def _read_text(element: etree._Element, context: Context) -> tuple[str | None, int]:
    text = element.text
    value = text.strip(SPACE) if text else None
    return value or None, 0 if value is text else OTHERWISE


def _read_decimal(element: etree._Element, context: Context) -> tuple[Decimal, int]:
    text = element.text
    if text is not None and _PLAIN(text):
        return Decimal(text), 0
    return to_decimal(text_of(element), element), OTHERWISE


def _in_currency(element: etree._Element, context: Context) -> int:
    """1 where we would write the amount's currency again. Raises DocumentRefused CURRENCY_MIXED."""
    currency = element.get("currencyID")
    if currency is None:
        return OTHERWISE
    if currency != context.currency:
        if context.currency is not None:
            raise DocumentRefused("CURRENCY_MIXED", location(element), currency=currency[:10])
        context.currency = currency
    return 1 if context.declared else OTHERWISE


def _read_amount(element: etree._Element, context: Context) -> tuple[Decimal, int]:
    used = _in_currency(element, context)
    text = element.text
    if text is not None and _PLAIN_AMOUNT(text):
        return Decimal(text), used
    return to_decimal(text_of(element), element), OTHERWISE


def _read_price(element: etree._Element, context: Context) -> tuple[Decimal, int]:
    used = _in_currency(element, context)
    text = element.text
    if text is not None and _PLAIN(text):
        return Decimal(text), used
    return to_decimal(text_of(element), element), OTHERWISE


def _read_quantity(element: etree._Element, context: Context) -> tuple[Quantity, int]:
    text, unit = element.text, element.get("unitCode")
    if text is not None and _PLAIN(text):
        return Quantity(Decimal(text), unit), 1 if unit else 0
    return Quantity(to_decimal(text_of(element), element), unit), OTHERWISE


def _read_identifier(element: etree._Element, context: Context) -> tuple[Identifier | None, int]:
    text, scheme = element.text, element.get("schemeID")
    value = text.strip(SPACE) if text else None
    if not value:
        return None, 0
    used = 1 if scheme else 0
    return Identifier(value, scheme), used if value is text else OTHERWISE


def _read_date(element: etree._Element, context: Context) -> tuple[date, int]:
    text = text_of(element)
    match = _DATE.match(text)
    try:
        value = date.fromisoformat(match[1] if match else "")
    except ValueError:
        raise DocumentRefused("BAD_DATE", location(element), value=text[:40]) from None
    return value, 0 if _PLAIN_DATE(element.text or "") else OTHERWISE


def _read_boolean(element: etree._Element, context: Context) -> tuple[bool, int]:
    text = text_of(element)
    if text not in _BOOLEANS:
        raise DocumentRefused("BAD_BOOLEAN", location(element), value=text[:40])
    return _BOOLEANS[text], 0 if element.text in ("true", "false") else OTHERWISE


def _read_count(element: etree._Element, context: Context) -> tuple[int, int]:
    """A whole number that is not negative. Raises DocumentRefused BAD_NUMBER."""
    text = text_of(element)
    if not _COUNT(text):
        raise DocumentRefused("BAD_NUMBER", location(element), value=text[:40])
    return int(text), 0 if str(int(text)) == element.text else OTHERWISE


def _read_currency(element: etree._Element, context: Context) -> tuple[str | None, int]:
    value, used = _read_text(element, context)
    context.currency, context.declared = value, value is not None
    return value, used


def _plain(value: Decimal) -> str:
    text = str(value)
    return text if "E" not in text else format(value, "f")


def _currency(context: Context) -> str:
    if context.currency is None:
        raise DocumentRefused("MISSING", path="cbc:DocumentCurrencyCode")
    return context.currency


def _write_amount(value: Decimal, context: Context) -> str:
    exponent = value.as_tuple().exponent
    if isinstance(exponent, int) and exponent > -2:
        value = value.quantize(_CENT)
    return f' currencyID="{_currency(context)}">{_plain(value)}'


def _write_price(value: Decimal, context: Context) -> str:
    return f' currencyID="{_currency(context)}">{_plain(value)}'


def _write_quantity(value: Quantity, context: Context) -> str:
    unit = f" unitCode={quoted(value.unit)}" if value.unit else ""
    return f"{unit}>{_plain(value.value)}"


def _write_identifier(value: Identifier, context: Context) -> str:
    scheme = f" schemeID={quoted(value.scheme)}" if value.scheme else ""
    return f"{scheme}>{escape(value.value)}"


def _write_text(value: str, context: Context) -> str:
    return ">" + escape(value)


# A reader gives the value and how many of the element's attributes we would write again, or OTHERWISE; a writer
# gives what stands behind the element's name: attributes, `>` and text.
Reader = Callable[[etree._Element, Context], tuple[Any, int]]
Writer = Callable[[Any, Context], str]
KINDS: dict[str, tuple[Reader, Writer]] = {
    "text": (_read_text, _write_text),
    "decimal": (_read_decimal, lambda value, _: ">" + _plain(value)),
    "amount": (_read_amount, _write_amount),
    "price": (_read_price, _write_price),
    "quantity": (_read_quantity, _write_quantity),
    "identifier": (_read_identifier, _write_identifier),
    "count": (_read_count, lambda value, _: f">{value}"),
    "date": (_read_date, lambda value, _: ">" + value.isoformat()),
    "boolean": (_read_boolean, lambda value, _: ">true" if value else ">false"),
    "currency": (_read_currency, _write_text),
}
