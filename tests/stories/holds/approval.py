"""What left is what was approved, and nobody decides alone."""

from __future__ import annotations

import json
from collections import defaultdict
from decimal import Decimal
from hashlib import sha256
from typing import Any
from uuid import UUID

from lxml import etree

from avrop.approval.models import ApprovalTask
from avrop.delivery.models import Receipt
from avrop.kernel import ports
from avrop.matching.models import Deviation, Match
from avrop.messaging.models import Message
from avrop.ordering.models import Order, OrderChange, OrderLine

MICRO = 1_000_000
_UBL = {
    "cac": "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2",
    "cbc": "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2",
    "o": "urn:oasis:names:specification:ubl:schema:xsd:Order-2",
}


def approvals_and_messages() -> None:
    """What left is what was approved: the hash is made anew from the XML, and every responsibility gave it."""
    messages = {m.id: m for m in Message._base_manager.filter(direction="out", document_type="order")}
    # One that was taken over left another system; who answers for it is proved in its own story.
    orders = list(
        Order._base_manager.filter(requisition_id__isnull=False).select_related("supplier", "buyer")
    )
    elsewhere = Order._base_manager.filter(requisition_id__isnull=True)
    messages = {
        k: m for k, m in messages.items() if k not in set(elsewhere.values_list("message_id", flat=True))
    }
    assert {one.message_id for one in orders} == set(messages), "an order without message, or the reverse"
    for order in orders:
        lines = list(OrderLine._base_manager.filter(order_id=order.id).order_by("line_no"))
        message = messages[order.message_id]
        left = _hash_of(message, order, lines)
        tasks = ApprovalTask._base_manager.filter(subject_id=order.requisition_id, state="approved")
        given = defaultdict(set)
        for task in tasks:
            bundle = json.dumps(sorted(task.hashes), separators=(",", ":")).encode()
            assert task.content_hash == sha256(bundle).hexdigest()
            assert task.decided_by_id not in (None, order.requester_id), "approved their own"
            assert task.decided_at <= message.at
            given[task.responsibility] |= set(task.hashes)
        for responsibility in {line.responsibility for line in lines}:
            assert left in given[responsibility], f"{order.number} left without approval of {responsibility}"


def _hash_of(message: Message, order: Order, rows: list[OrderLine]) -> str:
    """Decision 8 from what left; only coding, ids and frames, which Peppol has no place for, from the rows."""
    root = etree.fromstring(bytes(message.body) if message.body else ports.originals().get(message.sha256))
    found = root.xpath("//o:Order", namespaces=_UBL) or [root]
    one = found[0]
    assert _text(one, "cac:BuyerCustomerParty/cac:Party/cbc:EndpointID") == order.buyer.orgnr
    assert _text(one, "cac:SellerSupplierParty/cac:Party/cbc:EndpointID") == order.supplier.orgnr
    assert _text(one, "cac:Contract/cbc:ID") == order.agreement_ref
    assert _text(one, "cbc:ID") == order.number
    street = "cac:Delivery/cac:DeliveryLocation/cac:Address/cbc:StreetName"
    assert _text(one, street) == order.delivery["street"]
    lines = one.xpath("cac:OrderLine", namespaces=_UBL)
    assert len(lines) == len(rows)
    marks = "cac:Delivery/cac:Shipment/cac:TransportHandlingUnit/cbc:ShippingMarks"
    content = {
        "buyer": order.buyer_id.hex,
        "supplier": order.supplier_id.hex,
        "agreement": order.agreement_id.hex if order.agreement_id else None,
        "address": order.address_id.hex,
        "marking": _text(one, marks),
        "currency": _text(one, "cbc:DocumentCurrencyCode"),
        "lines": [_line(line, row) for line, row in zip(lines, rows, strict=True)],
    }
    plain = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return sha256(plain.encode()).hexdigest()


def _line(line: Any, row: OrderLine) -> dict[str, Any]:
    item = "cac:LineItem/cac:Item"
    tax = f"{item}/cac:ClassifiedTaxCategory"
    price = _text(line, "cac:LineItem/cac:Price/cbc:PriceAmount")
    return {
        "item": _text(line, f"{item}/cac:SellersItemIdentification/cbc:ID"),
        "text": _text(line, f"{item}/cbc:Name"),
        "quantity": _micro(_text(line, "cac:LineItem/cbc:Quantity")),
        "unit": line.xpath("string(cac:LineItem/cbc:Quantity/@unitCode)", namespaces=_UBL),
        "price": _micro(price),
        "base": _micro(_text(line, "cac:LineItem/cac:Price/cbc:BaseQuantity") or "1"),
        # Free text is one piece at its frame; the row's own may have been raised by a new approval.
        "frame": None if row.frame is None else int(Decimal(price) * 100),
        "vat": [_text(line, f"{tax}/cbc:ID"), int(Decimal(_text(line, f"{tax}/cbc:Percent")) * 100)],
        "coding": [row.account, row.responsibility, row.function, row.project, row.vat_treatment],
    }


def _text(node: Any, path: str) -> str:
    return str(node.xpath(f"string({path})", namespaces=_UBL))


def _micro(text: str) -> int:
    return int(Decimal(text) * MICRO)


def two_persons() -> None:
    """The approver is never the requester, and receives only by a logged exception (Decision 2)."""
    own_purchases = Order._base_manager.filter(requisition_id__isnull=False)
    for order in own_purchases:
        tasks = ApprovalTask._base_manager.filter(subject_id=order.requisition_id, state="approved")
        approvers = set(tasks.values_list("decided_by_id", flat=True))
        assert approvers and order.requester_id not in approvers
        own = Receipt._base_manager.filter(order_id=order.id, kind="receipt")
        for receipt in own.filter(received_by_id__in=approvers):
            assert receipt.by_exception and receipt.exception_reason
        for change in OrderChange._base_manager.filter(order_id=order.id, approved_by__isnull=False):
            assert change.approved_by not in (order.requester_id, change.proposed_by)
            later = own.filter(received_by_id=change.approved_by, received_at__gt=change.approved_at)
            assert not later.filter(by_exception=False).exists()
    requesters = dict(own_purchases.values_list("id", "requester_id"))
    for match in Match._base_manager.filter(state="approved", approved_by__isnull=False):
        assert match.approved_by not in {requesters.get(UUID(one)) for one in match.orders}, "paid their own"
    for deviation in Deviation._base_manager.filter(state="accepted").select_related("match"):
        assert deviation.decided_by not in {requesters.get(UUID(one)) for one in deviation.match.orders}
