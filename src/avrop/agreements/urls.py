"""Addresses of agreements."""

from django.urls import path

from avrop.agreements import views

app_name = "agreements"
urlpatterns = [
    path("", views.agreements, name="list"),
    path("<uuid:agreement_id>/", views.show, name="agreement"),
]
