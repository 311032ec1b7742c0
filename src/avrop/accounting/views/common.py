"""What the accountant's pages share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from avrop.accounting import permissions
from avrop.accounting.texts import BATCH_STATES, Label
from avrop.tenancy.doors import admit
from avrop.tenancy.scope import viewer


def readers_only() -> None:
    """The accountant, the local administrator and the auditor."""
    admit(permissions.may_see(viewer()))


def may_act() -> bool:
    """True for the accountant."""
    return bool(permissions.may_release(viewer()))


def address(name: str, **ids: object) -> str:
    """The address of one of this room's pages."""
    return reverse(f"accounting:{name}", kwargs={"slug": viewer().slug, **ids})


def tabs(active: str) -> list[dict[str, Any]]:
    """The four ways into the books."""
    pages = (
        ("ready", _("Ready")),
        ("postings", _("Postings")),
        ("batches", _("Posting batches")),
        ("reconciliation", _("Reconciliation")),
    )
    return [
        {"label": label, "url": address(name), "active": name == active, "count": None}
        for name, label in pages
    ]


def choices(labels: Mapping[str, Label]) -> list[tuple[str, str]]:
    """States as choices of a filter."""
    return [(key, str(one[0])) for key, one in labels.items()]


def batch_state(batch: Any) -> dict[str, Any]:
    """A batch's state in words, and whether count and sum came back as they were sent (None: no answer yet)."""
    label, tone = BATCH_STATES[batch.state]
    agrees = None
    if batch.answered_count is not None:
        said = (batch.answered_count + batch.rejected_count, batch.answered_total + batch.rejected_total)
        agrees = said == (batch.count, batch.total)
    return {"label": label, "tone": tone, "agrees": agrees}
