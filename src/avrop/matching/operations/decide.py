"""What a person decides: accept deviations within mandate, reject, or approve clean invoices in one click."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID

from avrop.invoicing import queries as invoicing
from avrop.invoicing.facts import InvoiceFacts
from avrop.journal.models import Case
from avrop.journal.operation import operation, work
from avrop.journal.within import record
from avrop.kernel.finding import Refusal
from avrop.matching import defaults, permissions, rules, states
from avrop.matching.events import DeviationsAccepted, InvoiceRejected
from avrop.matching.models import Deviation, Match
from avrop.matching.operations.gather import Gathered, gather, lock_and_read
from avrop.matching.operations.settle import settle
from avrop.matching.operations.write import approved, write_outcome
from avrop.ordering.facts import OrderFacts
from avrop.tenancy import queries as tenancy
from avrop.tenancy.facts import MandateFacts, UnitFacts
from avrop.tenancy.results import Answer
from avrop.tenancy.scope import viewer

# OPStatusReason codes that a buyer may give (T111)
REASONS = ("REF", "LEG", "REC", "QUA", "DEL", "PRI", "QTY", "ITM", "PAY", "UNR", "FIN", "OTH")


@operation
def accept_deviations(*, match_id: UUID, comment: str) -> None:
    """Accept every open deviation of a match, within the person's mandate for what is above the order.

    A missing receipt is not accepted by a click: the match then waits for it. Clean after that, the invoice
    is approved where a førehandstilvising or the person's own mandate covers all of it, else it waits for the
    approver. Raises Refusal: MATCH_STATE, MATCH_COMMENT, MATCH_HARD_STOP, MATCH_NEEDS_RECEIPT,
    MATCH_SUPPLIER_UNKNOWN, or what the permission says.
    """
    row, invoice, found = _open(match_id)
    if row.state != states.DEVIATION:
        raise Refusal("MATCH_STATE", number=invoice.number)
    if not comment.strip():
        raise Refusal("MATCH_COMMENT")
    mine = [one for one in found.deviations.get(row.id, []) if one.state == "open"]
    taken = _acceptable(mine)
    orders = found.orders_of(invoice)
    ask = Asker()
    _demand(ask.accept(orders, sum(one.amount for one in taken)))
    if invoice.supplier_id is None:
        raise Refusal("MATCH_SUPPLIER_UNKNOWN", seller=invoice.seller_name)
    who = viewer().person_id
    for one in taken:
        one.state, one.decided_by, one.decided_at, one.comment = "accepted", who, work().at, comment
        one.save(update_fields=["state", "decided_by", "decided_at", "comment"])
    outcome = rules.settle(found.open(), found.approved)[invoice.id]
    event = DeviationsAccepted(match_id=row.id, codes=tuple(sorted({one.code for one in taken})))
    whole = bool(ask.approve(orders, invoice.payable))
    write_outcome(found, invoice, outcome, by=who, approve=whole, first=[event], also=taken, reason=comment)


def _acceptable(mine: Iterable[Deviation]) -> list[Deviation]:
    kinds = defaults.kinds()
    taken = [one for one in mine if kinds[one.code].acceptable]
    stops = [one for one in mine if not kinds[one.code].acceptable and one.code != "NOT_RECEIVED"]
    if stops:
        raise Refusal(f"HARD_STOP_{stops[0].code}", found=stops[0].found, expected=stops[0].expected)
    if not taken:
        raise Refusal("MATCH_NEEDS_RECEIPT")
    return taken


@operation
def reject_invoice(*, match_id: UUID, reason_code: str, reason: str = "") -> None:
    """Reject the whole invoice; the seller gets an Invoice Response (T111) with the reason.

    `reason_code` is an OPStatusReason; OTH needs a text. Raises Refusal: MATCH_STATE, MATCH_REASON,
    MATCH_COMMENT, or what the permission says.
    """
    row, invoice, found = _open(match_id)
    if not states.may_move(row.state, states.REJECTED):
        raise Refusal("MATCH_STATE", number=invoice.number)
    _demand(permissions.may_reject(viewer()))
    if reason_code not in REASONS:
        raise Refusal("MATCH_REASON", reason=reason_code)
    if reason_code == "OTH" and not reason.strip():
        raise Refusal("MATCH_COMMENT")
    who = viewer().person_id
    mine = [one for one in found.deviations.get(row.id, []) if one.state == "open"]
    for one in mine:
        one.state, one.decided_by, one.decided_at, one.comment = "rejected", who, work().at, reason
        one.save(update_fields=["state", "decided_by", "decided_at", "comment"])
    row.state, row.touched, row.version = states.REJECTED, True, row.version + 1
    row.save(update_fields=["state", "touched", "version"])
    record(
        InvoiceRejected(invoice_id=invoice.id, reason_code=reason_code, reason=reason),
        tenant=row.buyer_id,
        stream=row.stream,
        subject=row,
        changed=[row, *mine, *_close_case(invoice, who, reason)],
        reason=reason,
    )
    found.matches.pop(invoice.id, None)
    found.invoices.pop(invoice.id, None)
    settle(found)  # what the rejected invoice had claimed is free for others


def _close_case(invoice: InvoiceFacts, who: UUID | None, outcome: str) -> list[Case]:
    subject = f"invoicing.Invoice:{invoice.id.hex}"
    cases = list(Case.objects.filter(subject=subject, kind="invoice_without_order", state="open"))
    for one in cases:
        one.state, one.closed_at, one.closed_by, one.outcome = "closed", work().at, who, outcome
        one.save(update_fields=["state", "closed_at", "closed_by", "outcome"])
    return cases


@operation
def approve_clean(*, match_ids: Sequence[UUID]) -> None:
    """Approve clean, received invoices: one click for many. All or none.

    Each is judged again, for an order may have changed since its match was written. Raises Refusal: MATCH_STATE,
    or what the permission says of the first that the person may not approve.
    """
    rows = {row.id: row for row in Match.objects.filter(id__in=set(match_ids)).order_by("id")}
    invoices = invoicing.invoices(row.invoice_id for row in rows.values())
    numbers = {n for one in invoices.values() for n in rules.order_numbers(one)}
    orders = lock_and_read({row.stream for row in rows.values()}, numbers)
    found, ask = gather(orders), Asker()
    for ident in sorted(set(match_ids)):
        if ident not in rows:
            raise Match.DoesNotExist(str(ident))
        invoice = invoices[rows[ident].invoice_id]
        row = found.matches.get(invoice.id)
        now = rules.settle(found.open(), found.approved).get(invoice.id)
        if row is None or now is None or not row.state == now.state == states.MATCHED:
            raise Refusal("MATCH_STATE", number=invoice.number)
        _demand(ask.approve(found.orders_of(invoice), invoice.payable))
        _approve(found, invoice, row)


def _approve(found: Gathered, invoice: InvoiceFacts, row: Match) -> None:
    row.touched, row.version = True, row.version + 1
    movements, event = approved(found, invoice, row, viewer().person_id)
    found.invoices.pop(invoice.id, None)  # no longer open: its claims are among the approved ones now
    row.save()
    record(event, tenant=row.buyer_id, stream=row.stream, subject=row, changed=[row, *movements])


class Asker:
    """Asks the permissions about the viewer; units and mandates are read once, when first needed."""

    def __init__(self) -> None:
        self._units: dict[UUID, UnitFacts] | None = None
        self._mandates: list[MandateFacts] = []

    def accept(self, orders: Iterable[OrderFacts], amount: int) -> Answer:
        """May the viewer accept `amount` øre above these orders?"""
        return self._ask(permissions.may_accept, orders, amount)

    def approve(self, orders: Iterable[OrderFacts], amount: int) -> Answer:
        """May the viewer approve an invoice of `amount` øre on these orders?"""
        return self._ask(permissions.may_approve, orders, amount)

    def _ask(self, rule: permissions.Rule, orders: Iterable[OrderFacts], amount: int) -> Answer:
        if self._units is None:
            self._units, self._mandates = tenancy.units(), tenancy.mandates()
        orders = list(orders)
        return rule(
            viewer(),
            requesters={order.requester_id for order in orders},
            units=[self._units[order.unit_id] for order in orders],
            mandates=self._mandates,
            amount=amount,
        )


def _demand(answer: Answer) -> None:
    if not answer:
        raise Refusal(answer.reason, **answer.params)  # type: ignore[union-attr]


def _open(match_id: UUID) -> tuple[Match, InvoiceFacts, Gathered]:
    """The match with its purchase locked and everything about it."""
    seen = Match.objects.get(id=match_id)
    invoice = invoicing.invoice(seen.invoice_id)
    orders = lock_and_read([seen.stream], rules.order_numbers(invoice))
    found = gather(orders, [] if orders else [invoice])
    row = found.matches.get(invoice.id) or Match.objects.select_for_update().get(id=match_id)
    found.matches[invoice.id] = row
    if row.state in states.OPEN:
        found.invoices[invoice.id] = invoice
        if row.id not in found.deviations:
            found.deviations[row.id] = list(Deviation.objects.filter(match_id=row.id))
    return row, invoice, found
