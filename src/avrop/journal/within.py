"""Writes to the journal that belong inside somebody's operation."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any
from uuid import UUID

from django.db import connection, models

from avrop.journal.chain import Draft
from avrop.journal.models import Case, Stream
from avrop.journal.operation import work
from avrop.journal.registry import handlers_of
from avrop.kernel.canonical import content_hash
from avrop.kernel.events import encode, name_of
from avrop.kernel.ports import OSLO
from avrop.kernel.workdays import add_workdays
from avrop.tenancy.scope import viewer_or_none
from avrop.tenancy.within import next_number

GONE = "gone"  # stands in an entry where a removed row's content hash would be


def lock_stream(stream: str) -> bool:
    """Take the stream's row: the first of all locks.

    True when somebody may have got in before us, so that what was read before must be read again. On SQLite the
    transaction holds the one write lock from its start (IMMEDIATE): there is nothing to take, and False.
    """
    current = work()
    if stream in current.streams or connection.vendor == "sqlite":
        return False
    current.streams.add(stream)
    table = Stream._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} (key, passed) VALUES (%s, 1) "
            f"ON CONFLICT (key) DO UPDATE SET passed = {table}.passed + 1",
            [stream],
        )
    return True


def record(
    event: object,
    *,
    tenant: UUID,
    stream: str,
    subject: models.Model | None = None,
    changed: Sequence[models.Model] = (),
    removed: Sequence[models.Model] = (),
    before: str = "",
    reason: str = "",
) -> None:
    """One journal entry: it is the audit record and, where the flow names a handler, the event.

    `changed` are the rows as they now stand in the database (every audited row that the operation wrote);
    `removed` are draft rows deleted in it (with their keys still set);
    `subject` is the document it is about, `before` its content hash before.
    """
    current = work()
    name = name_of(type(event))
    handlers = handlers_of(name, event)
    if handlers:
        lock_stream(stream)
    who = viewer_or_none()
    rows = list(changed) if subject is None or subject in changed else [subject, *changed]
    current.drafts.append(
        Draft(
            tenant_id=tenant,
            event=name,
            payload=encode(event),
            stream=stream,
            subject=label(subject) if subject is not None else "",
            rows=[
                *([row._meta.label, key_of(row), row_hash(row)] for row in rows),
                *([row._meta.label, key_of(row), GONE] for row in removed),
            ],
            before=before,
            reason=reason,
            actor=who.person_id if who else None,
            at=current.at,
            handlers=handlers,
        )
    )


def label(row: models.Model) -> str:
    """`ordering.Order:0198...` for a row."""
    return f"{row._meta.label}:{key_of(row)}"


def key_of(row: models.Model) -> str:
    """The primary key as text."""
    return row.pk.hex if isinstance(row.pk, UUID) else str(row.pk)


def row_hash(row: models.Model) -> str:
    """The content hash of a row: its columns by name, but for those that hold their default.

    So a column that a later version adds changes no hash that was given before it, and yet no value can be changed
    unseen: to a default or from one, the hash is another.
    """
    values = ((name, getattr(row, name), default) for name, default in _columns(type(row)))
    return content_hash({name: value for name, value, default in values if value != default})


_ALWAYS = object()  # equals no value: the column is always part of the hash


@cache
def _columns(model: type[models.Model]) -> tuple[tuple[str, Any], ...]:
    """(column, its default) of a model; what is new for each row, as an id, has no default that counts."""
    return tuple((f.attname, _default(f)) for f in model._meta.concrete_fields)


def _default(field: Any) -> Any:
    made = field.has_default() and callable(field.default) and field.default not in (list, dict)
    if field.primary_key or made:
        return _ALWAYS
    return field.get_default()


def open_case(
    *,
    tenant: UUID,
    kind: str,
    subject: str,
    reason: str,
    owner_role: str,
    params: dict[str, object] | None = None,
    workdays: int = 3,
) -> Case:
    """A case with an owner and a deadline. The caller puts it among `changed` of its entry."""
    at = work().at
    return Case.objects.create(
        tenant_id=tenant,
        number=next_number(tenant, "case"),
        kind=kind,
        subject=subject,
        reason=reason,
        params=params or {},
        owner_role=owner_role,
        due=add_workdays(at.astimezone(OSLO).date(), workdays),
        opened_at=at,
    )
