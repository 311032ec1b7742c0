"""Cases in words, for this room's own pages and for the first pages of others."""

from __future__ import annotations

from typing import Any

from avrop.journal.queries import open_cases
from avrop.journal.texts import KINDS, ROLES
from avrop.kernel.ports import today
from avrop.tenancy.scope import Viewer
from avrop.web.refusals import explain

SHOWN = 4  # more would push the day's work off a telephone; the list has them all


def line(case: Any) -> dict[str, Any]:
    """A case with its kind, reason and owner in words, and whether its deadline has passed."""
    return {
        "case": case,
        "kind": KINDS.get(case.kind, case.kind),
        "reason": explain(case.reason, case.params),
        "owner": ROLES.get(case.owner_role, case.owner_role),
        "late": case.due < today(),
    }


def waiting(who: Viewer) -> dict[str, Any]:
    """The viewer's most urgent open cases, for `journal/waiting.html`. One statement."""
    return {"rows": [line(case) for case in open_cases(who, most=SHOWN)]}
