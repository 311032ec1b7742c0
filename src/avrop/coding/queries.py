"""Reads of the chart of accounts, default coding and the budget policy."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import reduce
from operator import or_
from uuid import UUID

from django.db.models import Q, QuerySet

from avrop.coding import rules
from avrop.coding.facts import UNIT, BudgetPolicy, Coding, Default, LineHint, SuggestedCoding
from avrop.coding.models import BudgetControl, Code, CodingDefault
from avrop.tenancy import cache
from avrop.tenancy.facts import UnitFacts

_DEFAULT = ("kind", "key", "account", "responsibility", "function", "project", "vat_treatment")


def suggest(lines: Sequence[LineHint], *, unit: UnitFacts, person_id: UUID | None) -> list[SuggestedCoding]:
    """A suggested coding for each line, with its source, in one statement for all lines.

    The unit's own responsibility and function stand behind everything else.
    """
    upwards = tuple(reversed(unit.ancestors)) or (unit.id,)
    wanted = [rules.keys_for(line, units=upwards, person_id=person_id) for line in lines]
    stored = _stored(wanted)
    last = Default(
        UNIT, unit.id.hex, responsibility=unit.responsibility, function=unit.function, distance=len(upwards)
    )
    return [
        rules.suggest([*rules.line_default(line.override), *rules.pick(stored, keys), last])
        for line, keys in zip(lines, wanted, strict=True)
    ]


def _stored(wanted: Iterable[dict[str, list[str]]]) -> dict[tuple[str, str], Default]:
    keys: dict[str, set[str]] = {}
    for one in wanted:
        for source, names in one.items():
            if names:
                keys.setdefault(source, set()).update(names)
    if not keys:
        return {}
    places = reduce(or_, (Q(kind=source, key__in=names) for source, names in keys.items()))
    rows = CodingDefault.objects.filter(places).values_list(*_DEFAULT)
    return {(row[0], row[1]): Default(*row) for row in rows}


def policy() -> BudgetPolicy:
    """How the viewer's organisation meets a passed budget; WARN unless set (Decision 9)."""
    mode = cache.remembered(
        "budget mode", lambda: BudgetControl.objects.values_list("mode", flat=True).first()
    )
    return BudgetPolicy(mode) if mode else BudgetPolicy()


def choices(dimension: str) -> list[tuple[str, str]]:
    """(code, name) of a dimension's active codes, by code."""
    rows = Code.objects.filter(dimension=dimension, active=True).order_by("code")
    return list(rows.values_list("code", "name"))


def read_codings(texts: Iterable[str]) -> dict[str, Coding]:
    """The coding that each text names (`rules.read_coding`), in one statement; an empty text names none."""
    wanted = set(texts)
    known: dict[str, set[str]] = {}
    if any(wanted):
        for dimension, code in Code.objects.filter(active=True).values_list("dimension", "code"):
            known.setdefault(dimension, set()).add(code)
    return {text: rules.read_coding(text, known) for text in wanted}


def code_names(codes: Iterable[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """Names by (dimension, code), in one statement; codes that are unknown are left out."""
    wanted: dict[str, set[str]] = {}
    for dimension, code in codes:
        if code:
            wanted.setdefault(dimension, set()).add(code)
    if not wanted:
        return {}
    places = reduce(or_, (Q(dimension=d, code__in=names) for d, names in wanted.items()))
    rows = Code.objects.filter(places).values_list("dimension", "code", "name")
    return {(dimension, code): name for dimension, code, name in rows}


def unknown_codes(codes: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """The (dimension, code) pairs that the viewer's chart does not have. Empty codes are not asked about."""
    asked = sorted({(dimension, code) for dimension, code in codes if code})
    known = code_names(asked)
    return [pair for pair in asked if pair not in known]


def codes() -> QuerySet[Code]:
    """Every code of the viewer's chart, for lists."""
    return Code.objects.all()
