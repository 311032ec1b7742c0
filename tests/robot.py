"""Plays one purchase through the real operations, from whatever state it is in: safe to start again after a crash.

The people are those of tests/world.py. Each act is one operation (what a page would call) or the worker's turn.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Model

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
from avrop.matching.models import MatchOrder
from avrop.ordering.models import Order
from avrop.portal import operations as portal
from avrop.portal.models import SalesInvoice, SalesOrder
from avrop.requisition import operations as requisition
from avrop.requisition.facts import NewLine
from avrop.requisition.models import Requisition
from avrop.tenancy.models import Person, Unit
from avrop.tenancy.queries import viewer_for
from avrop.tenancy.scope import everything, viewing

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
    people: dict[Any, Any] = field(default_factory=dict)  # what does not change; may be shared by many robots
    careful: bool = True  # look before each act whether it is done already (after a crash)
    known: dict[str, Any] = field(default_factory=dict)

    def run(self) -> None:
        """Act until the purchase is posted; what is done already is not done again."""
        for act in (
            self.ask,
            self.approve,
            self.answer,
            self.receive,
            self.invoice,
            self.release,
            self.number,
        ):
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

    def _remember(self, name: str, look: Callable[[], Any]) -> Any:
        """What a page would carry in its address: looked up once."""
        if name not in self.known:
            with everything("the robot looks"):
                found = look()
            if found is None:
                return None
            self.known[name] = found
        return self.known[name]

    def basket_id(self) -> UUID | None:
        """The basket, if there is one."""
        return self._remember(
            "basket",
            lambda: Requisition._base_manager.filter(need=self.need).values_list("id", flat=True).first(),
        )

    def order_ref(self) -> tuple[UUID, str]:
        """(id, number) of the order."""
        basket = self.basket_id()
        rows = Order._base_manager.filter(requisition_id=basket).values_list("id", "number")
        return self._remember("order", rows.get)

    def sales_order_id(self) -> UUID:
        """The seller's side of it."""
        number = self.order_ref()[1]
        rows = SalesOrder._base_manager.filter(number=number).values_list("id", flat=True)
        return self._remember("sales order", rows.get)

    def posting_id(self) -> UUID | None:
        """What goes to the books; None while the invoice waits for somebody."""
        matches = MatchOrder._base_manager.filter(order_id=self.order_ref()[0]).values("match_id")
        rows = Posting._base_manager.filter(invoice__match__in=matches)
        return self._remember("posting", rows.values_list("id", flat=True).first)

    def is_posted(self) -> bool:
        """True when the accounting system has given it a voucher number."""
        return Posting._base_manager.filter(id=self.posting_id(), state="posted").exclude(voucher="").exists()

    def look_ahead(self, act: str) -> None:
        """Look up what an act needs to know beforehand (as a page's address would say it)."""
        if act == "approve":
            with everything("the robot looks"):
                tasks = ApprovalTask.objects.filter(subject_id=self.basket_id(), state="pending")
                self.known["seen"] = dict(tasks.values_list("id", "content_hash"))
        elif act in ("answer", "invoice"):
            self.sales_order_id()
        elif act == "receive":
            self.order_ref()

    def ask(self) -> None:
        """A basket, submitted."""
        if not self.careful or self.basket_id() is None:
            with self.acting("berit", self.slug):
                ident = requisition.create(unit_id=self._unit(), lines=self._lines(), need=self.need)
            self.known["basket"] = ident
        if not self.careful or _state(Requisition, self.basket_id()) == "draft":
            with self.acting("berit", self.slug):
                requisition.submit(requisition_id=self.basket_id())

    def _unit(self) -> UUID:
        key = ("unit", self.slug)
        if key not in self.people:
            self.people[key] = Unit._base_manager.values_list("id", flat=True).get(
                buyer__slug=self.slug, code="210"
            )
        return self.people[key]

    def _lines(self) -> list[NewLine]:
        if "items" not in self.people:
            self.people["items"] = dict(CatalogueItem.objects.values_list("seller_item_id", "id"))
        numbers = [f"50-{n:04d}" for n in range(1, self.lines + 1)] or NUMBERS
        return [NewLine(item_id=self.people["items"][n], quantity=self.quantity * MICRO) for n in numbers]

    def approve(self) -> None:
        """The headmaster approves what she sees."""
        if self.careful:
            self.look_ahead("approve")
        seen = self.known["seen"]
        if seen:
            with self.acting("rektor", self.slug):
                approval.approve(task_ids=list(seen), seen=seen)

    def answer(self) -> None:
        """The supplier's clerk accepts."""
        if not self.careful or _state(SalesOrder, self.sales_order_id()) == "new":
            with self.acting("selma", "kontor"):
                portal.answer(sales_order_id=self.sales_order_id(), decision="accept")

    def receive(self) -> None:
        """Everything came."""
        order_id, _number = self.order_ref()
        if not self.careful or not Receipt._base_manager.filter(order_id=order_id).exists():
            with self.acting("berit", self.slug):
                delivery.receive(order_id=order_id, quantities=None)

    def invoice(self) -> None:
        """The supplier's clerk turns the order into an invoice."""
        order_id = self.sales_order_id()
        if not self.careful or not SalesInvoice._base_manager.filter(order_id=order_id).exists():
            with self.acting("selma", "kontor"):
                portal.invoice(sales_order_id=order_id)

    def release(self) -> None:
        """The accountant releases what is ready."""
        posting_id = self.posting_id()
        assert posting_id is not None, "the invoice was not approved by itself"
        if _state(Posting, posting_id) == "ready":
            with self.acting("rekna", self.slug):
                accounting.release_batch(posting_ids=[posting_id])

    def release_all(self, robots: list[Robot]) -> None:
        """One batch of several purchases' postings."""
        with self.acting("rekna", self.slug):
            accounting.release_batch(posting_ids=[robot.posting_id() for robot in robots])

    def number(self) -> None:
        """The accounting system numbers and answers."""
        folder = Path(settings.AVROP_DIR) / "accounting"
        if folder.is_dir():
            double.answer_all(folder)
        accounting_jobs.read_answers()


def _state(model: type[Model], ident: UUID | None) -> str:
    return model._base_manager.values_list("state", flat=True).get(pk=ident)
