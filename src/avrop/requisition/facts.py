"""A basket as others see it, and the prospective orders in it (Decisions 8 and 11)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from avrop.coding.facts import Coding, budget_key
from avrop.kernel.canonical import content_hash
from avrop.kernel.money import MICRO, line_amount, vat_amount, vat_by_rate
from avrop.tenancy.facts import AddressFacts, UnitFacts

OERE_TO_MICRO = MICRO // 100  # a price in øre as a unit price scaled by 10^6


@dataclass(frozen=True, slots=True)
class NewLine:
    """What somebody wants: a catalogue item, or free text with a frame in øre excluding VAT and a reason.

    Quantity is scaled by 10^6 and counts for catalogue items only: a free-text line is one frame. A coding
    given here overrides every default.
    """

    item_id: UUID | None = None
    quantity: int = MICRO
    coding: Coding | None = None
    name: str = ""
    frame: int = 0
    reason: str = ""
    supplier_id: UUID | None = None
    agreement_id: UUID | None = None
    category: str = ""
    vat_category: str = "S"
    vat_rate: int = 2500


@dataclass(frozen=True, slots=True)
class LineFacts:
    """One line. Scaled quantity, price and base quantity; VAT in basis points; frame in øre."""

    id: UUID
    position: int
    kind: str
    item_id: UUID | None
    agreement_id: UUID | None
    supplier_id: UUID
    seller_item_id: str
    name: str
    category: str
    quantity: int
    unit_code: str
    price: int
    base_quantity: int
    currency: str
    vat_category: str
    vat_rate: int
    frame: int | None
    reason: str
    coding: Coding
    coding_source: str
    agreement_ref: str = ""

    @property
    def net(self) -> int:
        """Øre excluding VAT."""
        return line_amount(self.quantity, self.price, self.base_quantity)

    @property
    def vat(self) -> int:
        """VAT of this line alone in øre; a document's VAT is computed on the sum per rate."""
        return vat_amount(self.net, self.vat_rate)


@dataclass(frozen=True, slots=True)
class RequisitionFacts:
    """A basket with its lines."""

    id: UUID
    buyer_id: UUID
    number: str
    stream: str
    unit_id: UUID
    requester_id: UUID
    address_id: UUID | None
    marking: str
    need: str
    state: str
    lines: tuple[LineFacts, ...]
    return_reason: str = ""
    requester_name: str = ""
    unit_name: str = ""
    unit_code: str = ""
    address: AddressFacts | None = None
    unit: UnitFacts | None = None
    submitted_year: int | None = None  # the budget year it was reserved in
    submitted_at: datetime | None = None
    created_at: datetime | None = None
    hashes: tuple[str, ...] = ()

    @property
    def totals(self) -> Totals:
        """What the whole basket costs: the sum of its prospective orders."""
        parts = [totals(lines) for lines in groups(self.lines)]
        return Totals(sum(p.net for p in parts), sum(p.vat for p in parts))


@dataclass(frozen=True, slots=True)
class Prospect:
    """What will be one order: one supplier, agreement, delivery address and currency (Decision 11)."""

    supplier_id: UUID
    agreement_id: UUID | None
    address_id: UUID
    currency: str
    marking: str
    lines: tuple[LineFacts, ...]


@dataclass(frozen=True, slots=True)
class Totals:
    """Amounts in øre."""

    net: int
    vat: int

    @property
    def gross(self) -> int:
        """Including VAT: what a mandate is held against (Decision 7)."""
        return self.net + self.vat


def totals(lines: Iterable[LineFacts]) -> Totals:
    """Net and VAT of one order; VAT on the summed base per category and rate (BR-S-09)."""
    rates = vat_by_rate([(one.vat_category, one.vat_rate, one.net) for one in lines])
    return Totals(sum(base for base, _ in rates.values()), sum(vat for _, vat in rates.values()))


def costs(lines: Iterable[LineFacts], year: int, sign: int = 1) -> dict[str, int]:
    """What lines bind of each budget line in øre, net or gross as the VAT treatment says; no zeros."""
    found: dict[str, int] = {}
    for line in lines:
        name = budget_key(line.coding, year)
        found[name] = found.get(name, 0) + sign * line.coding.cost(line.net, line.vat)
    return {name: amount for name, amount in sorted(found.items()) if amount}


def groups(lines: Iterable[LineFacts]) -> tuple[tuple[LineFacts, ...], ...]:
    """Lines by supplier, agreement and currency (Decision 11), in a fixed order."""
    found: dict[tuple[str, str, str], list[LineFacts]] = {}
    for line in sorted(lines, key=lambda one: one.position):
        agreement = line.agreement_id.hex if line.agreement_id else ""
        found.setdefault((line.supplier_id.hex, agreement, line.currency), []).append(line)
    return tuple(tuple(members) for _, members in sorted(found.items()))


def prospects(basket: RequisitionFacts) -> tuple[Prospect, ...]:
    """The orders that a basket will become, in a fixed order. Raises ValueError without an address."""
    if basket.address_id is None:
        raise ValueError("no delivery address")
    return tuple(
        Prospect(
            supplier_id=lines[0].supplier_id,
            agreement_id=lines[0].agreement_id,
            address_id=basket.address_id,
            currency=lines[0].currency,
            marking=basket.marking,
            lines=tuple(lines),
        )
        for lines in groups(basket.lines)
    )


def approval_hashes(basket: RequisitionFacts) -> tuple[str, ...]:
    """The hash of every prospective order of a basket, sorted. Raises ValueError without an address."""
    return tuple(sorted(approval_hash(basket.buyer_id, prospect) for prospect in prospects(basket)))


def approval_hash(buyer_id: UUID, prospect: Prospect) -> str:
    """The content hash that an approval is bound to (Decision 8): not number or date."""
    return content_hash(
        {
            "buyer": buyer_id,
            "supplier": prospect.supplier_id,
            "agreement": prospect.agreement_id,
            "address": prospect.address_id,
            "marking": prospect.marking,
            "currency": prospect.currency,
            "lines": [
                {
                    "item": line.seller_item_id,
                    "text": line.name,
                    "quantity": line.quantity,
                    "unit": line.unit_code,
                    "price": line.price,
                    "base": line.base_quantity,
                    "frame": line.frame,
                    "vat": [line.vat_category, line.vat_rate],
                    "coding": [
                        line.coding.account,
                        line.coding.responsibility,
                        line.coding.function,
                        line.coding.project,
                        line.coding.vat_treatment,
                    ],
                }
                for line in prospect.lines
            ],
        }
    )
