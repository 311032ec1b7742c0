"""Sentences for this room's refusals."""

from django.utils.translation import gettext_lazy as _

SENTENCES = {
    "LIMIT_PASSED": _("There is not enough left on the budget line, so nothing was done."),
}
