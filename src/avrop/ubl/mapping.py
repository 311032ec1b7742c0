"""A table between a document and its dataclass, used in both directions.

A `Shape` lists rows (field, path, kind) in the element order of the XSD. Reading visits every element once;
writing follows the same table. What a table names becomes a field: a second value for a single field, an
unreadable number or a missing required field is a `DocumentRefused`. What it does not name is kept in `rest` and
written again (rest.py). The two directions are in reading.py and writing.py.
"""

from __future__ import annotations

from typing import Any

from lxml import etree

from avrop.ubl import reading, writing
from avrop.ubl.kinds import UNWRITABLE, Context, DocumentRefused, Identifier, Quantity, text_of
from avrop.ubl.location import CAC, CBC, short
from avrop.ubl.rest import Lookup, Part
from avrop.ubl.shape import Row, Shape

__all__ = [
    "Context",
    "DocumentRefused",
    "Identifier",
    "Part",
    "Quantity",
    "Row",
    "Shape",
    "expect_root",
    "opening",
    "read_shape",
    "text_of",
    "writable",
    "write_document",
    "write_shape",
]


def read_shape(element: etree._Element, shape: Shape, context: Context, **extra: object) -> Any:
    """The dataclass of `shape` from `element`; None where it holds no field of it. Raises DocumentRefused."""
    return reading.plan_of(shape).read(element, context, extra)


def write_shape(value: Any, shape: Shape, context: Context) -> str:
    """The content (not the element itself) that `shape`'s table gives for the dataclass `value`."""
    out: list[str] = []
    kept = Lookup(value.rest) if value.rest else None
    writing.plan_of(shape).content(value, out, context, kept)
    return "".join(out)


def writable(content: str, root: str) -> str:
    """`content`, which XML can hold. Raises DocumentRefused BAD_CHARACTER."""
    bad = UNWRITABLE.search(content)
    if bad:
        raise DocumentRefused("BAD_CHARACTER", "/" + root, character=f"U+{ord(bad[0]):04X}")
    return content


def opening(value: Any, shape: Shape, root: str) -> str:
    """The declaration and the start of the root element, with the attributes that were kept."""
    if shape.namespace:
        names = f'xmlns="{shape.namespace}"'
    else:
        namespace = f"urn:oasis:names:specification:ubl:schema:xsd:{root}-2"
        names = f'xmlns="{namespace}" xmlns:cac="{CAC}" xmlns:cbc="{CBC}"'
    kept = Lookup(value.rest).attributes.get("", "") if value.rest else ""
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<{root} {names}{kept}>'


def write_document(value: Any, shape: Shape, root: str, currency: str | None) -> bytes:
    """The whole document in UTF-8. `root` is its root (`Invoice`). Raises DocumentRefused."""
    content = writable(write_shape(value, shape, Context(currency)), root)
    return f"{opening(value, shape, root)}{content}</{root}>\n".encode()


def expect_root(root: etree._Element, *names: str) -> str:
    """The local name of the root, which must be one of `names` in its UBL namespace."""
    qualified = etree.QName(root)
    wanted = f"urn:oasis:names:specification:ubl:schema:xsd:{qualified.localname}-2"
    if qualified.localname not in names or qualified.namespace != wanted:
        raise DocumentRefused("WRONG_ROOT", "/" + short(str(root.tag)), expected=" ".join(names))
    return qualified.localname
