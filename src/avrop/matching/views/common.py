"""What every page of this room needs."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from avrop.tenancy.facts import APPROVER
from avrop.tenancy.scope import viewer


def url_of(match_id: UUID) -> str:
    """The page of a match."""
    return reverse("matching:match", kwargs={"slug": viewer().slug, "match_id": match_id})


def tabs(active: str, count: int | str | None = None) -> list[dict[str, Any]]:
    """The lists of this room."""
    slug = {"slug": viewer().slug}
    names = [("deviations", _("Deviations")), ("waiting", _("Waiting invoices"))]
    if viewer().has(APPROVER):
        names.append(("clean", _("Clean invoices to approve")))
    return [
        {
            "label": label,
            "url": reverse(f"matching:{name}", kwargs=slug),
            "active": active == name,
            "count": count if active == name else None,
        }
        for name, label in names
    ]
