"""What we write is valid by the schemas and the official rules, and comes back as it was.

Small documents as the platform writes them, which hypothesis makes smaller still where one fails. Those with every
field, and ten thousand of each type, are in test_write_many.py.
"""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from avrop.ubl.documents import catalogue, parts
from avrop.ubl.gate import admit
from avrop.ubl.mapping import DocumentRefused, Identifier
from avrop.ubl.rulesets import Registry
from avrop.ubl.tests.made import MADE

pytestmark = pytest.mark.shared
SLOWLY = settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)


def _prove(registry: Registry, kind: str, data: st.DataObject) -> None:
    strategy, module = MADE[kind]
    document = data.draw(strategy)
    root = admit(module.write(document)).root
    verdict = registry.judge(root)
    assert verdict.document_type in (kind, "self_billed_credit_note")
    assert verdict.valid is True, (verdict.findings, verdict.missing)
    assert verdict.findings == ()
    assert module.read(root) == document


@pytest.mark.parametrize("kind", list(MADE))
@SLOWLY
@given(data=st.data())
def test_what_is_written_has_no_finding_and_reads_back_the_same(
    registry: Registry, kind: str, data: st.DataObject
) -> None:
    _prove(registry, kind, data)


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
