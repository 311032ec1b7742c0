"""An approved invoice or credit note becomes a posting."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from uuid import UUID

from avrop.accounting import defaults, rules
from avrop.accounting.events import PostingProposed
from avrop.accounting.facts import CREDIT_NOTE, INVOICE, PostingLineFacts
from avrop.accounting.models import Posting, PostingLine
from avrop.invoicing import queries as invoicing
from avrop.invoicing.facts import InvoiceFacts
from avrop.journal.operation import operation, work
from avrop.journal.rows import insert_if_new
from avrop.journal.within import record
from avrop.kernel.finding import Refusal
from avrop.matching import queries as matching
from avrop.matching.facts import Allocation
from avrop.suppliers import queries as suppliers
from avrop.suppliers.facts import Relation


@operation
def propose_posting(*, invoice_id: UUID) -> None:
    """A balanced posting of an approved invoice or credit note. There already, or not approved: nothing.

    Raises Refusal POSTING_UNBALANCED where the costs do not make up the invoice.
    """
    found = matching.approved(invoice_id)
    if found is None or not found[1]:
        return
    invoice, parts = found
    if invoice.supplier_id is None:
        raise Refusal("POSTING_UNBALANCED", number=invoice.number, rest=invoice.payable)
    lines = rules.post(invoice, parts, defaults.chart())
    posting = _posting(invoice, invoice.supplier_id, _relation(invoice), parts)
    if not insert_if_new(posting, ("invoice", "turn")):
        return
    rows = line_rows(posting, lines)
    PostingLine.objects.bulk_create(rows)
    record(
        PostingProposed(invoice_id=invoice_id, posting_id=posting.id),
        tenant=posting.buyer_id,
        stream=posting.stream,
        subject=posting,
        changed=[posting, *rows],
    )


def _relation(invoice: InvoiceFacts) -> Relation | None:
    """The relation; with its bank accounts only where the invoice names none."""
    supplier = invoice.supplier_id
    if supplier is None:
        return None
    if invoice.bank_account:
        return suppliers.terms([supplier]).get(supplier)
    return suppliers.relations([supplier]).get(supplier)


def _posting(
    invoice: InvoiceFacts, supplier_id: UUID, relation: Relation | None, parts: Sequence[Allocation]
) -> Posting:
    account = invoice.bank_account
    if not account and relation and len(relation.accounts) == 1:
        (account,) = relation.accounts  # matching let it through because only one account is known
    return Posting(
        buyer_id=invoice.buyer_id,
        invoice_id=invoice.id,
        kind=CREDIT_NOTE if invoice.sign < 0 else INVOICE,
        credits=_credited(invoice),
        parts=rules.parts_out(parts),
        stream=invoice.stream,
        supplier_id=supplier_id,
        supplier_no=relation.supplier_no if relation else "",
        invoice_number=invoice.number,
        invoice_date=invoice.issue_date,
        due_date=invoice.due_date or due(invoice.issue_date, relation),
        payable=invoice.sign * invoice.payable,
        payment_reference=invoice.payment_reference,
        bank_account=account,
        original=invoice.sha256,
        created_at=work().at,
    )


def _credited(invoice: InvoiceFacts) -> list[list[str]]:
    """(id, number) of the invoices that a credit note is about, so that the file can name them."""
    found = invoicing.invoices(invoice.credits)
    return [[one.hex, found[one].number] for one in invoice.credits if one in found]


def due(issued: date, relation: Relation | None) -> date:
    """The due date where the invoice gives none: by the supplier's terms, 30 days unless agreed otherwise."""
    return issued + timedelta(relation.payment_days if relation else 30)


def line_rows(posting: Posting, lines: Iterable[PostingLineFacts]) -> list[PostingLine]:
    """Unsaved rows for a posting's lines, in order."""
    return [_row(posting, position, one) for position, one in enumerate(lines, 1)]


def _row(posting: Posting, position: int, one: PostingLineFacts) -> PostingLine:
    return PostingLine(
        buyer_id=posting.buyer_id,
        posting=posting,
        position=position,
        kind=one.kind,
        account=one.account,
        responsibility=one.responsibility,
        function=one.function,
        project=one.project,
        vat_code=one.vat_code,
        amount=one.amount,
        text=one.text,
    )


def parts_of(posting: Posting) -> tuple[Allocation, ...]:
    """The costs a posting stands for; of a posting made before they were kept with it, its match's."""
    return rules.parts_in(posting.parts) or matching.allocation(posting.invoice_id)
