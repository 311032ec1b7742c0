"""The page for a fault of ours. It asks nothing of the database, which may be what failed."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseServerError
from django.template import loader


def server_error(request: HttpRequest) -> HttpResponse:
    """Status 500 in the house's frame; a demo says so here too."""
    return HttpResponseServerError(loader.render_to_string("500.html", {"demo": settings.AVROP_DEMO}))
