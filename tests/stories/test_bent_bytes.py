"""Whatever is done to a good document on its way, it is kept, and ends with a reason: nobody sees a fault of ours."""

from __future__ import annotations

import hashlib
import logging
from pathlib import Path
from uuid import UUID

import pytest
from django.urls import reverse

from avrop.invoicing.models import Invoice
from avrop.journal import audit, worker
from avrop.journal.models import Delivery
from avrop.kernel.ports import originals
from avrop.matching.queries import outcome
from avrop.messaging import intake
from avrop.messaging.models import Message
from avrop.portal.models import SalesOrder
from avrop.tenancy.scope import as_system, everything
from avrop.web.refusals import known
from tests.stories.bend import bend
from tests.stories.test_official_examples import readdressed

pytestmark = [pytest.mark.shared, pytest.mark.django_db]

INVOICES = "peppol/billing/2026.5/examples"
OTHERS = "peppol/postaward/2026.5/examples"
END = ("routed", "filed", "refused", "duplicate")


def good(shared: Path, world, place: str, kinds: tuple[str, ...]) -> list[bytes]:
    """Official examples with these root elements, sent to the small region."""
    made = [readdressed(path, world) for path in sorted((shared / "standards" / place).rglob("*.xml"))]
    return [raw for raw in made if raw and any(f":{kind}-2".encode() in raw[:2000] for kind in kinds)]


def deal_with(raw: bytes) -> Message:
    got = intake.receive(raw, transport="file")
    worker.run_until_idle()
    assert originals().get(hashlib.sha256(raw).hexdigest()) == raw
    with as_system(got.owner_id):
        return Message.objects.get(id=got.message_id)


def ends_well(message: Message, seed: int) -> None:
    assert message.state in END, (seed, message.state)
    if message.state == "refused":
        assert known(message.reason), (seed, message.reason)
    if message.refers_to.startswith("invoicing.Invoice:"):
        with as_system(message.owner_id):
            outcome(UUID(message.refers_to.partition(":")[2]))


def walk(examples: list[bytes], caplog, seeds: range) -> None:
    """Send them all, each bent in its own way, and look at what is left."""
    caplog.set_level(logging.WARNING)
    for seed in seeds:
        message = deal_with(bend(examples[seed % len(examples)], seed))
        assert not [r for r in caplog.records if r.exc_info], (seed, caplog.text[-3000:])
        ends_well(message, seed)
    with everything("the test looks"):
        assert not Delivery.objects.exclude(state="done").exists()
    # The small region itself was written past the journal; what came in was not.
    came = ("messaging.", "invoicing.", "matching.Match", "matching.Deviation", "journal.", "portal.Sales")
    assert [place for place in audit.verify().places if place.startswith(came)] == []


def look(client, world, most: int) -> None:
    """The pages of what came, as the one who must deal with it sees them."""
    for login, owner, lists in (
        ("fakta", world.bremnes, ("invoicing:list", "matching:deviations", "messaging:log", "journal:cases")),
        ("selma", world.kontor, ("portal:orders", "messaging:log")),
    ):
        client.force_login(world.people[login])
        with as_system(owner.id):
            rows = [("messaging:message", {"message_id": m.id}) for m in Message.objects.all()]
            rows += [("invoicing:invoice", {"invoice_id": i.id}) for i in Invoice.objects.all()]
            rows += [("portal:order", {"order_id": s.id}) for s in SalesOrder.objects.all()]
        for name, key in [*((one, {}) for one in lists), *rows[:: max(1, len(rows) // most)]]:
            page = client.get(reverse(name, kwargs={"slug": owner.slug, **key}))
            assert page.status_code == 200, (name, key)


def test_some_hundred_bent_invoices_all_end_with_a_reason(world, shared, client, caplog) -> None:
    walk(good(shared, world, INVOICES, BILLS), caplog, range(300))
    with as_system(world.bremnes.id):
        assert Invoice.objects.count() > 30
    look(client, world, 40)


def test_bent_orders_answers_and_catalogues_all_end_with_a_reason(world, shared, client, caplog) -> None:
    walk(good(shared, world, OTHERS, PAPERS), caplog, range(150))
    with as_system(world.kontor.id):
        assert SalesOrder.objects.exists()
    look(client, world, 40)


@pytest.mark.slow
@pytest.mark.parametrize("start", range(1000, 7000, 1000))
def test_thousands_of_bent_documents_all_end_with_a_reason(world, shared, client, caplog, start) -> None:
    walk(good(shared, world, INVOICES, BILLS), caplog, range(start, start + 700))
    walk(good(shared, world, OTHERS, PAPERS), caplog, range(start + 700, start + 1000))
    look(client, world, 300)


BILLS = ("Invoice", "CreditNote")
PAPERS = ("Order", "OrderResponse", "Catalogue", "ApplicationResponse")
