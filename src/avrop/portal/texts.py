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
    "ANSWER_CHANGE_FIRST": _(
        "The buyer has asked for a change of order %(order)s. Answer that first; it may change what you deliver."
    ),
    "SALES_ORDER_CANCELLED": _("Order %(order)s is cancelled and cannot be invoiced."),
    "LINE_TWICE": _("Order change %(change)s names the same line twice."),
    "CHANGE_OF_UNKNOWN_ORDER": _("There is no order %(order)s from this buyer to change."),
    "CHANGE_SEEN_BEFORE": _("The buyer has sent %(change)s before; this message is kept beside it."),
    "CHANGE_OF_ENDED_ORDER": _(
        "%(change)s is about an order that is rejected or cancelled already. A new order is needed."
    ),
    "CHANGE_OLDER": _(
        "Order change %(change)s has number %(sequence)s, and number %(newest)s has come already. The newest counts."
    ),
    "CHANGE_WHILE_CANCELLED": _(
        "%(change)s came while the cancellation of the order waits for an answer. The cancellation is answered first."
    ),
    "CHANGE_CURRENCY": _("Order change %(change)s is in another currency than the order."),
    "CHANGE_ANSWERED": _("%(change)s has been answered, or a newer one has taken its place."),
    "CHANGE_BELOW_INVOICED": _(
        "Line %(line)s: you have invoiced more than this already. Say no to the line, or credit the invoice first."
    ),
    "CHANGE_OF_UNIT": _(
        "Line %(line)s is asked for in another unit than it was ordered in. Say no to the line."
    ),
    "DECLINE_REASON_NEEDED": _("Write why you say no; the buyer sees it."),
    "ALL_LINES_DECLINED": _("You say no to every line. Say no to all of it instead, with a reason."),
    "SALES_CHANGE_UNKNOWN": _("There is no such change."),
    "SALES_INVOICE_UNKNOWN_HERE": _("There is no such invoice."),
    "CREDIT_OF_CREDIT": _("%(number)s is a credit note itself. Make a new invoice instead."),
    "NOTHING_TO_CREDIT": _("All of invoice %(number)s is credited."),
    "NOTHING_CHOSEN": _("Nothing is chosen. Write a quantity that comes back, or an amount off the price."),
    "CREDIT_ONE_KIND": _("Line %(line)s: write either a quantity that comes back or an amount, not both."),
    "CREDIT_TOO_MANY": _("Line %(line)s: this is more than was invoiced and not credited yet."),
    "CREDIT_TOO_MUCH": _("Line %(line)s: this is more than the amount that is left to credit."),
    "CREDIT_REASON_NEEDED": _("Write why it is credited; it stands on the credit note."),
    "CREDITED_MEANWHILE": _("Invoice %(number)s was credited while you looked at it. See what is left."),
    "SALES_INVOICE_UNKNOWN": _("The answer is about invoice %(number)s, which was not sent to that buyer."),
}

STATES = {
    "new": (_("New order"), "accent"),
    "accepted": (_("Accepted"), "success"),
    "changed": (_("Change proposed"), "warning"),
    "rejected": (_("Rejected"), "danger"),
    "invoiced": (_("Invoiced"), "neutral"),
    "cancelled": (pgettext_lazy("sales order", "Cancelled"), "neutral"),
}

KINDS = {"invoice": _("Invoice"), "credit_note": _("Credit note")}
STOPPED = (_("Did not get through"), "danger")
CREDITED = (_("Credited"), "neutral")
CREDITED_PARTLY = (_("Partly credited"), "info")

# What a buyer says of an invoice (T111, UNCL4343).
FATES = {
    "": (_("Sent"), "info"),
    "AB": (_("Received by the buyer"), "info"),
    "IP": (_("In process"), "info"),
    "UQ": (_("Disputed by the buyer"), "warning"),
    "CA": (_("Accepted with conditions"), "warning"),
    "RE": (_("Rejected"), "danger"),
    "AP": (_("Approved by the buyer"), "success"),
    "PD": (_("Paid"), "success"),
}

ANSWERS = {
    "5": (_("As ordered"), "success"),
    "3": (_("Changed"), "warning"),
    "7": (_("We do not deliver this"), "danger"),
    "cancelled": (_("Taken back by the buyer"), "neutral"),
    "": ("", "neutral"),
}

KINDS_OF_CHANGE = {"change": _("Order change"), "cancellation": _("Cancellation")}
CHANGE_STATES = {
    "asked": (_("Waits for your answer"), "warning"),
    "accepted": (pgettext_lazy("order change", "Accepted"), "success"),
    "partly": (_("Partly accepted"), "info"),
    "declined": (_("Declined"), "danger"),
    "superseded": (_("Replaced by a newer one"), "neutral"),
}
# What a change does to a line (UNCL1229 as T114 uses it).
ACTIONS = {
    "1": (_("New line"), "accent"),
    "2": (pgettext_lazy("sale", "Taken back"), "warning"),
    "3": (_("Changed"), "info"),
    "4": (_("As before"), "neutral"),
    "74": (_("Opened again"), "accent"),
}
ANSWERED_LINES = {"5": (_("Yes"), "success"), "7": (_("No"), "danger")}
# The buyer asks for a credit note (OPStatusAction as T111 uses it).
ASKS = {
    "CNF": _("The buyer asks for the whole invoice to be credited"),
    "CNP": _("The buyer asks for a part of the invoice to be credited"),
    "CNA": _("The buyer asks for an amount to be credited"),
}
