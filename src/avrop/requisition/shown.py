"""What the pages show of a basket, in words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from avrop.requisition.facts import LineFacts, RequisitionFacts, groups, totals
from avrop.requisition.models import Requisition
from avrop.requisition.queries import code_names
from avrop.requisition.texts import STATES, TONES, line_in_words
from avrop.tenancy import queries as tenancy


def state(name: str) -> dict[str, Any]:
    """A state's words and tone."""
    return {"label": STATES[name], "tone": TONES[name], "name": name}


def steps(now: str) -> list[dict[str, Any]]:
    """Where the requisition is on its way."""
    order = ["draft", "submitted", "approved"]
    labels = [_("Basket"), _("Approval"), pgettext("purchase", "Approved")]
    place = order.index(now) if now in order else 0
    stopped = now in ("withdrawn", "rejected")
    made = []
    for i, label in enumerate(labels):
        here = "stopped" if stopped else "current"
        done = i < place or now == "approved"
        made.append({"label": label, "state": "done" if done else here if i == place else "todo"})
    return made


def orders(facts: RequisitionFacts) -> list[dict[str, Any]]:
    """The lines by what will be one order each, with supplier, agreement and sum."""
    names = tenancy.parties({line.supplier_id for line in facts.lines})
    codes = code_names(facts.lines)
    return [
        {
            "supplier": names[lines[0].supplier_id].name,
            "agreement": lines[0].agreement_ref,
            "lines": [line_in_words(line, codes) for line in lines],
            "totals": totals(lines),
        }
        for lines in groups(facts.lines)
    ]


def row(requisition: Requisition, lines: Sequence[LineFacts]) -> dict[str, Any]:
    """A requisition in a list."""
    parts = [totals(group) for group in groups(lines)]
    return {
        "row": requisition,
        "state": state(requisition.state),
        "what": requisition.need or (lines[0].name if lines else ""),
        "count": len(lines),
        "gross": sum(part.gross for part in parts),
    }
