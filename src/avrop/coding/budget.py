"""The budget as pages show it: sums by responsibility, and the lines of one. Pure; amounts in øre."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from avrop.coding.rules import kostra_art
from avrop.commitments.facts import Balance, BudgetKey


@dataclass(frozen=True, slots=True)
class Sum:
    """The cost lines of a responsibility: what is budgeted, bound by orders, and left of it."""

    responsibility: str
    lines: int
    limit: int
    bound: int

    @property
    def left(self) -> int:
        """Budget minus everything bound, in øre."""
        return self.limit - self.bound


def is_purchase(account: str) -> bool:
    """True for goods and services (KOSTRA arts 100-299), and for accounts that show no art."""
    art = kostra_art(account)
    return not art or "100" <= art <= "299"


def cost_lines(balances: Iterable[Balance], *, purchases: bool) -> list[tuple[BudgetKey, Balance]]:
    """Lines that cost something or are bound (income is left out), maybe only goods and services."""
    found = ((BudgetKey.parse(one.key), one) for one in balances)
    return [
        (key, one)
        for key, one in found
        if (one.limit > 0 or one.bound) and (not purchases or one.bound or is_purchase(key.account))
    ]


def by_responsibility(lines: Iterable[tuple[BudgetKey, Balance]]) -> list[Sum]:
    """The lines summed by responsibility, by code."""
    sums: dict[str, tuple[int, int, int]] = {}
    for key, one in lines:
        count, limit, bound = sums.get(key.responsibility, (0, 0, 0))
        sums[key.responsibility] = (count + 1, limit + one.limit, bound + one.bound)
    return [Sum(code, *sums[code]) for code in sorted(sums)]
