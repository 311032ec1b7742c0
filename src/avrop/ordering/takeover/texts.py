"""Sentences about orders that are taken over from another system."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

SENTENCES = {
    "TAKEOVER_NUMBER": _("The order number “%(number)s” is missing or longer than 100 characters."),
    "TAKEOVER_CURRENCY": _("Order %(number)s is in %(currency)s. Only orders in kroner can be taken over."),
    "TAKEOVER_NO_LINES": _("Order %(number)s has no lines, or more than 10 000."),
    "TAKEOVER_LINE": _("Line %(line)s of order %(number)s cannot be taken over: %(why)s."),
    "TAKEOVER_NO_BUYER": _("Order %(number)s names a buyer that is not set up here: %(found)s."),
    "TAKEOVER_NO_SELLER": _(
        "Order %(number)s names a supplier that is not set up here: %(found)s. Set the supplier up first."
    ),
    "TAKEOVER_OTHER_BUYER": _("Order %(number)s belongs to %(buyer)s, and you have no role there."),
    "TAKEOVER_NO_UNIT": _("%(number)s: the buyer has no units yet."),
    "TAKEOVER_NUMBER_TAKEN": _("There is already another order with the number %(number)s."),
    "TAKEOVER_MANDATE": _(
        "%(who)s has no mandate for the whole of order %(number)s: %(amount)s kr with VAT, for %(unit)s."
    ),
    "TAKEOVER_UNKNOWN_ORDER": _("There is no such order."),
    "TAKEOVER_CODED": _("The chosen lines of order %(number)s have their coding already."),
    "TAKEOVER_INCOMPLETE": _(
        "Account, responsibility and function are needed; an investment also needs a project."
    ),
    "TAKEOVER_UNKNOWN_CODE": _("The chart of accounts does not have %(codes)s."),
}
LINE_REASONS = {
    "QUANTITY": _("the quantity must be above zero"),
    "UNIT": _("it has no unit of measure"),
    "PRICE": _("it has no price, or one below zero"),
}
WARNINGS = {
    "LINES_RENUMBERED": _("the lines had no numbers of their own and are numbered from 1"),
    "CHARGES_LEFT_OUT": _("charges and allowances on the whole order are left out"),
    "VAT_DERIVED": _("lines without a VAT rate got the one that the order's VAT total shows"),
    "VAT_ASSUMED": _("lines without a VAT rate got 25 %"),
}


def in_words(code: str, params: Mapping[str, object]) -> dict[str, object]:
    """The params of a refusal with its inner reason as words."""
    why = params.get("why")
    return {**params, "why": LINE_REASONS.get(str(why), why)} if code == "TAKEOVER_LINE" else dict(params)
