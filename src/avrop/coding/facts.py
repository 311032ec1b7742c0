"""Coding (kontering) as others see it."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID

from avrop.commitments.facts import BudgetKey

COMPENSATED = "compensated"  # VAT compensation: cost net, VAT on art 429
DEDUCTIBLE = "deductible"  # input VAT deducted: cost net
NOT_RECOVERABLE = "not_recoverable"  # cost gross

WARN, BLOCK, NONE = "warn", "block", "none"


@dataclass(frozen=True, slots=True)
class Coding:
    """The dimensions of one line. Empty account or responsibility: not coded yet."""

    account: str = ""
    responsibility: str = ""
    function: str = ""
    project: str = ""
    vat_treatment: str = COMPENSATED

    @property
    def complete(self) -> bool:
        """Account, responsibility and function are there; class 0 (investment) also needs a project."""
        basic = bool(self.account and self.responsibility and self.function)
        return basic and (not self.account.startswith("0") or bool(self.project))

    def cost(self, net: int, vat: int) -> int:
        """What the line binds of the budget, in øre: net where VAT comes back, gross otherwise."""
        return net + vat if self.vat_treatment == NOT_RECOVERABLE else net


def budget_key(coding: Coding, year: int) -> str:
    """The key of the budget line that a coding draws on in a year."""
    return BudgetKey(year, coding.responsibility, coding.account, coding.function, coding.project).text()


# Where a suggestion comes from, the strongest first (the precedence of default coding).
LINE, ITEM, CATEGORY, FAVOURITE, PERSON, UNIT, NOWHERE = (
    "line",
    "item",
    "category",
    "favourite",
    "person",
    "unit",
    "none",
)
SOURCES = (LINE, ITEM, CATEGORY, FAVOURITE, PERSON, UNIT)

DIMENSIONS = ("account", "responsibility", "function", "project")


@dataclass(frozen=True, slots=True)
class SuggestedCoding:
    """A coding with where it came from: line, item, category, favourite, person, unit or none.

    `source` is the strongest source that gave something; `sources` says it for each field that was given.
    """

    coding: Coding
    source: str
    sources: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class LineHint:
    """What a line says about its own coding: who sells it, its item id and category, what a person typed."""

    seller_item_id: str = ""
    category: str = ""
    supplier_id: UUID | None = None
    override: Coding | None = None


@dataclass(frozen=True, slots=True)
class Default:
    """A default coding in force. Empty fields say nothing; `distance` is 0 for the nearest of its source."""

    source: str
    key: str
    account: str = ""
    responsibility: str = ""
    function: str = ""
    project: str = ""
    vat_treatment: str = ""
    distance: int = field(default=0)


@dataclass(frozen=True, slots=True)
class BudgetPolicy:
    """How a passed budget is met: none, warn or block."""

    mode: str = WARN
