"""What a person decides: accept deviations within mandate, reject, or approve clean invoices in one click."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID

from avrop.invoicing import queries as invoicing
from avrop.invoicing.facts import InvoiceFacts
from avrop.journal.operation import operation
from avrop.journal.within import record
from avrop.kernel.finding import Refusal
from avrop.matching import defaults, permissions, rules, states
from avrop.matching.events import DeviationsAccepted, InvoiceRejected
from avrop.matching.models import Deviation, Match
from avrop.matching.operations.deviations import decide
from avrop.matching.operations.gather import Gathered, gather, lock_and_read
from avrop.matching.operations.settle import Click, read_tied, settle
from avrop.matching.operations.write import HELD_CASES, OWNERLESS, approved, close_cases
from avrop.ordering.facts import OrderFacts
from avrop.suppliers import queries as suppliers
from avrop.tenancy import queries as tenancy
from avrop.tenancy.facts import MandateFacts, UnitFacts
from avrop.tenancy.results import Answer, demand
from avrop.tenancy.scope import viewer

# OPStatusReason codes that a buyer may give (T111)
REASONS = ("REF", "LEG", "REC", "QUA", "DEL", "PRI", "QTY", "ITM", "PAY", "UNR", "FIN", "OTH")

TWIN = "DUPLICATE_SUSPECT"


@operation
def accept_deviations(*, match_id: UUID, comment: str) -> None:
    """Accept every open deviation of a match, within the person's mandate for what is above the order.

    A missing receipt is not accepted by a click: the match then waits for it. Clean after that, the invoice
    is approved where a førehandstilvising or the person's own mandate covers all of it, else it waits for the
    approver. Raises Refusal: MATCH_STATE, MATCH_COMMENT, HARD_STOP_*, MATCH_NEEDS_RECEIPT,
    MATCH_SUPPLIER_UNKNOWN, or what the permission says.
    """
    row, invoice, found = open_match(match_id)
    if row.state != states.DEVIATION:
        raise Refusal("MATCH_STATE", number=invoice.number)
    if not comment.strip():
        raise Refusal("MATCH_COMMENT")
    mine = [one for one in found.deviations.get(row.id, []) if one.state == "open"]
    taken = _acceptable(mine)
    orders = found.orders_of(invoice)
    ask = Asker()
    demand(ask.accept(orders, sum(one.amount for one in taken), invoice.id))
    if invoice.supplier_id is None:
        raise Refusal("MATCH_SUPPLIER_UNKNOWN", seller=invoice.seller_name)
    who = viewer().person_id
    decide(taken, "accepted", who, comment)
    event = DeviationsAccepted(match_id=row.id, codes=tuple(sorted({one.code for one in taken})))
    whole = bool(ask.approve(orders, to_pay(found, invoice), invoice.id))
    settle(found, Click(invoice.id, who, whole, (event,), taken, comment))


def to_pay(found: Gathered, invoice: InvoiceFacts) -> int:
    """What an approval pays, øre: the invoice less the credit notes that are approved with it."""
    if invoice.sign < 0:
        return 0
    return invoice.payable - sum(note.payable for note in found.notes_of(invoice))


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
def not_a_duplicate(*, match_id: UUID, reason: str) -> None:
    """Say that an invoice which looks like another is one of its own; it is judged on from there.

    Raises Refusal: MATCH_STATE, MATCH_COMMENT, or what the permission says.
    """
    row, invoice, found = open_match(match_id)
    mine = [one for one in found.deviations.get(row.id, []) if one.state == "open"]
    mine = [one for one in mine if one.code == TWIN]
    if not mine:
        raise Refusal("MATCH_STATE", number=invoice.number)
    if not reason.strip():
        raise Refusal("MATCH_COMMENT")
    demand(Asker().accept(found.orders_of(invoice), 0, invoice.id))
    who = viewer().person_id
    decide(mine, "accepted", who, reason)
    event = DeviationsAccepted(match_id=row.id, codes=(TWIN,))
    settle(found, Click(invoice.id, who, False, (event,), mine, reason))


@operation
def reject_duplicate(*, match_id: UUID) -> None:
    """Reject an invoice that is another one once more; the seller is told which. Raises as `reject_invoice`."""
    row, invoice, found = open_match(match_id)
    mine = [one for one in found.deviations.get(row.id, []) if one.state == "open" and one.code == TWIN]
    if not mine:
        raise Refusal("MATCH_STATE", number=invoice.number)
    _reject(row, invoice, found, "OTH", f"Duplicate of {mine[0].expected}")


@operation
def reject_invoice(*, match_id: UUID, reason_code: str, reason: str = "") -> None:
    """Reject the whole invoice or credit note; the seller gets an Invoice Response (T111) with the reason.

    `reason_code` is an OPStatusReason; OTH needs a text. Raises Refusal: MATCH_STATE, MATCH_REASON,
    MATCH_COMMENT, or what the permission says.
    """
    row, invoice, found = open_match(match_id)
    _reject(row, invoice, found, reason_code, reason)


def _reject(row: Match, invoice: InvoiceFacts, found: Gathered, reason_code: str, reason: str) -> None:
    if not states.may_move(row.state, states.REJECTED, credit_note=invoice.sign < 0):
        raise Refusal("MATCH_STATE", number=invoice.number)
    demand(permissions.may_reject(viewer()))
    check_reason(reason_code, reason)
    who = viewer().person_id
    mine = [one for one in found.deviations.get(row.id, []) if one.state == "open"]
    decide(mine, "rejected", who, reason)
    row.state, row.touched, row.version = states.REJECTED, True, row.version + 1
    row.save(update_fields=["state", "touched", "version"])
    closed = close_cases(invoice.id, [*OWNERLESS.values(), *HELD_CASES], who, reason)
    record(
        InvoiceRejected(invoice_id=invoice.id, reason_code=reason_code, reason=reason),
        tenant=row.buyer_id,
        stream=row.stream,
        subject=row,
        changed=[row, *mine, *closed],
        reason=reason,
    )
    found.close(invoice.id, row)
    settle(found)  # what the rejected invoice had claimed is free for others


def check_reason(reason_code: str, reason: str) -> None:
    """Raises Refusal MATCH_REASON for a code we do not give, MATCH_COMMENT for OTH without words."""
    if reason_code not in REASONS:
        raise Refusal("MATCH_REASON", reason=reason_code)
    if reason_code == "OTH" and not reason.strip():
        raise Refusal("MATCH_COMMENT")


@operation
def approve_clean(*, match_ids: Sequence[UUID]) -> None:
    """Approve clean, received invoices: one click for many. All or none. Credit notes go with their invoice.

    Each is judged again, for an order may have changed since its match was written. Raises Refusal: MATCH_STATE,
    or what the permission says of the first that the person may not approve.
    """
    rows = {row.id: row for row in Match.objects.filter(id__in=set(match_ids)).order_by("id")}
    invoices = invoicing.invoices(row.invoice_id for row in rows.values())
    numbers = {n for one in invoices.values() for n in rules.order_numbers(one)}
    orders = lock_and_read({row.stream for row in rows.values()}, numbers)
    found, ask = gather(orders, invoices.values()), Asker(invoices)
    chosen: dict[UUID, InvoiceFacts] = {}
    for ident in sorted(set(match_ids)):
        if ident not in rows:
            raise Match.DoesNotExist(str(ident))
        one = invoices[rows[ident].invoice_id]
        waits_for = [found.invoices[key] for key in one.credits if key in found.invoices]
        chosen |= {whole.id: whole for whole in waits_for or [one]}
    outcomes = found.judge()
    for invoice in chosen.values():
        row, now = found.matches.get(invoice.id), outcomes.get(invoice.id)
        if row is None or now is None or not row.state == now.state == states.MATCHED:
            raise Refusal("MATCH_STATE", number=invoice.number)
        demand(ask.approve(found.orders_of(invoice), to_pay(found, invoice), invoice.id))
    for invoice in chosen.values():
        notes = found.notes_of(invoice)
        _approve(found, invoice)
        for note in notes:
            _approve(found, note)
    settle(found)  # an approved credit note makes room for others


def _approve(found: Gathered, invoice: InvoiceFacts) -> None:
    row = found.matches[invoice.id]
    row.touched, row.version = True, row.version + 1
    movements, event = approved(found, invoice, row, viewer().person_id)
    found.close(invoice.id, row)
    row.save()
    record(event, tenant=row.buyer_id, stream=row.stream, subject=row, changed=[row, *movements])


class Asker:
    """Asks the permissions about the viewer; units, mandates and confirmed accounts are read when first needed.

    `invoice_ids` are those that will be asked about, so that a list costs one statement.
    """

    def __init__(self, invoice_ids: Iterable[UUID] = (), vouched: frozenset[UUID] | None = None) -> None:
        self._units: dict[UUID, UnitFacts] | None = None
        self._mandates: list[MandateFacts] = []
        self._ids = set(invoice_ids)
        self._vouched = vouched

    def accept(self, orders: Iterable[OrderFacts], amount: int, invoice_id: UUID) -> Answer:
        """May the viewer accept an invoice's `amount` øre above these orders? After that a switch may approve it."""
        answer = self._ask(permissions.may_accept, orders, amount)
        return permissions.may_pay_to(invoice_id, self._confirmed(invoice_id)) if answer else answer

    def approve(self, orders: Iterable[OrderFacts], amount: int, invoice_id: UUID) -> Answer:
        """May the viewer approve an invoice of `amount` øre on these orders?"""
        answer = self._ask(permissions.may_approve, orders, amount)
        return permissions.may_pay_to(invoice_id, self._confirmed(invoice_id)) if answer else answer

    def _confirmed(self, invoice_id: UUID) -> frozenset[UUID]:
        who = viewer().person_id
        if self._vouched is None or invoice_id not in self._ids:
            self._ids.add(invoice_id)
            self._vouched = suppliers.vouched(who, self._ids) if who else frozenset()
        return self._vouched

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


def open_match(match_id: UUID) -> tuple[Match, InvoiceFacts, Gathered]:
    """The match with its purchase locked and everything about it. Raises Match.DoesNotExist."""
    seen = Match.objects.get(id=match_id)
    invoice = invoicing.invoice(seen.invoice_id)
    tied = read_tied(invoice)
    streams = {seen.stream, *invoicing.streams(one.id for one in tied)}
    numbers = {number for one in (invoice, *tied) for number in rules.order_numbers(one)}
    found = gather(lock_and_read(streams, numbers), [invoice])
    row = found.rows.get(invoice.id) or Match.objects.select_for_update().get(id=match_id)
    if row.state in states.DECIDED:
        found.invoices.pop(invoice.id, None)
    elif invoice.id not in found.matches:
        found.matches[invoice.id] = found.rows[invoice.id] = row
        found.deviations[row.id] = list(Deviation.objects.filter(match_id=row.id).order_by("opened_at", "id"))
    return row, invoice, found
