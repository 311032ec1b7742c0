"""Makes a filled SQLite installation larger: every row of what people do, copied with ids and numbers of its own.

It knows no table: it reads the models. A copy of a row has the same id but for one hexadecimal digit, which is turned
on by as much for all rows of a copy, so that foreign keys, streams and what the journal tells of the copies point at
each other; the numbers of orders, invoices and messages get a tail, and their moments some seconds. Organisations,
people, units, agreements and set-up are not copied: a larger year at the same municipalities, not more of them.
Fit for measuring pages, and for nothing else: the audit chain does not hold.
"""

from __future__ import annotations

import re
from typing import Any

from django.apps import apps
from django.db import connection, models

from avrop.journal import worker

ROOMS = (
    "requisition",
    "approval",
    "ordering",
    "delivery",
    "invoicing",
    "matching",
    "accounting",
    "portal",
    "desk",
)
ALSO = {"messaging.Message", "journal.Entry", "journal.Case", "journal.Delivery", "commitments.Movement",
        "catalogue.CatalogueItem"}  # fmt: skip
# Set-up, or one row an organisation.
NOT = {"matching.PreApproval", "portal.SellerProfile", "desk.Indexed", "accounting.KeptSum"}
KEPT = {
    "catalogue.CatalogueCount": ("count",),
    "accounting.KeptSum": ("count", "total"),
}  # sums of what is copied
# Plain columns that hold the id of a row that is copied too.
IDS = {
    "requisition_id",
    "subject_id",
    "message_id",
    "order_id",
    "item_id",
    "invoice_id",
    "response_id",
    "match_id",
}
# Columns that hold the number of a paper that is copied too.
NUMBERS = {
    "number",
    "number_key",
    "preceding",
    "preceding_key",
    "order_reference",
    "instance_id",
    "answer_to",
    "invoice_number",
    "response_number",
    "voucher",
}
PLACES = (
    13,
    17,
)  # of the digit that tells copies apart: behind the time, so that copies stand in its order too
HEX = "0123456789abcdef"
AN_ID = re.compile(r"\b[0-9a-f]{32}\b")


def copied() -> list[type[models.Model]]:
    """The models whose rows are multiplied."""
    ours = [m for m in apps.get_models() if m.__module__.startswith("avrop.")]
    wanted = [m for m in ours if m._meta.app_label in ROOMS or m._meta.label in ALSO]
    return [m for m in wanted if m._meta.label not in NOT]


def tenfold(round_: int) -> None:
    """Copies every row nine times; `round_` 0 for the first time, 1 for the second."""
    place = PLACES[round_]
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA foreign_keys=OFF")
        cursor.execute("PRAGMA synchronous=OFF")
        known = _ids(cursor)
        for model in copied():
            table = connection.ops.quote_name(model._meta.db_table)
            before = cursor.execute(f"SELECT max(rowid) FROM {table}").fetchone()[0] or 0
            for number in range(1, 10):
                _teach(cursor, known, place, number)
                cursor.execute(_statement(model, place, number, round_, before))
        for name, columns in KEPT.items():
            tenfold = ", ".join(f"{column} = {column} * 10" for column in columns)
            cursor.execute(f"UPDATE {apps.get_model(name)._meta.db_table} SET {tenfold}")
        connection.commit()
        worker.keep_plans()  # as an installation knows its tables
        cursor.execute("PRAGMA foreign_keys=ON")


def _ids(cursor: Any) -> set[str]:
    """The ids of all rows that are copied, and of the streams that are not theirs."""
    found = {one for (one,) in cursor.execute("SELECT DISTINCT substr(stream, -32) FROM journal_entry")}
    for model in copied():
        if isinstance(model._meta.pk, models.UUIDField):
            table = connection.ops.quote_name(model._meta.db_table)
            found |= {one for (one,) in cursor.execute(f"SELECT id FROM {table}")}
    kept = [m for m in apps.get_models() if m not in copied() and isinstance(m._meta.pk, models.UUIDField)]
    for model in kept:  # the stream of an agreement bears the agreement's id
        table = connection.ops.quote_name(model._meta.db_table)
        found -= {one for (one,) in cursor.execute(f"SELECT id FROM {table}")}
    return found


def _teach(cursor: Any, known: set[str], place: int, turn: int) -> None:
    """Let the database turn on the known ids that a text of JSON holds."""

    def one(match: re.Match[str]) -> str:
        text = match[0]
        if text not in known:
            return text
        return text[: place - 1] + HEX[(HEX.index(text[place - 1]) + turn) % 16] + text[place:]

    def turned(text: str | None) -> str | None:
        return text and AN_ID.sub(one, text)

    cursor.connection.create_function("turned", 1, turned, deterministic=True)


def rows() -> int:
    """How many rows there are in all that is copied."""
    with connection.cursor() as cursor:
        counts = [f"SELECT count(*) FROM {connection.ops.quote_name(m._meta.db_table)}" for m in copied()]
        return sum(cursor.execute(one).fetchone()[0] for one in counts)


def _statement(model: type[models.Model], place: int, number: int, round_: int, before: int) -> str:
    table = connection.ops.quote_name(model._meta.db_table)
    fields = [f for f in model._meta.concrete_fields if not isinstance(f, models.AutoField)]
    names = ", ".join(f'"{f.column}"' for f in fields)
    values = ", ".join(_value(model, f, place, number, 10**round_ * number) for f in fields)
    return f"INSERT INTO {table} ({names}) SELECT {values} FROM {table} WHERE rowid <= {before}"


def _value(model: type[models.Model], field: Any, place: int, turn: int, number: int) -> str:
    name = f'"{field.column}"'
    if _is_id(field):
        return _mapped(name, place, turn)
    if isinstance(field, models.CharField) and field.name in ("stream", "subject", "source", "refers_to"):
        last = _mapped(f"substr({name}, -32)", place, turn)
        return (
            f"CASE WHEN length({name}) > 32 AND substr({name}, -33, 1) = ':' "
            f"THEN substr({name}, 1, length({name}) - 32) || {last} ELSE {name} END"
        )
    if isinstance(field, models.JSONField):
        return f"turned({name})"
    if isinstance(field, models.DateTimeField):  # not all at the same moment
        return f"strftime('%Y-%m-%d %H:%M:%f', {name}, '+{number} seconds')"
    if isinstance(field, models.CharField) and field.name in {*_alone(model), *NUMBERS}:
        return f"CASE {name} WHEN '' THEN '' ELSE {name} || 'X{number}' END"
    if field.name in _alone(model) and isinstance(field, models.IntegerField):
        return f"{name} + {number} * 10000000"
    return name


def _is_id(field: Any) -> bool:
    if isinstance(field, models.ForeignKey):
        return field.related_model in copied() and not isinstance(
            field.related_model._meta.pk, models.AutoField
        )
    return isinstance(field, models.UUIDField) and (field.primary_key or field.column in IDS)


def _mapped(expression: str, place: int, turn: int) -> str:
    digit = f"substr('{HEX * 2}', instr('{HEX}', substr({expression}, {place}, 1)) + {turn}, 1)"
    return f"substr({expression}, 1, {place - 1}) || {digit} || substr({expression}, {place + 1})"


def _alone(model: type[models.Model]) -> set[str]:
    """Columns that must differ in a copy: those of a unique constraint that has no id in it that differs."""
    found: set[str] = {f.name for f in model._meta.concrete_fields if f.unique and not f.primary_key}
    for constraint in model._meta.constraints:
        if isinstance(constraint, models.UniqueConstraint):
            fields = [model._meta.get_field(name) for name in constraint.fields]
            if not any(_is_id(one) or one.name == "stream" for one in fields):
                texts = [f.name for f in fields if not isinstance(f, models.ForeignKey | models.UUIDField)]
                found |= set(texts[-1:])
    return found
