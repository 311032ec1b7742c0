"""Plays one purchase through the real operations, from whatever state it is in: safe to start again after a crash.

The people are those of tests/world.py. Each act is one operation (what a page would call) or the worker's turn.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings

from avrop.accounting import double
from avrop.accounting import jobs as accounting_jobs
from avrop.accounting import operations as accounting
from avrop.accounting.models import Posting
from avrop.approval import operations as approval
from avrop.approval.models import ApprovalTask
from avrop.catalogue.models import CatalogueItem
from avrop.delivery import operations as delivery
from avrop.delivery.models import Receipt
from avrop.journal import worker
from avrop.ordering.models import Order
from avrop.portal import operations as portal
from avrop.portal.models import SalesInvoice, SalesOrder
from avrop.requisition import operations as requisition
from avrop.requisition.facts import NewLine
from avrop.requisition.models import Requisition
from avrop.tenancy.models import Person, Unit
from avrop.tenancy.queries import viewer_for
from avrop.tenancy.scope import Viewer, everything, viewing

MICRO = 1_000_000
NUMBERS = ("40-2210", "40-3310", "40-1001", "77-1180")


@dataclass
class Robot:
    """One purchase, known by the text of its need."""

    need: str
    slug: str = "bremnes"
    quantity: int = 5
    lines: int = 0  # how many of the numbered items (see world.add_items); 0: the four ordinary ones
    work: Callable[[], object] = worker.run_until_idle
    people: dict[tuple[str, str], Viewer] = field(default_factory=dict)

    def run(self) -> None:
        """Act until the purchase is posted; what is done already is not done again."""
        for act in (self.ask, self.approve, self.answer, self.receive, self.invoice, self.release, self.number):
            self.work()
            act()
        self.work()

    @contextmanager
    def acting(self, login: str, slug: str) -> Iterator[None]:
        """Be one of the people."""
        key = (login, slug)
        if key not in self.people:
            who = viewer_for(Person.objects.get(login=login), slug)
            assert who is not None, key
            self.people[key] = who
        with viewing(self.people[key]):
            yield

    def basket(self) -> Requisition | None:
        """The basket, if there is one."""
        with everything("the robot looks"):
            return Requisition.objects.filter(need=self.need).first()

    def order(self) -> Order:
        """The order."""
        basket = self.basket()
        assert basket is not None
        with everything("the robot looks"):
            return Order.objects.get(requisition_id=basket.id)

    def sales_order(self) -> SalesOrder:
        """The seller's side of it."""
        with everything("the robot looks"):
            return SalesOrder.objects.get(number=self.order().number)

    def posting(self) -> Posting | None:
        """What went to the books."""
        with everything("the robot looks"):
            invoice = SalesInvoice.objects.filter(order=self.sales_order()).first()
            return Posting.objects.filter(invoice_number=invoice.number).first() if invoice else None

    def ask(self) -> None:
        """A basket, submitted."""
        if self.basket() is None:
            with everything("the robot looks"):
                unit = Unit.objects.get(buyer__slug=self.slug, code="210")
                items = dict(CatalogueItem.objects.values_list("seller_item_id", "id"))
            with self.acting("berit", self.slug):
                numbers = [f"50-{n:04d}" for n in range(1, self.lines + 1)] or NUMBERS
                lines = [NewLine(item_id=items[n], quantity=self.quantity * MICRO) for n in numbers]
                requisition.create(unit_id=unit.id, lines=lines, need=self.need)
        basket = self.basket()
        assert basket is not None
        if basket.state == "draft":
            with self.acting("berit", self.slug):
                requisition.submit(requisition_id=basket.id)

    def approve(self) -> None:
        """The headmaster approves what she sees."""
        basket = self.basket()
        assert basket is not None
        with self.acting("rektor", self.slug):
            tasks = list(ApprovalTask.objects.filter(subject_id=basket.id, state="pending"))
            if tasks:
                approval.approve(task_ids=[t.id for t in tasks], seen={t.id: t.content_hash for t in tasks})

    def answer(self) -> None:
        """The supplier's clerk accepts."""
        order = self.sales_order()
        if order.state == "new":
            with self.acting("selma", "kontor"):
                portal.answer(sales_order_id=order.id, decision="accept")

    def receive(self) -> None:
        """Everything came."""
        order = self.order()
        with self.acting("berit", self.slug):
            if not Receipt.objects.filter(order=order).exists():
                delivery.receive(order_id=order.id, quantities=None)

    def invoice(self) -> None:
        """The supplier's clerk turns the order into an invoice."""
        order = self.sales_order()
        with self.acting("selma", "kontor"):
            if not SalesInvoice.objects.filter(order=order).exists():
                portal.invoice(sales_order_id=order.id)

    def release(self) -> None:
        """The accountant releases what is ready."""
        posting = self.posting()
        assert posting is not None, "the invoice was not approved by itself"
        if posting.state == "ready":
            with self.acting("rekna", self.slug):
                accounting.release_batch(posting_ids=[posting.id])

    def release_all(self, robots: list[Robot]) -> None:
        """One batch of several purchases' postings."""
        postings = [robot.posting() for robot in robots]
        with self.acting("rekna", self.slug):
            accounting.release_batch(posting_ids=[p.id for p in postings if p is not None])

    def number(self) -> None:
        """The accounting system numbers and answers."""
        folder = Path(settings.AVROP_DIR) / "accounting"
        if folder.is_dir():
            double.run_once(folder)
        accounting_jobs.read_answers()


