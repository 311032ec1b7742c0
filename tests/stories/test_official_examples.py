"""Every official example comes in: none is lost, none stops the queue, each ends in a state with a reason."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from django.urls import reverse
from lxml import etree

from avrop.invoicing.models import Invoice
from avrop.journal import worker
from avrop.journal.models import Case, Delivery
from avrop.kernel.ports import originals
from avrop.matching.queries import outcome
from avrop.messaging import intake
from avrop.messaging.facts import Received
from avrop.messaging.models import Message
from avrop.portal.models import SalesOrder
from avrop.project import standards
from avrop.tenancy.scope import as_system, everything
from avrop.ubl.rulesets import Registry
from avrop.web.refusals import explain, known

pytestmark = [pytest.mark.shared, pytest.mark.django_db]

CBC = "{urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2}"
CAC = "{urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2}"
# root element -> (where its receiver stands, who of the small region receives it)
RECEIVERS = {
    "Order": ("SellerSupplierParty/Party", "kontor"),
    "OrderChange": ("SellerSupplierParty/Party", "kontor"),
    "OrderCancellation": ("SellerSupplierParty/Party", "kontor"),
    "OrderResponse": ("BuyerCustomerParty/Party", "bremnes"),
    "Catalogue": ("ReceiverParty", "bremnes"),
    "Invoice": ("AccountingCustomerParty/Party", "bremnes"),
    "CreditNote": ("AccountingCustomerParty/Party", "bremnes"),
    "ApplicationResponse": ("ReceiverParty", "kontor"),
}
PLACES = ("peppol", "corpora", "en16931", "ehf", "ubl/2.1/examples")


def examples(shared: Path) -> Iterator[Path]:
    """Every XML file in the collection of official messages and test corpora, whatever it is."""
    for place in PLACES:
        yield from sorted((shared / "standards" / place).rglob("*.xml"))


def readdressed(path: Path, world) -> bytes | None:
    """The example, sent to somebody here instead; None where it is no document of these kinds."""
    try:
        root = etree.parse(str(path), etree.XMLParser(resolve_entities=False, no_network=True)).getroot()
    except etree.XMLSyntaxError:
        return None
    where, who = RECEIVERS.get(etree.QName(root).localname, ("", ""))
    party = root.find("/".join(CAC + step for step in where.split("/"))) if where else None
    if party is None:
        return None
    endpoint = party.find(f"{CBC}EndpointID")
    if endpoint is None:
        endpoint = etree.Element(f"{CBC}EndpointID")
        party.insert(0, endpoint)
    endpoint.set("schemeID", "0192")
    endpoint.text = getattr(world, who).orgnr
    return etree.tostring(root, encoding="utf-8", xml_declaration=True)


def take(raw: bytes) -> tuple[Received, Message]:
    """Receive and deal with it: the message as it ended."""
    got = intake.receive(raw, transport="file")
    worker.run_until_idle()
    with as_system(got.owner_id):
        return got, Message.objects.get(id=got.message_id)


def nothing_waits() -> bool:
    with everything("the test looks"):
        return not Delivery.objects.exclude(state="done").exists()


def cases(message: Message) -> int:
    with everything("the test looks"):
        return Case.objects.filter(subject=f"messaging.Message:{message.id.hex}").count()


def test_examples_between_strangers_are_kept_and_refused_with_a_reason(world, shared) -> None:
    count = 0
    for path in examples(shared):
        raw = path.read_bytes()
        got, message = take(raw)
        assert originals().get(hashlib.sha256(raw).hexdigest()) == raw, path
        assert message.state == "refused" and known(message.reason), path
        assert "%(" not in explain(message.reason, message.params), path
        assert got.repeated or cases(message) == 1
        count += 1
    assert nothing_waits()
    assert count > 900


def every_page_opens(client, world) -> None:
    """Each message, invoice and sales order that the examples became, as its owner sees it."""
    with everything("the test looks"):
        seen = [(m.owner_id, "messaging:message", {"message_id": m.id}) for m in Message.objects.all()]
        seen += [(i.buyer_id, "invoicing:invoice", {"invoice_id": i.id}) for i in Invoice.objects.all()]
        seen += [(s.seller_id, "portal:order", {"order_id": s.id}) for s in SalesOrder.objects.all()]
    owners = {world.bremnes.id: "fakta", world.kontor.id: "selma", world.platform.id: "drift"}
    slugs = {one.id: one.slug for one in (world.bremnes, world.kontor, world.platform)}
    for owner, name, key in seen:
        client.force_login(world.people[owners[owner]])
        page = client.get(reverse(name, kwargs={"slug": slugs[owner], **key}))
        assert page.status_code == 200, (name, key)


def test_examples_addressed_to_us_go_the_whole_way_and_end_with_a_reason(
    world, shared, settings, rules, client
) -> None:
    standards.use(settings.AVROP_DIR, rules)
    ends: Counter[tuple[str, str]] = Counter()
    for path in examples(shared):
        raw = readdressed(path, world)
        if raw is None:
            continue
        got, message = take(raw)
        assert originals().get(hashlib.sha256(raw).hexdigest()) == raw, path
        if message.state == "routed" and message.document_type in ("invoice", "credit_note"):
            with as_system(got.owner_id):
                end = outcome(UUID(message.refers_to.partition(":")[2]))
            assert end["state"] == "without_order" or end["reason"] or end["lines"], path
            ends[message.document_type, end["state"]] += 1
        else:
            assert message.state in ("routed", "filed", "refused", "duplicate"), (path, message.state)
            assert message.state in ("routed", "filed") or known(message.reason), (path, message.reason)
            ends[message.document_type, message.reason or message.state] += 1
    assert nothing_waits()
    reached = {("invoice", end) for end in ("without_order", "deviation", "duplicate", "invalid")}
    reached |= {
        ("credit_note", "without_original"),
        ("credit_note", "invalid"),
        ("order", "routed"),
        ("catalogue", "filed"),
    }
    reached |= {("order_response", "RESPONSE_UNKNOWN_ORDER"), ("invoice_response", "SALES_INVOICE_UNKNOWN")}
    reached |= {
        ("order_response_advanced", "RESPONSE_UNKNOWN_ORDER"),
        ("order_change", "CHANGE_OF_UNKNOWN_ORDER"),
        ("order_cancellation", "CHANGE_OF_UNKNOWN_ORDER"),
        ("message_level_response", "ANSWER_UNKNOWN"),
        ("message_level_status", "ANSWER_UNKNOWN"),
    }
    assert reached <= set(ends)
    assert not {end for _kind, end in ends} & {"received", "stored"}
    every_page_opens(client, world)


@pytest.fixture(scope="session")
def rules(shared: Path, tmp_path_factory) -> Registry:
    registry = Registry(tmp_path_factory.mktemp("rulesets"))
    for part in ("ubl/2.3", "peppol/billing/2026.5", "peppol/postaward/2026.5"):
        registry.install(shared / "standards" / part)
    return registry
