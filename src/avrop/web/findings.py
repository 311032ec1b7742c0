"""Findings on a page: what they mean, where in words, and the rule with its official text behind a fold.

A page gives the stored findings to `shown` and includes `web/parts/findings.html` with the result as `findings`.
Findings that say the same stand together with all their places: a price missing on forty lines is one line of text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from avrop.kernel.finding import Finding
from avrop.ubl.findings import figures_of, place_of, text_for, text_of_rule

MOST_PLACES = 8
_TONES = {"fatal": "danger", "warning": "warning", "information": "info"}
_NUMBERED = re.compile(r"^(\w+) (\d+)(?:, (.*))?$")
_WORST_FIRST = ("fatal", "warning", "information")


def language() -> str:
    """The page's language as the tables of `ubl` name it."""
    return (get_language() or "nn")[:2]


def shown(stored: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """What is found, the fatal ones first, else in the order of the document.

    A rule that both the official set and our own checks found stands once.
    """
    groups: dict[tuple[str, str, str], dict[str, Any]] = {}
    for row in stored:
        one = _finding(row)
        text = text_for(one, language())
        group = groups.setdefault((one.id, one.severity, text), _group(one, text))
        for key, found in (
            ("official", one.text),
            ("figures", figures_of(one, language())),
            ("all_places", place_of(one, language())),
            ("all_paths", one.location),
        ):
            if found:
                group[key][found] = True  # a dict keeps the order and each once
    for group in groups.values():
        group["place"], group["more"] = _together(list(group["all_places"]))
        group["paths"] = [
            path.replace("/", "\n/").split("\n") for path in list(group["all_paths"])[:MOST_PLACES]
        ]
    return sorted(groups.values(), key=lambda group: group["order"])


def _together(places: list[str]) -> tuple[str, int]:
    """The first places in one text, and how many more there are.

    The same field on several lines is said once: "pris: linje 3, 5, 8".
    """
    said, more = places[:MOST_PLACES], max(0, len(places) - MOST_PLACES)
    matches = [_NUMBERED.match(place) for place in places]
    if len(said) > 1 and all(matches) and len({(m[1], m[3]) for m in matches if m}) == 1:
        first = matches[0]
        numbers = ", ".join(m[2] for m in matches[:MOST_PLACES] if m)
        if first is not None:
            return (f"{first[3]}: " if first[3] else "") + f"{first[1]} {numbers}", more
    return "; ".join(said), more


def meaning_of(said: object) -> str:
    """Our own text for the rule that a sentence of somebody else's names first ("[BR-CO-15] ..."); "" for none."""
    return text_of_rule(str(said or ""), language())


def _finding(row: Mapping[str, Any]) -> Finding:
    severity = row.get("severity", "fatal")
    return Finding(
        id=str(row.get("id", "")),
        severity=severity if severity in _TONES else "information",
        location=str(row.get("location", "")),
        text=str(row.get("text", "")),
        params=row.get("params") or {},
    )


def _group(one: Finding, text: str) -> dict[str, Any]:
    return {
        "id": one.id,
        "text": text,
        "official": {},
        "figures": {},
        "tone": _TONES[one.severity],
        "weight": {"fatal": _("Error"), "warning": _("Warning")}.get(one.severity, _("Information")),
        "order": _WORST_FIRST.index(one.severity),
        "all_places": {},
        "all_paths": {},
    }
