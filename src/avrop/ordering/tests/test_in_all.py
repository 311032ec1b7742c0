"""The supplier counts what it delivered and got back for credit; its numbers and ours mean the same line."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from avrop.ordering import changing, rules
from avrop.ordering.facts import ChangedLine, ProposedLine
from avrop.ordering.tests.test_rules import line

MICRO = 1_000_000


def held(quantity: int, returned: int, *, cancelled: bool = False):
    return replace(line(quantity=quantity), returned=returned * MICRO, cancelled=cancelled)


@pytest.mark.parametrize(
    ("quantity", "returned", "cancelled", "told"),
    [
        (10, 0, False, (10, False)),
        (8, 2, False, (10, False)),
        (4, 4, True, (4, False)),  # all went back: it was delivered all the same
        (10, 0, True, (10, True)),  # taken out, and never came
    ],
)
def test_what_a_message_says_of_a_line(quantity, returned, cancelled, told):
    said = rules.in_all(held(quantity, returned, cancelled=cancelled))
    assert (said.quantity // MICRO, said.cancelled) == told
    assert said.net == told[0] * line(quantity=1).net


@pytest.mark.parametrize(
    ("quantity", "returned", "cancelled", "proposed", "stands"),
    [
        (8, 2, False, 10, (8, False)),  # as it is
        (8, 2, False, 9, (7, False)),
        (4, 4, True, 4, (4, True)),  # as it is: nothing more
        (4, 4, True, 7, (3, False)),  # three more
        (10, 0, True, 7, (7, True)),
    ],
)
def test_what_the_supplier_says_of_a_line(quantity, returned, cancelled, proposed, stands):
    new = rules.changed_line(
        held(quantity, returned, cancelled=cancelled), ProposedLine(1, quantity=proposed * MICRO)
    )
    assert (new.quantity // MICRO, new.cancelled) == stands


@given(st.integers(1, 20), st.integers(1, 20), st.integers(0, 20), st.integers(0, 20))
def test_a_change_comes_to_what_was_asked_however_late_goods_went_back(came, asked, before, after):
    """`came` and all ordered; some of it went back before the change was asked for, and some after."""
    before, after = min(before, came - 1), min(after, came)
    first = rules.told_of(
        line(quantity=came), (came - before) * MICRO, 0, before * MICRO, (came + before) * MICRO
    )
    wanted = changing.as_of([first], [ChangedLine(1, (came - before + asked) * MICRO)])
    back = min(before + after, came)
    later = rules.told_of(first, (came - back) * MICRO, 0, back * MICRO, (came + back) * MICRO)
    (new,) = changing.after([later], wanted)
    assert not new.cancelled
    assert new.in_all == (came + asked) * MICRO
    assert new.quantity == (came + asked - back) * MICRO
