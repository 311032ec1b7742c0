"""A buyer's change (T114) or cancellation (T115) of an order in, and the answer (T116) out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db.models import Model

from avrop.journal.operation import operation, work
from avrop.journal.within import label, record
from avrop.kernel.finding import Refusal
from avrop.kernel.money import line_amount
from avrop.kernel.ports import new_id, today
from avrop.messaging.models import Message
from avrop.messaging.within import settle
from avrop.portal import documents, queries, rows, rules
from avrop.portal.events import SalesChangeAnswered, SalesChangeReceived
from avrop.portal.facts import CANCELLATION, CHANGE_OF_ORDER, UNCHANGED, AskedLine, SalesChangeFacts
from avrop.portal.models import SalesChange, SalesChangeLine, SalesOrder, SalesOrderLine
from avrop.portal.operations.common import check_clerk, hold
from avrop.portal.rules.changing import DELETED, confirms
from avrop.portal.states import AS_ASKED, ASKED, DECLINED, PARTLY, SUPERSEDED
from avrop.tenancy.queries import party
from avrop.ubl.documents import parts as p
from avrop.ubl.documents.order_cancellation import OrderCancellation
from avrop.ubl.documents.order_change import OrderChange

_STATE_OF = {"AP": AS_ASKED, "CA": PARTLY, "RE": DECLINED}
_LINE_COLUMNS = (
    "position", "line_id", "seller_item_id", "name", "description", "note", "quantity", "unit_code", "price",
    "base_quantity", "net", "vat_category", "vat_rate", "free_text",
)  # fmt: skip


@operation
def take_change(*, message_id: UUID, document: OrderChange) -> None:
    """The buyer wants an order changed. Nothing is changed before the seller has answered.

    A newer change takes the place of one not answered. One that asks for just what the seller has said will come
    (the buyer confirms a proposal) is answered at once. Raises Refusal: CHANGE_OF_UNKNOWN_ORDER, LINE_TWICE, those
    of `rules.check_order_of` and of `documents` for what cannot be kept whole.
    """
    lines = documents.change_line_values(document)
    if len({line["line_id"] for line in lines}) != len(lines):
        raise Refusal("LINE_TWICE", change=document.id[:40])
    order, ordered = _order_of(document.buyer, document.order_reference)
    earlier = list(SalesChange.objects.filter(order_id=order.id))
    if (seen := _seen(earlier, CHANGE_OF_ORDER, document.id)) is not None:
        _repeated(message_id, seen, order)
        return
    newest = max((one.sequence for one in earlier if one.kind == CHANGE_OF_ORDER), default=0)
    sequence = _sequence(document.sequence_number, newest)
    rules.check_order_of(
        number=document.id[:40],
        sequence=sequence,
        state=order.state,
        earlier=[(one.kind, one.sequence, one.state) for one in earlier],
        currency_fits=document.currency == order.currency,
    )
    row = SalesChange(
        kind=CHANGE_OF_ORDER,
        number=documents.fit(document.id, 100, "ID"),
        sequence=sequence,
        issue_date=document.issue_date,
        note="\n".join(document.notes),
        header=documents.change_header(document, queries.facts_of(order, ordered)),
    )
    _take(message_id, order, ordered, row, lines, earlier)


@operation
def take_cancellation(*, message_id: UUID, document: OrderCancellation) -> None:
    """The buyer takes the whole order back. It stands until the seller has answered.

    Raises Refusal: CHANGE_OF_UNKNOWN_ORDER and those of `rules.check_order_of`.
    """
    order, ordered = _order_of(document.buyer, document.order_reference)
    earlier = list(SalesChange.objects.filter(order_id=order.id))
    if (seen := _seen(earlier, CANCELLATION, document.id)) is not None:
        _repeated(message_id, seen, order)
        return
    newest = max((one.sequence for one in earlier), default=0)
    rules.check_order_of(
        number=document.id[:40],
        sequence=newest + 1,
        state=order.state,
        earlier=[(one.kind, one.sequence, one.state) for one in earlier],
        currency_fits=True,
    )
    row = SalesChange(
        kind=CANCELLATION,
        number=documents.fit(document.id, 100, "ID"),
        sequence=newest,  # a later change counts on from the changes there are
        issue_date=document.issue_date,
        note="\n".join([document.reason, *document.notes]),
    )
    gone = [{**_columns(line), "action": DELETED} for line in ordered]
    _take(message_id, order, ordered, row, gone, earlier)


def _columns(line: SalesOrderLine) -> dict[str, Any]:
    return {name: getattr(line, name) for name in _LINE_COLUMNS}


def _order_of(buyer: p.Party, number: str) -> tuple[SalesOrder, list[SalesOrderLine]]:
    """The order that the document names, held. Only the one who ordered may change it."""
    endpoint = str(buyer.endpoint) if buyer.endpoint else ""
    found = (
        SalesOrder.objects.filter(number=number, buyer_endpoint=endpoint).values_list("id", flat=True).first()
    )
    if found is None:
        raise Refusal("CHANGE_OF_UNKNOWN_ORDER", order=number[:40])
    return hold(found)


def _seen(earlier: Iterable[SalesChange], kind: str, number: str) -> SalesChange | None:
    return next((one for one in earlier if (one.kind, one.number) == (kind, number)), None)


def _sequence(told: str | None, newest: int) -> int:
    """The running number the buyer gave, or the next where it gave none that counts."""
    text = (told or "").strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else newest + 1


def _repeated(message_id: UUID, seen: SalesChange, order: SalesOrder) -> None:
    """The same change came before: the message is kept beside it and changes nothing."""
    settled = settle(
        message_id=message_id,
        state="duplicate",
        refers_to=label(seen),
        outcome={"order": order.number, "change": seen.number},
    )
    if settled is None:
        return
    settled.reason, settled.params = "CHANGE_SEEN_BEFORE", {"change": seen.number}
    settled.save(update_fields=["reason", "params"])
    _record(seen, order, [settled], "DUPLICATE")


def _take(
    message_id: UUID,
    order: SalesOrder,
    ordered: list[SalesOrderLine],
    row: SalesChange,
    lines: Sequence[Mapping[str, Any]],
    earlier: Iterable[SalesChange],
) -> None:
    row.id = new_id()
    settled = settle(message_id=message_id, refers_to=label(row), outcome={"order": order.number})
    if settled is None:
        return
    row.seller_id, row.order, row.message_id, row.received_at = order.seller_id, order, message_id, work().at
    row.save(force_insert=True)
    written = [SalesChangeLine(seller_id=row.seller_id, change=row, **line) for line in lines]
    SalesChangeLine.objects.bulk_create(written)
    superseded = [one for one in earlier if one.state == ASKED]
    for one in superseded:
        one.state = SUPERSEDED
        one.save(update_fields=["state"])
    order.changes_asked = 1
    order.save(update_fields=["changes_asked"])
    _record(row, order, [row, *written, *superseded, order, settled])
    facts = queries.change_facts(row, written, queries.facts_of(order, ordered).lines)
    # An order nobody has answered is not accepted by a change that says the same again.
    if order.answered_at is not None and rules.asks_nothing(facts):
        _answer(order, ordered, row, written, facts, ("AP", {}), "")


def _record(
    row: SalesChange, order: SalesOrder, changed: Sequence[Model | Message], reason: str = ""
) -> None:
    record(
        SalesChangeReceived(row.id, row.kind),
        tenant=order.seller_id,
        stream=order.stream,
        subject=row,
        changed=changed,
        reason=reason or row.note,
    )


@operation
def answer_change(
    *, sales_change_id: UUID, decision: str, declined: Mapping[str, bool] | None = None, note: str = ""
) -> None:
    """Accept or decline a buyer's change or cancellation, in whole or by line, and queue the answer (T116).

    `decision`: accept, lines, decline; `declined`: with `lines`, the line ids said no to. What is accepted stands
    from now on. Raises Refusal: SALES_CHANGE_UNKNOWN and those of `rules.judge_change`.
    """
    check_clerk()
    found = SalesChange.objects.filter(id=sales_change_id).values_list("order_id", flat=True).first()
    if found is None:
        raise Refusal("SALES_CHANGE_UNKNOWN")
    order, ordered = hold(found)
    row = SalesChange.objects.get(id=sales_change_id)
    asked = list(SalesChangeLine.objects.filter(change_id=row.id).order_by("position"))
    facts = queries.change_facts(row, asked, queries.facts_of(order, ordered).lines)
    judged = rules.judge_change(facts, decision, declined or {}, note)
    _answer(order, ordered, row, asked, facts, judged, note)


def _answer(
    order: SalesOrder,
    ordered: list[SalesOrderLine],
    row: SalesChange,
    asked: Sequence[SalesChangeLine],
    facts: SalesChangeFacts,
    verdict: tuple[str, dict[str, str]],
    note: str,
) -> None:
    """What was judged takes effect, and the buyer is told."""
    code, judged = verdict
    told = _note_answer(row, asked, facts, judged, code, note)
    standing, written = _apply(order, ordered, facts, judged, code)
    row.response_number = rows.next_response(order)
    row.save(update_fields=["state", "answer_note", "answered_at", "response_number"])
    order.changes_asked = 0
    order.save()
    _queue(order, standing, facts, row, code, judged)
    record(
        SalesChangeAnswered(row.id, code),
        tenant=order.seller_id,
        stream=order.stream,
        subject=row,
        changed=[row, *told, order, *written],
        reason=row.answer_note,
    )


def _note_answer(
    row: SalesChange,
    asked: Sequence[SalesChangeLine],
    facts: SalesChangeFacts,
    judged: Mapping[str, str],
    code: str,
    note: str,
) -> list[SalesChangeLine]:
    """What was answered and what stood then, kept on the change."""
    row.state, row.answer_note, row.answered_at = _STATE_OF[code], note.strip(), work().at
    told: list[SalesChangeLine] = []
    for line, fact in zip(asked, facts.lines, strict=True):
        if fact.line_id in judged:
            line.answer = judged[fact.line_id]
            stands = fact.standing
            line.stood_quantity = stands.agreed_quantity if stands else None
            line.stood_price = stands.agreed_price if stands else None
            told.append(line)
    SalesChangeLine.objects.bulk_create(
        told,
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=["answer", "stood_quantity", "stood_price"],
    )
    return told


def _apply(
    order: SalesOrder,
    ordered: list[SalesOrderLine],
    facts: SalesChangeFacts,
    judged: Mapping[str, str],
    code: str,
) -> tuple[list[SalesOrderLine], list[SalesOrderLine]]:
    """(the order's lines as they stand now, those of them that were written). The order's row is not saved."""
    if code == "RE":
        return ordered, []
    by_id = {line.line_id: line for line in ordered}
    kept: list[SalesOrderLine] = []
    added: list[SalesOrderLine] = []
    for asked in facts.lines:
        if judged.get(asked.line_id) != UNCHANGED and not confirms(asked):
            continue
        if asked.line_id in by_id:
            _set(by_id[asked.line_id], asked)
            kept.append(by_id[asked.line_id])
        else:
            added.append(_added(order, asked, len(ordered) + len(added) + 1))
    rows.save_lines(
        kept, "quantity", "price", "net", "note", "cancelled", "answer", "answer_quantity", "answer_price"
    )
    SalesOrderLine.objects.bulk_create(added)
    standing = [*ordered, *added]
    _restate(order, standing, facts)
    return standing, [*kept, *added]


def _set(line: SalesOrderLine, asked: AskedLine) -> None:
    """The line is as the buyer wants it; one that is taken back keeps what was ordered, and is worth nothing."""
    line.cancelled = asked.action == DELETED or not asked.quantity
    line.answer, line.answer_quantity, line.answer_price = UNCHANGED, None, None
    if not line.cancelled:
        line.quantity, line.price = asked.quantity, asked.price
        line.net = line_amount(asked.quantity, asked.price, line.base_quantity)
        line.note = asked.note or line.note


def _added(order: SalesOrder, asked: AskedLine, position: int) -> SalesOrderLine:
    columns = {name: getattr(asked, name) for name in _LINE_COLUMNS}
    return SalesOrderLine(
        seller_id=order.seller_id, order=order, answer=UNCHANGED, **{**columns, "position": position}
    )


def _restate(order: SalesOrder, standing: Sequence[SalesOrderLine], facts: SalesChangeFacts) -> None:
    """Sums, delivery and state follow the lines. An unanswered order is answered by the answer to its change."""
    for name, value in facts.header.items():
        setattr(order, name, value)
    order.net, order.vat, order.gross = documents.totals(
        [_columns(line) for line in standing if not line.cancelled]
    )
    order.answered_at = order.answered_at or work().at
    after = rules.state_of(queries.facts_of(order, standing).lines, answered=True)
    if after != order.state:
        rows.move(order, after)


def _queue(
    order: SalesOrder,
    standing: Sequence[SalesOrderLine],
    facts: SalesChangeFacts,
    row: SalesChange,
    code: str,
    judged: Mapping[str, str],
) -> None:
    document = documents.change_response(
        queries.facts_of(order, standing),
        party(order.seller_id),
        facts,
        number=row.response_number,
        code=code,
        judged=judged,
        note=row.answer_note,
        issued=today(),
    )
    rows.queue_response(order, document, refers_to=label(row))
