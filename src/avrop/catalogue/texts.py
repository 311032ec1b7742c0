"""Sentences for this room's refusals, states and rejected lines."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

SENTENCES = {
    "CATALOGUE_NOT_A_BUYER": _("Only people at a buyer can look in the catalogue."),
    "CATALOGUE_NOT_REQUISITIONER": _("You can look, but only a requisitioner can put items in a basket."),
    "CATALOGUE_NOT_YOURS": _("Only the owner of the agreement can handle its catalogue."),
    "CATALOGUE_NOT_CONTRACT_OWNER": _("Only the contract owner of the agreement can approve its catalogue."),
    "CATALOGUE_NO_AGREEMENT": _("There is no such agreement."),
    "CATALOGUE_NO_VERSION": _("There is no such catalogue version."),
    "CATALOGUE_ALREADY_JUDGED": _("Version %(number)s has already been dealt with."),
    "CATALOGUE_REASON_MISSING": _("Write why the version is rejected."),
}

STATES = {
    "loading": _("being read"),
    "in_review": _("waits for approval"),
    "active": _("in force"),
    "superseded": _("replaced"),
    "rejected": _("rejected"),
}
TONES = {"in_review": "warning", "active": "success", "rejected": "danger"}

REASONS = {
    "NOT_ORDERABLE": _("cannot be ordered"),
    "NO_ITEM_ID": _("has no item number, or one over 60 characters"),
    "NO_PRICE": _("has no price that holds today"),
    "OTHER_CURRENCY": _("is priced in another currency"),
    "NO_UNIT": _("has no unit"),
    "NO_VAT": _("has no VAT category and rate"),
    "BAD_PRICE": _("has a negative or impossible price"),
    "BAD_BASE_QUANTITY": _("has a price per zero units"),
    "BAD_QUANTITY": _("has a negative or impossible quantity"),
    "TWICE": _("has an item number that stands earlier in the file"),
    "BAD_NUMBER": _("has a number that cannot be read"),
    "BAD_DATE": _("has a date that cannot be read"),
    "BAD_BOOLEAN": _("has a yes or no that cannot be read"),
    "MISSING": _("lacks something required"),
    "REPEATED": _("says one thing twice"),
    "CURRENCY_MIXED": _("mixes currencies"),
}
UNREADABLE = _("cannot be read")


def reason_text(rejected: Mapping[str, str]) -> str:
    """Why a line was left out, with the value that was wrong where it helps."""
    text = str(REASONS.get(rejected["reason"], UNREADABLE))
    return f"{text} ({rejected['value']})" if rejected.get("value") else text


WARNINGS = {
    "OTHER_SELLER": _("The file comes from another seller than the agreement's: %(value)s."),
    "OTHER_CONTRACT": _("The file names another contract: %(value)s."),
}
