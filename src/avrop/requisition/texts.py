"""Sentences for this room's refusals, and a basket's words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from avrop.requisition.facts import LineFacts
from avrop.ubl.codes import unit_of

SENTENCES = {
    "CODE_UNKNOWN": _("%(value)s is not in your chart of accounts (%(dimension)s)."),
    "NOT_REQUISITIONER": _("You are not a requisitioner for %(unit)s."),
    "NOT_YOUR_BASKET": _("Requisition %(number)s belongs to somebody else."),
    "BASKET_IS_CLOSED": _("Requisition %(number)s can no longer be changed."),
    "BASKET_EMPTY": _("The basket is empty. Put something in it first."),
    "ADDRESS_MISSING": _("Choose where the goods are to be delivered."),
    "CODING_INCOMPLETE": _(
        "“%(name)s” is not fully coded: account, responsibility and function are needed, and a project for "
        "investments."
    ),
    "QUANTITY_OUT_OF_RANGE": _("The quantity of “%(name)s” must be above zero and at most a million."),
    "QUANTITY_BELOW_MINIMUM": _("The supplier delivers at least %(minimum)s of “%(name)s”."),
    "QUANTITY_NOT_A_MULTIPLE": _("“%(name)s” comes in packs of %(multiple)s; order a whole number of packs."),
    "ITEM_NOT_AVAILABLE": _(
        "“%(name)s” is no longer in a catalogue that you may order from. Take the line out."
    ),
    "PRICE_CHANGED": _("The price of “%(name)s” has changed. Take the line out and put it in again."),
    "ITEM_CHANGED": _("The catalogue's “%(name)s” has changed. Take the line out and put it in again."),
    "FREE_TEXT_WITHOUT_NAME": _("Write what you need."),
    "FRAME_OUT_OF_RANGE": _(
        "Write the most that “%(name)s” may cost, above zero and at most 10 million kroner."
    ),
    "FREE_TEXT_WITHOUT_REASON": _("Write why “%(name)s” cannot be ordered from a catalogue."),
    "FREE_TEXT_WITHOUT_SUPPLIER": _("Choose an agreement or a supplier for “%(name)s”."),
    "FREE_TEXT_HAS_AGREEMENT": _(
        "“%(name)s” is on agreement %(agreement)s: order “%(item)s” from the catalogue instead of as "
        "free text."
    ),
    "SUPPLIER_BLOCKED": _(
        "Supplier %(supplier)s is blocked for orders. Ask whoever keeps the supplier register."
    ),
    "SUPPLIER_UNKNOWN": _("The supplier is not in your supplier register. Ask whoever keeps it."),
    "AGREEMENT_NOT_VISIBLE": _("Your organisation takes no part in this agreement."),
    "AGREEMENT_OTHER_SUPPLIER": _("Agreement %(agreement)s is with another supplier."),
}

STATES = {
    "draft": _("Not submitted"),
    "submitted": _("Waits for approval"),
    "returned": _("Returned to you"),
    "approved": pgettext_lazy("purchase", "Approved"),
    "rejected": _("Rejected"),
    "withdrawn": _("Withdrawn"),
}
TONES = {
    "draft": "neutral",
    "submitted": "info",
    "returned": "warning",
    "approved": "success",
    "rejected": "danger",
    "withdrawn": "neutral",
}
# Where a suggested coding comes from (the precedence of default coding).
SOURCES = {
    "line": _("chosen on the line"),
    "item": _("from a rule for the item"),
    "category": _("from a rule for the category"),
    "favourite": _("from your favourite"),
    "person": _("from your own default"),
    "unit": _("from the unit's default"),
    "none": _("no default was found"),
}
DIMENSIONS = {
    "account": _("Account"),
    "responsibility": _("Responsibility"),
    "function": _("Function"),
    "project": _("Project"),
}
TREATMENTS = {
    "compensated": _("VAT compensated (cost without VAT)"),
    "deductible": _("VAT deducted (cost without VAT)"),
    "not_recoverable": _("VAT not recovered (cost with VAT)"),
}


def measure(code: str, quantity: int) -> str:
    """A unit of measure as people say it after this quantity (scaled by 10^6); the code where we have no word."""
    return unit_of(code, quantity, get_language() or "nn")


def line_in_words(line: LineFacts, codes: Mapping[tuple[str, str], str]) -> dict[str, Any]:
    """A line with its unit of measure and its coding in words, for a page."""
    parts = [(name, getattr(line.coding, name)) for name in DIMENSIONS]
    return {
        "line": line,
        "measure": measure(line.unit_code, line.quantity),
        "coding": [{"code": code, "name": codes.get((name, code), "")} for name, code in parts if code],
        "complete": line.coding.complete,
        "source": SOURCES.get(line.coding_source, ""),
        "free": line.frame is not None,
    }
