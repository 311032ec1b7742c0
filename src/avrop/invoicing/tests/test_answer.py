"""The Invoice Response that goes back holds the official rules, and is sent once."""

from __future__ import annotations

from pathlib import Path

import pytest

from avrop.invoicing import documents, operations
from avrop.invoicing.models import Invoice
from avrop.journal.models import Case
from avrop.journal.worker import run_until_idle
from avrop.kernel.finding import Refusal
from avrop.messaging.models import Message
from avrop.tenancy.scope import as_system, viewing
from avrop.ubl import gate
from avrop.ubl.documents import invoice_response
from avrop.ubl.rulesets import Registry
from tests.stories.purchase import Line, deliver, invoice_xml
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def registry(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Registry:
    """The official rules of the post-award documents, and UBL's schemas."""
    registry = Registry(tmp_path_factory.mktemp("rulesets"))
    for part in ("ubl/2.3", "peppol/postaward/2026.5"):
        registry.install(shared / "standards" / part)
    return registry


@pytest.fixture
def invoice(world: World) -> Invoice:
    deliver(invoice_xml(world.kontor, world.bremnes, [Line("1", "100.00", "X-1")]))
    with as_system(world.bremnes.id):
        return Invoice.objects.get()


def bodies(world: World) -> list[bytes]:
    with as_system(world.bremnes.id):
        rows = Message.objects.filter(direction="out", document_type="invoice_response").order_by("at", "id")
        return [bytes(row.body) for row in rows]


@pytest.mark.parametrize("code", operations.ANSWERS)
def test_every_answer_is_valid_under_schema_and_official_rules(world, invoice, registry, code: str) -> None:
    with as_system(world.bremnes.id):
        operations.answer(invoice_id=invoice.id, code=code, reason_code="PRI", reason="Prisen er for høg")
    (body,) = bodies(world)
    verdict = registry.judge(gate.admit(body).root)
    assert verdict.valid, verdict.findings


@pytest.mark.parametrize("reason", documents.BUYER_REASONS)
def test_every_reason_that_the_clerk_can_give_is_valid(world, invoice, registry, reason: str) -> None:
    with as_system(world.bremnes.id):
        operations.answer(invoice_id=invoice.id, code="RE", reason_code=reason)
    (body,) = bodies(world)
    assert registry.judge(gate.admit(body).root).valid


def test_it_names_the_invoice_the_reason_and_both_parties(world, invoice) -> None:
    with as_system(world.bremnes.id):
        operations.answer(invoice_id=invoice.id, code="RE", reason_code="PRI", reason="Prisen er for høg")
    response = invoice_response.read(gate.admit(bodies(world)[0]).root)
    assert (response.code, response.invoice_id, response.invoice_issue_date) == (
        "RE",
        "9001",
        invoice.issue_date,
    )
    assert [(one.code, one.reason) for one in response.statuses] == [("PRI", "Prisen er for høg")]
    assert str(response.sender.endpoint) == world.bremnes.endpoint
    assert str(response.receiver.endpoint) == world.kontor.endpoint


def test_the_same_answer_twice_is_sent_once_and_it_arrives(world, invoice) -> None:
    with as_system(world.bremnes.id):
        assert operations.answer(invoice_id=invoice.id, code="RE", reason_code="REF") is not None
        assert operations.answer(invoice_id=invoice.id, code="RE", reason_code="REF") is None
    run_until_idle()
    with as_system(world.kontor.id):
        inbound = Message.objects.filter(direction="in", document_type="invoice_response")
        assert inbound.count() == 1


def test_a_seller_without_an_address_in_the_network_becomes_a_case(world, invoice) -> None:
    with as_system(world.bremnes.id):
        Invoice.objects.update(seller_endpoint="")
        assert operations.answer(invoice_id=invoice.id, code="RE", reason_code="REF") is None
        assert Case.objects.filter(kind="answer_by_hand").count() == 1


def test_a_person_may_not_answer_a_valid_invoice_around_its_match(world, invoice) -> None:
    with viewing(world.viewer("fakta")), pytest.raises(Refusal, match="INVOICE_ANSWERED_BY_MATCH"):
        operations.answer(invoice_id=invoice.id, code="RE", reason_code="REF")
    with viewing(world.viewer("berit")), pytest.raises(Refusal, match="INVOICE_CLERK_ONLY"):
        operations.answer(invoice_id=invoice.id, code="RE", reason_code="REF")
    with as_system(world.bremnes.id), pytest.raises(Refusal, match="INVOICE_ANSWER_CODE"):
        operations.answer(invoice_id=invoice.id, code="XX")
