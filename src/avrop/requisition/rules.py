"""What a basket must fulfil before it may ask for approval. Pure: facts in, refusals out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from uuid import UUID

from avrop.catalogue.facts import ItemFacts
from avrop.kernel.finding import Refusal
from avrop.kernel.money import MICRO
from avrop.requisition.facts import OERE_TO_MICRO, LineFacts, NewLine, RequisitionFacts

CATALOGUE, FREE_TEXT = "catalogue", "freetext"
MAX_QUANTITY = 1_000_000 * MICRO  # a slip of the finger, not an order
MAX_FRAME = 10_000_000_00  # øre


def check_quantity(quantity: int, minimum: int, multiple: int, name: str) -> Refusal | None:
    """Whether a supplier takes this quantity (all scaled by 10^6): least quantity, whole packs."""
    if not 0 < quantity <= MAX_QUANTITY:
        return Refusal("QUANTITY_OUT_OF_RANGE", name=name)
    if minimum and quantity < minimum:
        return Refusal("QUANTITY_BELOW_MINIMUM", name=name, minimum=quantity_text(minimum))
    if multiple and quantity % multiple:
        return Refusal("QUANTITY_NOT_A_MULTIPLE", name=name, multiple=quantity_text(multiple))
    return None


def check_free_text(wanted: NewLine) -> Refusal | None:
    """A free-text line has a name, a frame above zero, a reason and a supplier (Decision 6)."""
    if not wanted.name.strip():
        return Refusal("FREE_TEXT_WITHOUT_NAME")
    if not 0 < wanted.frame <= MAX_FRAME:
        return Refusal("FRAME_OUT_OF_RANGE", name=wanted.name)
    if not wanted.reason.strip():
        return Refusal("FREE_TEXT_WITHOUT_REASON", name=wanted.name)
    if wanted.supplier_id is None:
        return Refusal("FREE_TEXT_WITHOUT_SUPPLIER", name=wanted.name)
    return None


def check_fitting(name: str, fitting: Iterable[ItemFacts]) -> Refusal | None:
    """Free text is refused where an active agreement's item fits; the agreement and the item are named."""
    found = next(iter(fitting), None)
    if found is None:
        return None
    return Refusal(
        "FREE_TEXT_HAS_AGREEMENT",
        name=name,
        agreement=f"{found.agreement_ref} {found.agreement_name}".strip(),
        item=found.names["nn"],
    )


def check_item(line: LineFacts, item: ItemFacts | None) -> Refusal | None:
    """A catalogue line still stands: the version is active, and supplier, unit, price and VAT are its own."""
    if item is None:
        return Refusal("ITEM_NOT_AVAILABLE", name=line.name)
    if (line.price, line.base_quantity, line.currency) != (item.price, item.base_quantity, item.currency):
        return Refusal("PRICE_CHANGED", name=line.name)
    same = (
        (line.supplier_id, item.supplier_id),
        (line.agreement_id, item.agreement_id),
        (line.seller_item_id, item.seller_item_id),
        (line.unit_code, item.unit_code),
        (line.vat_category, item.vat_category),
        (line.vat_rate, item.vat_rate),
    )
    if any(ours != theirs for ours, theirs in same):
        return Refusal("ITEM_CHANGED", name=line.name)
    return check_quantity(line.quantity, item.min_quantity, item.multiple, line.name)


def check_coding(line: LineFacts) -> Refusal | None:
    """Every line is coded: account, responsibility and function; a project too in class 0."""
    return None if line.coding.complete else Refusal("CODING_INCOMPLETE", name=line.name)


def check_basket(basket: RequisitionFacts) -> Refusal | None:
    """There is something to order and somewhere to send it."""
    if not basket.lines:
        return Refusal("BASKET_EMPTY", number=basket.number)
    if basket.address_id is None:
        return Refusal("ADDRESS_MISSING", number=basket.number)
    return None


def first_refusal(
    basket: RequisitionFacts,
    items: Mapping[UUID, ItemFacts],
    fitting: Callable[[LineFacts], Iterable[ItemFacts]],
    denied: Callable[[LineFacts], Refusal | None],
) -> Refusal | None:
    """The first reason why the basket may not be submitted, or None.

    `items` are the orderable items by id, `fitting` finds agreement items that fit a free-text line, `denied`
    says why this unit may not call off a line's agreement (or order from its supplier).
    """
    if (refusal := check_basket(basket)) is not None:
        return refusal
    for line in basket.lines:
        catalogue_line = line.kind == CATALOGUE
        refusal = (
            denied(line)
            or (check_item(line, items.get(line.item_id)) if catalogue_line and line.item_id else None)
            or (check_fitting(line.name, fitting(line)) if not catalogue_line else None)
            or check_coding(line)
        )
        if refusal is not None:
            return refusal
    return None


def frame_price(frame: int) -> int:
    """A frame in øre as the unit price of one, scaled by 10^6."""
    price: int = frame * OERE_TO_MICRO
    return price


def quantity_text(scaled: int) -> str:
    """A scaled quantity with a decimal comma and no needless zeros."""
    whole, rest = divmod(scaled, MICRO)
    return f"{whole},{rest:06d}".rstrip("0") if rest else str(whole)
