"""Nothing is approved before it came, above its price, or with something open; no credit passes its invoice."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from avrop.delivery.models import ReceiptLine
from avrop.invoicing.models import Invoice, InvoiceLine
from avrop.matching import operations as matching
from avrop.matching.models import Deviation, Match, MatchOrder
from avrop.ordering.models import OrderLine, OrderResponse
from avrop.requisition.models import RequisitionLine
from avrop.tenancy.scope import as_system
from tests.world import World

MICRO = 1_000_000
OPEN_TO_NEWS = (
    *("awaiting_receipt", "deviation", "matched", "disputed", "awaiting_credit", "awaiting_original"),
)


def states() -> None:
    """A deviation is open where the state says so, and nothing is approved with one."""
    stopped = set(Deviation._base_manager.filter(state="open").values_list("match_id", flat=True))
    for match in Match._base_manager.select_related("invoice"):
        if match.state in ("approved", "matched", "rejected", "credited"):
            assert match.id not in stopped, f"{match.state} with an open deviation"
        if match.state == "deviation":
            assert match.id in stopped, "a deviation that nobody owns"
        if match.state == "approved":
            assert match.invoice.state == "valid"
            assert match.approved_by or match.preapproval, "approved by nobody and nothing"


def paid_goods() -> None:
    """In the order of approvals: no more is paid of a line than had come and stayed, but by a person's decision."""
    came = defaultdict(list)
    for line in ReceiptLine._base_manager.select_related("receipt"):
        came[line.order_line_id].append((line.receipt.received_at, line.quantity))
    events = defaultdict(list)
    by_hand: set[str] = set()
    for match in _approved():
        for stored in match.lines:
            if stored["order_line_id"]:
                events[stored["order_line_id"]].append((match.approved_at, stored["quantity"]))
                if match.touched:
                    by_hand.add(stored["order_line_id"])
    for line in OrderLine._base_manager.select_related("order"):
        here = sum(quantity for _, quantity in came[line.id])
        name = f"{line.order.number}/{line.line_no}"
        assert 0 <= here <= line.quantity, f"{name}: over-receipt"
        if line.cancelled or line.order.response_state == "rejected":
            assert not here, f"{name} came and was cancelled"
        if line.frame is not None or line.id.hex in by_hand:
            continue
        mine = events[line.id.hex]
        for at in {when for when, _ in mine}:
            if sum(n for when, n in mine if when == at) > 0:  # less what was credited in the same decision
                paid = sum(n for when, n in mine if when <= at)
                then = sum(n for when, n in came[line.id] if when <= at)
                assert paid <= then, f"{name} paid before it came"


def paid_prices() -> None:
    """Without a person's decision a line costs at most its dearest agreed price, 2 per cent and 50 kroner more."""
    off = _taken_off()
    for match in _approved():
        if match.touched or match.invoice.kind == "credit_note":
            continue
        for line, stored in zip(_lines(match.invoice), match.lines, strict=True):
            if not stored["order_line_id"]:
                continue
            row = OrderLine._base_manager.select_related("order").get(id=stored["order_line_id"])
            net = line.net - off[match.invoice_id.hex, line.line_id]
            agreed = _dearest(row) * line.quantity * 100 // (MICRO * row.base_quantity)
            if row.frame is not None:
                assert net <= row.frame, f"{row.order.number}/{row.line_no} passed its frame"
            assert net <= agreed + min(agreed * 2 // 100, 5_000) + 1, (
                f"{row.order.number}/{row.line_no} too dear"
            )


def _dearest(row: OrderLine) -> int:
    """The highest price that was ever agreed of a line."""
    prices = [row.price]
    asked = RequisitionLine._base_manager.filter(
        requisition_id=row.order.requisition_id, seller_item_id=row.seller_item_id, name=row.name
    )
    prices += asked.values_list("price", flat=True)
    for response in OrderResponse._base_manager.filter(order_id=row.order_id, state="accepted"):
        prices += [one["price"] or 0 for one in response.lines if one["line_no"] == row.line_no]
    return max(prices)


def _taken_off() -> dict[tuple[str, str], int]:
    """(invoice, line) -> øre net that approved credit notes take off it."""
    off: dict[tuple[str, str], int] = defaultdict(int)
    for match in _approved():
        if match.invoice.kind == "credit_note":
            for stored in match.lines:
                invoice, _, line = stored["of"].partition(":")
                off[invoice, line] -= stored["net"]
    return off


def credits() -> None:
    """Approved credit notes take no more off an invoice than it was, but by a person's decision."""
    total: dict[str, int] = defaultdict(int)
    decided = set()
    for match in _approved():
        note = match.invoice
        if note.kind != "credit_note":
            continue
        assert note.credits, "a credit note of nothing"
        originals = Invoice._base_manager.filter(id__in=note.credits)
        assert originals.count() == len(note.credits)
        assert {one.seller_orgnr for one in originals} == {note.seller_orgnr}, "another seller's invoice"
        if len(note.credits) == 1:
            total[note.credits[0]] += note.payable
            if match.touched:
                decided.add(note.credits[0])
    for ident, amount in total.items():
        if ident not in decided:
            assert amount <= Invoice._base_manager.get(id=ident).payable, "more is credited than was invoiced"


def told(world: World) -> None:
    """No open invoice waits on yesterday's news: judged again, each is what it was."""
    before = dict(Match._base_manager.values_list("id", "state"))
    waiting = MatchOrder._base_manager.filter(match__state__in=OPEN_TO_NEWS)
    with as_system(world.bremnes.id):
        for order_id in set(waiting.values_list("order_id", flat=True)):
            matching.rematch_order(order_id=order_id)
        for supplier in (world.kontor, world.storhus):
            matching.rematch_supplier(supplier_id=supplier.id)
    after = dict(Match._base_manager.values_list("id", "state"))
    assert after == before, {k: (before[k], after[k]) for k in before if before[k] != after[k]}


def _approved() -> Iterable[Any]:
    return (
        Match._base_manager.filter(state="approved").select_related("invoice").order_by("approved_at", "id")
    )


def _lines(invoice: Invoice) -> list[InvoiceLine]:
    return list(InvoiceLine._base_manager.filter(invoice_id=invoice.id).order_by("position"))
