"""Two statements that Django's managers lack: insert unless it is there, and update giving the row back.

Both are single statements, so that a repeated event costs nothing more, and neither fails a transaction.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from django.db import connection, models

from avrop.journal.operation import work
from avrop.tenancy.scope import By, viewer

M = TypeVar("M", bound=models.Model)


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


def update_row(model: type[M], key: object, values: Mapping[str, Any], **where: object) -> M | None:
    """Change one row of the viewer's if it stands as `where` says; the row as it is now, or None.

    `where` holds field names and the value, or a tuple of values, that must be there before. The state in the
    filter is the lock: of two who would make the same move, one changes nothing.
    """
    work()
    fields = model._meta.concrete_fields
    sets, params = [], []
    for name, value in values.items():
        field: Any = model._meta.get_field(name)
        sets.append(f"{_column(field)} = %s")
        params.append(field.get_db_prep_save(value, connection))
    tests = [f"{_column(model._meta.pk)} = %s"]
    params.append(model._meta.pk.get_db_prep_value(key, connection))
    for name, wanted in {**_scope(model), **where}.items():
        field = model._meta.get_field(name)
        allowed = wanted if isinstance(wanted, tuple) else (wanted,)
        tests.append(f"{_column(field)} IN ({', '.join(['%s'] * len(allowed))})")
        params.extend(field.get_db_prep_value(one, connection) for one in allowed)
    table = connection.ops.quote_name(model._meta.db_table)
    back = ", ".join(_column(f) for f in fields)
    sql = f"UPDATE {table} SET {', '.join(sets)} WHERE {' AND '.join(tests)} RETURNING {back}"
    rows = list(model._base_manager.raw(sql, params))
    return rows[0] if rows else None


def _column(field: Any) -> str:
    return str(connection.ops.quote_name(field.column))


def _scope(model: type[models.Model]) -> dict[str, object]:
    """The same limit that the model's own manager sets: the viewer's side."""
    decision, who = getattr(model, "tenancy", None), viewer()
    if who.everything or not isinstance(decision, By):
        return {}
    return {decision.side: who.organisation_id}
