"""The seller's answer (T116) to a change or cancellation, and what it does to the order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from avrop.journal.operation import operation, work
from avrop.journal.within import label, record
from avrop.kernel.finding import Refusal
from avrop.kernel.money import line_amount
from avrop.kernel.ports import today
from avrop.portal import answers, documents, queries, rows, rules
from avrop.portal.events import SalesChangeAnswered
from avrop.portal.facts import UNCHANGED, AskedLine, SalesChangeFacts
from avrop.portal.models import SalesChange, SalesChangeLine, SalesOrder, SalesOrderLine
from avrop.portal.operations.common import LINE_COLUMNS, check_clerk, columns_of, hold
from avrop.portal.rules.changing import DELETED, confirms
from avrop.portal.states import AS_ASKED, DECLINED, PARTLY
from avrop.tenancy.queries import party

_STATE_OF = {"AP": AS_ASKED, "CA": PARTLY, "RE": DECLINED}


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
    settle_answer(order, ordered, row, asked, facts, judged, note)


def settle_answer(
    order: SalesOrder,
    ordered: list[SalesOrderLine],
    row: SalesChange,
    asked: Sequence[SalesChangeLine],
    facts: SalesChangeFacts,
    verdict: tuple[str, dict[str, str]],
    note: str,
) -> None:
    """What was judged takes effect, and the buyer is told. Needs the order held."""
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
    columns = {name: getattr(asked, name) for name in LINE_COLUMNS}
    return SalesOrderLine(
        seller_id=order.seller_id, order=order, answer=UNCHANGED, **{**columns, "position": position}
    )


def _restate(order: SalesOrder, standing: Sequence[SalesOrderLine], facts: SalesChangeFacts) -> None:
    """Sums, delivery and state follow the lines. An unanswered order is answered by the answer to its change."""
    for name, value in facts.header.items():
        setattr(order, name, value)
    order.net, order.vat, order.gross = documents.totals(
        [columns_of(line) for line in standing if not line.cancelled]
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
    document = answers.change_response(
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
