"""Writes: an order of another system is taken over; an accountant gives its lines the coding they lack."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from avrop.approval.permissions import may_approve
from avrop.coding.facts import Coding, budget_key
from avrop.coding.permissions import may_change
from avrop.coding.queries import read_codings, unknown_codes
from avrop.commitments.facts import Move
from avrop.commitments.models import Movement
from avrop.commitments.within import move
from avrop.journal.operation import operation, work
from avrop.journal.rows import insert_all
from avrop.journal.within import label, lock_stream, record
from avrop.kernel.finding import Refusal
from avrop.kernel.ports import OSLO, new_id
from avrop.messaging.within import note_sent_elsewhere
from avrop.ordering import documents, queries
from avrop.ordering.changing import committed
from avrop.ordering.events import OrderLinesCoded, OrderTakenOver
from avrop.ordering.facts import OrderFacts, OrderLineFacts
from avrop.ordering.models import Order, OrderLine
from avrop.ordering.operations.placing import leaving_hash
from avrop.ordering.rows import give_coding, line_row
from avrop.ordering.takeover.document import Taken, TakenLine, read
from avrop.ordering.takeover.models import TakenOver
from avrop.ordering.takeover.parties import Parties, find_parties
from avrop.tenancy import queries as tenancy
from avrop.tenancy.facts import AddressFacts, UnitFacts
from avrop.tenancy.results import demand
from avrop.tenancy.scope import viewer
from avrop.tenancy.within import pass_number
from avrop.ubl.documents import order as t01
from avrop.web.format import money

NOBODY = UUID(int=0)  # who asked for it works in another system: no person here is the requester
OPEN = "open_order"


@dataclass(frozen=True, slots=True)
class Result:
    """What a file became. `uncoded`: lines that wait for the accountant; `again`: it was here already."""

    order_id: UUID
    number: str
    lines: int
    gross: int
    uncoded: int
    warnings: tuple[str, ...]
    again: bool = False


@operation
def take_over(*, document: t01.Order, sha256: str, size: int, source_name: str = "") -> Result:
    """Take an open order over as sent: its number stays, no message leaves, its cost is committed.

    The viewer is the person who answers for it: somebody at the buyer with a mandate for the whole amount.
    `sha256` is the stored original; the same file again changes nothing. Raises Refusal TAKEOVER_* (see
    `document.read`, `parties.find_parties` and the texts).
    """
    taken, parties = read(document), find_parties(document)
    who = viewer()
    if who.person_id is None or who.organisation_id != parties.buyer.id:
        raise Refusal("TAKEOVER_OTHER_BUYER", number=taken.number, buyer=parties.buyer.name)
    lock_stream(f"takeover:{parties.buyer.id.hex}")  # two runs at once come one after the other
    before = _here_already(taken, sha256)
    if before is not None:
        return before
    unit = _unit(taken)
    codings = read_codings(one.coding_text for one in taken.lines)
    order = _order(document, taken, parties, unit)
    lines = [_line(order, one, codings[one.coding_text]) for one in taken.lines]
    _mandate(taken, unit, lines)
    order.approval_hash = leaving_hash(order, lines)
    message = _message(document, order, parties, sha256, size)
    order.save(force_insert=True)
    insert_all(lines)
    row = TakenOver.objects.create(
        buyer_id=order.buyer_id,
        order=order,
        sha256=sha256,
        source_name=source_name[:200],
        reference=taken.reference,
        codings={str(one.line_no): one.coding_text for one in taken.lines if one.coding_text},
        warnings=list(taken.warnings),
        approved_by=who.person_id,
        approved_at=work().at,
    )
    pass_number(order.buyer_id, "order", order.number)
    movements = _commit(order, lines)
    record(
        OrderTakenOver(order_id=order.id),
        tenant=order.buyer_id,
        stream=order.stream,
        subject=order,
        changed=[order, *lines, row, message, *movements],
    )
    return _result(order, lines, taken.warnings)


@operation
def code_lines(*, order_id: UUID, lines: Collection[int], coding: Coding) -> None:
    """Give these lines of a taken-over order their coding; what they bind moves to its budget line.

    Raises Refusal: TAKEOVER_UNKNOWN_ORDER, TAKEOVER_CODED, TAKEOVER_INCOMPLETE, TAKEOVER_UNKNOWN_CODE and
    the denial of `coding.permissions.may_change`.
    """
    demand(may_change(viewer()))
    row = Order.objects.filter(id=order_id).first()
    if row is None:
        raise Refusal("TAKEOVER_UNKNOWN_ORDER")
    lock_stream(row.stream)
    stands = queries.order(order_id)
    assert stands is not None
    order = queries.up_to_date(stands)
    _usable(coding)
    wanted = {one.line_no: one for one in order.lines if one.line_no in set(lines)}
    if not wanted or any(one.coding.complete for one in wanted.values()):
        raise Refusal("TAKEOVER_CODED", number=order.number)
    rows = list(OrderLine.objects.select_for_update().filter(order_id=order_id, line_no__in=list(wanted)))
    for line in rows:
        give_coding(line, coding)
    OrderLine.objects.filter(id__in=[line.id for line in rows]).update(**asdict(coding))
    moves = _moves(order, wanted.values(), coding)
    source = f"{label(row)}:{work().at.isoformat()}"[:80]
    _, movements = move(buyer_id=order.buyer_id, source=source, moves=moves)
    record(
        OrderLinesCoded(order_id=order.id, lines=tuple(sorted(wanted))),
        tenant=order.buyer_id,
        stream=order.stream,
        subject=row,
        changed=[row, *rows, *movements],
    )


def _here_already(taken: Taken, sha256: str) -> Result | None:
    """What this very file became before. Raises Refusal where another order has the number."""
    found = queries.orders_by_numbers([taken.number]).get(taken.number)
    if found is None:
        return None
    row = TakenOver.objects.filter(order_id=found.id, sha256=sha256).first()
    if row is None:
        raise Refusal("TAKEOVER_NUMBER_TAKEN", number=taken.number)
    uncoded = sum(not one.coding.complete for one in found.lines)
    return Result(
        found.id, found.number, len(found.lines), found.gross, uncoded, tuple(row.warnings), again=True
    )


def _unit(taken: Taken) -> UnitFacts:
    """The unit that the buyer's reference names by code or name, else the one at the top."""
    every = tenancy.units()
    wanted = taken.reference.casefold()
    named = [one for one in every.values() if wanted and wanted in (one.code.casefold(), one.name.casefold())]
    found = next(iter(named), None) or next((one for one in every.values() if one.parent_id is None), None)
    if found is None:
        raise Refusal("TAKEOVER_NO_UNIT", number=taken.number)
    return found


def _mandate(taken: Taken, unit: UnitFacts, lines: Collection[OrderLine]) -> None:
    """The viewer's mandate must cover the whole, for every responsibility; uncoded lines fall on the unit."""
    codes = {line.responsibility or unit.responsibility for line in lines}
    covered = may_approve(
        viewer(),
        NOBODY,
        amount=taken.gross,
        responsibilities=codes,
        ordering_unit=unit.id,
        units=tenancy.units(),
        mandates=tenancy.mandates(),
    )
    if not covered:
        raise Refusal(
            "TAKEOVER_MANDATE",
            number=taken.number,
            who=viewer().name,
            unit=unit.name,
            amount=money(taken.gross),
        )


def _order(document: t01.Order, taken: Taken, parties: Parties, unit: UnitFacts) -> Order:
    ident = new_id()
    address = _address(document, unit)
    return Order(
        id=ident,
        buyer_id=parties.buyer.id,
        number=taken.number,
        stream=f"purchase:{ident.hex}",
        supplier_id=parties.seller.id,
        agreement_ref=(document.contract_reference or "")[:40],
        unit_id=unit.id,
        requester_id=NOBODY,
        requester_name=taken.requester_name,
        address_id=address.id if address else NOBODY,
        delivery=_delivery(document, address),
        marking=((document.delivery.shipping_marks if document.delivery else "") or "")[:200],
        note="\n".join(document.notes)[:4000],
        currency=document.currency,
        net=taken.net,
        vat=taken.vat,
        gross=taken.gross,
        approved_gross=taken.gross,
        issued_at=taken.issued_at,
        process=_process(document),
    )


def _process(document: t01.Order) -> str:
    """How the supplier was asked to answer, from the profile that the order left under."""
    known = {profile: process for process, profile in documents.PROFILES.items()}
    return known.get(document.profile_id, "order_only")


def _address(document: t01.Order, unit: UnitFacts) -> AddressFacts | None:
    """The unit's own delivery address at the document's street, else its first one."""
    mine = tenancy.addresses([unit.id])
    place = document.delivery.address if document.delivery else None
    street = (place.street or "").casefold() if place else ""
    same = [one for one in mine if street and one.street.casefold() == street]
    return next(iter(same or mine), None)


def _delivery(document: t01.Order, known: AddressFacts | None) -> dict[str, str]:
    delivery = document.delivery
    place, party = (delivery.address, delivery.party) if delivery else (None, None)
    name = (party.display_name if party else "") or (known.name if known else "")
    if place is None or not (place.street or place.postal_zone or place.city):
        empty = {"name": name, "street": "", "postal_zone": "", "city": ""}
        if known is None:
            return empty
        return {"name": name, "street": known.street, "postal_zone": known.postal_zone, "city": known.city}
    return {
        "name": name[:200],
        "street": (place.street or "")[:200],
        "postal_zone": (place.postal_zone or "")[:20],
        "city": (place.city or "")[:100],
    }


def _line(order: Order, line: TakenLine, coding: Coding) -> OrderLine:
    # Half a coding is none: the whole of it must come from somebody who knows.
    known = coding if coding.complete else Coding()
    return line_row(order, line.line_no, line, kind=OPEN, coding=known)


def _message(document: t01.Order, order: Order, parties: Parties, sha256: str, size: int) -> Any:
    order.message_id = new_id()
    return note_sent_elsewhere(
        ident=order.message_id,
        owner_id=order.buyer_id,
        sender=parties.buyer.endpoint,
        receiver=parties.seller.endpoint,
        document_type=documents.DOCUMENT_TYPE,
        document_type_id=documents.DOCUMENT_TYPE_ID,
        process_id=document.profile_id,
        number=order.number,
        refers_to=label(order),
        stream=order.stream,
        sha256=sha256,
        size=size,
        sent_at=_sent_at(order),
    )


def _sent_at(order: Order) -> datetime:
    return min(order.issued_at, work().at)


def _commit(order: Order, lines: Collection[OrderLine]) -> list[Movement]:
    """The whole cost as committed, whatever the budget's mode: the purchase was decided elsewhere."""
    year = order.issued_at.astimezone(OSLO).year
    facts = [queries.line_facts(line) for line in lines]
    moves = [Move(key=budget_key(one.coding, year), committed=one.cost) for one in facts]
    return move(buyer_id=order.buyer_id, source=label(order), moves=moves)[1]


def _moves(order: OrderFacts, lines: Collection[OrderLineFacts], coding: Coding) -> list[Move]:
    """What the lines bind, from the key without coding to the coding's own.

    Receipts have moved their part to accrued at the cost of the time; it stays what it was, and the rest of
    the line's cost under its new VAT treatment is committed.
    """
    moves, target = [], budget_key(coding, order.budget_year)
    for line in lines:
        left, new = committed(line), committed(replace(line, coding=coding))
        source = budget_key(line.coding, order.budget_year)
        moves.append(Move(key=source, committed=-left, accrued=-line.accrued))
        moves.append(Move(key=target, committed=new, accrued=line.accrued))
    return moves


def _usable(coding: Coding) -> None:
    if not coding.complete:
        raise Refusal("TAKEOVER_INCOMPLETE")
    names = ("account", "responsibility", "function", "project")
    unknown = unknown_codes((name, getattr(coding, name)) for name in names)
    if unknown:
        raise Refusal("TAKEOVER_UNKNOWN_CODE", codes=", ".join(code for _name, code in unknown))


def _result(order: Order, lines: Collection[OrderLine], warnings: tuple[str, ...]) -> Result:
    uncoded = sum(not line.account for line in lines)
    return Result(order.id, order.number, len(lines), order.gross, uncoded, warnings)
