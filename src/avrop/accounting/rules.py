"""The posting of an approved invoice, and whether an answer reconciles. Pure; exact to the øre."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, replace
from typing import Any
from uuid import UUID

from avrop.accounting.facts import (
    COST,
    CREDIT_NOTE,
    PREPAID,
    ROUNDING,
    SUPPLIER,
    VAT,
    BatchAnswer,
    Chart,
    PostingLineFacts,
)
from avrop.accounting.states import REJECTED
from avrop.coding.facts import COMPENSATED, DEDUCTIBLE, Coding, budget_key
from avrop.commitments.facts import BudgetKey, Move
from avrop.invoicing.facts import InvoiceFacts
from avrop.kernel.finding import Refusal
from avrop.matching.facts import Allocation


def post(invoice: InvoiceFacts, parts: Iterable[Allocation], chart: Chart) -> tuple[PostingLineFacts, ...]:
    """The lines of an invoice: cost and VAT per coding and rate, rounding, the supplier. They sum to zero.

    A credit note's parts are negative and so is everything else: the supplier is debited.
    Raises Refusal POSTING_UNBALANCED where the parts do not make up the invoice.
    """
    parts, side = tuple(parts), invoice.sign
    lines = [line for one in parts for line in _cost_lines(one, chart)]
    if invoice.rounding and parts:
        largest = max(parts, key=lambda one: abs(one.net)).coding
        lines.append(_line(ROUNDING, largest.account, side * invoice.rounding, largest, chart.no_vat))
    text = f"{invoice.number} {invoice.seller_name}"[:200]
    lines.append(PostingLineFacts(SUPPLIER, chart.supplier_debt, -side * invoice.payable, text=text))
    if invoice.prepaid:
        lines.append(PostingLineFacts(PREPAID, chart.supplier_debt, -side * invoice.prepaid, text=text))
    rest = sum(line.amount for line in lines)
    if rest:
        raise Refusal("POSTING_UNBALANCED", number=invoice.number, rest=rest)
    return tuple(line for line in lines if line.amount or line.kind == SUPPLIER)


def _cost_lines(one: Allocation, chart: Chart) -> list[PostingLineFacts]:
    coding = one.coding
    code = chart.vat_code(coding.vat_treatment, one.vat_category, one.vat_rate)
    lines = [
        _line(COST, coding.account, one.cost, coding, code if one.cost == one.net else chart.no_vat, one.text)
    ]
    if coding.vat_treatment == COMPENSATED:
        lines.append(_line(VAT, compensation_account(coding.account, chart), one.vat, coding, code, one.text))
    elif coding.vat_treatment == DEDUCTIBLE:
        lines.append(PostingLineFacts(VAT, chart.deductible_vat, one.vat, vat_code=code, text=one.text))
    return lines


def _line(
    kind: str, account: str, amount: int, coding: Coding, vat_code: str, text: str = ""
) -> PostingLineFacts:
    return PostingLineFacts(
        kind, account, amount, coding.responsibility, coding.function, coding.project, vat_code, text
    )


def compensation_account(account: str, chart: Chart) -> str:
    """The account for compensated VAT: the cost account's class, art 429 and local digits: 11200 -> 14290.

    Domain: an account is one digit of class, three of KOSTRA art, then local digits.
    """
    local = "0" * max(0, len(account) - 4)
    return f"{account[:1] or '1'}{chart.compensated_art}{local}"


def parts_out(parts: Iterable[Allocation]) -> list[dict[str, Any]]:
    """Costs as JSON, to stand with the posting."""
    return [asdict(one) for one in parts]


def parts_in(stored: Iterable[dict[str, Any]]) -> tuple[Allocation, ...]:
    """Costs from JSON."""
    return tuple(Allocation(**{**one, "coding": Coding(**one["coding"])}) for one in stored)


def negated(parts: Iterable[Allocation]) -> tuple[Allocation, ...]:
    """The same costs the other way."""
    return tuple(replace(one, net=-one.net, vat=-one.vat) for one in parts)


def recoded(parts: Iterable[Allocation], codings: Mapping[int, Coding]) -> tuple[Allocation, ...]:
    """The parts with other codings by position (from 0); each stays in the budget year it had."""
    done = []
    for place, one in enumerate(parts):
        coding = codings.get(place, one.coding)
        year = BudgetKey.parse(one.key).year
        done.append(
            replace(one, coding=coding, key=budget_key(coding, year)) if coding != one.coding else one
        )
    return tuple(done)


def proposed_moves(parts: Iterable[Allocation], times: int = 1) -> list[Move]:
    """What a new posting (`times` -1: one taken away) binds as invoiced, øre."""
    return [Move(key=one.key, invoiced=times * one.cost) for one in parts if one.cost]


def posted_moves(parts: Iterable[Allocation]) -> list[Move]:
    """Each cost from invoiced to posted."""
    return [Move(key=one.key, invoiced=-one.cost, posted=one.cost) for one in parts if one.cost]


def mismatch(payables: Mapping[UUID, int], answer: BatchAnswer, used: Collection[str] = ()) -> str:
    """Why an answer does not reconcile with the batch sent: COUNT, SUM, VOUCHERS, USED, or "" when it does.

    What was accepted and what was rejected must together be all that was sent, in number and in øre.
    `used` are voucher numbers that stand on other postings of the year.
    """
    if answer.count + len(answer.rejected) != len(payables):
        return "COUNT"
    if answer.total + sum(payables.get(one, 0) for one in answer.rejected) != sum(payables.values()):
        return "SUM"
    if not _complete(set(payables), answer):
        return "VOUCHERS"
    return "USED" if set(used) & set(answer.vouchers.values()) else ""


def _complete(wanted: set[UUID], answer: BatchAnswer) -> bool:
    accepted, rejected = set(answer.vouchers), set(answer.rejected)
    given = [voucher for voucher in answer.vouchers.values() if voucher]
    whole = wanted == accepted | rejected and not accepted & rejected
    return whole and len(given) == len(set(given)) == len(accepted) == answer.count


def held_back(
    postings: Mapping[UUID, tuple[str, tuple[UUID, ...]]], standing: Mapping[UUID, str]
) -> dict[UUID, tuple[UUID, ...]]:
    """Which credit notes wait, and for which invoices: those whose posting is not there yet or was rejected.

    `postings`: posting -> (its kind, the invoices it credits); `standing`: invoice -> state of its posting.
    """
    waits = {}
    for ident, (kind, credited) in postings.items():
        missing = tuple(one for one in credited if standing.get(one) in (None, REJECTED))
        if kind == CREDIT_NOTE and missing:
            waits[ident] = missing
    return waits
