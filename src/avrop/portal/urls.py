"""Addresses of the seller's side."""

from django.urls import path

from avrop.portal import views

app_name = "portal"
urlpatterns = [
    path("", views.first, name="first"),
    path("ordrar/", views.orders, name="orders"),
    path("ordrar/<uuid:order_id>/", views.order, name="order"),
    path("ordrar/<uuid:order_id>/godta/", views.accept, name="accept"),
    path("ordrar/<uuid:order_id>/endre/", views.change, name="change"),
    path("ordrar/<uuid:order_id>/avvis/", views.reject, name="reject"),
    path("ordrar/<uuid:order_id>/faktura/", views.bill, name="bill"),
    path("fakturaer/", views.invoices, name="invoices"),
    path("fakturaer/<uuid:invoice_id>/", views.invoice, name="invoice"),
]
