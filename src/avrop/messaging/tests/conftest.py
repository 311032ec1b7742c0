"""A bill that does not add up; and whatever a test lets us answer is judged by the official rules of answers."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from avrop.kernel.ports import originals
from avrop.messaging.tests.bills import bill_that_does_not_add_up
from avrop.messaging.tests.envelopes import answers
from avrop.ubl.gate import admit
from avrop.ubl.rulesets import Registry
from avrop.ubl.sbdh import unwrap
from conftest import shared_folder


@pytest.fixture
def wrong_invoice(world) -> bytes:
    """Payable is not what the sums give (BR-CO-16)."""
    return bill_that_does_not_add_up(world)


@pytest.fixture(scope="session")
def answer_rules(tmp_path_factory: pytest.TempPathFactory) -> Registry | None:
    """The official rules for MLR, MLS and order responses from ../shared; None where that is missing."""
    folder = shared_folder()
    if folder is None:
        return None
    registry = Registry(tmp_path_factory.mktemp("answer-rules"))
    for part in ("ubl/2.3", "peppol/postaward/2026.5", "peppol/mls"):
        registry.install(folder / "standards" / part)
    return registry


@pytest.fixture(autouse=True)
def every_answer_is_valid(request: pytest.FixtureRequest, answer_rules: Registry | None) -> Iterator[None]:
    """Of every MLR and MLS that the test let us write the rules have nothing to say."""
    in_database = "db" in request.fixturenames
    if in_database:
        request.getfixturevalue("db")  # set up before us, so that the answers are still there after the test
    yield
    if in_database and answer_rules is not None:
        for row in answers():
            raw = bytes(row.body) if row.body is not None else originals().get(row.sha256)
            verdict = answer_rules.judge(unwrap(admit(raw).root)[1])
            assert (verdict.document_type, verdict.findings) == (row.document_type, ())
            assert verdict.valid is True
