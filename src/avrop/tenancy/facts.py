"""What other rooms may know of organisations, units and people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from avrop.kernel.period import holds_on

REQUISITIONER = "requisitioner"
APPROVER = "approver"
RECEIVER = "receiver"
INVOICE_CLERK = "invoice_clerk"
ACCOUNTANT = "accountant"
VENDOR_MASTER = "vendor_master"
CONTRACT_OWNER = "contract_owner"
BUYER_ADMIN = "buyer_admin"
COOP_ADMIN = "coop_admin"
SUPPLIER_USER = "supplier_user"
PLATFORM_OPERATOR = "platform_operator"
AUDITOR = "auditor"

ROLES = (
    REQUISITIONER,
    APPROVER,
    RECEIVER,
    INVOICE_CLERK,
    ACCOUNTANT,
    VENDOR_MASTER,
    CONTRACT_OWNER,
    BUYER_ADMIN,
    COOP_ADMIN,
    SUPPLIER_USER,
    PLATFORM_OPERATOR,
    AUDITOR,
)

UNIT_KINDS = ("municipality", "town_hall", "school", "nursery", "care_home", "technical", "culture")


@dataclass(frozen=True, slots=True)
class Party:
    """A party as it stands on a document."""

    id: UUID
    slug: str
    name: str
    orgnr: str
    endpoint: str
    street: str
    city: str
    postal_zone: str
    vat_registered: bool
    kind: str
    language: str = "nn"
    email: str = ""


@dataclass(frozen=True, slots=True)
class UnitFacts:
    """A unit; `ancestors` are the ids from the root down to the unit itself."""

    id: UUID
    code: str
    name: str
    kind: str
    parent_id: UUID | None
    ancestors: tuple[UUID, ...]
    responsibility: str
    function: str


@dataclass(frozen=True, slots=True)
class AddressFacts:
    """Where goods go."""

    id: UUID
    unit_id: UUID
    name: str
    street: str
    postal_zone: str
    city: str
    marking: str


@dataclass(frozen=True, slots=True)
class MandateFacts:
    """How much a person may approve (øre including VAT) in a unit and all below it."""

    person_id: UUID
    person_name: str
    unit_id: UUID
    max_amount: int
    valid_from: date | None = None
    valid_to: date | None = None

    def valid_on(self, day: date) -> bool:
        """True from valid_from up to, but not on, valid_to."""
        return holds_on(day, self.valid_from, self.valid_to)


@dataclass(frozen=True, slots=True)
class RoleRow:
    """One role of one person; `unit` is None where it holds for the whole organisation."""

    organisation: str
    kind: str
    person_id: UUID
    login: str
    name: str
    role: str
    unit: str | None
