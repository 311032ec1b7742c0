"""Who works on the seller's side: the supplier's clerks, and only in a supplier."""

from __future__ import annotations

from avrop.tenancy.facts import SUPPLIER_USER
from avrop.tenancy.models import Kind
from avrop.tenancy.results import Allowed, Answer, Denied
from avrop.tenancy.scope import Viewer


def may_sell(viewer: Viewer) -> Answer:
    """See, answer and invoice the organisation's sales orders."""
    if viewer.kind != Kind.SUPPLIER:
        return Denied("NOT_A_SUPPLIER")
    return Allowed() if viewer.has(SUPPLIER_USER) else Denied("NOT_SUPPLIER_USER")
