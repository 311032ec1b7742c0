"""A framework agreement as others see it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from avrop.kernel.period import holds_on


@dataclass(frozen=True, slots=True)
class Participation:
    """A buyer's part in an agreement. `valid_to` is exclusive."""

    buyer_id: UUID
    valid_from: date | None = None
    valid_to: date | None = None

    def valid_on(self, day: date) -> bool:
        """True from valid_from up to, but not on, valid_to."""
        return holds_on(day, self.valid_from, self.valid_to)


@dataclass(frozen=True, slots=True)
class AgreementFacts:
    """An agreement with its participants."""

    id: UUID
    owner_id: UUID
    ref: str
    names: Mapping[str, str]  # nn, nb, en
    supplier_id: UUID
    supplier_name: str
    state: str
    valid_from: date
    valid_to: date
    delivery_mode: str
    excluded_unit_kinds: frozenset[str]
    participants: tuple[Participation, ...] = ()
    agreed_charges: Mapping[str, int] = field(default_factory=dict)
    currency: str = "NOK"
    contract_owner_id: UUID | None = None

    def name(self, language: str) -> str:
        """The name in the reader's language, else in nynorsk."""
        return self.names.get(language) or self.names["nn"]
