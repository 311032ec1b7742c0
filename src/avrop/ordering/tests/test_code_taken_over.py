"""The accountant gives taken-over lines their coding, and what they bind moves to its budget line."""

from __future__ import annotations

import pytest

from avrop.coding.facts import NOT_RECOVERABLE, Coding
from avrop.commitments import queries as commitments
from avrop.commitments.facts import BudgetKey
from avrop.delivery import operations as delivery
from avrop.journal import audit
from avrop.journal.worker import run_until_idle
from avrop.kernel.finding import Refusal
from avrop.kernel.ports import today
from avrop.ordering.takeover import operations
from avrop.ordering.takeover import queries as waiting
from avrop.ordering.tests.open_orders import line, order
from avrop.ordering.tests.test_take_over import take
from avrop.tenancy.scope import as_system, viewing

KEY = BudgetKey(today().year, "210", "11000", "20200").text()
UNCODED = BudgetKey(today().year, "", "").text()
SCHOOL = Coding("11000", "210", "20200")


@pytest.fixture
def uncoded(world) -> operations.Result:
    """Ten reams for 529.00 and four binders for 98.00, neither with a coding that we know."""
    lines = (line(coding="?"), line("2", "4", "24.50", item="40-3310", coding=None))
    return take(world, order(world.bremnes, world.kontor, *lines))


def code(world, done, lines=(1, 2), coding: Coding = SCHOOL, login: str = "rekna") -> None:
    with viewing(world.viewer(login)):
        operations.code_lines(order_id=done.order_id, lines=lines, coding=coding)


def bound(world, key: str) -> tuple[int, int]:
    with as_system(world.bremnes.id):
        found = commitments.balances([key])[key]
    return found.committed, found.accrued


def test_the_commitment_moves_to_the_budget_line_of_the_coding(world, uncoded) -> None:
    assert bound(world, UNCODED) == (62_700, 0)
    code(world, uncoded, lines=(1,))
    assert (bound(world, UNCODED), bound(world, KEY)) == ((9_800, 0), (52_900, 0))
    code(world, uncoded, lines=(2,))
    assert (bound(world, UNCODED), bound(world, KEY)) == ((0, 0), (62_700, 0))


def test_what_has_come_meanwhile_moves_as_accrued(world, uncoded) -> None:
    with viewing(world.viewer("berit")):
        delivery.receive(order_id=uncoded.order_id, quantities={1: 4_000_000})
    assert bound(world, UNCODED) == (62_700 - 21_160, 21_160)  # 4 x 52.90
    code(world, uncoded)
    assert (bound(world, UNCODED), bound(world, KEY)) == ((0, 0), (41_540, 21_160))
    run_until_idle()
    with viewing(world.viewer("berit")):
        delivery.receive(order_id=uncoded.order_id)
    assert bound(world, KEY) == (0, 62_700)


def test_vat_that_does_not_come_back_is_committed_too(world, uncoded) -> None:
    code(world, uncoded, coding=Coding("11000", "210", "20200", "", NOT_RECOVERABLE))
    assert bound(world, KEY) == (78_375, 0)


def test_it_leaves_the_list_when_every_line_is_coded(world, uncoded) -> None:
    with viewing(world.viewer("rekna")):
        (row,) = waiting.uncoded()
        assert (row.number, row.waiting, row.bound) == ("UB-88123", 2, 62_700)
    code(world, uncoded, lines=(2,))
    with viewing(world.viewer("rekna")):
        assert waiting.count_uncoded() == 1
    code(world, uncoded, lines=(1,))
    with viewing(world.viewer("rekna")):
        assert (waiting.count_uncoded(), list(waiting.uncoded())) == (0, [])


@pytest.mark.parametrize(
    ("changes", "code_"),
    [
        ({"coding": Coding("11000", "210", "")}, "TAKEOVER_INCOMPLETE"),
        ({"coding": Coding("00000", "210", "20200")}, "TAKEOVER_INCOMPLETE"),  # an investment needs a project
        ({"coding": Coding("77777", "210", "20200")}, "TAKEOVER_UNKNOWN_CODE"),
        ({"lines": (9,)}, "TAKEOVER_CODED"),
        ({"lines": ()}, "TAKEOVER_CODED"),
        ({"login": "berit"}, "CODING_NOT_YOURS"),
    ],
)
def test_what_cannot_be_a_coding_is_refused_and_nothing_moves(world, uncoded, changes, code_) -> None:
    with pytest.raises(Refusal, match=code_):
        code(world, uncoded, **changes)
    assert bound(world, UNCODED) == (62_700, 0)


def test_a_coded_line_is_not_coded_again(world, uncoded) -> None:
    code(world, uncoded)
    with pytest.raises(Refusal, match="TAKEOVER_CODED"):
        code(world, uncoded, lines=(1,), coding=Coding("12000", "210", "20200"))


def test_another_buyers_order_is_unknown(world, uncoded) -> None:
    with viewing(world.viewer("finn", "fjell")), pytest.raises(Refusal, match="TAKEOVER_UNKNOWN_ORDER"):
        operations.code_lines(order_id=uncoded.order_id, lines=(1,), coding=SCHOOL)


def test_the_audit_chain_covers_the_coding(world, uncoded) -> None:
    code(world, uncoded)
    report = audit.verify(covered=False)
    assert report.ok, report.places
