"""Sentences for this room's refusals."""

from django.utils.translation import gettext_lazy as _

SENTENCES = {
    "NOT_REQUISITIONER": _("You are not a requisitioner for %(unit)s."),
    "NOT_YOUR_BASKET": _("Requisition %(number)s belongs to somebody else."),
    "BASKET_IS_CLOSED": _("Requisition %(number)s can no longer be changed."),
    "BASKET_EMPTY": _("The basket is empty. Put something in it first."),
    "ADDRESS_MISSING": _("Choose where the goods are to be delivered."),
    "CODING_INCOMPLETE": _(
        "“%(name)s” is not fully coded: account, responsibility and function are needed, and a project for "
        "investments."
    ),
    "QUANTITY_OUT_OF_RANGE": _("The quantity of “%(name)s” must be above zero and at most a million."),
    "QUANTITY_BELOW_MINIMUM": _("The supplier delivers at least %(minimum)s of “%(name)s”."),
    "QUANTITY_NOT_A_MULTIPLE": _("“%(name)s” comes in packs of %(multiple)s; order a whole number of packs."),
    "ITEM_NOT_AVAILABLE": _("“%(name)s” is no longer in a catalogue that you may order from. Take the line out."),
    "PRICE_CHANGED": _("The price of “%(name)s” has changed. Take the line out and put it in again."),
    "ITEM_CHANGED": _("The catalogue's “%(name)s” has changed. Take the line out and put it in again."),
    "FREE_TEXT_WITHOUT_NAME": _("Write what you need."),
    "FRAME_OUT_OF_RANGE": _("Write the most that “%(name)s” may cost, above zero and at most 10 million kroner."),
    "FREE_TEXT_WITHOUT_REASON": _("Write why “%(name)s” cannot be ordered from a catalogue."),
    "FREE_TEXT_WITHOUT_SUPPLIER": _("Choose an agreement or a supplier for “%(name)s”."),
    "FREE_TEXT_HAS_AGREEMENT": _(
        "“%(name)s” is on agreement %(agreement)s: order “%(item)s” from the catalogue instead of as free text."
    ),
    "SUPPLIER_BLOCKED": _("Supplier %(supplier)s is blocked for orders. Ask whoever keeps the supplier register."),
    "SUPPLIER_UNKNOWN": _("The supplier is not in your supplier register. Ask whoever keeps it."),
    "AGREEMENT_NOT_VISIBLE": _("Your organisation takes no part in this agreement."),
    "AGREEMENT_OTHER_SUPPLIER": _("Agreement %(agreement)s is with another supplier."),
}
