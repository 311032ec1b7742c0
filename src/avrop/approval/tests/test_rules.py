"""Who may approve, who is asked, and that nobody ever approves their own."""

from __future__ import annotations

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from avrop.approval import rules
from avrop.approval.facts import Approved
from avrop.commitments.facts import Balance
from avrop.tenancy.facts import MandateFacts, UnitFacts

ROOT, SECTOR, SCHOOL = (UUID(int=n) for n in (1, 2, 3))
PATH = (ROOT, SECTOR, SCHOOL)
ADA, BO, CAI, DAG = (UUID(int=n) for n in (11, 12, 13, 14))


def mandate(person: UUID, unit: UUID, kroner: int) -> MandateFacts:
    return MandateFacts(person, "", unit, kroner * 100)


HEAD = mandate(ADA, SCHOOL, 50_000)
CHIEF = mandate(BO, SECTOR, 200_000)
TOP = mandate(CAI, ROOT, 5_000_000)


@pytest.mark.parametrize(
    ("mandates", "requester", "kroner", "asked", "where", "escalated"),
    [
        ([HEAD, CHIEF, TOP], DAG, 50_000, (ADA,), SCHOOL, False),  # exactly the mandate is within it
        ([HEAD, CHIEF, TOP], DAG, 50_001, (BO,), SECTOR, True),  # the amount goes up
        ([HEAD, CHIEF, TOP], DAG, 1_000_000, (CAI,), ROOT, True),
        ([HEAD, CHIEF, TOP], ADA, 100, (BO,), SECTOR, True),  # a sole approver's own request goes up
        ([HEAD, mandate(DAG, SCHOOL, 50_000), TOP], ADA, 100, (DAG,), SCHOOL, False),  # a colleague may
        ([CHIEF, TOP], DAG, 100, (BO,), SECTOR, False),  # nobody sits nearer: no escalation, just her
        ([HEAD], ADA, 100, (), ROOT, True),  # nobody anywhere
        ([], DAG, 100, (), ROOT, False),
        ([mandate(ADA, SCHOOL, 1), mandate(ADA, SCHOOL, 90)], DAG, 50, (ADA,), SCHOOL, False),
    ],
)
def test_the_nearest_who_may_is_asked(mandates, requester, kroner, asked, where, escalated):
    found = rules.find_approvers(requester, amount=kroner * 100, path=PATH, mandates=mandates)
    assert (found.people, found.unit_id, found.escalated) == (asked, where, escalated)


@pytest.mark.parametrize(
    ("person", "requester", "kroner", "reason"),
    [
        (ADA, DAG, 50_000, None),
        (ADA, ADA, 1, "OWN_REQUEST"),
        (ADA, DAG, 50_001, "MANDATE_TOO_SMALL"),
        (DAG, ADA, 1, "NO_MANDATE"),
        (None, ADA, 1, "NO_MANDATE"),  # the system approves nothing
        (CAI, DAG, 4_000_000, None),  # from further up, unasked
    ],
)
def test_a_decision_needs_a_mandate_for_the_place_and_the_amount(person, requester, kroner, reason):
    answer = rules.may_decide(person, requester, amount=kroner * 100, path=PATH, mandates=[HEAD, CHIEF, TOP])
    assert getattr(answer, "reason", None) == reason


def test_a_mandate_beside_or_below_the_unit_does_not_count():
    beside = mandate(ADA, UUID(int=9), 50_000)
    assert not rules.may_decide(ADA, DAG, amount=1, path=PATH, mandates=[beside])
    assert not rules.may_decide(ADA, DAG, amount=1, path=PATH[:2], mandates=[HEAD])


people = st.sampled_from([ADA, BO, CAI, DAG])
mandates = st.lists(st.builds(mandate, people, st.sampled_from(PATH), st.integers(0, 1_000_000)), max_size=12)


@given(people, mandates, st.integers(0, 200_000_000))
def test_nobody_is_ever_asked_to_approve_their_own_and_everybody_asked_may(requester, held, amount):
    found = rules.find_approvers(requester, amount=amount, path=PATH, mandates=held)
    assert requester not in found.people
    assert not rules.may_decide(requester, requester, amount=amount, path=PATH, mandates=held)
    for person in found.people:
        assert rules.may_decide(person, requester, amount=amount, path=PATH, mandates=held)


@given(people, mandates, st.integers(0, 200_000_000))
def test_when_nobody_is_asked_nobody_may(requester, held, amount):
    found = rules.find_approvers(requester, amount=amount, path=PATH, mandates=held)
    anyone = any(
        rules.may_decide(p, requester, amount=amount, path=PATH, mandates=held) for p in (ADA, BO, CAI, DAG)
    )
    assert bool(found.people) == anyone


@given(people, mandates, st.integers(0, 100_000_000), st.integers(0, 100_000_000))
def test_more_money_is_never_decided_further_down(requester, held, amount, more):
    low = rules.find_approvers(requester, amount=amount, path=PATH, mandates=held)
    high = rules.find_approvers(requester, amount=amount + more, path=PATH, mandates=held)
    assert PATH.index(high.unit_id) <= PATH.index(low.unit_id)


def unit(number: int, code: str, *above: int) -> UnitFacts:
    ident = UUID(int=number)
    path = (*(UUID(int=n) for n in above), ident)
    return UnitFacts(ident, code, code, "school", path[-2] if len(path) > 1 else None, path, code, "")


UNITS = {u.id: u for u in (unit(1, "100"), unit(2, "200", 1), unit(3, "210", 1, 2), unit(4, "210", 1, 2))}


@pytest.mark.parametrize(
    ("responsibility", "ordering", "home"),
    [
        ("210", 4, 4),  # its own, though another unit has the same code
        ("200", 3, 2),
        ("210", 2, 3),
        ("999", 3, 1),  # no unit answers for it: the top does
    ],
)
def test_a_responsibility_has_a_home_in_the_unit_tree(responsibility, ordering, home):
    assert rules.home_of(responsibility, UUID(int=ordering), UNITS).id == UUID(int=home)


def test_each_responsibility_gets_its_own_approval_with_its_own_sum():
    found = rules.needed([("210", 500), ("200", 70), ("210", 30)], UUID(int=3), UNITS)
    assert [(n.responsibility, n.unit_id.int, n.net) for n in found] == [("200", 2, 70), ("210", 3, 530)]


def balance(limit: int, bound: int) -> Balance:
    return Balance("2026|210|11000|20200|", limit, True, bound, 0, 0, 0, 0)


@pytest.mark.parametrize(
    ("mode", "limit", "bound", "refused"),
    [
        ("block", 100, 100, False),  # the last øre may be used
        ("block", 100, 101, True),
        ("warn", 100, 101, False),
        ("none", 0, 101, False),
        ("block", 0, 1, True),  # no budget line is a limit of 0
    ],
)
def test_only_block_stops_at_the_limit(mode, limit, bound, refused):
    assert (rules.budget_refusal(mode, [balance(limit, bound)], "R1") is not None) is refused


def test_the_refusal_says_the_numbers():
    refusal = rules.budget_refusal("block", [balance(1000, 1250)], "R1")
    assert refusal is not None
    assert (refusal.params["limit"], refusal.params["bound"], refusal.params["over"]) == (1000, 1250, 250)


hashes = st.lists(st.sampled_from("abcd"), min_size=1, max_size=4)


@given(st.dictionaries(st.sampled_from("xyz"), st.frozensets(st.sampled_from("abcd"))), hashes, hashes)
def test_what_leaves_is_covered_only_if_every_responsibility_approved_exactly_it(approved, codes, leaving):
    covered = Approved(approved).covers(codes, leaving)
    assert covered == all(h in approved.get(code, ()) for code in codes for h in leaving)


def test_nothing_is_covered_by_nothing():
    assert not Approved({}).covers([], [])
    assert not Approved({"x": frozenset("a")}).covers(["x"], [])
    assert not Approved({"x": frozenset("a")}).covers([], ["a"])


@pytest.mark.parametrize(
    ("states", "complete"),
    [
        (["approved"], True),
        (["approved", "pending"], False),
        (["approved", "returned"], False),
        (["approved", "void"], True),
        (["void"], False),
        ([], False),
    ],
)
def test_a_subject_is_approved_when_all_that_counts_is(states, complete):
    assert rules.complete(states) is complete
