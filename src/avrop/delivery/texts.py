"""Sentences for this room's refusals."""

from django.utils.translation import gettext_lazy as _

REASONS = {
    "damaged": _("Damaged"),
    "wrong_item": _("Another item than ordered"),
    "poor_quality": _("Poor quality"),
    "expired": _("Too old"),
    "too_much": _("More than ordered"),
    "too_late": _("Too late"),
    "mistake": _("Registered by mistake"),
    "other": _("Another reason"),
}
KINDS = {"receipt": _("Receipt"), "return": _("Return of goods"), "correction": _("Correction")}
TONES = {"receipt": "success", "return": "warning", "correction": "neutral"}
SO_FAR = {
    "none": _("Nothing received"),
    "partial": _("Partly received"),
    "proposed": _("Change proposed"),
}
EXPECTED = {"replacement": _("They are to come again"), "credit": _("They are to be credited")}
SENTENCES = {
    "DELIVERY_ORDER_UNKNOWN": _("There is no such order."),
    "DELIVERY_ORDER_REJECTED": _(
        "The supplier has rejected order %(order)s, so there is nothing to receive. "
        "If the goods came all the same, ask the supplier."
    ),
    "DELIVERY_ORDER_ENDED": _(
        "Order %(order)s has ended, so nothing more is to be received. If goods came all the same, ask the "
        "supplier to take them back."
    ),
    "RETURN_REASON_MISSING": _("Say why."),
    "EXPECTS_NOTHING": _("Say whether the goods are to come again or to be credited."),
    "RETURN_NOTHING": _("Write how much goes back on at least one line."),
    "RETURN_TOO_MUCH": _("Line %(line)s (%(name)s): at most %(most)s of this receipt can go back."),
    "RECEIPT_INVOICED": _(
        "“%(name)s” is invoiced and approved, so the receipt stands. Return the goods for credit instead."
    ),
    "REPLACEMENT_OF_ENDED": _(
        "Nothing more is to come of this on order %(order)s. Return it for credit, and order anew."
    ),
    "NOTHING_OPEN": _("Everything on order %(order)s has already been received."),
    "RECEIVED_MEANWHILE": _(
        "A receipt was registered on order %(order)s while you looked at it. "
        "See what is left before you go on."
    ),
    "NOTHING_RECEIVED": _("Write how much came on at least one line."),
    "DELIVERY_LINE_UNKNOWN": _("The order has no line %(line)s."),
    "DELIVERY_LINE_CANCELLED": _("Line %(line)s is cancelled and cannot be received."),
    "DELIVERY_NEGATIVE": _("The quantity on line %(line)s cannot be negative."),
    "OVER_RECEIPT": _(
        "Line %(line)s (%(name)s): only %(open)s are still to come. Receive that much, and ask the supplier "
        "to take back what was not ordered."
    ),
    "RECEIVER_IS_A_PERSON": _("A person must say that the goods came."),
    "NOT_RECEIVER": _("You are not a goods receiver for %(unit)s and did not ask for these goods."),
    "APPROVER_RECEIVES": _(
        "You approved this purchase, so somebody else should receive it. "
        "If nobody else can, write why; it is logged."
    ),
}
