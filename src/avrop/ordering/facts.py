"""An order as the later stations see it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from avrop.coding.facts import Coding
from avrop.kernel.money import vat_amount
from avrop.kernel.ports import OSLO


class Billed(NamedTuple):
    """What an approved invoice, or a credit note (below zero), takes of a line: id, quantity, øre out of accrued.

    `gone` (øre, a credit note's only): what had gone through accrued for goods that went back and that it credits.
    """

    invoice: str
    quantity: int
    released: int
    gone: int = 0


@dataclass(frozen=True, slots=True)
class OrderLineFacts:
    """A line in its accepted version. Scaled quantity and price, VAT in basis points, net in øre.

    `received`, `accrued` (øre) and `returned` (for credit) are what delivery has told, `billed` what matching
    has. `accrued` is all that ever went there and stayed: what is here, what is invoiced, and what is `gone`.
    """

    id: UUID
    line_no: int
    kind: str
    seller_item_id: str
    name: str
    quantity: int
    unit_code: str
    price: int
    base_quantity: int
    vat_category: str
    vat_rate: int
    net: int
    frame: int | None
    coding: Coding
    cancelled: bool = False
    category: str = ""
    reason: str = ""
    closed: bool = False
    received: int = 0
    accrued: int = 0
    returned: int = 0
    told: int = 0
    billed: tuple[Billed, ...] = ()

    @property
    def invoiced(self) -> int:
        """How much approved invoices take of it, less what credit notes give back."""
        return sum(one.quantity for one in self.billed)

    @property
    def released(self) -> int:
        """The øre that invoices have taken out of accrued, of what is not gone."""
        return sum(one.released for one in self.billed) - self.gone

    @property
    def gone(self) -> int:
        """The øre that went through accrued to invoices for goods that went back and are credited: nobody's any more.

        They stay in what receipts and invoices have moved, and count for nothing that stands or is to come. Each
        room computes with the rest: delivery what comes and goes, matching what is paid, ordering what is bound.
        """
        return sum(one.gone for one in self.billed)

    @property
    def held(self) -> int:
        """The øre of the line that are not committed any more: of what is here, or invoiced."""
        return self.accrued - self.gone

    @property
    def kept(self) -> int:
        """What no change may take away: what has come, and what is invoiced (scaled by 10^6)."""
        return max(self.received, self.invoiced)

    @property
    def stays(self) -> int:
        """As `kept`, less what went back for credit and is invoiced still: that is credited, and never delivered."""
        credited = -sum(min(0, one.quantity) for one in self.billed)
        return max(self.received, self.invoiced - max(0, self.returned - credited))

    @property
    def in_all(self) -> int:
        """As the supplier counts it: what stands ordered, and what came and was returned for credit."""
        return self.returned + (0 if self.cancelled and self.returned else self.quantity)

    @property
    def vat(self) -> int:
        """VAT of this line alone in øre; a document's VAT is computed on the sum per rate."""
        return vat_amount(self.net, self.vat_rate)

    @property
    def cost(self) -> int:
        """What the line binds of its budget in øre; nothing when it is cancelled."""
        return 0 if self.cancelled else self.coding.cost(self.net, self.vat)


@dataclass(frozen=True, slots=True)
class ChangedLine:
    """What a line becomes: its quantity (scaled by 10^6), None where it is taken out.

    `returned`: what of the line had been returned for credit when this was asked; what is returned later is taken
    off the quantity when the change stands.
    """

    line_no: int
    quantity: int | None
    returned: int = 0


@dataclass(frozen=True, slots=True)
class Details:
    """What a change says beside the lines; None: as it is. `delivery` is the address as it is sent."""

    address_id: UUID | None = None
    delivery: Mapping[str, str] | None = None
    marking: str | None = None
    note: str | None = None
    wanted_by: date | None = None

    @property
    def anything(self) -> bool:
        """Whether it changes something."""
        return any(value is not None for value in (self.address_id, self.marking, self.note, self.wanted_by))


@dataclass(frozen=True, slots=True)
class ChangeFacts:
    """A change of the buyer's, see `models.OrderChange`. Amounts in øre with VAT."""

    id: UUID
    order_id: UUID
    kind: str
    sequence: int
    number: str
    state: str
    lines: tuple[ChangedLine, ...]
    details: Details
    reason: str
    gross_before: int
    gross_after: int
    content_hash: str
    candidates: tuple[UUID, ...]
    agreed_with: str
    agreed_on: date | None
    proposed_by: UUID | None
    proposed_at: datetime
    approved_by: UUID | None
    approved_at: datetime | None
    message_id: UUID | None
    answered_at: datetime | None
    answer: str
    declined: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class ResponseFacts:
    """A supplier's answer. State: noted, proposed, accepted, declined."""

    id: UUID
    order_id: UUID
    number: str
    code: str
    note: str
    lines: tuple[ProposedLine, ...]
    state: str
    message_id: UUID
    received_at: datetime
    decided_by: UUID | None = None
    decided_at: datetime | None = None
    change_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class ProposedLine:
    """A supplier's answer to a line (T76): UNCL1229 code and what differs, scaled by 10^6; None: as it is.

    `item` is set only where another item is offered instead, with `name` its name.
    """

    line_no: int
    code: str = ""
    quantity: int | None = None
    price: int | None = None
    base: int | None = None
    unit: str = ""
    name: str = ""
    item: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class OrderFacts:
    """An order with its lines. Amounts in øre. `ended`: "", "cancelled" or "closed"; then nothing more is owed."""

    id: UUID
    buyer_id: UUID
    number: str
    stream: str
    supplier_id: UUID
    agreement_id: UUID | None
    agreement_ref: str
    unit_id: UUID
    requester_id: UUID
    currency: str
    net: int
    vat: int
    gross: int
    transport_state: str
    response_state: str
    issued_at: datetime
    lines: tuple[OrderLineFacts, ...]
    requisition_id: UUID | None = None
    requester_name: str = ""
    unit_name: str = ""
    address_id: UUID | None = None
    delivery: Mapping[str, str] = field(default_factory=dict)
    marking: str = ""
    sent_at: datetime | None = None
    message_id: UUID | None = None
    approval_hash: str = ""
    receipt_state: str = "none"
    invoice_state: str = "none"
    approved_gross: int = 0
    process: str = "ordering"
    note: str = ""
    wanted_by: date | None = None
    ended: str = ""
    sequence: int = 0
    changes: int = 0
    version: int = 1

    @property
    def budget_year(self) -> int:
        """The year whose budget the order binds: that of its Norwegian date of issue."""
        return self.issued_at.astimezone(OSLO).year
