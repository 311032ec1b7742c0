"""How an account stands on a day, who handled an invoice, which accounts can be one."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest

from avrop.suppliers.rules import handlers, sound, standing

AT = datetime(2026, 11, 1, tzinfo=UTC)
DAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("changes", "state"),
    [
        ({}, "confirmed"),
        ({"confirmed_at": None}, "unconfirmed"),
        ({"valid_to": date(2026, 11, 24)}, "confirmed"),
        ({"valid_to": DAY}, "expired"),
        ({"withdrawn_at": AT}, "withdrawn"),
        ({"withdrawn_at": AT, "valid_to": DAY}, "withdrawn"),
        ({"stopped_at": AT, "confirmed_at": None}, "stopped"),
        ({"stopped_at": AT, "withdrawn_at": AT}, "stopped"),
    ],
)
def test_an_account_stands_by_the_worst_that_has_happened_to_it(changes: dict[str, Any], state: str) -> None:
    values = {"confirmed_at": AT, "withdrawn_at": None, "stopped_at": None, "valid_to": None, "on": DAY}
    assert standing(**(values | changes)) == state


@pytest.mark.parametrize(
    ("account", "good"),
    [
        ("86011117947", True),  # modulus 11
        ("86011117948", False),
        ("8601111794", False),
        ("DE89370400440532013000", True),  # the IBAN registry's German example
        ("DE89370400440532013001", False),
        ("NO9386011117947", False),  # kept as the 11 digits it stands for
        ("", False),
        ("=1+1", False),
    ],
)
def test_check_digits(account: str, good: bool) -> None:
    assert sound(account) is good


@dataclass
class Row:
    event: str
    actor: UUID | None
    payload: dict[str, object] = field(default_factory=dict)
    subject: str = ""


ANNA, BO, CILLE, DAG = (UUID(int=n) for n in range(1, 5))
BILL, OTHER = UUID(int=77), UUID(int=78)


def test_whoever_answered_accepted_or_approved_the_invoice_has_handled_it() -> None:
    rows = [
        Row("invoicing.InvoiceReceived", None, {"invoice_id": BILL.hex}),
        Row("matching.InvoiceDeviates", None, {"invoice_id": BILL.hex}, "matching.Match:1"),
        Row("matching.DeviationsAccepted", ANNA, {"match_id": "1"}, "matching.Match:1"),
        Row("invoicing.InvoiceAnswered", BO, {"invoice_id": BILL.hex}, f"invoicing.Invoice:{BILL.hex}"),
        Row("matching.InvoiceApproved", CILLE, {"invoice_id": OTHER.hex}, "matching.Match:2"),
        Row("requisition.RequisitionSubmitted", DAG, {}, "requisition.Requisition:1"),
        Row("delivery.GoodsReceived", DAG, {"order_id": "1"}),
    ]
    assert handlers(rows, [BILL]) == {ANNA, BO}
    assert handlers(rows, [OTHER]) == {CILLE}
    assert handlers(rows, []) == frozenset()
