"""Fills a document's table from a seed.

A plan per document type says, field by field: what makes the value, whether the type may carry it at all
(`not_carried.csv`) and whether it must (`wanted.csv`), each line with the official rule that says so. How much else
a document has is drawn for each: some are bare, some have everything.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Mapping
from dataclasses import MISSING, dataclass, field, fields
from functools import cache
from pathlib import Path
from random import Random
from types import ModuleType
from typing import Any

from avrop.ubl.shape import Shape
from avrop.ubl.tests.generate import values

Fields = dict[str, Any]
Value = Callable[[Random], Any]
Mend = Callable[["Making", Fields], None]
# Fields that have no place in the schema without another one of the same dataclass.
WITH = {
    "Invoice.sales_order_id": "order_reference",
    "InvoiceLine.order_id": "order_line",
    "InvoiceLine.object_type_code": "object_id",
    "PaymentMeans.card_network": "card_number",
    "PaymentMeans.card_holder": "card_number",
    "PaymentMeans.account_name": "account_id",
    "PaymentMeans.branch_id": "account_id",
    "PaymentMeans.payer_account": "mandate_id",
    "OrderResponseLine.substitute": "substitute_id",
    "Item.sellers_extended_id": "sellers_id",
    "Item.standard_extended_id": "standard_id",
}
DENSITIES = (0.03, 0.1, 0.3, 0.6, 0.9, 1.0)
BY_KIND: dict[str, Value] = {
    "text": values.text,
    "decimal": values.number,
    "amount": values.amount,
    "price": values.amount,
    "quantity": values.quantity,
    "identifier": values.party_number,
    "count": lambda rng: rng.randint(0, 10**9),
    "date": values.day,
    "boolean": lambda rng: rng.random() < 0.5,
    "currency": lambda rng: rng.choice(("NOK", "NOK", "EUR", "SEK", "USD", "JPY")),
}


@dataclass(frozen=True)
class Kind:
    """A type of document and how one is made.

    `values` and `most` (how many of a repeated field) are by path (`lines.item.name`), or by `Class.field` for all
    paths; the path wins. `mends` are asked with the fields of a dataclass before it is made, those of the class
    first, then those of the path (`""` is the document). `always`: fields that this type wants, though the
    dataclass does not.
    """

    name: str
    module: ModuleType
    shape: Shape
    values: Mapping[str, Value] = field(default_factory=dict)
    mends: Mapping[str, Mend] = field(default_factory=dict)
    always: frozenset[str] = frozenset()
    most: Mapping[str, int] = field(default_factory=dict)
    finish: Callable[[Making, Any], Any] = lambda making, document: document


@dataclass(frozen=True, slots=True)
class Step:
    """One field of a plan."""

    field: str
    path: str
    value: Value | None
    plan: Plan | None
    needed: bool
    many: bool
    least: int
    most: int
    above: str | None  # the field without which this one has no place: an attribute's element
    when: tuple[str, ...]  # fields that do not stand without this one


@dataclass(frozen=True, slots=True)
class Plan:
    """How one dataclass at one path is made."""

    cls: type[Any]
    steps: tuple[Step, ...]
    mends: tuple[Mend, ...]
    asked: tuple[Step, ...]  # those that others do not stand without


def _table(name: str, kind: str) -> list[dict[str, str]]:
    with (Path(__file__).parent / name).open(newline="") as file:
        rows = csv.DictReader(line for line in file if not line.startswith("#"))
        return [row for row in rows if kind in row["types"].split()]


@cache
def not_carried(kind: str) -> dict[str, str]:
    """path -> the official rule that forbids it in this type of document."""
    return {row["path"]: row["rule"] for row in _table("not_carried.csv", kind)}


@cache
def wanted(kind: str) -> dict[str, tuple[str, ...]]:
    """path -> the fields beside it, any of which makes it needed; none: it always is."""
    return {row["path"]: tuple(row["when"].split()) for row in _table("wanted.csv", kind)}


class Making:
    """One document being made: the generator, how dense it is, and notes of what was decided so far."""

    def __init__(self, kind: Kind, rng: Random, wants: Callable[[str], bool] | None = None) -> None:
        self.kind = kind
        self.rng = rng
        self.density = rng.choice(DENSITIES)
        self.notes: dict[str, Any] = {}
        self.probing = wants is not None
        self._wants = wants

    def wants(self, path: str) -> bool:
        """Whether this document has the optional field at `path`."""
        if self._wants is not None:
            return self._wants(path)
        return path not in not_carried(self.kind.name) and self.rng.random() < self.density

    def made(self, plan: Plan, must: bool = False) -> Any:
        """A dataclass; None where nothing of it came to be and it need not be there."""
        given: Fields = {}
        for step in plan.steps:
            if step.needed or self.wants(step.path):
                self._give(step, given)
        for step in (*plan.asked, *plan.asked):  # twice: one may ask for another
            if step.field not in given and any(given.get(name) is not None for name in step.when):
                self._give(step, given)
        if must and not given:
            first = next(step for step in plan.steps if carried(self.kind.name, step.path))
            given[first.field] = self._values(first, True) if first.many else self._value(first, True)
        for mend in plan.mends:
            mend(self, given)
        if all(value is None or value == () for value in given.values()):
            return None
        return plan.cls(**given)

    def _give(self, step: Step, given: Fields) -> None:
        if step.above is not None and step.above not in given:
            return
        needed = step.needed or bool(step.when)
        value = self._values(step, needed) if step.many else self._value(step, needed)
        if value is not None and value != ():
            given[step.field] = value

    def _value(self, step: Step, needed: bool) -> Any:
        if step.plan is not None:
            return self.made(step.plan, needed)
        assert step.value is not None
        return step.value(self.rng)

    def _values(self, step: Step, needed: bool) -> tuple[Any, ...]:
        count = self.rng.randint(step.least, max(step.least, step.most))
        made = (self._value(step, needed) for _ in range(count))
        return tuple(value for value in made if value is not None)


def make(kind: Kind, rng: Random, wants: Callable[[str], bool] | None = None) -> Any:
    """A document of the kind. `wants` says which optional fields it has; without it they are drawn."""
    making = Making(kind, rng, wants)
    return kind.finish(making, making.made(plan_of(kind.name)))


_KINDS: dict[str, Kind] = {}


def enter(*kinds: Kind) -> None:
    """Make kinds known by their names."""
    _KINDS.update({kind.name: kind for kind in kinds})


@cache
def plan_of(name: str) -> Plan:
    """The plan of a document type."""
    kind = _KINDS[name]
    return _plan(kind, kind.shape, "")


def _plan(kind: Kind, shape: Shape, at: str) -> Plan:
    leaves = {row.path: row.field for row in shape.rows}
    defaults = {
        f.name: f.default
        for f in fields(shape.cls)
        if f.default not in (MISSING, None, "", ()) and not isinstance(f.default, bool)
    }
    required = {name for name, _ in shape.required}
    steps = []
    for row in shape.rows:
        path = f"{at}.{row.field}" if at else row.field
        general = f"{shape.cls.__name__}.{row.field}"
        when = wanted(kind.name).get(path)
        needed = row.field in required or path in kind.always or row.field in defaults or when == ()
        value, plan = None, None
        if row.shape is not None:
            plan = _plan(kind, row.shape, path)
        else:
            value = kind.values.get(path) or kind.values.get(general)
            if value is None and row.field in defaults:
                value = _constant(defaults[row.field])
            value = value or (values.time if row.path.endswith("Time") else BY_KIND[row.kind])
        most = kind.most.get(path, kind.most.get(general, 2))
        element, _, attribute = row.path.rpartition("/@")
        above = leaves.get(element) if attribute and element else _with(shape.cls, row.field)
        steps.append(Step(row.field, path, value, plan, needed, row.many, 1, most, above, when or ()))
    name = shape.cls.__name__
    mends = [kind.mends[key] for key in (name, at) if key in kind.mends]
    steps.sort(key=lambda step: step.above is not None)  # each behind the one it needs
    return Plan(shape.cls, tuple(steps), tuple(mends), tuple(step for step in steps if step.when))


def _with(cls: type[Any], name: str) -> str | None:
    return next((WITH[f"{c.__name__}.{name}"] for c in cls.__mro__ if f"{c.__name__}.{name}" in WITH), None)


def _constant(value: Any) -> Value:
    return lambda rng: value


def carried(kind: str, path: str) -> bool:
    """Whether a document of the kind may have something at `path`."""
    forbidden = not_carried(kind)
    steps = path.split(".")
    return not any(".".join(steps[: i + 1]) in forbidden for i in range(len(steps)))


def paths(plan: Plan) -> Iterator[str]:
    """Every path of a plan, from the top."""
    for step in plan.steps:
        yield step.path
        if step.plan is not None:
            yield from paths(step.plan)


def leaves(plan: Plan) -> Iterator[str]:
    """Every path of a plan that holds a value and not another dataclass."""
    for step in plan.steps:
        if step.plan is None:
            yield step.path
        else:
            yield from leaves(step.plan)


def with_all_above(plan: Plan, path: str) -> set[str]:
    """`path` with those that it stands in, and for each the one it has no place without."""
    wanted: set[str] = set()
    for step in plan.steps:
        if path == step.path or path.startswith(f"{step.path}."):
            wanted.add(step.path)
            if step.above is not None:
                wanted.update(one.path for one in plan.steps if one.field == step.above)
            if step.plan is not None and path != step.path:
                wanted.update(with_all_above(step.plan, path))
    return wanted


def seen(document: Any, plan: Plan) -> Iterator[str]:
    """The paths that are set in a document."""
    for step in plan.steps:
        value = getattr(document, step.field)
        if value is None or value == () or value == "":
            continue
        yield step.path
        if step.plan is not None:
            for one in value if step.many else (value,):
                yield from seen(one, step.plan)


def values_at(document: Any, path: str) -> Iterator[Any]:
    """What stands at a path of a document, once for each of those that repeat."""
    name, _, below = path.partition(".")
    value = getattr(document, name)
    for one in value if isinstance(value, tuple) else (value,):
        if one is not None:
            yield from values_at(one, below) if below else (one,)
