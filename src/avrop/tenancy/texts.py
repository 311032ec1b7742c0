"""Names of roles, kinds of organisation and kinds of unit in the reader's language."""

from __future__ import annotations

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from avrop.tenancy import facts
from avrop.tenancy.scope import Viewer

ROLES: dict[str, str | Promise] = {
    facts.REQUISITIONER: _("Requisitioner"),
    facts.APPROVER: _("Approver"),
    facts.RECEIVER: _("Receiver"),
    facts.INVOICE_CLERK: _("Invoice clerk"),
    facts.ACCOUNTANT: _("Accountant"),
    facts.VENDOR_MASTER: _("Supplier master keeper"),
    facts.CONTRACT_OWNER: _("Contract owner"),
    facts.BUYER_ADMIN: _("Local administrator"),
    facts.COOP_ADMIN: _("Co-operation administrator"),
    facts.SUPPLIER_USER: _("Supplier's clerk"),
    facts.PLATFORM_OPERATOR: _("Platform operator"),
    facts.AUDITOR: _("Auditor"),
}

KINDS: dict[str, str | Promise] = {
    "buyer": _("Municipality"),
    "cooperation": _("Purchasing co-operation"),
    "supplier": _("Supplier"),
    "platform": _("Platform"),
}

UNIT_KINDS: dict[str, str | Promise] = {
    "municipality": _("Municipality"),
    "town_hall": _("Town hall"),
    "school": _("School"),
    "nursery": _("Nursery"),
    "care_home": _("Care home"),
    "technical": _("Technical services"),
    "culture": _("Culture"),
}

SENTENCES = {
    "NO_SETUP_ROLE": _("Set-up is shown to administrators and auditors. Ask your local administrator."),
}


def role_name(role: str) -> str:
    """The role in the reader's language."""
    return str(ROLES.get(role, role))


def unit_kind(kind: str) -> str:
    """The kind of unit in the reader's language."""
    return str(UNIT_KINDS.get(kind, kind))


def setup_tabs(who: Viewer, here: str) -> list[dict[str, Any]]:
    """The tabs of the set-up pages; `here` is the path of the page below `oppsett/`."""
    base = f"/o/{who.slug}/oppsett/"
    tabs = [("", _("Organisation")), ("folk/", _("People"))]
    if who.kind == "buyer":
        tabs.insert(1, ("einingar/", _("Units and addresses")))
        tabs.append(("handel/", _("Suppliers and rules")))
    return [{"label": label, "url": base + path, "active": path == here} for path, label in tabs]
