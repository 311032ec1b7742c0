"""What a person may and may not decide about a match."""

from __future__ import annotations

from uuid import UUID

import pytest

from avrop.invoicing.models import Invoice
from avrop.journal import audit
from avrop.journal.models import Case
from avrop.journal.worker import run_until_idle
from avrop.kernel.finding import Refusal
from avrop.matching import operations, queries
from avrop.matching.models import Deviation, Match, PreApproval
from avrop.ordering.models import Order
from avrop.tenancy.models import Mandate
from avrop.tenancy.scope import as_system, viewing
from tests.stories.purchase import Line, Purchase, deliver, invoice_xml, ordered
from tests.world import World

pytestmark = pytest.mark.django_db


def received(world: World, *, bill: Line, **more) -> Purchase:
    """10 boxes of paper, received; then an invoice."""
    purchase = ordered(world, ("papir", 10))
    purchase.receive()
    deliver(invoice_xml(world.kontor, world.bremnes, [bill], order=purchase.number, **more))
    return purchase


def the_match(world: World) -> Match:
    with as_system(world.bremnes.id):
        return Match.objects.get()


def accept(world: World, login: str, comment: str = "Avtalt") -> None:
    with viewing(world.viewer(login)):
        operations.accept_deviations(match_id=the_match(world).id, comment=comment)
    run_until_idle()


PAPER = Line("10", "52.90", "40-2210", order_line="1")
DEAR = Line("10", "60.00", "40-2210", order_line="1")


def test_an_unknown_account_stops_everybody(world) -> None:
    received(world, bill=PAPER, account="15032080119")
    assert the_match(world).state == "deviation"
    for login in ("fakta", "radmann"):
        with pytest.raises(Refusal, match="HARD_STOP_BANK_ACCOUNT"):
            accept(world, login)
    with as_system(world.bremnes.id):
        assert Deviation.objects.get().owner_role == "vendor_master"


def test_a_known_account_written_as_iban_is_the_same_account(world) -> None:
    assert received(world, bill=PAPER, account="NO93 8601 1117 947").states() == ["approved"]


def test_an_unknown_order_can_only_be_rejected(world) -> None:
    deliver(invoice_xml(world.kontor, world.bremnes, [PAPER], order="2026-99999"))
    with pytest.raises(Refusal, match="HARD_STOP_UNKNOWN_ORDER"):
        accept(world, "radmann")
    with viewing(world.viewer("fakta")):
        operations.reject_invoice(match_id=the_match(world).id, reason_code="REF")
    run_until_idle()
    assert the_match(world).state == "rejected"


def test_a_comment_is_demanded(world) -> None:
    received(world, bill=DEAR)
    with pytest.raises(Refusal, match="MATCH_COMMENT"):
        accept(world, "fakta", "  ")


def test_the_mandate_must_cover_what_is_above_the_order_vat_included(world) -> None:
    received(world, bill=DEAR)  # 71.00 above, 88.75 with VAT
    with as_system(world.bremnes.id):
        Mandate.objects.filter(person=world.people["fakta"]).update(max_amount=8_874)
    with pytest.raises(Refusal, match="MATCH_MANDATE"):
        accept(world, "fakta")
    with as_system(world.bremnes.id):
        Mandate.objects.filter(person=world.people["fakta"]).update(max_amount=8_875)
    accept(world, "fakta")
    assert the_match(world).state == "approved"


def test_without_preapproval_a_small_mandate_accepts_and_the_approver_still_approves(world) -> None:
    with as_system(world.bremnes.id):
        PreApproval.objects.all().delete()
        Mandate.objects.filter(person=world.people["fakta"]).update(max_amount=10_000)
    received(world, bill=DEAR)
    accept(world, "fakta")
    assert the_match(world).state == "matched"
    with viewing(world.viewer("rektor")):
        operations.approve_clean(match_ids=[the_match(world).id])
    assert the_match(world).approved_by == world.people["rektor"].id


def test_above_the_ceiling_of_the_preapproval_the_approver_must_click(world) -> None:
    with as_system(world.bremnes.id):
        PreApproval.objects.update(ceiling=66_124)
    received(world, bill=PAPER)  # 661.25
    assert the_match(world).state == "matched"


def test_a_touchless_approval_names_the_switch_that_let_it_through(world) -> None:
    received(world, bill=PAPER)
    row = the_match(world)
    assert (row.state, row.touched, row.approved_by) == ("approved", False, None)
    assert row.preapproval == "Økonomireglement §7"
    with as_system(world.bremnes.id):
        share = queries.touchless_since()
    assert (share.part, share.whole, share.basis_points) == (1, 1, 10_000)


def test_nobody_approves_their_own_purchase_or_without_the_role(world) -> None:
    with as_system(world.bremnes.id):
        PreApproval.objects.all().delete()
    received(world, bill=PAPER)
    ident = the_match(world).id
    for login, why in (
        ("berit", "MATCH_APPROVER_ONLY"),
        ("pleie", "MATCH_MANDATE"),
        ("rekna", "MATCH_APPROVER_ONLY"),
    ):
        with viewing(world.viewer(login)), pytest.raises(Refusal, match=why):
            operations.approve_clean(match_ids=[ident])
    with as_system(world.bremnes.id):
        Order.objects.update(requester_id=world.people["rektor"].id)
    with viewing(world.viewer("rektor")), pytest.raises(Refusal, match="MATCH_OWN_PURCHASE"):
        operations.approve_clean(match_ids=[ident])


def test_another_reason_needs_words_and_a_decided_invoice_stays_decided(world) -> None:
    received(world, bill=DEAR)
    ident = the_match(world).id
    with viewing(world.viewer("fakta")):
        with pytest.raises(Refusal, match="MATCH_REASON"):
            operations.reject_invoice(match_id=ident, reason_code="XYZ")
        with pytest.raises(Refusal, match="MATCH_COMMENT"):
            operations.reject_invoice(match_id=ident, reason_code="OTH")
        operations.reject_invoice(match_id=ident, reason_code="PRI")
        with pytest.raises(Refusal, match="MATCH_STATE"):
            operations.reject_invoice(match_id=ident, reason_code="PRI")
        with pytest.raises(Refusal, match="MATCH_STATE"):
            operations.accept_deviations(match_id=ident, comment="Avtalt")


def test_rejecting_one_invoice_frees_what_it_claimed_for_the_right_one(world) -> None:
    purchase = ordered(world, ("papir", 10))
    deliver(invoice_xml(world.kontor, world.bremnes, [DEAR], order=purchase.number, number="1"))
    deliver(invoice_xml(world.kontor, world.bremnes, [PAPER], order=purchase.number, number="2"))
    purchase.receive()
    assert purchase.states() == ["deviation", "deviation"]  # the second asks for what the first has claimed
    with as_system(world.bremnes.id):
        first = Match.objects.get(invoice__number="1")
    with viewing(world.viewer("fakta")):
        operations.reject_invoice(match_id=first.id, reason_code="PRI")
    run_until_idle()
    assert purchase.states() == ["rejected", "approved"]


def test_rejecting_an_invoice_without_order_closes_its_case(world) -> None:
    deliver(invoice_xml(world.kontor, world.bremnes, [PAPER]))
    with viewing(world.viewer("fakta")):
        operations.reject_invoice(
            match_id=the_match(world).id, reason_code="REF", reason="Ordrenummer manglar"
        )
    run_until_idle()
    with as_system(world.bremnes.id):
        case = Case.objects.get(kind="invoice_without_order")
        assert Invoice.objects.get().response_code == "RE"
    assert (case.state, case.closed_by) == ("closed", world.people["fakta"].id)


def test_handling_the_same_event_twice_changes_nothing(world) -> None:
    purchase = received(world, bill=PAPER)
    before = purchase.balance()
    with as_system(world.bremnes.id):
        operations.match_invoice(invoice_id=Invoice.objects.get().id)
        operations.rematch_order(order_id=purchase.order_id)
    assert purchase.balance() == before
    with as_system(world.bremnes.id):
        assert Match.objects.count() == 1


def test_the_chain_agrees_with_the_tables_after_every_kind_of_decision(world) -> None:
    received(world, bill=DEAR)
    accept(world, "fakta")
    report = audit.verify(covered=False)
    assert report.ok, report.places


def test_a_match_of_another_municipality_is_not_there(world) -> None:
    received(world, bill=DEAR)
    ident: UUID = the_match(world).id
    with viewing(world.viewer("finn", "fjell")), pytest.raises(Match.DoesNotExist):
        operations.accept_deviations(match_id=ident, comment="Avtalt")
    with viewing(world.viewer("finn", "fjell")), pytest.raises(Match.DoesNotExist):
        operations.approve_clean(match_ids=[ident])
