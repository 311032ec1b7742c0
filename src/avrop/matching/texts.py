"""Sentences for this room's refusals, and every check and its numbers in words."""

from django.utils.translation import gettext_lazy as _

SENTENCES = {
    "MATCH_CLERK_ONLY": _("Only the invoice clerk and approvers decide on deviations."),
    "MATCH_APPROVER_ONLY": _("Only an approver can approve an invoice."),
    "MATCH_OWN_PURCHASE": _("This is your own purchase; somebody else must decide."),
    "MATCH_MANDATE": _(
        "Your mandate for %(unit)s does not cover %(amount)s. Somebody whose mandate does must decide."
    ),
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
    "HARD_STOP_UNCODED": _(
        "Line %(found)s of the order was taken over without coding. The accountant must give it first; "
        "nobody can accept it here."
    ),
    "HARD_STOP_DUPLICATE_SUSPECT": _(
        "Decide first whether invoice %(found)s is invoice %(expected)s once more, or another invoice."
    ),
    "MATCH_NOTHING_TO_CODE": _(
        "There is no order whose coding %(number)s can follow. Find its original first."
    ),
    "MATCH_CONFIRMED_ACCOUNT": _(
        "You confirmed the bank account of this invoice; somebody else must approve it."
    ),
    "CREDIT_ACTION": _("Choose whether you want credit for the whole invoice, for a part, or for an amount."),
    "CREDIT_AMOUNT": _("The amount must be above zero and at most what the invoice is on."),
    "CREDIT_NO_ORIGINAL": _("Choose at least one invoice that credit note %(number)s is for."),
    "CREDIT_OTHER_SELLER": _(
        "A credit note from %(seller)s can only be for an invoice from the same seller."
    ),
    "CREDIT_TREATMENT": _("Choose whether the credit note is for the amount only, or for the quantity too."),
    "DISPUTE_CODE": _("Choose whether the supplier should clear something up, or fulfil a condition."),
    "HELD_DUE": _("The deadline must be after today."),
    "CREDIT_WITHOUT_ORIGINAL": _(
        "No invoice fits credit note %(number)s from %(seller)s. Find out what it is for."
    ),
    "CREDIT_AWAITED": _("We wait for a credit note from %(seller)s on invoice %(number)s."),
    "INVOICE_DISPUTED": _(
        "Invoice %(number)s from %(seller)s is disputed, and waits for the supplier's answer."
    ),
    "INVOICE_WITHOUT_ORDER": _("Invoice %(number)s from %(seller)s names no order."),
}

STATES = {
    "awaiting_receipt": (_("Waits for goods receipt"), "warning"),
    "deviation": (_("Deviation"), "danger"),
    "without_order": (_("Without order"), "warning"),
    "matched": (_("Clean, waits for approval"), "info"),
    "approved": (_("Approved"), "success"),
    "rejected": (_("Rejected"), "danger"),
    "disputed": (_("Disputed"), "warning"),
    "awaiting_credit": (_("Waits for credit note"), "warning"),
    "credited": (_("Credited in full, nothing to pay"), "neutral"),
    "without_original": (_("Without original"), "warning"),
    "awaiting_original": (_("Waits for its invoice"), "info"),
}

TREATMENTS = {
    "quantity": _("The goods too: the quantity is credited"),
    "amount": _("The amount only: the goods stay"),
}

CREDIT_ACTIONS = {
    "CNP": _("A part of the invoice"),
    "CNA": _("An amount"),
    "CNF": _("The whole invoice"),
}

DISPUTES = {
    "UQ": _("The supplier must clear something up"),
    "CA": _("We accept it on a condition"),
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
    "UNCODED": _("Without coding"),
    "CLOSED_ORDER": _("Order that has ended"),
    "WRONG_BUYER": _("Another buyer"),
    "DUPLICATE_SUSPECT": _("Perhaps a duplicate"),
    "NEGATIVE": _("Negative line"),
    "ZERO_PRICE": _("Without a price"),
    "CREDIT_EXCEEDS": _("More than is left"),
    "CREDIT_LINE": _("Line not on the original"),
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
    ("UNCODED", "text"): (
        _("Line %(found)s of the order has its coding."),
        _("Line %(found)s of the order was taken over without coding. The accountant gives it."),
    ),
    ("ROUNDING", "money"): (
        _("Rounded by %(found)s, at most %(expected)s."),
        _("Rounded by %(found)s, more than %(expected)s."),
    ),
    ("CLOSED_ORDER", "text"): (
        _("The line is within what was still to be paid when the order ended."),
        _("The order has ended (%(found)s), so nothing more was to be paid on it."),
    ),
    ("WRONG_BUYER", "text"): (
        _("The invoice names us, %(found)s, as the buyer."),
        _("The invoice is for another buyer: %(found)s."),
    ),
    ("DUPLICATE_SUSPECT", "text"): (
        _("%(found)s is another invoice than %(expected)s."),
        _(
            "%(found)s looks like %(expected)s once more: the same number in disguise, or the same lines again."
        ),
    ),
    ("NEGATIVE", "money"): (
        _("The line of %(found)s is not negative."),
        _(
            "The line of %(found)s asks for money back; %(expected)s has been paid of it. It belongs on a credit note."
        ),
    ),
    ("ZERO_PRICE", "price"): (
        _("The line has a price."),
        _("The goods are invoiced for nothing, but the agreed price is %(expected)s."),
    ),
    ("CREDIT_EXCEEDS", "money"): (
        _("%(found)s is credited, of the %(expected)s that are left of the original."),
        _("%(found)s is credited, but only %(expected)s are left of the original."),
    ),
    ("CREDIT_EXCEEDS", "quantity"): (
        _("%(found)s credited, of %(expected)s invoiced and not credited before."),
        _("%(found)s credited, but only %(expected)s are invoiced and not credited before."),
    ),
    ("CREDIT_LINE", "text"): (
        _("The line %(found)s is for information and credits nothing."),
        _("%(found)s is not on the original, neither as a line nor as a charge."),
    ),
}

ENDED = {"cancelled": _("cancelled"), "closed": _("closed"), "rejected": _("rejected by the supplier")}

OWNERS = {
    "invoice_clerk": _("Invoice clerk"),
    "receiver": _("Receiver"),
    "accountant": _("Accountant"),
    "vendor_master": _("Supplier master keeper"),
}
