"""Writes on accounts inside somebody's operation: a ceiling holds because its row is locked there.

Every statement takes the accounts in the order (kind, key), so two operations on the same lines wait for each
other and never deadlock.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import connection

from avrop.commitments.facts import BUCKETS, Balance, Move
from avrop.commitments.models import Account, Movement
from avrop.commitments.rules import add_up, passed
from avrop.journal.operation import work
from avrop.kernel.finding import Refusal
from avrop.kernel.ports import new_id

_T = Account._meta.db_table
_SUMS = ", ".join(f"{name} = {_T}.{name} + excluded.{name}" for name in BUCKETS)
_SHOWN = 'id, key, "limit", limit_known, ' + ", ".join(BUCKETS)
_ROWS_A_STATEMENT = 1000


class LimitPassed(Refusal):
    """The move would pass the account's limit and was not made. Params: key, limit, left, amount (øre)."""

    code = "LIMIT_PASSED"


def move(
    *, buyer_id: UUID, source: str, moves: Iterable[Move], within_limit: bool = False
) -> tuple[dict[str, Balance], list[Movement]]:
    """Add the moves (øre) to their accounts; several for one account count as one.

    Returns the balances after and the movements, which the caller puts among `changed` of its entry. `source`
    is `label:id` of the document. With `within_limit` an account that gets more bound than its limit raises
    LimitPassed (no budget line counts as a limit of 0). Raises RuntimeError outside an operation.
    """
    at = work().at
    sums = add_up(moves)
    if not sums:
        return {}, []
    values = [[_db_id(buyer_id), m.kind, m.key, 0, False, *(getattr(m, b) for b in BUCKETS)] for m in sums]
    found = _upsert(values, 'buyer_id, kind, key, "limit", limit_known, ' + ", ".join(BUCKETS), _SUMS)
    balances = {row[1]: _balance(row) for row in found}
    if within_limit:
        _hold(sums, balances)
    ids = {row[1]: row[0] for row in found}
    movements = [
        Movement(
            id=new_id(),
            buyer_id=buyer_id,
            account_id=ids[m.key],
            source=source,
            at=at,
            **{b: getattr(m, b) for b in BUCKETS},
        )
        for m in sums
        if any(getattr(m, b) for b in BUCKETS)
    ]
    if movements:
        Movement.objects.bulk_create(movements)
    return balances, movements


def lock(*, buyer_id: UUID, keys: Iterable[str], kind: str = "budget") -> dict[str, Balance]:
    """The balances of these accounts, locked until the operation ends; one not yet there has limit 0."""
    work()
    wanted = sorted(set(keys))
    rows = Account.objects.select_for_update().filter(buyer_id=buyer_id, kind=kind, key__in=wanted)
    fields = ("id", "key", "limit", "limit_known", *BUCKETS)
    found = {row[1]: _balance(row) for row in rows.order_by("kind", "key").values_list(*fields)}
    return {key: found.get(key) or Balance(key, 0, False, 0, 0, 0, 0, 0) for key in wanted}


def set_limits(*, buyer_id: UUID, limits: Mapping[str, int], kind: str = "budget") -> None:
    """Set the limits (øre) of these accounts; accounts that are not there yet are opened."""
    work()
    columns = 'buyer_id, kind, key, "limit", limit_known, ' + ", ".join(BUCKETS)
    keys = sorted(limits)
    for start in range(0, len(keys), _ROWS_A_STATEMENT):
        part = keys[start : start + _ROWS_A_STATEMENT]
        values = [[_db_id(buyer_id), kind, key, limits[key], True, 0, 0, 0, 0, 0] for key in part]
        _upsert(values, columns, '"limit" = excluded."limit", limit_known = excluded.limit_known')


def _upsert(values: Sequence[Sequence[Any]], columns: str, update: str) -> list[tuple[Any, ...]]:
    row = "(" + ", ".join(["%s"] * len(values[0])) + ")"
    sql = (
        f"INSERT INTO {_T} ({columns}) VALUES {', '.join([row] * len(values))} "
        f"ON CONFLICT (buyer_id, kind, key) DO UPDATE SET {update} RETURNING {_SHOWN}"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [value for one in values for value in one])
        return list(cursor.fetchall())


def _balance(row: Sequence[Any]) -> Balance:
    return Balance(str(row[1]), int(row[2]), bool(row[3]), *(int(n) for n in row[4:9]))


def _hold(moves: Iterable[Move], balances: Mapping[str, Balance]) -> None:
    for one in moves:
        over = passed(one, balances[one.key])
        if over:
            raise LimitPassed(key=one.key, limit=balances[one.key].limit, left=over.left, amount=over.amount)


def _db_id(value: UUID) -> object:
    return value if connection.features.has_native_uuid_field else value.hex
