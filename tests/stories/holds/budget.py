"""The budget binds exactly what baskets, orders and invoices say, and nothing is below zero."""

from __future__ import annotations

from collections import defaultdict
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from avrop.accounting.models import Posting
from avrop.commitments import queries as commitments
from avrop.commitments.models import Account
from avrop.delivery.models import ReceiptLine
from avrop.matching.models import Deviation, Match
from avrop.ordering.models import OrderChange, OrderLine
from avrop.requisition.models import Requisition, RequisitionLine
from avrop.tenancy.scope import as_system
from tests.world import World

MICRO = 1_000_000
BUCKETS = ("reserved", "committed", "accrued", "invoiced", "posted")


def budget(world: World) -> None:
    """Buckets are the sum of movements, and bind exactly what baskets, orders and invoices say they do."""
    with as_system(world.bremnes.id):
        assert commitments.check() == []
    stands = {account.key: account for account in Account._base_manager.filter(buyer=world.bremnes)}
    low, high = _expected()
    # A credit note follows the coding that its invoice was approved on, not what the books made of it later; and
    # a person may accept more money back than was ever asked for.
    recoded = _recoded() or Deviation._base_manager.filter(code="CREDIT_EXCEEDS", state="accepted").exists()
    for key, account in stands.items():
        buckets = {name: getattr(account, name) for name in BUCKETS}
        # A credit note that is not booked yet stands in invoiced, and its invoice in posted.
        paid = buckets.pop("invoiced") + buckets.pop("posted")
        assert min(buckets.values()) >= 0, (key, "below zero", account.invoiced, account.posted, buckets)
        assert paid >= 0 or recoded, (key, "paid below zero", paid)
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


def _recoded() -> bool:
    """Whether the books put something elsewhere than it was approved on: corrected, or mended before it was posted."""
    approved = {one.invoice_id: one.allocation for one in Match._base_manager.filter(state="approved")}
    return any(
        [part["key"] for part in posting.parts] != [part["key"] for part in approved[posting.invoice_id]]
        for posting in Posting._base_manager.all()
    )


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
    for posting in Posting._base_manager.all():
        for part in posting.parts:
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
    asked = RequisitionLine._base_manager.filter(
        requisition_id=line.order.requisition_id, seller_item_id=line.seller_item_id, removed=False
    )
    price = max([line.price, *asked.values_list("price", flat=True)])
    return int(_cost(line, _half_up(Decimal(line.quantity) * price * 100 / MICRO / MICRO)) * 2)


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
