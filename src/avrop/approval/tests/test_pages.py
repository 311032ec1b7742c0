"""The approver's pages."""

from __future__ import annotations

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from avrop.approval.models import ApprovalTask
from avrop.coding.facts import Coding
from avrop.commitments.models import Account
from avrop.journal.worker import run_until_idle
from avrop.requisition import operations
from avrop.requisition.models import Requisition, RequisitionLine
from avrop.requisition.tests.helpers import free_line, item_line, submitted
from avrop.tenancy.models import Mandate
from avrop.tenancy.scope import as_system, viewing


def client(world, login="rektor") -> Client:
    made = Client(headers={"accept-language": "en"})
    made.force_login(world.people[login])
    return made


def url(name: str, slug: str = "bremnes", **kwargs) -> str:
    return reverse(f"approval:{name}", kwargs={"slug": slug, **kwargs})


def page(world, address, login="rektor") -> str:
    browser = client(world, login)
    with CaptureQueriesContext(connection) as counted:
        answer = browser.get(address)
    assert answer.status_code == 200, answer.status_code
    assert len(counted) <= 15, "\n".join(q["sql"][:150] for q in counted)
    return answer.content.decode()


def only_task(world, slug="bremnes") -> ApprovalTask:
    with as_system(getattr(world, slug).id):
        return ApprovalTask.objects.get()


def state(world, ident) -> str:
    run_until_idle()
    with as_system(world.bremnes.id):
        return Requisition.objects.get(id=ident).state


def test_the_inbox_shows_what_a_decision_needs(world):
    submitted(world, item_line(world, "papir", 10))
    text = page(world, url("inbox"))
    for words in ("Til hausten", "Berit", "Kontorvarer AS", "FI-2026-01", "661,25", "orders only", "11000"):
        assert words in text
    assert "49\u00a0471" in text  # 50,000 less 529 kr, in whole kroner


def test_a_long_inbox_takes_no_more_statements(world):
    for _turn in range(6):
        submitted(world, item_line(world, "papir", 1), free_line(world))
    page(world, url("inbox"))


def test_an_empty_inbox_says_so_and_others_have_none(world):
    assert "Nothing waits for you" in page(world, url("inbox"))
    assert client(world, "berit").get(url("inbox")).status_code == 403


def test_one_click_on_a_row_approves_it_and_nothing_else(world):
    first, second = submitted(world), submitted(world, item_line(world, "perm", 2))
    with as_system(world.bremnes.id):
        one, two = ApprovalTask.objects.order_by("number")
    posted = {
        "only": str(one.id),
        "task": [str(two.id)],  # ticked, but not meant
        f"seen-{one.id}": one.content_hash,
        f"seen-{two.id}": two.content_hash,
    }
    answer = client(world).post(url("approve"), posted, follow=True)
    assert "1 requisition is approved." in answer.content.decode()
    assert (state(world, first), state(world, second)) == ("approved", "submitted")


def test_several_are_approved_at_once_and_one_refusal_does_not_stop_the_others(world):
    first, second = submitted(world), submitted(world, item_line(world, "perm", 2))
    with as_system(world.bremnes.id):
        tasks = list(ApprovalTask.objects.order_by("number"))
        RequisitionLine.objects.filter(requisition_id=first).update(price=1)
    posted = {"task": [str(t.id) for t in tasks], **{f"seen-{t.id}": t.content_hash for t in tasks}}
    text = client(world).post(url("approve"), posted, follow=True).content.decode()
    assert "has changed since you saw it" in text and "1 requisition is approved." in text
    assert (state(world, first), state(world, second)) == ("submitted", "approved")


def test_approving_without_having_seen_is_refused(world):
    ident = submitted(world)
    text = (
        client(world).post(url("approve"), {"task": str(only_task(world).id)}, follow=True).content.decode()
    )
    assert "has changed since you saw it" in text
    assert state(world, ident) == "submitted"


def test_the_task_page_shows_price_against_agreement_and_the_budget(world):
    submitted(world, item_line(world, "papir", 10), free_line(world))
    text = page(world, url("task", task_id=only_task(world).id))
    for words in ("52,90", "Agreement's price", "Free text", "Finst ikkje i katalogen", "50\u00a0000,00"):
        assert words in text


def test_a_requester_with_a_mandate_reads_why_she_cannot_decide(world):
    submitted(world, login="styrar", unit="nursery")
    text = page(world, url("task", task_id=only_task(world).id), "styrar")
    assert "somebody else must approve it" in text
    above = page(world, url("task", task_id=only_task(world).id), "radmann")
    assert "Sent up to you" in above


def test_sending_back_needs_a_reason(world):
    ident = submitted(world)
    address = url("return", task_id=only_task(world).id)
    assert client(world).post(address, {"comment": " "}).status_code == 200
    assert state(world, ident) == "submitted"
    client(world).post(address, {"comment": "For dyrt"})
    assert state(world, ident) == "returned"


def test_a_passed_budget_is_a_warning_or_a_stop(world):
    for buyer in (world.bremnes, world.fjell):
        with as_system(buyer.id):
            Account.objects.update(limit=1_00)
    submitted(world)
    assert "You may approve all the same" in page(world, url("task", task_id=only_task(world).id))
    submitted(world, login="frida", unit="fjell_school", slug="fjell")
    task = only_task(world, "fjell")
    assert "does not allow approvals above it" in page(world, url("task", "fjell", task_id=task.id), "finn")
    posted = {"task": str(task.id), f"seen-{task.id}": task.content_hash}
    text = client(world, "finn").post(url("approve", "fjell"), posted, follow=True).content.decode()
    assert "528,00" in text and "does not allow that" in text


def test_the_requester_sees_who_has_been_asked_and_when_nobody_could_be(world):
    ident = submitted(
        world, item_line(world, "papir"), item_line(world, "perm", coding=Coding("11000", "310", "25300"))
    )
    text = page(world, url("subject", subject_id=ident), "berit")
    assert "Rektor" in text and "Pleie" in text
    with as_system(world.bremnes.id):
        Mandate.objects.all().delete()
    with viewing(world.viewer("berit")):
        operations.reopen(requisition_id=ident)
        operations.submit(requisition_id=ident)
    run_until_idle()
    assert "Nobody has the mandate" in page(world, url("subject", subject_id=ident), "berit")


def test_strangers_find_nothing(world):
    ident = submitted(world)
    task = only_task(world)
    browser = client(world, "finn")
    assert browser.get(url("task", "fjell", task_id=task.id)).status_code == 404
    assert browser.get(url("subject", "fjell", subject_id=ident)).status_code == 404
    assert browser.post(url("return", "fjell", task_id=task.id), {"comment": "x"}).status_code == 404
    posted = {"task": str(task.id), f"seen-{task.id}": task.content_hash}
    assert browser.post(url("approve", "fjell"), posted).status_code == 404
    assert browser.post(url("approve", "fjell"), {"task": "../../etc"}).status_code == 404
    assert browser.get(url("inbox")).status_code == 404
