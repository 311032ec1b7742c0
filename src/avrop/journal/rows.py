"""Statements that Django's managers lack: insert unless it is there, and insert a great many.

Neither fails a transaction; the first is one statement, so that a repeated event costs nothing more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from operator import attrgetter
from typing import Any

from django.db import connection, models

from avrop.journal.operation import work


def insert_if_new(row: models.Model, conflict: Sequence[str]) -> bool:
    """Insert the row unless one with the same values in the unique `conflict` fields is there. True: inserted."""
    work()
    fields = row._meta.concrete_fields
    columns = ", ".join(_column(f) for f in fields)
    unique = ", ".join(_column(row._meta.get_field(name)) for name in conflict)
    marks = ", ".join(["%s"] * len(fields))
    table = connection.ops.quote_name(row._meta.db_table)
    values = [f.get_db_prep_save(getattr(row, f.attname), connection) for f in fields]
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({columns}) VALUES ({marks}) ON CONFLICT ({unique}) DO NOTHING", values
        )
        row._state.adding = cursor.rowcount != 1
    return not row._state.adding


_AS_THEY_ARE = (models.CharField, models.TextField, models.IntegerField, models.BooleanField)
_BATCH = 500  # rows of one statement on PostgreSQL, where a statement says them all


def insert_all(rows: Sequence[models.Model]) -> None:
    """Insert new rows of one model, which are complete: as `bulk_create`, at a quarter of its cost.

    For lines of documents, of which there may be 10,000: no value is asked what its field makes of it where the
    answer is known. Signals and defaults of the database are left out.
    """
    work()
    if not rows:
        return
    if connection.vendor != "sqlite":
        type(rows[0])._base_manager.bulk_create(rows, batch_size=_BATCH)
        return
    fields = rows[0]._meta.concrete_fields
    columns = ", ".join(_column(f) for f in fields)
    table = connection.ops.quote_name(rows[0]._meta.db_table)
    marks = ", ".join(["%s"] * len(fields))
    values = list(zip(*(_values(f, rows) for f in fields), strict=True))
    with connection.cursor() as cursor:
        cursor.executemany(f"INSERT INTO {table} ({columns}) VALUES ({marks})", values)
    for row in rows:
        row._state.adding, row._state.db = False, connection.alias


def _values(field: Any, rows: Iterable[models.Model]) -> Iterator[Any]:
    """A column of the rows, as the database takes it."""
    own = map(attrgetter(field.attname), rows)
    return own if isinstance(field, _AS_THEY_ARE) else _prepared(field.get_db_prep_save, own)


def _prepared(prepare: Callable[..., Any], own: Iterable[Any]) -> Iterator[Any]:
    last = made = None
    for value in own:
        if value is not last:  # all lines of a document have the very same buyer and head
            last, made = value, prepare(value, connection)
        yield made


def _column(field: Any) -> str:
    return str(connection.ops.quote_name(field.column))
