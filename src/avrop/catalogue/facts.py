"""A catalogue item as others see it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID


@dataclass(frozen=True, slots=True)
class ItemFacts:
    """An orderable item. Price and quantities are scaled by 10^6; VAT in basis points."""

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


@dataclass(frozen=True, slots=True)
class Facet:
    """A value that a search can be narrowed to, with how many items have it."""

    value: str
    label: str
    count: int
    labels: Mapping[str, str] = field(default_factory=dict)  # nn, nb, en, where it is named in several

    def name(self, language: str) -> str:
        """The label in the reader's language, where there is one."""
        return self.labels.get(language) or self.label


@dataclass(frozen=True, slots=True)
class SearchFilters:
    """What a search is narrowed to. Empty tuples narrow nothing."""

    suppliers: tuple[UUID, ...] = ()
    agreements: tuple[UUID, ...] = ()
    categories: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SearchResult:
    """One page of what was found; `facets` are counted over all that the words found."""

    total: int
    items: tuple[ItemFacts, ...]
    facets: Mapping[str, tuple[Facet, ...]]  # supplier, agreement, category
