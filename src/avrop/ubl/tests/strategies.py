"""Generated documents between Norwegian parties, as the platform itself would write them."""

from __future__ import annotations

from dataclasses import fields
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import strategies as st
from stdnum.no import orgnr as no_orgnr

from avrop.ubl import build
from avrop.ubl.documents import catalogue as cat
from avrop.ubl.documents import invoice as inv
from avrop.ubl.documents import invoice_response as ir
from avrop.ubl.documents import message_level_response as mlr
from avrop.ubl.documents import message_level_status as mls
from avrop.ubl.documents import order as od
from avrop.ubl.documents import order_cancellation as cn
from avrop.ubl.documents import order_change as oc
from avrop.ubl.documents import order_response as rs
from avrop.ubl.documents import order_response_advanced as ra
from avrop.ubl.documents import parts as p
from avrop.ubl.kinds import Identifier, Quantity

_LETTERS = st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cn", "Zl", "Zp", "Co", "Cf", "Zs"))
text = st.text(_LETTERS, min_size=1, max_size=30).filter(lambda s: s.strip() == s)
ids = st.from_regex(r"[A-Z0-9][A-Z0-9\-/]{0,11}", fullmatch=True)
days = st.dates(date(2025, 1, 1), date(2027, 12, 31))
prices = st.decimals(Decimal("0"), Decimal("99999"), places=4)
quantities = st.decimals(Decimal("0.001"), Decimal("9999"), places=3)
units = st.sampled_from(["EA", "KGM", "LTR", "HUR", "XPX", "C62"])
tax = st.sampled_from(
    [
        p.TaxCategory("S", Decimal(25)),
        p.TaxCategory("S", Decimal(15)),
        p.TaxCategory("S", Decimal(12)),
        p.TaxCategory("Z", Decimal(0)),
        p.TaxCategory("E", Decimal(0)),
    ]
)


def _orgnr(first: int) -> str:
    """The first valid organisation number at or after `first` (about one in eleven has no check digit)."""
    while True:
        for digit in range(10):
            if no_orgnr.is_valid(f"{first}{digit}"):
                return f"{first}{digit}"
        first += 1


orgnrs = st.integers(20000000, 39999000).map(_orgnr)
addresses = st.builds(
    p.Address, street=st.none() | text, city=text, postal_zone=st.just("6856"), country=st.just("NO")
)
contacts = st.builds(p.Contact, name=text, telephone=st.just("57000000"), email=st.just("post@example.no"))
parties = st.builds(
    build.norwegian_party, orgnrs, text, address=addresses, contact=st.none() | contacts, vat=st.booleans()
)
sellers = st.builds(
    build.norwegian_party,
    orgnrs,
    text,
    address=addresses,
    vat=st.just(True),
    in_register=st.just(True),
    trading_name=st.none() | text,
)


def _gtin(first: int) -> Identifier:
    digits = f"{first:013d}"
    total = sum(int(d) * (3 if i % 2 == 0 else 1) for i, d in enumerate(digits))
    return Identifier(f"{digits}{(10 - total % 10) % 10}", "0160")


items = st.builds(
    p.Item,
    name=text,
    description=st.none() | text,
    sellers_id=st.none() | ids,
    buyers_id=st.none() | ids,
    standard_id=st.none() | st.integers(0, 10**12).map(_gtin),
    classifications=st.lists(
        st.builds(p.Classification, code=st.just("30197643"), list_id=st.just("STI")), max_size=1
    ).map(tuple),
    tax=tax,
)
prices_of = st.builds(p.Price, amount=prices)


@st.composite
def orders(draw: st.DrawFn) -> od.Order:
    """An order with expected totals."""
    lines = []
    for number in range(1, draw(st.integers(1, 4)) + 1):
        price, quantity = draw(prices_of), Quantity(draw(quantities), draw(units))
        lines.append(
            od.OrderLine(
                id=str(number),
                quantity=quantity,
                item=draw(items),
                price=price,
                line_extension_amount=build.line_amount(quantity.value, price),
                note=draw(st.none() | text),
                accounting_cost=draw(st.none() | ids),
            )
        )
    start = draw(days)
    order = od.Order(
        id=draw(ids),
        issue_date=draw(days),
        currency="NOK",
        buyer=draw(parties),
        seller=build.order_seller(draw(sellers)),
        validity_end=draw(days),
        lines=tuple(lines),
        profile_id=draw(st.sampled_from([od.PROFILE, od.PROFILE_ORDER_ONLY, od.PROFILE_ADVANCED])),
        notes=tuple(draw(st.lists(text, max_size=1))),
        customer_reference=draw(st.none() | ids),
        contract_reference=draw(st.none() | ids),
        delivery=od.Delivery(
            address=draw(addresses),
            period=p.Period(start, start + timedelta(days=draw(st.integers(0, 20)))),
            party=draw(st.none() | st.builds(p.Party, name=text, contact=contacts)),
        ),
    )
    return build.sum_up_order(order)


@st.composite
def order_changes(draw: st.DrawFn) -> oc.OrderChange:
    """A change of such an order: every line with what happens to it, a deleted one of nothing."""
    order = draw(orders())
    lines = []
    for line in order.lines:
        status = draw(st.sampled_from([oc.ADDED, oc.DELETED, oc.CHANGED, oc.NO_ACTION, oc.REOPENED]))
        gone = status == oc.DELETED
        lines.append(
            oc.OrderChangeLine(
                id=line.id,
                quantity=Quantity(Decimal(0), line.quantity.unit) if gone else line.quantity,
                item=line.item,
                price=line.price,
                line_extension_amount=Decimal("0.00") if gone else line.line_extension_amount,
                note=line.note,
                accounting_cost=line.accounting_cost,
                status_code=status,
            )
        )
    change = oc.OrderChange(
        id=draw(ids),
        issue_date=draw(days),
        currency="NOK",
        order_reference=order.id,
        buyer=order.buyer,
        seller=order.seller,
        lines=tuple(lines),
        sequence_number=str(draw(st.integers(1, 99))),
        notes=order.notes,
        validity_end=order.validity_end,
        contract_reference=order.contract_reference,
        delivery=order.delivery,
    )
    return build.sum_up_order(change)


order_cancellations = st.builds(
    cn.OrderCancellation,
    id=ids,
    issue_date=days,
    order_reference=ids,
    reason=text,
    buyer=parties,
    seller=sellers.map(build.order_seller),
    notes=st.lists(text, max_size=1).map(tuple),
    contract_reference=st.none() | ids,
)


@st.composite
def advanced_responses(draw: st.DrawFn) -> ra.OrderResponseAdvanced:
    """The same answers under Advanced Ordering, some of them to a change."""
    plain = draw(responses())
    given = {f.name: getattr(plain, f.name) for f in fields(plain)}
    given |= {"customization_id": ra.CUSTOMIZATION, "profile_id": ra.PROFILE}
    return ra.OrderResponseAdvanced(**given, order_change_reference=draw(st.none() | ids))


def _answers(cls: type[mlr.MessageLevelResponse], ends: object, failures: tuple[str, ...]) -> object:
    issue = st.builds(mlr.Issue, text, st.sampled_from([*failures, mlr.RULE_WARNING]))
    first = st.builds(mlr.Issue, text, st.sampled_from(failures))
    places = st.builds(
        lambda head, more: (mlr.Place("/Order/cac:OrderLine[2]", (head, *more)), mlr.Place("NA", (head,))),
        first,
        st.lists(issue, max_size=2),
    )
    common = {
        "id": ids,
        "issue_date": days,
        "refers_to": st.uuids().map(str),
        "issue_time": st.just("12:00:00Z"),
    }
    common |= {"sender": ends, "receiver": ends}
    good = st.builds(cls, code=st.sampled_from([mlr.ACKNOWLEDGED, mlr.ACCEPTED]), **common)
    bad = st.builds(cls, code=st.just(mlr.REJECTED), description=text, places=places, **common)
    return good | bad


message_level_responses = _answers(
    mlr.MessageLevelResponse,
    orgnrs.map(lambda number: Identifier(number, "0192")),
    (mlr.RULE_FATAL, mlr.SYNTAX),
)
message_level_statuses = _answers(
    mls.MessageLevelStatus,
    st.integers(100000, 999999).map(lambda number: Identifier(str(number), mls.SCHEME)),
    (mlr.RULE_FATAL, mlr.SYNTAX, mls.FAILED_DELIVERY),
)


@st.composite
def responses(draw: st.DrawFn) -> rs.OrderResponse:
    """An order response of any code; lines only where it changes something."""
    code = draw(st.sampled_from(["AB", "AP", "RE", "CA"]))
    lines = []
    for number in range(1, draw(st.integers(1, 3)) + 1 if code == "CA" else 1):
        day = draw(days)
        lines.append(
            rs.OrderResponseLine(
                id=str(number),
                order_line_id=str(number),
                status_code=draw(st.sampled_from(["3", "5", "7"])),
                item=p.Item(name=draw(text), sellers_id=draw(ids)),
                quantity=draw(st.none() | st.builds(Quantity, quantities, units)),
                promised_period=draw(st.none() | st.just(p.Period(day, day))),
                price=draw(st.none() | prices_of),
                note=draw(st.none() | text),
            )
        )
    return rs.OrderResponse(
        id=draw(ids),
        issue_date=draw(days),
        order_reference=draw(ids),
        code=code,
        currency="NOK",
        seller=build.plain_party(draw(sellers)),
        buyer=build.plain_party(draw(parties)),
        notes=tuple(draw(st.lists(text, max_size=1))),
        lines=tuple(lines),
    )


def _allowance(draw: st.DrawFn, category: p.TaxCategory | None) -> p.AllowanceCharge:
    return p.AllowanceCharge(
        charge=draw(st.booleans()),
        amount=draw(st.decimals(Decimal("0"), Decimal("99"), places=2)),
        reason=draw(text),
        tax=category,
    )


@st.composite
def invoices(draw: st.DrawFn) -> inv.Invoice:
    """An invoice or credit note, summed up from its lines."""
    credit = draw(st.booleans())
    lines = []
    for number in range(1, draw(st.integers(1, 4)) + 1):
        price, quantity = draw(prices_of), Quantity(draw(quantities), draw(units))
        extra = (_allowance(draw, None),) if draw(st.booleans()) else ()
        lines.append(
            inv.InvoiceLine(
                id=str(number),
                quantity=quantity,
                item=draw(items),
                price=price,
                line_extension_amount=build.line_amount(quantity.value, price, extra),
                order_line=draw(st.none() | st.just(str(number))),
                allowance_charges=extra,
            )
        )
    due = draw(days)
    means = inv.PaymentMeans(
        code="30",
        payment_id=draw(st.none() | st.just("2345676")),
        account_id="86011117947",
        due_date=due if credit else None,
    )
    extra = (_allowance(draw, draw(tax)),) if draw(st.booleans()) else ()
    empty = p.MonetaryTotal(Decimal(0), Decimal(0))
    invoice = inv.Invoice(
        id=draw(ids),
        issue_date=draw(days),
        due_date=None if credit else due,
        currency="NOK",
        seller=draw(sellers),
        buyer=draw(parties),
        totals=empty,
        lines=tuple(lines),
        type_code="381" if credit else "380",
        credit_note=credit,
        order_reference=draw(ids),
        buyer_reference=draw(st.none() | text),
        contract_reference=draw(st.none() | ids),
        preceding=(inv.Preceding(draw(ids), draw(days)),) if credit else (),
        delivery=inv.Delivery(date=draw(days)),
        payment_means=(means,),
        payment_terms=draw(text),
        allowance_charges=extra,
        notes=tuple(draw(st.lists(text, max_size=1))),
    )
    return build.sum_up_invoice(invoice)


@st.composite
def invoice_responses(draw: st.DrawFn) -> ir.InvoiceResponse:
    """An invoice response; a rejection gives its reasons."""
    code = draw(st.sampled_from(["AB", "IP", "UQ", "RE", "AP", "PD"]))
    reasons = [
        ir.Status(code="REF", list_id=ir.REASON_LIST, reason=draw(text)),
        ir.Status(code="NIN", list_id=ir.ACTION_LIST, reason=draw(text)),
    ]
    return ir.InvoiceResponse(
        id=draw(ids),
        issue_date=draw(days),
        sender=build.plain_party(draw(parties)),
        receiver=build.plain_party(draw(parties)),
        code=code,
        effective_date=draw(st.none() | days),
        invoice_id=draw(ids),
        invoice_issue_date=draw(st.none() | days),
        statuses=tuple(reasons) if code in ("RE", "UQ") else (),
    )


@st.composite
def catalogues(draw: st.DrawFn) -> cat.Catalogue:
    """A catalogue as a seller uploads it and the demo region has it."""
    seller, start = draw(sellers), draw(days)
    lines = []
    for number in range(1, draw(st.integers(1, 4)) + 1):
        item = draw(items)
        unit = draw(units)
        lines.append(
            cat.CatalogueLine(
                id=str(number),
                action=draw(st.sampled_from(["Add", "Update", "Delete"])),
                orderable=True,
                orderable_unit=unit,
                minimum_order=draw(st.none() | st.builds(Quantity, quantities, st.just(unit))),
                prices=(cat.LinePrice(draw(prices), "NOK", Quantity(Decimal(1), unit)),),
                item=cat.CatalogueItem(
                    name=item.name or "x",
                    descriptions=tuple(draw(st.lists(text, max_size=1))),
                    keywords=tuple(draw(st.lists(text, max_size=2))),
                    sellers_id=draw(ids),
                    standard_id=item.standard_id,
                    classifications=item.classifications,
                    tax=item.tax,
                    properties=tuple(draw(st.lists(st.builds(p.ItemProperty, text, text), max_size=1))),
                ),
            )
        )
    return cat.Catalogue(
        id=draw(ids),
        issue_date=draw(days),
        provider=build.catalogue_party(seller),
        receiver=build.catalogue_party(draw(parties)),
        seller=build.catalogue_seller(seller),
        action="Add",
        name=draw(st.none() | text),
        version=draw(st.none() | ids),
        validity=p.Period(start, start + timedelta(days=draw(st.integers(0, 400)))),
        contract_reference=draw(st.none() | ids),
        lines=tuple(lines),
    )
