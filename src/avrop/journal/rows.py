"""A statement that Django's managers lack: insert unless it is there.

One statement, so that a repeated event costs nothing more, and it never fails a transaction.
"""

from __future__ import annotations

from collections.abc import Sequence
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


def _column(field: Any) -> str:
    return str(connection.ops.quote_name(field.column))
