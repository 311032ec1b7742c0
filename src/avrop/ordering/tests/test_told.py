"""What later stations tell of a line: told twice is told once, and older news changes nothing."""

from __future__ import annotations

import pytest

from avrop.ordering import rules
from avrop.ordering.tests.test_rules import line

MICRO = 1_000_000


def numbers(one) -> tuple[int, int, int, bool]:
    return one.quantity // MICRO, one.received // MICRO, one.returned // MICRO, one.cancelled


def test_what_is_returned_for_credit_shrinks_the_line_once():
    came = rules.told_of(line(quantity=10), 10 * MICRO, 529_00, 0, 10 * MICRO)
    back = rules.told_of(came, 7 * MICRO, 370_30, 3 * MICRO, 13 * MICRO)
    assert numbers(back) == (7, 7, 3, False)
    assert rules.told_of(back, 7 * MICRO, 370_30, 3 * MICRO, 13 * MICRO) == back


@pytest.mark.parametrize("older", [(10, 529_00, 0, 10), (9, 476_10, 1, 11)])
def test_older_news_changes_nothing(older):
    here, accrued, returned, moved = older
    newest = rules.told_of(line(quantity=10), 7 * MICRO, 370_30, 3 * MICRO, 13 * MICRO)
    assert rules.told_of(newest, here * MICRO, accrued, returned * MICRO, moved * MICRO) == newest


def test_a_line_of_which_all_went_back_is_cancelled():
    came = rules.told_of(line(quantity=10), 10 * MICRO, 529_00, 0, 10 * MICRO)
    gone = rules.told_of(came, 0, 0, 10 * MICRO, 20 * MICRO)
    assert gone.cancelled and gone.cost == 0
