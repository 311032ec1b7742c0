"""Addresses of the approver's inbox."""

from django.urls import path

from avrop.approval import views

app_name = "approval"
urlpatterns = [
    path("", views.inbox, name="inbox"),
    path("approve", views.approve, name="approve"),
    path("<uuid:task_id>/", views.show, name="task"),
    path("<uuid:task_id>/return", views.return_, name="return"),
    path("of/<uuid:subject_id>/", views.subject, name="subject"),
]
