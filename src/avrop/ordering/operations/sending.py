"""A change on its way: its number, its message, and the order's rows when it stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any
from uuid import UUID

from django.db.models import Model

from avrop.coding.facts import budget_key
from avrop.coding.queries import policy
from avrop.commitments.facts import Move
from avrop.commitments.models import Movement
from avrop.commitments.within import move
from avrop.journal.operation import work
from avrop.journal.within import label, lock_stream, record, row_hash
from avrop.kernel.finding import Refusal
from avrop.kernel.ports import OSLO, new_id
from avrop.messaging.within import enqueue
from avrop.ordering import changing, documents, queries, rules, states
from avrop.ordering.facts import ChangedLine, Details, OrderFacts, OrderLineFacts
from avrop.ordering.models import Order, OrderChange, OrderLine, OrderResponse
from avrop.ordering.operations.progress import catch_up
from avrop.ordering.queries import line_facts
from avrop.tenancy import queries as tenancy
from avrop.ubl.documents import order_cancellation as t115
from avrop.ubl.documents import order_change as t114


@dataclass
class Held:
    """An order with its lines, locked; `told` are the rows that catching up wrote, `head` the row's hash before."""

    row: Order
    lines: list[OrderLine]
    told: list[Any]
    head: str

    def facts(self) -> OrderFacts:
        """The order as its locked rows stand."""
        found = queries.order(self.row.id)
        assert found is not None
        return replace(
            found,
            lines=tuple(line_facts(line) for line in self.lines),
            **{name: getattr(self.row, name) for name in _OWN},
        )

    def record(self, event: object, changed: Sequence[Any], reason: str = "") -> None:
        """One entry about the order, with what catching up wrote."""
        record(
            event,
            tenant=self.row.buyer_id,
            stream=self.row.stream,
            subject=self.row,
            changed=list(dict.fromkeys([self.row, *self.told, *changed])),
            before=self.head,
            reason=reason,
        )


_OWN = ("net", "vat", "gross", "approved_gross", "ended", "receipt_state", "response_state")


def hold(order_id: UUID) -> Held:
    """The order and its lines, locked and with everything taken in that waits in our queue.

    Raises Refusal ORDER_UNKNOWN.
    """
    seen = queries.order(order_id)
    if seen is None:
        raise Refusal("ORDER_UNKNOWN")
    lock_stream(seen.stream)
    rows = Order.objects.select_for_update(of=("self",)).select_related("unit", "message", "supplier")
    row = rows.defer("message__body").get(id=order_id)
    lines = list(OrderLine.objects.select_for_update().filter(order_id=order_id).order_by("line_no"))
    head = row_hash(row)
    return Held(row, lines, list(catch_up(row, lines)), head)


def new_change(
    row: Order,
    kind: str,
    state: str,
    lines: Sequence[ChangedLine],
    after: Sequence[OrderLineFacts],
    *,
    details: Details | None = None,
    reason: str = "",
    by: UUID | None = None,
) -> OrderChange:
    """A change, not saved yet. The order's count of changes follows."""
    row.changes += 1
    return OrderChange(
        buyer_id=row.buyer_id,
        order=row,
        kind=kind,
        number=f"{row.number}-{row.changes}",
        state=state,
        lines=[asdict(one) for one in lines],
        details=changing.details_out(details or Details()),
        reason=reason.strip(),
        gross_before=row.gross,
        gross_after=rules.order_totals(after).gross,
        proposed_by=by,
        proposed_at=work().at,
    )


def wanted(change: OrderChange) -> list[ChangedLine]:
    """What the change makes of the lines, but for those that the supplier said no to."""
    asked = [one for one in change.lines if one["line_no"] not in change.declined]
    return [ChangedLine(**one) for one in asked]


def send(
    row: Order, change: OrderChange, before: Sequence[OrderLineFacts], after: Sequence[OrderLineFacts]
) -> None:
    """Write the change's message (T115 for the whole order, else T114) and queue it.

    The order's running number is that of the change. The lines are those before the change and after it.
    """
    row.sequence += 1
    change.sequence = row.sequence
    body, kind = _body(row, change, before, after)
    parties = tenancy.parties({row.buyer_id, row.supplier_id})
    change.message = enqueue(
        ident=new_id(),
        owner_id=row.buyer_id,
        sender=parties[row.buyer_id].endpoint,
        receiver=parties[row.supplier_id].endpoint,
        document_type=kind,
        document_type_id=documents.CANCELLATION_TYPE_ID
        if kind == "order_cancellation"
        else documents.CHANGE_TYPE_ID,
        process_id=documents.PROFILES[changing.ADVANCED],
        number=change.number,
        refers_to=f"ordering.Order:{row.id.hex}",
        stream=row.stream,
        body=body,
    )


def _body(
    row: Order, change: OrderChange, before: Sequence[OrderLineFacts], after: Sequence[OrderLineFacts]
) -> tuple[bytes, str]:
    parties = tenancy.parties({row.buyer_id, row.supplier_id})
    buyer, seller = parties[row.buyer_id], parties[row.supplier_id]
    found = queries.order(row.id)
    assert found is not None
    on = work().at.astimezone(OSLO).date()
    if change.kind != changing.RESTATEMENT and all(rules.in_all(line).cancelled for line in after):
        return t115.write(
            documents.cancellation(
                found, buyer=buyer, seller=seller, number=change.number, on=on, reason=change.reason or "-"
            )
        ), "order_cancellation"
    document = documents.change(
        with_details(found, change),
        before,
        after,
        buyer=buyer,
        seller=seller,
        number=change.number,
        sequence=change.sequence,
        on=on,
        reference=row.unit.code,
        reason=change.reason,
    )
    return t114.write(document), "order_change"


def with_details(order: OrderFacts, change: OrderChange) -> OrderFacts:
    """The order with the address, marking, note and date that the change gives it."""
    new = change.details
    return replace(
        order,
        delivery=new.get("delivery", order.delivery),
        marking=new.get("marking", order.marking),
        note=new.get("note", order.note),
        wanted_by=queries.day_of(new.get("wanted_by")) or order.wanted_by,
    )


def stand(row: Order, change: OrderChange, lines: Sequence[OrderLine]) -> list[Model]:
    """Let the change take effect: lines, totals, delivery and the commitment follow. Saves all but the order.

    What was bound when an increase was approved is counted in; what has come meanwhile stays.
    """
    before = [line_facts(line) for line in lines]
    after = changing.after(before, wanted(change))
    changed = write_lines(lines, before, after)
    if any(old.cancelled and not new.cancelled for old, new in zip(before, after, strict=True)):
        row.ended = ""  # all that had come went back; now more of it comes
    if change.kind == changing.REST:
        changed = close_all(lines, changed)
    _totals(row, after, approved=change.approved_by is not None)
    _details(row, change)
    bound = {int(no): amount for no, amount in change.bound.items()}
    change.bound = {}
    return [*changed, *follow(row, label(change), before, after, bound)]


def end(row: Order, how: str) -> list[Model]:
    """Nothing more is owed under the order, and nothing that waited for an answer waits any more."""
    row.ended = how
    proposals = list(OrderResponse.objects.select_for_update().filter(order_id=row.id, state="proposed"))
    for one in proposals:
        one.state = "replaced"
        one.save()
    if row.response_state in ("awaited", "proposed"):
        row.response_state = "none"
    return list(proposals)


def close_all(lines: Sequence[OrderLine], changed: list[Model]) -> list[Model]:
    """With the rest closed nothing more comes of any line."""
    for line in lines:
        if not line.closed and not line.cancelled:
            line.closed = True
            line.save(update_fields=["closed"])
            changed = changed if line in changed else [*changed, line]
    return changed


def write_lines(
    lines: Sequence[OrderLine], before: Sequence[OrderLineFacts], after: Sequence[OrderLineFacts]
) -> list[Model]:
    """The rows as the facts say; returns those that changed, saved."""
    changed: list[Model] = []
    for line, old, new in zip(lines, before, after, strict=True):
        if new != old:
            line.quantity, line.price, line.base_quantity = new.quantity, new.price, new.base_quantity
            line.net, line.cancelled, line.closed = new.net, new.cancelled, new.closed
            line.name, line.seller_item_id, line.frame = new.name, new.seller_item_id, new.frame
            line.arrived = line.arrived or (new.received >= new.quantity and not new.cancelled)
            line.save()
            changed.append(line)
    return changed


def release(row: Order, change: OrderChange, lines: Sequence[OrderLine]) -> list[Movement]:
    """Give back what an increase bound that does not stand after all."""
    facts = [line_facts(line) for line in lines]
    bound = {int(no): amount for no, amount in change.bound.items()}
    change.bound = {}
    return follow(row, label(change), facts, facts, bound)


def bind(row: Order, change: OrderChange, lines: Sequence[OrderLine]) -> list[Movement]:
    """Bind an approved increase at once. Under BLOCK it must be within the budget: else LimitPassed."""
    before = [line_facts(line) for line in lines]
    amounts = changing.binds(before, changing.after(before, wanted(change)))
    change.bound = {str(no): amount for no, amount in amounts.items()}
    keys = {line.line_no: budget_key(line.coding, year_of(row)) for line in before}
    moves = [Move(key=keys[no], committed=amount) for no, amount in amounts.items()]
    blocked = bool(moves) and policy().mode == "block"
    return move(buyer_id=row.buyer_id, source=label(change), moves=moves, within_limit=blocked)[1]


def year_of(row: Order) -> int:
    """The year whose budget the order binds."""
    return row.issued_at.astimezone(OSLO).year


def follow(
    row: Order,
    source: str,
    before: Sequence[OrderLineFacts],
    after: Sequence[OrderLineFacts],
    bound: Mapping[int, int],
    *,
    within_limit: bool = False,
) -> list[Movement]:
    """Move the commitment from what stood to what stands, less what an approval has bound already."""
    moves = [
        Move(key=budget_key(new.coding, year_of(row)), committed=amount)
        for old, new in zip(before, after, strict=True)
        if (amount := changing.moved(old, new) - bound.get(new.line_no, 0))
    ]
    if not moves:
        return []
    return move(buyer_id=row.buyer_id, source=source, moves=moves, within_limit=within_limit)[1]


def _totals(row: Order, after: Sequence[OrderLineFacts], *, approved: bool) -> None:
    """Approved anew, the new total is what was approved; what was taken away was approved once less."""
    amounts = rules.order_totals(after)
    if approved:
        row.approved_gross = amounts.gross
    else:
        row.approved_gross = max(row.approved_gross - max(row.gross - amounts.gross, 0), 0)
    row.net, row.vat, row.gross = amounts.net, amounts.vat, amounts.gross
    standing = [line for line in after if not line.cancelled]
    if any(line.received for line in standing):
        complete = all(line.received >= line.quantity for line in standing)
        row.receipt_state = "full" if complete else "partial"


def _details(row: Order, change: OrderChange) -> None:
    new = change.details
    if "address_id" in new:
        row.address_id, row.delivery = UUID(new["address_id"]), new["delivery"]
    row.marking = new.get("marking", row.marking)
    row.note = new.get("note", row.note)
    row.wanted_by = queries.day_of(new.get("wanted_by")) or row.wanted_by


def to_state(change: OrderChange, state: str) -> None:
    """Move the change. Raises Refusal CHANGE_DECIDED."""
    if (change.state, state) not in states.CHANGE:
        raise Refusal("CHANGE_DECIDED", number=change.number)
    change.state = state
    change.version += 1
