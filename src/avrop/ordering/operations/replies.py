"""The supplier's answer to a change of ours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from avrop.journal.operation import work
from avrop.journal.within import label, open_case
from avrop.kernel.finding import Refusal
from avrop.ordering import changing
from avrop.ordering.events import ChangeAnswered, OrderAnswered
from avrop.ordering.facts import ProposedLine
from avrop.ordering.models import Order, OrderChange, OrderResponse
from avrop.ordering.operations import sending
from avrop.ordering.operations.changes import settle
from avrop.tenancy.facts import REQUISITIONER

RECEIVED, ACCEPTED, CHANGED, REJECTED = "AB", "AP", "CA", "RE"


def change_meant(row: Order, reference: str | None, *, advanced: bool) -> OrderChange | None:
    """Which change of ours an answer is to; None when it is to the order.

    T116 names a change (T114) by its number. An answer to a cancellation (T115) names the order alone: while
    one waits, what comes without a reference is that. A T76, from a supplier who knows no better, answers what
    we said last. Raises Refusal RESPONSE_UNKNOWN_CHANGE.
    """
    if reference is not None:
        found = OrderChange.objects.filter(order_id=row.id, number=reference, message__isnull=False).first()
        if found is None:
            raise Refusal("RESPONSE_UNKNOWN_CHANGE", number=row.number, change=reference)
        return found
    if not row.changes:
        return None
    waiting = OrderChange.objects.filter(order_id=row.id, message__isnull=False, answered_at__isnull=True)
    for one in waiting.select_related("message").defer("message__body").order_by("-sequence"):
        whole = one.message is not None and one.message.document_type == "order_cancellation"
        if whole or (not advanced and row.response_state != "awaited"):
            return one
    return None


def take(held: sending.Held, change: OrderChange, response: OrderResponse, message: Any) -> None:
    """File the answer and let it take effect. Records the entry."""
    change = OrderChange.objects.select_for_update().get(id=change.id)
    response.change_id = change.id
    response.state = "noted"
    response.save(force_insert=True)
    papers: list[Any] = [response, message]
    if response.code == RECEIVED or change.answered_at is not None:
        again = response.code == REJECTED and change.state == "accepted"
        _note(held, response, [*papers, *([_declined(held.row, change, response)] if again else [])])
    elif response.code == CHANGED and _in_part(held, change, response):
        _decide(held, change, response, papers, accepted=True)
    elif response.code == CHANGED and not held.row.ended:
        _counter(held, change, response, papers)
    elif change.state == "sent":
        _decide(held, change, response, papers, accepted=response.code == ACCEPTED)
    else:
        _late(held, change, response, papers)


def _note(held: sending.Held, response: OrderResponse, papers: Sequence[Any]) -> None:
    held.row.version += 1
    held.row.save()
    # What is only noted never says "RE" of the order: it is the change that was answered.
    held.record(OrderAnswered(order_id=held.row.id, response_id=response.id, code=RECEIVED), papers)


def _in_part(held: sending.Held, change: OrderChange, response: OrderResponse) -> bool:
    """Whether the supplier took some lines of a change and left the others as they were; those are noted."""
    if change.state != "sent" or change.kind != changing.CHANGE:
        return False
    before, asked = held.facts().lines, sending.wanted(change)
    answered = {line["line_no"]: ProposedLine(**line) for line in response.lines}
    refused = changing.said_no_to(before, changing.after(before, asked), answered, asked)
    if refused is None:
        return False
    change.declined = refused
    return True


def _decide(
    held: sending.Held, change: OrderChange, response: OrderResponse, papers: list[Any], *, accepted: bool
) -> None:
    """A change or cancellation that waited: it stands, or the order does."""
    if accepted and held.row.response_state == "awaited":
        held.row.response_state = "accepted"
    if not accepted:
        papers.append(_declined(held.row, change, response))
    settle(held, change, accepted=accepted, note=response.note, also=papers)


def _late(held: sending.Held, change: OrderChange, response: OrderResponse, papers: list[Any]) -> None:
    """What has taken effect already: a closed rest, or the order as we told it. A no is somebody's to deal with."""
    row, accepted = held.row, response.code == ACCEPTED
    change.answered_at, change.answer = work().at, response.note
    if accepted and row.response_state == "awaited":
        row.response_state = "accepted"
    if not accepted:
        sending.to_state(change, "declined")
        papers.append(_declined(row, change, response))
    row.version += 1
    row.save()
    change.save()
    event = ChangeAnswered(order_id=row.id, change_id=change.id, kind=change.kind, accepted=accepted)
    held.record(event, [change, *papers], response.note)


def _counter(held: sending.Held, change: OrderChange, response: OrderResponse, papers: list[Any]) -> None:
    """The supplier answers with changes of their own: a proposal on the order as it stands (Decision 7)."""
    row = held.row
    answered = {line["line_no"]: ProposedLine(**line) for line in response.lines}
    ours = sending.wanted(change) if change.state == "sent" else []
    response.lines = [asdict(line) for line in changing.countered(ours, answered)]
    response.state = "proposed"
    response.save()
    older = OrderResponse.objects.select_for_update().filter(order_id=row.id, state="proposed")
    for one in older.exclude(id=response.id):
        one.state = "replaced"
        one.save()
        papers.append(one)
    row.response_state = "proposed"
    if change.state == "sent":
        settle(held, change, accepted=False, note=response.note, also=papers)
        return
    change.answered_at, change.answer = work().at, response.note
    change.save()
    row.version += 1
    row.save()
    event = OrderAnswered(order_id=row.id, response_id=response.id, code=CHANGED)
    held.record(event, [change, *papers], response.note)


def drop(held: sending.Held) -> list[Any]:
    """The supplier rejected the whole order: what waited to be changed falls, and binds nothing."""
    changed: list[Any] = []
    waiting = OrderChange.objects.select_for_update().filter(order_id=held.row.id, state__in=changing.WAITING)
    for one in waiting.order_by("proposed_at"):
        sending.to_state(one, "withdrawn" if one.state == "awaiting" else "declined")
        one.answered_at = work().at
        movements = sending.release(held.row, one, held.lines)
        one.save()
        changed += [one, *movements]
    return changed


def _declined(row: Order, change: OrderChange, response: OrderResponse) -> Any:
    return open_case(
        tenant=row.buyer_id,
        kind="change_declined",
        subject=label(row),
        reason="CHANGE_DECLINED",
        params={"number": row.number, "change": change.number, "note": response.note or "-"},
        owner_role=REQUISITIONER,
    )
