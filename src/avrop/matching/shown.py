"""A match in words: each check with its numbers, and order, receipt and invoice side by side."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from avrop.delivery.facts import Before
from avrop.invoicing.facts import InvoiceFacts
from avrop.kernel.money import NotANumber, parse_decimal, to_micro, to_minor
from avrop.matching.facts import (
    AMOUNT_OF,
    MONEY,
    PRICE,
    Check,
    DeviationFacts,
    LineMatch,
    MatchFacts,
)
from avrop.matching.related import Tied
from avrop.matching.texts import CHECKS, CODES, DEVIATION_STATES, ENDED, LINES, OWNERS, STATES
from avrop.ordering.facts import OrderFacts
from avrop.ubl.codes import name_of, unit_of
from avrop.web import format as plain


def value(kind: str, text: str) -> str:
    """A check's stored value as people write it."""
    try:
        if kind == MONEY:
            return plain.money_kr(to_minor(parse_decimal(text)))
        if kind == PRICE:
            return plain.unit_price(to_micro(parse_decimal(text)))
        if kind == AMOUNT_OF:
            return plain.quantity(to_micro(parse_decimal(text)))
    except NotANumber:
        return text
    return text


def _worded(one: Check) -> tuple[str, str]:
    expected, found = value(one.kind, one.expected), value(one.kind, one.found)
    language = get_language() or "en"
    if one.code == "UNIT":
        return name_of("unit", one.expected, language), name_of("unit", one.found, language)
    if one.code == "VAT":
        return _vat(one.expected), _vat(one.found)
    if one.code == "BANK_ACCOUNT":
        known = ", ".join(plain.account(part) for part in one.expected.split(", ") if part)
        return known or _("none"), plain.account(one.found) or _("(none given)")
    if one.code == "SUPPLIER_MISMATCH" or (one.code == "WRONG_BUYER" and not one.order):
        return expected, plain.orgnr(one.found)
    if one.code == "CLOSED_ORDER":
        return expected, str(ENDED.get(one.found, one.found))
    return expected, found


def _vat(text: str) -> str:
    """`S 25.00` as `25`; another category than standard is named."""
    category, _space, rate = text.partition(" ")
    shown = rate.removesuffix(".00").replace(".", ",")
    return shown if category == "S" else f"{category} {shown}"


def sentence(one: Check) -> str:
    """A check and its numbers as one sentence."""
    passed, failed = CHECKS[one.code, one.kind]
    expected, found = _worded(one)
    return str(passed if one.passed else failed) % {"expected": expected, "found": found}


def check(one: Check) -> dict[str, Any]:
    """A check for the page."""
    return {"check": one, "name": CODES[one.code], "text": sentence(one), "passed": one.passed}


def deviation(one: DeviationFacts, names: Mapping[UUID, str]) -> dict[str, Any]:
    """A deviation for the page."""
    label, tone = DEVIATION_STATES[one.state]
    return {
        "deviation": one,
        "name": CODES[one.code],
        "owner": OWNERS.get(one.owner_role, one.owner_role),
        "state": label,
        "tone": tone,
        "by": names.get(one.decided_by, "") if one.decided_by else "",
    }


def state(name: str) -> dict[str, Any]:
    """A state's word and tone."""
    label, tone = STATES[name]
    return {"name": name, "label": label, "tone": tone}


def failing_first(lines: Iterable[LineMatch]) -> list[LineMatch]:
    """Lines that a person must look at first, the others in the invoice's order."""
    return sorted(lines, key=lambda one: one.outcome == "matched")


def side_by_side(
    here: Iterable[LineMatch],
    match: MatchFacts,
    invoice: InvoiceFacts,
    tied: Tied,
    orders: Iterable[OrderFacts],
    came: Mapping[UUID, Before],
) -> list[dict[str, Any]]:
    """These lines with order line, what is here of it, the original's line, and the checks made."""
    wanted = {line.id: line for order in orders for line in order.lines}
    billed = {one.line_id: one for one in invoice.lines}
    originals = tied.original_lines
    checks: dict[str, list[dict[str, Any]]] = {one.line: [] for one in here}
    for made in match.checks:
        if made.line in checks:
            checks[made.line].append(check(made))
    language = get_language() or "en"
    rows = []
    for one in here:
        line = wanted.get(one.order_line_id) if one.order_line_id else None
        bill = billed.get(one.line)
        label, tone = LINES[one.outcome]
        mine = checks[one.line]
        rows.append(
            {
                "line": bill,
                "order": one.order,
                "order_line": line,
                "came": came.get(line.id, Before()).quantity if line else None,
                "unit": unit_of(bill.unit_code, bill.quantity, language) if bill else "",
                "order_unit": unit_of(line.unit_code, line.quantity, language) if line else "",
                "original": (original := originals.get(one.of)),
                "original_unit": unit_of(original.unit_code, original.quantity, language) if original else "",
                "goods": one.quantity != 0,
                "outcome": label,
                "tone": tone,
                "failed": [c for c in mine if not c["passed"]],
                "passed": [c for c in mine if c["passed"]],
            }
        )
    return rows


def whole(match: MatchFacts) -> dict[str, list[dict[str, Any]]]:
    """The checks of the document as a whole."""
    found = [check(c) for c in match.checks if not c.line]
    return {"failed": [c for c in found if not c["passed"]], "passed": [c for c in found if c["passed"]]}
