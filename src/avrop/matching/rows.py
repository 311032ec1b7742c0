"""Match rows <-> facts: checks, lines and allocations live as JSON columns."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from operator import attrgetter
from typing import Any
from uuid import UUID

from avrop.coding.facts import Coding
from avrop.matching.facts import Allocation, Check, DeviationFacts, LineMatch, MatchFacts, check_in
from avrop.matching.models import Deviation, Match

_check_values = attrgetter(*Check.__dataclass_fields__)
# `asdict` copies deeply: ten times dearer on 10,000 lines. In the order that the row's hash wants.
_LINE = tuple(sorted(LineMatch.__dataclass_fields__))
_line_values = attrgetter(*_LINE)


def checks_out(checks: Iterable[Check]) -> list[list[Any]]:
    """Checks as JSON: values in the order of the facts' fields, for an invoice of 10,000 lines has 50,000."""
    return [list(_check_values(one)) for one in checks]


def checks_in(stored: Iterable[Any]) -> tuple[Check, ...]:
    """Checks from JSON."""
    return tuple(check_in(one) for one in stored)


def lines_out(lines: Iterable[LineMatch]) -> list[dict[str, Any]]:
    """Lines as JSON; ids as 32 hex digits."""
    rows = [dict(zip(_LINE, _line_values(one), strict=True)) for one in lines]
    for row in rows:
        if row["order_line_id"] is not None:
            row["order_line_id"] = row["order_line_id"].hex
    return rows


def lines_in(stored: Iterable[dict[str, Any]]) -> tuple[LineMatch, ...]:
    """Lines from JSON."""
    return tuple(
        LineMatch(**{**one, "order_line_id": UUID(one["order_line_id"]) if one["order_line_id"] else None})
        for one in stored
    )


def allocation_out(parts: Iterable[Allocation]) -> list[dict[str, Any]]:
    """Allocations as JSON."""
    return [asdict(one) for one in parts]


def allocation_in(stored: Iterable[dict[str, Any]]) -> tuple[Allocation, ...]:
    """Allocations from JSON."""
    return tuple(Allocation(**{**one, "coding": Coding(**one["coding"])}) for one in stored)


def match_facts(row: Match, deviations: Iterable[Deviation] = ()) -> MatchFacts:
    """A match row as facts."""
    return MatchFacts(
        id=row.id,
        buyer_id=row.buyer_id,
        invoice_id=row.invoice_id,
        stream=row.stream,
        orders=tuple(UUID(one) for one in row.orders),
        state=row.state,
        checks=checks_in(row.checks),
        lines=lines_in(row.lines),
        touched=row.touched,
        preapproval=row.preapproval,
        approved_by=row.approved_by,
        approved_at=row.approved_at,
        matched_at=row.matched_at,
        deviations=tuple(deviation_facts(one, row.invoice_id) for one in deviations),
        allocation=allocation_in(row.allocation),
        treatment=row.treatment,
        held_due=row.held_due,
        held_reason=row.held_reason,
        asked=row.asked,
        version=row.version,
    )


def deviation_facts(row: Deviation, invoice_id: UUID) -> DeviationFacts:
    """A deviation row as facts."""
    return DeviationFacts(
        id=row.id,
        match_id=row.match_id,
        invoice_id=invoice_id,
        code=row.code,
        line=row.line,
        expected=row.expected,
        found=row.found,
        amount=row.amount,
        owner_role=row.owner_role,
        due=row.due,
        state=row.state,
        opened_at=row.opened_at,
        decided_by=row.decided_by,
        decided_at=row.decided_at,
        comment=row.comment,
    )
