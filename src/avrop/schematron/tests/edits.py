"""Directed edits of a document: plain steps that name their place, beside the counted ones of mutate.py.

    set path text · make path · remove path · again path (a copy behind it)

A path goes down from the root element: `cac:Party[2]/cac:PartyTaxScheme/cbc:CompanyID`, `cbc:ID/@schemeID`, `.` for
the root itself. `set` and `make` make what is missing, at its parent's end. What cannot be done is left.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from copy import deepcopy

from lxml import etree

from avrop.schematron.tests import mutate
from avrop.schematron.tests.mutate import Step

_UBL = "urn:oasis:names:specification:ubl:schema:xsd:"
SPACES = {
    "cac": f"{_UBL}CommonAggregateComponents-2",
    "cbc": f"{_UBL}CommonBasicComponents-2",
    "ext": f"{_UBL}CommonExtensionComponents-2",
}
_PREFIXES = {uri: prefix for prefix, uri in SPACES.items()}
_PART = re.compile(r"(@?)((?:\{[^}]*\})?[^/\[\]]+)(?:\[(\d+)\])?(?:/|$)")


def apply(content: bytes, steps: Sequence[Step]) -> bytes:
    """The document (without declaration, UTF-8) after the steps of either kind."""
    root = etree.fromstring(content)
    for step in steps:
        take(root, step)
    return mutate.written(root)


def take(root: etree._Element, step: Step) -> None:
    """Take one step."""
    kind, path, *rest = step
    if kind not in ("set", "make", "remove", "again"):
        mutate.take(root, step)
        return
    element, attribute = find(root, path, kind in ("set", "make"))
    if element is None:
        return
    parent = element.getparent()
    if kind == "set" and attribute:
        element.set(attribute, rest[0])
    elif kind == "set":
        element.text = rest[0]
    elif kind == "remove" and attribute:
        element.attrib.pop(attribute, None)
    elif kind == "remove" and parent is not None:
        parent.remove(element)
    elif kind == "again" and parent is not None:
        parent.insert(parent.index(element) + 1, deepcopy(element))


def path(element: etree._Element, attribute: str = "") -> str:
    """The path of an element, or of its attribute."""
    parts = [f"@{short(attribute)}"] if attribute else []
    at: etree._Element | None = element
    while at is not None and (above := at.getparent()) is not None:
        before = sum(1 for _ in at.itersiblings(at.tag, preceding=True))
        parts.append(short(str(at.tag)) + (f"[{before + 1}]" if before else ""))
        at = above
    return "/".join(reversed(parts)) or "."


def short(tag: str) -> str:
    """A Clark name with its prefix, where it has one here."""
    uri, _, local = tag[1:].partition("}") if tag.startswith("{") else ("", "", tag)
    return f"{_PREFIXES[uri]}:{local}" if uri in _PREFIXES else tag


def _long(name: str) -> str:
    prefix, _, local = name.partition(":")
    return f"{{{SPACES[prefix]}}}{local}" if prefix in SPACES and not name.startswith("{") else name


def find(root: etree._Element, path: str, make: bool) -> tuple[etree._Element | None, str]:
    """The element of a path and the name of its attribute, if it ends at one."""
    element = root
    for at, name, number in _PART.findall("" if path == "." else path):
        if at:
            return element, _long(name)
        tag, wanted = _long(name), int(number or 1)
        known = element.findall(tag)
        while len(known) < wanted and make:
            known.append(etree.SubElement(element, tag))
        if len(known) < wanted:
            return None, ""
        element = known[wanted - 1]
    return element, ""
