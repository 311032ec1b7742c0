"""Every address. The organisation is in the path: `/o/<slug>/...`."""

from __future__ import annotations

from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path

# prefix below /o/<slug>/ -> the station that answers there
STATIONS = {
    "": "desk",
    "katalog": "catalogue",
    "avtalar": "agreements",
    "kontering": "coding",
    "korg": "requisition",
    "tilvising": "approval",
    "leverandorar": "suppliers",
    "ordrar": "ordering",
    "varemottak": "delivery",
    "fakturaer": "invoicing",
    "avvik": "matching",
    "rekneskap": "accounting",
    "meldingar": "messaging",
    "oppsett": "tenancy",
    "sal": "portal",
    "saker": "journal",
}


def _station(prefix: str, station: str) -> list[URLPattern | URLResolver]:
    module = f"avrop.{station}.urls"
    if find_spec(module) is None:
        return []
    return [path(f"o/<slug:slug>/{prefix}/" if prefix else "o/<slug:slug>/", include(module))]


urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("avrop.web.urls")),
    *([path("", include("avrop.tenancy.login_urls"))] if find_spec("avrop.tenancy.login_urls") else []),
    *(url for prefix, station in STATIONS.items() for url in _station(prefix, station)),
]

handler400 = "django.views.defaults.bad_request"
handler403 = "django.views.defaults.permission_denied"
handler404 = "django.views.defaults.page_not_found"
handler500 = "avrop.project.errors.server_error"
