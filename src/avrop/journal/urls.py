"""Addresses of cases and parked deliveries."""

from django.urls import path

from avrop.journal import views

app_name = "journal"
urlpatterns = [
    path("", views.cases, name="cases"),
    path("<uuid:case_id>/", views.case, name="case"),
    path("parkert/", views.parked, name="parked"),
    path("parkert/<int:delivery_id>/", views.replay, name="replay"),
]
