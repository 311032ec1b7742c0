"""A machine that does anything anybody might do with purchases, in any order, through the real operations.

The worker's deliveries are handed out one at a time and not in the order they came, as several workers would.
Refusals are answers; any other error, and any delivery that fails, is a fault. What must hold is in `holds`.
"""

from __future__ import annotations

from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, ClassVar
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist
from django.db import transaction
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from avrop.accounting import double, jobs
from avrop.accounting import operations as accounting
from avrop.approval import operations as approval
from avrop.approval.models import ApprovalTask
from avrop.catalogue.models import CatalogueItem
from avrop.coding.facts import Coding
from avrop.delivery import operations as delivery
from avrop.delivery.facts import Refused
from avrop.delivery.models import Receipt
from avrop.journal import chain, worker
from avrop.kernel import ports
from avrop.kernel.finding import Refusal
from avrop.kernel.money import MICRO, from_micro
from avrop.matching import operations as matching
from avrop.matching.models import Match
from avrop.messaging import intake
from avrop.ordering import operations as ordering
from avrop.ordering.facts import ChangedLine, Details
from avrop.ordering.models import Order, OrderChange, OrderLine, OrderResponse
from avrop.portal import operations as portal
from avrop.portal.facts import LineAnswer
from avrop.portal.models import SalesChange, SalesOrder, SalesOrderLine
from avrop.requisition import operations as requisition
from avrop.requisition.facts import NewLine
from avrop.requisition.models import Requisition, RequisitionLine
from avrop.tenancy.models import DeliveryAddress, Mandate, RoleAssignment
from avrop.tenancy.scope import everything, viewing
from avrop.ubl.build import plain_party
from avrop.ubl.documents import order_response as t76
from avrop.ubl.documents import parts as p
from avrop.ubl.kinds import Identifier, Quantity
from tests.stories import holds
from tests.stories.purchase import Line, invoice_xml
from tests.world import World

PEOPLE = ("berit", "bjorn", "rektor", "radmann", "pleie", "fakta")
FREE = "free"
# 25 %, 25 % with a price of four decimals, 15 %, free text, 15 % by lorry
ITEMS = ("papir", "blyant", "te", FREE, "kaffi")
CODINGS = (
    None,
    Coding("11200", "210", "20200", "", "not_recoverable"),
    Coding("11150", "310", "25300", "", "deductible"),
    Coding("12000", "100", "12000", "", "compensated"),
)
which = st.integers(0, 3)
person = st.sampled_from(PEOPLE)
boss = st.sampled_from(("radmann", "radmann", *PEOPLE))
count = st.integers(1, 6)
basket = st.lists(st.tuples(st.integers(0, 4), count, which), min_size=1, max_size=3)


def widen(world: World) -> None:
    """More ways to go wrong: a requester with mandate, an approver who receives, a 15 % item of the supplier."""
    with everything("the walk's region"):
        school, root = world.units["school"], world.units["root"]
        for login, role, unit in (
            ("berit", "approver", school),
            ("rektor", "receiver", school),
            ("radmann", "receiver", root),
            ("radmann", "requisitioner", root),
        ):
            RoleAssignment.objects.create(
                organisation=world.bremnes, person=world.people[login], role=role, unit=unit
            )
        Mandate.objects.create(
            buyer=world.bremnes,
            person=world.people["berit"],
            unit=school,
            max_amount=1_000_000,
            valid_from=datetime(2020, 1, 1, tzinfo=UTC).date(),
        )
        paper = world.items["papir"]
        world.items["te"] = CatalogueItem.objects.create(
            version=paper.version,
            agreement=world.agreement,
            seller_item_id="60-1000",
            name="Te 50 posar",
            unit_code="EA",
            price=37_450_000,
            vat_rate=1500,
            category="50200000",
        )
        DeliveryAddress.objects.create(
            buyer=world.bremnes,
            unit=school,
            name="Gymsalen",
            street="Skulevegen 4",
            postal_zone="5430",
            city="Bremnes",
        )


class Walk(RuleBasedStateMachine):
    """Anybody does anything."""

    world: ClassVar[World]
    folder: ClassVar[Any]
    runs: ClassVar[int] = 0

    def __init__(self) -> None:
        super().__init__()
        type(self).runs += 1
        self.clock = ports.SetClock(datetime(2026, 11, 23, 8, tzinfo=UTC))
        self.bills: list[bytes] = []
        self.done = ExitStack()
        settings.AVROP_DIR = self.folder / str(self.runs)
        chain.clear_heads()
        self.done.enter_context(transaction.atomic())
        self.done.enter_context(
            ports.using(clock=self.clock, ids=ports.SeededIds(7), originals=ports.MemoryOriginals())
        )

    def teardown(self) -> None:
        try:
            self.idle()
            holds.at_the_end(self.world)
        finally:
            transaction.set_rollback(True)
            self.done.close()
            chain.clear_heads()

    def attempt(self, login: str, what: Any, slug: str = "bremnes", **how: Any) -> bool:
        """True when it was done; a refusal is False."""
        self.clock.at += timedelta(seconds=1)
        try:
            with viewing(self.world.viewer(login, slug)):
                what(**how)
        except (Refusal, ObjectDoesNotExist):
            return False
        return True

    def pick(self, rows: Any, index: int) -> Any:
        """One of these rows, or None."""
        with everything("the walk picks"):
            found = list(rows)
        return found[index % len(found)] if found else None

    # --- the queue

    @rule(index=st.integers(0, 9))
    def deliver_one(self, index: int) -> None:
        """One of the deliveries that any worker could take now."""
        claimed = worker.claim(20)
        if claimed:
            worker.deliver(claimed[index % len(claimed)])
        worker.release_leases()
        holds.nothing_failed()

    @rule()
    def idle(self) -> None:
        """The workers have nothing left to do."""
        self.clock.at += timedelta(seconds=1)
        worker.run_until_idle()
        holds.nothing_failed()
        holds.when_idle(self.world)

    # --- the buyer asks and approves

    @initialize(
        who=st.sampled_from(("berit", "bjorn")), lines=basket, approved=st.sampled_from((True, True, False))
    )
    def first(self, who: str, lines: list[tuple[int, int, int]], approved: bool) -> None:
        """There is always something."""
        self.ask(who, lines)
        self.idle()
        if approved:
            self.approve_all()
            self.idle()

    @rule(who=st.sampled_from(("berit", "bjorn", "radmann")), lines=basket)
    def ask(self, who: str, lines: list[tuple[int, int, int]]) -> None:
        """A basket, submitted."""
        unit = "care" if who == "bjorn" else "school"
        wanted = [self.wanted(ITEMS[i], n, CODINGS[c]) for i, n, c in lines]
        made: list[UUID] = []

        def create() -> None:
            made.append(
                requisition.create(
                    unit_id=self.world.units[unit].id, lines=wanted, address_id=self.world.addresses[unit].id
                )
            )

        if self.attempt(who, create):
            self.attempt(who, requisition.submit, requisition_id=made[0])

    @rule(index=which, who=person, how=st.sampled_from(("withdraw", "reopen", "submit", "submit")))
    def take_back(self, index: int, who: str, how: str) -> None:
        """A basket is given up, reopened or submitted again."""
        basket = self.pick(Requisition._base_manager.order_by("-number"), index)
        if basket:
            self.attempt(who, getattr(requisition, how), requisition_id=basket.id)

    @rule(index=which, n=count)
    def change(self, index: int, n: int) -> None:
        """The requester changes a quantity (and hopes that nobody looks again)."""
        line = self.pick(
            RequisitionLine._base_manager.select_related("requisition__requester").order_by("-id"), index
        )
        if line:
            login = line.requisition.requester.login
            self.attempt(login, requisition.change_line, line_id=line.id, quantity=n * MICRO)

    @rule(index=which, who=person)
    def approve(self, index: int, who: str) -> None:
        """Somebody approves what they see, asked or not."""
        task = self.pick(ApprovalTask._base_manager.order_by("-opened_at", "id"), index)
        if task:
            seen = {task.id: task.content_hash}
            if self.attempt(who, approval.approve, task_ids=[task.id], seen=seen):
                assert not self.attempt(who, approval.approve, task_ids=[task.id], seen=seen), (
                    "approved twice"
                )

    @rule()
    def approve_all(self) -> None:
        """Those who are asked approve."""
        with everything("the walk looks"):
            tasks = list(ApprovalTask._base_manager.filter(state="pending").order_by("id"))
        for task in tasks:
            for login in ("rektor", "pleie", "radmann"):
                if self.attempt(
                    login, approval.approve, task_ids=[task.id], seen={task.id: task.content_hash}
                ):
                    break

    @rule(index=which, who=person)
    def send_back(self, index: int, who: str) -> None:
        """An approver returns a basket."""
        task = self.pick(ApprovalTask._base_manager.filter(state="pending").order_by("id"), index)
        if task:
            self.attempt(who, approval.return_, task_id=task.id, comment="Kvifor?")

    # --- the supplier

    @rule(
        index=which,
        decision=st.sampled_from(("accept", "accept", "change", "reject")),
        line=which,
        n=count,
        price=st.sampled_from((-7, 0, 1, 40)),
        drop=st.booleans(),
    )
    def answer(self, index: int, decision: str, line: int, n: int, price: int, drop: bool) -> None:
        """The clerk answers in the portal."""
        order = self.pick(SalesOrder._base_manager.select_related("seller").order_by("-number", "id"), index)
        if not order:
            return
        one = self.pick(SalesOrderLine._base_manager.filter(order_id=order.id).order_by("position"), line)
        lines = (
            {one.line_id: LineAnswer(n * MICRO, one.price + price * MICRO, reject=drop)}
            if decision == "change"
            else {}
        )
        self.attempt(
            self.clerk(order.seller.slug), portal.answer, order.seller.slug,
            sales_order_id=order.id, decision=decision, lines=lines, note="Diverre",
        )  # fmt: skip

    @rule(
        index=which,
        code=st.sampled_from(("AB", "AP", "RE", "CA", "CA")),
        n=count,
        price=st.sampled_from((-7, 0, 1)),
    )
    def letter(self, index: int, code: str, n: int, price: int) -> None:
        """Another answer, written by the supplier's own system."""
        line = self.pick(
            OrderLine._base_manager.select_related("order__supplier").order_by("-order__number", "line_no"),
            index,
        )
        if line:
            self.receive_bytes(response_xml(self.world, line, code, n, price))

    @rule(index=which, who=boss, accept=st.sampled_from((True, True, False)))
    def decide(self, index: int, who: str, accept: bool) -> None:
        """Somebody decides on a proposal."""
        response = self.pick(
            OrderResponse._base_manager.filter(state="proposed").order_by("-received_at"), index
        )
        if response:
            self.attempt(who, ordering.decide_change, response_id=response.id, accept=accept)

    # --- the order's life

    @rule(index=which, who=boss, line=st.integers(1, 3), n=st.one_of(st.none(), count), mark=st.booleans())
    def want_otherwise(self, index: int, who: str, line: int, n: int | None, mark: bool) -> None:
        """Somebody wants more, fewer or nothing of a line, or another marking."""
        order = self.pick(Order._base_manager.order_by("-number"), index)
        if order:
            self.attempt(
                self.requester(who, order), ordering.propose_change, order_id=order.id,
                lines=[ChangedLine(line, None if n is None else n * MICRO)],
                details=Details(marking="Ny merking" if mark else None),
                agreed_with="Selma", agreed_on=self.clock.at.date(),
            )  # fmt: skip

    @rule(index=which, who=boss, how=st.sampled_from(("approve", "approve", "withdraw")))
    def decide_own_change(self, index: int, who: str, how: str) -> None:
        """Somebody approves a change that waits, or takes it back."""
        change = self.pick(OrderChange._base_manager.filter(state="awaiting").order_by("id"), index)
        if change and how == "approve":
            self.attempt(who, ordering.approve_change, change_id=change.id, seen=change.content_hash)
        elif change:
            self.attempt(who, ordering.withdraw_change, change_id=change.id, reason="Nei")

    @rule(index=which, who=boss, how=st.sampled_from(("cancel", "close", "close")))
    def end(self, index: int, who: str, how: str) -> None:
        """Somebody cancels an order, or closes what has not come."""
        order = self.pick(Order._base_manager.order_by("-number"), index)
        if order and how == "close":
            self.attempt(
                self.requester(who, order), ordering.close_rest, order_id=order.id, reason="Kjem ikkje"
            )
        elif order:
            self.attempt(
                self.requester(who, order), ordering.cancel_order, order_id=order.id, reason="Feil",
                agreed_with="Selma", agreed_on=self.clock.at.date(),
            )  # fmt: skip

    @rule(index=which, decision=st.sampled_from(("accept", "accept", "decline")))
    def answer_change(self, index: int, decision: str) -> None:
        """The clerk answers the buyer's change or cancellation."""
        asked = self.pick(
            SalesChange._base_manager.filter(state="asked").select_related("seller").order_by("id"), index
        )
        if asked:
            self.attempt(
                self.clerk(asked.seller.slug), portal.answer_change, asked.seller.slug,
                sales_change_id=asked.id, decision=decision, note="Diverre",
            )  # fmt: skip

    @rule(index=which, accepted=st.booleans())
    def telephone(self, index: int, accepted: bool) -> None:
        """The supplier answers a change on the telephone."""
        change = self.pick(OrderChange._base_manager.filter(state="sent").order_by("id"), index)
        if change:
            self.attempt(
                "radmann", ordering.record_answer, change_id=change.id, accepted=accepted,
                agreed_with="Selma", agreed_on=self.clock.at.date(),
            )  # fmt: skip

    # --- goods

    @rule(
        index=which,
        n=count,
        line=st.integers(1, 3),
        how=st.sampled_from(("replacement", "credit", "credit", "mistake")),
    )
    def go_back(self, index: int, n: int, line: int, how: str) -> None:
        """Goods of a receipt go back, or never came."""
        receipt = self.pick(
            Receipt._base_manager.filter(kind="receipt").select_related("order").order_by("-number"), index
        )
        if receipt is None:
            return
        who, quantities = self.requester("pleie", receipt.order), {line: n * MICRO}
        if how == "mistake":
            self.attempt(who, delivery.correct, receipt_id=receipt.id, quantities=quantities, reason="Feil")
        else:
            self.attempt(
                who, delivery.send_back, receipt_id=receipt.id, quantities=quantities,
                reason_code="damaged", expects=how,
            )  # fmt: skip

    @rule(
        index=which,
        who=st.sampled_from(("pleie", "pleie", *PEOPLE)),
        n=st.one_of(st.none(), count),
        line=st.integers(1, 3),
        why=st.sampled_from(("", "Ingen andre her")),
    )
    def receive(self, index: int, who: str, n: int | None, line: int, why: str) -> None:
        """Goods come, all or some."""
        order = self.pick(Order._base_manager.order_by("-number"), index)
        if order:
            quantities = None if n is None else {line: n * MICRO}
            turned = {line: Refused(MICRO, "damaged")} if n == 2 else None
            self.attempt(
                self.requester(who, order), delivery.receive, order_id=order.id,
                quantities=quantities, refused=turned, exception=why,
            )  # fmt: skip

    # --- invoices

    @rule(index=which, n=st.one_of(st.none(), count), line=st.integers(1, 3))
    def bill(self, index: int, n: int | None, line: int) -> None:
        """The clerk bills in the portal, all or some."""
        order = self.pick(SalesOrder._base_manager.select_related("seller").order_by("-number", "id"), index)
        if order:
            lines = None if n is None else {str(line): n * MICRO}
            self.attempt(
                self.clerk(order.seller.slug),
                portal.invoice,
                order.seller.slug,
                sales_order_id=order.id,
                lines=lines,
            )

    @rule(
        index=which,
        parts=st.one_of(
            st.none(),
            st.lists(st.tuples(which, count, st.sampled_from((0, 0, 0, 1, 30, -5))), min_size=1, max_size=3),
        ),
        odd=st.sampled_from(
            ("", "", "", "fee", "rounding", "account", "order", "rate", "discount", "unreferenced")
        ),
    )
    def own_bill(self, index: int, parts: list[tuple[int, int, int]] | None, odd: str) -> None:
        """The supplier's own system bills: anything, of any line, at any price."""
        order = self.pick(Order._base_manager.select_related("supplier").order_by("-number"), index)
        if not order:
            return
        lines = list(OrderLine._base_manager.filter(order_id=order.id).order_by("line_no"))
        if parts is None:  # an honest bill of everything
            parts = [(at, one.quantity // MICRO, 0) for at, one in enumerate(lines)]
        billed = [_billed(lines[at % len(lines)], n, price, odd) for at, n, price in parts]
        raw = invoice_xml(
            order.supplier,
            self.world.bremnes,
            billed,
            number=f"E{len(self.bills)}",
            order="999" if odd == "order" else order.number,
            account="12345678903" if odd == "account" else _account(order.supplier.slug),
            fee="50.00" if odd == "fee" else None,
            rounding="0.49" if odd == "rounding" else None,
            issued=self.clock.at.date(),
        )
        self.bills.append(raw)
        self.receive_bytes(raw)

    @precondition(lambda self: self.bills)
    @rule(index=which)
    def same_bill_again(self, index: int) -> None:
        """The same file comes twice, also under another envelope."""
        self.receive_bytes(self.bills[index % len(self.bills)] + b"\n" * (index % 2))

    @rule(index=which, who=boss, reject=st.sampled_from((False, False, True)))
    def judge(self, index: int, who: str, reject: bool) -> None:
        """Somebody accepts the deviations of an invoice, or rejects it."""
        match = self.pick(
            Match._base_manager.exclude(state__in=("approved", "rejected")).order_by("-matched_at", "id"),
            index,
        )
        if match and reject:
            self.attempt(
                who, matching.reject_invoice, match_id=match.id, reason_code="PRI", reason="For dyrt"
            )
        elif match:
            self.attempt(who, matching.accept_deviations, match_id=match.id, comment="Greitt")

    @rule(who=boss)
    def approve_clean(self, who: str) -> None:
        """One click for all clean invoices."""
        with everything("the walk looks"):
            ids = list(Match._base_manager.filter(state="matched").values_list("id", flat=True))
        if ids:
            self.attempt(who, matching.approve_clean, match_ids=ids)

    @rule(answered=st.booleans())
    def to_the_books(self, answered: bool) -> None:
        """The accountant releases; the accounting system may answer, twice."""
        self.attempt("rekna", accounting.release_batch)
        self.idle()
        if answered and jobs.folder().is_dir():
            double.answer_all(jobs.folder())
            jobs.read_answers()
            double.answer_all(jobs.folder())
            jobs.read_answers()
            holds.when_idle(self.world)

    # --- helpers

    def wanted(self, item: str, n: int, coding: Coding | None) -> NewLine:
        """A line of a basket; free text is a frame of so many hundreds."""
        if item != FREE:
            return NewLine(item_id=self.world.items[item].id, quantity=n * MICRO, coding=coding)
        supplier = self.world.kontor.id
        return NewLine(
            name="Flytting av piano", frame=n * 100_00, reason="Golvet", supplier_id=supplier, coding=coding
        )

    def requester(self, who: str, order: Order) -> str:
        """Pleie has nothing to do with most orders: then let it be the one who asked."""
        if who != "pleie":
            return who
        return next(login for login, one in self.world.people.items() if one.id == order.requester_id)

    def clerk(self, slug: str) -> str:
        """The clerk of a supplier."""
        return {"kontor": "selma", "storhus": "stein"}[slug]

    def receive_bytes(self, raw: bytes) -> None:
        """The access point brings bytes."""
        self.clock.at += timedelta(seconds=1)
        intake.receive(raw, transport="file")


def _account(slug: str) -> str:
    return {"kontor": "86011117947", "storhus": "15032080119"}[slug]


def _billed(line: OrderLine, n: int, price: int, odd: str) -> Line:
    amount = max(Decimal(0), from_micro(line.price) + price)
    return Line(
        str(n),
        format(amount, "f"),
        line.seller_item_id,
        order_line=None if odd == "unreferenced" else str(line.line_no),
        rate="15" if odd == "rate" else str(line.vat_rate // 100),
        allowance="1.00" if odd == "discount" and amount > 1 else None,
    )


def response_xml(world: World, line: OrderLine, code: str, n: int, price: int) -> bytes:
    """An Order Response (T76); with CA one line has another quantity and price."""
    order = line.order
    changed = t76.OrderResponseLine(
        id="1",
        order_line_id=str(line.line_no),
        status_code="3",
        item=p.Item(name=line.name, sellers_id=line.seller_item_id or None),
        quantity=Quantity(Decimal(n), line.unit_code),
        price=p.Price(max(Decimal(0), from_micro(line.price) + price)),
    )
    return t76.write(
        t76.OrderResponse(
            id=f"S-{order.number}-{code}-{n}-{price}-{ports.now():%H%M%S}",
            issue_date=ports.today(),
            order_reference=order.number,
            seller=plain_party(
                p.Party(endpoint=Identifier(order.supplier.orgnr, "0192"), name=order.supplier.name)
            ),
            buyer=plain_party(
                p.Party(endpoint=Identifier(world.bremnes.orgnr, "0192"), name=world.bremnes.name)
            ),
            code=code,
            currency="NOK",
            lines=(changed,) if code == "CA" else (),
        )
    )
