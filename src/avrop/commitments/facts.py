"""Budget keys, balances and the moves between buckets."""

from __future__ import annotations

from dataclasses import dataclass

BUCKETS = ("reserved", "committed", "accrued", "invoiced", "posted")


@dataclass(frozen=True, slots=True, order=True)
class BudgetKey:
    """What a budget line is for. Year is the budget year."""

    year: int
    responsibility: str
    account: str
    function: str = ""
    project: str = ""

    def text(self) -> str:
        """The key as one string, the order of the fields fixed."""
        return f"{self.year}|{self.responsibility}|{self.account}|{self.function}|{self.project}"

    @classmethod
    def parse(cls, text: str) -> BudgetKey:
        """The key that `text()` wrote."""
        year, responsibility, account, function, project = text.split("|")
        return cls(int(year), responsibility, account, function, project)


@dataclass(frozen=True, slots=True)
class Move:
    """Øre added to each bucket of one account (negative: taken away)."""

    key: str
    reserved: int = 0
    committed: int = 0
    accrued: int = 0
    invoiced: int = 0
    posted: int = 0
    kind: str = "budget"


@dataclass(frozen=True, slots=True)
class Balance:
    """An account after a move. `left` is limit minus everything bound; "berre bestillingar" (Decision 9)."""

    key: str
    limit: int
    limit_known: bool
    reserved: int
    committed: int
    accrued: int
    invoiced: int
    posted: int

    @property
    def bound(self) -> int:
        """Everything bound against the limit, in øre."""
        return self.reserved + self.committed + self.accrued + self.invoiced + self.posted

    @property
    def left(self) -> int:
        """What is left of the limit, in øre; negative when passed."""
        return self.limit - self.bound
