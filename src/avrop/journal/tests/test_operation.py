"""The shape of a write: one transaction, no nesting, no viewerless queries, a chained entry."""

from __future__ import annotations

import pytest

from avrop.journal import audit
from avrop.journal.models import Case, Delivery, Entry
from avrop.journal.operation import NestedOperation, operation
from avrop.journal.tests.flows import flow, happen, note
from avrop.tenancy.scope import NoViewer, as_system, everything


def test_a_scoped_query_without_a_viewer_raises(db):
    with pytest.raises(NoViewer):
        Entry.objects.count()


def test_an_operation_inside_another_is_refused_and_leaves_nothing(world):
    @operation
    def outer() -> None:
        note(tenant=world.bremnes.id, text="inner")

    with as_system(world.bremnes.id):
        with pytest.raises(NestedOperation):
            outer()
        assert Case.objects.count() == 0
        assert Entry.objects.count() == 0


def test_an_operation_takes_keywords_only(world):
    with pytest.raises(TypeError):
        note(world.bremnes.id, "a")


def test_what_fails_in_an_operation_leaves_neither_row_nor_entry(world):
    @operation
    def fails() -> None:
        Case.objects.create(
            tenant=world.bremnes,
            number="-",
            kind="note",
            subject="-",
            reason="x",
            owner_role="-",
            due="2026-01-01",
            opened_at="2026-01-01T00:00Z",
        )
        raise ValueError

    with as_system(world.bremnes.id):
        with pytest.raises(ValueError):
            fails()
        assert Case.objects.count() == 0


def test_entries_are_chained_per_tenant_and_only_subscribed_events_become_deliveries(world):
    with flow(note=lambda e: None):
        with as_system(world.bremnes.id):
            happen(tenant=world.bremnes.id, stream="s", text="one")
            note(tenant=world.bremnes.id, text="two")
        with as_system(world.fjell.id):
            happen(tenant=world.fjell.id, stream="s", text="three")
    with everything("test"):
        mine = list(Entry.objects.filter(tenant=world.bremnes).order_by("seq"))
        assert [e.seq for e in mine] == [1, 2]
        assert mine[0].previous == "0" * 64
        assert mine[1].previous == mine[0].hash
        assert [e.seq for e in Entry.objects.filter(tenant=world.fjell)] == [1]
        assert Delivery.objects.count() == 2
        assert audit.verify(covered=False).ok
