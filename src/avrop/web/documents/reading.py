"""Bytes that came or left -> what they say. Anything that can be parsed can be shown; what cannot says why."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _
from lxml import etree

from avrop.kernel.finding import Refusal
from avrop.ubl import identify
from avrop.ubl.codes import is_known, name_of
from avrop.ubl.documents import modelled
from avrop.ubl.findings import from_refusal, text_for
from avrop.ubl.gate import admit
from avrop.ubl.kinds import DocumentRefused
from avrop.ubl.location import short
from avrop.ubl.sbdh import unwrap
from avrop.web.documents import (
    agreement,
    cart,
    catalogue,
    despatch,
    generic,
    invoice,
    leftover,
    message,
    order,
    receipt,
    report,
    response,
    words,
)
from avrop.web.documents.attached import Attached, files_in
from avrop.web.documents.description import Description, Notice

Describer = Callable[[etree._Element, str], Description]


def _of(document_type: str, describe: Callable[[Any, str], Description]) -> Describer:
    """Read as the dataclass of a type, described, with what no table names at the end."""
    module = modelled(document_type)
    if module is None:  # a line below names a type that ubl does not read
        raise LookupError(document_type)

    def whole(root: etree._Element, kind: str) -> Description:
        one = module.read(root)
        described = describe(one, kind)
        rest = leftover.section_of(one)
        return replace(described, rest=(*described.rest, rest)) if rest else described

    return whole


# Document type (ubl/tables/documents.csv) -> how it is described. Others are shown element by element.
DESCRIBERS: dict[str, Describer] = {
    **{
        name: _of(name, invoice.describe)
        for name in (
            "invoice", "credit_note", "self_billed_invoice", "self_billed_credit_note", "forward_billing", "reminder",
            "payment_request",
        )
    },
    "legacy_invoice": _of("invoice", invoice.describe),
    "legacy_credit_note": _of("credit_note", invoice.describe),
    "order": _of("order", order.describe),
    "order_change": _of("order_change", order.describe),
    "order_cancellation": _of("order_cancellation", order.cancellation),
    "order_response": _of("order_response", response.order_response),
    "order_response_advanced": _of("order_response_advanced", response.order_response),
    "order_agreement": _of("order_agreement", agreement.describe),
    "catalogue": catalogue.describe,
    "catalogue_response": _of("catalogue_response", response.catalogue_response),
    "punch_out": _of("punch_out", cart.describe),
    "despatch_advice": _of("despatch_advice", despatch.describe),
    "advanced_despatch_advice": _of("despatch_advice", despatch.describe),
    "receipt_advice": _of("receipt_advice", receipt.describe),
    "invoice_response": _of("invoice_response", response.invoice_response),
    "message_level_response": _of("message_level_response", message.describe),
    "message_level_status": _of("message_level_status", message.describe),
    "end_user_statistics": _of("end_user_statistics", report.describe),
    "transaction_statistics": _of("transaction_statistics", report.describe),
}  # fmt: skip
# A document that does not say what it is by any identifier that we know: by its root, as a last resort.
_BY_ROOT = {"Invoice": "invoice", "CreditNote": "credit_note", "Order": "order", "Catalogue": "catalogue"}


@dataclass(frozen=True, slots=True)
class Document:
    """A document that could be parsed, with the files that lie in it."""

    root: etree._Element
    description: Description
    attached: tuple[Attached, ...]
    attached_in_all: int


def read(raw: bytes) -> Document:
    """What the bytes (a document, or an envelope with one in it) say, in the reader's language.

    Raises Refusal (the gate's codes, or an envelope's) where there is no document to show.
    """
    root = payload(raw)
    found, count = files_in(root)
    return Document(root, _describe(root), tuple(found), count)


def payload(raw: bytes) -> etree._Element:
    """The document itself, out of its envelope. Raises Refusal."""
    _header, root = unwrap(admit(raw).root)
    return root


def why_not(refusal: Refusal) -> str:
    """The reason that a document cannot be shown, in a sentence."""
    return text_for(from_refusal(refusal), words.language())


def _describe(root: etree._Element) -> Description:
    name = etree.QName(root).localname
    kind = identify.identify(root).document_type or _BY_ROOT.get(name, "")
    known = is_known("document_type", kind)
    title = name_of("document_type", kind, words.language()) if known else short(str(root.tag))
    title = title[:1].upper() + title[1:]
    describer = DESCRIBERS.get(kind)
    if describer is None:
        return generic.describe(root, title)
    try:
        return describer(root, title)
    except DocumentRefused as refusal:
        notice = Notice(
            "warning",
            _("The document does not follow its standard, and is shown as it is written"),
            why_not(refusal),
        )
        return generic.describe(root, title, (notice,))
