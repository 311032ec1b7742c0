"""Addresses of the seller's side."""

from django.urls import path

from avrop.portal.views import billing, changes, credits, documents, orders

app_name = "portal"
urlpatterns = [
    path("", orders.first, name="first"),
    path("ordrar/", orders.orders, name="orders"),
    path("ordrar/<uuid:order_id>/", orders.order, name="order"),
    path("ordrar/<uuid:order_id>/godta/", orders.accept, name="accept"),
    path("ordrar/<uuid:order_id>/endre/", orders.change, name="change"),
    path("ordrar/<uuid:order_id>/avvis/", orders.reject, name="reject"),
    path("ordrar/<uuid:order_id>/faktura/", billing.bill, name="bill"),
    path("ordrar/<uuid:order_id>/endringar/<uuid:change_id>/", changes.change, name="asked"),
    path("ordrar/<uuid:order_id>/dokument/", documents.order, name="order_document"),
    path("ordrar/<uuid:order_id>/dokument.pdf", documents.order_pdf, name="order_document_pdf"),
    path("ordrar/<uuid:order_id>/original", documents.order_original, name="order_original"),
    path("fakturaer/", billing.invoices, name="invoices"),
    path("fakturaer/<uuid:invoice_id>/", billing.invoice, name="invoice"),
    path("fakturaer/<uuid:invoice_id>/dokument/", documents.invoice, name="invoice_document"),
    path("fakturaer/<uuid:invoice_id>/dokument.pdf", documents.invoice_pdf, name="invoice_document_pdf"),
    path("fakturaer/<uuid:invoice_id>/original", documents.invoice_original, name="invoice_original"),
    path("fakturaer/<uuid:invoice_id>/krediter/", credits.credit, name="credit"),
    path("fakturaer/<uuid:invoice_id>/krediter-alt/", credits.credit_all, name="credit_all"),
]
