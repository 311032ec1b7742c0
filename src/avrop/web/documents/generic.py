"""A UBL document that no other description fits: every element under its own name, as it is written."""

from __future__ import annotations

import re
from collections.abc import Iterator

from django.utils.translation import gettext as _
from lxml import etree

from avrop.ubl.gate import BINARY_ELEMENT
from avrop.ubl.location import CBC
from avrop.web.documents.description import Description, Field, Notice, Section, field, visible

MOST = 2_000  # values; who needs more reads the file
_WORD = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_SCHEMES = ("schemeID", "unitCode", "currencyID", "listID")


def describe(root: etree._Element, kind: str, notices: tuple[Notice, ...] = ()) -> Description:
    """The document's own structure: its simple values first, then a section for each group."""
    left = MOST
    head: list[Field] = []
    groups: list[Section] = []
    cut = False
    for child in root.iterchildren(etree.Element):
        fields = []
        for one in _values(child, ""):
            if left == 0:
                cut = True
                break
            left -= 1
            fields.append(one)
        if len(child):
            groups.append(Section(_title(child), tuple(fields), language="en"))
        else:
            head += fields
    if cut:
        text = _("Only the first %(count)s values are shown. The original has all of them.") % {"count": MOST}
        notices = (*notices, Notice("warning", _("Not everything is shown"), text))
    number = visible((root.findtext(f"{{{CBC}}}ID") or "").strip())
    return Description(
        kind=kind,
        number=number,
        head=Section(_("About the document"), tuple(head), language="en"),
        rest=tuple(one for one in groups if one.fields),
        notices=notices,
    )


def values(element: etree._Element) -> Iterator[Field]:
    """The values of an element that stands alone."""
    return _values(element, "")


def _values(element: etree._Element, path: str) -> Iterator[Field]:
    """The values at and below an element, without going deeper in Python's own stack than the gate lets a tree be."""
    label = f"{path} › {_title(element)}" if path else _title(element)
    if not len(element):
        yield from _value(element, label)
        return
    for child in element.iterchildren(etree.Element):
        yield from _values(child, label if path or not _top(element) else "")


def _top(element: etree._Element) -> bool:
    parent = element.getparent()
    return parent is not None and parent.getparent() is None


def _value(element: etree._Element, label: str) -> Iterator[Field]:
    if etree.QName(element).localname == BINARY_ELEMENT:
        return
    text = (element.text or "").strip()
    about = ", ".join(value for name in _SCHEMES if (value := element.get(name)))
    if text:
        yield field(visible(label), f"{text} ({about})" if about else text)


def _title(element: etree._Element) -> str:
    """`AccountingSupplierParty` -> "Accounting supplier party": the standard's own English."""
    words = _WORD.sub(" ", etree.QName(element).localname).split()
    return " ".join([words[0], *(w if w.isupper() else w.lower() for w in words[1:])])
