"""A basket as others see it, and the prospective orders in it (Decisions 8 and 11)."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from avrop.coding.facts import Coding
from avrop.kernel.canonical import content_hash
from avrop.kernel.money import line_amount, vat_amount


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


@dataclass(frozen=True, slots=True)
class Prospect:
    """What will be one order: one supplier, agreement, delivery address and currency (Decision 11)."""

    supplier_id: UUID
    agreement_id: UUID | None
    address_id: UUID
    currency: str
    marking: str
    lines: tuple[LineFacts, ...]


def prospects(basket: RequisitionFacts) -> tuple[Prospect, ...]:
    """The orders that a basket will become, in a fixed order. Raises ValueError without an address."""
    if basket.address_id is None:
        raise ValueError("no delivery address")
    groups: dict[tuple[str, str, str], list[LineFacts]] = {}
    for line in sorted(basket.lines, key=lambda one: one.position):
        agreement = line.agreement_id.hex if line.agreement_id else ""
        groups.setdefault((line.supplier_id.hex, agreement, line.currency), []).append(line)
    return tuple(
        Prospect(
            supplier_id=lines[0].supplier_id,
            agreement_id=lines[0].agreement_id,
            address_id=basket.address_id,
            currency=lines[0].currency,
            marking=basket.marking,
            lines=tuple(lines),
        )
        for _, lines in sorted(groups.items())
    )


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
