"""The room's own addresses: the language switch, and the gallery of components in a demo."""

from django.conf import settings
from django.urls import path

from avrop.web import gallery, language

app_name = "web"
urlpatterns = [path("language/", language.set_language, name="language")]
if settings.DEBUG or getattr(settings, "AVROP_DEMO", False):
    urlpatterns.append(path("gallery/", gallery.show, name="gallery"))
