"""Addresses of the catalogue."""

from django.urls import path

from avrop.catalogue import views

app_name = "catalogue"
urlpatterns = [
    path("", views.search, name="search"),
    path("versions/", views.versions, name="versions"),
    path("versions/<uuid:version_id>/", views.version, name="version"),
    path("versions/<uuid:version_id>/approve", views.approve, name="approve"),
    path("versions/<uuid:version_id>/reject", views.reject, name="reject"),
    path("versions/<uuid:version_id>/original.xml", views.original, name="original"),
]
