"""Addresses of goods receipt."""

from django.urls import path

from avrop.delivery import views

app_name = "delivery"
urlpatterns = [
    path("", views.expected, name="expected"),
    path("liste/", views.listed, name="list"),
    path("ordre/<uuid:order_id>/", views.receive, name="receive"),
    path("kvittering/<uuid:receipt_id>/", views.receipt, name="receipt"),
    path("kvittering/<uuid:receipt_id>/retur/", views.send_back, name="send_back"),
    path("kvittering/<uuid:receipt_id>/rett/", views.correct, name="correct"),
]
