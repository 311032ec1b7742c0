"""Addresses of this room."""

from django.urls import path

from avrop.invoicing import views

app_name = "invoicing"
urlpatterns = [
    path("", views.invoices, name="list"),
    path("<uuid:invoice_id>/", views.show, name="invoice"),
    path("<uuid:invoice_id>/original/", views.original, name="original"),
    path("<uuid:invoice_id>/document/", views.document, name="document"),
    path("<uuid:invoice_id>/document.pdf", views.document_pdf, name="document_pdf"),
    path("<uuid:invoice_id>/answer/", views.answer, name="answer"),
]
