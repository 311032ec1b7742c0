"""What a finding means to the person who reads it: our own text in nynorsk, bokmål or English, and the place in words.

Keyed by the official rule id and naming the business term; then one sentence about what to do. Three layers, the
first that fits: a text of the rule's own (`tables/findings/*.csv`); a sentence of the rule's kind, with the field it
names (`tables/rule_fields.csv`, for generated rules that only say "must be there" or "not allowed here"); a sentence
of the id's family (`BR-CL-*`). The official English text stays in `Finding.text` for those who want it.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources

from avrop.kernel.finding import Finding, Refusal
from avrop.ubl.codes import name_of
from avrop.ubl.places import field_in_words, in_words, path_in_words

LANGUAGES = ("nn", "nb", "en")
_FILES = ("own", "cen", "peppol", "postaward", "ehf", "reports", "last")
# Ids of older releases, still in the EHF rules of 2023, and the ids that the same rules have now.
_FORMER = (
    ("BR-IG-", "BR-AF-"),
    ("BR-IP-", "BR-AG-"),
    ("BR-66", "UBL-SR-54"),
    ("BR-67", "UBL-SR-55"),
    ("PEPPOL-EN16931-R006", "UBL-SR-04"),
)
# What an answer of the receiver's side says of itself; the rule it means stands first in its sentence.
_ANSWERS = frozenset({"BV", "BW", "SV", "FD"})
_NAMED = re.compile(r"^\W*([A-Z][A-Za-z0-9]*(?:-[A-Za-z0-9]+)+)")
_VAT_RULE = re.compile(r"BR-(S|E|Z|AE|IC|G|O|AF|AG|B)-\d+$")
# The rules of EN 16931 name three categories otherwise than their code in UNCL5305 does.
_VAT_CODES = {"IC": "K", "AF": "L", "AG": "M"}
_VAT_WORDS = {"nn": "mva-kategori {} ({})", "nb": "mva-kategori {} ({})", "en": "VAT category {} ({})"}


class _Blank(dict[str, str]):
    """A parameter that is not there is shown as nothing."""

    def __missing__(self, key: str) -> str:
        return ""


@dataclass(frozen=True, slots=True)
class Field:
    """What a generated rule is about. `under`: the element it looks at; `list`: a code list's name or a value."""

    kind: str
    under: str
    field: str
    list: str


def _rows(name: str) -> list[dict[str, str]]:
    text = (resources.files("avrop.ubl") / "tables" / name).read_text("utf-8")
    return list(csv.DictReader(text.splitlines()))


@cache
def _texts() -> dict[str, dict[str, str]]:
    return {
        key: row for name in _FILES for row in _rows(f"findings/{name}.csv") for key in row["ids"].split()
    }


@cache
def _kinds() -> dict[str, dict[str, str]]:
    return {row["kind"]: row for row in _rows("findings/families.csv")}


@cache
def _advice() -> dict[str, dict[str, str]]:
    return {row["do"]: row for row in _rows("findings/advice.csv")}


@cache
def _fields() -> dict[str, Field]:
    rows = _rows("rule_fields.csv")
    return {row["id"]: Field(row["kind"], row["under"], row["field"], row["list"]) for row in rows}


def known_ids() -> frozenset[str]:
    """The ids that have a text of their own."""
    return frozenset(key for key in _texts() if "*" not in key)


def field_of(finding: Finding) -> Field | None:
    """What the table says that a generated rule is about.

    None where the finding stands at another element than the rule looked at when the table was made: a later
    release may give a generated number to another rule, and a wrong field is worse than none.
    """
    known = _fields().get(finding.id)
    if known is None or not known.under:
        return known
    at = re.sub(r".*[/:]|\[\d+\]$", "", finding.location)
    return known if at in ("", known.under) else None


def source_of(rule: str) -> str:
    """Where a rule's text comes from: "own", "kind" (with its field), "family" or "none"."""
    rule = _now(rule)
    if rule in known_ids():
        return "own"
    if rule in _fields():
        return "kind"
    return "family" if _family(rule) else "none"


def _now(rule: str) -> str:
    return next((new + rule.removeprefix(old) for old, new in _FORMER if rule.startswith(old)), rule)


def _family(rule: str) -> str | None:
    """`BR-DEC-*` covers BR-DEC-23; the longest such row wins."""
    starts = [key for key in _texts() if key.endswith("-*") and rule.startswith(key[:-1])]
    return max(starts, key=len) if starts else None


def text_for(finding: Finding, language: str) -> str:
    """One sentence about the finding and, for a rule, one about what to do.

    An id without a text gets a plain sentence that names it. Any other language than `nn` and `nb` reads English.
    """
    lang = language if language in LANGUAGES else "en"
    if (now := _now(finding.id)) != finding.id:
        finding = replace(finding, id=now)
    if finding.id in _ANSWERS and (meant := text_of_rule(finding.text, lang, finding)):
        return f"{_texts()[finding.id][lang]} {meant}"
    own, values = _texts().get(finding.id), _values(finding, lang)
    field = None if own else field_of(finding)
    if field is not None:
        nowhere = field.kind == "extra" and not finding.location
        row = _kinds()["extra_somewhere" if nowhere else field.kind]
        values.update(_field_values(field, finding.location, lang))
    else:
        row = own or _texts()[_family(finding.id) or f"*{finding.severity}"]
    said = row[lang].format_map(values)
    todo = _todo(row["do"], finding.severity, lang)
    return f"{said} {todo}" if todo else said


def text_of_rule(said: str, language: str, at: Finding | None = None) -> str:
    """Our text for the rule that a sentence names first, as in "[BR-CO-15] ..."; "" where we have none.

    `at`: the finding whose sentence it is, for its place and severity.
    """
    named = _NAMED.match(said)
    if named is None or named[1] in _ANSWERS or source_of(named[1]) == "none":
        return ""
    severity, location = (at.severity, at.location) if at else ("fatal", "")
    return text_for(Finding(named[1], severity, location), language)


def figures_of(finding: Finding, language: str) -> str:
    """What our own check counted beside what the document says; "" where it counted nothing."""
    stated, expected = finding.params.get("amount"), finding.params.get("expected")
    if not stated or not expected:
        return ""
    row = _kinds()["figures"][language if language in LANGUAGES else "en"]
    return row.format(stated=_amount(stated), expected=_amount(expected))


def _amount(value: str) -> str:
    """1234.5 as 1 234,50: as amounts are written in all three languages; what is no number stays."""
    plain = re.fullmatch(r"(-?)(\d+)(?:\.(\d+))?", str(value))
    if plain is None:
        return str(value)
    whole = f"{int(plain[2]):,}".replace(",", "\N{NO-BREAK SPACE}")
    sign, rest = "\N{MINUS SIGN}" if plain[1] else "", (plain[3] or "").ljust(2, "0")
    return f"{sign}{whole},{rest}"


def place_of(finding: Finding, language: str) -> str:
    """Where it is, in words: "linje 3, pris". "" for a finding without a place."""
    return in_words(finding.location, language)


def _values(finding: Finding, language: str) -> _Blank:
    values = _Blank({key: str(value) for key, value in finding.params.items()})
    if finding.id == "NOT_XML":
        values["found"] = f" ({values['found']})" if values["found"] else ""
    if values["path"]:  # a field that the reader missed, by its name
        values["path"] = field_in_words(f"{finding.location}/{values['path']}", language)
    values.setdefault("id", finding.id)
    if rule := _VAT_RULE.match(finding.id):
        code = _VAT_CODES.get(rule[1], rule[1])
        values["category"] = _VAT_WORDS[language].format(code, name_of("vat_category", code, language))
    return values


def _field_values(field: Field, location: str, language: str) -> dict[str, str]:
    here = location or f"/{field.under}"
    if field.kind in ("unused", "once"):
        name = path_in_words(f"Invoice/{field.field}", language)
    else:
        name = field_in_words(f"{here}/{field.field}", language) if field.field else ""
    return {"field": name, "here": field_in_words(here, language), "list": field.list}


def _todo(do: str, severity: str, language: str) -> str:
    """What to do about it: "must" for what is fatal, "should" for a warning."""
    if not do:
        return ""
    advice = _advice()
    row = advice[do] if severity == "fatal" else advice.get(f"{do}.warning", advice[do])
    return row[language]


def from_refusal(refusal: Refusal) -> Finding:
    """A refusal of the gate or of a reader as a fatal finding, so it is shown like any other."""
    params = {key: str(value) for key, value in refusal.params.items() if key != "location"}
    return Finding(refusal.code, "fatal", str(refusal.params.get("location", "")), str(refusal), params)
