"""A Peppol Order (T01) of another system -> what we take over of it. Pure; refuses with a reason.

The document must say enough to match its invoices: quantities, prices and units are kept as they stand. What
our orders have no place for (document charges) is left out with a warning.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from decimal import Decimal

from avrop.kernel.finding import Refusal
from avrop.kernel.money import MICRO, line_amount, to_micro, to_minor, vat_by_rate
from avrop.kernel.ports import OSLO
from avrop.ubl.documents import order as t01
from avrop.ubl.documents import parts as p

LONGEST_NUMBER = 100
_MOST_LINES = 10_000
_LARGEST = 10**15  # quantity or price scaled by 10^6: a thousand million
_MOST_NET = 10**13  # øre on a line
_NOON = time(12)  # an order without a time of day was issued some time that day
_STANDARD = ("S", 2500)  # merverdiavgiftslova section 5-1; the budget resolution's standard rate


@dataclass(frozen=True, slots=True)
class TakenLine:
    """A line as we keep it. Quantities and price scaled by 10^6, VAT in basis points, net in øre."""

    line_no: int
    name: str
    seller_item_id: str
    category: str
    quantity: int
    unit_code: str
    price: int
    base_quantity: int
    vat_category: str
    vat_rate: int
    net: int
    coding_text: str  # what the other system's accounting cost said


@dataclass(frozen=True, slots=True)
class Taken:
    """An order as we keep it. Amounts in øre. `warnings` are codes of `texts.TAKEOVER_WARNINGS`."""

    number: str
    issued_at: datetime
    lines: tuple[TakenLine, ...]
    net: int
    vat: int
    reference: str
    requester_name: str
    warnings: tuple[str, ...]

    @property
    def gross(self) -> int:
        """Including VAT."""
        return self.net + self.vat


def read(document: t01.Order) -> Taken:
    """What we keep of an order. Raises Refusal: TAKEOVER_NUMBER, _CURRENCY, _NO_LINES and _LINE."""
    number = document.id.strip()
    if not number or len(number) > LONGEST_NUMBER:
        raise Refusal("TAKEOVER_NUMBER", number=number[:40])
    if document.currency != "NOK":
        raise Refusal("TAKEOVER_CURRENCY", number=number, currency=document.currency)
    if not 0 < len(document.lines) <= _MOST_LINES:
        raise Refusal("TAKEOVER_NO_LINES", number=number)
    warnings: list[str] = []
    lines = _lines(document, warnings)
    rates = vat_by_rate([(one.vat_category, one.vat_rate, one.net) for one in lines])
    if document.allowance_charges:
        warnings.append("CHARGES_LEFT_OUT")
    return Taken(
        number=number,
        issued_at=datetime.combine(document.issue_date, _NOON, OSLO).astimezone(UTC),
        lines=lines,
        net=sum(net for net, _vat in rates.values()),
        vat=sum(vat for _net, vat in rates.values()),
        reference=(document.customer_reference or "").strip()[:100],
        requester_name=_who(document)[:200],
        warnings=tuple(dict.fromkeys(warnings)),
    )


def _who(document: t01.Order) -> str:
    contact = document.buyer.contact.name if document.buyer.contact else ""
    originator = document.originator.display_name if document.originator else ""
    return (contact or originator or document.customer_reference or "").strip()


def _lines(document: t01.Order, warnings: list[str]) -> tuple[TakenLine, ...]:
    numbers = _numbers([one.id for one in document.lines])
    if [str(n) for n in numbers] != [one.id.strip() for one in document.lines]:
        warnings.append("LINES_RENUMBERED")
    rate = _rate_of_all(document)
    return tuple(
        _line(document, one, number, rate, warnings)
        for one, number in zip(document.lines, numbers, strict=True)
    )


def _numbers(ids: Sequence[str]) -> list[int]:
    """The lines' own numbers, where each has one; else their places. An invoice names them (BT-132)."""
    own = [int(one) for one in (i.strip() for i in ids) if one.isascii() and one.isdigit() and len(one) < 10]
    if len(own) == len(ids) and len(set(own)) == len(own) and min(own) > 0:
        return own
    return list(range(1, len(ids) + 1))


def _rate_of_all(document: t01.Order) -> tuple[str, int] | None:
    """The one rate that the order's tax total shows, for lines that do not say theirs."""
    totals = document.totals
    if document.tax_amount is None or totals is None:
        return None
    base = totals.tax_exclusive or totals.line_extension
    if not base:
        return None
    rate = int((document.tax_amount * 10_000 / base).quantize(Decimal(1)))
    fits = abs(base * rate / 10_000 - document.tax_amount) <= Decimal("0.01")
    return ("S" if rate else "Z", rate) if fits and 0 <= rate <= 10_000 else None


def _line(
    document: t01.Order,
    line: t01.OrderLine,
    number: int,
    rate: tuple[str, int] | None,
    warnings: list[str],
) -> TakenLine:
    def refuse(reason: str) -> Refusal:
        return Refusal("TAKEOVER_LINE", number=document.id.strip(), line=line.id[:20], why=reason)

    unit = line.quantity.unit or ""
    quantity = to_micro(line.quantity.value)
    if not 0 < quantity < _LARGEST:
        raise refuse("QUANTITY")
    if not 0 < len(unit) <= 3:
        raise refuse("UNIT")
    price, base = _price(line, quantity)
    if price is None or not 0 <= price < _LARGEST or not 0 < base < _LARGEST:
        raise refuse("PRICE")
    net = line_amount(quantity, price, base)
    if net > _MOST_NET:
        raise refuse("PRICE")
    category, basis = _vat(line.item.tax, rate, warnings)
    kinds = line.item.classifications
    return TakenLine(
        line_no=number,
        name=(line.item.name or "").strip()[:300] or str(number),
        seller_item_id=(line.item.sellers_id or "").strip()[:60],
        category=kinds[0].code[:40] if kinds else "",
        quantity=quantity,
        unit_code=unit,
        price=price,
        base_quantity=base,
        vat_category=category,
        vat_rate=basis,
        net=net,
        coding_text=(line.accounting_cost or document.accounting_cost or "").strip()[:200],
    )


def _price(line: t01.OrderLine, quantity: int) -> tuple[int | None, int]:
    """Price and base quantity that give the line's own amount, where it has one (allowances included)."""
    amount = line.line_extension_amount
    if line.price is not None and not line.allowance_charges:
        base = line.price.base_quantity
        price, per = to_micro(line.price.amount), to_micro(base.value) if base else MICRO
        usable = per > 0 and price >= 0 and (base is None or base.unit in (None, line.quantity.unit))
        if usable and (amount is None or line_amount(quantity, price, per) == to_minor(amount)):
            return price, per
    if amount is None:
        return None, MICRO
    return to_minor(amount) * 10_000, quantity


def _vat(tax: p.TaxCategory | None, rate: tuple[str, int] | None, warnings: list[str]) -> tuple[str, int]:
    if tax is not None and tax.id and len(tax.id) <= 2:
        basis = int((tax.percent or Decimal(0)) * 100)
        if 0 <= basis <= 10_000:
            return tax.id, basis
    warnings.append("VAT_DERIVED" if rate else "VAT_ASSUMED")
    return rate or _STANDARD
