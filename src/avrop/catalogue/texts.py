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
    "CATALOGUE_REASON_MISSING": _("Write why the version or the lines are sent back."),
    "CATALOGUE_NO_LINES": _("Choose the lines that are sent back."),
    "CATALOGUE_NOTHING_LEFT": _(
        "Nothing is left of version %(number)s then. Reject the whole version instead."
    ),
    "PRICE_LIST_UNKNOWN": _("There is no such price list."),
    "PRICE_LIST_BEGUN": _("The price list is being read, or has been read already."),
    "PRICE_LIST_COLUMNS": _("Say which columns hold: %(missing)s. The file has: %(found)s."),
    "PRICE_LIST_NO_FILE": _("Choose a file."),
    "SHEET_UNREADABLE": _("The file cannot be read as a spreadsheet. Save it as xlsx or csv and try again."),
    "SHEET_EMPTY": _("The file holds no rows."),
    "SHEET_OLD_FORMAT": _("The file has an old format or a password. Save it as xlsx without a password."),
    "SHEET_MACROS": _("The file holds macros or embedded files. Save it as a plain xlsx file."),
    "SHEET_TOO_BIG": _("The file is larger than %(most)s million bytes."),
    "SHEET_TOO_LONG": _("The file has more than %(most)s rows."),
    "SHEET_TOO_WIDE": _("The file has more than %(most)s columns."),
}

FIELDS = {
    "seller_item_id": _("Item number"),
    "name": _("Name"),
    "name_nb": _("Name in bokmål"),
    "name_en": _("Name in English"),
    "description": _("Description"),
    "unit": _("Unit"),
    "price": _("Price without VAT"),
    "per": _("The price is for how many"),
    "vat": _("VAT rate"),
    "category": _("UNSPSC or CPV code"),
    "category_name": _("Category"),
    "gtin": _("GTIN"),
    "keywords": _("Search words"),
    "min_quantity": _("Smallest quantity"),
    "multiple": _("Quantity step"),
}
KINDS = {"added": _("New"), "changed": _("Changed"), "removed": _("Removed")}
KIND_TONES = {"added": "info", "changed": "neutral", "removed": "warning"}
# What the list of changes can be narrowed to.
ASPECTS = {
    "dearer": _("Dearer"),
    "cheaper": _("Cheaper"),
    "texts": _("Texts or picture"),
    "unit": _("Unit"),
    "vat": _("VAT"),
    "quantities": _("Smallest quantity or step"),
    "returned": _("Sent back"),
}
LIST_STATES = {
    "open": _("waits for its columns"),
    "reading": _("being read"),
    "done": _("read"),
    "failed": _("could not be read"),
}
LIST_TONES = {"open": "warning", "reading": "info", "done": "success", "failed": "danger"}

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
    "NO_UNIT": _("has no unit, or one that is not known"),
    "NO_NAME": _("has no name"),
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


def in_words(params: Mapping[str, object]) -> dict[str, object]:
    """The params of PRICE_LIST_COLUMNS with the fields' names; of other refusals as they are."""
    missing, found = params.get("missing"), params.get("found")
    if not isinstance(missing, list) or not isinstance(found, list):
        return dict(params)
    return {"missing": ", ".join(str(FIELDS[name]) for name in missing), "found": ", ".join(found) or "–"}
