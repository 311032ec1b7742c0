"""Sentences for this room's refusals. Amounts come as kroner."""

from django.utils.translation import gettext_lazy as _

SENTENCES = {
    "NOT_A_BUYER": _("You have no task in purchasing here."),
    "NOT_YOUR_ORDER": _("Order %(number)s belongs to another unit."),
    "NOT_APPROVED": _(
        "Requisition %(number)s is not approved as it now stands, so no order was sent. It must be approved anew."
    ),
    "RESPONSE_UNKNOWN_ORDER": _("The answer is to order %(number)s, which is not ours."),
    "RESPONSE_OTHER_SUPPLIER": _("The answer to order %(number)s came from %(sender)s, who did not get the order."),
    "RESPONSE_WITHOUT_CODE": _("The answer has the code %(code)s, which says neither yes, no nor change."),
    "RESPONSE_TOO_LATE": _("Order %(number)s has been rejected before; a later answer changes nothing."),
    "CHANGE_DECIDED": _("The change of order %(number)s has been decided already."),
    "CHANGE_AFTER_RECEIPT": _(
        "Goods of order %(number)s have been received, so this change can no longer be accepted. Decline it, and "
        "order anew what is missing."
    ),
    "CHANGE_ADDS_LINE": _("The supplier adds “%(name)s”, which was not ordered. Decline, and order it yourself."),
    "CHANGE_OF_UNIT": _("The supplier answers “%(name)s” in another unit. Decline, and order anew."),
    "CHANGE_WITHOUT_QUANTITY": _("The supplier's quantity of “%(name)s” is not above zero."),
    "FRAME_PASSED": _(
        "“%(name)s” was approved as up to %(frame)s kr; the supplier asks %(price)s kr. That needs a new requisition."
    ),
    "CHANGE_ABOVE_LIMIT": _(
        "The order grows by %(growth)s kr including VAT. Without a new approval it may grow by at most %(limit)s kr "
        "(the lower of %(percent)s %% and %(amount)s kr). Somebody with a mandate for the whole order must accept it."
    ),
    "CHANGE_ABOVE_MANDATE": _(
        "The order becomes %(total)s kr including VAT, and whoever approved it may approve up to %(limit)s kr. "
        "Somebody with a larger mandate must accept the change."
    ),
}
