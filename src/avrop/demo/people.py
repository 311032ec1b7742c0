"""Acting as one of the demo region's people."""

from __future__ import annotations

from typing import Any

from avrop.tenancy.models import Person
from avrop.tenancy.queries import viewer_for
from avrop.tenancy.scope import viewing

ACCOUNTANTS = {"havdal": "bjorn.rekneskap", "strandvoll": "jorunn.faktura", "ulvefjord": "wenche.okonomi"}
CLERKS = {"havdal": "siri.faktura", "strandvoll": "jorunn.faktura", "ulvefjord": "wenche.okonomi"}
# Two who confirm a supplier's account, neither of whom handles invoices (Decision 5).
KEEPERS = {"havdal": ("randi.leverandor", "hege.admin")}


def acting(login: str, slug: str) -> Any:
    """Act as the person in the organisation with this short name. Raises LookupError without a role."""
    who = viewer_for(Person.objects.get(login=login), slug)
    if who is None:
        raise LookupError(f"{login} has no role in {slug}")
    return viewing(who)
