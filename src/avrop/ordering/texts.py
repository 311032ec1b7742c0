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
    "PROPOSAL_IN_OTHER_UNIT": _("The supplier answers “%(name)s” in another unit. Decline, and order anew."),
    "CHANGE_WITHOUT_QUANTITY": _("The supplier's quantity of “%(name)s” is not above zero."),
    "FRAME_PASSED": _(
        "“%(name)s” was approved as up to %(frame)s kr; the supplier asks %(price)s kr. Somebody with a mandate "
        "for the whole order must accept it, and that is the new approval. Else decline, and cancel the order."
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
    "RESPONSE_UNKNOWN_CHANGE": _(
        "The answer is to change %(change)s of order %(number)s, which we have not sent."
    ),
    "ANSWER_TO_ENDED": _("Order %(number)s has ended; a later answer to it changes nothing."),
    "ORDER_ENDED": _("Order %(number)s has ended, so it can't be changed."),
    "ORDER_NOT_SENT": _(
        "Order %(number)s could not be sent, so there is nothing to change. Cancel it instead."
    ),
    "ORDER_CHANGED_MEANWHILE": _(
        "Something happened to order %(number)s while you looked at it. See how it stands before you go on."
    ),
    "CHANGE_WAITS": _(
        "Change %(number)s waits already. Wait for it, or take it back, before you ask for another."
    ),
    "CHANGE_PROPOSAL_WAITS": _(
        "The supplier has proposed a change of order %(number)s. Decide on that first."
    ),
    "CHANGE_UNKNOWN_LINE": _("The order has no line %(line)s that stands."),
    "CHANGE_NOT_POSITIVE": _("Write how many you want of “%(name)s”, or take the line out."),
    "CHANGE_BELOW_RECEIVED": _("%(kept)s of “%(name)s” have come or are invoiced, and can't be taken away."),
    "CHANGE_OF_FRAME": _("“%(name)s” is free text. Take it out, or order anew what more you need."),
    "CHANGE_ALL_CAME": _("All of “%(name)s” has come. Order more in a new requisition."),
    "CHANGE_EMPTIES": _("Nothing would be left of the order. Cancel it instead."),
    "CHANGE_OF_ADDRESS": _("Choose one of the unit's own delivery addresses for order %(number)s."),
    "CHANGE_NOTHING": _("Nothing is changed yet."),
    "CHANGE_OUTDATED": _(
        "Change %(number)s is not what it was when it was asked for. Take it back, and ask anew."
    ),
    "CHANGE_NOT_YOURS_TO_APPROVE": _(
        "The order becomes %(total)s kr with VAT. It must be approved by somebody with a mandate for that, who "
        "neither ordered nor asked for the change."
    ),
    "CHANGE_OVER_BUDGET": _(
        "The change of order %(number)s binds %(amount)s kr more, and %(left)s kr are left on the budget line. "
        "The budget stops it."
    ),
    "CHANGE_WITHOUT_APPROVER": _(
        "Nobody has a mandate to approve change %(number)s: the order becomes %(amount)s kr with VAT."
    ),
    "AGREED_MISSING": _("Write with whom it was agreed, and when."),
    "CHANGE_REASON_MISSING": _("Write why."),
    "CANCEL_AFTER_RECEIPT": _(
        "Something of order %(number)s has come or is invoiced, so it can't be cancelled. Close the rest instead."
    ),
    "NOTHING_TO_CLOSE": _("Everything on order %(number)s has come; there is no rest to close."),
    "CHANGE_DECLINED": _("The supplier says no to %(change)s of order %(number)s: %(note)s"),
    "TELL_SUPPLIER": _(
        "You declined a change of order %(number)s. %(supplier)s does not take changes by message: tell them."
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
KINDS = {
    "change": _("Change"),
    "cancellation": _("Cancellation"),
    "rest": _("The rest is closed"),
    "confirmation": _("The supplier's change confirmed"),
    "restatement": _("The order stands as sent"),
}
CHANGES = {
    "awaiting": (_("Waits for approval"), "warning"),
    "sent": (_("Waits for the supplier's answer"), "info"),
    "accepted": (_("Stands"), "success"),
    "declined": (_("Declined by the supplier"), "danger"),
    "withdrawn": (_("Taken back"), "neutral"),
}
OPEN_OR_ENDED = {"open": _("Open"), "cancelled": _("Cancelled"), "closed": _("Closed")}
WAITING_CHANGES = {state: CHANGES[state][0] for state in ("awaiting", "sent", "declined")}
# One word for an order's whole state, from its axes; the first that fits.
SHOWN = {
    "cancelled": (_("Cancelled"), "neutral"),
    "closed": (_("Closed"), "neutral"),
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
