"""What later stations tell of an order: goods came or went back, an invoice was approved."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from operator import attrgetter
from uuid import UUID

from avrop.journal import queries as journal
from avrop.journal.operation import operation
from avrop.journal.within import record, row_hash
from avrop.ordering import rules, states
from avrop.ordering.events import OrderChanged, OrderProgressed
from avrop.ordering.models import Order, OrderLine
from avrop.ordering.queries import line_facts

Came = Mapping[str, Sequence[int]]  # line number -> what is here and more, see delivery's GoodsReceived
STATES = {True: "full", False: "partial"}
_MANY = 100  # lines
_TOLD = ("arrived", "received", "accrued", "returned", "told", "cancelled", "quantity", "net")
_told = attrgetter(*_TOLD)


@operation
def note_receipt(
    *,
    order_id: UUID,
    complete: bool,
    lines: Collection[int] = (),
    came: Came | None = None,
    back: bool = False,
) -> None:
    """Goods have come, all of them or some; of these lines everything. `back`: some went back instead.

    What was returned for credit is no longer ordered: the line's quantity shrinks. Its cost has followed in
    the return's own transaction.
    """
    row, due = _with_lines(order_id, {int(no) for no in came or {}} | (set() if complete else set(lines)))
    before, value = row_hash(row), (row.net, row.vat)
    changed = apply_told(row, due, complete=complete, arrived=lines, came=came or {}, back=back)
    if not changed and row_hash(row) == before:
        return
    row.version += 1
    row.save()
    shrunk = (row.net, row.vat) != value
    event = OrderChanged(order_id=row.id) if shrunk else OrderProgressed(order_id=row.id)
    _record(event, row, changed, before)


def apply_told(
    row: Order,
    lines: Iterable[OrderLine],
    *,
    complete: bool,
    arrived: Collection[int] = (),
    came: Came,
    back: bool = False,
) -> list[OrderLine]:
    """Write what delivery told to the rows; the lines that were changed are saved. Told twice is told once."""
    changed, whole = [], set(arrived)
    for line in lines:
        before = _told(line)
        _tell(line, came.get(str(line.line_no)))
        if not back and not complete and line.line_no in whole:
            line.arrived = True
        if _told(line) != before:
            changed.append(line)
    _save(changed, *_TOLD)
    if back and any(one.returned for one in changed):
        _sum_up(row)
    nothing_taken = bool(came) and not complete and not any(here for here, *_ in came.values())
    state = _receipt_state(row) if back else (row.receipt_state if nothing_taken else STATES[complete])
    if state != row.receipt_state and (back or (row.receipt_state, state) in states.RECEIPT):
        row.receipt_state = state
    return changed


def _tell(line: OrderLine, told: Sequence[int] | None) -> None:
    if told is None:
        return
    new = rules.told_of(line_facts(line), *told)
    line.arrived = line.arrived and new.received >= new.quantity
    line.received, line.accrued, line.returned, line.told = new.received, new.accrued, new.returned, new.told
    line.quantity, line.net, line.cancelled = new.quantity, new.net, new.cancelled


def _receipt_state(row: Order) -> str:
    """After something went back: what stands and what is here, from the lines."""
    standing = [line for line in _lines(row) if not line.cancelled]
    if not any(line.received for line in standing):
        return "none"
    return "full" if all(line.received >= line.quantity for line in standing) else "partial"


def _sum_up(row: Order) -> None:
    """The order's totals follow its lines; when none stands any more, nothing is owed."""
    facts = [line_facts(line) for line in _lines(row)]
    totals = rules.order_totals(facts)
    row.approved_gross = max(row.approved_gross - max(row.gross - totals.gross, 0), 0)
    row.net, row.vat, row.gross = totals.net, totals.vat, totals.gross
    if all(line.cancelled for line in facts):
        row.ended = row.ended or "closed"


def catch_up(row: Order, lines: Sequence[OrderLine]) -> list[OrderLine]:
    """Take what waits in our queue before deciding on the order: receipts, returns and invoices.

    Called with the purchase's stream locked; the handlers find it done. Returns the lines that were changed.
    """
    changed: dict[UUID, OrderLine] = {}
    known = {str(line.line_no): line for line in lines}
    for told in journal.untold("ordering.note_receipt", row.stream):
        if UUID(told["order_id"]) != row.id:
            continue
        back = "credit_expected" in told
        came = told.get("came") or {}
        mine = [line for no, line in known.items() if no in came or line.line_no in told.get("lines", ())]
        found = apply_told(
            row, mine, complete=told["complete"], arrived=told.get("lines", ()), came=came, back=back
        )
        changed |= {line.id: line for line in found}
    by_id = {line.id.hex: line for line in lines}
    for told in journal.untold("ordering.note_invoice", row.stream):
        taken = {by_id[ident]: q for ident, q in (told.get("taken") or {}).items() if ident in by_id}
        changed |= {line.id: line for line in _bill(told["invoice_id"], taken)}
    return list(changed.values())


@operation
def note_invoice(
    *,
    order_ids: Collection[UUID],
    full: Collection[UUID],
    invoice_id: UUID | None = None,
    taken: Mapping[str, Sequence[int]] | None = None,
) -> None:
    """An invoice on these orders was approved; those in `full` are now invoiced whole.

    `taken`: order line id (hex) -> [how much the invoice takes of it, øre it takes out of accrued, øre
    that are gone with it (see facts.Billed)]; a credit note gives back, below zero.
    """
    wanted = {UUID(ident): numbers for ident, numbers in (taken or {}).items()} if invoice_id else {}
    lines = OrderLine.objects.select_for_update().filter(id__in=wanted).select_related("order")
    taking = {line: wanted[line.id] for line in lines.order_by("order_id", "line_no")} if wanted else {}
    rows = {line.order_id: line.order for line in taking}
    rows |= Order.objects.select_for_update().in_bulk(sorted(set(order_ids) - rows.keys()))
    found: dict[UUID, list[OrderLine]] = {}
    for line in _bill(invoice_id.hex if invoice_id else "", taking):
        found.setdefault(line.order_id, []).append(line)
    for ident in sorted(rows):
        _invoiced(rows[ident], "full" if ident in full else "partial", found.get(ident, []))


def _bill(invoice: str, taken: Mapping[OrderLine, Sequence[int]]) -> list[OrderLine]:
    changed = [line for line, numbers in taken.items() if line.billed.get(invoice) != list(numbers)]
    for line in changed:
        line.billed = {**line.billed, invoice: list(taken[line])}
    _save(changed, "billed")
    return changed


def _save(lines: Sequence[OrderLine], *fields: str) -> None:
    """One statement, however many lines there are."""
    if len(lines) == 1:
        lines[0].save(update_fields=fields)
    elif lines:
        OrderLine.objects.bulk_create(
            lines, update_conflicts=True, unique_fields=["id"], update_fields=list(fields)
        )


def _invoiced(row: Order, to: str, lines: Sequence[OrderLine]) -> None:
    moves = (row.invoice_state, to) in states.INVOICE
    if not moves and not lines:
        return
    before = row_hash(row)
    if moves:
        row.invoice_state = to
    row.version += 1
    row.save()
    _record(OrderProgressed(order_id=row.id), row, lines, before)


def _with_lines(order_id: UUID, numbers: Collection[int]) -> tuple[Order, list[OrderLine]]:
    """The order and these lines of it, locked; in one statement where there are any, and not too many."""
    rows = OrderLine.objects.select_for_update().filter(order_id=order_id, line_no__in=numbers)
    if len(numbers) > _MANY:  # the order is not read with each of them
        return Order.objects.select_for_update().get(id=order_id), list(rows)
    lines = list(rows.select_related("order")) if numbers else []
    return (lines[0].order if lines else Order.objects.select_for_update().get(id=order_id)), lines


def _lines(row: Order, numbers: Collection[int] | None = None) -> list[OrderLine]:
    if numbers is not None and not numbers:
        return []
    rows = OrderLine.objects.select_for_update().filter(order_id=row.id)
    return list(rows if numbers is None else rows.filter(line_no__in=numbers))


def _record(event: object, row: Order, lines: Sequence[OrderLine], before: str) -> None:
    record(event, tenant=row.buyer_id, stream=row.stream, subject=row, changed=[row, *lines], before=before)
