"""A catalogue item as others see it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class ItemFacts:
    """An orderable item. Price, base quantity, minimum and multiple are scaled by 10^6; VAT in basis points."""

    id: UUID
    agreement_id: UUID
    agreement_ref: str
    agreement_name: str
    supplier_id: UUID
    supplier_name: str
    seller_item_id: str
    names: Mapping[str, str]  # nn, nb, en
    description: str
    category: str
    picture: str
    unit_code: str
    price: int
    base_quantity: int
    currency: str
    vat_category: str
    vat_rate: int
    min_quantity: int
    multiple: int

    def name(self, language: str) -> str:
        """The name in the reader's language, else as the supplier wrote it."""
        return self.names.get(language) or self.names["nn"]
