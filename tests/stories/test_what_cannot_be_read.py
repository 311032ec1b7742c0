"""Whatever comes in is kept, refused with one clear reason in the reader's language, and nothing else happens."""

from __future__ import annotations

import hashlib

import pytest
from django.urls import reverse
from django.utils import translation

from avrop.journal import worker
from avrop.journal.models import Case, Delivery
from avrop.kernel.ports import originals
from avrop.messaging import intake
from avrop.messaging.models import Message
from avrop.tenancy.scope import everything
from avrop.web.refusals import explain, known

CANARY = "the canary sings at midnight 7341"
INVOICE = (
    '<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"'
    ' xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"'
    ' xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2">'
    "<cbc:CustomizationID>{customization}</cbc:CustomizationID>"
    "<cbc:ProfileID>urn:fdc:peppol.eu:2017:poacc:billing:01:1.0</cbc:ProfileID>"
    "<cbc:ID>X1</cbc:ID>{more}<cac:AccountingCustomerParty><cac:Party>"
    '<cbc:EndpointID schemeID="0192">{receiver}</cbc:EndpointID>'
    "</cac:Party></cac:AccountingCustomerParty></Invoice>"
)
BILLING = "urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0"


def invoice(receiver: str, customization: str = BILLING, more: str = "") -> bytes:
    """An invoice that is too thin to be valid, for a receiver."""
    return INVOICE.format(receiver=receiver, customization=customization, more=more).encode()


def files(world, canary: str) -> dict[str, tuple[bytes, set[str]]]:
    """Name -> (bytes, the reasons of which one must be given)."""
    ours = world.bremnes.orgnr
    external = f'<!DOCTYPE x [<!ENTITY c SYSTEM "{canary}">]>'.encode()
    body = invoice(ours)
    return {
        "empty.xml": (b"", {"EMPTY"}),
        "broken.xml": (body[:-12], {"NOT_XML"}),
        "text.xml": (b"hello", {"NOT_XML"}),
        "a PDF.xml": (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj<<>>endobj", {"NOT_XML"}),
        "wrong root.xml": (b"<Hello xmlns='urn:x'/>", {"UNKNOWN_DOCUMENT", "UNKNOWN_RECEIVER"}),
        "doctype.xml": (b"<!DOCTYPE Invoice>" + body, {"DOCTYPE"}),
        "external entity.xml": (external + b"<x>&c;</x>", {"DOCTYPE"}),
        "external in utf-16.xml": ((external + b"<x>&c;</x>").decode().encode("utf-16"), {"DOCTYPE"}),
        "deep.xml": (b"<a>" * 5000 + b"</a>" * 5000, {"TOO_DEEP"}),
        "lying encoding.xml": (b"<?xml version='1.0' encoding='utf-8'?><a>\xe6\xf8</a>", {"ENCODING"}),
        "unknown encoding.xml": (b"<?xml version='1.0' encoding='klingon'?><a/>", {"ENCODING"}),
        "unknown customization.xml": (invoice(ours, "urn:unheard.of"), {"UNKNOWN_DOCUMENT"}),
        "unknown buyer.xml": (invoice("987654325"), {"UNKNOWN_RECEIVER"}),
        "bad number.xml": (
            invoice(ours, more="<cbc:LineCountNumeric>1e999</cbc:LineCountNumeric>"),
            {"MISSING", "BAD_NUMBER", "INVALID_DOCUMENT"},
        ),
    }


NAMES = [
    "empty.xml",
    "broken.xml",
    "text.xml",
    "a PDF.xml",
    "wrong root.xml",
    "doctype.xml",
    "external entity.xml",
    "external in utf-16.xml",
    "deep.xml",
    "lying encoding.xml",
    "unknown encoding.xml",
    "unknown customization.xml",
    "unknown buyer.xml",
    "bad number.xml",
]


@pytest.mark.parametrize("name", NAMES)
def test_the_file_is_kept_and_refused_with_one_clear_reason(world, tmp_path, client, name):
    secret = tmp_path / "canary.txt"
    secret.write_text(CANARY)
    raw, reasons = files(world, secret.as_uri())[name]
    got = intake.receive(raw, transport="file")
    worker.run_until_idle()
    assert originals().get(hashlib.sha256(raw).hexdigest()) == raw
    with everything("the test looks"):
        message = Message.objects.get(id=got.message_id)
        cases = list(Case.objects.filter(subject=f"messaging.Message:{message.id.hex}"))
        assert not Delivery.objects.exclude(state="done").exists()
    assert message.state == "refused"
    assert message.reason in reasons
    assert len(cases) == 1
    assert cases[0].owner_role in ("platform_operator", "invoice_clerk")
    for language in ("nn", "nb", "en"):
        with translation.override(language):
            assert known(message.reason)
            assert "%(" not in explain(message.reason, message.params)
    _pages_show_it_calmly(client, world, message)


def _pages_show_it_calmly(client, world, message) -> None:
    person, slug = ("fakta", "bremnes") if message.owner_id == world.bremnes.id else ("drift", "plattform")
    client.force_login(world.people[person])
    for address in (
        reverse("messaging:log", kwargs={"slug": slug}),
        reverse("messaging:message", kwargs={"slug": slug, "message_id": message.id}),
        reverse("journal:cases", kwargs={"slug": slug}),
    ):
        page = client.get(address)
        assert page.status_code == 200
        assert CANARY.encode() not in page.content
        assert b"Traceback" not in page.content


def test_the_same_bytes_again_get_the_same_answer(world):
    raw = invoice("987654325")
    first = intake.receive(raw, transport="file")
    again = intake.receive(raw, transport="file")
    assert again.message_id == first.message_id
    assert (again.state, again.reason, again.repeated) == (first.state, first.reason, True)


def test_another_content_under_the_same_envelope_id_is_kept_and_refused(world):
    from avrop.kernel.ports import now
    from avrop.ubl import sbdh

    at = now()

    def envelope(number: str) -> bytes:
        header = sbdh.Header(
            sender=world.kontor.endpoint,
            receiver=world.bremnes.endpoint,
            document_type_id="urn:x::Invoice##y::2.1",
            process_id="p",
            instance_id="the-same-id",
            created_at=at,
        )
        return sbdh.wrap(invoice(world.bremnes.orgnr).replace(b"X1", number.encode()), header)

    first = intake.receive(envelope("X1"), transport="file")
    other = intake.receive(envelope("X2"), transport="file")
    assert first.message_id != other.message_id
    assert (other.state, other.reason) == ("refused", "INSTANCE_REUSED")
    assert intake.receive(envelope("X2"), transport="file").message_id == other.message_id
