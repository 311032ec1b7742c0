"""What the pages show of an invoice, in words."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import get_language

from avrop.invoicing.facts import InvoiceLineFacts
from avrop.invoicing.texts import KINDS, RESPONSES, STATES
from avrop.ubl.codes import unit_of


def state(row: Any) -> dict[str, Any]:
    """A state's word and tone, for a row or facts."""
    label, tone = STATES[row.state]
    return {"label": label, "tone": tone}


def rows(invoices: Iterable[Any]) -> list[dict[str, Any]]:
    """The rows of the list."""
    return [
        {
            "invoice": one,
            "kind": KINDS[one.kind],
            "state": state(one),
            "response": RESPONSES.get(one.response_code, ""),
            "credited": bool(one.credited_by),
        }
        for one in invoices
    ]


def lines(here: Iterable[InvoiceLineFacts]) -> list[dict[str, Any]]:
    """Lines with their unit's name."""
    language = get_language() or "en"
    return [{"line": one, "unit": unit_of(one.unit_code, one.quantity, language)} for one in here]


def breakable(sha256: str) -> list[str]:
    """A long number in parts, so that a narrow screen can break it."""
    return [sha256[i : i + 8] for i in range(0, len(sha256), 8)]
