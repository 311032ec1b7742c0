"""What we write is valid by the official rules and comes back as it was."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from datetime import date
from types import ModuleType
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from avrop.ubl.documents import (
    catalogue,
    invoice,
    invoice_response,
    message_level_response,
    message_level_status,
    order,
    order_cancellation,
    order_change,
    order_response,
    order_response_advanced,
    parts,
)
from avrop.ubl.gate import admit
from avrop.ubl.mapping import DocumentRefused, Identifier
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
@given(document=strategies.order_changes())
def test_a_written_order_change_has_no_finding_and_reads_back_the_same(
    registry: Registry, document: Any
) -> None:
    _prove(registry, order_change, document)


@SLOWLY
@given(document=strategies.order_cancellations)
def test_a_written_order_cancellation_has_no_finding_and_reads_back_the_same(
    registry: Registry, document: Any
) -> None:
    _prove(registry, order_cancellation, document)


@SLOWLY
@given(document=strategies.advanced_responses())
def test_a_written_advanced_response_has_no_finding_and_reads_back_the_same(
    registry: Registry, document: Any
) -> None:
    _prove(registry, order_response_advanced, document)


@SLOWLY
@given(document=strategies.message_level_responses)
def test_a_written_message_level_response_has_no_finding_and_reads_back_the_same(
    registry: Registry, document: Any
) -> None:
    _prove(registry, message_level_response, document)


@SLOWLY
@given(document=strategies.message_level_statuses)
def test_a_written_message_level_status_has_no_finding_and_reads_back_the_same(
    registry: Registry, document: Any
) -> None:
    _prove(registry, message_level_status, document)


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


@SLOWLY
@given(document=strategies.catalogues())
def test_a_written_catalogue_has_no_finding_and_reads_back_the_same(
    registry: Registry, document: Any
) -> None:
    _prove(registry, catalogue, document)


def test_text_that_xml_cannot_hold_is_refused_and_not_written() -> None:
    for bad in ("\x00", "\x0b", "\ud800", "\uffff"):
        with pytest.raises(DocumentRefused) as refused:
            catalogue.write(
                catalogue.Catalogue("1", date(2026, 1, 1), parts.Party(name=f"a{bad}"), parts.Party())
            )
        assert refused.value.code == "BAD_CHARACTER"


def test_markup_in_text_stays_text() -> None:
    name = "<b>&amp; \"x\" 'y' ]]> &#65;"
    written = catalogue.write(
        catalogue.Catalogue(
            "1", date(2026, 1, 1), parts.Party(name=name), parts.Party(endpoint=Identifier("1", name))
        )
    )
    root = ElementTree.fromstring(written)
    assert [e.text for e in root.iter() if e.tag.endswith("}Name")] == [name]
    assert [e.get("schemeID") for e in root.iter() if e.get("schemeID")] == [name]
