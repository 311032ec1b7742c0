"""Pictures of items. Only files of our own are shown: a page never fetches from a supplier's server."""

from __future__ import annotations

import re
from functools import lru_cache

from django.contrib.staticfiles.finders import find
from django.templatetags.static import static

_OWN = re.compile(r"[a-z0-9_-]+(?:/[a-z0-9_-]+)*\.(?:svg|png|webp|jpe?g)")


@lru_cache(maxsize=1000)
def picture_url(reference: str) -> str:
    """The address of a picture named by a relative reference, "" where we have no such file."""
    if not _OWN.fullmatch(reference) or find(reference) is None:
        return ""
    return static(reference)
