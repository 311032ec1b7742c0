"""The set-up of an organisation, read only."""

from django.urls import path

from avrop.tenancy import views

app_name = "tenancy"
urlpatterns = [
    path("", views.organisation, name="setup"),
    path("einingar/", views.units, name="units"),
    path("folk/", views.people, name="people"),
]
