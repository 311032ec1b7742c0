"""What every page of a demo says while its year is still being filled."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _

from avrop.demo import progress


def year(request: HttpRequest) -> dict[str, str]:
    """Context processor: how far the year has come; no statement, one small file, and only in a demo."""
    found = progress.read(Path(settings.AVROP_DIR)) if settings.AVROP_DEMO else None
    if found is None or found.part != progress.REST:
        return {"demo_year": ""}
    shown = {"done": found.done, "all": found.all}
    return {"demo_year": _("The demo is still filling its year: %(done)s of %(all)s purchases.") % shown}
