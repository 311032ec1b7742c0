"""Sentences for this room's refusals, and words for its states."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SENTENCES = {
    "ACCOUNTANT_ONLY": _("Only the accountant works with posting batches."),
    "NOTHING_READY": _("Nothing is ready to be transferred."),
    "POSTING_NOT_READY": _("One of the postings has already been released. Look at the list again."),
    "POSTING_UNBALANCED": _("The posting of invoice %(number)s does not sum to zero."),
    "UNKNOWN_BATCH": _("The accounting system answered a batch that we do not know: %(name)s."),
    "BAD_ANSWER": _("The answer %(name)s from the accounting system cannot be read."),
    "BATCH_MISMATCH": _(
        "The answer to batch %(number)s does not agree with what we sent. Nothing was posted."
    ),
    "BATCH_LATE": _(
        "The accounting system has not answered batch %(number)s. Send it again, or ask whoever keeps the system."
    ),
    "BATCH_CONTRADICTED": _(
        "The accounting system answered batch %(number)s again, and differently. Find out which vouchers it "
        "really has; nothing was changed here."
    ),
    "BATCH_SETTLED": _("Batch %(number)s is answered and agrees. It is not sent again."),
    "POSTING_REJECTED": _("The accounting system did not take the posting of %(number)s: %(why)s"),
    "POSTING_NOT_REJECTED": _("The posting of %(number)s is not rejected."),
    "POSTING_NOT_POSTED": _("The posting of %(number)s is not posted yet."),
    "POSTING_REVERSED": _("The posting of %(number)s is reversed already."),
    "REVERSAL_STANDS": _("A reversal must be the exact opposite of what was posted. It cannot be changed."),
    "NOTHING_CHANGED": _("Change something first: the new posting would be the same as the old one."),
    "CODE_UNKNOWN": _("%(value)s is not in the chart of accounts."),
    "CODING_INCOMPLETE": _("Account, responsibility and function are needed, and a project for investments."),
    "CREDIT_WAITS": _(
        "Credit note %(number)s waits for its invoice (%(originals)s), which is not ready for the books yet."
    ),
    "ACCOUNT_NOT_CONFIRMED": _(
        "The bank account is not confirmed as the supplier's now on: %(invoices)s. Take these out, and have the "
        "account confirmed by two persons."
    ),
    "ACCOUNT_STOPPED": _(
        "The account %(account)s of %(supplier)s was withdrawn or stopped. Stop the payment of %(invoices)s in the "
        "accounting system."
    ),
}

Label = tuple[str | Promise, str]
BATCH_STATES: dict[str, Label] = {
    "released": (_("Released"), "info"),
    "sent": (_("Sent"), "info"),
    "answered": (_("Posted"), "success"),
    "partly": (_("Partly posted"), "warning"),
    "mismatch": (_("Does not agree"), "danger"),
}

POSTING_STATES: dict[str, Label] = {
    "ready": (_("Ready"), "info"),
    "released": (_("Released"), "info"),
    "posted": (_("Posted"), "success"),
    "rejected": (_("Rejected by the accounting system"), "danger"),
}

ITEM_STATES: dict[str, Label] = {
    "sent": (_("Not answered"), "info"),
    "posted": (_("Posted"), "success"),
    "rejected": (_("Rejected by the accounting system"), "danger"),
}

KINDS: dict[str, str | Promise] = {
    "invoice": _("Invoice"),
    "credit_note": _("Credit note"),
    "reversal": _("Reversal"),
    "correction": _("New posting after reversal"),
}

LINKS: dict[str, str | Promise] = {
    "credits": _("Credits"),
    "reverses": _("Reverses"),
    "corrects": _("Posts anew what was reversed"),
}

LINE_KINDS: dict[str, str | Promise] = {
    "cost": _("Cost"),
    "vat": _("VAT"),
    "rounding": _("Rounding"),
    "supplier": _("Supplier"),
    "prepaid": _("Paid in advance"),
}

TREATMENTS: dict[str, str | Promise] = {
    "compensated": _("VAT compensated (cost without VAT)"),
    "deductible": _("VAT deducted (cost without VAT)"),
    "not_recoverable": _("VAT not recovered (cost with VAT)"),
}
