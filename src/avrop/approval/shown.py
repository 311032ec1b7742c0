"""What the pages show of approvals, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from avrop.approval.facts import TaskFacts
from avrop.approval.queries import Waiting
from avrop.approval.texts import STATES, TONES
from avrop.coding.facts import BLOCK
from avrop.commitments.facts import Balance, BudgetKey
from avrop.requisition.facts import groups
from avrop.requisition.queries import code_names
from avrop.tenancy import queries as tenancy


def rows(waiting: Sequence[Waiting]) -> list[dict[str, Any]]:
    """The inbox: each task with suppliers, agreements, coding and what is left after it."""
    lines = [line for one in waiting for line in one.basket.lines]
    names = tenancy.parties({line.supplier_id for line in lines})
    codes = code_names(lines)
    return [
        {
            "task": one.task,
            "basket": one.basket,
            "suppliers": [
                {"name": names[part[0].supplier_id].name, "agreement": part[0].agreement_ref}
                for part in groups(one.lines)
            ],
            "coding": _codings(one, codes),
            "count": len(one.lines),
            "frame": any(line.frame is not None for line in one.lines),
            "budget": budget(one, codes),
        }
        for one in waiting
    ]


def budget(one: Waiting, codes: Mapping[tuple[str, str], str]) -> dict[str, Any]:
    """What is left of the budget lines after this, and what that means here."""
    passed = one.left is not None and one.left < 0
    return {
        "left": one.left,
        "known": one.budget_known,
        "passed": passed,
        "stops": passed and one.mode == BLOCK,
        "shown": one.mode != "none",
        "lines": [_budget_line(balance, codes) for balance in one.budget],
    }


def _budget_line(balance: Balance, codes: Mapping[tuple[str, str], str]) -> dict[str, Any]:
    key = BudgetKey.parse(balance.key)
    parts = [("responsibility", key.responsibility), ("account", key.account), ("function", key.function)]
    return {
        "balance": balance,
        "codes": [{"code": code, "name": codes.get((name, code), "")} for name, code in parts if code],
        "passed": balance.left < 0,
    }


def _codings(one: Waiting, codes: Mapping[tuple[str, str], str]) -> list[dict[str, str]]:
    found = {}
    for line in one.lines:
        code = line.coding.account
        found[code] = {"code": code, "name": codes.get(("account", code), "")}
    return list(found.values())


def tasks(found: Sequence[TaskFacts], names: Mapping[UUID, str]) -> list[dict[str, Any]]:
    """Every approval of a subject with who is asked and who decided."""
    return [
        {
            "task": task,
            "state": STATES[task.state],
            "tone": TONES[task.state],
            "asked": [names.get(person, "") for person in task.candidates],
            "decided_by": names.get(task.decided_by, "") if task.decided_by else "",
        }
        for task in found
    ]


def prices(one: Waiting, now: Mapping[UUID, int]) -> dict[UUID, int | None]:
    """The agreement's unit price today per line, None for free text or what is no longer there."""
    return {line.id: now.get(line.item_id) if line.item_id else None for line in one.basket.lines}
