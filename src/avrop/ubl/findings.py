"""What a finding means to the person who reads it: our own sentence, in nynorsk, bokmål or English.

Keyed by the official rule id and naming the business term. The official English text stays in `Finding.text`
for those who want it. Languages are `nn`, `nb` and `en`; anything else reads English.
"""

from __future__ import annotations

import csv
from functools import cache
from importlib import resources

from avrop.kernel.finding import Finding, Refusal

LANGUAGES = ("nn", "nb", "en")


class _Blank(dict[str, str]):
    """A parameter that is not there is shown as nothing."""

    def __missing__(self, key: str) -> str:
        return ""


@cache
def _texts() -> dict[str, dict[str, str]]:
    text = (resources.files("avrop.ubl") / "tables" / "findings.csv").read_text("utf-8")
    table: dict[str, dict[str, str]] = {}
    for row in csv.DictReader(text.splitlines()):
        for key in row["ids"].split():
            table[key] = {language: row[language] for language in LANGUAGES}
    return table


def known_ids() -> frozenset[str]:
    """The ids that have a text of their own."""
    return frozenset(key for key in _texts() if "*" not in key)


def _row(finding: Finding) -> dict[str, str]:
    table = _texts()
    own = table.get(finding.id)
    if own is not None:
        return own
    # `BR-DEC-*` covers BR-DEC-23; the longest such row wins.
    starts = [key for key in table if key.endswith("-*") and finding.id.startswith(key[:-1])]
    return table[max(starts, key=len)] if starts else table[f"*{finding.severity}"]


def text_for(finding: Finding, language: str) -> str:
    """One sentence about the finding. An id without a text of its own gets a plain one that names it."""
    row = _row(finding)
    values = _Blank({key: str(value) for key, value in finding.params.items()})
    if finding.id == "NOT_XML":
        values["found"] = f" ({values['found']})" if values["found"] else ""
    if "{id}" in row["en"]:
        values.setdefault("id", finding.id)
    return row[language if language in LANGUAGES else "en"].format_map(values)


def from_refusal(refusal: Refusal) -> Finding:
    """A refusal of the gate or of a reader as a fatal finding, so it is shown like any other."""
    params = {key: str(value) for key, value in refusal.params.items() if key != "location"}
    return Finding(refusal.code, "fatal", str(refusal.params.get("location", "")), str(refusal), params)
