"""Addresses outside any organisation: first page, log in, log out, choose organisation."""

from django.urls import path

from avrop.tenancy import login_views as views

app_name = "login"
urlpatterns = [
    path("", views.home, name="home"),
    path("login/", views.log_in, name="login"),
    path("login/as/", views.log_in_as, name="as"),
    path("logout/", views.log_out, name="logout"),
]
