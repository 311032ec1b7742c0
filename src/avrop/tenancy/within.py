"""Ground-room writes that need a transaction already open."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TypeVar
from uuid import UUID

from django.db import connection, models, transaction

from avrop.kernel.ports import today
from avrop.tenancy import cache
from avrop.tenancy.models import NumberSeries

M = TypeVar("M", bound=models.Model)

# No letters that can be taken for digits; the year keeps numbers short and never reused.
_PREFIX = {
    "requisition": "R",
    "order": "",
    "receipt": "M",
    "batch": "P",
    "sales_invoice": "F",
    "sales_credit_note": "K",
    "case": "S",
}


def next_number(organisation_id: UUID, kind: str) -> str:
    """The next human number of a kind, like `2026-00417`: unique in the organisation, at most 20 characters.

    Gap-free because the row stays locked until the issuing transaction ends. Raises RuntimeError outside one.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("next_number needs an open transaction")
    year = today().year
    table = NumberSeries._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} (organisation_id, kind, year, next) VALUES (%s, %s, %s, 2) "
            f"ON CONFLICT (organisation_id, kind, year) DO UPDATE SET next = {table}.next + 1 RETURNING next",
            [_uuid(organisation_id), kind, year],
        )
        number = cursor.fetchone()[0] - 1
    return f"{_PREFIX[kind]}{year}-{number:05d}"


def pass_number(organisation_id: UUID, kind: str, number: str) -> None:
    """A document keeps a number that it was given elsewhere: our series goes on above it.

    Nothing where the number is not of our series' own form, for then the series never gives it. Raises
    RuntimeError outside a transaction.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("pass_number needs an open transaction")
    form = re.fullmatch(rf"{_PREFIX[kind]}([0-9]{{4}})-([0-9]{{5,9}})", number)
    if form is None:
        return
    table = NumberSeries._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} (organisation_id, kind, year, next) VALUES (%s, %s, %s, %s) "
            f"ON CONFLICT (organisation_id, kind, year) DO UPDATE SET next = "
            f"CASE WHEN excluded.next > {table}.next THEN excluded.next ELSE {table}.next END",
            [_uuid(organisation_id), kind, int(form[1]), int(form[2]) + 1],
        )


def _uuid(value: UUID) -> UUID | str:
    return value if connection.features.has_native_uuid_field else value.hex


def put(model: type[M], key: Mapping[str, object], values: Mapping[str, object]) -> tuple[M, bool]:
    """The row with this key, made or brought up to date; and whether anything had to be written.

    For set-up that may be read again and again: what already stands as asked is not touched. The caller puts
    the row among `changed` of its entry when the second value is True. Values must be as the database gives
    them back (dates, not texts; lists, not tuples). Raises RuntimeError outside a transaction.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("put needs an open transaction")
    transaction.on_commit(cache.clear)  # what was remembered of the set-up
    row = model._base_manager.filter(**key).first()
    if row is None:
        row = model(**key, **values)
        row.save(force_insert=True)
        return row, True
    other = [name for name, value in values.items() if getattr(row, name) != value]
    for name in other:
        setattr(row, name, values[name])
    if other:
        row.save(update_fields=other)
    return row, bool(other)
