"""Addresses of this room."""

from django.urls import path

from avrop.matching import views

app_name = "matching"
urlpatterns = [
    path("", views.deviations, name="deviations"),
    path("clean/", views.clean, name="clean"),
    path("clean/approve/", views.approve, name="approve"),
    path("invoice/<uuid:invoice_id>/", views.of_invoice, name="of_invoice"),
    path("<uuid:match_id>/", views.show, name="match"),
    path("<uuid:match_id>/accept/", views.accept, name="accept"),
    path("<uuid:match_id>/reject/", views.reject, name="reject"),
]
