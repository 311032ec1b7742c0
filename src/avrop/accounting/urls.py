"""Addresses of this room."""

from django.urls import path

from avrop.accounting import views

app_name = "accounting"
urlpatterns = [
    path("", views.ready, name="ready"),
    path("release/", views.release, name="release"),
    path("buntar/", views.batches, name="batches"),
    path("avstemming/", views.reconciliation, name="reconciliation"),
    path("posteringar/", views.postings, name="postings"),
    path("posteringar/<uuid:posting_id>/", views.posting, name="posting"),
    path("posteringar/<uuid:posting_id>/rett/", views.mend, name="mend"),
    path("posteringar/<uuid:posting_id>/tilbakefor/", views.correct, name="correct"),
    path("<uuid:batch_id>/", views.show, name="batch"),
    path("<uuid:batch_id>/send/", views.resend, name="resend"),
    path("<uuid:batch_id>/batch.json", views.as_json, name="json"),
    path("<uuid:batch_id>/batch.csv", views.as_csv, name="csv"),
]
