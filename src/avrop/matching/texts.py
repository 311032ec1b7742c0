"""Sentences for this room's refusals, and every check and its numbers in words."""

from django.utils.translation import gettext_lazy as _

SENTENCES = {
    "MATCH_CLERK_ONLY": _("Only the invoice clerk and approvers decide on deviations."),
    "MATCH_APPROVER_ONLY": _("Only an approver can approve an invoice."),
    "MATCH_OWN_PURCHASE": _("This is your own purchase; somebody else must decide."),
    "MATCH_MANDATE": _("Your mandate for %(unit)s does not cover %(amount)s."),
    "MATCH_STATE": _("Invoice %(number)s has been decided already, or is no longer in this state."),
    "MATCH_COMMENT": _("Write a reason, so that others can see why."),
    "MATCH_REASON": _("Choose one of the reasons that an invoice response can carry."),
    "MATCH_NEEDS_RECEIPT": _("The goods are not received. Register the receipt; a click cannot replace it."),
    "MATCH_SUPPLIER_UNKNOWN": _("%(seller)s is not among the suppliers, so nothing can be paid to them."),
    "HARD_STOP_BANK_ACCOUNT": _(
        "The account %(found)s is not known as the supplier's. Two people must confirm it first; "
        "nobody can accept it here."
    ),
    "HARD_STOP_CURRENCY": _("The invoice is in %(found)s and the order in %(expected)s. Reject the invoice."),
    "HARD_STOP_UNKNOWN_ORDER": _("There is no order %(found)s, so nothing was approved. Reject the invoice."),
    "INVOICE_WITHOUT_ORDER": _("Invoice %(number)s from %(seller)s names no order."),
}

STATES = {
    "awaiting_receipt": (_("Waits for goods receipt"), "warning"),
    "deviation": (_("Deviation"), "danger"),
    "without_order": (_("Without order"), "warning"),
    "matched": (_("Clean, waits for approval"), "info"),
    "approved": (_("Approved"), "success"),
    "rejected": (_("Rejected"), "danger"),
}

LINES = {
    "matched": (_("Matches"), "success"),
    "awaiting_receipt": (_("Waits for goods receipt"), "warning"),
    "deviation": (_("Deviation"), "danger"),
    "unpaired": (_("Not on the order"), "danger"),
    "unknown_order": (_("Unknown order"), "danger"),
}

DEVIATION_STATES = {
    "open": (_("Open"), "warning"),
    "accepted": (_("Accepted"), "info"),
    "rejected": (_("Rejected"), "danger"),
    "resolved": (_("Resolved by itself"), "success"),
}

CODES = {
    "PRICE": _("Price"),
    "QUANTITY": _("Quantity"),
    "NOT_RECEIVED": _("Not received"),
    "UNKNOWN_ORDER": _("Unknown order"),
    "UNPAIRED_LINE": _("Line not on the order"),
    "FEE": _("Fee"),
    "VAT": _("VAT"),
    "UNIT": _("Unit"),
    "CURRENCY": _("Currency"),
    "SUPPLIER_MISMATCH": _("Another seller"),
    "BANK_ACCOUNT": _("Bank account"),
    "TOTAL": _("Document total"),
    "ROUNDING": _("Rounding"),
}

# (code, kind of value) -> (when it passed, when it failed); the kind tells an amount from a unit price
CHECKS = {
    ("PRICE", "price"): (
        _("The unit price %(found)s is within what was agreed, %(expected)s."),
        _("The unit price is %(found)s, but %(expected)s was agreed: more than 2 %% or 50 kr a line above."),
    ),
    ("PRICE", "money"): (
        _("%(found)s is within the %(expected)s that are left of the frame."),
        _("%(found)s is more than the %(expected)s that are left of the frame."),
    ),
    ("QUANTITY", "quantity"): (
        _("%(found)s invoiced, of %(expected)s ordered and not invoiced before."),
        _("%(found)s invoiced, but only %(expected)s are ordered and not invoiced before."),
    ),
    ("NOT_RECEIVED", "quantity"): (
        _("%(found)s invoiced, of %(expected)s received and not invoiced before."),
        _("%(found)s invoiced, but only %(expected)s are received and not invoiced before."),
    ),
    ("NOT_RECEIVED", "money"): (
        _("%(found)s invoiced, for %(expected)s received and not invoiced before."),
        _("%(found)s invoiced, but only %(expected)s are received and not invoiced before."),
    ),
    ("UNKNOWN_ORDER", "text"): (
        _("The order %(found)s is known."),
        _("The invoice names order %(found)s, which does not exist."),
    ),
    ("UNPAIRED_LINE", "text"): (
        _("The line %(found)s is for information and costs nothing."),
        _("%(found)s is not on the order: neither its line number nor its item number fits one line."),
    ),
    ("FEE", "money"): (
        _("Charges of %(found)s are within the %(expected)s agreed."),
        _("Charges of %(found)s, but only %(expected)s are agreed."),
    ),
    ("VAT", "text"): (
        _("VAT %(found)s %% as on the order."),
        _("VAT is %(found)s %%, but %(expected)s %% on the order."),
    ),
    ("UNIT", "text"): (
        _("The unit %(found)s is the order's."),
        _("The unit is %(found)s, but %(expected)s on the order. Avrop never converts by guess."),
    ),
    ("CURRENCY", "text"): (
        _("The currency %(found)s is the order's."),
        _("The invoice is in %(found)s, the order in %(expected)s."),
    ),
    ("SUPPLIER_MISMATCH", "text"): (
        _("The seller %(found)s is the order's supplier."),
        _("The seller %(found)s is not the order's supplier."),
    ),
    ("BANK_ACCOUNT", "text"): (
        _("The account is known as the supplier's."),
        _("The account %(found)s is not known as the supplier's. Known: %(expected)s."),
    ),
    ("TOTAL", "money"): (
        _("The sum %(found)s without VAT is within the order's prices, %(expected)s."),
        _("The sum %(found)s without VAT is more than 2 %% or 200 kr above the order's %(expected)s."),
    ),
    ("ROUNDING", "money"): (
        _("Rounded by %(found)s, at most %(expected)s."),
        _("Rounded by %(found)s, more than %(expected)s."),
    ),
}

OWNERS = {
    "invoice_clerk": _("Invoice clerk"),
    "receiver": _("Receiver"),
    "vendor_master": _("Supplier master keeper"),
}
