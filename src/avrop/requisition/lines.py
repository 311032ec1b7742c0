"""From what somebody wants to rows of a basket, and the checks that need other rooms' reads."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from uuid import UUID

from avrop.agreements import queries as agreements
from avrop.agreements.facts import AgreementFacts
from avrop.catalogue import queries as catalogue
from avrop.catalogue.facts import ItemFacts
from avrop.coding import queries as coding_queries
from avrop.coding.facts import DIMENSIONS, Coding, LineHint
from avrop.kernel.finding import Refusal
from avrop.kernel.money import MICRO
from avrop.kernel.ports import new_id
from avrop.requisition import rules
from avrop.requisition.facts import LineFacts, NewLine, RequisitionFacts
from avrop.requisition.models import Requisition, RequisitionLine
from avrop.suppliers import queries as suppliers
from avrop.tenancy import queries as tenancy
from avrop.tenancy.facts import AddressFacts, UnitFacts
from avrop.tenancy.results import Denied

EACH = "EA"  # UN/ECE Recommendation 20: each


def choose_address(unit_id: UUID, address_id: UUID | None) -> AddressFacts | None:
    """The address asked for, else the unit's only one, else none. Raises DeliveryAddress.DoesNotExist."""
    if address_id is not None:
        return tenancy.address(address_id)
    return tenancy.only_address(unit_id)


def build(
    row: Requisition, wanted: Sequence[NewLine], *, unit: UnitFacts, first: int
) -> list[RequisitionLine]:
    """Rows for new lines, checked and with their suggested coding; nothing is saved. Raises Refusal."""
    items = catalogue.items({one.item_id for one in wanted if one.item_id})
    made = []
    for position, one in enumerate(wanted, start=first):
        line = _catalogue_line(row, one, items) if one.item_id else _free_text_line(row, one, unit)
        line.position = position
        made.append(line)
    known = agreements.lately(m.agreement_id for m in made if m.agreement_id)
    # At submit all is asked afresh, and whether an agreement's supplier is blocked; one named freely is looked up here.
    free = [m.supplier_id for m in made if m.agreement_id is None]
    may = denials(free, known, unit, row.buyer_id)
    for line in made:
        line.agreement_ref = known[line.agreement_id].ref if line.agreement_id in known else ""
        if (refusal := may(line.agreement_id, line.supplier_id)) is not None:
            raise refusal
    _code(row, made, wanted, unit)
    return made


def refusal_of(basket: RequisitionFacts, unit: UnitFacts) -> Refusal | None:
    """Why the basket may not be submitted now, or None. Asks every other room again."""
    items = catalogue.items({line.item_id for line in basket.lines if line.item_id})
    known = agreements.agreements({one.agreement_id for one in basket.lines if one.agreement_id})
    may = denials([one.supplier_id for one in basket.lines], known, unit, basket.buyer_id)

    def fitting(line: LineFacts) -> Sequence[ItemFacts]:
        return catalogue.fitting_items(line.name, unit)

    return rules.first_refusal(basket, items, fitting, lambda line: may(line.agreement_id, line.supplier_id))


def denials(
    supplier_ids: Sequence[UUID], known: Mapping[UUID, AgreementFacts], unit: UnitFacts, buyer_id: UUID
) -> Callable[[UUID | None, UUID], Refusal | None]:
    """A function that says why this unit may not order under an agreement or from a supplier."""
    relations = suppliers.relations(set(supplier_ids), accounts=False) if supplier_ids else None

    def refusal(agreement_id: UUID | None, supplier_id: UUID) -> Refusal | None:
        relation = relations.get(supplier_id) if relations is not None else None
        if relation is not None and relation.blocked:
            return Refusal("SUPPLIER_BLOCKED", supplier=relation.supplier_no)
        if agreement_id is None:
            return None if relation else Refusal("SUPPLIER_UNKNOWN")
        return _agreement_refusal(known.get(agreement_id), supplier_id, unit, buyer_id)

    return refusal


def _agreement_refusal(
    agreement: AgreementFacts | None, supplier_id: UUID, unit: UnitFacts, buyer_id: UUID
) -> Refusal | None:
    if agreement is None:
        return Refusal("AGREEMENT_NOT_VISIBLE")
    if agreement.supplier_id != supplier_id:
        return Refusal("AGREEMENT_OTHER_SUPPLIER", agreement=agreement.ref)
    answer = agreements.call_off_by(agreement, buyer_id=buyer_id, unit=unit)
    return Refusal(answer.reason, **answer.params) if isinstance(answer, Denied) else None


def check_codes(codings: Sequence[Coding]) -> None:
    """What a person typed must be in the buyer's chart. Raises Refusal CODE_UNKNOWN."""
    asked = [(name, getattr(one, name)) for one in codings for name in DIMENSIONS]
    unknown = coding_queries.unknown_codes(asked) if asked else []
    if unknown:
        raise Refusal("CODE_UNKNOWN", dimension=unknown[0][0], value=unknown[0][1])


def set_coding(line: RequisitionLine, coding: Coding, source: str) -> None:
    """Give a line its coding and where it came from."""
    line.account, line.responsibility, line.function = coding.account, coding.responsibility, coding.function
    line.project, line.vat_treatment = coding.project, coding.vat_treatment
    line.coding_source = source


def quantity_refusal(line: RequisitionLine) -> Refusal | None:
    """Whether the supplier takes the quantity that the line now has."""
    item = catalogue.item(line.item_id) if line.item_id else None
    return rules.check_quantity(
        line.quantity, item.min_quantity if item else 0, item.multiple if item else 0, line.name
    )


def _catalogue_line(row: Requisition, wanted: NewLine, items: Mapping[UUID, ItemFacts]) -> RequisitionLine:
    item = items.get(wanted.item_id) if wanted.item_id else None
    if item is None:
        raise Refusal("ITEM_NOT_AVAILABLE", name=wanted.name)
    refusal = rules.check_quantity(wanted.quantity, item.min_quantity, item.multiple, item.names["nn"])
    if refusal is not None:
        raise refusal
    return RequisitionLine(
        id=new_id(),
        buyer_id=row.buyer_id,
        requisition_id=row.id,
        kind=RequisitionLine.CATALOGUE,
        item_id=item.id,
        agreement_id=item.agreement_id,
        supplier_id=item.supplier_id,
        seller_item_id=item.seller_item_id,
        name=item.names["nn"],
        category=item.category,
        quantity=wanted.quantity,
        unit_code=item.unit_code,
        price=item.price,
        base_quantity=item.base_quantity,
        currency=item.currency,
        vat_category=item.vat_category,
        vat_rate=item.vat_rate,
    )


def _free_text_line(row: Requisition, wanted: NewLine, unit: UnitFacts) -> RequisitionLine:
    refusal = rules.check_free_text(wanted) or rules.check_fitting(
        wanted.name, catalogue.fitting_items(wanted.name, unit)
    )
    if refusal is not None:
        raise refusal
    assert wanted.supplier_id is not None  # check_free_text has seen to it
    return RequisitionLine(
        id=new_id(),
        buyer_id=row.buyer_id,
        requisition_id=row.id,
        kind=RequisitionLine.FREE_TEXT,
        agreement_id=wanted.agreement_id,
        supplier_id=wanted.supplier_id,
        name=wanted.name.strip()[:300],
        category=wanted.category,
        quantity=MICRO,
        unit_code=EACH,
        price=rules.frame_price(wanted.frame),
        vat_category=wanted.vat_category,
        vat_rate=wanted.vat_rate,
        frame=wanted.frame,
        reason=wanted.reason.strip(),
    )


def _code(
    row: Requisition, made: Sequence[RequisitionLine], wanted: Sequence[NewLine], unit: UnitFacts
) -> None:
    check_codes([one.coding for one in wanted if one.coding is not None])
    hints = [
        LineHint(
            seller_item_id=line.seller_item_id,
            category=line.category,
            supplier_id=line.supplier_id,
            override=one.coding,
        )
        for line, one in zip(made, wanted, strict=True)
    ]
    suggested = coding_queries.suggest(hints, unit=unit, person_id=row.requester_id) if hints else []
    for line, found in zip(made, suggested, strict=True):
        set_coding(line, found.coding, found.source)
