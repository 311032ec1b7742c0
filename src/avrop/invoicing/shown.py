"""What the pages show of an invoice, in words."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import get_language

from avrop.invoicing.facts import InvoiceLineFacts
from avrop.invoicing.texts import KINDS, RESPONSES, STATES
from avrop.kernel.finding import Finding
from avrop.ubl.codes import unit_of
from avrop.ubl.findings import text_for

_SEVERITY = {"fatal": "danger", "warning": "warning", "information": "info"}


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


def findings(stored: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Findings in the reader's language, the fatal ones first, the official English text behind a fold."""
    language = get_language() or "en"
    found = [
        Finding(
            id=str(one.get("id", "")),
            severity=one.get("severity", "fatal"),
            location=str(one.get("location", "")),
            text=str(one.get("text", "")),
            params=one.get("params") or {},
        )
        for one in stored
    ]
    return [
        {
            "finding": one,
            "text": text_for(one, language),
            "tone": _SEVERITY.get(one.severity, "neutral"),
            "location": one.location.replace("/", "\n/").split("\n"),
        }
        for one in sorted(found, key=lambda one: one.severity != "fatal")
    ]


def breakable(sha256: str) -> list[str]:
    """A long number in parts, so that a narrow screen can break it."""
    return [sha256[i : i + 8] for i in range(0, len(sha256), 8)]
