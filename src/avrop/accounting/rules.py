"""The posting of an approved invoice, and whether an answer reconciles. Pure; exact to the øre."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from uuid import UUID

from avrop.accounting.facts import (
    COST,
    PREPAID,
    ROUNDING,
    SUPPLIER,
    VAT,
    BatchAnswer,
    Chart,
    PostingLineFacts,
)
from avrop.coding.facts import COMPENSATED, DEDUCTIBLE, Coding
from avrop.invoicing.facts import InvoiceFacts
from avrop.kernel.finding import Refusal
from avrop.matching.facts import Allocation


def post(invoice: InvoiceFacts, parts: Iterable[Allocation], chart: Chart) -> tuple[PostingLineFacts, ...]:
    """The lines of an invoice: cost and VAT per coding and rate, rounding, the supplier. They sum to zero.

    Raises Refusal POSTING_UNBALANCED where the parts do not make up the invoice.
    """
    parts = tuple(parts)
    lines = [line for one in parts for line in _cost_lines(one, chart)]
    if invoice.rounding and parts:
        largest = max(parts, key=lambda one: one.net).coding
        lines.append(_line(ROUNDING, largest.account, invoice.rounding, largest, chart.no_vat))
    text = f"{invoice.number} {invoice.seller_name}"[:200]
    lines.append(PostingLineFacts(SUPPLIER, chart.supplier_debt, -invoice.payable, text=text))
    if invoice.prepaid:
        lines.append(PostingLineFacts(PREPAID, chart.supplier_debt, -invoice.prepaid, text=text))
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


def mismatch(count: int, total: int, postings: Iterable[UUID], answer: BatchAnswer) -> str:
    """Why an answer does not reconcile with the batch sent: COUNT, SUM, VOUCHERS, or "" when it does."""
    if answer.count != count:
        return "COUNT"
    if answer.total != total:
        return "SUM"
    return "" if _complete(set(postings), answer.vouchers) else "VOUCHERS"


def _complete(wanted: set[UUID], vouchers: Mapping[UUID, str]) -> bool:
    given = [voucher for voucher in vouchers.values() if voucher]
    return wanted == set(vouchers) and len(given) == len(set(given)) == len(wanted)
