"""Addresses of this room."""

from django.urls import path

from avrop.accounting import views

app_name = "accounting"
urlpatterns = [
    path("", views.batches, name="batches"),
    path("release/", views.release, name="release"),
    path("<uuid:batch_id>/", views.show, name="batch"),
    path("<uuid:batch_id>/batch.json", views.as_json, name="json"),
    path("<uuid:batch_id>/batch.csv", views.as_csv, name="csv"),
]
