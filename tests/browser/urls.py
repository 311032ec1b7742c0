"""The gallery without the rest of the product: components are tested before any station has a page."""

from django.urls import include, path

from avrop.web import gallery

urlpatterns = [path("", include("avrop.web.urls")), path("gallery/", gallery.show)]
