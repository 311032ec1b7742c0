"""What every page's frame needs.

`project` adds navigation, organisations and viewer through its own processor.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

# Each language in its own words, so that a reader who landed in the wrong one finds hers.
PAGE_LANGUAGES = (("nn", "Nynorsk"), ("nb", "Bokmål"), ("en", "English"))


@dataclass(frozen=True)
class NavItem:
    """One link of the main menu or of the organisation switch; `count` is what waits there."""

    label: str
    url: str
    active: bool = False
    count: int = 0


@dataclass(frozen=True)
class Frame:
    """What `project` hands to the frame of the page:

    `return Frame(...).as_context()` from a context processor.
    """

    viewer_name: str = ""
    viewer_role: str = ""
    organisation: str = ""
    organisations: Sequence[NavItem] = ()
    nav: Sequence[NavItem] = ()
    home_url: str = "/"
    login_url: str = ""
    logout_url: str = ""
    extra: dict[str, Any] = field(default_factory=dict)

    def as_context(self) -> dict[str, Any]:
        """The keys that web/base.html reads."""
        values = {one.name: getattr(self, one.name) for one in fields(self)}
        return {**values.pop("extra"), **values}


def page(request: HttpRequest) -> dict[str, Any]:
    """Context processor: demo banner, the three languages and where to choose one."""
    try:
        language_url = reverse("web:language")
    except NoReverseMatch:
        language_url = ""
    return {
        "demo": bool(getattr(settings, "AVROP_DEMO", False)),
        "page_languages": PAGE_LANGUAGES,
        "language_url": language_url,
    }
