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
    path("<uuid:match_id>/accept/", match.accept, name="accept"),
    path("<uuid:match_id>/reject/", match.reject, name="reject"),
    path("<uuid:match_id>/ask/", match.ask, name="ask"),
    path("<uuid:match_id>/dispute/", match.dispute, name="dispute"),
    path("<uuid:match_id>/resume/", match.resume, name="resume"),
    path("<uuid:match_id>/other/", match.other, name="other"),
    path("<uuid:match_id>/duplicate/", match.duplicate, name="duplicate"),
    path("<uuid:match_id>/original/", credit.original, name="original"),
    path("<uuid:match_id>/original/choose/", credit.choose, name="choose"),
    path("<uuid:match_id>/treat/", credit.treat, name="treat"),
]
