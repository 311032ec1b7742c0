"""Every table stands in the order of the schemas, and names nothing they do not have."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from lxml import etree

from avrop.ubl.documents import (
    catalogue,
    catalogue_response,
    despatch_advice,
    forward_billing,
    invoice,
    invoice_response,
    message_level_response,
    message_level_status,
    order,
    order_agreement,
    order_cancellation,
    order_change,
    order_response,
    order_response_advanced,
    payment_request,
    punch_out,
    receipt_advice,
    reminder,
    reports,
    self_billing,
)
from avrop.ubl.shape import Node, Shape

pytestmark = pytest.mark.shared
XS = "{http://www.w3.org/2001/XMLSchema}"
TABLES: list[tuple[str, Shape]] = [
    ("Order", order.ORDER),
    ("OrderChange", order_change.ORDER_CHANGE),
    ("OrderCancellation", order_cancellation.ORDER_CANCELLATION),
    ("OrderResponse", order_response.ORDER_RESPONSE),
    ("OrderResponse", order_response_advanced.ORDER_RESPONSE_ADVANCED),
    ("OrderResponse", order_agreement.ORDER_AGREEMENT),
    ("Catalogue", catalogue.CATALOGUE),
    ("Catalogue", punch_out.SHOPPING_CART),
    ("ApplicationResponse", catalogue_response.CATALOGUE_RESPONSE),
    ("ApplicationResponse", invoice_response.INVOICE_RESPONSE),
    ("ApplicationResponse", message_level_response.MESSAGE_LEVEL_RESPONSE),
    ("ApplicationResponse", message_level_status.MESSAGE_LEVEL_STATUS),
    ("DespatchAdvice", despatch_advice.DESPATCH_ADVICE),
    ("ReceiptAdvice", receipt_advice.RECEIPT_ADVICE),
    ("Invoice", invoice.INVOICE),
    ("CreditNote", invoice.CREDIT_NOTE),
    ("Invoice", self_billing.INVOICE),
    ("CreditNote", self_billing.CREDIT_NOTE),
    ("Invoice", forward_billing.SHAPE),
    ("Invoice", reminder.SHAPE),
    ("Invoice", payment_request.SHAPE),
]


class Schemas:
    """Types and elements of some XSD files: which children a type has, in order, and of which type they are.

    Both by qualified name: an aggregate and a basic type may be called the same.
    """

    def __init__(self, *files: Path) -> None:
        self.types: dict[str, etree._Element] = {}
        self.elements: dict[str, str] = {}
        for file in files:
            root = etree.parse(file).getroot()
            space = root.get("targetNamespace") or ""
            for kind in root.iterfind(f"{XS}complexType"):
                self.types[f"{{{space}}}{kind.get('name')}"] = kind
            for element in root.iterfind(f"{XS}element"):
                self.elements[f"{{{space}}}{element.get('name')}"] = _named(element, "type", space)

    def children(self, kind: str) -> list[tuple[str, str]]:
        """(tag, type) of the children of a type."""
        found, space = [], kind[1:].partition("}")[0]
        for element in self.types[kind].iterfind(f"{XS}sequence/{XS}element"):
            if element.get("ref"):
                tag = _named(element, "ref", space)
                found.append((tag, self.elements[tag]))
            else:
                found.append((f"{{{space}}}{element.get('name')}", _named(element, "type", space)))
        return found


def _named(element: etree._Element, attribute: str, space: str) -> str:
    """The qualified name in an attribute, whose prefix is bound where it stands."""
    prefix, _, local = str(element.get(attribute)).rpartition(":")
    return f"{{{element.nsmap[prefix] if prefix else space}}}{local}"


@cache
def ubl(standards: Path, version: str, root: str) -> Schemas:
    folder = standards / "ubl" / version / "xsdrt"
    common = sorted((folder / "common").glob("UBL-Common*Components-*.xsd"))
    return Schemas(*common, folder / "maindoc" / f"UBL-{root}-{version}.xsd")


def _root(name: str) -> str:
    return f"{{urn:oasis:names:specification:ubl:schema:xsd:{name}-2}}{name}"


def compare(node: Node, kind: str, schemas: Schemas, place: str) -> int:
    """Fails where the table's children are not the type's, in its order; how many were compared."""
    if not node.children:
        return 0
    known = schemas.children(kind)
    tags = [tag for tag, _ in known]
    ours = list(node.children)
    assert [tag for tag in ours if tag not in tags] == [], place
    assert ours == sorted(ours, key=tags.index), place
    done = len(ours)
    for tag, child in node.children.items():
        inner = child.row.shape.node if child.row is not None and child.row.shape is not None else child
        done += compare(inner, dict(known)[tag], schemas, f"{place}/{child.name}")
    return done


# T116 names the change it answers, which came with UBL 2.2: four of its official examples need 2.3's schema.
WANTED = [
    (root, shape, version)
    for root, shape in TABLES
    for version in ("2.1", "2.3")
    if version == "2.3" or shape is not order_response_advanced.ORDER_RESPONSE_ADVANCED
]


@pytest.mark.parametrize(
    ("root", "shape", "version"),
    WANTED,
    ids=[f"{shape.cls.__name__}-{version}" for _, shape, version in WANTED],
)
def test_a_table_stands_in_the_order_of_ubl(standards: Path, root: str, shape: Shape, version: str) -> None:
    if not (standards / "ubl" / version).is_dir():
        pytest.skip(f"MISSING: the schemas of UBL {version} in ../shared/standards/ubl")
    schemas = ubl(standards, version, root)
    assert compare(shape.node, schemas.elements[_root(root)], schemas, root) >= 20


@pytest.mark.parametrize(
    ("folder", "shape"), [("eusr", reports.END_USER_STATISTICS), ("tsr", reports.TRANSACTION_STATISTICS)]
)
def test_a_report_stands_in_the_order_of_its_schema(standards: Path, folder: str, shape: Shape) -> None:
    (file,) = standards.glob(f"peppol/reporting/{folder}/*/*.xsd")
    schemas = Schemas(file)
    (kind,) = schemas.elements.values()
    assert compare(shape.node, kind, schemas, folder) >= 10
