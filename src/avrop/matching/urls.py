"""Addresses of this room."""

from django.urls import path

from avrop.matching.views import credit, lists, match

app_name = "matching"
urlpatterns = [
    path("", lists.deviations, name="deviations"),
    path("waiting/", lists.waiting, name="waiting"),
    path("clean/", lists.clean, name="clean"),
    path("clean/approve/", lists.approve, name="approve"),
    path("invoice/<uuid:invoice_id>/", match.of_invoice, name="of_invoice"),
    path("<uuid:match_id>/", match.show, name="match"),
    *(path(f"<uuid:match_id>/{step}/", match.decide, {"step": step}, name=step) for step in match.STEPS),
    path("<uuid:match_id>/original/", credit.original, name="original"),
    path("<uuid:match_id>/original/choose/", credit.choose, name="choose"),
    path("<uuid:match_id>/treat/", credit.treat, name="treat"),
]
