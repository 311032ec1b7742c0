"""What a set-up file asks for, and the entries that cannot be taken, each with its reason."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from avrop.agreements.setup import AgreementSpec
from avrop.coding.setup import DefaultSpec
from avrop.matching.setup import PreApprovalSpec
from avrop.suppliers.setup import RelationSpec
from avrop.tenancy.setup import OrganisationSpec, PersonSpec, UnitSpec


@dataclass(frozen=True)
class Rejected:
    """An entry left out: where it stands, why (a code with a sentence in texts.py), and the value."""

    entry: str
    code: str
    value: str = ""


@dataclass
class Section:
    """One organisation with everything that hangs on it."""

    organisation: OrganisationSpec
    units: list[UnitSpec] = field(default_factory=list)
    people: list[PersonSpec] = field(default_factory=list)
    relations: list[RelationSpec] = field(default_factory=list)
    agreements: list[AgreementSpec] = field(default_factory=list)
    defaults: list[DefaultSpec] = field(default_factory=list)
    budget_mode: str = "warn"
    preapproval: PreApprovalSpec | None = None
    bank_account: str = ""


@dataclass
class Plan:
    """The whole file: sections to write, co-operations first, and what was rejected."""

    sections: list[Section] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)


class Bad(Exception):
    """An entry that cannot be taken."""

    def __init__(self, code: str, value: object = "") -> None:
        self.code, self.value = code, str(value)[:80]
        super().__init__(code)


def text(entry: Mapping[str, Any], name: str, default: str | None = None) -> str:
    """A text of the entry. Raises Bad when it is missing without a default, or is not a text."""
    value = entry.get(name, default)
    if value is None or (value == "" and default is None):
        raise Bad("SETUP_MISSING", name)
    if not isinstance(value, str):
        raise Bad("SETUP_NOT_TEXT", name)
    return value.strip()


def kroner(entry: Mapping[str, Any], name: str) -> int:
    """A whole number of kroner as øre. Raises Bad."""
    value = entry.get(name)
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise Bad("SETUP_AMOUNT", f"{name} = {value}")
    return value * 100


def one_of(value: str, allowed: Iterable[str], code: str) -> str:
    """`value` when it is among the allowed ones. Raises Bad(code)."""
    if value not in set(allowed):
        raise Bad(code, value)
    return value
