"""Writes on invoices: taking one in, and answering the seller."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db.models import Q

from avrop.invoicing import documents, states
from avrop.invoicing.events import InvoiceAnswered, InvoiceReceived, InvoiceSetAside
from avrop.invoicing.models import Invoice, InvoiceLine
from avrop.invoicing.permissions import may_answer
from avrop.invoicing.rules import only_to_read, state_of
from avrop.journal.operation import operation, work
from avrop.journal.within import label, lock_stream, open_case, record
from avrop.kernel.canonical import content_hash
from avrop.kernel.finding import Finding, Refusal, any_fatal
from avrop.kernel.ports import new_id, today
from avrop.messaging.within import enqueue, settle
from avrop.ordering import queries as ordering
from avrop.tenancy import queries as tenancy
from avrop.tenancy.facts import INVOICE_CLERK
from avrop.tenancy.results import Denied
from avrop.tenancy.scope import viewer
from avrop.ubl import checks
from avrop.ubl.documents import invoice as ubl
from avrop.ubl.documents import invoice_response as t111
from avrop.ubl.identify import document_type_id

ANSWERS = ("AB", "IP", "UQ", "CA", "RE", "AP", "PD")


@operation
def take_invoice(
    *,
    message_id: UUID,
    document: ubl.Invoice,
    findings: Sequence[Finding] = (),
    rule_set: str = "",
    valid: bool | None = True,
) -> UUID | None:
    """Take in an invoice that came by message, for the buyer who is the viewer.

    `findings` and `valid` are the official rules' (None: not installed); our own checks are made in any case.
    Returns the invoice's id, or None when the message was dealt with before.
    """
    buyer_id = _buyer()
    reading = documents.read_invoice(document)
    to_read = only_to_read(document)
    # Forward billing and the like are judged by their own rules, not by those of an invoice.
    own = () if to_read and not document.credit_note else checks.check_invoice(document)
    found = [*findings, *own, *reading.findings]
    header = reading.header
    stream = _stream(buyer_id, header, document)
    lock_stream(stream)
    # The same invoice may name its order in one copy and not in the other: then the streams differ.
    lock_stream("bill:" + _once(buyer_id, header))
    ident = new_id()
    state = state_of(
        fatal=valid is False or any_fatal(found),
        to_read=to_read,
        duplicate=_have_already(header),
    )
    message = settle(
        message_id=message_id,
        refers_to=f"{Invoice._meta.label}:{ident.hex}",
        outcome={"state": state, "invoice": ident.hex},
        findings=[_plain(one) for one in found],
        rule_set=rule_set,
    )
    if message is None:
        return None
    supplier = tenancy.party_by_orgnr(header["seller_orgnr"])
    row = Invoice(
        id=ident,
        buyer_id=buyer_id,
        message_id=message_id,
        sha256=message.sha256,
        stream=stream,
        supplier_id=supplier.id if supplier else None,
        state=state,
        findings=[_plain(one) for one in found],
        rule_set=rule_set,
        received_at=work().at,
        **header,
    )
    row.save(force_insert=True)
    lines = [InvoiceLine(buyer_id=buyer_id, invoice_id=ident, **fields) for fields in reading.lines]
    InvoiceLine.objects.bulk_create(lines)
    _tell(row, [row, *lines, message])
    return ident


def _buyer() -> UUID:
    organisation = viewer().organisation_id
    if organisation is None:
        raise RuntimeError("an invoice is taken in by its buyer")
    return organisation


def _stream(buyer_id: UUID, header: Mapping[str, Any], document: ubl.Invoice) -> str:
    """The purchase's stream where an order is named, else one that the same invoice sent twice shares."""
    named = [header["order_reference"], *(line.order_id or "" for line in document.lines)]
    numbers = sorted({number.strip() for number in named if number.strip()})
    orders = ordering.orders_by_numbers(numbers) if numbers else {}
    for number in [header["order_reference"], *numbers]:
        if number in orders:
            return orders[number].stream
    return "invoice:" + _once(buyer_id, header)


def _once(buyer_id: UUID, header: Mapping[str, Any]) -> str:
    return content_hash([buyer_id, header["seller_orgnr"], header["number"]])[:32]


def _have_already(header: Mapping[str, Any]) -> bool:
    """True for the same seller, number, date and amount; not after our rejection (Decision 10)."""
    same = Invoice.objects.filter(
        Q(state=states.VALID) | Q(state=states.FILED),
        seller_orgnr=header["seller_orgnr"],
        number=header["number"],
        issue_date=header["issue_date"],
        payable=header["payable"],
        kind=header["kind"],
    )
    return bool(same.exclude(response_code="RE").exists())


def _tell(row: Invoice, changed: list[Any]) -> None:
    if row.state == states.VALID:
        event: object = InvoiceReceived(invoice_id=row.id)
    else:
        event = InvoiceSetAside(invoice_id=row.id, state=row.state)
    if row.state == states.INVALID:
        changed.append(
            open_case(
                tenant=row.buyer_id,
                kind="invoice_invalid",
                subject=label(row),
                reason="INVOICE_INVALID",
                params={"number": row.number, "seller": row.seller_name},
                owner_role=INVOICE_CLERK,
            )
        )
    record(event, tenant=row.buyer_id, stream=row.stream, subject=row, changed=changed)


def _plain(finding: Any) -> dict[str, Any]:
    return dict(finding.as_dict() if isinstance(finding, Finding) else finding)


@operation
def answer(*, invoice_id: UUID, code: str, reason_code: str = "", reason: str = "") -> UUID | None:
    """Send the seller an Invoice Response (T111). The same answer twice is sent once.

    `code`: AB IP UQ CA RE AP PD; `reason_code` is an OPStatusReason. By a person: the invoice clerk, and only
    on an invoice that nobody will pay. Returns the message's id; None where nothing was sent.
    Raises Refusal INVOICE_ANSWER_CODE, NO_ENDPOINT, or what the permission says.
    """
    row = Invoice.objects.select_for_update().get(id=invoice_id)
    if viewer().person_id is not None:
        allowed = may_answer(viewer(), row.state)
        if isinstance(allowed, Denied):
            raise Refusal(allowed.reason)
    if code not in ANSWERS or (reason_code and reason_code not in documents.BUYER_REASONS):
        raise Refusal("INVOICE_ANSWER_CODE", answer=code)
    if row.response_code == code:
        return None
    reasons = _reasons(code, reason_code, reason)
    changed: list[Any] = [row]
    row.response_code = code
    row.save(update_fields=["response_code"])
    message = _send(row, code, reasons)
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


def _send(row: Invoice, code: str, reasons: Iterable[tuple[str, str]]) -> UUID | None:
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
    )
    message = enqueue(
        owner_id=row.buyer_id,
        receiver=row.seller_endpoint,
        sender=buyer.endpoint,
        document_type="invoice_response",
        document_type_id=document_type_id("ApplicationResponse", t111.CUSTOMIZATION),
        process_id=t111.PROFILE,
        number=str(ident),
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
