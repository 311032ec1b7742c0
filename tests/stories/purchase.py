"""Plays a purchase by the real operations: each step is one person's click, and the queue runs in between."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from avrop.accounting import double, jobs
from avrop.accounting import operations as accounting
from avrop.accounting import queries as postings
from avrop.approval import operations as approval
from avrop.approval import queries as approvals
from avrop.commitments import queries as commitments
from avrop.commitments.facts import Balance, BudgetKey
from avrop.delivery import operations as delivery
from avrop.invoicing import queries as invoicing
from avrop.journal.worker import run_until_idle
from avrop.kernel.money import MICRO
from avrop.kernel.ports import now, today
from avrop.matching import queries as matching
from avrop.messaging import intake
from avrop.ordering import queries as ordering
from avrop.ordering.facts import OrderFacts
from avrop.portal import operations as portal
from avrop.portal import queries as sales
from avrop.portal.models import SalesOrder
from avrop.requisition import operations as requisition
from avrop.requisition.facts import NewLine
from avrop.tenancy.models import Organisation
from avrop.tenancy.scope import as_system, viewing
from avrop.ubl.build import line_amount, norwegian_party, sum_up_invoice
from avrop.ubl.documents import invoice as bill
from avrop.ubl.documents import parts as p
from avrop.ubl.kinds import Quantity
from tests.world import World


@dataclass
class Purchase:
    """One order of the school of Bremnes to the office supplier, and what has become of it."""

    world: World
    order_id: UUID
    number: str

    # --- what people do

    def answer(self, decision: str = "accept", **more: Any) -> None:
        """The supplier answers the order."""
        with viewing(self.world.seller()):
            portal.answer(sales_order_id=self._sales_order(), decision=decision, **more)
        run_until_idle()

    def receive(self, quantities: dict[int, int] | None = None) -> None:
        """The requester receives: line number -> whole units (None: everything)."""
        scaled = {line: n * MICRO for line, n in quantities.items()} if quantities else None
        with viewing(self.world.viewer("berit")):
            delivery.receive(order_id=self.order_id, quantities=scaled)
        run_until_idle()

    def invoice(self, quantities: dict[str, int] | None = None) -> None:
        """The supplier invoices: the order's line id -> whole units (None: everything)."""
        scaled = {line: n * MICRO for line, n in quantities.items()} if quantities else None
        with viewing(self.world.seller()):
            portal.invoice(sales_order_id=self._sales_order(), lines=scaled)
        run_until_idle()

    def to_the_books(self) -> UUID:
        """The accountant releases what is ready; the accounting system answers."""
        with viewing(self.world.viewer("rekna")):
            batch = accounting.release_batch()
        run_until_idle()
        double.answer_all(jobs.folder())
        jobs.read_answers()
        return batch

    # --- what can be seen

    def order(self) -> OrderFacts:
        """The order as it stands."""
        with as_system(self.world.bremnes.id):
            found = ordering.order(self.order_id)
        assert found is not None
        return found

    def outcomes(self) -> list[dict[str, Any]]:
        """What became of each invoice, in the order they came."""
        with as_system(self.world.bremnes.id):
            mine = invoicing.in_streams([self.order().stream])
            return [matching.outcome(one.id) for one in mine]

    def states(self) -> list[str]:
        """The state of each invoice's match."""
        with as_system(self.world.bremnes.id):
            mine = invoicing.in_streams([self.order().stream])
            return [found.state for one in mine if (found := matching.of_invoice(one.id))]

    def balance(self, account: str = "11000") -> Balance:
        """The school's budget line."""
        key = BudgetKey(now().year, "210", account, "20200").text()
        with as_system(self.world.bremnes.id):
            return commitments.balances([key])[key]

    def vouchers(self) -> list[str]:
        """Voucher numbers that came back."""
        with as_system(self.world.bremnes.id):
            mine = [one.id for one in invoicing.in_streams([self.order().stream])]
            return sorted(one.voucher for one in postings.of_invoices(mine).values())

    def _sales_order(self) -> UUID:
        found = sales.order_by_number(self.number)
        if found is None:
            raise SalesOrder.DoesNotExist(self.number)
        return found.id


def ordered(world: World, *lines: tuple[str, int]) -> Purchase:
    """A basket of (item, whole units) by Berit, approved by the headmaster, sent to the supplier."""
    wanted = [NewLine(item_id=world.items[item].id, quantity=count * MICRO) for item, count in lines]
    return ordered_lines(world, wanted)


def ordered_lines(world: World, wanted: Sequence[NewLine]) -> Purchase:
    """The same with any lines."""
    with viewing(world.viewer("berit")):
        basket = requisition.create(unit_id=world.units["school"].id, lines=wanted)
        requisition.submit(requisition_id=basket)
    run_until_idle()
    with viewing(world.viewer("rektor")):
        waiting = approvals.inbox()
        seen = {one.task.id: one.task.content_hash for one in waiting}
        approval.approve(task_ids=list(seen), seen=seen)
    run_until_idle()
    with as_system(world.bremnes.id):
        (order,) = ordering.orders_of(basket)
    return Purchase(world, order.id, order.number)


@dataclass(frozen=True)
class Line:
    """A line of an invoice written by a system that is not ours. Prices and quantities as decimal text."""

    quantity: str
    price: str
    item: str
    name: str = "Vare"
    order_line: str | None = None
    order: str | None = None
    rate: str = "25"
    unit: str = "EA"
    allowance: str | None = None
    charge: str | None = None


def invoice_xml(
    seller: Organisation,
    buyer: Organisation,
    lines: Sequence[Line],
    *,
    number: str = "9001",
    order: str | None = None,
    account: str | None = "86011117947",
    fee: str | None = None,
    currency: str = "NOK",
    issued: date | None = None,
    credit_note: bool = False,
    rounding: str | None = None,
    preceding: Sequence[tuple[str, date | None]] = (),
) -> bytes:
    """A valid BIS Billing 3 invoice or credit note, as a supplier's own system would send it.

    `preceding`: number and date of what a credit note credits (BT-25, BT-26).
    """
    charges = (_charge(fee, "FC"),) if fee else ()
    day = issued or today()
    document = bill.Invoice(
        id=number,
        issue_date=day,
        due_date=None if credit_note else day + timedelta(days=30),
        currency=currency,
        type_code="381" if credit_note else "380",
        credit_note=credit_note,
        buyer_reference="Berit",
        order_reference=order,
        seller=norwegian_party(
            seller.orgnr,
            seller.name,
            address=p.Address(street="Fjordvegen 1", city="Bremnes", postal_zone="5430", country="NO"),
            vat=True,
            in_register=True,
        ),
        buyer=norwegian_party(
            buyer.orgnr,
            buyer.name,
            address=p.Address(street="Rådhusvegen 1", city="Bremnes", postal_zone="5430", country="NO"),
        ),
        totals=p.MonetaryTotal(line_extension=Decimal(0), payable=Decimal(0)),
        lines=tuple(_line(i, one) for i, one in enumerate(lines, 1)),
        delivery=bill.Delivery(date=day),
        payment_means=(bill.PaymentMeans(code="30", payment_id="1234567897", account_id=account),),
        allowance_charges=charges,
        preceding=tuple(bill.Preceding(one, on) for one, on in preceding),
    )
    return bill.write(sum_up_invoice(document, rounding=Decimal(rounding) if rounding else None))


def _charge(amount: str, code: str) -> p.AllowanceCharge:
    tax = p.TaxCategory(id="S", percent=Decimal(25))
    return p.AllowanceCharge(True, Decimal(amount), reason_code=code, reason="Gebyr", tax=tax)


def _line(position: int, one: Line) -> bill.InvoiceLine:
    price = p.Price(Decimal(one.price))
    own = []
    if one.allowance:
        own.append(p.AllowanceCharge(False, Decimal(one.allowance), reason_code="95", reason="Rabatt"))
    if one.charge:
        own.append(p.AllowanceCharge(True, Decimal(one.charge), reason_code="FC", reason="Frakt"))
    quantity = Decimal(one.quantity)
    return bill.InvoiceLine(
        id=str(position),
        quantity=Quantity(quantity, one.unit),
        line_extension_amount=line_amount(quantity, price, own),
        item=p.Item(name=one.name, sellers_id=one.item, tax=p.TaxCategory(id="S", percent=Decimal(one.rate))),
        price=price,
        order_line=one.order_line,
        order_id=one.order,
        allowance_charges=tuple(own),
    )


def deliver(raw: bytes) -> UUID:
    """The access point brings a document; the queue runs. Returns the message's id."""
    received = intake.receive(raw, transport="file")
    run_until_idle()
    return received.message_id
