"""Whatever is changed in the database past the journal is found by `avrop audit verify`, and the place is named."""

from __future__ import annotations

from collections import Counter
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction

from avrop.accounting.models import Posting
from avrop.journal import audit, chain
from avrop.journal.models import Entry
from avrop.journal.operation import operation
from avrop.journal.tests.flows import Noted
from avrop.journal.within import record
from avrop.journal.worker import run_until_idle
from avrop.messaging import intake
from avrop.tenancy.scope import everything
from tests.house import tamper
from tests.robot import Robot
from tests.stories.purchase import Line, invoice_xml

pytestmark = pytest.mark.django_db

REFUSED = "the database itself did not take it"


@operation
def cover(*, tenant: Any, rows: list[Any]) -> None:
    """The small region was written past the journal: one entry says what stands there."""
    record(Noted("the region"), tenant=tenant, stream="region", changed=rows)


@pytest.fixture
def story(world, tmp_path) -> Path:
    """A purchase to its end, an odd invoice, a refused file; returns the folder of the chain's heads."""
    with everything("the test"):
        rows = [row for model in audit.audited_models() for row in model._base_manager.all()]
        cover(tenant=world.platform.id, rows=rows)
    for need in ("paper", "more paper"):
        Robot(need).run()
    line = Line("10", "99.00", "40-2210")
    for number in ("odd-1", "odd-2"):
        intake.receive(invoice_xml(world.kontor, world.bremnes, [line], number=number), transport="file")
    intake.receive(b"<no/>", transport="file")
    run_until_idle()
    assert Posting._base_manager.filter(state="posted").count() == 2
    audit.write_heads(tmp_path / "heads")
    report = audit.verify(tmp_path / "heads")
    assert report.ok, report.places
    return tmp_path / "heads"


def found(change: tamper.Change, heads: Path) -> str:
    """Make the change, ask, undo it; what is wrong with the answer."""
    try:
        with transaction.atomic():
            change.act()
            report = audit.verify(heads)
            transaction.set_rollback(True)
    except IntegrityError:
        return REFUSED
    if report.broken_at is None:
        return f"{change.name}: not found"
    if not report.broken_at.startswith(change.named):
        return f"{change.name}: said {report.broken_at}"
    return ""


def all_found(heads: Path, share: int) -> int:
    """Each so many of some seeds' changes."""
    trouble, count = [], Counter[bool]()
    for seed in range(3):
        for change in islice(tamper.changes(seed), seed, None, share):
            said = found(change, heads)
            count[said == REFUSED] += 1
            if said and said != REFUSED:
                trouble.append(said)
    assert not trouble, trouble[:10]
    assert audit.verify(heads).ok, "the test did not undo its changes"
    return count[False]


def test_some_hundred_direct_changes_are_all_found_and_the_place_is_named(story) -> None:
    assert all_found(story, 7) > 200


@pytest.mark.slow
def test_more_than_a_thousand_direct_changes_are_all_found(story) -> None:
    assert all_found(story, 1) > 1000


def test_a_chain_that_is_written_anew_from_the_middle_is_found_by_its_heads(story, world) -> None:
    for entry in Entry._base_manager.filter(tenant_id=world.bremnes.id).order_by("seq")[::5]:
        with transaction.atomic():
            tamper.rewritten(entry)
            assert audit.verify().ok, "it is well made: only the heads outside know"
            assert (audit.verify(story).broken_at or "").startswith(f"journal.Entry {world.bremnes.id}/")
            transaction.set_rollback(True)
    chain.clear_heads()


def test_nearly_every_audited_table_takes_part(story) -> None:
    empty = [m._meta.label for m in audit.audited_models() if not m._base_manager.exists()]
    assert len(empty) < len(audit.audited_models()) / 3, empty
    assert apps.is_installed("avrop.journal")
