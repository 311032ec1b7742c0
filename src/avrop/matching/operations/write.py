"""Writes an outcome: the match's row, its deviations, the budget moves of an approval, and the entry."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from avrop.commitments import within as commitments
from avrop.invoicing.facts import InvoiceFacts
from avrop.journal.models import Case
from avrop.journal.operation import work
from avrop.journal.within import label, open_case, record
from avrop.kernel.finding import Refusal
from avrop.matching import rules, states
from avrop.matching.events import (
    CreditNoteWaits,
    InvoiceApproved,
    InvoiceAwaitsReceipt,
    InvoiceCredited,
    InvoiceDeviates,
    InvoiceMatched,
    InvoiceWithoutOrder,
)
from avrop.matching.facts import Allocation, LineMatch, Outcome
from avrop.matching.models import Match, MatchOrder
from avrop.matching.operations.deviations import bring_up_to_date
from avrop.matching.operations.gather import Gathered
from avrop.matching.rows import allocation_out, checks_in, checks_out, lines_in, lines_out
from avrop.matching.rules import costs
from avrop.tenancy.facts import INVOICE_CLERK

OWNERLESS = {
    states.WITHOUT_ORDER: "invoice_without_order",
    states.WITHOUT_ORIGINAL: "credit_without_original",
}
HELD_CASES = ("invoice_disputed", "credit_awaited")


def write_outcome(
    found: Gathered,
    invoice: InvoiceFacts,
    outcome: Outcome,
    *,
    by: UUID | None = None,
    approve: bool = False,
    first: Sequence[object] = (),
    also: Sequence[Any] = (),
    reason: str = "",
) -> None:
    """Bring the match of `invoice` in line with `outcome`; nothing is written where nothing changed.

    A clean one is approved where a switch covers it with the credit notes that go with it, or where `approve`
    says that a person (`by`) with mandate for all of it stands behind it. `first` are events recorded before
    the outcome's own, `also` rows that the caller wrote.
    """
    row = found.matches.get(invoice.id)
    if row is not None and by is None and _stands(row, outcome):
        return
    row = row or _new(found, invoice, outcome)
    before = "" if row._state.adding else row.state
    row.state, row.checks, row.lines = outcome.state, checks_out(outcome.checks), lines_out(outcome.lines)
    row.touched = row.touched or by is not None
    changed: list[Any] = [*also, *_cases(row, invoice, before)]
    event = _event(invoice, outcome)
    if outcome.state == states.MATCHED:
        stand_behind = _stands_behind(found, invoice, by if approve else None, approve)
        if stand_behind is not None:
            row.preapproval, person = stand_behind
            movements, event = approved(found, invoice, row, person)
            changed += movements
    _save(row, outcome)
    found.rows[invoice.id] = found.matches[invoice.id] = row  # it may have another round
    mine = found.deviations.setdefault(row.id, [])
    written = bring_up_to_date(row, outcome, mine)
    changed += written
    mine += [one for one in written if one not in mine]
    for one in (*first, event):
        record(
            one, tenant=row.buyer_id, stream=row.stream, subject=row, changed=[row, *changed], reason=reason
        )
    if row.state in states.DECIDED:
        found.close(invoice.id, row)


def _stands(row: Match, outcome: Outcome) -> bool:
    if row.state != outcome.state or len(row.checks) != len(outcome.checks):
        return False
    return checks_in(row.checks) == outcome.checks and lines_in(row.lines) == outcome.lines


def _stands_behind(
    found: Gathered, invoice: InvoiceFacts, by: UUID | None, approve: bool
) -> tuple[str, UUID | None] | None:
    """(reference of the switch, person) that lets a clean one through; None: it waits for a click."""
    if invoice.sign < 0:
        if any(ident in found.invoices for ident in invoice.credits):
            return None  # with its invoice, or not at all
        original = approved_with(found, invoice)
        if original is not None:
            return original.preapproval, original.approved_by
    if approve:
        return "", by
    if not invoice.payable:  # a bill of nothing is odd enough for a person's eye
        return None
    notes = 0 if invoice.sign < 0 else sum(note.payable for note in found.notes_of(invoice))
    switch = found.switch_for(max(0, invoice.payable - notes))
    return (switch.reference, None) if switch else None


def approved_with(found: Gathered, note: InvoiceFacts) -> Match | None:
    """The invoice that was approved together with its credit note, in this very operation."""
    row = found.rows.get(note.credits[0]) if len(note.credits) == 1 else None
    return row if row is not None and note.credits[0] in found.now_approved else None


def _new(found: Gathered, invoice: InvoiceFacts, outcome: Outcome) -> Match:
    orders = found.orders_of(invoice)
    return Match(
        buyer_id=invoice.buyer_id,
        invoice_id=invoice.id,
        stream=orders[0].stream if orders else invoice.stream,
        matched_at=work().at,
    )


def _save(row: Match, outcome: Outcome) -> None:
    fresh = row._state.adding
    had = set() if fresh else set(row.orders)
    row.version = row.version + (not fresh)
    row.orders = [one.hex for one in outcome.orders] or row.orders
    row.save(force_insert=fresh)
    index = [
        MatchOrder(buyer_id=row.buyer_id, match=row, order_id=one)
        for one in outcome.orders
        if one.hex not in had
    ]
    if index:
        MatchOrder.objects.bulk_create(index)


def approved(
    found: Gathered, invoice: InvoiceFacts, row: Match, by: UUID | None
) -> tuple[list[Any], InvoiceApproved]:
    """Approve a clean match: costs by coding, budget moves, who and when. Saves nothing but the movements."""
    if invoice.supplier_id is None:
        raise Refusal("MATCH_SUPPLIER_UNKNOWN", seller=invoice.seller_name)
    orders = found.orders_of(invoice)
    lines = _released(found, invoice, lines_in(row.lines))
    allocation = _allocation(found, invoice, lines)
    if not allocation:
        raise Refusal("MATCH_NOTHING_TO_CODE", number=invoice.number)
    _, movements = commitments.move(
        buyer_id=invoice.buyer_id, source=label(row), moves=costs.moves(allocation, lines, orders)
    )
    row.state, row.approved_by, row.approved_at = states.APPROVED, by, work().at
    row.lines, row.allocation = lines_out(lines), allocation_out(allocation)
    claims = rules.all_claims(lines)
    found.approved = rules.add_claims(found.approved, claims)
    found.now_approved.add(invoice.id)
    found.others[invoice.number] = lines
    ids = tuple(order.id for order in orders)
    full = rules.fully_invoiced(found.context(invoice), found.approved, ids)
    taken = {line.hex: [one.quantity, one.released, one.gone] for line, one in claims.items()}
    return list(movements), InvoiceApproved(invoice_id=invoice.id, orders=ids, full=full, taken=taken)


def _allocation(found: Gathered, invoice: InvoiceFacts, lines: Sequence[LineMatch]) -> tuple[Allocation, ...]:
    if invoice.sign > 0:
        return costs.allocate(invoice, lines, found.orders)
    return costs.take_back(invoice, lines, found.orders, found.basis(invoice))


def _released(found: Gathered, invoice: InvoiceFacts, lines: tuple[LineMatch, ...]) -> tuple[LineMatch, ...]:
    """What each line takes out of accrued and committed. Approved together, the invoice takes what is left.

    Its credit notes then move nothing there: what they credit was never taken.
    """
    orders = found.orders_of(invoice)
    if invoice.sign < 0 and approved_with(found, invoice) is not None:
        return lines
    if invoice.sign < 0:
        return costs.release(lines, found.approved, found.came, orders)
    credited: dict[str, int] = {}
    for note in found.notes_of(invoice):
        match = found.matches.get(note.id)
        fresh = found.fresh.get(note.id)
        for one in fresh.lines if fresh else (lines_in(match.lines) if match else ()):
            line = one.of.partition(":")[2]
            credited[line] = credited.get(line, 0) + one.quantity
    if not credited:
        return costs.release(lines, found.approved, found.came, orders)
    net = tuple(replace(one, quantity=one.quantity + credited.get(one.line, 0)) for one in lines)
    taken = costs.release(net, found.approved, found.came, orders)
    return tuple(replace(one, quantity=own.quantity) for one, own in zip(taken, lines, strict=True))


def _event(invoice: InvoiceFacts, outcome: Outcome) -> object:
    if outcome.state == states.WITHOUT_ORDER:
        return InvoiceWithoutOrder(invoice_id=invoice.id)
    if outcome.state == states.CREDITED:
        return InvoiceCredited(invoice_id=invoice.id)
    if outcome.state in (states.WITHOUT_ORIGINAL, states.AWAITING_ORIGINAL):
        return CreditNoteWaits(
            invoice_id=invoice.id, without_original=outcome.state == states.WITHOUT_ORIGINAL
        )
    if outcome.state == states.AWAITING_RECEIPT:
        return InvoiceAwaitsReceipt(invoice_id=invoice.id)
    if outcome.state in (states.DEVIATION, *states.HELD):
        codes = tuple(sorted({one.code for one in outcome.failed}))
        return InvoiceDeviates(invoice_id=invoice.id, codes=codes)
    return InvoiceMatched(invoice_id=invoice.id, orders=outcome.orders)


def _cases(row: Match, invoice: InvoiceFacts, before: str) -> list[Any]:
    """A case where nobody but the clerk can go on; closed where it no longer waits for that."""
    kind = OWNERLESS.get(row.state)
    changed: list[Any] = []
    if before != row.state and before in (*OWNERLESS, *states.HELD):
        kinds = [OWNERLESS[before]] if before in OWNERLESS else HELD_CASES
        changed += close_cases(invoice.id, kinds, None, row.state)
    if kind and before != row.state:
        reason = (
            "CREDIT_WITHOUT_ORIGINAL" if row.state == states.WITHOUT_ORIGINAL else "INVOICE_WITHOUT_ORDER"
        )
        changed.append(clerks_case(invoice, kind, reason))
    return changed


def clerks_case(invoice: InvoiceFacts, kind: str, reason: str, workdays: int = 3) -> Case:
    """A case about an invoice for the invoice clerk."""
    return open_case(
        tenant=invoice.buyer_id,
        kind=kind,
        subject=f"invoicing.Invoice:{invoice.id.hex}",
        reason=reason,
        params={"number": invoice.number, "seller": invoice.seller_name},
        owner_role=INVOICE_CLERK,
        workdays=workdays,
    )


def close_cases(invoice_id: UUID, kinds: Iterable[str], who: UUID | None, outcome: str) -> list[Case]:
    """Close the open cases of these kinds about an invoice. Returns them."""
    subject = f"invoicing.Invoice:{invoice_id.hex}"
    cases = list(Case.objects.filter(subject=subject, kind__in=list(kinds), state="open"))
    for one in cases:
        one.state, one.closed_at, one.closed_by, one.outcome = "closed", work().at, who, outcome
        one.save(update_fields=["state", "closed_at", "closed_by", "outcome"])
    return cases
