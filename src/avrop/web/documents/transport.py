"""How goods travel, described: carriers, handling units (pallets, boxes), packages, and how they arrived."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from avrop.ubl.documents import transport as tr
from avrop.web.documents import words
from avrop.web.documents.description import Column, Field, Row, Rows, Table, field, visible


def carrier(one: tr.Carrier | None) -> str:
    """Who drives, with the papers of the person and the vehicle."""
    if one is None:
        return ""
    papers = (words.joined((paper.type, paper.id), " ") for paper in one.papers)
    return words.joined((one.name, *map(words.identifier, one.ids), *papers))


def condition(one: tr.Condition | None, reasons: str) -> str:
    """How goods arrived, and why, by the code list `reasons`."""
    if one is None:
        return ""
    why = words.joined((words.code(reasons, one.reason_code), one.reason))
    return words.joined((words.code("receipt_status", one.code), why), ": ")


def units_table(units: Sequence[tr.HandlingUnit]) -> tuple[Table, ...]:
    """Pallets, boxes and the like; none where none is named."""
    if not units:
        return ()
    columns = (Column(_("Unit")), Column(_("Packaging")), Column(_("Condition")))
    return (Table(_("Pallets and packages"), columns, Rows(units, _unit)),)


def _unit(one: tr.HandlingUnit) -> Row:
    cells = (
        visible(words.identifier(one.id) or "–"),
        visible(words.code("package", one.type_code)),
        visible(condition(one.condition, "unit_condition")),
    )
    return Row(cells, tuple(said for said in _more(one) if said.value))


def _more(one: tr.HandlingUnit) -> tuple[Field, ...]:
    return (
        field(_("Measures"), measures(one)),
        field(_("Marking"), ", ".join(one.marks)),
        field(_("Dangerous goods"), words.yes_no(one.hazardous)),
        field(_("Packages"), packages(one)),
    )


def measures(one: tr.HandlingUnit) -> str:
    """What was measured of it: "bruttovekt (AAB) 20 kg"."""
    told = (
        words.joined((words.code("measure", each.attribute), words.quantity(each.measure)), " ")
        for each in one.dimensions
    )
    return words.joined(told)


def packages(one: tr.HandlingUnit) -> str:
    """The packages in it, with their kind."""
    return words.joined(
        words.joined((words.code("package", each.type_code), each.id), " ") for each in one.packages
    )


def unit_text(one: tr.HandlingUnit) -> str:
    """A unit that a line is packed in, in one text."""
    hazard = _("dangerous goods: %(answer)s") % {"answer": words.yes_no(one.hazardous)}
    return words.joined(
        (
            words.code("package", one.type_code),
            words.identifier(one.id),
            condition(one.condition, "unit_condition"),
            measures(one),
            ", ".join(one.marks),
            hazard if one.hazardous is not None else "",
            packages(one),
        )
    )
