"""A message is judged by the rules of the day it was received, however late it is dealt with."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest
from django.test import Client

from avrop.kernel import ports
from avrop.kernel.ports import originals
from avrop.messaging.models import Message
from avrop.messaging.tests.bills import bill_that_does_not_add_up
from avrop.messaging.tests.envelopes import answers, deliver, in_envelope
from avrop.project import routing, standards
from avrop.ubl.gate import admit
from avrop.ubl.identify import identify
from avrop.ubl.rulesets import Registry

# 2025.11 refuses this order (PEPPOL-T01-B23702), 2026.5 takes it; mandatory from 17 August 2026.
ORDER = "peppol/postaward/2026.5/examples/Order_Example.xml"


@pytest.fixture(scope="module")
def both(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Registry:
    """Two releases of the rules of an order."""
    registry = Registry(tmp_path_factory.mktemp("both"))
    for release in ("2025.11", "2026.5"):
        registry.install(
            shared / "standards" / "peppol" / "postaward" / release / "sch" / "PEPPOLBIS-T01.sch"
        )
    return registry


@pytest.mark.shared
@pytest.mark.parametrize(
    ("received", "release", "valid"),
    [
        (datetime(2026, 8, 16, 12, tzinfo=UTC), "2025.11", False),
        (datetime(2026, 8, 16, 21, 59, tzinfo=UTC), "2025.11", False),
        (datetime(2026, 8, 16, 22, 0, tzinfo=UTC), "2026.5", True),  # midnight in Norway
        (datetime(2026, 8, 17, 12, tzinfo=UTC), "2026.5", True),
    ],
)
def test_the_day_of_receipt_in_norway_decides_and_not_the_day_of_dealing(
    shared: Path, both: Registry, settings, received: datetime, release: str, valid: bool
) -> None:
    standards.use(settings.AVROP_DIR, both)
    document = admit((shared / "standards" / ORDER).read_bytes()).root
    message = Message(at=received, transmission="file")
    with ports.using(clock=ports.SetClock(datetime(2026, 11, 23, tzinfo=UTC))):
        verdict = routing._judge(document, identify(document), message)
    assert verdict is not None
    assert (verdict.rule_set, verdict.valid) == (f"PEPPOLBIS-T01 {release}", valid)


@pytest.fixture(scope="module")
def newest(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Registry:
    """An installation that was set up after 17 August and holds only what is in force since."""
    registry = Registry(tmp_path_factory.mktemp("newest"))
    registry.install(shared / "standards/peppol/billing/2026.5")
    return registry


@pytest.mark.shared
@pytest.mark.parametrize(("day", "noted"), [(16, True), (17, False)])
def test_what_came_before_the_rules_is_judged_by_the_oldest_and_the_page_says_so(
    world, settings, newest: Registry, day: int, noted: bool
) -> None:
    standards.use(settings.AVROP_DIR, newest)
    with ports.using(clock=ports.SetClock(datetime(2026, 8, day, 12, tzinfo=UTC))):
        message = deliver(
            in_envelope(bill_that_does_not_add_up(world), world.kontor.endpoint, world.bremnes.endpoint)
        )
        assert message.outcome["state"] == "invalid"
        assert message.rule_set == "CEN-EN16931-UBL 2026.5 + PEPPOL-EN16931-UBL 2026.5"
        assert ("RULES-LATER" in {one["id"] for one in message.findings}) is noted
        client = Client()
        client.force_login(world.people["fakta"])
        page = client.get(f"/o/bremnes/fakturaer/{UUID(message.outcome['invoice'])}/").content.decode()
    assert ("Meldinga kom før reglane som er installerte" in page) is noted
    (answer,) = answers()
    told = bytes(answer.body) if answer.body else originals().get(answer.sha256)
    assert b"BR-CO-16" in told and b"RULES-LATER" not in told
