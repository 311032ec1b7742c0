"""Writes on baskets. Each operation asks permission itself, whoever calls it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from avrop.coding.facts import Coding
from avrop.commitments.facts import Move
from avrop.commitments.models import Movement
from avrop.commitments.within import move
from avrop.journal.operation import operation, work
from avrop.journal.within import label, lock_stream, record, row_hash
from avrop.kernel.finding import Refusal
from avrop.kernel.ports import OSLO, new_id
from avrop.requisition import lines as making
from avrop.requisition import permissions, states
from avrop.requisition.events import (
    RequisitionApproved,
    RequisitionChanged,
    RequisitionReturned,
    RequisitionSubmitted,
    RequisitionWithdrawn,
)
from avrop.requisition.facts import NewLine, RequisitionFacts, approval_hashes, costs
from avrop.requisition.models import Requisition, RequisitionLine
from avrop.requisition.queries import from_rows
from avrop.requisition.queries import requisition as facts_of
from avrop.tenancy import queries as tenancy
from avrop.tenancy.results import demand
from avrop.tenancy.scope import viewer
from avrop.tenancy.within import next_number


@operation
def create(
    *,
    unit_id: UUID,
    lines: Sequence[NewLine] = (),
    address_id: UUID | None = None,
    need: str = "",
    marking: str = "",
) -> UUID:
    """A new basket with the viewer as requester. Without an address the unit's only one is taken."""
    who = viewer()
    unit = tenancy.unit(unit_id)
    demand(permissions.may_order_for(who, unit))
    if who.person_id is None or who.organisation_id is None:
        raise Refusal("NOT_REQUISITIONER", unit=unit.name)
    address = making.choose_address(unit_id, address_id)
    ident = new_id()
    row = Requisition(
        id=ident,
        buyer_id=who.organisation_id,
        number=next_number(who.organisation_id, "requisition"),
        stream=f"purchase:{ident.hex}",
        unit_id=unit_id,
        requester_id=who.person_id,
        address_id=address.id if address else None,
        marking=marking.strip()[:200] or (address.marking if address else ""),
        need=need.strip(),
        created_at=work().at,
    )
    row.save(force_insert=True)
    made = making.build(row, lines, unit=unit, first=1)
    RequisitionLine.objects.bulk_create(made)
    _record(RequisitionChanged(requisition_id=ident), row, made)
    return ident


@operation
def add_item(*, requisition_id: UUID, item_id: UUID, quantity: int, coding: Coding | None = None) -> None:
    """Put a catalogue item in the basket; one that is there already gets more of it."""
    row = _open_for_change(requisition_id)
    for line in _lines(row):
        if line.item_id == item_id and coding is None:
            line.quantity += quantity
            _checked(line)
            line.save(update_fields=["quantity"])
            _changed(row, [line])
            return
    _append(row, NewLine(item_id=item_id, quantity=quantity, coding=coding))


@operation
def add_free_text(*, requisition_id: UUID, line: NewLine) -> None:
    """Put a free-text line ("up to NOK N", with a reason) in the basket (Decision 6)."""
    _append(_open_for_change(requisition_id), line)


@operation
def change_line(*, line_id: UUID, quantity: int | None = None, coding: Coding | None = None) -> None:
    """Change a line's quantity (scaled by 10^6; catalogue lines) or its coding, then the line's own."""
    line = RequisitionLine.objects.get(id=line_id, removed=False)
    row = _open_for_change(line.requisition_id)
    if quantity is not None and line.kind == RequisitionLine.CATALOGUE:
        line.quantity = quantity
        _checked(line)
    if coding is not None:
        making.check_codes([coding])
        making.set_coding(line, coding, "line")
    line.save()
    _changed(row, [line])


@operation
def remove_line(*, line_id: UUID) -> None:
    """Take a line out of the basket. The row stays, marked, for the audit chain."""
    line = RequisitionLine.objects.get(id=line_id, removed=False)
    row = _open_for_change(line.requisition_id)
    line.removed = True
    line.save(update_fields=["removed"])
    _changed(row, [line])


@operation
def set_delivery(*, requisition_id: UUID, address_id: UUID | None, marking: str = "", need: str = "") -> None:
    """Where the goods go, what the parcels are marked with, and what the need is."""
    row = _open_for_change(requisition_id)
    if address_id is not None:
        tenancy.address(address_id)  # must be one of the buyer's own
    row.address_id, row.marking, row.need = address_id, marking.strip()[:200], need.strip()
    _changed(row, [])


@operation
def submit(*, requisition_id: UUID) -> None:
    """Ask for approval: everything is checked again, the cost is reserved, the contents are hashed.

    Raises Refusal with the code of the first thing that is wrong (see `texts`).
    """
    lock_stream(f"purchase:{requisition_id.hex}")
    row, lines = _with_lines(requisition_id)
    basket = from_rows(row, lines)
    demand(permissions.may_change(viewer(), basket))
    unit = basket.unit or tenancy.unit(row.unit_id)
    demand(permissions.may_order_for(viewer(), unit))
    refusal = making.refusal_of(basket, unit)
    if refusal is not None:
        raise refusal
    before = row_hash(row)
    _to(row, states.SUBMITTED)
    row.submitted_at, row.return_reason = work().at, ""
    row.hashes = list(approval_hashes(basket))
    row.save()
    moved = _reserve(row, basket, sign=1)
    record(
        RequisitionSubmitted(requisition_id=row.id, hashes=tuple(row.hashes)),
        tenant=row.buyer_id,
        stream=row.stream,
        subject=row,
        changed=moved,
        before=before,
    )


@operation
def withdraw(*, requisition_id: UUID, reason: str = "") -> None:
    """Give the basket up; a reservation is released and open approvals fall."""
    _take_back(requisition_id, states.WITHDRAWN, reason)


@operation
def reopen(*, requisition_id: UUID) -> None:
    """Take a submitted basket back to change it. An approval never counts for other contents (Decision 8)."""
    _take_back(requisition_id, states.RETURNED, "")


@operation
def record_approved(*, requisition_id: UUID, hashes: Iterable[str], submitted: str = "") -> None:
    """Everybody who must has approved. Nothing happens if the basket has changed or come back meanwhile.

    `submitted` is when the basket that they saw was submitted (ISO 8601): submitted anew, also unchanged, it is
    asked for anew, for the approvals may have fallen in between.
    """
    row = _locked(requisition_id)
    if row.state != states.SUBMITTED or sorted(hashes) != row.hashes:
        return
    if submitted and row.submitted_at != datetime.fromisoformat(submitted):
        return
    before = row_hash(row)
    _to(row, states.APPROVED)
    row.decided_at = work().at
    row.save()
    _record(RequisitionApproved(requisition_id=row.id, hashes=tuple(row.hashes)), row, before=before)


@operation
def return_to_requester(*, requisition_id: UUID, comment: str) -> None:
    """An approver sent the basket back: the reservation is released, the requester may change it."""
    row = _locked(requisition_id)
    if row.state != states.SUBMITTED:
        return
    before = row_hash(row)
    moved = _reserve(row, facts_of(requisition_id), sign=-1)
    _to(row, states.RETURNED)
    row.return_reason, row.decided_at = comment, work().at
    row.save()
    _record(RequisitionReturned(requisition_id=row.id), row, moved, before, comment)


def _take_back(requisition_id: UUID, to: str, reason: str) -> None:
    row = _locked(requisition_id)
    basket = facts_of(requisition_id)
    demand(permissions.may_take_back(viewer(), basket))
    before = row_hash(row)
    moved = _reserve(row, basket, sign=-1) if row.state == states.SUBMITTED else []
    _to(row, to)
    row.save()
    _record(RequisitionWithdrawn(requisition_id=row.id), row, moved, before, reason)


def _locked(requisition_id: UUID) -> Requisition:
    lock_stream(f"purchase:{requisition_id.hex}")
    row: Requisition = Requisition.objects.select_for_update().get(id=requisition_id)
    return row


def _open_for_change(requisition_id: UUID) -> Requisition:
    row: Requisition = Requisition.objects.select_for_update().get(id=requisition_id)
    if row.requester_id != viewer().person_id:
        raise Refusal("NOT_YOUR_BASKET", number=row.number)
    if row.state not in (states.DRAFT, states.RETURNED):
        raise Refusal("BASKET_IS_CLOSED", number=row.number)
    return row


def _lines(row: Requisition) -> list[RequisitionLine]:
    return list(RequisitionLine.objects.filter(requisition_id=row.id, removed=False).order_by("position"))


def _with_lines(requisition_id: UUID) -> tuple[Requisition, list[RequisitionLine]]:
    """The basket, locked, with unit, requester and address, and its lines; in one statement where it has any."""
    joined = ("unit", "requester", "address")
    rows = RequisitionLine.objects.select_for_update(of=("requisition",)).filter(
        requisition_id=requisition_id, removed=False
    )
    lines = list(rows.select_related(*(f"requisition__{one}" for one in joined)).order_by("position"))
    if lines:
        return lines[0].requisition, lines
    return Requisition.objects.select_for_update(of=("self",)).select_related(*joined).get(
        id=requisition_id
    ), []


def _append(row: Requisition, wanted: NewLine) -> None:
    taken = RequisitionLine.objects.filter(requisition_id=row.id).order_by("-position")
    last = taken.values_list("position", flat=True).first() or 0
    made = making.build(row, [wanted], unit=tenancy.unit(row.unit_id), first=last + 1)
    RequisitionLine.objects.bulk_create(made)
    _changed(row, made)


def _checked(line: RequisitionLine) -> None:
    refusal = making.quantity_refusal(line)
    if refusal is not None:
        raise refusal


def _reserve(row: Requisition, basket: RequisitionFacts, *, sign: int) -> list[Movement]:
    at = row.submitted_at
    assert at is not None  # only submitted baskets hold a reservation
    bound = costs(basket.lines, at.astimezone(OSLO).year, sign)
    moves = [Move(key=key, reserved=amount) for key, amount in bound.items()]
    return move(buyer_id=row.buyer_id, source=label(row), moves=moves)[1]


def _to(row: Requisition, state: str) -> None:
    if (row.state, state) not in states.TRANSITIONS:
        raise Refusal("BASKET_IS_CLOSED", number=row.number)
    row.state = state
    row.version += 1


def _changed(row: Requisition, lines: Sequence[RequisitionLine]) -> None:
    row.version += 1
    row.save()
    _record(RequisitionChanged(requisition_id=row.id), row, lines)


def _record(
    event: object,
    row: Requisition,
    changed: Sequence[RequisitionLine | Movement] = (),
    before: str = "",
    reason: str = "",
) -> None:
    record(
        event,
        tenant=row.buyer_id,
        stream=row.stream,
        subject=row,
        changed=changed,
        before=before,
        reason=reason,
    )
