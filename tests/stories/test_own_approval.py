"""The own-approval attempt: nobody approves what she asked for, by any door."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from avrop.approval import operations as approval
from avrop.approval import queries as approvals
from avrop.journal.models import Entry
from avrop.journal.worker import run_until_idle
from avrop.kernel.finding import Refusal
from avrop.ordering.models import Order
from avrop.requisition import operations as requisition
from avrop.requisition.facts import NewLine
from avrop.tenancy.scope import as_system, viewing
from tests.world import MICRO

pytestmark = pytest.mark.django_db


def test_a_head_with_three_hats_orders_and_the_approval_goes_up_the_tree(world):
    """The styrar of the nursery is requisitioner, receiver and its only approver."""
    with viewing(world.viewer("styrar")):
        basket = requisition.create(
            unit_id=world.units["nursery"].id,
            lines=[NewLine(item_id=world.items["papir"].id, quantity=20 * MICRO)],
        )
        requisition.submit(requisition_id=basket)
    run_until_idle()
    with as_system(world.bremnes.id):
        (task,) = approvals.tasks_of(basket)
    assert task.escalated
    assert world.people["styrar"].id not in task.candidates

    # By the page: the task is not in her inbox, and the page of it says why.
    styrar = Client(headers={"accept-language": "nb"})
    styrar.force_login(world.people["styrar"])
    inbox = reverse("approval:inbox", kwargs={"slug": "bremnes"})
    assert task.number not in styrar.get(inbox).content.decode()
    page = styrar.get(reverse("approval:task", kwargs={"slug": "bremnes", "task_id": task.id}))
    assert "din egen" in page.content.decode()
    # By hand-made requests, with the right hash.
    posted = {"task": str(task.id), f"seen-{task.id}": task.content_hash}
    answer = styrar.post(reverse("approval:approve", kwargs={"slug": "bremnes"}), posted, follow=True)
    assert "din egen" in answer.content.decode()
    # By the operation itself.
    with viewing(world.viewer("styrar")), pytest.raises(Refusal) as caught:
        approval.approve(task_ids=[task.id], seen={task.id: task.content_hash})
    assert caught.value.code == "OWN_REQUEST"
    run_until_idle()
    with as_system(world.bremnes.id):
        assert not Order.objects.exists()

    with viewing(world.viewer("radmann")):
        approval.approve(task_ids=[task.id], seen={task.id: task.content_hash})
    run_until_idle()
    with as_system(world.bremnes.id):
        order = Order.objects.get()
        given = Entry.objects.get(event="approval.ApprovalCompleted")
    assert order.requester_id == world.people["styrar"].id
    assert given.actor == world.people["radmann"].id
