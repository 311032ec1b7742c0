"""Sentences for this room's refusals, and the words for states and codes."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

SENTENCES = {
    "NOT_A_SUPPLIER": _("This part is for suppliers."),
    "NOT_SUPPLIER_USER": _("Only the supplier's own clerks work here."),
    "RECEIVER_SELLS_NOTHING": _("An order came for an organisation that is not a supplier here."),
    "ORDER_SEEN_BEFORE": _("The buyer has sent order %(order)s before; this message is kept beside it."),
    "MESSAGE_UNKNOWN": _("There is no such message."),
    "SALES_ORDER_UNKNOWN": pgettext_lazy("sale", "There is no such order."),
    "SALES_ORDER_STATE": _("Order %(order)s has moved on meanwhile. Look at it again."),
    "ORDER_WITHOUT_BUYER_ENDPOINT": _(
        "Order %(order)s has no electronic address for the buyer, so it could not be answered."
    ),
    "ORDER_FIELD_TOO_LONG": _("%(field)s in the order is longer than %(longest)s characters."),
    "ORDER_NUMBER_TOO_LARGE": _("A number on line %(line)s of the order is too large."),
    "ANSWER_NOT_WANTED": _("The buyer wants no answer to order %(order)s. Deliver, and send the invoice."),
    "ANSWER_PROFILE": _("Order %(order)s follows a process whose answers cannot be written here."),
    "ANSWERED_ALREADY": _("Order %(order)s has already been answered."),
    "DECISION_UNKNOWN": _("Choose whether to accept, change or reject the order."),
    "REASON_NEEDED": _("Write why the order is rejected; the buyer sees it."),
    "LINE_UNKNOWN": pgettext_lazy("sale", "The order has no line %(line)s."),
    "NOTHING_CHANGED": _("Nothing is changed. To accept the order as it stands, choose to accept all of it."),
    "ALL_LINES_REJECTED": _("Every line is refused. Reject the whole order instead, with a reason."),
    "QUANTITY_WRONG": _("The quantity on line %(line)s must be above zero."),
    "PRICE_WRONG": _("The price on line %(line)s cannot be negative."),
    "ABOVE_FRAME": _(
        "Line %(line)s is approved up to NOK %(frame)s, and this makes NOK %(asked)s. "
        "Ask the buyer for a new order, or lower the price."
    ),
    "SALES_ORDER_REJECTED": _("Order %(order)s is rejected and cannot be invoiced."),
    "ANSWER_FIRST": _("Answer order %(order)s before you invoice it; the buyer waits for the answer."),
    "NOTHING_TO_INVOICE": _("There is nothing left to invoice on order %(order)s."),
    "MORE_THAN_AGREED": _("Line %(line)s: this is more than the order has left to invoice."),
    "VAT_UNKNOWN": _(
        "The order does not say the VAT of line %(line)s in a way that can be invoiced here. Ask the buyer."
    ),
    "INVOICED_MEANWHILE": _("Order %(order)s was invoiced while you looked at it. See what is left."),
    "BANK_ACCOUNT_MISSING": _("Your bank account is not registered, so the invoice could not be paid."),
    "SELLER_NOT_IN_VAT_REGISTER": _(
        "Your organisation is not in the VAT register, and such invoices cannot be made here yet."
    ),
    "BUYER_NAME_MISSING": _("The order does not name the buyer, and an invoice must."),
    "DELIVERY_DATE_AHEAD": _("The delivery date cannot be in the future."),
    "SALES_INVOICE_UNKNOWN": _("The answer is about invoice %(number)s, which was not sent to that buyer."),
}

STATES = {
    "new": (_("New order"), "accent"),
    "accepted": (_("Accepted"), "success"),
    "changed": (_("Change proposed"), "warning"),
    "rejected": (_("Rejected"), "danger"),
    "invoiced": (_("Invoiced"), "neutral"),
}

# What a buyer says of an invoice (T111, UNCL4343).
FATES = {
    "": (_("Sent"), "info"),
    "AB": (_("Received by the buyer"), "info"),
    "IP": (_("In process"), "info"),
    "UQ": (_("The buyer asks"), "warning"),
    "CA": (_("Accepted with conditions"), "warning"),
    "RE": (_("Rejected"), "danger"),
    "AP": (_("Approved by the buyer"), "success"),
    "PD": (_("Paid"), "success"),
}

ANSWERS = {
    "5": (_("As ordered"), "success"),
    "3": (_("Changed"), "warning"),
    "7": (_("We do not deliver this"), "danger"),
}
