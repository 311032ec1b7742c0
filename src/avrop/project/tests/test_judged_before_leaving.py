"""Our own documents are judged by the official rules just before they leave; what breaks a rule stays here."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from lxml import etree

from avrop.approval import operations as approval
from avrop.approval import queries as approvals
from avrop.journal import audit, worker
from avrop.journal.models import Delivery
from avrop.journal.worker import run_until_idle
from avrop.kernel.finding import Refusal
from avrop.messaging import intake, jobs
from avrop.messaging.models import Message
from avrop.messaging.tests.envelopes import (
    STRANGER,
    answer_to_order,
    answers,
    by_id,
    cases,
    in_envelope,
    sent,
)
from avrop.ordering import operations as ordering
from avrop.ordering.models import Order
from avrop.portal.models import SalesInvoice
from avrop.project import standards
from avrop.requisition.tests.helpers import item_line, submitted
from avrop.tenancy.scope import as_system, everything, viewing
from avrop.ubl.gate import admit
from avrop.ubl.rulesets import Registry
from avrop.ubl.sbdh import unwrap
from tests.robot import Robot

LOG = "/o/bremnes/meldingar/"
WRONG_NUMBER = b"123456789"  # no check digit fits
R041 = "PEPPOL-COMMON-R041"  # a Norwegian organisation number must have the right check digit
RULE = """<schema xmlns="http://purl.oclc.org/dsdl/schematron" queryBinding="xslt2">
<ns prefix="cbc" uri="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"/>
<ns prefix="ubl" uri="urn:oasis:names:specification:ubl:schema:xsd:Order-2"/>
<ns prefix="xs" uri="http://www.w3.org/2001/XMLSchema"/>
<pattern><rule context="ubl:Order"><assert id="STOPS" test="xs:date(cbc:ID) gt xs:date('2000-01-01')"
 flag="fatal">stops</assert></rule></pattern></schema>"""


class Counting(Registry):
    """The real registry, which remembers what it was asked to judge."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.judged: list[str] = []

    def judge(self, root: Any, **more: Any) -> Any:
        """As the registry does."""
        verdict = super().judge(root, **more)
        self.judged.append(str(verdict.document_type))
        return verdict


@pytest.fixture
def official(settings, rules: Registry) -> Counting:
    """The official rules are installed; what they are asked is counted."""
    found = Counting(rules.folder)
    standards.use(settings.AVROP_DIR, found)
    return found


Change = Callable[[bytes], bytes]


def with_wrong_number(world) -> Change:
    """The supplier's number as an older version might have written it: with a check digit that is wrong."""
    return lambda body: body.replace(world.kontor.orgnr.encode(), WRONG_NUMBER)


def approved(world, change: Change | None = None) -> None:
    """An order for paper is approved and comes to the door; `change`: what stands in the queue is other bytes."""
    submitted(world, item_line(world, "papir", 10))
    with viewing(world.viewer("rektor")):
        (waiting,) = approvals.inbox()
        approval.approve(task_ids=[waiting.task.id], seen={waiting.task.id: waiting.task.content_hash})
    work(change)


def work(change: Change | None = None) -> None:
    """The worker's turn; each body that is about to leave is changed first."""
    while claims := worker.claim():
        for claimed in claims:
            if claimed.handler == "messaging.send" and change is not None:
                _rewrite(claimed.payload["message_id"], change)
            worker.deliver(claimed)


def _rewrite(message_id: Any, change: Change) -> None:
    with everything("tests"):
        waiting = Message.objects.get(id=message_id)
        changed = change(bytes(waiting.body or b""))
        assert changed != bytes(waiting.body or b"")
        Message.objects.filter(id=waiting.id).update(body=changed)


def the_order() -> Message:
    (found,) = sent(document_type="order")
    return found


def order_row() -> Order:
    with everything("tests"):
        return Order.objects.select_related("message").get()


def arrived(kind: str) -> list[Message]:
    with everything("tests"):
        return list(Message.objects.filter(direction="in", document_type=kind))


def page(world, who: str, address: str, language: str = "en") -> str:
    client = Client()
    client.force_login(world.people[who])
    client.cookies["avrop_language"] = language
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def ordering_page(name: str) -> str:
    return reverse(f"ordering:{name}", kwargs={"slug": "bremnes", "order_id": order_row().id})


def send_again(world, login: str = "berit", change: Change | None = None) -> None:
    with viewing(world.viewer(login)):
        ordering.send_again(order_id=order_row().id)
    work(change)


@pytest.mark.shared
def test_a_good_order_is_judged_once_and_leaves_and_both_sides_see_by_which_rules(world, official) -> None:
    approved(world)
    order = the_order()
    assert (order.state, order.rule_set, order.findings) == ("sent", "PEPPOLBIS-T01 2026.5", [])
    (got,) = arrived("order")
    assert (got.state, got.rule_set) == ("routed", "PEPPOLBIS-T01 2026.5")
    assert official.judged == ["order"]
    assert "PEPPOLBIS-T01 2026.5" in page(world, "lokal", f"{LOG}{order.id}/")


@pytest.mark.shared
def test_in_a_whole_purchase_each_document_is_judged_once(world, official) -> None:
    robot = Robot("Papir")
    robot.run()
    kinds = [one.document_type for one in sent()]
    assert sorted(official.judged) == sorted(kinds) and len(kinds) >= 3
    assert {(one.state, one.findings == []) for one in sent(document_type="invoice")} == {("sent", True)}
    (bill,) = arrived("invoice")
    assert bill.rule_set == "CEN-EN16931-UBL 2026.5 + PEPPOL-EN16931-UBL 2026.5"


@pytest.mark.shared
def test_an_order_that_breaks_a_rule_stays_with_a_case_and_leaves_when_the_number_is_mended(
    world, official
) -> None:
    wrong = with_wrong_number(world)
    approved(world, wrong)
    order = the_order()
    assert (order.state, order.reason, order.params["first"]) == ("failed", "NOT_LEFT", R041)
    assert arrived("order") == []
    (case,) = cases(order)
    assert (case.kind, case.owner_role, case.state) == ("bad_message", "buyer_admin", "open")

    for language, words in (
        ("en", "The document was not sent"),
        ("nn", "Dokumentet vart ikkje sendt"),
        ("nb", "Dokumentet ble ikke sendt"),
    ):
        shown = page(world, "lokal", f"{LOG}{order.id}/", language)
        assert words in shown and "av-findings" in shown
    before, _fold, behind = shown[shown.index("av-findings") :].partition("<details")
    assert "organisasjonsnummer" in before and R041 in behind
    assert "organisasjonsnummer" in page(world, "lokal", f"/o/bremnes/saker/{case.id}/", "nb")
    row = order_row()
    mine = page(world, "berit", ordering_page("order"))
    assert "The order could not be sent" in mine and "Send again" in mine

    send_again(world, change=wrong)
    assert the_order().state == "failed"  # nothing was mended
    assert sorted(one.state for one in cases(order)) == ["closed", "open"]
    client = Client()
    client.force_login(world.people["berit"])
    assert client.post(ordering_page("send_again")).status_code == 302
    run_until_idle()
    order = the_order()
    assert (order.state, order.reason, order.findings) == ("sent", "", [])
    assert {one.state for one in cases(order)} == {"closed"}
    (got,) = arrived("order")
    assert (got.state, got.number) == ("routed", row.number)
    with pytest.raises(Refusal, match="MESSAGE_NOT_FAILED"):
        send_again(world)
    assert audit.verify(covered=False).ok


@pytest.mark.shared
@pytest.mark.parametrize(
    ("old", "new", "reason", "first"),
    [
        (b">NO<", b">XX<", "NOT_LEFT", "PEPPOL-"),
        (b"<cbc:IssueDate>", b"<cbc:IssueDate>den ", "NOT_LEFT", "XSD"),
        (b"<cbc:ID>", b"<cbc:ID", "NOT_XML", ""),
    ],
)
def test_what_an_older_version_wrote_badly_stays_and_is_written_anew(
    world, official, old: bytes, new: bytes, reason: str, first: str
) -> None:
    approved(world, lambda body: body.replace(old, new))
    order = the_order()
    assert (order.state, order.reason) == ("failed", reason)
    assert str(order.params.get("first", "")).startswith(first)
    assert bool(order.findings) is bool(first) and len(cases(order)) == 1
    send_again(world)
    assert the_order().state == "sent"
    assert len(arrived("order")) == 1


def test_where_no_rules_are_installed_it_leaves_as_before(world) -> None:
    approved(world, lambda body: body.replace(b">NO<", b">XX<"))
    order = the_order()
    assert (order.state, order.rule_set, order.findings) == ("sent", "not installed", [])
    assert len(arrived("order")) == 1


@pytest.mark.shared
def test_a_warning_stops_nothing_and_is_kept_on_both_sides(world, official) -> None:
    approved(world, _without_validity)
    found = the_order()
    assert found.state == "sent"
    assert [(one["id"], one["severity"]) for one in found.findings] == [("PEPPOL-T01-R002", "warning")]
    (got,) = arrived("order")
    assert got.state == "routed" and got.findings == found.findings


def _without_validity(body: bytes) -> bytes:
    start, end = body.index(b"<cac:ValidityPeriod>"), body.index(b"</cac:ValidityPeriod>")
    return body[:start] + body[end + len(b"</cac:ValidityPeriod>") :]


def test_rules_that_stop_are_a_note_and_stop_no_purchase(world, settings, tmp_path) -> None:
    release = tmp_path / "2026.5" / "sch"
    release.mkdir(parents=True)
    (release / "PEPPOLBIS-T01.sch").write_text(RULE)
    registry = Registry(tmp_path / "r")
    registry.install(release.parent)
    standards.use(settings.AVROP_DIR, registry)
    approved(world)
    order = the_order()
    assert (order.state, order.rule_set) == ("sent", "PEPPOLBIS-T01 2026.5")
    assert [(one["id"], one["severity"]) for one in order.findings] == [("RULES-STOPPED", "warning")]
    (got,) = arrived("order")
    assert (got.state, got.findings) == ("routed", order.findings)


@pytest.mark.shared
def test_the_step_may_run_twice(world, official) -> None:
    approved(world, with_wrong_number(world))
    order = the_order()
    before = by_id(order.id)
    with as_system(order.owner_id):
        jobs.send(message_id=order.id, judge=standards.judge_today)
    assert by_id(order.id).done_at == before.done_at and len(cases(order)) == 1
    send_again(world)
    with as_system(order.owner_id):
        jobs.send(message_id=order.id, judge=standards.judge_today)
    assert the_order().state == "sent" and len(arrived("order")) == 1


@pytest.mark.shared
def test_a_cancelled_order_is_not_sent_again_and_nobody_elses_is(world, official) -> None:
    approved(world, with_wrong_number(world))
    with pytest.raises(Refusal, match="NOT_YOUR_ORDER"):
        send_again(world, "lokal")
    with viewing(world.viewer("berit")):
        ordering.cancel_order(order_id=order_row().id, reason="Ikkje lenger naudsynt")
    with pytest.raises(Refusal, match="ORDER_ENDED"):
        send_again(world)
    assert the_order().state == "failed" and arrived("order") == []


@pytest.mark.shared
def test_a_bill_that_breaks_a_rule_stays_and_what_it_billed_is_free(world, official) -> None:
    robot = Robot("Papir")
    for act in (robot.ask, robot.approve, robot.answer, robot.receive):
        act()
        run_until_idle()
    robot.invoice()
    work(with_wrong_number(world))
    (bill,) = sent(document_type="invoice")
    assert (bill.state, bill.reason) == ("failed", "NOT_LEFT")
    (case,) = cases(bill)
    assert case.owner_role == "supplier_user"
    assert arrived("invoice") == []
    assert SalesInvoice._base_manager.values_list("stopped", "released").get() == (True, True)


@pytest.mark.shared
def test_an_answer_that_breaks_a_rule_leads_to_no_other_answer(world, official) -> None:
    got = intake.receive(
        in_envelope(answer_to_order(world), STRANGER, world.bremnes.endpoint), transport="file"
    )
    run_until_idle()
    (answer,) = answers()
    body = jobs.originals().get(answer.sha256) if answer.sha256 else bytes(answer.body or b"")
    count = Message._base_manager.count()
    with as_system(answer.owner_id):
        Message.objects.filter(id=answer.id).update(
            state="queued", body=_payload(body).replace(b">RE<", b">XX<"), sha256=""
        )
        jobs.send(message_id=answer.id, judge=standards.judge_today)
    run_until_idle()
    answer = by_id(answer.id)
    assert (answer.state, answer.reason) == ("failed", "NOT_LEFT")
    assert Message._base_manager.count() == count
    assert not Delivery._base_manager.exclude(state="done").exists()
    assert [one.subject for one in cases(by_id(got.message_id))]  # somebody has the question open
    assert "NOT_LEFT" not in {one.reason for one in cases(answer)}


def _payload(raw: bytes) -> bytes:
    return etree.tostring(unwrap(admit(raw).root)[1])
