"""What stops an invoice for a while: a dispute, or a credit note that we ask the seller for."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from avrop.invoicing.facts import InvoiceFacts
from avrop.journal.operation import operation, work
from avrop.journal.within import record
from avrop.kernel.finding import Refusal
from avrop.kernel.ports import OSLO
from avrop.kernel.workdays import add_workdays
from avrop.matching import permissions, states
from avrop.matching.events import CreditAsked, InvoiceDisputed, InvoiceResumed
from avrop.matching.models import Match
from avrop.matching.operations.decide import check_reason, open_match
from avrop.matching.operations.gather import Gathered
from avrop.matching.operations.settle import Click, settle
from avrop.matching.operations.write import HELD_CASES, clerks_case, close_cases
from avrop.tenancy.results import demand
from avrop.tenancy.scope import viewer

# OPStatusAction: credit note for the whole invoice, for part of it, for an amount
FULLY, PARTLY, AMOUNT = "CNF", "CNP", "CNA"
ACTIONS = (FULLY, PARTLY, AMOUNT)
QUERY, CONDITION = "UQ", "CA"  # Invoice Response: under query, conditionally accepted
WORKDAYS = 10  # what a seller gets to answer in, unless the person says otherwise


@operation
def ask_for_credit(
    *,
    match_id: UUID,
    reason_code: str,
    action: str,
    amount: int,
    reason: str,
    due: date | None = None,
) -> None:
    """Ask the seller for a credit note (T111, UQ): the invoice waits for it, with a deadline and an owner.

    `action` is CNF, CNP or CNA; `amount` øre incl. VAT, at most what is to be paid. Raises Refusal:
    MATCH_STATE, MATCH_REASON, MATCH_COMMENT, CREDIT_ACTION, CREDIT_AMOUNT, HELD_DUE, or what the permission says.
    """
    row, invoice, found = _to_be_held(match_id)
    check_reason(reason_code, reason)
    if not reason.strip():
        raise Refusal("MATCH_COMMENT")
    if action not in ACTIONS:
        raise Refusal("CREDIT_ACTION", action=action)
    amount = invoice.payable if action == FULLY else amount
    if not 0 < amount <= invoice.payable:
        raise Refusal("CREDIT_AMOUNT", most=invoice.payable)
    row.asked = amount
    event = CreditAsked(
        invoice_id=invoice.id,
        reason_code=reason_code,
        action=action,
        amount=amount,
        reason=reason,
        question=_question(row),
    )
    _hold(row, invoice, states.AWAITING_CREDIT, reason, due, event, ("credit_awaited", "CREDIT_AWAITED"))
    settle(found)  # the credit note may be here already


@operation
def dispute(*, match_id: UUID, code: str, reason_code: str, reason: str, due: date | None = None) -> None:
    """Dispute an invoice (T111): UQ asks the seller to clear something up, CA accepts on a condition.

    Nothing is approved before somebody resumes it, or a credit note settles it. Raises Refusal: MATCH_STATE,
    MATCH_REASON, MATCH_COMMENT, DISPUTE_CODE, HELD_DUE, or what the permission says.
    """
    row, invoice, found = _to_be_held(match_id)
    check_reason(reason_code, reason)
    if not reason.strip():
        raise Refusal("MATCH_COMMENT")
    if code not in (QUERY, CONDITION):
        raise Refusal("DISPUTE_CODE")
    row.asked = 0
    event = InvoiceDisputed(
        invoice_id=invoice.id, code=code, reason_code=reason_code, reason=reason, question=_question(row)
    )
    _hold(row, invoice, states.DISPUTED, reason, due, event, ("invoice_disputed", "INVOICE_DISPUTED"))
    settle(found)


@operation
def resume(*, match_id: UUID, comment: str) -> None:
    """The dispute or the wait for a credit note is over: the invoice is judged as it stands.

    Raises Refusal: MATCH_STATE, MATCH_COMMENT, or what the permission says.
    """
    row, invoice, found = open_match(match_id)
    if row.state not in states.HELD:
        raise Refusal("MATCH_STATE", number=invoice.number)
    demand(permissions.may_hold(viewer()))
    if not comment.strip():
        raise Refusal("MATCH_COMMENT")
    who = viewer().person_id
    closed = close_cases(invoice.id, HELD_CASES, who, comment)
    row.state, row.held_due, row.held_reason, row.asked = states.DEVIATION, None, "", 0
    event = InvoiceResumed(invoice_id=invoice.id)
    settle(found, Click(invoice.id, who, False, (event,), closed, comment))


def _to_be_held(match_id: UUID) -> tuple[Match, InvoiceFacts, Gathered]:
    row, invoice, found = open_match(match_id)
    if invoice.sign < 0 or (not states.may_move(row.state, states.DISPUTED) and row.state != states.DISPUTED):
        raise Refusal("MATCH_STATE", number=invoice.number)
    demand(permissions.may_hold(viewer()))
    return row, invoice, found


def _question(row: Match) -> str:
    """Tells one question to the seller from the next."""
    return f"{row.id.hex}:{row.version + 1}"


def _hold(
    row: Match,
    invoice: InvoiceFacts,
    state: str,
    reason: str,
    due: date | None,
    event: object,
    case: tuple[str, str],
) -> None:
    day = work().at.astimezone(OSLO).date()
    if due is not None and due <= day:
        raise Refusal("HELD_DUE")
    who = viewer().person_id
    changed: list[Any] = close_cases(invoice.id, [*HELD_CASES, "invoice_without_order"], who, reason)
    row.state, row.touched, row.version = state, True, row.version + 1
    row.held_due, row.held_reason = due or add_workdays(day, WORKDAYS), reason
    row.save()
    one = clerks_case(invoice, *case)
    one.due = row.held_due
    one.save(update_fields=["due"])
    record(
        event,
        tenant=row.buyer_id,
        stream=row.stream,
        subject=row,
        changed=[row, one, *changed],
        reason=reason,
    )
