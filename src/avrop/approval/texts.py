"""Sentences for this room's refusals. Amounts come as kroner."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

SENTENCES = {
    "OWN_REQUEST": _("Requisition %(number)s is your own: somebody else must approve it."),
    "NO_MANDATE": _("You have no mandate to approve requisition %(number)s."),
    "MANDATE_TOO_SMALL": _(
        "Requisition %(number)s costs %(amount)s kr including VAT; you may approve up to %(limit)s kr here."
    ),
    "CONTENT_CHANGED": _(
        "Requisition %(number)s has changed since you saw it. Look at it again before you decide."
    ),
    "ALREADY_DECIDED": _("Requisition %(number)s has been decided already."),
    "NOT_APPROVER": _("Only approvers have an inbox."),
    "COMMENT_MISSING": _("Write why you send it back."),
    "BUDGET_PASSED": _(
        "Requisition %(number)s passes budget line %(line)s by %(over)s kr (budget %(limit)s kr, bound "
        "%(bound)s kr). "
        "Your municipality does not allow that."
    ),
    "NO_APPROVER": _(
        "Nobody has a mandate to approve requisition %(number)s for responsibility %(responsibility)s "
        "(%(amount)s kr including VAT). Give somebody a mandate, or return it."
    ),
}

STATES = {
    "pending": _("Waits"),
    "approved": pgettext_lazy("purchase", "Approved"),
    "returned": _("Sent back"),
    "void": _("No longer needed"),
}
TONES = {"pending": "info", "approved": "success", "returned": "warning", "void": "neutral"}
