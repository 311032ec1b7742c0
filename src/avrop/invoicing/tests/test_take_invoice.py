"""An invoice comes in: who sent it, whether we have it, whether it may be paid; and nothing is lost."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from avrop.invoicing.models import Invoice, InvoiceLine
from avrop.journal.models import Case, Entry
from avrop.journal.worker import run_until_idle
from avrop.kernel.ports import originals
from avrop.matching import queries as matching
from avrop.messaging import intake
from avrop.messaging.models import Message
from avrop.tenancy.scope import as_system
from avrop.ubl import gate
from avrop.ubl.documents import invoice as bill
from tests.stories.purchase import Line, deliver, invoice_xml
from tests.world import World

pytestmark = pytest.mark.django_db
ONE = (Line("2", "100.00", "X-1", name="Vare"),)


def invoices(world: World) -> list[Invoice]:
    with as_system(world.bremnes.id):
        return list(Invoice.objects.order_by("received_at", "id"))


def test_a_valid_invoice_is_kept_with_seller_amounts_and_original(world) -> None:
    raw = invoice_xml(world.kontor, world.bremnes, ONE)
    deliver(raw)
    (row,) = invoices(world)
    assert (row.state, row.supplier_id, row.number) == ("valid", world.kontor.id, "9001")
    assert (row.net, row.vat, row.payable, row.bank_account) == (20_000, 5_000, 25_000, "86011117947")
    assert originals().get(row.sha256) == raw
    with as_system(world.bremnes.id):
        line = InvoiceLine.objects.get()
        message = Message.objects.get(id=row.message_id)
    assert (line.quantity, line.price, line.net, line.vat_rate) == (2_000_000, 100_000_000, 20_000, 2_500)
    assert (message.state, message.refers_to) == ("routed", f"invoicing.Invoice:{row.id.hex}")


def test_the_same_invoice_in_another_envelope_is_a_duplicate_and_nothing_is_paid_on_it(world) -> None:
    raw = invoice_xml(world.kontor, world.bremnes, ONE)
    deliver(raw)
    deliver(raw.replace(b"<cbc:BuyerReference>Berit", b"<cbc:BuyerReference>Kari"))
    assert [one.state for one in invoices(world)] == ["valid", "duplicate"]
    with as_system(world.bremnes.id):
        assert matching.outcome(invoices(world)[1].id)["state"] == "duplicate"
        assert matching.of_invoice(invoices(world)[1].id) is None


def test_the_same_number_after_our_rejection_is_not_a_duplicate(world) -> None:
    raw = invoice_xml(world.kontor, world.bremnes, ONE)
    deliver(raw)
    with as_system(world.bremnes.id):
        Invoice.objects.update(response_code="RE")
    deliver(raw.replace(b"<cbc:BuyerReference>Berit", b"<cbc:BuyerReference>Kari"))
    assert [one.state for one in invoices(world)] == ["valid", "valid"]


def test_another_amount_under_the_same_number_is_not_taken_for_the_same(world) -> None:
    deliver(invoice_xml(world.kontor, world.bremnes, ONE))
    deliver(invoice_xml(world.kontor, world.bremnes, [Line("3", "100.00", "X-1")]))
    assert [one.state for one in invoices(world)] == ["valid", "valid"]


def test_a_wrong_sum_makes_it_invalid_with_a_case_for_the_clerk_and_no_match(world) -> None:
    raw = invoice_xml(world.kontor, world.bremnes, ONE)
    to_pay = b'<cbc:PayableAmount currencyID="NOK">'
    deliver(raw.replace(to_pay + b"250.00", to_pay + b"251.00"))
    (row,) = invoices(world)
    assert row.state == "invalid"
    assert [one["id"] for one in row.findings if one["severity"] == "fatal"] == ["BR-CO-16"]
    with as_system(world.bremnes.id):
        case = Case.objects.get()
        assert matching.outcome(row.id) == {
            "state": "invalid",
            "order": [],
            "lines": [],
            "reason": "BR-CO-16",
        }
    assert (case.kind, case.owner_role, case.state) == ("invoice_invalid", "invoice_clerk", "open")
    assert case.due > case.opened_at.date()


def test_an_invoice_without_order_becomes_a_case_for_the_clerk(world) -> None:
    deliver(invoice_xml(world.kontor, world.bremnes, ONE))
    with as_system(world.bremnes.id):
        outcome = matching.outcome(invoices(world)[0].id)
        case = Case.objects.get()
    assert (outcome["state"], outcome["reason"]) == ("without_order", "INVOICE_WITHOUT_ORDER")
    assert (case.kind, case.owner_role) == ("invoice_without_order", "invoice_clerk")


def test_a_credit_note_is_taken_in_and_tied_to_the_invoice_that_it_names(world) -> None:
    deliver(invoice_xml(world.kontor, world.bremnes, ONE))
    named = [("9001", None)]
    deliver(invoice_xml(world.kontor, world.bremnes, ONE, number="K-1", credit_note=True, preceding=named))
    original, note = invoices(world)
    assert (note.kind, note.state, note.payable) == ("credit_note", "valid", 25_000)
    assert (note.credits, original.credited_by) == ([original.id.hex], [note.id.hex])
    assert note.stream == original.stream


def test_a_credit_note_whose_date_of_the_original_is_wrong_is_tied_to_nothing(world) -> None:
    deliver(invoice_xml(world.kontor, world.bremnes, ONE))
    named = [("9001", date(2020, 1, 1))]
    deliver(invoice_xml(world.kontor, world.bremnes, ONE, number="K-1", credit_note=True, preceding=named))
    assert [one.credits for one in invoices(world)] == [[], []]


def test_a_credit_note_of_another_seller_is_not_tied_to_an_invoice_of_the_same_number(world) -> None:
    deliver(invoice_xml(world.storhus, world.bremnes, ONE))
    named = [("9001", None)]
    deliver(invoice_xml(world.kontor, world.bremnes, ONE, number="K-1", credit_note=True, preceding=named))
    assert [one.credits for one in invoices(world)] == [[], []]


def test_a_seller_nobody_knows_is_kept_by_name(world) -> None:
    stranger = world.platform  # an organisation number that is no supplier's, taken out of the register
    raw = invoice_xml(stranger, world.bremnes, ONE).replace(stranger.orgnr.encode(), b"305218022")
    deliver(raw)
    (row,) = invoices(world)
    assert (row.state, row.supplier_id, row.seller_orgnr) == ("valid", None, "305218022")


def test_a_number_too_large_for_any_column_is_a_finding_and_not_a_crash(world) -> None:
    raw = invoice_xml(world.kontor, world.bremnes, [Line("999999999999999", "0.00", "X-1")])
    deliver(raw)
    (row,) = invoices(world)
    assert row.state == "invalid"
    assert "AVROP-TOO-LARGE" in [one["id"] for one in row.findings]


def test_every_official_example_of_invoice_and_credit_note_is_taken_in(world, shared: Path) -> None:
    folder = shared / "standards" / "peppol" / "billing"
    files = [*folder.glob("2026.5/examples/**/*.xml"), *folder.glob("2025.11/examples/**/*.xml")]
    taken = 0
    for path in files:
        root = gate.admit(path.read_bytes()).root
        if not root.tag.endswith(("}Invoice", "}CreditNote")):
            continue
        document = bill.read(root)
        ours = (document.buyer.endpoint.value, world.bremnes.orgnr)
        raw = path.read_bytes().replace(ours[0].encode(), ours[1].encode())
        received = intake.receive(raw, transport="file")
        taken += received.owner_id == world.bremnes.id
    run_until_idle()
    with as_system(world.bremnes.id):
        known = Invoice.objects.count()
        stuck = Message.objects.filter(direction="in", state="stored").count()
    assert stuck == 0
    assert taken == known
    assert Entry._base_manager.filter(event="journal.DeliveryParked").count() == 0


def test_taking_an_invoice_in_is_lean(world) -> None:
    raw = invoice_xml(world.kontor, world.bremnes, [Line(str(n), "10.00", f"X-{n}") for n in range(1, 21)])
    intake.receive(raw, transport="file")
    from avrop.journal.worker import claim, deliver

    (delivery,) = claim()
    with CaptureQueriesContext(
        connection,
    ) as seen:
        assert deliver(delivery)
    statements = [
        q for q in seen.captured_queries if not q["sql"].startswith(("SAVEPOINT", "RELEASE", "BEGIN"))
    ]
    assert len(statements) <= 14
