"""What people do in a purchase, each as one call of a station's own operation, acting as that person."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from uuid import UUID

from avrop.accounting import double, jobs
from avrop.accounting import operations as accounting
from avrop.accounting import queries as postings
from avrop.approval import operations as approval
from avrop.approval import queries as approvals
from avrop.approval.facts import TaskFacts
from avrop.catalogue import queries as catalogue
from avrop.coding.facts import Coding
from avrop.delivery import operations as delivery
from avrop.demo.acts import once, telling
from avrop.demo.people import acting
from avrop.journal.worker import run_until_idle
from avrop.kernel.finding import Refusal
from avrop.kernel.money import MICRO
from avrop.kernel.ports import SetClock, new_id, now, using
from avrop.matching import operations as matching
from avrop.matching import queries as matches
from avrop.ordering import operations as ordering
from avrop.ordering import queries as orders
from avrop.ordering.facts import OrderFacts
from avrop.portal import operations as portal
from avrop.portal import queries as sales
from avrop.portal.facts import LineAnswer, SalesOrderFacts
from avrop.requisition import operations as requisition
from avrop.requisition import queries as requisitions
from avrop.requisition.facts import NewLine
from avrop.tenancy import queries as tenancy
from avrop.tenancy.facts import UnitFacts
from avrop.tenancy.models import Person
from avrop.tenancy.scope import as_system

FREE_TEXT_ACCOUNT = "11000"
SELLERS = {
    "nordtrad": "selma.nordtrad",
    "leik-og-lim": "lars.leik",
    "bitvegen": "bente.bit",
    "vestmed": "victor.vestmed",
    "reint-og-blankt": "rita.reint",
    "kontorhjornet": "kjell.kontor",
    "fjordmat": "frida.fjordmat",
    "bokstova": "borghild.bok",
    "jarnvara": "jostein.jarn",
    "romstova": "ragna.rom",
}


def unit_by_code(code: str) -> UnitFacts:
    """A unit of the viewer's organisation."""
    return next(unit for unit in tenancy.units().values() if unit.code == code)


def same_id(*args: object, **kwargs: object) -> UUID:
    """The id of a basket made just before a stop: it is the first id that such an act draws."""
    return new_id()


@once(again=same_id)
def fill_basket(town: str, login: str, unit_code: str, wanted: Iterable[tuple[str, int]], need: str) -> UUID:
    """A basket with the first thing the search finds for each of the words. Raises LookupError."""
    with acting(login, town):
        unit = unit_by_code(unit_code)
        lines = []
        for words, count in wanted:
            found = catalogue.search(words, unit=unit, limit=1).items
            if not found:
                raise LookupError(f"nothing in the catalogue for {words!r} at {town} {unit_code}")
            lines.append(NewLine(item_id=found[0].id, quantity=count * MICRO))
        return requisition.create(unit_id=unit.id, lines=lines, need=need)


@once(again=same_id)
def free_text_basket(
    town: str, login: str, unit_code: str, *, name: str, kroner: int, supplier: str, reason: str
) -> UUID:
    """A basket with one free-text line, "up to" so many kroner."""
    with acting(login, town):
        party = tenancy.party_by_slug(supplier)
        assert party is not None
        unit = unit_by_code(unit_code)
        coding = Coding(FREE_TEXT_ACCOUNT, unit.responsibility, unit.function)
        line = NewLine(name=name, frame=kroner * 100, reason=reason, supplier_id=party.id, coding=coding)
        return requisition.create(unit_id=unit.id, lines=[line], need=reason)


@once()
def submit(town: str, login: str, requisition_id: UUID) -> None:
    """Ask for approval."""
    with acting(login, town):
        requisition.submit(requisition_id=requisition_id)


@once()
def make_smaller(town: str, login: str, requisition_id: UUID, count: int) -> None:
    """The requester takes only so many of a returned basket's first line."""
    with acting(login, town):
        first = requisitions.requisition(requisition_id).lines[0]
        requisition.change_line(line_id=first.id, quantity=count * MICRO)


@once()
def approve(town: str, requisition_id: UUID) -> None:
    """Everybody who is asked approves, each in their own name, with what they see."""
    for task, login in asked(town, requisition_id):
        with acting(login, town):
            approval.approve(task_ids=[task.id], seen={task.id: task.content_hash})


@once()
def may_approve(town: str, requisition_id: UUID) -> bool:
    """Somebody tries to approve; False when the budget (or anything else) stops it."""
    try:
        for task, login in asked(town, requisition_id):
            with acting(login, town):
                approval.approve(task_ids=[task.id], seen={task.id: task.content_hash})
    except Refusal:
        return False
    return True


@once()
def send_back(town: str, requisition_id: UUID, comment: str) -> None:
    """The first who is asked returns the basket."""
    task, login = asked(town, requisition_id)[0]
    with acting(login, town):
        approval.return_(task_id=task.id, comment=comment)


def asked(town: str, requisition_id: UUID) -> list[tuple[TaskFacts, str]]:
    """The open tasks of a basket with the login of the first who may decide each."""
    party = tenancy.party_by_slug(town)
    assert party is not None
    with as_system(party.id):
        tasks = [task for task in approvals.tasks_of(requisition_id) if task.state == "pending"]
    people = {task.candidates[0] for task in tasks}
    logins = dict(Person.objects.filter(id__in=people).values_list("id", "login"))
    return [(task, logins[task.candidates[0]]) for task in tasks]


def approver_of(town: str, requisition_id: UUID) -> str:
    """The login of the first who approved a basket."""
    party = tenancy.party_by_slug(town)
    assert party is not None
    with as_system(party.id):
        tasks = [task for task in approvals.tasks_of(requisition_id) if task.state == "approved"]
    decided_by = min(tasks, key=lambda task: task.opened_at).decided_by
    assert decided_by is not None
    return Person.objects.get(id=decided_by).login


def orders_of(town: str, requisition_id: UUID) -> list[OrderFacts]:
    """The orders that a basket became."""
    party = tenancy.party_by_slug(town)
    assert party is not None
    with as_system(party.id):
        return orders.orders_of(requisition_id)


def seller_of(order: OrderFacts) -> tuple[str, str]:
    """Short name and clerk's login of an order's supplier."""
    slug = tenancy.party(order.supplier_id).slug
    return slug, SELLERS[slug]


def sales_order(order: OrderFacts) -> SalesOrderFacts:
    """The order as the supplier has it. Call as the supplier's clerk."""
    buyer = tenancy.party(order.buyer_id)  # two buyers may well have the same order number
    mine = sales.orders().filter(number=order.number, buyer_endpoint=buyer.endpoint)
    found = sales.order(mine.values_list("id", flat=True).get())
    assert found is not None
    return found


@once()
def answer(
    order: OrderFacts, decision: str = "accept", note: str = "", *, dearer: int = 0, fewer: int = 0
) -> None:
    """The supplier's clerk accepts, rejects, or proposes a change of the first line.

    `dearer`: kroner on the unit price; `fewer`: units less.
    """
    slug, login = seller_of(order)
    with acting(login, slug):
        mine = sales_order(order)
        if not mine.response_wanted:
            return
        lines = None
        if decision == "change":
            first = mine.lines[0]
            price, count = first.price + dearer * MICRO, first.quantity - fewer * MICRO
            lines = {first.line_id: LineAnswer(quantity=count, price=price, note=note)}
        portal.answer(sales_order_id=mine.id, decision=decision, lines=lines, note=note)


@once()
def decide_change(town: str, login: str, order: OrderFacts, accept: bool = True) -> None:
    """The requester decides the supplier's proposal."""
    with acting(login, town):
        proposed = next(one for one in orders.responses(order.id) if one.state == "proposed")
        ordering.decide_change(response_id=proposed.id, accept=accept, reason="" if accept else "For dyrt")


@once()
def receive(town: str, login: str, order: OrderFacts, part: bool = False) -> None:
    """Goods come: everything open, or half of each line."""
    quantities = None
    if part:
        quantities = {line.line_no: max(line.quantity // MICRO // 2, 1) * MICRO for line in order.lines}
    with acting(login, town):
        delivery.receive(order_id=order.id, quantities=quantities)


@once()
def bill(order: OrderFacts, fewer: int = 0) -> None:
    """The supplier's clerk invoices everything open from the portal, or so many `fewer` of the first line."""
    slug, login = seller_of(order)
    with acting(login, slug):
        mine = sales_order(order)
        lines = {line.line_id: line.quantity for line in mine.lines} if fewer else None
        if lines:
            lines[mine.lines[0].line_id] -= fewer * MICRO
        portal.invoice(sales_order_id=mine.id, lines=lines)


@once()
def decide_matches(town: str, login: str, stream_orders: Iterable[OrderFacts]) -> None:
    """The approver's click on the clean invoices of these orders."""
    with acting(login, town):
        found = matches.of_orders([order.id for order in stream_orders])
        clean = [one.id for one in found if one.state == "matched"]
        if clean:
            matching.approve_clean(match_ids=clean)


@once()
def accept_deviations(town: str, login: str, order: OrderFacts, comment: str) -> None:
    """The approver accepts what is above the order."""
    with acting(login, town):
        found = next(one for one in matches.of_orders([order.id]) if one.state == "deviation")
        matching.accept_deviations(match_id=found.id, comment=comment)


@once()
def reject_invoice(town: str, login: str, order: OrderFacts, code: str, reason: str) -> None:
    """The clerk rejects the invoice of an order; the supplier is told."""
    with acting(login, town):
        found = matches.of_orders([order.id])[0]
        matching.reject_invoice(match_id=found.id, reason_code=code, reason=reason)


@once()
def release(town: str, login: str) -> UUID | None:
    """The accountant releases what is ready by now; None when nothing is."""
    with acting(login, town):
        ids = [one.id for one in postings.ready() if made_at(one.id) <= now()]
        return accounting.release_batch(posting_ids=ids) if ids else None


@once()
def close_month(town: str, login: str, *faults: str) -> None:
    """The accountant releases what is ready; the accounting system answers before the next morning.

    `faults` are the double's, see there.

    In one act: while the demo is served its double runs beside us, and the idle worker would take the answer
    at today's date.
    """
    with telling(None):
        if release(town, login) is None:
            return
    run_until_idle(past_only=True)
    with using(clock=SetClock(now() + timedelta(hours=15))):
        double.answer_all(jobs.folder(), list(faults))
        jobs.read_answers()


@once()
def mend(town: str, login: str, comment: str) -> None:
    """The accountant has put right, on the other side, what the accounting system turned down."""
    with acting(login, town):
        for ident in list(postings.postings().filter(state="rejected").values_list("id", flat=True)):
            accounting.mend_posting(posting_id=ident, comment=comment)


def made_at(ident: UUID) -> datetime:
    """When a row got its id: the first 48 bits of a UUID of version 7 (RFC 9562)."""
    return datetime.fromtimestamp((ident.int >> 80) / 1000, UTC)


@once()
def withdraw(town: str, login: str, requisition_id: UUID, reason: str) -> None:
    """The requester gives the basket up."""
    with acting(login, town):
        requisition.withdraw(requisition_id=requisition_id, reason=reason)
