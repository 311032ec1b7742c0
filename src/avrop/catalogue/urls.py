"""Addresses of the catalogue."""

from django.urls import path

import avrop.catalogue.pricelist.views as pages
from avrop.catalogue import views

app_name = "catalogue"
urlpatterns = [
    path("", views.search, name="search"),
    path("versions/", views.versions, name="versions"),
    path("versions/<uuid:version_id>/", views.version, name="version"),
    path("versions/<uuid:version_id>/approve", views.approve, name="approve"),
    path("versions/<uuid:version_id>/reject", views.reject, name="reject"),
    path("versions/<uuid:version_id>/return", views.return_lines, name="return"),
    path("price-lists/", pages.lists, name="price_lists"),
    path("price-lists/new", pages.upload, name="upload"),
    path("price-lists/<uuid:price_list_id>/", pages.show, name="price_list"),
    path("versions/<uuid:version_id>/original.xml", views.original, name="original"),
]
