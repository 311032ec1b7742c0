"""Buyer and seller, each by their own rows: the same invoices, the same answers, the same lines."""

from __future__ import annotations

from collections.abc import Collection

from avrop.invoicing.models import Invoice, InvoiceLine
from avrop.matching.models import Match
from avrop.ordering.models import Order, OrderChange, OrderLine, OrderResponse
from avrop.portal.models import SalesChange, SalesInvoice, SalesInvoiceLine, SalesOrder, SalesOrderLine
from tests.world import World

FINAL = {"rejected": ("RE",)}


def invoices(world: World) -> None:
    """What the seller sent is what the buyer has, line by line; a rejection is known to both."""
    for sold in SalesInvoice._base_manager.filter(order__buyer_orgnr=world.bremnes.orgnr):
        kind = "credit_note" if sold.kind == "credit_note" else "invoice"
        found = Invoice._base_manager.filter(
            number=sold.number, supplier_id=sold.seller_id, kind=kind
        ).first()
        assert found is not None, f"{sold.number} was sent and never came"
        assert (found.net, found.vat, found.gross) == (sold.net, sold.vat, sold.gross)
        theirs = SalesInvoiceLine._base_manager.filter(invoice=sold).order_by("position")
        ours = InvoiceLine._base_manager.filter(invoice=found).order_by("position")
        assert list(theirs.values_list("quantity", "net")) == list(ours.values_list("quantity", "net"))
        match = Match._base_manager.filter(invoice=found).first()
        if match is not None and match.state == "rejected":
            assert sold.response_code == "RE", f"{sold.number}: the seller was not told"
        if sold.response_code == "RE" and not sold.stopped:
            assert match is None or match.state == "rejected", f"{sold.number}: told otherwise"


def orders(world: World, told_otherwise: Collection[str]) -> None:
    """Orders under advanced ordering with nothing under way and all said in messages: the same on both sides."""
    busy = {one.order_id for one in OrderChange._base_manager.filter(state__in=("awaiting", "sent"))}
    busy |= {one.order_id for one in OrderResponse._base_manager.filter(state="proposed")}
    for order in Order._base_manager.filter(process="advanced", ended="").exclude(number__in=told_otherwise):
        sold = SalesOrder._base_manager.filter(number=order.number, seller_id=order.supplier_id).first()
        if sold is None or order.id in busy or order.response_state == "rejected":
            continue
        if SalesChange._base_manager.filter(order=sold, state__in=("asked", "partly", "declined")).exists():
            continue  # the seller has not answered yet, or said no: somebody at the buyer is told
        ours = {
            str(line.line_no): (
                line.returned if line.cancelled else line.quantity + line.returned,
                line.price,
            )
            for line in OrderLine._base_manager.filter(order=order)
            if not (line.cancelled and not line.returned) and line.frame is None
        }
        theirs = {
            line.line_id: _stands(line)
            for line in SalesOrderLine._base_manager.filter(order=sold)
            if line.line_id in ours
        }
        assert theirs == ours, (order.number, theirs, ours)


def _stands(line: SalesOrderLine) -> tuple[int, int]:
    """What the seller holds for agreed of a line: its own answer where it gave one."""
    quantity = line.quantity if line.answer_quantity is None else line.answer_quantity
    price = line.price if line.answer_price is None else line.answer_price
    return quantity, price
