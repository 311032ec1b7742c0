"""`avrop audit verify`: the chain against itself, against the tables, and against the heads kept outside.

Finds a changed, deleted or inserted entry; a row changed, deleted or added behind the journal's back; and a
tail that was cut off, by the heads that are written to a folder outside the database.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import DatabaseError, models

from avrop.journal.chain import GENESIS, entry_hash, said
from avrop.journal.models import Entry
from avrop.journal.within import GONE, key_of, row_hash
from avrop.kernel.ports import today
from avrop.tenancy.scope import everything

Rows = dict[tuple[str, str], tuple[str, str]]  # (label, key) -> (hash, where it was said)


@dataclass(frozen=True, slots=True)
class Report:
    """What the check saw. `broken_at` names the first place where something is wrong; `places` all of them."""

    entries: int
    rows: int
    places: tuple[str, ...]

    @property
    def ok(self) -> bool:
        """True when nothing is wrong."""
        return not self.places

    @property
    def broken_at(self) -> str | None:
        """The first place where something is wrong."""
        return self.places[0] if self.places else None


def verify(heads: Path | None = None, *, covered: bool = True) -> Report:
    """Check everything. `covered` also demands an entry for every row of an audited table."""
    with everything("the audit of every tenant's chain"):
        places: list[str] = []
        latest: Rows = {}
        count = 0
        ends: dict[str, dict[int, str]] = {}
        for entry in _entries(places, ends):
            count += 1
            for label, key, content in _named(entry):
                latest[label, key] = (content, f"{entry.tenant_id}/{entry.seq}")
        places.extend(_heads_missing(heads, ends))
        _tables(latest, covered, places)
    return Report(count, len(latest), tuple(places))


def _named(entry: Entry) -> Iterator[tuple[str, str, str]]:
    """The rows that an entry speaks of; whoever changed it need not have left it in order."""
    for row in entry.rows if isinstance(entry.rows, list) else ():
        if isinstance(row, list) and len(row) == 3 and all(isinstance(part, str) for part in row):
            yield row[0], row[1], row[2]


def _readable(rows: models.QuerySet[Any], places: list[str]) -> Iterator[Any]:
    """Every row; one whose columns cannot even be read (no date, no JSON) is named instead of stopping the check."""
    seen = set()
    try:
        for row in rows.iterator(chunk_size=2000):
            seen.add(row.pk)
            yield row
        return
    except (ValueError, TypeError, DatabaseError):
        keys = [key for key in rows.values_list("pk", flat=True) if key not in seen]
    for key in keys:
        try:
            yield rows.get(pk=key)
        except (ValueError, TypeError, DatabaseError):
            places.append(f"{rows.model._meta.label} {key_of(rows.model(pk=key))}: cannot be read")


def _entries(places: list[str], ends: dict[str, dict[int, str]]) -> Iterator[Entry]:
    tenant, seq, previous = None, 0, GENESIS
    for entry in _readable(Entry.objects.order_by("tenant_id", "seq"), places):
        if entry.tenant_id != tenant:
            tenant, seq, previous = entry.tenant_id, 0, GENESIS
        place = f"journal.Entry {entry.tenant_id}/{entry.seq}"
        if entry.seq != seq + 1:
            places.append(f"{place}: entries {seq + 1} to {entry.seq - 1} are missing")
        elif entry.previous != previous:
            places.append(f"{place}: does not follow the entry before it")
        if entry_hash(entry.previous, _said(entry)) != entry.hash:
            places.append(f"{place}: its content was changed")
        seq, previous = entry.seq, entry.hash
        ends.setdefault(str(tenant), {})[seq] = entry.hash
        yield entry


def _said(entry: Entry) -> dict[str, Any]:
    return said(
        entry.tenant_id,
        entry.seq,
        entry.at,
        entry.actor,
        entry.event,
        entry.stream,
        entry.subject,
        entry.payload,
        entry.rows,
        entry.before,
        entry.reason,
    )


def audited_models() -> list[type[models.Model]]:
    """The models whose every row must be covered by an entry."""
    return [m for m in apps.get_models() if getattr(m, "audited", False)]


def _tables(latest: Rows, covered: bool, places: list[str]) -> None:
    said_of: dict[str, Rows] = {}
    for (label, key), said_there in latest.items():
        said_of.setdefault(label, {})[label, key] = said_there
    for model in audited_models():
        label = model._meta.label
        seen = set()
        for row in _readable(model._base_manager.all(), places):
            key = key_of(row)
            seen.add(key)
            known = latest.get((label, key))
            if known is None:
                if covered:
                    places.append(f"{label} {key}: no entry knows this row")
            elif known[0] != row_hash(row):
                places.append(f"{label} {key}: changed after entry {known[1]}")
        for (_label, key), (content, place) in said_of.get(label, {}).items():
            if key not in seen and content != GONE:
                places.append(f"{label} {key}: deleted after entry {place}")


def write_heads(folder: Path) -> Path:
    """Write today's heads of all chains to a file in `folder` (outside the database). Returns the file."""
    with everything("the heads of every chain"):
        heads: dict[str, list[Any]] = {}
        for tenant, seq in Entry.objects.values_list("tenant_id").annotate(models.Max("seq")):
            heads[str(tenant)] = [
                seq,
                Entry.objects.values_list("hash", flat=True).get(tenant=tenant, seq=seq),
            ]
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{today().isoformat()}.json"
    part = path.with_suffix(".part")
    part.write_text(json.dumps(heads, sort_keys=True))
    os.replace(part, path)
    return path


def _heads_missing(folder: Path | None, ends: dict[str, dict[int, str]]) -> Iterator[str]:
    if folder is None or not folder.is_dir():
        return
    for path in sorted(folder.glob("*.json")):
        for tenant, (seq, content) in json.loads(path.read_text()).items():
            if ends.get(tenant, {}).get(seq) != content:
                yield f"journal.Entry {UUID(tenant)}/{seq}: the head kept on {path.stem} is not in the chain"
