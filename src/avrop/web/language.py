"""The person chooses nynorsk, bokmål or English; a cookie remembers it."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from avrop.web.context import PAGE_LANGUAGES

A_YEAR = 365 * 24 * 60 * 60  # seconds


@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """Remember `language` and go back to `next` (only within this site).

    An unknown language changes nothing.
    """
    target = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure()):
        target = "/"
    response = HttpResponseRedirect(target)
    code = request.POST.get("language", "")
    if code in dict(PAGE_LANGUAGES):
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            code,
            max_age=A_YEAR,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
    return response
