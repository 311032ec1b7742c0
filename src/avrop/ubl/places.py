"""Where in a document, in words: `/Invoice/cac:InvoiceLine[3]/cac:Price/cbc:PriceAmount` is "linje 3, pris".

The words stand in `tables/elements.csv`, per element (`Price`), per element under another (`InvoiceLine/ID`) and
per attribute (`@schemeID`); the longest fitting row wins. An element without words is called by its UBL name,
so a place is never empty. A row without a word is a step that only holds others together (`Party`).
"""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

LANGUAGES = ("nn", "nb", "en")
WHOLE = {"nn": "heile meldinga", "nb": "hele meldingen", "en": "the whole message"}
_STEP = re.compile(r"^(?:[\w.-]+:)?([\w.-]+)(?:\[(\d+)\])?$")
_ATTRIBUTE = re.compile(r"^@(?:[\w.-]+:)?([\w.-]+)$")


@dataclass(frozen=True, slots=True)
class _Words:
    """What a row says. `say`: "always" with its number, "last" only where the path ends there or has a number."""

    nn: str
    nb: str
    en: str
    say: str

    def name(self, language: str) -> str:
        return {"nn": self.nn, "nb": self.nb}.get(language, self.en)


@dataclass(frozen=True, slots=True)
class _Step:
    name: str
    number: int | None


@cache
def _table() -> dict[str, _Words]:
    text = (resources.files("avrop.ubl") / "tables" / "elements.csv").read_text("utf-8")
    rows = csv.DictReader(text.splitlines())
    return {row["element"]: _Words(row["nn"], row["nb"], row["en"], row["say"]) for row in rows}


def has_words(element: str) -> bool:
    """True when the table has a row for the element (local name) or attribute (`@name`), anywhere or somewhere."""
    return any(key == element or key.endswith(f"/{element}") for key in _table())


def in_words(location: str, language: str) -> str:
    """The place in `nn`, `nb` or `en` (anything else: English). "" for no location.

    Positions are those of the path: "linje 3" is the third line, whatever number the sender gave it.
    """
    if not location:
        return ""
    return ", ".join(_said(_steps(location), language, True)) or WHOLE.get(language, WHOLE["en"])


def path_in_words(path: str, language: str) -> str:
    """A field that a rule names, in no particular line: "linje, pris, rabatt", with its UBL name."""
    steps = _steps(path)
    words = ", ".join(_said(steps, language, False))
    return words if not steps or steps[-1].name.removeprefix("@") in words else f"{words} ({steps[-1].name})"


def field_in_words(location: str, language: str) -> str:
    """The last step of a place: what the field is called, with its UBL name where that is another word."""
    steps = _steps(location)
    if not steps:
        return ""
    name, known = steps[-1].name, _row(steps, len(steps) - 1)
    word = known.name(language) if known else name
    if not word:  # a step without a word of its own is called by what it belongs to
        word = next(iter(reversed(_said(steps, language, False))), name)
    if name.startswith("@"):
        return word.removeprefix("@")
    return word if name in word else f"{word} ({name})"


def _steps(location: str) -> list[_Step]:
    steps = []
    for part in location.split("/"):
        if attribute := _ATTRIBUTE.match(part):
            steps.append(_Step(f"@{attribute[1]}", None))
        elif step := _STEP.match(part):
            steps.append(_Step(step[1], int(step[2]) if step[2] else None))
    return steps


def _row(steps: Sequence[_Step], at: int) -> _Words | None:
    """The row of the longest path that ends in step `at`."""
    names = [step.name for step in steps[: at + 1]]
    for start in range(len(names)):
        found = _table().get("/".join(names[start:]))
        if found is not None:
            return found
    return None


def _said(steps: Sequence[_Step], language: str, numbered: bool) -> list[str]:
    return [word for at in range(len(steps)) if (word := _word(steps, at, language, numbered))]


def _word(steps: Sequence[_Step], at: int, language: str, numbered: bool) -> str:
    step, row = steps[at], _row(steps, at)
    if row is None:
        # The root of a document that we do not know says nothing about a place in it.
        word = "" if at == 0 else step.name.removeprefix("@")
    elif row.say == "last" and step.number is None and _more_is_said(steps, at):
        word = ""
    else:
        word = row.name(language)
    number = step.number if step.number or row is None or row.say != "always" else 1
    return f"{word} {number}" if word and number and numbered else word


def _more_is_said(steps: Sequence[_Step], at: int) -> bool:
    rows = (_row(steps, later) for later in range(at + 1, len(steps)))
    return any(row is None or row.en for row in rows)
