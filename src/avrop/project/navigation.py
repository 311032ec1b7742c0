"""What the frame of the page shows: who is looking, where they are, where they can go."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context processor."""
    return {"viewer": getattr(request, "viewer", None)}
