"""Insert unless it is there."""

from __future__ import annotations

import pytest
from django.db import connection

from avrop.journal.operation import operation
from avrop.journal.rows import insert_if_new
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
