"""Invoices as a supplier's own system would send them: dearer, with a fee, or without an order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from avrop.demo.acts import once
from avrop.demo.assortment import ZERO_RATED, Item
from avrop.demo.people import acting
from avrop.demo.steps import SELLERS, sales_order, seller_of
from avrop.kernel.money import MICRO, line_amount, vat_by_rate
from avrop.kernel.ports import new_id, now, today
from avrop.messaging.intake import receive
from avrop.ordering.facts import OrderFacts
from avrop.portal import bills, queries, rules
from avrop.portal.facts import Draft, DraftLine
from avrop.tenancy import queries as tenancy
from avrop.tenancy.facts import Party
from avrop.ubl import sbdh
from avrop.ubl.build import norwegian_party, sum_up_invoice
from avrop.ubl.documents import invoice as ubl
from avrop.ubl.documents import parts
from avrop.ubl.identify import document_type_id
from avrop.ubl.kinds import Quantity

FEE, FEE_CODE = Decimal("49.00"), "ADR"  # UNCL7161: ADR is "other services"


@once()
def bill(
    order: OrderFacts,
    number: str,
    *,
    dearer: int = 0,
    more: int = 0,
    fee: bool = False,
    account: str = "",
    seller: str = "",
    cancelled: bool = False,
    change: Callable[[ubl.Invoice], ubl.Invoice] | None = None,
) -> None:
    """An invoice for the whole order: `dearer` per cent, `more` units of the first line, a fee, an account,
    another seller, though it was `cancelled`, or with any other `change`."""
    slug, login = seller_of(order)
    with acting(login, slug):
        facts = sales_order(order)
        if cancelled:  # the supplier's other system has not heard of it
            stands = tuple(replace(line, cancelled=False) for line in facts.lines)
            facts = replace(facts, lines=stands, state="accepted")
        draft = _other(rules.draft(facts, None), dearer, more)
    slug = seller or slug
    party = tenancy.party_by_slug(slug)
    assert party is not None
    with acting(SELLERS[slug], slug):
        document = bills.bill(
            facts,
            draft,
            party,
            number=number,
            issued=today(),
            due=today() + timedelta(days=30),
            delivered=today(),
            account=account or queries.bank_account(),
            kid=rules.kid(number),
        )
    document = change(document) if change else document
    deliver(_with_fee(document) if fee else document)


@once()
def credit(order: OrderFacts, number: str, *, of: str, issued: date, more: int) -> None:
    """A credit note for all of the order and so many `more` of its first line; `of`: the invoice
    and when it was `issued`, or none."""
    slug, login = seller_of(order)
    with acting(login, slug):
        facts = sales_order(order)
        document = bills.credit_note(
            facts,
            _other(rules.draft(facts, None), 0, more),
            tenancy.party(order.supplier_id),
            number=number,
            issued=today(),
            delivered=today(),
            credits=(of or number, issued),
            reason="Etter avtale",
        )
    deliver(
        document
        if of
        else replace(document, preceding=(), order_reference=None, buyer_reference="Sjukeheimen")
    )


def _other(draft: Draft, dearer: int, more: int) -> Draft:
    lines = []
    for one in draft.lines:
        price = one.price * (100 + dearer) // 100 // 10_000 * 10_000
        quantity = one.quantity + (more * MICRO if one.position == 1 else 0)
        net = line_amount(quantity, price, one.line.base_quantity)
        lines.append(DraftLine(one.position, one.line, quantity, price, net))
    rates = vat_by_rate([(one.line.vat_category, one.line.vat_rate, one.net) for one in lines])
    return Draft(tuple(lines), rates)


def _with_fee(document: ubl.Invoice) -> ubl.Invoice:
    """The same invoice with 49 kroner for sending it (UNCL7161)."""
    tax = parts.TaxCategory(id="S", percent=Decimal(25))
    charge = parts.AllowanceCharge(True, FEE, reason_code=FEE_CODE, reason="Fakturagebyr", tax=tax)
    return sum_up_invoice(replace(document, allowance_charges=(charge,)))


@once()
def without_order(
    supplier: str, town: str, number: str, *, text: str, kroner: int, reference: str = ""
) -> None:
    """An invoice that names no order, for one line of 25 % goods or service."""
    line = _line("1", text, Decimal(1), "EA", Decimal(kroner), 25)
    deliver(_document(supplier, town, number, (line,), buyer_reference=reference or "Fellestenesta"))


@once()
def for_items(supplier: str, town: str, number: str, wanted: list[tuple[Item, int]], *, order: str) -> None:
    """An invoice for items of the catalogue on an order that the supplier's own system knows."""
    lines = tuple(
        replace(
            _line(str(at), item.names["nn"], Decimal(count), item.unit, item.price, item.vat, item.seller_id),
            order_line=str(at),
        )
        for at, (item, count) in enumerate(wanted, 1)
    )
    deliver(_document(supplier, town, number, lines, order_reference=order))


def _line(
    ident: str, text: str, count: Decimal, unit: str, price: Decimal, vat: int, item: str = ""
) -> ubl.InvoiceLine:
    tax = parts.TaxCategory(id="S" if vat else ZERO_RATED, percent=Decimal(vat))
    return ubl.InvoiceLine(
        id=ident,
        quantity=Quantity(count, unit),
        line_extension_amount=(count * price).quantize(Decimal("0.01")),
        item=parts.Item(name=text, sellers_id=item or None, tax=tax),
        price=parts.Price(amount=price),
    )


def _document(
    supplier: str,
    town: str,
    number: str,
    lines: tuple[ubl.InvoiceLine, ...],
    *,
    buyer_reference: str | None = None,
    order_reference: str | None = None,
) -> ubl.Invoice:
    seller, buyer = tenancy.party_by_slug(supplier), tenancy.party_by_slug(town)
    assert seller is not None and buyer is not None
    with acting(SELLERS[supplier], supplier):
        account = queries.bank_account()
    net = sum((line.line_extension_amount for line in lines), Decimal(0))
    document = ubl.Invoice(
        id=number,
        issue_date=today(),
        due_date=today() + timedelta(days=30),
        currency="NOK",
        seller=norwegian_party(
            seller.orgnr, seller.name, address=_address(seller), vat=True, in_register=True
        ),
        buyer=norwegian_party(buyer.orgnr, buyer.name, address=_address(buyer)),
        lines=lines,
        buyer_reference=buyer_reference,
        order_reference=order_reference,
        delivery=ubl.Delivery(date=today()),
        payment_means=(ubl.PaymentMeans(code="30", payment_id=rules.kid(number), account_id=account),),
        totals=parts.MonetaryTotal(line_extension=net, payable=net),
    )
    return sum_up_invoice(document)


def _address(party: Party) -> parts.Address:
    return parts.Address(street=party.street, city=party.city, postal_zone=party.postal_zone, country="NO")


def deliver(document: ubl.Invoice) -> None:
    """Wrap it and hand it to the inbound path, as an access point of somebody else would."""
    assert document.seller.endpoint is not None and document.buyer.endpoint is not None
    header = sbdh.Header(
        sender=str(document.seller.endpoint),
        receiver=str(document.buyer.endpoint),
        document_type_id=document_type_id(
            "CreditNote" if document.credit_note else "Invoice", document.customization_id
        ),
        process_id=document.profile_id,
        instance_id=str(new_id()),
        created_at=now(),
    )
    receive(sbdh.wrap(ubl.write(document), header), transport="file")


@once()
def raw(content: bytes) -> None:
    """Bytes that are no message, as they come from outside."""
    receive(content, transport="file")
