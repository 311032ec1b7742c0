"""Addresses of the message log."""

from django.urls import path

from avrop.messaging import views

app_name = "messaging"
urlpatterns = [
    path("", views.log, name="log"),
    path("<uuid:message_id>/", views.show, name="message"),
    path("<uuid:message_id>/document/", views.document, name="document"),
    path("<uuid:message_id>/document.pdf", views.document_pdf, name="document_pdf"),
    path("<uuid:message_id>/original", views.original, name="original"),
]
