"""A buyer's change (T114) or cancellation (T115) of an order, laid beside it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db.models import Model

from avrop.journal.operation import operation, work
from avrop.journal.within import label, record
from avrop.kernel.finding import Refusal
from avrop.kernel.ports import new_id
from avrop.messaging.models import Message
from avrop.messaging.within import settle
from avrop.portal import documents, queries, rules
from avrop.portal.events import SalesChangeReceived
from avrop.portal.facts import CANCELLATION, CHANGE_OF_ORDER
from avrop.portal.models import SalesChange, SalesChangeLine, SalesOrder, SalesOrderLine
from avrop.portal.operations.change_answers import settle_answer
from avrop.portal.operations.common import columns_of, hold
from avrop.portal.rules.changing import DELETED
from avrop.portal.states import ASKED, SUPERSEDED
from avrop.ubl.documents import parts as p
from avrop.ubl.documents.order_cancellation import OrderCancellation
from avrop.ubl.documents.order_change import OrderChange


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
    gone = [{**columns_of(line), "action": DELETED} for line in ordered]
    _take(message_id, order, ordered, row, gone, earlier)


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
        settle_answer(order, ordered, row, written, facts, ("AP", {}), "")


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
