"""kill -9 between any two commits and around every file: a restart finishes every purchase, everything exactly once.

The chain holds, and the accounting system has entered each voucher once.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.tables import ROOT, environment

ONCE = {
    "requisition.Requisition": 1,
    "approval.ApprovalTask": 1,
    "ordering.Order": 1,
    "ordering.OrderResponse": 1,
    "portal.SalesOrder": 1,
    "portal.SalesInvoice": 1,
    "delivery.Receipt": 1,
    "invoicing.Invoice": 1,
    "matching.Match": 1,
    "accounting.Posting": 1,
    "accounting.PostingBatch": 1,
    "messages": 6,  # order, response, invoice: out on one side and in on the other
    "instances": 6,
    "unfinished": 0,
    # 5 x 52.90 + 5 x 24.50 + 5 x 3.3333 + 5 x 89.00, net, for VAT is compensated: 264.50 + 122.50 + 16.67 + 445.00
    "commitments": {"reserved": 0, "committed": 0, "accrued": 0, "invoiced": 0, "posted": 84867},
    "posted": ["posted", True],
    "ledger": [1, 1],  # one batch answered, one voucher given
    "chain": None,
}


def killed(folder: Path, every: int) -> None:
    """Kill at each `every`-th point of the purchase, restart, compare."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.house.crash", str(folder), str(every)],
        env=environment(AVROP_SQLITE_SYNCHRONOUS="FULL"),
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=900,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    first, *rest = [json.loads(line) for line in done.stdout.splitlines()]
    assert first["count"] == ONCE
    assert len(first["points"]) >= 60
    assert {point.partition(":")[0] for point in first["points"]} == {"web", "worker", "double"}
    assert [one["point"] for one in rest] == first["points"][::every]
    for one in rest:
        assert one["killed"] == 9, one
        assert json.loads(one["after"]) == ONCE, one["point"]


def test_killed_at_a_sample_of_named_points_the_purchase_is_finished_exactly_once(tmp_path):
    killed(tmp_path, 4)


@pytest.mark.slow
def test_killed_at_any_named_point_the_purchase_is_finished_exactly_once(tmp_path):
    killed(tmp_path, 1)
