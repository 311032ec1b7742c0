"""A UBL document that no other description fits: every element by its word (`ubl/tables/elements.csv`), in order."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _
from lxml import etree

from avrop.ubl import places
from avrop.ubl.codes import name_of
from avrop.ubl.gate import BINARY_ELEMENT
from avrop.ubl.kinds import Quantity
from avrop.ubl.location import CBC
from avrop.web.documents import words
from avrop.web.documents.description import Description, Field, Notice, Section, field, visible

MOST = 2_000  # values; who needs more reads the file
_WORD = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
# Element -> the code list (ubl/tables/codes.csv) that its codes are in, whatever document it stands in.
_LISTS = {
    "AttributeID": "measure",
    "DespatchAdviceTypeCode": "despatch_type",
    "DocumentStatusCode": "document_status",
    "DocumentTypeCode": "paper_type",
    "HazardClassID": "hazard",
    "IdentificationCode": "country",
    "PackagingTypeCode": "package",
    "PackLevelCode": "pack_level",
    "PaymentMeansCode": "payment_means",
    "PriceType": "price_type",
    "ReceiptAdviceTypeCode": "receipt_type",
    "ShippingPriorityLevelCode": "priority",
    "TransportHandlingUnitTypeCode": "package",
    "TransportModeCode": "transport_mode",
}


def describe(root: etree._Element, kind: str, notices: tuple[Notice, ...] = ()) -> Description:
    """The document's own structure: its simple values first, then a section for each group."""
    left = MOST
    head: list[Field] = []
    groups: list[Section] = []
    cut = False
    for child, path in _children(root, f"/{_local(root)}"):
        fields = []
        title = _title(child, path)
        for one in _values(child, path, title if len(child) else ""):
            if left == 0:
                cut = True
                break
            left -= 1
            fields.append(one)
        if len(child):
            groups.append(Section(title, tuple(fields)))
        else:
            head += fields
    if cut:
        text = _("Only the first %(count)s values are shown. The original has all of them.") % {"count": MOST}
        notices = (*notices, Notice("warning", _("Not everything is shown"), text))
    number = visible((root.findtext(f"{{{CBC}}}ID") or "").strip())
    return Description(
        kind=kind,
        number=number,
        head=Section(_("About the document"), tuple(head)),
        rest=tuple(one for one in groups if one.fields),
        notices=notices,
    )


def values(element: etree._Element) -> Iterator[Field]:
    """The values of an element that stands alone."""
    return _values(element, f"/-/{_local(element)}", "")


def _children(parent: etree._Element, path: str) -> Iterator[tuple[etree._Element, str]]:
    """Each child with its path; the position of those that there are several of."""
    children = list(parent.iterchildren(etree.Element))
    several, seen = Counter(child.tag for child in children), Counter[object]()
    for child in children:
        seen[child.tag] += 1
        number = f"[{seen[child.tag]}]" if several[child.tag] > 1 else ""
        yield child, f"{path}/{_local(child)}{number}"


def _values(element: etree._Element, path: str, group: str) -> Iterator[Field]:
    """The values at and below an element, without going deeper in Python's own stack than the gate lets a tree be."""
    if not len(element):
        yield from _value(element, path, group)
        return
    for child, below in _children(element, path):
        yield from _values(child, below, group)


def _value(element: etree._Element, path: str, group: str) -> Iterator[Field]:
    name = _local(element)
    text = (element.text or "").strip()
    if name != BINARY_ELEMENT and text:
        label = _title(element, path)
        label = label.removeprefix(f"{group}, ") if group else label
        yield field(label[:1].upper() + label[1:], _said(element, name, text))


def _said(element: etree._Element, name: str, text: str) -> str:
    """A value as a person reads it: days, amounts, quantities, codes and registers by name."""
    if name in _LISTS:
        return words.code(_LISTS[name], text)
    if text in ("true", "false") and name.endswith("Indicator"):
        return words.yes_no(text == "true")
    if name.endswith("Date"):
        return _day(text)
    if name.endswith("Time"):
        return words.clock(text)
    number = _number(text)
    unit, currency = element.get("unitCode"), element.get("currencyID")
    if number is not None and (unit or currency):
        return words.quantity(Quantity(number, unit)) if unit else words.amount(number, currency)
    scheme = name_of("scheme", element.get("schemeID"), words.language())
    about = words.joined((unit, currency, scheme, element.get("listID")))
    return f"{text} ({about})" if about else text


def _day(text: str) -> str:
    try:
        return words.when(date.fromisoformat(text))
    except ValueError:
        return text


def _number(text: str) -> Decimal | None:
    try:
        found = Decimal(text)
    except InvalidOperation:
        return None
    # An exponent of thousands is no number that a person wrote.
    return found if found.is_finite() and -20 < found.adjusted() < 20 and len(text) < 40 else None


def _title(element: etree._Element, path: str) -> str:
    """What an element is called where it stands; the standard's own English where we have no word."""
    said = places.in_words(path, words.language()).removesuffix(f" ({_local(element)})")
    if said in places.WHOLE.values():
        parts = _WORD.sub(" ", _local(element)).split()
        said = " ".join([parts[0], *(part if part.isupper() else part.lower() for part in parts[1:])])
    return visible(said[:1].upper() + said[1:])


def _local(element: etree._Element) -> str:
    return etree.QName(element).localname
