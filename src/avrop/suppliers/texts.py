"""Sentences for this room's refusals, and words for its states."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SENTENCES = {
    "SUPPLIERS_NOT_YOURS": _(
        "Suppliers are shown to accountants, supplier master keepers, invoice clerks, administrators and "
        "auditors."
    ),
    "ACCOUNT_KEEPERS_ONLY": _(
        "Only an accountant, the supplier master keeper or a local administrator decides on bank accounts."
    ),
    "ACCOUNT_SIGNED_BEFORE": _("You have confirmed this account already. Another person must do it too."),
    "ACCOUNT_HANDLED_INVOICE": _(
        "You have handled an invoice that names this account. Somebody who has not must confirm it."
    ),
    "ACCOUNT_CHECK_DIGIT": _("The check digits of %(account)s are wrong, so it cannot be an account."),
    "ACCOUNT_KNOWN": _("%(account)s is confirmed already."),
    "ACCOUNT_ASKED": _("%(account)s waits to be confirmed already."),
    "ACCOUNT_NOT_GOOD": _("%(account)s is not in use. Two persons must confirm it first."),
    "CONFIRMATION_CLOSED": _("The question about %(account)s is answered."),
    "CALL_INCOMPLETE": _("Write whom you talked to, which number you called and what was said."),
    "CALL_SOURCE": _("Say where the number is from. The invoice's own number is not good enough."),
    "CALL_IN_FUTURE": _("The call cannot be later than now."),
    "ACCOUNT_REJECTED": _(
        "Invoice %(number)s names the account %(account)s, which is not %(supplier)s's. Fraud is suspected: "
        "do not pay, and call the supplier."
    ),
    "STOPPED_ACCOUNT_AGAIN": _("Invoice %(number)s names %(account)s, which was stopped as suspected fraud."),
}

Label = tuple[str | Promise, str]
ACCOUNT_STATES: dict[str, Label] = {
    "confirmed": (_("Confirmed"), "success"),
    "unconfirmed": (_("Not confirmed"), "warning"),
    "withdrawn": (_("Withdrawn"), "neutral"),
    "expired": (_("Expired"), "neutral"),
    "stopped": (_("Stopped"), "danger"),
}

STATES: dict[str, Label] = {
    "open": (_("To be confirmed"), "warning"),
    "confirmed": (_("Confirmed"), "success"),
    "rejected": (_("Rejected"), "danger"),
}

SOURCES: dict[str, str | Promise] = {
    "register": _("The register of business enterprises"),
    "agreement": _("The agreement"),
    "known_contact": _("A contact we have used before"),
    "website": _("The supplier's own web pages"),
}

PROCESSES: dict[str, str | Promise] = {
    "ordering": _("Order with answer"),
    "advanced": _("Order with answer and changes"),
    "order_only": _("Order only"),
}

EVENTS: dict[str, str | Promise] = {
    "suppliers.ConfirmationOpened": _("Must be confirmed"),
    "suppliers.AccountSigned": _("Confirmed by one person"),
    "suppliers.AccountConfirmed": _("Confirmed by two persons"),
    "suppliers.AccountRejected": _("Rejected, suspicion of fraud"),
    "suppliers.AccountWithdrawn": _("Withdrawn"),
    "suppliers.AccountExpirySet": _("Last day changed"),
    "suppliers.StoppedAccountNamed": _("A stopped account was named again"),
    "accounting.AccountStopped": _("The accountant was asked to stop payments"),
}
TONES = {
    "suppliers.ConfirmationOpened": "warning",
    "suppliers.AccountSigned": "info",
    "suppliers.AccountConfirmed": "success",
    "suppliers.AccountRejected": "danger",
    "suppliers.StoppedAccountNamed": "danger",
    "accounting.AccountStopped": "danger",
}
