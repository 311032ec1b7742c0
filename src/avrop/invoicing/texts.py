"""Sentences for this room's refusals, states and codes."""

from django.utils.translation import gettext_lazy as _

SENTENCES = {
    "INVOICE_READERS_ONLY": _("Only people with a part in purchases or payments see invoices."),
    "INVOICE_CLERK_ONLY": _("Only the invoice clerk can do this."),
    "INVOICE_ANSWERED_BY_MATCH": _("This invoice is valid; it is accepted or rejected on its match page."),
    "INVOICE_ANSWER_CODE": _("The answer %(answer)s is not one that an invoice response can carry."),
    "INVOICE_INVALID": _("The invoice %(number)s from %(seller)s breaks the rules and cannot be paid."),
    "ANSWER_BY_HAND": _(
        "%(seller)s has no address in the network; tell them about invoice %(number)s yourself."
    ),
}

STATES = {
    "valid": (_("Valid"), "success"),
    "invalid": (_("Invalid"), "danger"),
    "duplicate": (_("Duplicate"), "warning"),
    "filed": (_("To be read only"), "neutral"),
}

KINDS = {"invoice": _("Invoice"), "credit_note": _("Credit note")}

# UNCL4343 subset of T111
RESPONSES = {
    "AB": _("Received"),
    "IP": _("In process"),
    "UQ": _("Under query"),
    "CA": _("Conditionally accepted"),
    "RE": _("Rejected"),
    "AP": _("Accepted"),
    "PD": _("Paid"),
}

# OPStatusReason
REASONS = {
    "REF": _("The references are wrong or missing"),
    "PRI": _("The prices are wrong"),
    "QTY": _("The quantities are wrong"),
    "DEL": _("The delivery was wrong or did not come"),
    "QUA": _("The quality of the goods is not good enough"),
    "ITM": _("The items are wrong"),
    "LEG": _("The invoice lacks something that the law demands"),
    "REC": _("The invoice was sent to the wrong receiver"),
    "PAY": _("The payment terms or the account are wrong"),
    "FIN": _("The financing terms are wrong"),
    "UNR": _("We do not recognise the purchase"),
    "OTH": _("Another reason"),
}
