"""What stands beside an invoice on its page: its credit notes, its originals, its twin. Reads only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q

from avrop.invoicing import queries as invoicing
from avrop.invoicing.facts import InvoiceFacts
from avrop.matching import queries, rules, states
from avrop.matching.facts import MatchFacts
from avrop.matching.rules import credits
from avrop.matching.texts import STATES, TREATMENTS


@dataclass(frozen=True)
class Tied:
    """Facts of what is tied to an invoice, and orders named by any of them."""

    originals: tuple[InvoiceFacts, ...]
    notes: tuple[dict[str, Any], ...]  # {invoice, state}
    twin: InvoiceFacts | None
    numbers: tuple[str, ...]
    to_pay: int
    suggestion: str = ""
    treatment: str = ""

    @property
    def original_lines(self) -> dict[str, Any]:
        """`<invoice id>:<line id>` -> the original's line."""
        return {f"{one.id.hex}:{line.line_id}": line for one in self.originals for line in one.lines}


def ids_beside(match: MatchFacts) -> set[UUID]:
    """What is to be read together with the invoice itself: one statement for headers, one for lines."""
    return {match.invoice_id, *match.tied, *([match.looks_like] if match.looks_like else [])}


def of(match: MatchFacts, found: dict[UUID, InvoiceFacts]) -> Tied:
    """Everything tied to an invoice, of what `ids_beside` named; one statement more where something is."""
    invoice = found[match.invoice_id]
    named = queries.states_of(match.tied)
    notes: tuple[dict[str, Any], ...] = tuple(
        {"invoice": found[one], "state": STATES.get(named.get(one, "")), "name": named.get(one, "")}
        for one in invoice.credited_by
        if one in found
    )
    originals = tuple(found[one] for one in invoice.credits if one in found)
    numbers = dict.fromkeys(n for one in (invoice, *originals) for n in rules.order_numbers(one))
    open_notes = [one for one in notes if one["name"] not in states.DECIDED]
    off = sum(one["invoice"].payable for one in open_notes if one["invoice"].credits == (invoice.id,))
    return Tied(
        originals=originals,
        notes=notes,
        twin=_twin(invoice, match, found),
        numbers=tuple(numbers),
        to_pay=invoice.payable - off if invoice.sign > 0 else 0,
        suggestion=credits.QUANTITY if any(one.quantity for one in match.lines) else credits.AMOUNT,
        treatment=str(TREATMENTS.get(match.treatment, "")),
    )


def _twin(invoice: InvoiceFacts, match: MatchFacts, found: dict[UUID, InvoiceFacts]) -> InvoiceFacts | None:
    """The invoice that this may be once more: by its number, else by its lines (then it is looked up)."""
    suspected = [one for one in match.checks if one.code == "DUPLICATE_SUSPECT" and not one.passed]
    if not suspected:
        return None
    if invoice.looks_like:
        return found.get(invoice.looks_like)
    ident = invoicing.by_number(invoice.seller_orgnr, suspected[0].expected, but=invoice.id)
    return invoicing.invoice(ident) if ident else None


def candidates(note: InvoiceFacts) -> Any:
    """What a credit note may be for: invoices of the same seller, as a queryset."""
    return invoicing.of_seller(note.seller_orgnr)


def named_orders(note: InvoiceFacts) -> tuple[str, ...]:
    """The orders that a credit note names itself."""
    return rules.order_numbers(note)


def narrow(rows: Any, value: str, note: InvoiceFacts, orders: tuple[str, ...]) -> Any:
    """Candidates whose amount is large enough, or that are on the orders that the credit note names."""
    if value == "fits":
        return rows.filter(payable__gte=note.payable)
    return rows.filter(Q(order_reference__in=orders) | Q(lines__order_reference__in=orders)).distinct()
