"""Why an entry of a set-up file is left out, in the reader's language."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

SENTENCES = {
    "SETUP_MISSING": _("“%(value)s” is missing."),
    "SETUP_NOT_TEXT": _("“%(value)s” must be a text in quotes."),
    "SETUP_AMOUNT": _("The amount must be whole kroner, zero or more: %(value)s."),
    "SETUP_SLUG": _("The short name may hold small letters, digits and hyphens only: %(value)s."),
    "SETUP_TWICE": _("%(value)s stands twice in the file."),
    "SETUP_ORGNR": _("%(value)s is not a valid organisation number (wrong check digit)."),
    "SETUP_ORGNR_TAKEN": _("Another organisation has this organisation number: %(value)s."),
    "SETUP_KIND": _("%(value)s is not a kind of organisation (buyer, cooperation, supplier, platform)."),
    "SETUP_LANGUAGE": _("%(value)s is not a language of Avrop (nn, nb, en)."),
    "SETUP_UNKNOWN_ORGANISATION": _("No organisation has the short name %(value)s."),
    "SETUP_PARENT": _("The unit above (%(value)s) does not exist, or the units form a ring."),
    "SETUP_UNIT_KIND": _("%(value)s is not a kind of unit."),
    "SETUP_UNKNOWN_UNIT": _("The organisation has no unit with code %(value)s."),
    "SETUP_ROLE": _("%(value)s is not a role."),
    "SETUP_ACCOUNT": _("%(value)s is not a valid bank account number."),
    "SETUP_DATE": _("The date must be written like 2026-01-31: %(value)s."),
    "SETUP_PERIOD": _("The period must end after it starts: %(value)s."),
    "SETUP_PAYMENT_DAYS": _("Payment days must be a number from 0 to 90: %(value)s."),
    "SETUP_PROCESS": _("%(value)s is not a way of ordering (advanced, ordering, order_only)."),
    "SETUP_DELIVERY": _("%(value)s is not a way of delivery (parcel, pallet, lorry, digital)."),
    "SETUP_BUDGET": _("%(value)s is not a budget mode (none, warn, block)."),
    "SETUP_CODING_KIND": _("%(value)s is not a kind of default coding."),
}
