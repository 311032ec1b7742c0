"""Catalogues, shopping carts, and what tells of goods on their way and arrived."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from random import Random

from avrop.ubl.documents import catalogue, catalogue_response, despatch_advice, punch_out, receipt_advice
from avrop.ubl.documents import parts as p
from avrop.ubl.kinds import Identifier, Quantity
from avrop.ubl.tests.generate import common, values
from avrop.ubl.tests.generate.common import one_of, same
from avrop.ubl.tests.generate.maker import Fields, Kind, Making, Mend, Value, enter
from avrop.ubl.tests.generate.ordering import identified, tax_category

VALUES = common.VALUES | {
    "id": values.identifier,
    "Party.ids": common.party_ids,
    "Document.mime_code": one_of(*common.MIME[1:]),
    "Document.type_code": one_of("130", "PRODUCT_IMAGE", "TRADE_ITEM_DESCRIPTION"),
    "CatalogueItem.conditions": one_of("CT"),
    "Certificate.type_code": one_of("NA"),
    "action": one_of("Add", "Update", "Replace", "Delete"),
    "lines.action": one_of("Add", "Update", "Delete"),
    "lines.pack_level": one_of("CU", "DU", "TU", "HN"),
    "lines.orderable_unit": one_of(*values.UNITS),
    "LinePrice.currency": one_of("NOK", "EUR"),
    "LinePrice.amount": values.price,
    "LinePrice.type": one_of("AAA", "CAT", "CON", "PRO"),
    "CartLine.price_type": one_of("AAA", "CAT", "CON"),
    "Price.type": one_of("AAA", "CAT"),
    "Hazard.undg_code": one_of("ADR", "IMD", "UI"),
    "Shipment.transport_mode": one_of(*"0123456789"),
    "Package.type_code": one_of("PX", "CT", "BX", "1A"),
    "HandlingUnit.type_code": one_of("PX", "CT", "PK"),
    "ItemInstance.trace_id": lambda rng: Identifier(values.identifier(rng), "UDI"),
    "CartLine.price": values.price,
    "CartLine.currency": one_of("NOK", "EUR"),
}
MENDS = common.MENDS | {"TaxCategory": tax_category}


def named(making: Making, given: Fields) -> None:
    """Who sells and who buys has a name or a number (T19-R004, -R005)."""
    if not given.get("name") and not given.get("ids"):
        given["name"] = values.name(making.rng)


def growing(first: str, second: str) -> Mend:
    """The most is not less than the least (T19-R010)."""

    def mend(making: Making, given: Fields) -> None:
        least, most = given.get(first), given.get(second)
        if least and most and least.value > most.value:
            given[first], given[second] = most, least

    return mend


def valid_within(making: Making, given: Fields) -> None:
    """A line's validity lies within the catalogue's, a price's within both (T19-R007, -R011)."""
    whole = given.get("validity") or p.Period()
    given["lines"] = tuple(_line_within(one, whole) for one in given["lines"])
    common.numbered(making, given)


def _line_within(line: catalogue.CatalogueLine, whole: p.Period) -> catalogue.CatalogueLine:
    validity = common.within(line.validity, whole)
    outer = validity or whole
    outer = p.Period(outer.start or whole.start, outer.end or whole.end)
    prices = tuple(replace(one, validity=common.within(one.validity, outer)) for one in line.prices)
    return replace(line, validity=validity, prices=prices)


def cart_line(making: Making, given: Fields) -> None:
    """Quantity and price are in the same unit (T77-R006)."""
    unit = making.rng.choice(values.UNITS)
    for name in ("quantity", "base_quantity"):
        if given.get(name):
            given[name] = Quantity(given[name].value, unit)


def cart(making: Making, given: Fields) -> None:
    """Good for a while from the day of issue (T77-R001)."""
    if given.get("validity") and given["validity"].end and given["validity"].end < given["issue_date"]:
        given["validity"] = replace(given["validity"], end=given["issue_date"])
    common.numbered(making, given)


def cart_item(making: Making, given: Fields) -> None:
    """Identified, with one main picture at most (T77-R005)."""
    identified(making, given)
    pictures = [one for one in given.get("documents", ()) if one.type_code == "PRODUCT_IMAGE"]
    given["documents"] = tuple(one for one in given.get("documents", ()) if one not in pictures[1:])


def with_percent(making: Making, given: Fields) -> None:
    """A shopping cart gives a rate also where there is none (T77-B09102)."""
    tax_category(making, given)
    given.setdefault("percent", Decimal(0))


def _sscc(rng: Random) -> Identifier:
    return Identifier(values.gs1(rng, 18), "SSCC")


def despatched(making: Making, given: Fields) -> None:
    """What follows later has a reason (T16-R007)."""
    if given.get("outstanding"):
        given.setdefault("outstanding_reasons", (values.text(making.rng),))
    else:
        given.pop("outstanding_reasons", None)


def condition(codes: tuple[str, ...]) -> Mend:
    """What is wrong is said with a code and in words, and only then (T128-R025 to -R028)."""

    def mend(making: Making, given: Fields) -> None:
        rng = making.rng
        given["code"] = rng.choice(("AB", "AP", "CA", "RE"))
        for name in ("reason_code", "reason"):
            given.pop(name, None)
        if given["code"] in ("CA", "RE"):
            given["reason_code"], given["reason"] = rng.choice(codes), values.text(rng)

    return mend


def received(making: Making, given: Fields) -> None:
    """Too little and turned away: why, and what should happen (T128-R004 to -R007)."""
    rng = making.rng
    if given.get("short"):
        given["shortage_action"] = rng.choice("12")
    if given.get("rejected"):
        given["reject_action"], given["reject_reason"] = rng.choice("12"), values.text(rng)
        given["reject_reason_code"] = rng.choice(_REJECTED)


def receipt(making: Making, given: Fields) -> None:
    """The answer to goods tells of the shipment, that to the message alone of its status (T128-R023)."""
    goods = making.rng.random() < 0.7
    if making.probing:
        goods = not given["despatch_reference"].status_code
    given["type_code"] = "S" if goods else "D"
    reference = given["despatch_reference"]
    if goods:
        given.setdefault("shipment", receipt_advice.ReceivedShipment(id=Identifier("1")))
        given["despatch_reference"] = replace(reference, status_code=None)
    else:
        given.pop("shipment", None)
        code = reference.status_code or making.rng.choice(("AB", "AP", "CA", "RE"))
        given["despatch_reference"] = replace(reference, status_code=code)
    common.numbered(making, given)


def typed(making: Making, given: Fields) -> None:
    """A document says of what type it is (T128-R031)."""
    common.attached(making, given)
    if not given.get("type_code"):
        given.setdefault("type", values.name(making.rng))


def termed(making: Making, given: Fields) -> None:
    """Terms of delivery have a code or words (T128-R022)."""
    if not given.get("id") and not given.get("special_terms"):
        given["special_terms"] = values.text(making.rng)


def _identified_if(making: Making, given: Fields) -> None:
    if given:
        identified(making, given)


def _numbered(scheme: str) -> Value:
    return lambda rng: Identifier(values.identifier(rng), rng.choice((None, scheme)))


_REJECTED = ("1", "2", "3", "4", "5", "6", "7", "8", "99")
_HANDLED = ("1", "2", "3", "4", "5", "6", "7")

KINDS = (
    Kind(
        "catalogue",
        catalogue,
        catalogue.CATALOGUE,
        values=VALUES | {"profile_id": one_of(catalogue.PROFILE, catalogue_response.PROFILE)},
        mends=MENDS
        | {
            "": valid_within,
            "CatalogueItem": identified,
            "seller": named,
            "contractor": named,
            "lines": growing("minimum_order", "maximum_order"),
            "lines.prices": growing("minimum_quantity", "maximum_quantity"),
        },
        always=frozenset({"lines"}),
    ),
    Kind(
        "punch_out",
        punch_out,
        punch_out.SHOPPING_CART,
        values=VALUES | {"action": one_of("true", "false")},
        mends=MENDS | {"": cart, "CatalogueItem": cart_item, "lines": cart_line, "TaxCategory": with_percent},
    ),
    Kind(
        "despatch_advice",
        despatch_advice,
        despatch_advice.DESPATCH_ADVICE,
        values=VALUES
        | {
            "lines.shipment.id": same(Identifier("NA")),
            "HandlingUnit.id": _sscc,
            "Dimension.attribute": one_of("AAB", "AAW", "AAX", "AAL"),
        },
        mends=MENDS
        | {
            "": common.numbered,
            "Item": identified,
            "lines": despatched,
            "buyer": named,  # T16-R008 to -R010
            "seller": named,
            "originator": named,
        },
    ),
    Kind(
        "receipt_advice",
        receipt_advice,
        receipt_advice.RECEIPT_ADVICE,
        values=VALUES
        | {
            "HandlingUnit.id": _sscc,
            "Dimension.attribute": one_of("AAB", "AAW"),
            "Document.type_code": one_of("130", "916"),
            "status_code": one_of("1", "5", "9", "22"),
            "despatch_reference.status_code": one_of("AB", "AP", "CA", "RE"),
            "shipment.id": _numbered("GSIN"),
            "shipment.consignment_id": _numbered("GINC"),
            "lines.shortage_action": one_of("1", "2"),
            "lines.reject_action": one_of("1", "2"),
            "lines.reject_reason_code": one_of(*_REJECTED),
        },
        mends=MENDS
        | {
            "": receipt,
            "Document": typed,
            "Item": _identified_if,
            "lines": received,
            "shipment.condition": condition((*_REJECTED, "10")),
            "shipment.units.condition": condition(_HANDLED),
            "shipment.carrier": named,
            "shipment.delivery_terms": termed,
            "delivery": named,
            "despatch": named,
            "buyer": named,
            "seller": named,
        },
    ),
)
enter(*KINDS)
