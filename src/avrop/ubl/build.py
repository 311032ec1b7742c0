"""Builds documents that hold the rules: Norwegian parties, and sums that follow from the lines.

Rounding is half up to øre per line (BT-131) and per VAT category and rate (BT-117, BR-S-09), never of a sum.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from typing import TypeVar

from avrop.kernel.identifiers import SCHEME, clean_orgnr
from avrop.ubl.documents import parts as p
from avrop.ubl.documents.invoice import Invoice, TaxSubtotal, TaxTotal
from avrop.ubl.documents.order import Order
from avrop.ubl.documents.order_change import OrderChange
from avrop.ubl.kinds import Identifier

_ORE = Decimal("0.01")
_ZERO = Decimal("0.00")
# Why no VAT is charged, as the rules for these categories demand (BR-E-10, BR-AE-10, BR-G-10, BR-O-10).
_EXEMPTION = {
    "E": "Unntatt fra merverdiavgift",
    "AE": "Omvendt avgiftsplikt",
    "G": "Eksport",
    "O": "Utenfor avgiftsområdet",
}
REGISTER = "Foretaksregisteret"
Ordered = TypeVar("Ordered", Order, OrderChange)


def to_ore(value: Decimal) -> Decimal:
    """`value` with two decimals, half up on the absolute value."""
    return value.quantize(_ORE, rounding=ROUND_HALF_UP)


def norwegian_party(
    number: str,
    name: str,
    *,
    address: p.Address | None = None,
    vat: bool = False,
    in_register: bool = False,
    contact: p.Contact | None = None,
    trading_name: str | None = None,
) -> p.Party:
    """A party with a Norwegian organisation number, reachable in Peppol under it.

    `vat`: registered for VAT, so `NO...MVA` is given (NO-R-001). `in_register`: the seller says
    `Foretaksregisteret` (NO-R-002). Raises BadIdentifier for a wrong number.
    """
    orgnr = clean_orgnr(number)
    tax = [p.TaxRegistration(f"NO{orgnr}MVA")] if vat else []
    if in_register:
        tax.append(p.TaxRegistration(REGISTER, "TAX"))
    return p.Party(
        endpoint=Identifier(orgnr, SCHEME),
        name=trading_name,
        address=address or p.Address(country="NO"),
        tax=tuple(tax),
        legal_name=name,
        legal_id=Identifier(orgnr, SCHEME),
        contact=contact,
    )


def plain_party(party: p.Party) -> p.Party:
    """The party as order responses and invoice responses may name it: who, and nothing more."""
    return p.Party(endpoint=party.endpoint, ids=party.ids, legal_name=party.legal_name or party.name)


def order_seller(party: p.Party) -> p.Party:
    """The seller as an order may name it: T01 has no place for the seller's tax numbers."""
    return replace(party, tax=())


def catalogue_party(party: p.Party) -> p.Party:
    """Provider or receiver of a catalogue (T19): no trading name, tax number or contact."""
    return replace(party, name=None, tax=(), contact=None)


def catalogue_seller(party: p.Party) -> p.Party:
    """The seller in a catalogue (T19): trading name and contact, no legal entity or tax number."""
    return replace(party, name=party.display_name, tax=(), legal_name=None, legal_id=None, legal_form=None)


def line_amount(
    quantity: Decimal, price: p.Price, allowance_charges: Iterable[p.AllowanceCharge] = ()
) -> Decimal:
    """Net amount of a line (BT-131): quantity x price / base quantity, with the line's own charges."""
    base = price.base_quantity.value if price.base_quantity else Decimal(1)
    amount = to_ore(quantity * price.amount / base)
    return amount + _signed(allowance_charges)


def _signed(allowance_charges: Iterable[p.AllowanceCharge]) -> Decimal:
    return sum((to_ore(a.amount) if a.charge else -to_ore(a.amount) for a in allowance_charges), _ZERO)


def vat_breakdown(taxed: Iterable[tuple[p.TaxCategory, Decimal]]) -> tuple[TaxSubtotal, ...]:
    """(category, amount) of lines, charges and negative allowances -> VAT per category and rate (BG-23)."""
    bases: dict[tuple[str, Decimal | None], Decimal] = {}
    for category, amount in taxed:
        percent = category.percent.normalize() if category.percent is not None else None
        key = (category.id or "S", percent)
        bases[key] = bases.get(key, _ZERO) + amount
    return tuple(
        TaxSubtotal(
            base,
            to_ore(base * (percent or 0) / 100),
            p.TaxCategory(id=name, percent=_percent(percent), exemption_reason=_EXEMPTION.get(name)),
        )
        for (name, percent), base in sorted(bases.items(), key=lambda item: (item[0][0], item[0][1] or 0))
    )


def _percent(percent: Decimal | None) -> Decimal | None:
    """25, not 2.5E+1."""
    return None if percent is None else Decimal(format(percent, "f"))


def _taxed(
    lines: Iterable[tuple[p.Item, Decimal]], charges: Iterable[p.AllowanceCharge]
) -> list[tuple[p.TaxCategory, Decimal]]:
    rows = [(item.tax or p.TaxCategory("O"), amount) for item, amount in lines]
    rows += [(c.tax or p.TaxCategory("O"), _signed((c,))) for c in charges]
    return rows


def _totals(net: Decimal, charges: tuple[p.AllowanceCharge, ...], tax: Decimal) -> p.MonetaryTotal:
    exclusive = net + _signed(charges)
    return p.MonetaryTotal(
        line_extension=net,
        tax_exclusive=exclusive,
        tax_inclusive=exclusive + tax,
        allowance_total=-_signed(c for c in charges if not c.charge) if charges else None,
        charge_total=_signed(c for c in charges if c.charge) if charges else None,
        payable=exclusive + tax,
    )


def sum_up_invoice(invoice: Invoice, *, rounding: Decimal | None = None) -> Invoice:
    """The invoice with VAT breakdown (BG-23) and totals (BG-22) computed from its lines and charges."""
    subtotals = vat_breakdown(
        _taxed(((li.item, li.line_extension_amount) for li in invoice.lines), invoice.allowance_charges)
    )
    tax = sum((s.tax_amount for s in subtotals), _ZERO)
    net = sum((li.line_extension_amount for li in invoice.lines), _ZERO)
    totals = _totals(net, invoice.allowance_charges, tax)
    if rounding:
        totals = replace(totals, rounding=rounding, payable=totals.payable + rounding)
    return replace(invoice, tax_totals=(TaxTotal(tax, invoice.currency, subtotals),), totals=totals)


def sum_up_order(order: Ordered) -> Ordered:
    """The order (or change) with VAT amount and expected totals computed from its lines and charges.

    T01 and T114 warn (PEPPOL-T01-R002, T114-R002) where `validity_end` is not set: set it.
    """
    nets = [(li.item, li.line_extension_amount or _ZERO) for li in order.lines]
    subtotals = vat_breakdown(_taxed(nets, order.allowance_charges))
    tax = sum((s.tax_amount for s in subtotals), _ZERO)
    net = sum((amount for _, amount in nets), _ZERO)
    return replace(order, tax_amount=tax, totals=_totals(net, order.allowance_charges, tax))
