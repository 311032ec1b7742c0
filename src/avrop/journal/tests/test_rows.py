"""Insert unless it is there."""

from __future__ import annotations

from uuid import UUID

import pytest
from django.db import connection

from avrop.journal.models import Case
from avrop.journal.operation import operation
from avrop.journal.rows import insert_if_new
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
