"""Moving amounts between buckets, and the limit that holds whoever comes at once."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import pytest
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st

from avrop.commitments import queries, within
from avrop.commitments.facts import BUCKETS, Balance, BudgetKey, Move
from avrop.commitments.models import Account, Movement
from avrop.commitments.rules import add_up, passed
from avrop.journal.operation import operation
from avrop.journal.within import record
from avrop.tenancy.models import Organisation
from avrop.tenancy.scope import as_system

KEY = BudgetKey(2026, "210", "11000", "20200").text()
OTHER = BudgetKey(2026, "210", "11200", "20200").text()


@dataclass(frozen=True)
class Bound:
    """An event for these tests."""

    source: str


@operation
def bind(*, buyer: UUID, source: str, moves: list[Move], within_limit: bool = False) -> dict[str, Balance]:
    balances, rows = within.move(buyer_id=buyer, source=source, moves=moves, within_limit=within_limit)
    record(Bound(source), tenant=buyer, stream="test", changed=rows)
    return balances


@operation
def limit(*, buyer: UUID, limits: dict[str, int]) -> None:
    within.set_limits(buyer_id=buyer, limits=limits)


@pytest.fixture
def buyer(db) -> Organisation:
    return Organisation.objects.create(
        slug="b", kind="buyer", name="B", orgnr="311000004", endpoint="0192:311000004"
    )


def test_moves_add_up_and_the_balance_after_is_given_back(buyer) -> None:
    with as_system(buyer.id):
        limit(buyer=buyer.id, limits={KEY: 100_00})
        bind(buyer=buyer.id, source="a", moves=[Move(KEY, reserved=30_00), Move(KEY, reserved=10_00)])
        after = bind(buyer=buyer.id, source="a", moves=[Move(KEY, reserved=-40_00, committed=45_00)])[KEY]
        assert (after.reserved, after.committed, after.bound, after.left) == (0, 45_00, 45_00, 55_00)
        assert after.limit_known
        assert queries.balances([KEY])[KEY] == after
        assert queries.check() == []


def test_an_account_nobody_has_budgeted_has_limit_zero_and_says_that_it_is_not_known(buyer) -> None:
    with as_system(buyer.id):
        after = bind(buyer=buyer.id, source="a", moves=[Move(KEY, reserved=5)])[KEY]
        assert (after.limit, after.limit_known, after.left) == (0, False, -5)
        assert queries.balances([OTHER])[OTHER] == Balance(OTHER, 0, False, 0, 0, 0, 0, 0)


def test_a_limit_set_later_leaves_what_is_bound(buyer) -> None:
    with as_system(buyer.id):
        bind(buyer=buyer.id, source="a", moves=[Move(KEY, reserved=5)])
        limit(buyer=buyer.id, limits={KEY: 7, OTHER: -3})
        assert queries.balances([KEY])[KEY].left == 2
        assert queries.balances([OTHER])[OTHER].limit == -3


def test_a_move_is_refused_outside_an_operation(buyer) -> None:
    with as_system(buyer.id), pytest.raises(RuntimeError, match="open operation"):
        within.move(buyer_id=buyer.id, source="a", moves=[Move(KEY, reserved=1)])


def test_what_would_pass_the_limit_is_refused_to_the_ore_and_leaves_nothing(buyer) -> None:
    with as_system(buyer.id):
        limit(buyer=buyer.id, limits={KEY: 100})
        bind(buyer=buyer.id, source="a", moves=[Move(KEY, reserved=60)], within_limit=True)
        with pytest.raises(within.LimitPassed) as refused:
            bind(buyer=buyer.id, source="b", moves=[Move(KEY, reserved=41)], within_limit=True)
        assert refused.value.params["left"] == 40
        assert Movement.objects.count() == 1
        bind(buyer=buyer.id, source="b", moves=[Move(KEY, reserved=40)], within_limit=True)
        assert queries.balances([KEY])[KEY].left == 0


def test_moving_on_from_bucket_to_bucket_is_never_refused_even_when_the_limit_was_cut(buyer) -> None:
    with as_system(buyer.id):
        limit(buyer=buyer.id, limits={KEY: 100})
        bind(buyer=buyer.id, source="a", moves=[Move(KEY, reserved=90)], within_limit=True)
        limit(buyer=buyer.id, limits={KEY: 10})
        bind(buyer=buyer.id, source="a", moves=[Move(KEY, reserved=-90, committed=90)], within_limit=True)
        bind(buyer=buyer.id, source="a", moves=[Move(KEY, committed=-10)], within_limit=True)
        assert queries.balances([KEY])[KEY].committed == 80


def test_a_bucket_changed_behind_the_movements_back_is_found(buyer) -> None:
    with as_system(buyer.id):
        bind(buyer=buyer.id, source="a", moves=[Move(KEY, reserved=5), Move(OTHER, accrued=2)])
        Account.objects.filter(key=OTHER).update(accrued=3)
        found = queries.check()
        assert [(one.key, one.bucket, one.stands, one.moved) for one in found] == [(OTHER, "accrued", 3, 2)]


def test_one_buyer_sees_nothing_of_anothers_accounts(buyer) -> None:
    other = Organisation.objects.create(
        slug="c", kind="buyer", name="C", orgnr="312000009", endpoint="0192:312000009"
    )
    with as_system(buyer.id):
        bind(buyer=buyer.id, source="a", moves=[Move(KEY, reserved=5)])
    with as_system(other.id):
        assert queries.balances([KEY])[KEY].reserved == 0
        assert queries.year_balances(2026) == []


def test_many_lines_cost_two_statements(buyer, django_assert_num_queries) -> None:
    moves = [Move(BudgetKey(2026, "210", str(11000 + n), "20200").text(), reserved=n) for n in range(40)]

    @operation
    def only() -> None:
        with django_assert_num_queries(2):
            within.move(buyer_id=buyer.id, source="a", moves=moves)

    with as_system(buyer.id):
        only()


amounts = st.integers(-(10**9), 10**9)
some_moves = st.lists(
    st.builds(Move, key=st.sampled_from(["a", "b", "c"]), **dict.fromkeys(BUCKETS, amounts)),
    max_size=8,
)


@given(some_moves)
@settings(deadline=None)
def test_adding_up_keeps_every_sum_and_the_order_of_locks(moves: list[Move]) -> None:
    summed = add_up(moves)
    assert [m.key for m in summed] == sorted({m.key for m in moves})
    for bucket in BUCKETS:
        assert sum(getattr(m, bucket) for m in summed) == sum(getattr(m, bucket) for m in moves)


@given(st.integers(0, 1000), st.lists(st.integers(1, 400), max_size=20))
@settings(deadline=None)
def test_accepting_only_what_does_not_pass_never_goes_an_ore_over(limit: int, wanted: list[int]) -> None:
    bound = 0
    for amount in wanted:
        after = Balance("k", limit, True, bound + amount, 0, 0, 0, 0)
        if passed(Move("k", reserved=amount), after) is None:
            bound += amount
    assert bound <= limit


@contextmanager
def real_file(folder: Path) -> Iterator[None]:
    """On SQLite tests live in memory, where threads share one cache; a storm needs a file as in real use."""
    if connection.vendor != "sqlite":
        yield
        return
    path, settings_of_new_connections = folder / "storm.sqlite3", connection.settings_dict
    with connection.cursor() as cursor:
        cursor.execute("VACUUM INTO %s", [str(path)])
    name = settings_of_new_connections["NAME"]
    settings_of_new_connections["NAME"] = str(path)
    try:
        yield
    finally:
        settings_of_new_connections["NAME"] = name


@pytest.mark.django_db(transaction=True)
def test_a_storm_on_the_same_lines_neither_deadlocks_nor_goes_an_ore_over(buyer, settings, tmp_path) -> None:
    settings.AVROP_OUTER_TRANSACTION = False
    keys = [BudgetKey(2026, "210", str(11000 + n), "20200").text() for n in range(5)]
    with as_system(buyer.id):
        limit(buyer=buyer.id, limits=dict.fromkeys(keys, 400))
    taken: list[dict[str, int]] = []
    failed: list[BaseException] = []
    after: dict[str, Balance] = {}

    def storm(number: int) -> None:
        for turn in range(15):
            # Each thread names the lines in its own order; the room sorts them.
            mine = keys[number % 5 :] + keys[: number % 5]
            mine = mine if turn % 2 else list(reversed(mine))
            wanted = dict.fromkeys(mine[:3], 7 + (number + turn) % 11)
            moves = [Move(key, reserved=amount) for key, amount in wanted.items()]
            try:
                bind(buyer=buyer.id, source=f"{number}", moves=moves, within_limit=True)
                taken.append(wanted)
            except within.LimitPassed:
                continue

    def look_after() -> None:
        after.update(queries.balances(keys))
        assert queries.check() == []

    def alone(work, *args) -> threading.Thread:
        def run() -> None:
            try:
                with as_system(buyer.id):
                    work(*args)
            except BaseException as error:
                failed.append(error)
            finally:
                connection.close()

        thread = threading.Thread(target=run)
        thread.start()
        return thread

    with real_file(tmp_path):
        threads = [alone(storm, number) for number in range(6)]
        for thread in threads:
            thread.join(120)
        alone(look_after).join(30)
    assert not any(thread.is_alive() for thread in threads)
    assert failed == []
    assert all(balance.left >= 0 for balance in after.values())
    assert min(one.left for one in after.values()) < 40, "the limit was never reached: this proves nothing"
    for key in keys:
        assert after[key].reserved == sum(one.get(key, 0) for one in taken)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_locked_balance_waits_for_the_operation_that_is_changing_it(buyer, settings) -> None:
    settings.AVROP_OUTER_TRANSACTION = False
    with as_system(buyer.id):
        limit(buyer=buyer.id, limits={KEY: 100})
    moved, seen = threading.Event(), []

    @operation
    def look() -> None:
        seen.append(within.lock(buyer_id=buyer.id, keys=[KEY])[KEY].left)

    @operation
    def move_slowly() -> None:
        within.move(buyer_id=buyer.id, source="a", moves=[Move(KEY, reserved=100)])
        moved.set()
        reader.join(0.5)  # the reader is waiting for our lock, so this comes back without it

    def read() -> None:
        moved.wait(10)
        with as_system(buyer.id):
            look()
        connection.close()

    reader = threading.Thread(target=read)
    reader.start()
    with as_system(buyer.id):
        move_slowly()
    reader.join(20)
    assert seen == [0]
