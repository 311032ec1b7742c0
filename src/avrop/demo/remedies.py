"""What people do when a purchase does not go as planned, each as one call of a station's own operation."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from avrop.accounting import operations as accounting
from avrop.accounting import queries as postings
from avrop.coding.facts import Coding
from avrop.delivery import operations as delivery
from avrop.delivery import queries as receipts
from avrop.delivery.facts import Refused
from avrop.demo.acts import once
from avrop.demo.people import acting
from avrop.demo.steps import sales_order, seller_of
from avrop.kernel.money import MICRO, line_amount, vat_amount
from avrop.kernel.ports import now, today
from avrop.matching import operations as matching
from avrop.matching import queries as matches
from avrop.matching.facts import MatchFacts
from avrop.ordering import operations as ordering
from avrop.ordering import queries as orders
from avrop.ordering.facts import ChangedLine, OrderFacts
from avrop.portal import operations as portal
from avrop.portal import queries as sales
from avrop.portal.facts import Credit
from avrop.suppliers import operations as suppliers
from avrop.suppliers import queries as relations
from avrop.suppliers.facts import CallBack
from avrop.tenancy.models import Person

# --- The order


@once()
def ask_for_more(town: str, login: str, order: OrderFacts, more: int, reason: str) -> None:
    """The requester asks for so many more (or fewer) of the first line."""
    with acting(login, town):
        first = order.lines[0]
        wanted = [ChangedLine(first.line_no, first.quantity + more * MICRO)]
        ordering.propose_change(order_id=order.id, lines=wanted, reason=reason, **_agreed(order))


@once()
def agree_change(town: str, order: OrderFacts) -> None:
    """Somebody with mandate approves the change that waits."""
    with acting(_any_login(town, order), town):
        waiting = next(one for one in orders.changes(order.id) if one.state == "awaiting")
    login = Person.objects.get(id=waiting.candidates[0]).login
    with acting(login, town):
        ordering.approve_change(change_id=waiting.id, seen=waiting.content_hash)


@once()
def cancel(town: str, login: str, order: OrderFacts, reason: str) -> None:
    """The requester takes the whole order back."""
    with acting(login, town):
        ordering.cancel_order(order_id=order.id, reason=reason, **_agreed(order))


@once()
def close_rest(town: str, login: str, order: OrderFacts, reason: str) -> None:
    """What has not come is not waited for."""
    with acting(login, town):
        ordering.close_rest(order_id=order.id, reason=reason)


@once()
def answer_change(order: OrderFacts, decision: str = "accept", note: str = "") -> None:
    """The supplier's clerk answers what the buyer asked last."""
    slug, login = seller_of(order)
    with acting(login, slug):
        asked = [one for one in sales.changes_of(sales_order(order).id) if one.state == "asked"]
        if asked:
            portal.answer_change(sales_change_id=asked[-1].id, decision=decision, note=note)


def _agreed(order: OrderFacts) -> dict[str, Any]:
    """With a supplier that takes no changes it has been agreed on the telephone."""
    if order.process == "advanced":
        return {}
    return {"agreed_with": "Ordrekontoret", "agreed_on": today()}


def _any_login(town: str, order: OrderFacts) -> str:
    return Person.objects.get(id=order.requester_id).login


# --- The goods


@once()
def receive_all_but(
    town: str, login: str, order: OrderFacts, fewer: int, reason: str = "", note: str = ""
) -> None:
    """Everything comes but so many of the first line; with a `reason` they came and were turned away."""
    quantities = {line.line_no: line.quantity for line in order.lines}
    first = order.lines[0].line_no
    quantities[first] -= fewer * MICRO
    refused = {first: Refused(fewer * MICRO, reason)} if reason else None
    with acting(login, town):
        delivery.receive(order_id=order.id, quantities=quantities, refused=refused, note=note)


@once()
def send_back(
    town: str, login: str, order: OrderFacts, count: int, *, code: str, expects: str, note: str
) -> None:
    """So many of the first line go back: `expects` a replacement or a credit note."""
    with acting(login, town):
        came = next(one for one in receipts.receipts([order.id]) if one.kind == "receipt")
        delivery.send_back(
            receipt_id=came.id,
            quantities={order.lines[0].line_no: count * MICRO},
            reason_code=code,
            expects=expects,
            note=note,
        )


# --- The invoice


@once()
def credit(order: OrderFacts, reason: str, *, count: int = 0, kroner: int = 0) -> None:
    """The supplier's clerk credits the order's latest invoice: so many of the first line, an amount, or all."""
    slug, login = seller_of(order)
    with acting(login, slug):
        invoice = [one for one in sales_order(order).invoices if one.kind == "invoice"][-1]
        lines = {1: Credit(count * MICRO, kroner * 100)} if count or kroner else None
        portal.credit_invoice(sales_invoice_id=invoice.id, lines=lines, reason=reason)


def match_of(town: str, login: str, order: OrderFacts, fits: Callable[[MatchFacts], bool]) -> MatchFacts:
    """The newest match of the order that fits. Raises LookupError."""
    with acting(login, town):
        found = [one for one in matches.of_orders([order.id]) if fits(one)]
    if not found:
        raise LookupError(f"no such match of {order.number}")
    return found[-1]


def undecided(one: MatchFacts) -> bool:
    """Neither approved nor rejected."""
    return one.state not in ("approved", "rejected")


def worth(order: OrderFacts, count: int) -> int:
    """So many of the first line in whole kroner with VAT, rounded down."""
    line = order.lines[0]
    net = line_amount(count * MICRO, line.price, line.base_quantity)
    return (net + vat_amount(net, line.vat_rate)) // 100


@once()
def ask_for_credit(town: str, clerk: str, order: OrderFacts, kroner: int, code: str, reason: str) -> None:
    """The clerk asks for a credit note for an amount, or for all of it."""
    one = match_of(town, clerk, order, undecided)
    with acting(clerk, town):
        matching.ask_for_credit(
            match_id=one.id,
            reason_code=code,
            action="CNA" if kroner else "CNF",
            amount=kroner * 100,
            reason=reason,
        )


@once()
def dispute(town: str, clerk: str, order: OrderFacts, code: str, reason: str) -> None:
    """The clerk asks the seller to clear something up."""
    one = match_of(town, clerk, order, undecided)
    with acting(clerk, town):
        matching.dispute(match_id=one.id, code="UQ", reason_code=code, reason=reason)


@once()
def resume(town: str, clerk: str, order: OrderFacts, comment: str) -> None:
    """What was asked has been answered."""
    one = match_of(town, clerk, order, lambda one: one.state in ("disputed", "awaiting_credit"))
    with acting(clerk, town):
        matching.resume(match_id=one.id, comment=comment)


@once()
def reject_open(town: str, clerk: str, order: OrderFacts, code: str, reason: str) -> None:
    """The clerk rejects the invoice that is not decided yet."""
    one = match_of(town, clerk, order, undecided)
    with acting(clerk, town):
        matching.reject_invoice(match_id=one.id, reason_code=code, reason=reason)


# --- Accounts and books


@once()
def confirm_account(town: str, login: str, talked_to: str) -> None:
    """One of the two who call the supplier back on a number that they have from elsewhere."""
    with acting(login, town):
        waiting = _waiting_accounts()[0]
        call = CallBack(talked_to, "57 60 00 00", "register", now() - timedelta(minutes=5), "Ja, ny bank.")
        suppliers.confirm_account(confirmation_id=waiting, call=call)


@once()
def stop_account(town: str, login: str, reason: str) -> None:
    """The account is not the supplier's."""
    with acting(login, town):
        suppliers.reject_account(confirmation_id=_waiting_accounts()[0], reason=reason)


def _waiting_accounts() -> list[UUID]:
    return list(relations.confirmations().filter(state="open").values_list("id", flat=True))


@once()
def reverse(town: str, accountant: str, order: OrderFacts, account: str, reason: str) -> None:
    """A posted invoice is booked anew on another account."""
    one = match_of(town, accountant, order, lambda one: one.state == "approved")
    with acting(accountant, town):
        posted = postings.all_of_invoice(one.invoice_id)[0]
        coding: Coding = order.lines[0].coding
        accounting.reverse_posting(
            posting_id=posted.id, reason=reason, codings={0: replace(coding, account=account)}
        )
