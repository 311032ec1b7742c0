"""Generated documents of every type, as the platform would write them: (strategy, module) by document type."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date, timedelta
from decimal import Decimal
from types import ModuleType
from typing import Any

from hypothesis import strategies as st

from avrop.ubl import build
from avrop.ubl.documents import (
    catalogue,
    catalogue_response,
    despatch_advice,
    forward_billing,
    invoice,
    invoice_response,
    message_level_response,
    message_level_status,
    order,
    order_agreement,
    order_cancellation,
    order_change,
    order_response,
    order_response_advanced,
    payment_request,
    punch_out,
    receipt_advice,
    reminder,
    reports,
    self_billing,
)
from avrop.ubl.documents import parts as p
from avrop.ubl.documents import transport as tr
from avrop.ubl.kinds import Identifier, Quantity
from avrop.ubl.tests import strategies as s

_some_quantity = st.builds(Quantity, s.quantities, s.units)
_identified = s.items.filter(lambda item: bool(item.sellers_id or item.standard_id))


def given(document: Any, *without: str) -> dict[str, Any]:
    """The fields of a dataclass, for another one that has them too."""
    return {f.name: getattr(document, f.name) for f in fields(document) if f.name not in ("rest", *without)}


def _catalogue_item(item: p.Item, more: Any) -> catalogue.CatalogueItem:
    return catalogue.CatalogueItem(
        name=item.name or "x",
        descriptions=(item.description,) if item.description else (),
        sellers_id=item.sellers_id,
        standard_id=item.standard_id,
        classifications=item.classifications,
        tax=item.tax,
        properties=more,
    )


_properties = st.lists(st.builds(p.ItemProperty, s.text, s.text), max_size=2).map(tuple)
_offered = st.builds(_catalogue_item, _identified, _properties)


@st.composite
def order_agreements(draw: st.DrawFn) -> order_agreement.OrderAgreement:
    """An agreement with totals and VAT, as a seller writes it down."""
    lines, taxed = [], []
    for number in range(1, draw(st.integers(1, 4)) + 1):
        price, quantity, item = draw(s.prices_of), draw(_some_quantity), draw(_offered)
        amount = build.line_amount(quantity.value, price)
        assert item.tax is not None
        taxed.append((item.tax, amount))
        day = draw(s.days)
        delivery = order_agreement.AgreedDelivery(promised_period=p.Period(day, day))
        lines.append(
            order_agreement.OrderAgreementLine(
                id=str(number),
                quantity=quantity,
                item=item,
                price=price,
                line_extension_amount=amount,
                note=draw(st.none() | s.text),
                delivery=draw(st.none() | st.just(delivery)),
            )
        )
    subtotals = build.vat_breakdown(taxed)
    net, tax = sum(a for _, a in taxed), sum((t.tax_amount for t in subtotals), Decimal("0.00"))
    return order_agreement.OrderAgreement(
        id=draw(s.ids),
        issue_date=draw(s.days),
        order_reference=draw(s.ids),
        seller=_who(draw(s.sellers)),
        buyer=_who(draw(s.parties)),
        currency="NOK",
        lines=tuple(lines),
        sales_order_id=draw(st.none() | s.ids),
        notes=tuple(draw(st.lists(s.text, max_size=1))),
        customer_reference=draw(st.none() | s.ids),
        contract_reference=draw(st.none() | s.ids),
        delivery_contact=draw(st.none() | s.contacts),
        tax_total=p.TaxTotal(tax, "NOK", subtotals),
        totals=p.MonetaryTotal(
            line_extension=net, tax_exclusive=net, tax_inclusive=net + tax, payable=net + tax
        ),
    )


def _who(party: p.Party) -> p.Party:
    """Endpoint, registered name and address: what despatch advices and agreements may say of a party."""
    return p.Party(endpoint=party.endpoint, legal_name=party.legal_name, address=party.address)


@st.composite
def catalogue_responses(draw: st.DrawFn) -> catalogue_response.CatalogueResponse:
    """Yes or no to a catalogue."""
    code = draw(st.sampled_from([catalogue_response.ACCEPTED, catalogue_response.REJECTED]))
    return catalogue_response.CatalogueResponse(
        id=draw(s.ids),
        issue_date=draw(s.days),
        issue_time=draw(st.none() | st.just("12:30:00")),
        sender=build.plain_party(draw(s.parties)),
        receiver=build.plain_party(draw(s.sellers)),
        notes=tuple(draw(st.lists(s.text, max_size=2))),
        answers=(catalogue_response.Answer(code, draw(s.ids), draw(st.none() | s.ids)),),
    )


@st.composite
def carts(draw: st.DrawFn) -> punch_out.ShoppingCart:
    """A basket from a web shop; quantity and price in the same unit."""
    day, lines = draw(s.days), []
    for number in range(1, draw(st.integers(1, 4)) + 1):
        unit = draw(s.units)
        lines.append(
            punch_out.CartLine(
                id=str(number),
                item=draw(_offered),
                price=draw(s.prices),
                currency="NOK",
                quantity=Quantity(draw(s.quantities), unit),
                base_quantity=Quantity(Decimal(1), unit),
                lead_time=draw(st.none() | st.just(Quantity(Decimal(2), "DAY"))),
                territory=draw(st.none() | s.addresses),
            )
        )
    receiver = build.plain_party(draw(s.parties))
    return punch_out.ShoppingCart(
        id=draw(s.ids),
        issue_date=day,
        issue_time="09:00:00",
        provider=build.plain_party(draw(s.sellers)),
        receiver=p.Party(**given(receiver, "contact"), contact=p.Contact(id=draw(s.ids))),
        lines=tuple(lines),
        validity=p.Period(end=day + timedelta(days=draw(st.integers(0, 60)))),
        contract_reference=draw(st.none() | s.ids),
    )


_carriers = st.builds(
    tr.Carrier,
    name=s.text,
    papers=st.lists(st.builds(tr.Paper, s.ids, st.just("Licence")), max_size=1).map(tuple),
)
_units = st.builds(
    tr.HandlingUnit,
    id=st.just(Identifier("173500538500000016", "SSCC")),
    type_code=st.sampled_from(["PX", "CT"]),
    marks=st.lists(s.text, max_size=2).map(tuple),
)
_hours = st.sampled_from(["08:00:00", "12:30:00"])


@st.composite
def _shipments(draw: st.DrawFn) -> despatch_advice.Shipment:
    day = draw(s.days)
    return despatch_advice.Shipment(
        id=Identifier(draw(s.ids)),
        information=tuple(draw(st.lists(s.text, max_size=1))),
        gross_weight=draw(st.none() | st.just(Quantity(Decimal("23.5"), "KGM"))),
        consignment_id=Identifier(draw(s.ids)),
        carrier=draw(st.none() | _carriers),
        tracking_id=draw(st.none() | s.ids),
        expected=p.Period(start=day, end=day + timedelta(days=draw(st.integers(0, 5)))),
        despatched=day,
        despatched_at=draw(st.none() | _hours),
    )


@st.composite
def despatch_advices(draw: st.DrawFn) -> despatch_advice.DespatchAdvice:
    """Goods on their way, some of them packed, some to follow."""
    lines = []
    for number in range(1, draw(st.integers(1, 4)) + 1):
        item = draw(_identified)
        later = draw(st.none() | _some_quantity)
        packed = despatch_advice.LineShipment(Identifier("NA"), (draw(_units),))
        lines.append(
            despatch_advice.DespatchLine(
                id=str(number),
                item=p.Item(**given(item, "tax", "description", "manufacturers_id")),
                quantity=draw(_some_quantity),
                order_line=str(number),
                order_id=draw(st.none() | s.ids),
                note=draw(st.none() | s.text),
                outstanding=later,
                outstanding_reasons=(draw(s.text),) if later else (),
                shipment=draw(st.none() | st.just(packed)),
            )
        )
    return despatch_advice.DespatchAdvice(
        id=draw(s.ids),
        issue_date=draw(s.days),
        issue_time=draw(st.none() | _hours),
        despatch=_who(draw(s.sellers)),
        delivery=_who(draw(s.parties)),
        lines=tuple(lines),
        notes=tuple(draw(st.lists(s.text, max_size=1))),
        order_references=tuple(draw(st.lists(s.ids, max_size=2))),
        delivery_contact=draw(st.none() | s.contacts),
        buyer=draw(st.none() | st.builds(p.Party, name=s.text)),
        shipment=draw(st.none() | _shipments()),
    )


@st.composite
def receipt_advices(draw: st.DrawFn) -> receipt_advice.ReceiptAdvice:
    """What arrived, whole, short or partly turned away; or the answer to the despatch advice itself."""
    of_goods = draw(st.booleans())
    lines = []
    for number in range(1, draw(st.integers(1, 3)) + 1):
        unit = draw(s.units)
        quantity = st.builds(Quantity, s.quantities, st.just(unit))
        short, rejected = (draw(st.none() | quantity) if of_goods else None for _ in range(2))
        lines.append(
            receipt_advice.ReceiptLine(
                id=str(number),
                despatch_line=str(number),
                received=draw(quantity),
                short=short,
                shortage_action=draw(st.sampled_from("12")) if short else None,
                rejected=rejected,
                reject_reason_code=draw(st.sampled_from(("1", "8", "99"))) if rejected else None,
                reject_reason=draw(s.text) if rejected else None,
                reject_action=draw(st.sampled_from("12")) if rejected else None,
                note=draw(st.none() | s.text),
                order_line=str(number),
                order_id=draw(s.ids),
            )
        )
    return receipt_advice.ReceiptAdvice(
        id=draw(s.ids),
        issue_date=draw(s.days),
        issue_time="12:00:00+01:00",
        type_code="S" if of_goods else "D",  # PEPPOL-T128-R023
        despatch_reference=receipt_advice.DespatchReference(
            draw(s.ids),
            draw(s.days),
            "11:00:00+01:00",
            None if of_goods else draw(st.sampled_from(("AB", "AP"))),
        ),
        delivery=replace(_who(draw(s.parties)), name=draw(s.text)),
        despatch=replace(_who(draw(s.sellers)), name=draw(s.text)),
        shipment=receipt_advice.ReceivedShipment(id=Identifier(draw(s.ids))) if of_goods else None,
        lines=tuple(lines),
        notes=tuple(draw(st.lists(s.text, max_size=1))),
        order_reference=draw(st.none() | s.ids),
    )


@st.composite
def self_billed(draw: st.DrawFn) -> self_billing.SelfBilledInvoice:
    """The same invoices, written by the buyer."""
    plain = draw(s.invoices())
    code = "261" if plain.credit_note else "389"
    return self_billing.SelfBilledInvoice(
        **given(plain, "customization_id", "profile_id", "type_code"), type_code=code
    )


def _plain_invoices() -> st.SearchStrategy[invoice.Invoice]:
    return s.invoices().filter(lambda document: not document.credit_note)


@st.composite
def forward_bills(draw: st.DrawFn) -> forward_billing.ForwardBilling:
    """Invoices passed on, with the original invoice embedded."""
    plain = draw(_plain_invoices())
    return forward_billing.ForwardBilling(**given(plain, "customization_id", "profile_id", "type_code"))


_NOT_IN_REMINDERS = ("preceding", "delivery", "order_reference", "buyer_reference", "lines")


@st.composite
def reminders(draw: st.DrawFn) -> reminder.Reminder:
    """Invoices asked for again, naming the first."""
    plain = draw(_plain_invoices())
    lines = tuple(
        replace(line, item=p.Item(name=line.item.name, tax=line.item.tax), order_line=None)
        for line in plain.lines
    )
    return reminder.Reminder(
        **given(plain, "customization_id", "profile_id", "type_code", *_NOT_IN_REMINDERS),
        lines=lines,
        buyer_reference=draw(s.ids),
        preceding=(invoice.Preceding(draw(s.ids)),),
    )


@st.composite
def payment_requests(draw: st.DrawFn) -> payment_request.PaymentRequest:
    """Money asked for without a sale."""
    lines, net = [], Decimal("0.00")
    for number in range(1, draw(st.integers(1, 3)) + 1):
        amount = draw(st.decimals(Decimal("0.01"), Decimal("99999"), places=2))
        lines.append(
            invoice.InvoiceLine(
                id=str(number),
                quantity=Quantity(Decimal(1), "NAR"),
                line_extension_amount=amount,
                item=p.Item(name=draw(s.text), description=draw(st.none() | s.text)),
                price=p.Price(amount),
            )
        )
        net += amount
    seller, buyer = draw(s.parties), draw(s.parties)
    return payment_request.PaymentRequest(
        id=draw(s.ids),
        issue_date=draw(s.days),
        due_date=draw(s.days),
        currency="NOK",
        seller=p.Party(
            ids=(seller.legal_id or Identifier("1"),), name=seller.legal_name, address=seller.address
        ),
        buyer=p.Party(endpoint=buyer.endpoint, name=buyer.legal_name, address=buyer.address),
        totals=p.MonetaryTotal(line_extension=net, prepaid=Decimal("0.00"), payable=net),
        lines=tuple(lines),
        notes=(draw(s.text),),
        buyer_reference=draw(s.ids),
        payment_means=(invoice.PaymentMeans("30", payment_id="2345676", account_id="86011117947"),),
    )


_counts = st.integers(0, 10**9)


@st.composite
def end_user_statistics(draw: st.DrawFn) -> reports.EndUserStatistics:
    """A month's report on end users; the parts fit the whole."""
    day = draw(s.days).replace(day=1)
    kind = reports.Key(
        "urn:oasis:names:specification:ubl:schema:xsd:Order-2::Order##x::2.1", "DT", "busdox-docid-qns"
    )
    process = reports.Key("urn:fdc:peppol.eu:poacc:bis:ordering:3", "PR", "cenbii-procid-ubl")
    country = reports.Key("NO", "CC", "EndUserCountry")
    sending, receiving = draw(_counts), draw(_counts)
    either = draw(st.integers(max(sending, receiving), sending + receiving))
    numbers = (sending, receiving, either)
    every = (("PerDT-PR", (kind, process)), ("PerDT-PR-EUC", (kind, process, country)))
    every += (("PerDT-EUC", (kind, country)), ("PerEUC", (country,)))
    parts = tuple(reports.EndUserPart(name, keys, *numbers) for name, keys in every if either)
    return reports.EndUserStatistics(
        start=day,
        end=_last_of(day),
        reporter=Identifier("PNO000123", reports.REPORTER_SCHEME),
        total=reports.EndUsers(*numbers),
        parts=parts,
    )


@st.composite
def transaction_statistics(draw: st.DrawFn) -> reports.TransactionStatistics:
    """A month's report on transactions; each grouping adds up to the total."""
    day = draw(s.days).replace(day=1)
    incoming, outgoing = draw(_counts), draw(_counts)
    kind = reports.Key(
        "urn:oasis:names:specification:ubl:schema:xsd:Order-2::Order##x::2.1", "DT", "busdox-docid-qns"
    )
    process = reports.Key("urn:fdc:peppol.eu:poacc:bis:ordering:3", "PR", "cenbii-procid-ubl")
    provider = reports.Key("POP000001", "SP", "CertSubjectCN")
    countries = (reports.Key("NO", "CC", "SenderCountry"), reports.Key("NO", "CC", "ReceiverCountry"))
    every: list[tuple[str, tuple[reports.Key, ...]]] = [
        ("PerTP", (reports.Key("peppol-transport-as4-v2_0", "TP", "Peppol"),)),
        ("PerSP-DT-PR", (provider, kind, process)),
        ("PerSP-DT-PR-CC", (provider, kind, process, *countries)),
    ]
    return reports.TransactionStatistics(
        start=day,
        end=_last_of(day),
        reporter=Identifier("PNO000123", reports.REPORTER_SCHEME),
        total=reports.Transactions(incoming, outgoing),
        parts=tuple(
            reports.TransactionPart(name, keys, incoming, 0 if "CC" in name else outgoing)
            for name, keys in every
        ),
    )


def _last_of(day: date) -> date:
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


MADE: dict[str, tuple[st.SearchStrategy[Any], ModuleType]] = {
    "order": (s.orders(), order),
    "order_change": (s.order_changes(), order_change),
    "order_cancellation": (s.order_cancellations, order_cancellation),
    "order_response": (s.responses(), order_response),
    "order_response_advanced": (s.advanced_responses(), order_response_advanced),
    "order_agreement": (order_agreements(), order_agreement),
    "catalogue": (s.catalogues(), catalogue),
    "catalogue_response": (catalogue_responses(), catalogue_response),
    "punch_out": (carts(), punch_out),
    "despatch_advice": (despatch_advices(), despatch_advice),
    "receipt_advice": (receipt_advices(), receipt_advice),
    "invoice": (_plain_invoices(), invoice),
    "credit_note": (s.invoices().filter(lambda document: document.credit_note), invoice),
    "self_billed_invoice": (self_billed(), self_billing),
    "forward_billing": (forward_bills(), forward_billing),
    "reminder": (reminders(), reminder),
    "payment_request": (payment_requests(), payment_request),
    "invoice_response": (s.invoice_responses(), invoice_response),
    "message_level_response": (s.message_level_responses, message_level_response),
    "message_level_status": (s.message_level_statuses, message_level_status),
    "end_user_statistics": (end_user_statistics(), reports),
    "transaction_statistics": (transaction_statistics(), reports),
}
