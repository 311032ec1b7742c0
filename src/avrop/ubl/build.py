"""Builds documents that hold the rules: Norwegian parties, and sums that follow from the lines (arithmetic.py)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from decimal import ROUND_HALF_DOWN, Decimal
from typing import TypeVar

from avrop.kernel.identifiers import SCHEME, clean_orgnr
from avrop.ubl.arithmetic import CENT, bands, in_books, line_amount, sums_of, to_ore
from avrop.ubl.documents import parts as p
from avrop.ubl.documents.invoice import Invoice
from avrop.ubl.documents.order import Order
from avrop.ubl.documents.order_change import OrderChange
from avrop.ubl.kinds import Identifier

__all__ = ["line_amount", "to_ore"]
_ZERO = Decimal("0.00")
# Why no VAT is charged, as the rules for these categories demand (BR-E-10, BR-AE-10, BR-IC-10, BR-G-10, BR-O-10).
_EXEMPTION = {
    "E": "Unntatt fra merverdiavgift",
    "AE": "Omvendt avgiftsplikt",
    "K": "Salg innenfor EØS",
    "G": "Eksport",
    "O": "Utenfor avgiftsområdet",
}
REGISTER = "Foretaksregisteret"
Ordered = TypeVar("Ordered", Order, OrderChange)


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


def vat_breakdown(taxed: Iterable[tuple[p.TaxCategory, Decimal]]) -> tuple[p.TaxSubtotal, ...]:
    """(category, amount) of lines, charges and negative allowances -> VAT per category and rate of an agreement.

    T110-R024 recomputes without slack by XPath's `round()`, which takes a negative half towards nothing: of the
    two roundings of -0.205 an order agreement says -0.20, an invoice -0.21 (arithmetic.py).
    """
    return tuple(_reasoned(_as_xpath_rounds(band.subtotal)) for band in bands(taxed))


def _as_xpath_rounds(subtotal: p.TaxSubtotal) -> p.TaxSubtotal:
    if subtotal.taxable_amount >= 0:
        return subtotal
    exact = subtotal.taxable_amount * (subtotal.category.percent or 0) / 100
    return replace(subtotal, tax_amount=exact.quantize(CENT, rounding=ROUND_HALF_DOWN))


def _reasoned(subtotal: p.TaxSubtotal) -> p.TaxSubtotal:
    """The subtotal with a reason where its category wants one and nobody gave it."""
    said = subtotal.category
    if said.exemption_reason or said.exemption_code:
        return subtotal
    return replace(subtotal, category=replace(said, exemption_reason=_EXEMPTION.get(said.id or "")))


def sum_up_invoice(
    invoice: Invoice,
    *,
    rounding: Decimal | None = None,
    prepaid: Decimal | None = None,
    rate: Decimal | None = None,
) -> Invoice:
    """The invoice with VAT breakdown (BG-23) and totals (BG-22) computed from its lines and charges.

    `rate`: units of the accounting currency (`tax_currency`, BT-6) per unit of the invoice's, for BT-111.
    """
    sums = sums_of(
        ((li.item.tax, li.line_extension_amount) for li in invoice.lines),
        invoice.allowance_charges,
        rounding=rounding or _ZERO,
        prepaid=prepaid or _ZERO,
    )
    subtotals = tuple(_reasoned(band.subtotal) for band in sums.bands)
    tax: tuple[p.TaxTotal, ...] = (p.TaxTotal(sums.tax, invoice.currency, subtotals),)
    if rate is not None and invoice.tax_currency:
        tax += (in_books(sums.tax, rate, invoice.tax_currency),)
    totals = sums.totals(with_charges=bool(invoice.allowance_charges))
    return replace(invoice, tax_totals=tax, totals=totals)


def sum_up_order(order: Ordered) -> Ordered:
    """The order (or change) with VAT amount and expected totals computed from its lines and charges.

    T01 and T114 warn (PEPPOL-T01-R002, T114-R002) where `validity_end` is not set: set it.
    """
    nets = ((li.item.tax, li.line_extension_amount or _ZERO) for li in order.lines)
    sums = sums_of(nets, order.allowance_charges)
    totals = sums.totals(with_charges=bool(order.allowance_charges))
    return replace(order, tax_amount=sums.tax, totals=totals)
