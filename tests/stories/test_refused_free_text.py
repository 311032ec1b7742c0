"""The refused free-text order: what an agreement covers is ordered on the agreement."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from avrop.approval.queries import count_waiting
from avrop.journal.worker import run_until_idle
from avrop.ordering.models import Order
from avrop.requisition.models import Requisition, RequisitionLine
from avrop.tenancy.scope import as_system, viewing

pytestmark = pytest.mark.django_db


def _browser(world, login: str) -> Client:
    client = Client(headers={"accept-language": "nn"})
    client.force_login(world.people[login])
    return client


def _address(name: str, **kwargs) -> str:
    return reverse(name, kwargs={"slug": "bremnes", **kwargs})


def _wanted(world, name: str) -> dict[str, object]:
    return {
        "unit_id": world.units["school"].id,
        "name": name,
        "frame": "800",
        "vat": "S:2500",
        "reason": "Eg fann det ikkje",
        "source": f"supplier:{world.kontor.id}",
    }


def test_free_text_for_copy_paper_is_refused_with_the_agreement_and_the_same_paper_is_ordered_from_it(world):
    berit = _browser(world, "berit")
    refused = berit.post(_address("requisition:free_text"), _wanted(world, "Kopipapir A4"))
    text = refused.content.decode()
    assert "FI-2026-01" in text and "Kopipapir A4 80 g" in text and "frå katalogen" in text
    with as_system(world.bremnes.id):
        assert not RequisitionLine.objects.exists()

    item = world.items["papir"].id
    berit.post(
        _address("requisition:add"), {"item_id": item, "quantity": "5", "unit_id": world.units["school"].id}
    )
    with as_system(world.bremnes.id):
        basket = Requisition.objects.get()
    berit.post(
        _address("requisition:delivery", requisition_id=basket.id),
        {"address_id": world.addresses["school"].id, "marking": "", "need": "Papir", "action": "submit"},
    )
    run_until_idle()
    with viewing(world.viewer("rektor")):
        assert count_waiting() == 1


def test_free_text_that_nothing_covers_reaches_the_approver_with_its_frame_and_reason(world):
    berit, rektor = _browser(world, "berit"), _browser(world, "rektor")
    answer = berit.post(_address("requisition:free_text"), _wanted(world, "Stemming av piano"))
    assert answer.status_code == 302
    with as_system(world.bremnes.id):
        basket = Requisition.objects.get()
    berit.post(
        _address("requisition:delivery", requisition_id=basket.id),
        {"address_id": world.addresses["school"].id, "action": "submit"},
    )
    run_until_idle()
    inbox = rektor.get(_address("approval:inbox")).content.decode()
    assert "Fritekst" in inbox and "utan avtale" in inbox
    with viewing(world.viewer("rektor")):
        from avrop.approval.queries import inbox as waiting

        (one,) = waiting()
    page = rektor.get(_address("approval:task", task_id=one.task.id)).content.decode()
    assert "Eg fann det ikkje" in page and "inntil" in page
    rektor.post(
        _address("approval:approve"),
        {"task": str(one.task.id), f"seen-{one.task.id}": one.task.content_hash},
    )
    run_until_idle()
    with as_system(world.bremnes.id):
        order = Order.objects.get()
        line = order.lines.get()
    assert (order.transport_state, line.frame, line.net) == ("sent", 800_00, 800_00)
