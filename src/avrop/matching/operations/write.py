"""Writes an outcome: the match's row, its deviations, the budget moves of an approval, and the entry."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from avrop.commitments import within as commitments
from avrop.invoicing.facts import InvoiceFacts
from avrop.journal.operation import work
from avrop.journal.within import label, open_case, record
from avrop.kernel.finding import Refusal
from avrop.kernel.ports import OSLO
from avrop.kernel.workdays import add_workdays
from avrop.matching import defaults, rules, states
from avrop.matching.events import (
    InvoiceApproved,
    InvoiceAwaitsReceipt,
    InvoiceDeviates,
    InvoiceMatched,
    InvoiceWithoutOrder,
)
from avrop.matching.facts import Check, Outcome
from avrop.matching.models import Deviation, Match, MatchOrder
from avrop.matching.operations.gather import Gathered
from avrop.matching.rows import allocation_out, checks_out, lines_in, lines_out
from avrop.matching.rules import costs
from avrop.tenancy.facts import INVOICE_CLERK


def write_outcome(
    found: Gathered,
    invoice: InvoiceFacts,
    outcome: Outcome,
    *,
    by: UUID | None = None,
    approve: bool = False,
    first: Sequence[object] = (),
    also: Sequence[Deviation] = (),
    reason: str = "",
) -> None:
    """Bring the match of `invoice` in line with `outcome`; nothing is written where nothing changed.

    `approve`: a person (`by`) with mandate for all of it stands behind a clean outcome, no switch is needed.
    `first` are events recorded before the outcome's own, `also` deviations that the caller wrote.
    """
    row = found.matches.get(invoice.id)
    stored = (row.state, row.checks, row.lines) if row else None
    checks, lines = checks_out(outcome.checks), lines_out(outcome.lines)
    if stored == (outcome.state, checks, lines) and by is None:
        return
    row = row or _new(found, invoice, outcome)
    row.state, row.checks, row.lines = outcome.state, checks, lines
    row.touched = row.touched or by is not None
    changed: list[Any] = list(also)
    event = _event(invoice, outcome)
    if outcome.state == states.WITHOUT_ORDER:
        changed.append(_case(invoice))
    if outcome.state == states.MATCHED:
        switch = found.switch_for(invoice.payable)
        if approve or switch:
            row.preapproval = "" if approve or switch is None else switch.reference
            movements, event = approved(found, invoice, row, by if approve else None)
            changed += movements
    _save(row, outcome)
    changed += _deviations(row, outcome, found)
    for one in (*first, event):
        record(
            one, tenant=row.buyer_id, stream=row.stream, subject=row, changed=[row, *changed], reason=reason
        )


def _new(found: Gathered, invoice: InvoiceFacts, outcome: Outcome) -> Match:
    orders = found.orders_of(invoice)
    return Match(
        buyer_id=invoice.buyer_id,
        invoice_id=invoice.id,
        stream=orders[0].stream if orders else invoice.stream,
        orders=[one.hex for one in outcome.orders],
        matched_at=work().at,
    )


def _save(row: Match, outcome: Outcome) -> None:
    row.version = row.version + (not row._state.adding)
    if not row._state.adding:
        row.save()
        return
    row.save(force_insert=True)
    index = [MatchOrder(buyer_id=row.buyer_id, match=row, order_id=one) for one in outcome.orders]
    if index:
        MatchOrder.objects.bulk_create(index)


def approved(
    found: Gathered, invoice: InvoiceFacts, row: Match, by: UUID | None
) -> tuple[list[Any], InvoiceApproved]:
    """Approve a clean match: costs by coding, budget moves, who and when. Saves nothing but the movements."""
    if invoice.supplier_id is None:
        raise Refusal("MATCH_SUPPLIER_UNKNOWN", seller=invoice.seller_name)
    orders = found.orders_of(invoice)
    lines = costs.release(lines_in(row.lines), found.approved, found.came, orders)
    allocation = costs.allocate(invoice, lines, found.orders)
    _, movements = commitments.move(
        buyer_id=invoice.buyer_id, source=label(row), moves=costs.moves(allocation, lines, orders)
    )
    row.state, row.approved_by, row.approved_at = states.APPROVED, by, work().at
    row.lines, row.allocation = lines_out(lines), allocation_out(allocation)
    claims = rules.all_claims(lines)
    found.approved = rules.add_claims(found.approved, claims)
    ids = tuple(UUID(one) for one in row.orders)
    full = rules.fully_invoiced(found.context(invoice), found.approved, ids)
    taken = {line.hex: [one.quantity, one.released] for line, one in claims.items()}
    return list(movements), InvoiceApproved(invoice_id=invoice.id, orders=ids, full=full, taken=taken)


def _event(invoice: InvoiceFacts, outcome: Outcome) -> object:
    if outcome.state == states.WITHOUT_ORDER:
        return InvoiceWithoutOrder(invoice_id=invoice.id)
    if outcome.state == states.AWAITING_RECEIPT:
        return InvoiceAwaitsReceipt(invoice_id=invoice.id)
    if outcome.state == states.DEVIATION:
        codes = tuple(sorted({one.code for one in outcome.failed}))
        return InvoiceDeviates(invoice_id=invoice.id, codes=codes)
    return InvoiceMatched(invoice_id=invoice.id, orders=outcome.orders)


def _case(invoice: InvoiceFacts) -> Any:
    return open_case(
        tenant=invoice.buyer_id,
        kind="invoice_without_order",
        subject=f"invoicing.Invoice:{invoice.id.hex}",
        reason="INVOICE_WITHOUT_ORDER",
        params={"number": invoice.number, "seller": invoice.seller_name},
        owner_role=INVOICE_CLERK,
    )


def _deviations(row: Match, outcome: Outcome, found: Gathered) -> list[Deviation]:
    """Open what is new, mend the numbers of what stays, resolve what is gone. Returns what was written."""
    failing = rules.failing(outcome.checks)
    mine = found.deviations.get(row.id, [])
    standing = {(one.code, one.line): one for one in mine if one.state in ("open", "accepted")}
    changed, fresh = [], []
    for key, group in failing.items():
        numbers = _numbers(group)
        one = standing.get(key)
        if one is None or (one.state == "accepted" and numbers["amount"] > one.amount):
            fresh.append(_deviation(row, key, numbers))
        elif one.state == "open" and any(getattr(one, name) != value for name, value in numbers.items()):
            for name, value in numbers.items():
                setattr(one, name, value)
            one.save(update_fields=list(numbers))
            changed.append(one)
    for key, one in standing.items():
        if one.state == "open" and key not in failing:
            one.state, one.decided_at = "resolved", work().at
            one.save(update_fields=["state", "decided_at"])
            changed.append(one)
    if fresh:
        Deviation.objects.bulk_create(fresh)
    return [*changed, *fresh]


def _numbers(group: Sequence[Check]) -> dict[str, Any]:
    return {
        "expected": "; ".join(one.expected for one in group)[:100],
        "found": "; ".join(one.found for one in group)[:100],
        "amount": sum(one.stake for one in group),
    }


def _deviation(row: Match, key: tuple[str, str], numbers: dict[str, Any]) -> Deviation:
    kind = defaults.kinds()[key[0]]
    return Deviation(
        buyer_id=row.buyer_id,
        match=row,
        code=key[0],
        line=key[1],
        owner_role=kind.owner_role,
        due=add_workdays(work().at.astimezone(OSLO).date(), kind.workdays),
        opened_at=work().at,
        **numbers,
    )
