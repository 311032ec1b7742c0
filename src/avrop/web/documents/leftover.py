"""What a document says beyond the table it is read by (`ubl/rest.py`): shown too, each by its word."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from itertools import islice

from django.utils.translation import gettext as _
from lxml import etree

from avrop.ubl.rest import Part, Unknown
from avrop.web.documents import generic
from avrop.web.documents.description import Field, Section

MOST = 2_000  # values; the original has all of them
# What it parses is canonical XML of a tree that the gate let in: no DOCTYPE, no entities, its depth and size bounded.
_PARSER = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True)


def section_of(document: object) -> Section | None:
    """The values of every element that no table names, in no part of the document overlooked; None without any."""
    found = _said(document)
    fields = tuple(islice(found, MOST))
    if next(found, None) is not None:
        fields = (*fields, Field("…", _("Only the original has the rest.")))
    return Section(_("Also in the document"), fields) if fields else None


def _said(one: object) -> Iterator[Field]:
    if isinstance(one, tuple):
        for inner in one:
            yield from _said(inner)
        return
    if not is_dataclass(one) or isinstance(one, type):
        return
    if isinstance(one, Part):
        for piece in one.rest:
            if isinstance(piece, Unknown):
                yield from generic.values(etree.fromstring(piece.xml, _PARSER))
    for each in fields(one):
        if each.name != "rest":
            yield from _said(getattr(one, each.name))
