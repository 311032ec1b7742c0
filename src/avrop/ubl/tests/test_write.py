"""What we write is valid by the official rules and comes back as it was."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from avrop.ubl.documents import invoice, invoice_response, order, order_response
from avrop.ubl.gate import admit
from avrop.ubl.rulesets import Registry
from avrop.ubl.tests import strategies

pytestmark = pytest.mark.shared
SLOWLY = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def _prove(registry: Registry, module: ModuleType, document: Any) -> None:
    root = admit(module.write(document)).root
    verdict = registry.judge(root)
    assert verdict.valid is True, verdict.findings
    assert verdict.findings == ()
    assert module.read(root) == document


@SLOWLY
@given(document=strategies.orders())
def test_a_written_order_has_no_finding_and_reads_back_the_same(registry: Registry, document: Any) -> None:
    _prove(registry, order, document)


@SLOWLY
@given(document=strategies.responses())
def test_a_written_order_response_has_no_finding_and_reads_back_the_same(
    registry: Registry, document: Any
) -> None:
    _prove(registry, order_response, document)


@SLOWLY
@given(document=strategies.invoices())
def test_a_written_invoice_or_credit_note_has_no_finding_and_reads_back_the_same(
    registry: Registry, document: Any
) -> None:
    _prove(registry, invoice, document)


@SLOWLY
@given(document=strategies.invoice_responses())
def test_a_written_invoice_response_has_no_finding_and_reads_back_the_same(
    registry: Registry, document: Any
) -> None:
    _prove(registry, invoice_response, document)
