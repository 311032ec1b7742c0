"""Addresses of the basket and of requisitions."""

from django.urls import path

from avrop.requisition import views

app_name = "requisition"
urlpatterns = [
    path("", views.basket, name="basket"),
    path("mine/", views.mine, name="mine"),
    path("add", views.add, name="add"),
    path("free-text/", views.free_text, name="free_text"),
    path("<uuid:requisition_id>/", views.show, name="requisition"),
    path("<uuid:requisition_id>/delivery", views.delivery, name="delivery"),
    path("<uuid:requisition_id>/withdraw", views.withdraw, name="withdraw"),
    path("<uuid:requisition_id>/reopen", views.reopen, name="reopen"),
    path("lines/<uuid:line_id>/quantity", views.quantity, name="quantity"),
    path("lines/<uuid:line_id>/remove", views.remove, name="remove"),
    path("lines/<uuid:line_id>/coding/", views.coding, name="coding"),
]
