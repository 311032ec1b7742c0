"""What must hold whatever anybody did: approval, two persons, budget, match and books. Used by `walk`.

Expected values are computed here from documents and rows, not by the rules under test.
"""

from __future__ import annotations

import json
from collections import defaultdict
from decimal import ROUND_HALF_UP, Decimal
from hashlib import sha256
from typing import Any

from lxml import etree

from avrop.accounting.models import Posting, PostingLine
from avrop.approval.models import ApprovalTask
from avrop.commitments import queries as commitments
from avrop.commitments.models import Account
from avrop.delivery.models import Receipt, ReceiptLine
from avrop.invoicing.models import Invoice, InvoiceLine
from avrop.journal import audit
from avrop.journal.models import Delivery
from avrop.kernel import ports
from avrop.matching import operations as matching
from avrop.matching.models import Deviation, Match, MatchOrder
from avrop.messaging.models import Message
from avrop.ordering.models import Order, OrderChange, OrderLine
from avrop.requisition.models import Requisition, RequisitionLine
from avrop.tenancy.scope import as_system, everything
from tests.world import World

MICRO = 1_000_000
BUCKETS = ("reserved", "committed", "accrued", "invoiced", "posted")
_UBL = {
    "cac": "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2",
    "cbc": "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2",
    "o": "urn:oasis:names:specification:ubl:schema:xsd:Order-2",
}


def nothing_failed() -> None:
    """No handler met an error (a refusal of a message is not one)."""
    failed = list(Delivery.objects.exclude(error="").values_list("handler", "error"))
    assert not failed, failed


def when_idle(world: World) -> None:
    """What holds whenever the workers have nothing left to do."""
    with everything("the test checks"):
        assert not Delivery.objects.exclude(state="done").exists()
        approvals_and_messages()
        two_persons()
        matches()
        books()
        budget(world)
        told(world)


def at_the_end(world: World) -> None:
    """The dear checks, once."""
    report = audit.verify(covered=False)
    assert report.ok, report.places


# --- approval


def approvals_and_messages() -> None:
    """What left is what was approved: the hash is made anew from the XML, and every responsibility gave it."""
    messages = {m.id: m for m in Message._base_manager.filter(direction="out", document_type="order")}
    orders = list(Order._base_manager.select_related("supplier", "buyer"))
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
    for order in Order._base_manager.all():
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
        numbers = [order.id.hex]
        for match in Match._base_manager.filter(state="approved"):
            if match.orders == numbers:
                assert match.approved_by != order.requester_id


# --- match and books


def matches() -> None:
    """Nothing is approved with a deviation open; no more than was ordered and came is approved by itself."""
    taken: dict[Any, int] = defaultdict(int)
    paid: dict[Any, int] = defaultdict(int)
    by_hand = set()
    for match in Match._base_manager.select_related("invoice"):
        open_ones = Deviation._base_manager.filter(match_id=match.id, state="open").exists()
        if match.state in ("approved", "matched"):
            assert not open_ones, f"{match.state} with an open deviation"
        if match.state == "deviation":
            assert open_ones, "a deviation that nobody owns"
        if match.state != "approved":
            assert not Posting._base_manager.filter(invoice_id=match.invoice_id).exists()
            continue
        assert match.invoice.state == "valid"
        for line, stored in zip(_invoice_lines(match.invoice), match.lines, strict=True):
            if stored["order_line_id"]:
                taken[stored["order_line_id"]] += line.quantity
                paid[stored["order_line_id"]] += line.net
                if match.touched:
                    by_hand.add(stored["order_line_id"])
    came = defaultdict(int)
    back = defaultdict(int)  # what was invoiced and then went back stays invoiced until it is credited
    for line in ReceiptLine._base_manager.select_related("receipt"):
        came[line.order_line_id] += line.quantity
        if line.receipt.kind == "return":
            back[line.order_line_id] -= line.quantity
    for line in OrderLine._base_manager.select_related("order"):
        assert came[line.id] <= line.quantity, "over-receipt"
        if line.cancelled or line.order.response_state == "rejected":
            assert not came[line.id], f"{line.order.number}/{line.line_no} came and was cancelled"
        if line.frame is not None:  # up to an amount: two per cent above a price that was confirmed below it
            here = came[line.id] + back[line.id]
            most = min(line.frame, line.net + min(line.net * 2 // 100, 5_000)) if here else 0
            assert line.id.hex in by_hand or paid[line.id.hex] <= most
        elif line.id.hex not in by_hand:
            assert taken[line.id.hex] <= came[line.id] + back[line.id], (
                f"{line.order.number}/{line.line_no} paid before it came"
            )


def told(world: World) -> None:
    """No open invoice waits on yesterday's news: judged again, each is what it was."""
    before = dict(Match._base_manager.values_list("id", "state"))
    waiting = MatchOrder._base_manager.filter(match__state__in=("awaiting_receipt", "deviation", "matched"))
    with as_system(world.bremnes.id):
        for order_id in set(waiting.values_list("order_id", flat=True)):
            matching.rematch_order(order_id=order_id)
    assert dict(Match._base_manager.values_list("id", "state")) == before


def _invoice_lines(invoice: Invoice) -> list[InvoiceLine]:
    return list(InvoiceLine._base_manager.filter(invoice_id=invoice.id).order_by("position"))


def books() -> None:
    """Each approved invoice is posted once; its lines balance and are the invoice's own amounts."""
    approved = Match._base_manager.filter(state="approved").select_related("invoice")
    posted = {one.invoice_id: one for one in Posting._base_manager.all()}
    assert {match.invoice_id for match in approved} == set(posted)
    seen: dict[Any, Any] = {}
    for match in approved:
        invoice, posting = match.invoice, posted[match.invoice_id]
        lines = list(PostingLine._base_manager.filter(posting_id=posting.id))
        assert sum(line.amount for line in lines) == 0
        assert sum(line.amount for line in lines if line.kind == "supplier") == -invoice.payable
        costs = sum(line.amount for line in lines if line.kind in ("cost", "vat"))
        assert (
            costs == invoice.gross and invoice.gross + invoice.rounding - invoice.prepaid == invoice.payable
        )
        _compensated(invoice, match, lines)
        same = (invoice.seller_orgnr, invoice.number, invoice.issue_date, invoice.payable)
        assert same not in seen, f"{invoice.number} is posted twice"
        seen[same] = posting.id


def _compensated(invoice: Invoice, match: Match, lines: list[PostingLine]) -> None:
    """VAT on art 429 is that of the compensated lines; exact where a rate has one treatment."""
    on_429 = sum(line.amount for line in lines if line.kind == "vat" and line.account[1:4] == "429")
    nets: dict[tuple[str, int], dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for line, stored in zip(_invoice_lines(invoice), match.lines, strict=True):
        if not stored["order_line_id"]:
            return  # a line of no order line follows the others'
        row = OrderLine._base_manager.get(id=stored["order_line_id"])
        nets[line.vat_category, line.vat_rate][row.vat_treatment] += line.net
    if invoice.document_charges:
        return
    slack = 0
    expected = 0
    for part in invoice.vat_breakdown:
        mine = nets[part["category"], part["rate"]]
        if set(mine) == {"compensated"}:
            expected += part["vat"]
        elif "compensated" in mine:
            expected += _share(part["vat"], mine["compensated"], part["base"])
            slack += 1
    assert abs(on_429 - expected) <= slack, (on_429, expected)


def _share(amount: int, part: int, whole: int) -> int:
    return int((Decimal(amount) * part / whole).quantize(Decimal(1), ROUND_HALF_UP)) if whole else 0


# --- budget


def budget(world: World) -> None:
    """Buckets are the sum of movements, and bind exactly what baskets, orders and invoices say they do."""
    with as_system(world.bremnes.id):
        assert commitments.check() == []
    stands = {account.key: account for account in Account._base_manager.filter(buyer=world.bremnes)}
    low, high = _expected()
    for key, account in stands.items():
        assert min(getattr(account, name) for name in BUCKETS) >= 0, (key, "below zero")
        assert account.reserved == low[key, "reserved"], (
            key,
            "reserved",
            account.reserved,
            low[key, "reserved"],
        )
        for bucket in ("open", "paid"):
            names = ("committed", "accrued") if bucket == "open" else ("invoiced", "posted")
            amount = sum(getattr(account, name) for name in names)
            assert low[key, bucket] <= amount <= high[key, bucket], (
                key, bucket, amount, low[key, bucket], high[key, bucket],
            )  # fmt: skip
    assert {key for key, _ in low} <= set(stands)


def _expected() -> tuple[dict[Any, int], dict[Any, int]]:
    low: dict[Any, int] = defaultdict(int)
    high: dict[Any, int] = defaultdict(int)
    waiting = Requisition._base_manager.filter(state="submitted")
    for line in RequisitionLine._base_manager.filter(requisition__in=waiting, removed=False):
        net = _half_up(Decimal(line.quantity) * line.price * 100 / (Decimal(MICRO) * line.base_quantity))
        _add(low, high, _key(line), "reserved", _cost(line, net))
    taken: dict[Any, int] = defaultdict(int)
    released: dict[Any, int] = defaultdict(int)
    for change in OrderChange._base_manager.exclude(bound={}):  # approved, and not answered yet
        for line in OrderLine._base_manager.filter(order_id=change.order_id):
            _add(low, high, _key(line), "open", change.bound.get(str(line.line_no), 0))
    for match in Match._base_manager.filter(state="approved"):
        for line in match.lines:
            if line["order_line_id"]:
                taken[line["order_line_id"]] += line["quantity"]
                released[line["order_line_id"]] += line["released"]
        for part in match.allocation:
            cost = part["net"] + (part["vat"] if part["coding"]["vat_treatment"] == "not_recoverable" else 0)
            _add(low, high, part["key"], "paid", cost)
    for line in OrderLine._base_manager.select_related("order"):
        value = 0 if line.cancelled else _cost(line, line.net)
        used = taken[line.id.hex]
        assert line.received == sum(
            ReceiptLine._base_manager.filter(order_line_id=line.id).values_list("quantity", flat=True)
        ), "the order was not told"
        if (
            line.closed and not line.cancelled
        ):  # nothing committed is left, only what is here and not invoiced
            costs = ReceiptLine._base_manager.filter(order_line_id=line.id).values_list("cost", flat=True)
            _add(low, high, _key(line), "open", sum(costs) - released[line.id.hex])
            continue
        if used >= line.quantity:
            _add(low, high, _key(line), "open", 0)
        elif used == 0:
            _add(low, high, _key(line), "open", value)
        else:  # the part that is invoiced is gone, rounded; the price may have changed in between
            rest = _half_up(Decimal(value) * (line.quantity - used) / line.quantity)
            was = max(value, _first_value(line))
            _add(low, high, _key(line), "open", rest, slack=1 if was == value else was)
    return low, high


def _first_value(line: OrderLine) -> int:
    """What the line was when it was ordered, by the approved basket."""
    first = RequisitionLine._base_manager.filter(
        requisition_id=line.order.requisition_id, seller_item_id=line.seller_item_id, removed=False
    ).order_by("-price", "-quantity")[0]
    return int(
        _cost(line, _half_up(Decimal(line.quantity) * max(first.price, line.price) * 100 / MICRO / MICRO)) * 2
    )


def _add(
    low: dict[Any, int], high: dict[Any, int], key: str, bucket: str, amount: int, slack: int = 0
) -> None:
    low[key, bucket] += amount - slack
    high[key, bucket] += amount + slack


def _key(line: Any) -> str:
    return f"2026|{line.responsibility}|{line.account}|{line.function}|{line.project}"


def _cost(line: Any, net: int) -> int:
    gross = line.vat_treatment == "not_recoverable"
    return net + (_half_up(Decimal(net) * line.vat_rate / 10_000) if gross else 0)


def _half_up(value: Decimal) -> int:
    return int(value.quantize(Decimal(1), ROUND_HALF_UP))


assert BUCKETS == ("reserved", "committed", "accrued", "invoiced", "posted")
