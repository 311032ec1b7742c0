"""The address names the organisation (`/o/<slug>/...`); whoever has no role there gets 404."""

from __future__ import annotations

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import urlencode

from avrop.tenancy.queries import viewer_and_homes
from avrop.tenancy.scope import viewing

PREFIX = "/o/"


def viewer_middleware(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Set the viewer for everything below /o/<slug>/; send the unknown to log in."""

    def middleware(request: HttpRequest) -> HttpResponse:
        request.viewer = None  # type: ignore[attr-defined]
        return get_response(request)

    def process_view(request: HttpRequest, view, args, kwargs):
        if not request.path.startswith(PREFIX):
            return None
        if not request.user.is_authenticated:
            return HttpResponseRedirect(f"/login/?{urlencode({'next': request.get_full_path()})}")
        slug = kwargs.pop("slug", "")
        who, homes = viewer_and_homes(request.user, slug)
        if who is None:
            raise Http404
        request.viewer, request.homes = who, homes  # type: ignore[attr-defined]
        with viewing(who):
            response = view(request, *args, **kwargs)
            if hasattr(response, "render") and not getattr(response, "is_rendered", True):
                response = response.render()
            return response

    middleware.process_view = process_view  # type: ignore[attr-defined]
    return middleware
