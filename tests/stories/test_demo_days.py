"""The demo fills on any day of the year: what must be there before somebody looks is told to its end."""

from __future__ import annotations

import logging
from datetime import UTC, datetime

import pytest

from avrop.demo import progress, stories
from avrop.demo.fill import fill
from avrop.journal import audit
from avrop.journal.models import Delivery
from avrop.kernel.ports import SetClock, using
from avrop.project.setup.write import apply
from avrop.requisition.models import Requisition
from avrop.tenancy.scope import everything

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite, pytest.mark.slow]


@pytest.mark.parametrize(
    "day",
    [
        "2026-12-10",  # the December budget and the December release fall together
        "2026-12-20",  # a Sunday
        "2026-12-25",
        "2027-01-01",  # a new budget, a new number series
        "2027-01-10",
        "2028-02-29",  # no such day a year ago
        "2027-03-28",  # Easter, and the clock is put forward
        "2026-08-01",
    ],
)
def test_every_story_is_told_to_its_end_whatever_day_it_is(day: str, db, caplog) -> None:
    noon = datetime.fromisoformat(f"{day}T12:00").replace(tzinfo=UTC)
    with caplog.at_level(logging.WARNING, "avrop.demo"), using(clock=SetClock(noon)):
        fill(seed=2026, set_up=apply, progress=lambda text: None, until=progress.REST, lenient=True)
    assert [one.getMessage() for one in caplog.records if one.name == "avrop.demo"] == []
    with everything("test"):
        assert Requisition.objects.count() >= len(stories.purchases())
        assert not Delivery.objects.exclude(state="done").exists()
    assert audit.verify().ok
