"""Direct changes in the database, past the journal: what somebody with the database's password could do."""

from __future__ import annotations

import random
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.apps import apps
from django.db import connection, models

from avrop.journal.models import Entry


@dataclass(frozen=True)
class Change:
    """One change; `named`: what the report's first place must begin with (any of them)."""

    name: str
    act: Callable[[], None]
    named: tuple[str, ...]


def key(value: Any) -> str:
    """A primary key as the report writes it."""
    return value.hex if isinstance(value, uuid.UUID) else str(value)


def changes(seed: int) -> Iterator[Change]:
    """Every column of every audited table that holds rows, rows deleted, inserted, swapped; then the chain itself."""
    chance = random.Random(seed)
    for model in apps.get_models():
        if not getattr(model, "audited", False):
            continue
        rows = list(model._base_manager.order_by("pk"))
        if rows:
            yield from _of_table(model, chance.sample(rows, min(len(rows), 4)), chance)
    yield from _of_chain(chance)


def _of_table(model: type[models.Model], rows: list[Any], chance: random.Random) -> Iterator[Change]:
    label = model._meta.label
    for field in model._meta.concrete_fields:
        row = chance.choice(rows)
        if field.primary_key:
            new = uuid.uuid4() if isinstance(row.pk, uuid.UUID) else 10**9
        else:
            new = other(field, getattr(row, field.attname), chance)
        places = (f"{label} {key(row.pk)}", f"{label} {key(new)}" if field.primary_key else "?")
        yield Change(f"{label}.{field.name}", _set(row, field, new), places)
    gone = chance.choice(rows)
    yield Change(f"{label} deleted", lambda: _delete(model, gone.pk), (f"{label} {key(gone.pk)}",))
    copied = chance.choice(rows)
    ident = uuid.uuid4() if isinstance(copied.pk, uuid.UUID) else 10**9
    yield Change(f"{label} inserted", lambda: _copy(copied, ident), (f"{label} {key(ident)}",))
    if len(rows) > 1:
        one, two = rows[:2]
        yield Change(
            f"{label} swapped", lambda: _swap(one, two), (f"{label} {key(one.pk)}", f"{label} {key(two.pk)}")
        )


def other(field: models.Field[Any, Any], value: Any, chance: random.Random) -> Any:
    """Another value that the column takes."""
    if isinstance(field, models.ForeignKey):
        return uuid.uuid4() if not isinstance(value, int) else value + 1
    if isinstance(field, models.BooleanField):
        return not value
    if isinstance(field, models.UUIDField):
        return uuid.uuid4()
    if isinstance(field, models.DateTimeField):
        return (value or datetime.now().astimezone()) + timedelta(microseconds=1)
    if isinstance(field, models.DateField):
        return (value or date(2026, 1, 1)) + timedelta(days=chance.choice((1, -1, 365)))
    if isinstance(field, models.JSONField):
        return [*value, 1] if isinstance(value, list) else {**(value or {}), "x": 1}
    if isinstance(field, models.BinaryField):
        return bytes(value or b"") + b" "
    if isinstance(field, models.IntegerField):
        return (value or 0) + chance.choice((1, -1, 1000))
    assert isinstance(field, models.CharField | models.TextField), field
    text = str(value or "")
    return text[:-1] + chr(ord(text[-1]) ^ 1) if text else " "


def _set(row: Any, field: models.Field[Any, Any], new: Any) -> Callable[[], None]:
    return lambda: _update(type(row), row.pk, {field: new})


def _update(model: type[models.Model], pk: Any, values: dict[models.Field[Any, Any], Any]) -> None:
    """Plain SQL: no manager, no signal, no journal."""
    quote = connection.ops.quote_name
    sets = ", ".join(f"{quote(f.column)} = %s" for f in values)
    given = [f.get_db_prep_save(v, connection) for f, v in values.items()]
    assert model._meta.pk is not None
    where = model._meta.pk.get_db_prep_save(pk, connection)
    with connection.cursor() as cursor:
        sql = f"UPDATE {quote(model._meta.db_table)} SET {sets} WHERE {quote(model._meta.pk.column)} = %s"
        cursor.execute(sql, [*given, where])
        assert cursor.rowcount == 1


def _delete(model: type[models.Model], pk: Any) -> None:
    quote = connection.ops.quote_name
    assert model._meta.pk is not None
    with connection.cursor() as cursor:
        cursor.execute(
            f"DELETE FROM {quote(model._meta.db_table)} WHERE {quote(model._meta.pk.column)} = %s",
            [model._meta.pk.get_db_prep_save(pk, connection)],
        )


def _copy(row: Any, ident: Any) -> None:
    """The same row again under another key; what must be unique gets a value of its own."""
    meta = type(row)._meta
    unique = {f for f in meta.concrete_fields if f.unique}
    for constraint in meta.constraints:
        if isinstance(constraint, models.UniqueConstraint) and constraint.fields:
            fields = [meta.get_field(name) for name in constraint.fields]
            unique.add(next((f for f in fields if isinstance(f, models.CharField)), fields[-1]))
    chance = random.Random(str(ident))
    values = [
        ident
        if f.primary_key
        else other(f, getattr(row, f.attname), chance)
        if f in unique
        else getattr(row, f.attname)
        for f in meta.concrete_fields
    ]
    _insert(type(row), values)


def _insert(model: type[models.Model], values: list[Any]) -> None:
    quote = connection.ops.quote_name
    fields = model._meta.concrete_fields
    given = [f.get_db_prep_save(v, connection) for f, v in zip(fields, values, strict=True)]
    columns = ", ".join(quote(f.column) for f in fields)
    with connection.cursor() as cursor:
        marks = ", ".join(["%s"] * len(fields))
        cursor.execute(f"INSERT INTO {quote(model._meta.db_table)} ({columns}) VALUES ({marks})", given)


def _swap(one: Any, two: Any) -> None:
    """Each row's content under the other's key."""
    pk = type(one)._meta.pk
    between = uuid.uuid4() if isinstance(one.pk, uuid.UUID) else 10**9
    for old, new in ((one.pk, between), (two.pk, one.pk), (between, two.pk)):
        _update(type(one), old, {pk: new})


def _of_chain(chance: random.Random) -> Iterator[Change]:
    """The entries: each column, one gone, one put in, two swapped, the tail cut, the tail written anew."""
    entries = list(Entry._base_manager.order_by("tenant_id", "seq"))
    last = {entry.tenant_id: entry for entry in entries}
    for number in range(12):
        for field in Entry._meta.concrete_fields:
            if not field.primary_key:  # a bare row number; the chain's order is (tenant, seq)
                entry = chance.choice(entries)
                new = other(field, getattr(entry, field.attname), chance)
                yield Change(
                    f"Entry.{field.name} {number}", _set(entry, field, new), (_place(entry), "journal.Entry")
                )
        entry = chance.choice(entries)
        yield Change(f"entry {number} deleted", lambda e=entry: _delete(Entry, e.pk), ("journal.Entry",))
        end = last[entry.tenant_id].seq
        yield Change(f"entry {number} inserted", lambda e=entry, n=end + 1: _again(e, n), ("journal.Entry",))
        pairs = [e for e in entries if e.tenant_id == entry.tenant_id and e.pk != entry.pk]
        if pairs:
            pair = chance.choice(pairs)
            yield Change(
                f"entries {number} swapped", lambda e=entry, o=pair: _change(e, o), ("journal.Entry",)
            )
    for tenant, end in last.items():
        for length in range(1, min(4, end.seq) + 1):
            yield Change(
                f"the last {length} of {tenant} cut", lambda e=end, n=length: _cut(e, n), ("journal.Entry",)
            )


def _again(entry: Entry, seq: int) -> None:
    """The entry once more, at the end of the chain."""
    _insert(
        Entry,
        [
            {"id": 10**9, "seq": seq}.get(f.name, getattr(entry, f.attname))
            for f in Entry._meta.concrete_fields
        ],
    )


def _change(one: Entry, two: Entry) -> None:
    """Two entries change places."""
    field = Entry._meta.get_field("seq")
    for entry, seq in ((one, 10**9), (two, one.seq), (one, two.seq)):
        _update(Entry, entry.pk, {field: seq})


def _place(entry: Entry) -> str:
    return f"journal.Entry {entry.tenant_id}/{entry.seq}"


def _cut(end: Entry, length: int) -> None:
    """The newest entries are gone; what they said of rows stands."""
    for seq in range(end.seq, end.seq - length, -1):
        _delete(Entry, Entry._base_manager.get(tenant_id=end.tenant_id, seq=seq).pk)


def rewritten(entry: Entry) -> None:
    """Somebody who knows the code changes an entry's reason and hashes everything after it anew."""
    from avrop.journal.audit import _said
    from avrop.journal.chain import entry_hash

    entry.reason = entry.reason + " (approved by the mayor)"
    previous = entry.previous
    later = Entry._base_manager.filter(tenant_id=entry.tenant_id, seq__gt=entry.seq).order_by("seq")
    for one in [entry, *later]:
        one.previous = previous
        one.hash = previous = entry_hash(previous, _said(one))
        fields = {f.name: f for f in Entry._meta.concrete_fields}
        _update(
            Entry,
            one.pk,
            {fields["reason"]: one.reason, fields["previous"]: one.previous, fields["hash"]: one.hash},
        )
