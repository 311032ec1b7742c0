"""Arithmetic on moves and balances. Amounts in øre."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from avrop.commitments.facts import BUCKETS, Balance, Move


@dataclass(frozen=True, slots=True)
class Passed:
    """A limit that a move passed: what was left before it, and what it wanted."""

    left: int
    amount: int


def total(move: Move) -> int:
    """What the move adds to everything bound."""
    return sum(getattr(move, bucket) for bucket in BUCKETS)


def add_up(moves: Iterable[Move]) -> list[Move]:
    """One move an account, in the order in which accounts are locked: (kind, key)."""
    sums: dict[tuple[str, str], list[int]] = {}
    for one in moves:
        mine = sums.setdefault((one.kind, one.key), [0] * len(BUCKETS))
        for i, bucket in enumerate(BUCKETS):
            mine[i] += getattr(one, bucket)
    return [
        Move(key=key, kind=kind, **dict(zip(BUCKETS, amounts, strict=True)))
        for (kind, key), amounts in sorted(sums.items())
    ]


def passed(move: Move, after: Balance) -> Passed | None:
    """How the move passed the limit, given the balance after it; None when it did not.

    A move that binds nothing more (from one bucket to the next, or back) never passes a limit, also where
    the limit was passed before.
    """
    amount = total(move)
    return Passed(left=after.left + amount, amount=amount) if amount > 0 and after.left < 0 else None
