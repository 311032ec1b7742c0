"""A match as others see it: every check with its numbers, what was decided, and what it costs whom."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from avrop.coding.facts import Coding

MONEY, PRICE, AMOUNT_OF, TEXT = "money", "price", "quantity", "text"  # how a check's values are to be read


@dataclass(frozen=True, slots=True)
class Tolerance:
    """How far above the order an invoice may be: basis points and øre, both must hold."""

    price_percent: int
    price_line: int
    total_percent: int
    total_amount: int
    rounding: int


@dataclass(frozen=True, slots=True)
class DeviationKind:
    """Who deals with a kind of deviation, within how many working days, and whether a click may accept it."""

    code: str
    owner_role: str
    workdays: int
    acceptable: bool
    answer: str  # OPStatusReason to give when the invoice is rejected for it


@dataclass(frozen=True, slots=True)
class Claim:
    """What invoices take of an order line: quantity scaled by 10^6, net in øre.

    `released` is how much of the line's accrued cost (øre) they have taken out of the accrued bucket, `freed`
    how much out of the committed one. `gone`: of what was released, what credit notes have given back for goods
    that had gone back (see ordering's OrderLineFacts.gone).
    """

    quantity: int = 0
    net: int = 0
    released: int = 0
    freed: int = 0
    gone: int = 0

    def plus(self, other: Claim) -> Claim:
        """Both together."""
        if other is NOTHING:
            return self
        if self is NOTHING:
            return other
        return Claim(
            self.quantity + other.quantity,
            self.net + other.net,
            self.released + other.released,
            self.freed + other.freed,
            self.gone + other.gone,
        )


NOTHING = Claim()


@dataclass(frozen=True, slots=True)
class Check:
    """One comparison. `expected` and `found` are plain decimals or text by `kind`; `stake` øre incl. VAT.

    `line` is the invoice line's id, empty for the whole document. Stored by position: a new field goes last.
    """

    code: str
    line: str
    order: str
    order_line: str
    expected: str
    found: str
    passed: bool
    kind: str = TEXT
    stake: int = 0


def check_in(stored: Any) -> Check:
    """A check from JSON; older rows name each value."""
    return Check(**stored) if type(stored) is dict else Check(*stored)


@dataclass(frozen=True, slots=True)
class LineMatch:
    """An invoice line and the order line it is for. `order_line_id` is None where none was found.

    A credit note's lines have negative net, and negative quantity where the goods are credited too; `of` is
    the line of the original: its id (32 hex digits), a colon and the line's id.
    """

    line: str
    order: str
    order_line: str
    order_line_id: UUID | None
    outcome: str
    quantity: int
    net: int
    released: int = 0  # øre out of accrued, see rules.costs
    freed: int = 0  # øre out of committed: what an accepted change left there after the goods had come
    of: str = ""
    gone: int = 0  # øre, a credit note's only: went through accrued for goods that went back


@dataclass(frozen=True, slots=True)
class Outcome:
    """What `rules.judge` says. `clean` is True when nothing is left but (perhaps) an approver's click."""

    state: str
    checks: tuple[Check, ...]
    lines: tuple[LineMatch, ...]
    orders: tuple[UUID, ...]

    @property
    def failed(self) -> tuple[Check, ...]:
        """The checks that did not pass, accepted ones included."""
        return tuple(c for c in self.checks if not c.passed)


@dataclass(frozen=True, slots=True)
class Allocation:
    """A share of an approved invoice on one coding and VAT rate, in øre. `key` is its budget key.

    A credit note's are negative.
    """

    coding: Coding
    vat_category: str
    vat_rate: int
    net: int
    vat: int
    key: str
    text: str = ""

    @property
    def cost(self) -> int:
        """What it takes of the budget, in øre."""
        return self.coding.cost(self.net, self.vat)


@dataclass(frozen=True, slots=True)
class DeviationFacts:
    """A deviation with its owner and deadline. `amount` øre incl. VAT."""

    id: UUID
    match_id: UUID
    invoice_id: UUID
    code: str
    line: str
    expected: str
    found: str
    amount: int
    owner_role: str
    due: date
    state: str
    opened_at: datetime
    decided_by: UUID | None
    decided_at: datetime | None
    comment: str


@dataclass(frozen=True, slots=True)
class MatchFacts:
    """A match with its checks and deviations."""

    id: UUID
    buyer_id: UUID
    invoice_id: UUID
    stream: str
    orders: tuple[UUID, ...]
    state: str
    checks: tuple[Check, ...]
    lines: tuple[LineMatch, ...]
    touched: bool
    preapproval: str
    approved_by: UUID | None
    approved_at: datetime | None
    matched_at: datetime
    deviations: tuple[DeviationFacts, ...] = ()
    allocation: tuple[Allocation, ...] = ()
    treatment: str = ""
    held_due: date | None = None
    held_reason: str = ""
    asked: int = 0
    version: int = 1
    tied: tuple[UUID, ...] = ()  # invoices that a credit note ties to this one
    looks_like: UUID | None = None  # the invoice that this may be once more
    vouched: bool = False  # the viewer has confirmed the account that it is paid to
