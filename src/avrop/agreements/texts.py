"""Sentences for refusals, and words for states and ways of delivery."""

from django.utils.translation import gettext_lazy as _

SENTENCES = {
    "AGREEMENT_NOT_PARTICIPANT": _(
        "Your organisation does not take part in agreement %(agreement)s with %(supplier)s, so nothing "
        "can be ordered under it (FOA §26-1)."
    ),
    "AGREEMENT_EXCLUDES_UNIT": _(
        "Agreement %(agreement)s with %(supplier)s is not for this kind of unit, so the unit cannot order "
        "under it."
    ),
    "AGREEMENT_NOT_VALID": _(
        "Agreement %(agreement)s with %(supplier)s is not in force today, so nothing can be ordered under it."
    ),
    "AGREEMENT_NOT_YOURS": _("You have no role that reads agreements."),
}

STATES = {"draft": _("draft"), "active": _("in force"), "terminated": _("terminated")}
OUTSIDE = {"future": _("not in force yet"), "ended": _("ended")}
DELIVERY = {
    "parcel": _("parcel"),
    "pallet": _("pallet"),
    "lorry": _("lorry"),
    "digital": _("digital delivery"),
}
