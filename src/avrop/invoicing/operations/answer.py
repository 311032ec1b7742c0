"""Answers to the seller: the Invoice Response (T111)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from avrop.invoicing import documents
from avrop.invoicing.events import InvoiceAnswered
from avrop.invoicing.models import Invoice
from avrop.invoicing.permissions import may_answer
from avrop.journal.operation import operation
from avrop.journal.within import label, open_case, record
from avrop.kernel.finding import Refusal
from avrop.kernel.ports import new_id, today
from avrop.messaging.within import enqueue
from avrop.tenancy import queries as tenancy
from avrop.tenancy.facts import INVOICE_CLERK
from avrop.tenancy.results import demand
from avrop.tenancy.scope import viewer
from avrop.ubl.documents import invoice_response as t111
from avrop.ubl.identify import document_type_id

ANSWERS = ("AB", "IP", "UQ", "CA", "RE", "AP", "PD")


@operation
def answer(
    *,
    invoice_id: UUID,
    code: str,
    reason_code: str = "",
    reason: str = "",
    action: str = "",
    question: str = "",
) -> UUID | None:
    """Send the seller an Invoice Response (T111). The same answer twice is sent once.

    `code`: AB IP UQ CA RE AP PD; `reason_code` is an OPStatusReason, `action` an OPStatusAction. UQ and CA may
    be sent several times: `question` tells one from the next. By a person: the invoice clerk, and only on an
    invoice that nobody will pay. Returns the message's id; None where nothing was sent.
    Raises Refusal INVOICE_ANSWER_CODE, or what the permission says.
    """
    row = Invoice.objects.select_for_update().get(id=invoice_id)
    if viewer().person_id is not None:
        demand(may_answer(viewer(), row.state))
    if (
        code not in ANSWERS
        or (reason_code and reason_code not in documents.BUYER_REASONS)
        or (action and action not in documents.ACTIONS)
    ):
        raise Refusal("INVOICE_ANSWER_CODE", answer=code)
    if row.response_code == code and row.response_key == question:
        return None
    reasons = _reasons(code, reason_code, reason)
    changed: list[Any] = [row]
    row.response_code, row.response_key = code, question
    row.save(update_fields=["response_code", "response_key"])
    message = _send(row, code, reasons, action)
    if message is None:
        changed.append(_by_hand(row, code))
    record(
        InvoiceAnswered(invoice_id=row.id, code=code),
        tenant=row.buyer_id,
        stream=row.stream,
        subject=row,
        changed=changed,
        reason=reason,
    )
    return message


def _reasons(code: str, reason_code: str, reason: str) -> list[tuple[str, str]]:
    if not (reason_code or reason) and code not in ("RE", "UQ", "CA"):
        return []
    return [(reason_code or "OTH", reason or "-")]


def _send(row: Invoice, code: str, reasons: Iterable[tuple[str, str]], action: str = "") -> UUID | None:
    if ":" not in row.seller_endpoint:
        return None
    buyer = tenancy.party(row.buyer_id)
    ident = new_id()
    body = documents.response_document(
        ident=ident,
        on=today(),
        buyer=buyer,
        seller_endpoint=row.seller_endpoint,
        seller_name=row.seller_name,
        invoice_number=row.number,
        invoice_date=row.issue_date,
        credit_note=row.kind == "credit_note",
        code=code,
        reasons=reasons,
        action=action,
    )
    message = enqueue(
        owner_id=row.buyer_id,
        receiver=row.seller_endpoint,
        sender=buyer.endpoint,
        document_type="invoice_response",
        document_type_id=document_type_id("ApplicationResponse", t111.CUSTOMIZATION),
        process_id=t111.PROFILE,
        number=row.number,  # what the log shows and is searched by; the response has its own
        refers_to=label(row),
        stream=row.stream,
        body=body,
    )
    return UUID(str(message.id))


def _by_hand(row: Invoice, code: str) -> Any:
    """The seller has no address in the network: somebody must tell them some other way."""
    return open_case(
        tenant=row.buyer_id,
        kind="answer_by_hand",
        subject=label(row),
        reason="ANSWER_BY_HAND",
        params={"number": row.number, "seller": row.seller_name, "code": code},
        owner_role=INVOICE_CLERK,
    )
