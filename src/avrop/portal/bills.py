"""Sales order -> invoice or credit note (BIS Billing 3): amounts from the draft, parties from the order or us."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from django.utils import translation
from django.utils.translation import gettext

from avrop.kernel.identifiers import orgnr_of
from avrop.kernel.money import from_micro, from_minor, quantity_from_micro
from avrop.portal.documents import participant, price_of, quantity_of
from avrop.portal.facts import Draft, DraftLine, SalesOrderFacts
from avrop.tenancy.facts import Party as OwnParty
from avrop.ubl.build import norwegian_party
from avrop.ubl.documents import invoice
from avrop.ubl.documents import parts as p
from avrop.ubl.kinds import Identifier, Quantity

CREDIT_TRANSFER = "30"  # UNCL4461, BT-81
COMMERCIAL_CREDIT_NOTE = "381"  # UNCL1001, BT-3
LUMP_SUM = "LS"  # UN/ECE Recommendation 20: so that no reader takes an amount for goods that come back
DISCOUNT, OTHER_CHARGE = "95", "ZZZ"  # UNCL5189, UNCL7161


def bill(
    facts: SalesOrderFacts,
    draft: Draft,
    seller: OwnParty,
    *,
    number: str,
    issued: date,
    due: date,
    delivered: date,
    account: str,
    kid: str,
) -> invoice.Invoice:
    """The invoice (BIS Billing 3) of a draft. Texts in it are in the seller's language."""
    with translation.override(seller.language):
        return invoice.Invoice(
            id=number,
            issue_date=issued,
            due_date=due,
            currency=facts.currency,
            seller=_seller(seller),
            buyer=_buyer(facts),
            totals=_totals(draft),
            lines=tuple(_invoice_line(one) for one in draft.lines),
            buyer_reference=facts.buyer_reference or None,
            order_reference=facts.number,
            contract_reference=facts.contract or None,
            delivery=_delivered(facts, delivered),
            payment_means=(
                invoice.PaymentMeans(
                    code=CREDIT_TRANSFER, payment_id=kid, account_id=account, account_name=seller.name
                ),
            ),
            tax_totals=(_tax_total(facts.currency, draft),),
        )


def credit_note(
    facts: SalesOrderFacts,
    draft: Draft,
    seller: OwnParty,
    *,
    number: str,
    issued: date,
    delivered: date,
    credits: tuple[str, date],
    reason: str,
) -> invoice.Invoice:
    """The credit note (BIS Billing 3) of a draft. `credits`: number and date of the invoice (BT-25, BT-26).

    Nothing is to be paid by it, so it carries no account and no KID; BT-20 says what becomes of the amount.
    """
    with translation.override(seller.language):
        return invoice.Invoice(
            id=number,
            issue_date=issued,
            currency=facts.currency,
            type_code=COMMERCIAL_CREDIT_NOTE,
            credit_note=True,
            notes=(reason,),
            seller=_seller(seller),
            buyer=_buyer(facts),
            totals=_totals(draft),
            lines=tuple(_credit_line(one) for one in draft.lines),
            preceding=(invoice.Preceding(*credits),),
            buyer_reference=facts.buyer_reference or None,
            order_reference=facts.number,
            contract_reference=facts.contract or None,
            delivery=_delivered(facts, delivered),
            payment_terms=gettext("To be set off against invoice %(number)s.") % {"number": credits[0]},
            tax_totals=(_tax_total(facts.currency, draft),),
        )


def _seller(seller: OwnParty) -> p.Party:
    """NO-R-001: VAT number NO + orgnr + MVA. NO-R-002: Foretaksregisteret."""
    address = p.Address(
        street=seller.street or None,
        city=seller.city or None,
        postal_zone=seller.postal_zone or None,
        country="NO",
    )
    return norwegian_party(seller.orgnr, seller.name, address=address, vat=True, in_register=True)


def _buyer(facts: SalesOrderFacts) -> p.Party:
    endpoint = participant(facts.buyer_endpoint)
    norwegian = bool(facts.buyer_orgnr) and orgnr_of(f"0192:{facts.buyer_orgnr}") is not None
    return p.Party(
        endpoint=endpoint,
        name=facts.buyer_name,
        address=_out(facts.buyer_address),
        legal_name=facts.buyer_name,
        legal_id=Identifier(facts.buyer_orgnr, "0192" if norwegian else None) if facts.buyer_orgnr else None,
    )


def _out(address: Mapping[str, str]) -> p.Address:
    """An address with the country that BR-11 and BR-57 demand; Norway where the order named none."""
    return p.Address(
        street=address.get("street"),
        additional_street=address.get("additional_street"),
        city=address.get("city"),
        postal_zone=address.get("postal_zone"),
        country=address.get("country", "NO"),
    )


def _delivered(facts: SalesOrderFacts, delivered: date) -> invoice.Delivery:
    where = facts.delivery
    address = _out(where) if any(where.get(key) for key in ("street", "city", "postal_zone")) else None
    return invoice.Delivery(date=delivered, address=address, party_name=where.get("name"))


def _category(category: str, rate: int) -> p.TaxCategory:
    return p.TaxCategory(id=category, percent=from_minor(rate).normalize() + 0)


def _breakdown(category: str, rate: int) -> p.TaxCategory:
    """BR-E-10: an exempt category says why."""
    reason = gettext("Exempt from VAT") if category == "E" else None
    return p.TaxCategory(id=category, percent=_category(category, rate).percent, exemption_reason=reason)


def _tax_total(currency: str, draft: Draft) -> invoice.TaxTotal:
    return invoice.TaxTotal(
        amount=from_minor(draft.vat),
        currency=currency,
        subtotals=tuple(
            invoice.TaxSubtotal(from_minor(base), from_minor(vat), _breakdown(category, rate))
            for (category, rate), (base, vat) in draft.vat_by_rate.items()
        ),
    )


def _totals(draft: Draft) -> p.MonetaryTotal:
    net, gross = from_minor(draft.net), from_minor(draft.gross)
    return p.MonetaryTotal(line_extension=net, payable=gross, tax_exclusive=net, tax_inclusive=gross)


def _invoice_line(one: DraftLine) -> invoice.InvoiceLine:
    line = one.line
    return invoice.InvoiceLine(
        id=str(one.position),
        quantity=quantity_of(one.quantity, line),
        line_extension_amount=from_minor(one.net),
        order_line=line.line_id,
        item=p.Item(
            name=line.name,
            sellers_id=line.seller_item_id or None,
            tax=_category(line.vat_category, line.vat_rate),
        ),
        price=price_of(line, one.price),
    )


def _credit_line(one: DraftLine) -> invoice.InvoiceLine:
    if not one.amount_only:
        return replace(_invoice_line(one), allowance_charges=_beyond(one.deduction))
    return replace(
        _invoice_line(one),
        quantity=Quantity(quantity_from_micro(one.quantity), LUMP_SUM),
        price=p.Price(amount=from_micro(one.price)),
        note=gettext("Lower price; the quantity stays."),
    )


def _beyond(deduction: int) -> tuple[p.AllowanceCharge, ...]:
    """What quantity x price is above (or below) the line's amount: credited before, or rounding (R120)."""
    if not deduction:
        return ()
    return (
        p.AllowanceCharge(
            deduction < 0,
            from_minor(abs(deduction)),
            reason_code=OTHER_CHARGE if deduction < 0 else DISCOUNT,
            reason=gettext("Rounding") if deduction < 0 else gettext("Credited before"),
        ),
    )
