"""Good documents in bad envelopes; documents of odd size, type and attachment."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from uuid import UUID

from avrop.kernel.ports import now
from avrop.ubl import sbdh
from avrop.ubl.documents import invoice as bill
from avrop.ubl.identify import document_type_id
from tests.bad.bills import bill_of, numbers, swap
from tests.bad.made import Made, made
from tests.bad.scene import Scene
from tests.stories.purchase import Line


def wrapped(scene: Scene) -> Iterator[Made]:
    """All of them."""
    for part in (_envelopes, _bent_envelopes, _shapes, _types, _attachments):
        yield from part(scene)


def _envelopes(scene: Scene) -> Iterator[Made]:
    world, right = scene.world, _right(scene)
    for name, wrong in (
        ("right", {}),
        ("sender is another", {"sender": world.storhus.endpoint}),
        ("sender is unknown", {"sender": "0192:987654325"}),
        ("sender is empty", {"sender": " "}),
        ("sender is the buyer", {"sender": world.bremnes.endpoint}),
        ("receiver is another buyer", {"receiver": world.fjell.endpoint}),
        ("receiver is the sender", {"receiver": world.kontor.endpoint}),
        ("receiver is unknown", {"receiver": "0192:987654325"}),
        ("receiver is long", {"receiver": "0192:" + "9" * 5000}),
        ("type is an order's", {"document_type_id": "urn:x::Order##y::2.1"}),
        ("type is long", {"document_type_id": "urn:x::" + "y" * 5000}),
        ("process is another", {"process_id": "urn:x"}),
        ("instance is long", {"instance_id": "i" * 5000}),
        ("instance is blank", {"instance_id": " "}),
    ):
        yield made(
            f"envelope {name}",
            lambda w=wrong: sbdh.wrap(bill_of(scene), _header(right | w)),
            paid=name == "right",
        )


def _right(scene: Scene) -> dict[str, str]:
    """What the envelope of a good invoice says."""
    return {
        "sender": scene.world.kontor.endpoint,
        "receiver": scene.world.bremnes.endpoint,
        "document_type_id": document_type_id("Invoice", bill.CUSTOMIZATION),
        "process_id": bill.PROFILE,
    }


def _bent_envelopes(scene: Scene) -> Iterator[Made]:
    right = _right(scene)
    inner = lambda: sbdh.wrap(bill_of(scene), _header(right))  # noqa: E731
    yield made("envelope in an envelope", lambda: sbdh.wrap(inner(), _header(right)), paid=False)
    yield made(
        "envelope without document", lambda: re.sub(rb"<Invoice.*</Invoice>", b"", inner(), flags=re.S)
    )
    yield made(
        "envelope without header",
        lambda: re.sub(rb"<StandardBusinessDocumentHeader.*Header>", b"", inner(), flags=re.S),
    )
    yield made("header alone", lambda: re.sub(rb"</?StandardBusinessDocument[ >][^<]*", b"", inner()))
    for tag in (
        b"Sender",
        b"Receiver",
        b"InstanceIdentifier",
        b"CreationDateAndTime",
        b"BusinessScope",
        b"DocumentIdentification",
    ):
        yield made(
            f"envelope without {tag.decode()}",
            lambda t=tag: re.sub(b"<" + t + b">.*?</" + t + b">", b"", inner(), flags=re.S),
        )
        yield made(
            f"envelope with {tag.decode()} twice",
            lambda t=tag: re.sub(b"<" + t + b">.*?</" + t + b">", lambda m: m[0] * 2, inner(), flags=re.S),
        )
    yield made(
        "two documents in one envelope",
        lambda: re.sub(rb"<Invoice.*</Invoice>", lambda m: m[0] * 2, inner(), flags=re.S),
        paid=False,
    )
    for at in ("yesterday", "0001-01-01", "9999-12-31T23:59:59+14:00", "2026-11-23T25:00:00Z", "NaN"):
        yield made(
            f"envelope made {at}",
            lambda a=at: re.sub(rb"(<CreationDateAndTime>)[^<]*", rb"\g<1>" + a.encode(), inner()),
        )


def _header(fields: dict[str, str]) -> sbdh.Header:
    return sbdh.Header(**{"instance_id": str(UUID(int=next(numbers))), "created_at": now(), **fields})  # type: ignore[arg-type]


def _shapes(scene: Scene) -> Iterator[Made]:
    # A line costs a quarter of a millisecond, official rules included (2.7 s for 10,000); busy machines take more.
    for number, order in ((10_000, scene.open[-1]), (10_000, None), (3_000, scene.open[-2])):
        many = made(f"{number} lines, order {order}", _lines(scene, number, order=order), paid=False)
        yield replace(many, cpu=2.0 * max(1, number / 3_000))
    yield made("30,000 lines", _lines(scene, 30_000), "TOO_MANY_ELEMENTS", paid=False)
    yield made(
        "no lines",
        lambda: re.sub(rb"<cac:InvoiceLine>.*</cac:InvoiceLine>", b"", bill_of(scene), flags=re.S),
        paid=False,
    )


def _lines(scene: Scene, number: int, order: str | None = "") -> Callable[[], bytes]:
    return lambda: bill_of(scene, *[Line("1", "52.90", "40-2210", order_line="1")] * number, order=order)


def _types(scene: Scene) -> Iterator[Made]:
    for name, code in (
        ("credit note", "381"),
        ("debit note", "383"),
        ("partial", "326"),
        ("self-billed", "389"),
        ("nonsense", "999"),
    ):
        yield made(f"type {name}", lambda c=code: swap(bill_of(scene), "InvoiceTypeCode", c))
    yield made("credit note of nothing", lambda: bill_of(scene, credit_note=True, order=None), paid=False)
    yield made("credit note of an order not invoiced", lambda: bill_of(scene, credit_note=True), paid=False)
    big = Line("1000", "52.90", "40-2210", order_line="1")
    yield made(
        "credit note of a hundred times",
        lambda: bill_of(scene, big, credit_note=True, order=scene.orders["invoiced"]),
        paid=False,
    )


def _attachments(scene: Scene) -> Iterator[Made]:
    for name, content in (
        ("not base64", "@@@@"), ("one character", "A"), ("empty", ""),
        ("with blanks", "QU JD\n" * 400), ("a page", "PGh0bWw+" * 10),
    ):  # fmt: skip
        yield made(
            f"attachment {name}", lambda c=content: _attached(bill_of(scene), c, "a.pdf", "application/pdf")
        )
    for file in ("../../etc/passwd", "a.exe", "C:\\x", "", "x" * 900, "a\u202efdp.exe", "%s", "CON"):
        yield made(
            f"attachment named {file[:12]!r}",
            lambda f=file: _attached(bill_of(scene), "QUJD", f, "application/pdf"),
        )
    for mime in ("text/html", "image/svg+xml", "application/x-msdownload", "", "x" * 500, "text/xml"):
        yield made(f"attachment of {mime[:12]!r}", lambda m=mime: _attached(bill_of(scene), "QUJD", "a", m))
    for megabytes in (20, 74):  # the gate takes 75 MB of files
        yield made(
            f"an attachment of {megabytes} MB",
            lambda n=megabytes: _attached(bill_of(scene), "QUJD" * (n * 333_333), "a.pdf", "application/pdf"),
        )


def _attached(raw: bytes, content: str, name: str, mime: str) -> bytes:
    part = (
        "<cac:AdditionalDocumentReference><cbc:ID>1</cbc:ID><cac:Attachment>"
        f'<cbc:EmbeddedDocumentBinaryObject mimeCode="{mime}" filename="{name}">{content}'
        "</cbc:EmbeddedDocumentBinaryObject></cac:Attachment></cac:AdditionalDocumentReference>"
    )
    return raw.replace(b"<cac:AccountingSupplierParty>", part.encode() + b"<cac:AccountingSupplierParty>", 1)
