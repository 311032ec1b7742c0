"""Addresses of the chart of accounts and the budget."""

from django.urls import path

from avrop.coding import views

app_name = "coding"
urlpatterns = [
    path("", views.budget, name="budget"),
    path("chart/", views.chart, name="chart"),
    path("<int:year>/<path:responsibility>/", views.responsibility, name="responsibility"),
]
