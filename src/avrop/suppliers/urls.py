"""Addresses of this room."""

from django.urls import path

from avrop.suppliers import views

app_name = "suppliers"
urlpatterns = [
    path("", views.suppliers, name="list"),
    path("kontoar/", views.questions, name="questions"),
    path("kontoar/<uuid:confirmation_id>/", views.question, name="question"),
    path("kontoar/<uuid:confirmation_id>/stadfest/", views.confirm, name="confirm"),
    path("kontoar/<uuid:confirmation_id>/avvis/", views.reject, name="reject"),
    path("<uuid:relation_id>/", views.supplier, name="supplier"),
    path("<uuid:relation_id>/konto/", views.register, name="register"),
    path("konto/<uuid:account_id>/", views.account, name="account"),
    path("konto/<uuid:account_id>/trekk/", views.withdraw, name="withdraw"),
    path("konto/<uuid:account_id>/tidsavgrens/", views.limit, name="limit"),
]
