"""The first page, and any purchase on one time-line."""

from django.urls import path

from avrop.desk import views

app_name = "desk"
urlpatterns = [
    path("", views.first, name="first"),
    path("trad/<str:stream>.json", views.thread_json, name="thread_json"),
    path("trad/<str:stream>/", views.thread, name="thread"),
    path("trad/<str:stream>/original/<uuid:message_id>.xml", views.original, name="original"),
    path("trad/<str:stream>/dokument/<uuid:message_id>/", views.document, name="document"),
    path("trad/<str:stream>/dokument/<uuid:message_id>.pdf", views.document_pdf, name="document_pdf"),
    path("sok/", views.search, name="search"),
    path("oppsett/handel/", views.trade, name="trade"),
]
