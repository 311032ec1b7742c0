"""The deviations of a match: opened, mended, resolved as the outcome says."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from avrop.journal.operation import work
from avrop.kernel.ports import OSLO
from avrop.kernel.workdays import add_workdays
from avrop.matching import defaults, rules, states
from avrop.matching.facts import Check, Outcome
from avrop.matching.models import Deviation, Match


def bring_up_to_date(row: Match, outcome: Outcome, mine: Iterable[Deviation]) -> list[Deviation]:
    """Open what is new, mend the numbers of what stays, resolve what is gone. Returns what was written."""
    failing = {} if row.state == states.CREDITED else rules.gathered(rules.failing(outcome.checks))
    standing = {(one.code, one.line): one for one in mine if one.state in ("open", "accepted")}
    changed: list[Deviation] = []
    fresh: list[Deviation] = []
    for key, group in failing.items():
        numbers = _numbers(group)
        one = standing.get(key)
        if one is None or (one.state == "accepted" and numbers["amount"] > one.amount):
            fresh.append(_deviation(row, key, numbers))
        elif one.state == "open" and any(getattr(one, name) != value for name, value in numbers.items()):
            for name, value in numbers.items():
                setattr(one, name, value)
            changed.append(one)
    for key, one in standing.items():
        if one.state == "open" and key not in failing:
            one.state, one.decided_at = "resolved", work().at
            changed.append(one)
    save_all(changed, "expected", "found", "amount", "state", "decided_at")
    if fresh:
        Deviation.objects.bulk_create(fresh)
    return [*changed, *fresh]


def decide(mine: Sequence[Deviation], state: str, who: UUID | None, comment: str) -> None:
    """A person has accepted or rejected these."""
    for one in mine:
        one.state, one.decided_by, one.decided_at, one.comment = state, who, work().at, comment
    save_all(mine, "state", "decided_by", "decided_at", "comment")


def save_all(rows: Sequence[Deviation], *fields: str) -> None:
    """One statement, however many there are: an invoice of 10,000 lines may have as many deviations."""
    if len(rows) == 1:
        rows[0].save(update_fields=fields)
    elif rows:
        Deviation.objects.bulk_create(
            rows, update_conflicts=True, unique_fields=["id"], update_fields=list(fields)
        )


_SHOWN = 10  # values of many lines; the page has them all


def _numbers(group: Sequence[Check]) -> dict[str, Any]:
    return {
        "expected": "; ".join(one.expected for one in group[:_SHOWN])[:100],
        "found": "; ".join(one.found for one in group[:_SHOWN])[:100],
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
