"""The supplier's answer: noted, or a proposal that the buyer accepts or declines (Decision 7)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from uuid import UUID

from django.db.models import Model

from avrop.approval import queries as approvals
from avrop.approval.permissions import may_approve
from avrop.coding.queries import policy
from avrop.journal.operation import operation, work
from avrop.journal.within import label, lock_stream, record, row_hash
from avrop.kernel.finding import Refusal
from avrop.kernel.money import half_up_div
from avrop.kernel.ports import new_id, today
from avrop.messaging.within import settle as settle_message
from avrop.ordering import answered, changing, permissions, rules, states
from avrop.ordering.events import OrderAnswered, OrderChangeDecided
from avrop.ordering.facts import OrderFacts, OrderLineFacts, ProposedLine
from avrop.ordering.models import Order, OrderLine, OrderResponse
from avrop.ordering.operations import replies, sending, telling
from avrop.ordering.queries import change_limits, line_facts
from avrop.tenancy import queries as tenancy
from avrop.tenancy.results import demand
from avrop.tenancy.scope import viewer
from avrop.ubl.documents import order_response as t76
from avrop.ubl.documents import order_response_advanced as t116
from avrop.web.format import money

RECEIVED, ACCEPTED, CHANGED, REJECTED = "AB", "AP", "CA", "RE"  # UNCL4343 as T76 uses it
_STATE_OF = {ACCEPTED: "accepted", REJECTED: "rejected", CHANGED: "proposed"}


@operation
def take_response(*, message_id: UUID, document: t76.OrderResponse) -> None:
    """File a supplier's answer (T76) with its order and settle the message.

    An acceptance or rejection is noted; a change is a proposal, unless it only confirms prices of free-text
    lines within their frames (Decision 6). Raises Refusal: RESPONSE_UNKNOWN_ORDER, RESPONSE_OTHER_SUPPLIER,
    RESPONSE_WITHOUT_CODE, REJECTED_AFTER_RECEIPT, RESPONSE_TOO_LATE.
    """
    _take(message_id, document, None, advanced=False)


@operation
def take_advanced_response(*, message_id: UUID, document: t116.OrderResponseAdvanced) -> None:
    """File a supplier's answer (T116) to an order, to a change of ours that it names, or to a cancellation.

    As `take_response`. An answer to a cancellation names the order alone: while one waits, it is that. Raises
    also RESPONSE_UNKNOWN_CHANGE.
    """
    _take(message_id, document, document.order_change_reference, advanced=True)


def _take(message_id: UUID, document: t76.OrderResponse, reference: str | None, *, advanced: bool) -> None:
    code = document.code or RECEIVED
    row = _order_of(document, code, reference)
    message = settle_message(message_id=message_id, refers_to=label(row), outcome={"order": row.number})
    if message is None:
        return
    if code not in (RECEIVED, *_STATE_OF):
        raise Refusal("RESPONSE_WITHOUT_CODE", answer=code)
    change = replies.change_meant(row, reference, advanced=advanced)
    if change is not None:
        held = sending.hold(row.id)
        response = _file(held.row, document, code, message_id)
        replies.take(held, change, response, message)
        return
    if row.ended and code in (CHANGED, REJECTED):
        raise Refusal("ANSWER_TO_ENDED", number=row.number)
    if code in (CHANGED, REJECTED):
        _take_change(sending.hold(row.id), document, code, message_id, message)
        return
    before = row_hash(row)
    response = _file(row, document, code, message_id)
    changed: list[Model] = [row, response, message, *_replace_older(row, response)]
    if not row.ended:
        _to(row, _STATE_OF.get(code, row.response_state))
    row.save()
    response.save(force_insert=True)
    event = OrderAnswered(order_id=row.id, response_id=response.id, code=code)
    record(event, tenant=row.buyer_id, stream=row.stream, subject=row, changed=changed, before=before)


def _take_change(
    held: sending.Held, document: t76.OrderResponse, code: str, message_id: UUID, message: Model
) -> None:
    """A rejection, or a proposal, of the order as a whole."""
    row, lines = held.row, held.lines
    if code == REJECTED and row.receipt_state != "none":
        raise Refusal("REJECTED_AFTER_RECEIPT", number=row.number)
    response = _file(row, document, code, message_id)
    changed: list[Model] = [response, message, *_replace_older(row, response)]
    frames = code == CHANGED and _confirms_frames(held, response)
    _to(row, "changed" if frames else _STATE_OF[code])
    if code == REJECTED:
        changed += _cancel_all(row, lines)
        changed += replies.drop(held)
    elif frames:
        response.state = "accepted"
        before = [line_facts(line) for line in lines]
        changed += _apply(row, lines, _proposed(response))
        changed += telling.tell(held, changing.CONFIRMATION, before)
    row.save()
    response.save(force_insert=True)
    held.record(OrderAnswered(order_id=row.id, response_id=response.id, code=code), changed)
    if frames:
        event = OrderChangeDecided(order_id=row.id, response_id=response.id, accepted=True)
        record(event, tenant=row.buyer_id, stream=row.stream, subject=row)


@operation
def decide_change(*, response_id: UUID, accept: bool, reason: str = "") -> None:
    """Accept or decline a supplier's proposal; the supplier is told.

    Accepting within the limit needs no new approval; above it the person who accepts must be somebody who may
    approve the new total, and that is the new approval. A supplier who takes changes is sent the order as it
    now stands (T114); with others, a proposal declined becomes a case: somebody must tell them. Raises
    Refusal: CHANGE_ABOVE_LIMIT, CHANGE_ABOVE_MANDATE, CHANGE_DECIDED, CHANGE_AFTER_RECEIPT and those of
    `rules.check_proposal`.
    """
    held = sending.hold(OrderResponse.objects.get(id=response_id).order_id)
    response = OrderResponse.objects.select_for_update().get(id=response_id)
    row, facts = held.row, held.facts()
    demand(permissions.may_decide_change(viewer(), facts, tenancy.unit(row.unit_id)))
    if response.state != "proposed":
        raise Refusal("CHANGE_DECIDED", number=row.number)
    changed: list[Model] = [response]
    if accept:
        _check(row, facts, held.lines, _proposed(response))
        changed += _apply(row, held.lines, _proposed(response))
        changed += telling.tell(held, changing.CONFIRMATION, facts.lines, reason)
    else:
        changed += telling.tell(held, changing.RESTATEMENT, facts.lines, reason)
    _to(row, "changed" if accept else ("none" if row.process == changing.ORDER_ONLY else "awaited"))
    if accept and all(line.cancelled for line in held.lines):
        changed += sending.end(row, "cancelled")
    response.state = "accepted" if accept else "declined"
    response.decided_by, response.decided_at = viewer().person_id, work().at
    row.save()
    response.save()
    event = OrderChangeDecided(order_id=row.id, response_id=response.id, accepted=accept)
    held.record(event, changed, reason)


def _order_of(document: t76.OrderResponse, code: str, reference: str | None) -> Order:
    """The order, locked; its stream first where the answer may change the order and so is an event."""
    mine = Order.objects.filter(number=document.order_reference)
    if code in (CHANGED, REJECTED) or reference is not None:
        for stream in mine.values_list("stream", flat=True):
            lock_stream(stream)
    row: Order | None = mine.select_for_update(of=("self",)).select_related("supplier").first()
    if row is None:
        raise Refusal("RESPONSE_UNKNOWN_ORDER", number=document.order_reference)
    sender = str(document.seller.endpoint or "")
    if sender != row.supplier.endpoint:
        raise Refusal("RESPONSE_OTHER_SUPPLIER", number=row.number, sender=sender)
    return row


def _file(row: Order, document: t76.OrderResponse, code: str, message_id: UUID) -> OrderResponse:
    return OrderResponse(
        id=new_id(),
        buyer_id=row.buyer_id,
        order_id=row.id,
        number=document.id[:100],
        code=code,
        note="\n".join(document.notes),
        lines=[asdict(line) for line in answered.lines_of(document)],
        state="proposed" if code == CHANGED else "noted",
        message_id=message_id,
        received_at=work().at,
    )


def _replace_older(row: Order, response: OrderResponse) -> list[OrderResponse]:
    """A later answer takes the place of a proposal that nobody has decided."""
    if response.code == RECEIVED or row.response_state != "proposed":
        return []
    older = list(OrderResponse.objects.select_for_update().filter(order_id=row.id, state="proposed"))
    for one in older:
        one.state = "replaced"
        one.save()
    return older


def _proposed(response: OrderResponse) -> dict[int, ProposedLine]:
    return {line["line_no"]: ProposedLine(**line) for line in response.lines}


def _confirms_frames(held: sending.Held, response: OrderResponse) -> bool:
    proposed = _proposed(response)
    facts = [line_facts(line) for line in held.lines]
    if rules.check_proposal(facts, proposed.values()) or not rules.only_confirms_frames(facts, proposed):
        return False
    return rules.fits_receipt(facts, rules.accepted_version(facts, proposed), *_came(held.row, held.lines))


def _came(row: Order, lines: Sequence[OrderLine]) -> tuple[str, frozenset[int]]:
    """The receipt axis and the lines that have all come, what waited in our queue taken in."""
    here = (line.line_no for line in lines if line.arrived or line.received >= line.quantity)
    return row.receipt_state, frozenset(here)


def _check(
    row: Order, facts: OrderFacts, rows: Sequence[OrderLine], proposed: Mapping[int, ProposedLine]
) -> None:
    lines = [line_facts(line) for line in rows]
    refusal = rules.check_proposal(lines, proposed.values())
    if refusal is not None:
        raise _shown(refusal)
    after = rules.accepted_version(lines, proposed)
    if not rules.fits_receipt(lines, after, *_came(row, rows)):
        raise Refusal("CHANGE_AFTER_RECEIPT", number=row.number)
    total = rules.order_totals(after).gross
    refusal = rules.frame_passed(lines, proposed.values()) or _needs_approval(row, total)
    if refusal is not None and not _may_approve(facts, after, total):
        raise _shown(refusal)
    if refusal is not None:
        row.approved_gross = total


def _needs_approval(row: Order, total: int) -> Refusal | None:
    limit = rules.limit_on(change_limits(), today())
    held = _mandates_of_approvers(row) if total > row.approved_gross else []
    return rules.needs_approval(row.approved_gross, total, limit, held)


def _mandates_of_approvers(row: Order) -> list[int]:
    """What each approver of the purchase may approve today, where they approved it."""
    mandates = tenancy.mandates()
    return [
        max(
            (
                m.max_amount
                for m in mandates
                if m.person_id == task.decided_by and m.unit_id in task.unit_path
            ),
            default=0,
        )
        for task in approvals.tasks_of(row.requisition_id or row.id)
        if task.state == "approved"
    ]


def _may_approve(facts: OrderFacts, lines: Sequence[OrderLineFacts], total: int) -> bool:
    """Whether the viewer, not being the requester, may approve the new total for every responsibility."""
    return may_approve(
        viewer(),
        facts.requester_id,
        amount=total,
        responsibilities={line.coding.responsibility for line in lines if not line.cancelled},
        ordering_unit=facts.unit_id,
        units=tenancy.units(),
        mandates=tenancy.mandates(),
    )


def _apply(row: Order, lines: Sequence[OrderLine], proposed: Mapping[int, ProposedLine]) -> list[Model]:
    """Write the accepted version to the lines and the totals; the commitment follows."""
    before = [line_facts(line) for line in lines]
    after = rules.accepted_version(before, proposed)
    changed = sending.write_lines(lines, before, after)
    amounts = rules.order_totals(after)
    row.net, row.vat, row.gross = amounts.net, amounts.vat, amounts.gross
    blocked = policy().mode == "block"
    return [*changed, *sending.follow(row, label(row), before, after, {}, within_limit=blocked)]


def _cancel_all(row: Order, lines: Sequence[OrderLine]) -> list[Model]:
    """A rejected order binds nothing any more."""
    every = {line.line_no: ProposedLine(line.line_no, rules.NOT_ACCEPTED) for line in lines}
    return _apply(row, lines, every)


def _to(row: Order, state: str) -> None:
    if row.response_state != state and (row.response_state, state) not in states.RESPONSE:
        raise Refusal("RESPONSE_TOO_LATE", number=row.number)
    row.response_state = state
    row.version += 1


def _shown(refusal: Refusal) -> Refusal:
    """The refusal with amounts as kroner and per cent as people write it."""
    params = dict(refusal.params)
    for name in ("growth", "limit", "amount", "total", "frame", "price"):
        if name in params:
            params[name] = money(int(str(params[name])))
    if "percent" in params:
        params["percent"] = half_up_div(int(str(params["percent"])), 100)
    return Refusal(refusal.code, **params)
