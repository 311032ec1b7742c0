"""Ground-room writes that need a transaction already open."""

from __future__ import annotations

from uuid import UUID

from django.db import connection

from avrop.kernel.ports import today
from avrop.tenancy.models import NumberSeries

# No letters that can be taken for digits; the year keeps numbers short and never reused.
_PREFIX = {"requisition": "R", "order": "", "receipt": "M", "batch": "P", "sales_invoice": "F", "case": "S"}


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


def _uuid(value: UUID) -> object:
    return value if connection.features.has_native_uuid_field else value.hex


