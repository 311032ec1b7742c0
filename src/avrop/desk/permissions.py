"""Who may see what the desk shows."""

from __future__ import annotations

from avrop.tenancy.results import Allowed, Answer, Denied
from avrop.tenancy.scope import Viewer


def may_see_thread(who: Viewer) -> Answer:
    """Everybody with a role at the buyer: nobody should have to ask a colleague what happened."""
    return Allowed() if who.kind == "buyer" and who.person_id is not None else Denied("THREAD_NOT_YOURS")
