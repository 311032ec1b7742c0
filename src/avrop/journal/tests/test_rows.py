"""Insert unless it is there, update giving the row back: one statement each, within the viewer's side."""

from __future__ import annotations

import pytest
from django.db import connection

from avrop.journal.models import Case
from avrop.journal.operation import operation
from avrop.journal.rows import insert_if_new, update_row
from avrop.kernel.ports import new_id, now, today
from avrop.tenancy.models import NumberSeries
from avrop.tenancy.scope import as_system


def a_case(world) -> Case:
    with as_system(world.bremnes.id):
        return Case.objects.create(
            id=new_id(),
            tenant=world.bremnes,
            number="S1",
            kind="note",
            subject="-",
            reason="x",
            params={"a": [1, 2]},
            owner_role="-",
            due=today(),
            opened_at=now(),
        )


@operation
def close(*, case: Case, before: object) -> Case | None:
    return update_row(Case, case.id, {"state": "closed", "params": {"b": "ø"}}, state=before)


def test_the_row_comes_back_as_it_now_stands(world, django_assert_num_queries):
    case = a_case(world)
    with as_system(world.bremnes.id):
        with django_assert_num_queries(3):  # the savepoint's two, and ours
            changed = close(case=case, before=("open", "new"))
        stored = Case.objects.get(id=case.id)
    assert changed is not None
    for field in Case._meta.concrete_fields:
        assert getattr(changed, field.attname) == getattr(stored, field.attname), field.name
    assert (stored.state, stored.params) == ("closed", {"b": "ø"})


def test_a_row_that_stands_otherwise_or_belongs_to_others_is_left_alone(world):
    case = a_case(world)
    with as_system(world.bremnes.id):
        assert close(case=case, before="parked") is None
    with as_system(world.fjell.id):
        assert close(case=case, before="open") is None
    with as_system(world.bremnes.id):
        assert Case.objects.get(id=case.id).state == "open"


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
