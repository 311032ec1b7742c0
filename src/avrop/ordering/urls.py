"""Addresses of orders."""

from django.urls import path

from avrop.ordering import views
from avrop.ordering.takeover import views as takeover

app_name = "ordering"
urlpatterns = [
    path("", views.orders, name="list"),
    path("uncoded/", takeover.uncoded, name="uncoded"),
    path("uncoded/<uuid:order_id>/", takeover.code, name="code"),
    path("of/<uuid:requisition_id>/", views.purchase, name="purchase"),
    path("answers/<uuid:response_id>/decide", views.decide, name="decide"),
    path("changes/<uuid:order_change_id>/approve", views.approve, name="approve_change"),
    path("changes/<uuid:order_change_id>/withdraw", views.withdraw, name="withdraw_change"),
    path("changes/<uuid:order_change_id>/answer/", views.answer, name="answer_change"),
    path("<uuid:order_id>/", views.show, name="order"),
    path("<uuid:order_id>/change/", views.change, name="change"),
    path("<uuid:order_id>/cancel/", views.cancel, name="cancel"),
    path("<uuid:order_id>/close/", views.close, name="close"),
    path("<uuid:order_id>/send/", views.send_again, name="send_again"),
    path("<uuid:order_id>/pdf", views.pdf, name="pdf"),
    path("<uuid:order_id>/document/", views.document, name="document"),
    path("<uuid:order_id>/document.pdf", views.document_pdf, name="document_pdf"),
    path("<uuid:order_id>/xml", views.xml, name="xml"),
]
