"""Reads of baskets, as facts. What the viewer may see in the organisation is asked of `permissions`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from avrop.coding import queries as coding
from avrop.coding.facts import DIMENSIONS, Coding
from avrop.kernel.ports import OSLO
from avrop.requisition import states
from avrop.requisition.facts import LineFacts, RequisitionFacts
from avrop.requisition.models import Requisition, RequisitionLine
from avrop.tenancy.facts import AddressFacts, UnitFacts
from avrop.tenancy.scope import viewer

_HEAD = (
    "id", "buyer_id", "number", "stream", "unit_id", "requester_id", "address_id", "marking", "need", "state",
    "return_reason", "requester__name", "unit__name", "unit__code", "submitted_at", "created_at", "hashes",
    "address__unit_id", "address__name", "address__street", "address__postal_zone", "address__city",
    "address__marking", "unit__kind", "unit__parent_id", "unit__path", "unit__responsibility",
    "unit__function",
)  # fmt: skip
_LINE = (
    "id", "position", "kind", "item_id", "agreement_id", "supplier_id", "seller_item_id", "name", "category",
    "quantity", "unit_code", "price", "base_quantity", "currency", "vat_category", "vat_rate", "frame",
    "reason", "account", "responsibility", "function", "project", "vat_treatment", "coding_source",
    "agreement_ref",
)  # fmt: skip


_CODING = ("account", "responsibility", "function", "project", "vat_treatment")
_ADDRESS = tuple(name.replace("__", "_") for name in _HEAD[17:23])
_UNIT = ("unit_kind", "unit_parent_id", "unit_path", "unit_responsibility", "unit_function")


def requisition(requisition_id: UUID) -> RequisitionFacts:
    """One basket with its lines, in one statement. Raises Requisition.DoesNotExist."""
    found = requisitions([requisition_id])
    if requisition_id not in found:
        raise Requisition.DoesNotExist(requisition_id)
    return found[requisition_id]


def requisitions(ids: Iterable[UUID]) -> dict[UUID, RequisitionFacts]:
    """Baskets with their lines by id: one statement, and a second one for those without a line."""
    wanted = set(ids)
    if not wanted:
        return {}
    rows = RequisitionLine.objects.filter(requisition_id__in=wanted, removed=False).order_by("position")
    heads: dict[UUID, tuple[Any, ...]] = {}
    lines: dict[UUID, list[LineFacts]] = {}
    for row in rows.values_list(*(f"requisition__{name}" for name in _HEAD), *_LINE):
        heads.setdefault(row[0], row[: len(_HEAD)])
        lines.setdefault(row[0], []).append(line_from_row(row[len(_HEAD) :]))
    if empty := wanted - set(heads):
        found = Requisition.objects.filter(id__in=empty).values_list(*_HEAD)
        heads.update({row[0]: row for row in found})
    return {ident: _one(row, tuple(lines.get(ident, ()))) for ident, row in heads.items()}


def from_rows(row: Requisition, lines: Iterable[RequisitionLine]) -> RequisitionFacts:
    """A basket from rows that are read already (unit, requester and address joined)."""
    head = tuple(_attribute(row, name) for name in _HEAD)
    return _one(head, tuple(line_facts(line) for line in lines))


def my_basket(unit_id: UUID | None = None) -> RequisitionFacts | None:
    """The viewer's latest basket that is not submitted yet (for a unit, or any)."""
    rows = Requisition.objects.filter(requester_id=viewer().person_id, state=states.DRAFT)
    if unit_id is not None:
        rows = rows.filter(unit_id=unit_id)
    latest = list(rows.order_by("-created_at").values_list("id", flat=True)[:1])
    return requisition(latest[0]) if latest else None


def mine() -> Any:
    """The viewer's own baskets, newest first, as rows for a list."""
    rows = Requisition.objects.filter(requester_id=viewer().person_id).exclude(
        state=states.WITHDRAWN, submitted_at__isnull=True
    )
    return rows.select_related("unit").order_by("-created_at")


def waiting_for_requester() -> int:
    """How many of the viewer's baskets wait for the viewer: not submitted, or returned."""
    rows = Requisition.objects.filter(requester_id=viewer().person_id)
    return int(rows.filter(state__in=(states.DRAFT, states.RETURNED)).count())


def lines_of(ids: Iterable[UUID]) -> dict[UUID, tuple[LineFacts, ...]]:
    """The lines of several baskets, in one statement."""
    wanted = set(ids)
    found: dict[UUID, list[LineFacts]] = {}
    if wanted:
        rows = RequisitionLine.objects.filter(requisition_id__in=wanted, removed=False).order_by("position")
        for owner, *row in rows.values_list("requisition_id", *_LINE):
            found.setdefault(owner, []).append(line_from_row(row))
    return {owner: tuple(lines) for owner, lines in found.items()}


def code_names(lines: Iterable[LineFacts]) -> dict[tuple[str, str], str]:
    """Names of every code on the lines, in one statement."""
    return coding.code_names((name, getattr(line.coding, name)) for line in lines for name in DIMENSIONS)


def line_from_row(row: Iterable[Any]) -> LineFacts:
    """A line from its columns."""
    named = dict(zip(_LINE, row, strict=True))
    coded = Coding(**{name: named.pop(name) for name in _CODING})
    return LineFacts(**named, coding=coded)


def line_facts(line: RequisitionLine) -> LineFacts:
    """A line from its row."""
    return line_from_row(getattr(line, name) for name in _LINE)


def _attribute(row: Any, path: str) -> Any:
    for name in path.split("__"):
        row = getattr(row, name) if row is not None else None
    return row


def _one(row: tuple[Any, ...], lines: tuple[LineFacts, ...]) -> RequisitionFacts:
    named = {name.replace("__", "_"): value for name, value in zip(_HEAD, row, strict=True)}
    place = [named.pop(name) for name in _ADDRESS]
    kind, parent, path, responsibility, function = [named.pop(name) for name in _UNIT]
    submitted = named["submitted_at"]
    named["hashes"] = tuple(named["hashes"])
    return RequisitionFacts(
        **named,
        lines=lines,
        unit=UnitFacts(
            named["unit_id"],
            named["unit_code"],
            named["unit_name"],
            kind,
            parent,
            tuple(UUID(part) for part in path.split("/") if part),
            responsibility,
            function,
        ),
        address=AddressFacts(named["address_id"], *place) if named["address_id"] else None,
        submitted_year=submitted.astimezone(OSLO).year if submitted else None,
    )
