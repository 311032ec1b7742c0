"""Sentences for this room's refusals, and words for its states."""

from django.utils.translation import gettext_lazy as _

SENTENCES = {
    "ACCOUNTANT_ONLY": _("Only the accountant works with posting batches."),
    "NOTHING_READY": _("Nothing is ready to be transferred."),
    "POSTING_NOT_READY": _("One of the postings has already been released. Look at the list again."),
    "POSTING_UNBALANCED": _("The posting of invoice %(number)s does not sum to zero."),
    "UNKNOWN_BATCH": _("The accounting system answered a batch that we do not know."),
    "BAD_ANSWER": _("The answer from the accounting system cannot be read."),
    "BATCH_MISMATCH": _(
        "The answer to batch %(number)s does not agree with what we sent. Nothing was posted."
    ),
}

BATCH_STATES = {
    "released": (_("Released"), "info"),
    "sent": (_("Sent"), "info"),
    "answered": (_("Posted"), "success"),
    "mismatch": (_("Does not agree"), "danger"),
}

POSTING_STATES = {
    "ready": (_("Ready"), "info"),
    "released": (_("Released"), "info"),
    "posted": (_("Posted"), "success"),
}

LINE_KINDS = {
    "cost": _("Cost"),
    "vat": _("VAT"),
    "rounding": _("Rounding"),
    "supplier": _("Supplier"),
    "prepaid": _("Paid in advance"),
}
