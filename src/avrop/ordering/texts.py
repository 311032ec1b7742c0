"""Sentences for this room's refusals. Amounts come as kroner."""

from django.utils.translation import gettext_lazy as _

SENTENCES = {
    "ORDER_UNKNOWN": _("There is no such order here."),
    "NOT_A_BUYER": _("You have no task in purchasing here."),
    "NOT_YOUR_ORDER": _("Order %(number)s belongs to another unit."),
    "NOT_APPROVED": _(
        "Requisition %(number)s is not approved as it now stands, so no order was sent. It must be approved "
        "anew."
    ),
    "RESPONSE_UNKNOWN_ORDER": _("The answer is to order %(number)s, which is not ours."),
    "RESPONSE_OTHER_SUPPLIER": _(
        "The answer to order %(number)s came from %(sender)s, who did not get the order."
    ),
    "RESPONSE_WITHOUT_CODE": _("The answer has the code %(answer)s, which says neither yes, no nor change."),
    "RESPONSE_TOO_LATE": _("Order %(number)s has been rejected before; a later answer changes nothing."),
    "REJECTED_AFTER_RECEIPT": _(
        "The supplier rejects order %(number)s, but goods have been received. Ask the supplier what is meant."
    ),
    "CHANGE_DECIDED": _("The change of order %(number)s has been decided already."),
    "CHANGE_AFTER_RECEIPT": _(
        "Goods of order %(number)s have been received, so this change can no longer be accepted. "
        "Decline it, and order anew what is missing."
    ),
    "CHANGE_ADDS_LINE": _(
        "The supplier adds “%(name)s”, which was not ordered. Decline, and order it yourself."
    ),
    "CHANGE_OF_UNIT": _("The supplier answers “%(name)s” in another unit. Decline, and order anew."),
    "CHANGE_WITHOUT_QUANTITY": _("The supplier's quantity of “%(name)s” is not above zero."),
    "FRAME_PASSED": _(
        "“%(name)s” was approved as up to %(frame)s kr; the supplier asks %(price)s kr. "
        "That needs a new requisition."
    ),
    "CHANGE_ABOVE_LIMIT": _(
        "The order grows by %(growth)s kr including VAT. Without a new approval it may grow by at most "
        "%(limit)s kr (the lower of %(percent)s %% and %(amount)s kr). Somebody with a mandate for the whole "
        "order must accept it."
    ),
    "CHANGE_ABOVE_MANDATE": _(
        "The order becomes %(total)s kr including VAT, and whoever approved it may approve up to "
        "%(limit)s kr. Somebody with a larger mandate must accept the change."
    ),
}

TRANSPORT = {
    "queued": _("Being sent"),
    "sent": _("Sent"),
    "failed": _("Could not be sent"),
    "rejected": _("Rejected by the supplier's system"),
}
RESPONSE = {
    "none": _("No answer expected"),
    "awaited": _("Waits for the supplier's answer"),
    "accepted": _("Confirmed by the supplier"),
    "proposed": _("The supplier proposes a change"),
    "changed": _("Change accepted"),
    "rejected": _("Rejected by the supplier"),
}
RECEIPT = {"none": _("Not received"), "partial": _("Partly received"), "full": _("Received")}
INVOICE = {"none": _("Not invoiced"), "partial": _("Partly invoiced"), "full": _("Invoiced")}
CODES = {"AB": _("Received"), "AP": _("Accepted"), "CA": _("Accepted with changes"), "RE": _("Rejected")}
ANSWERS = {
    "noted": _("Noted"),
    "proposed": _("Waits for you"),
    "accepted": _("You accepted"),
    "declined": _("You declined"),
    "replaced": _("Replaced by a later answer"),
}
ANSWER_TONES = {
    "noted": "neutral",
    "proposed": "warning",
    "accepted": "success",
    "declined": "neutral",
    "replaced": "neutral",
}
# One word for an order's whole state, from its axes; the first that fits.
SHOWN = {
    "failed": (_("Could not be sent"), "danger"),
    "bounced": (_("Rejected by the supplier's system"), "danger"),
    "rejected": (_("Rejected by the supplier"), "danger"),
    "proposed": (_("The supplier proposes a change"), "warning"),
    "invoiced": (_("Received and invoiced"), "success"),
    "received": (_("Received"), "success"),
    "partial": (_("Partly received"), "info"),
    "queued": (_("Being sent"), "neutral"),
    "confirmed": (_("Waits for goods"), "info"),
    "awaited": (_("Waits for the supplier's answer"), "info"),
}
