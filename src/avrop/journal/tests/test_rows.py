"""Insert unless it is there, and insert a great many."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

import pytest
from django.db import connection

from avrop.journal.models import Case
from avrop.journal.operation import operation
from avrop.journal.rows import insert_all, insert_if_new
from avrop.journal.within import row_hash
from avrop.kernel.canonical import content_hash
from avrop.tenancy.models import NumberSeries
from avrop.tenancy.scope import as_system


@pytest.mark.parametrize("times", [1, 3])
def test_only_the_first_of_its_kind_is_inserted(world, times):
    @operation
    def add() -> bool:
        row = NumberSeries(id=None, organisation=world.bremnes, kind="x", year=2026)
        row.id = connection.ops.integer_field_range("IntegerField")[1] or 7  # any free key
        return insert_if_new(row, ("organisation", "kind", "year"))

    with as_system(world.bremnes.id):
        assert [add() for _ in range(times)] == [True] + [False] * (times - 1)
        assert NumberSeries.objects.filter(kind="x").count() == 1


def test_a_column_added_later_changes_no_hash_given_before():
    """A row is hashed without the columns that hold their default: the new ones do, after a migration."""
    row = NumberSeries(id=7, kind="order", year=2026, next=12)
    shown = {"id": 7, "organisation_id": None, "kind": "order", "year": 2026, "next": 12}
    columns = {f.attname for f in NumberSeries._meta.concrete_fields}
    assert columns >= shown.keys()
    default = {
        name for name in columns if NumberSeries._meta.get_field(name).get_default() == getattr(row, name)
    }
    assert row_hash(row) == content_hash({name: getattr(row, name) for name in columns - default})


@pytest.mark.parametrize(("before", "after"), [("", "note"), ("note", ""), ("a", "b")])
def test_a_value_changed_to_or_from_its_default_changes_the_hash(before, after):
    rows = [Case(id=UUID(int=1), number="1", outcome=text) for text in (before, after)]
    assert row_hash(rows[0]) != row_hash(rows[1])


def test_rows_inserted_together_read_as_those_that_the_manager_inserts(world):
    at = datetime(2026, 11, 24, 8, 30, tzinfo=UTC)

    def made(kind: str) -> list[Case]:
        return [
            Case(
                tenant=world.bremnes, number=f"{kind}-{n}", kind=kind, reason="X", params={"n": n, "navn": "Å"},
                owner_role="r", due=at.date(), opened_at=at, closed_by=None if n else UUID(int=5),
            )
            for n in range(3)
        ]  # fmt: skip

    @operation
    def add() -> None:
        insert_all([])
        insert_all(made("ours"))
        Case.objects.bulk_create(made("django's"))

    with as_system(world.bremnes.id):
        add()
        read = [
            list(
                Case.objects.filter(kind=kind)
                .order_by("number")
                .values_list("tenant_id", "params", "due", "opened_at", "closed_by", "state", "subject")
            )
            for kind in ("ours", "django's")
        ]
    assert len(read[0]) == 3
    assert read[0] == read[1]


def test_rows_inserted_together_count_as_saved(world):
    at = datetime(2026, 11, 24, 8, 30, tzinfo=UTC)
    row = Case(
        tenant=world.bremnes, number="1", kind="k", reason="X", owner_role="r", due=at.date(), opened_at=at
    )

    @operation
    def add() -> None:
        insert_all([row])
        row.outcome = "changed"
        row.save(update_fields=["outcome"])

    with as_system(world.bremnes.id):
        add()
        assert [one.outcome for one in Case.objects.filter(kind="k")] == ["changed"]
