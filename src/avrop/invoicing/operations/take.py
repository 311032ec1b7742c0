"""Taking an invoice or credit note in: who sent it, whether we have it, what it is for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.db.models import Q

from avrop.invoicing import documents, rules, states
from avrop.invoicing.events import InvoiceReceived, InvoiceSetAside
from avrop.invoicing.facts import CREDIT_NOTE, INVOICE, Seen
from avrop.invoicing.models import Invoice, InvoiceLine
from avrop.invoicing.rules import number_key, only_to_read, state_of
from avrop.journal.operation import operation, work
from avrop.journal.rows import insert_all
from avrop.journal.within import label, lock_stream, open_case, record
from avrop.kernel.canonical import content_hash
from avrop.kernel.finding import Finding, any_fatal
from avrop.kernel.ports import new_id
from avrop.messaging.models import Message
from avrop.messaging.within import settle
from avrop.ordering import queries as ordering
from avrop.tenancy import queries as tenancy
from avrop.tenancy.facts import INVOICE_CLERK
from avrop.tenancy.scope import viewer
from avrop.ubl import checks
from avrop.ubl.documents import invoice as ubl


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
    read = _read(document, findings, valid)
    originals, stream = _locked(buyer_id, read.header, document)
    known = _known(read.header)
    seen = Seen(new_id(), *(read.header[name] for name in _SEEN[1:6]))
    earlier = [one for one in known if one.kind == seen.kind and one.key == seen.key]
    state = state_of(fatal=read.fatal, to_read=read.to_read, duplicate=rules.same_again(seen, earlier))
    message = settle(
        message_id=message_id,
        refers_to=f"{Invoice._meta.label}:{seen.id.hex}",
        outcome={"state": state, "invoice": seen.id.hex},
        findings=read.findings,
        rule_set=rule_set,
    )
    if message is None:
        return None
    row = _row(buyer_id, seen.id, message, state, read, stream)
    row.looks_like = rules.looks_like(seen, earlier) if state == states.VALID else None
    linked = _link(row, originals, any(one.kind == CREDIT_NOTE for one in known))
    row.save(force_insert=True)
    lines = [InvoiceLine(buyer_id=buyer_id, invoice_id=row.id, **fields) for fields in read.lines]
    insert_all(lines)
    _tell(row, [row, *lines, message, *linked])
    return row.id


@dataclass(frozen=True)
class _Read:
    """A document as the columns of our rows, and what is wrong with it."""

    header: dict[str, Any]
    lines: list[dict[str, Any]]
    findings: list[dict[str, Any]]
    to_read: bool
    fatal: bool


def _read(document: ubl.Invoice, findings: Sequence[Finding], valid: bool | None) -> _Read:
    """The document read, and judged by our own checks beside the official rules."""
    reading = documents.read_invoice(document)
    to_read = only_to_read(document)
    # Forward billing and the like are judged by their own rules, not by those of an invoice.
    own = () if to_read and not document.credit_note else checks.check_invoice(document)
    found = [*findings, *own, *reading.findings]
    return _Read(
        header=_keyed(reading.header),
        lines=reading.lines,
        findings=[_plain(one) for one in found],
        to_read=to_read,
        fatal=valid is False or any_fatal(found),
    )


def _locked(buyer_id: UUID, header: Mapping[str, Any], document: ubl.Invoice) -> tuple[list[Invoice], str]:
    """The originals of a credit note, and the stream of the purchase; both are ours until the end.

    The same invoice may come twice at once, or beside the credit note that names it: one at a time.
    """
    for key in sorted({header["number_key"], header["preceding_key"]} - {""}):
        lock_stream("bill:" + _once(buyer_id, header, key))
    originals = _originals(header)
    stream = _stream(buyer_id, header, document, originals)
    lock_stream(stream)
    return originals, stream


def _row(buyer_id: UUID, ident: UUID, message: Message, state: str, read: _Read, stream: str) -> Invoice:
    """The invoice's row, not saved yet."""
    supplier = tenancy.party_by_orgnr(read.header["seller_orgnr"])
    return Invoice(
        id=ident,
        buyer_id=buyer_id,
        message_id=message.id,
        sha256=message.sha256,
        stream=stream,
        supplier_id=supplier.id if supplier else None,
        state=state,
        findings=read.findings,
        rule_set=message.rule_set,
        received_at=work().at,
        **read.header,
    )


def _buyer() -> UUID:
    organisation = viewer().organisation_id
    if organisation is None:
        raise RuntimeError("an invoice is taken in by its buyer")
    return organisation


def _keyed(header: dict[str, Any]) -> dict[str, Any]:
    names = {"number_key": header["number"], "preceding_key": header["preceding"]}
    return {**header, **{name: number_key(number) if number else "" for name, number in names.items()}}


def _stream(
    buyer_id: UUID, header: Mapping[str, Any], document: ubl.Invoice, originals: Sequence[Invoice]
) -> str:
    """The purchase's stream where an order or an original is named, else one that the same invoice shares."""
    named = [header["order_reference"], *(line.order_id or "" for line in document.lines)]
    numbers = sorted({number.strip() for number in named if number.strip()})
    streams = ordering.streams_of(numbers)
    for number in [header["order_reference"], *numbers]:
        if number in streams:
            return streams[number]
    if originals:
        return str(originals[0].stream)
    return "invoice:" + _once(buyer_id, header, header["number"])


def _once(buyer_id: UUID, header: Mapping[str, Any], number: str) -> str:
    return content_hash([buyer_id, header["seller_orgnr"], number])[:32]


_SEEN = ("id", "kind", "number", "number_key", "issue_date", "payable", "response_code")


def _known(header: Mapping[str, Any]) -> list[Seen]:
    """The seller's documents under this number, as written or in disguise, and what names it. One statement."""
    alike = Q(number=header["number"]) | Q(number_key=header["number_key"])
    names_it = Q(kind=CREDIT_NOTE, preceding_key=header["number_key"])
    rows = Invoice.objects.filter(
        (alike & Q(kind=header["kind"])) | names_it,
        seller_orgnr=header["seller_orgnr"],
        state__in=(states.VALID, states.FILED),
    )
    found = [
        (Seen(*row[:7]), row[7]) for row in rows.order_by("received_at").values_list(*_SEEN, "credited_by")
    ]
    ids = {UUID(ident) for _, credits in found for ident in credits}
    if not ids:
        return [one for one, _ in found]
    amounts = dict(Invoice.objects.filter(id__in=ids, state=states.VALID).values_list("id", "payable"))
    return [
        replace(one, credited=sum(amounts.get(UUID(ident), 0) for ident in credits)) for one, credits in found
    ]


def _originals(header: Mapping[str, Any]) -> list[Invoice]:
    """The invoices that a credit note names (BT-25); of an invoice: none."""
    if header["kind"] != CREDIT_NOTE or not header["preceding_all"]:
        return []
    wanted = [documents.reference(one) for one in header["preceding_all"]]
    numbers = {one.number for one in wanted}
    named = Q(number__in=numbers) | Q(number_key__in={number_key(number) for number in numbers})
    rows = Invoice.objects.select_for_update().filter(
        named, seller_orgnr=header["seller_orgnr"], kind=INVOICE, state=states.VALID
    )
    mine = {row.id: row for row in rows.order_by("id")}
    seen = [Seen(*(getattr(row, name) for name in _SEEN)) for row in mine.values()]
    found = (rules.referred(one, seen) for one in wanted)
    return [mine[ident] for ident in dict.fromkeys(found) if ident]


def _link(row: Invoice, originals: Sequence[Invoice], named: bool) -> list[Invoice]:
    """Tie a credit note to its originals, or an invoice to credit notes that came before it. Returns those."""
    if row.state != states.VALID:
        return []
    if row.kind == CREDIT_NOTE:
        row.credits = [one.id.hex for one in originals]
        for one in originals:
            one.credited_by = [*one.credited_by, row.id.hex]
            one.save(update_fields=["credited_by"])
        return list(originals)
    waiting = _waiting(row) if named else []
    for note in waiting:
        note.credits = [row.id.hex]
        note.save(update_fields=["credits"])
    row.credited_by = [note.id.hex for note in waiting]
    return waiting


def _waiting(row: Invoice) -> list[Invoice]:
    """Credit notes without original that name this invoice, number and date."""
    rows = Invoice.objects.select_for_update().filter(
        seller_orgnr=row.seller_orgnr, preceding_key=row.number_key, kind=CREDIT_NOTE, state=states.VALID
    )
    seen = Seen(row.id, row.kind, row.number, row.number_key, row.issue_date, row.payable)
    found = [note for note in rows.order_by("id") if not note.credits]
    return [note for note in found if rules.referred(documents.reference(note.preceding_all[0]), [seen])]


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
