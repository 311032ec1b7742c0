"""One transaction, an entry at least, no nesting."""

from __future__ import annotations

import pytest

from avrop.journal.models import Entry
from avrop.tenancy.scope import NoViewer, as_system


def test_a_scoped_query_without_a_viewer_raises(db):
    with pytest.raises(NoViewer):
        Entry.objects.count()


def test_the_world_stands(world):
    with as_system(world.bremnes.id):
        assert Entry.objects.count() == 0
    assert world.viewer("berit").has("requisitioner")
