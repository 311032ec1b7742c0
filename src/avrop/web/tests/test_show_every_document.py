"""Nothing in a document vanishes: every official example and every field of every table, on the page and on paper."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.http import HttpRequest
from django.test import RequestFactory
from django.utils import translation

from avrop.ubl.documents import MODULES, modelled
from avrop.ubl.gate import admit
from avrop.ubl.identify import identify
from avrop.web.documents import pages
from avrop.web.documents.description import Description
from avrop.web.documents.paper import as_data, pdf
from avrop.web.documents.reading import DESCRIBERS, read
from avrop.web.tests import examples
from avrop.web.tests.filled import SHAPES, Filler
from avrop.web.tests.shown import AT
from avrop.web.tests.test_shown_pdf import inside, metadata

LANGUAGES = ("nn", "nb", "en")
AROUND = pages.Around(crumbs=(), pdf="pdf/", original="original/")


@pytest.fixture
def request_(monkeypatch: pytest.MonkeyPatch) -> HttpRequest:
    """All lines on one page."""
    monkeypatch.setattr(pages, "SIZE", 100_000)
    return RequestFactory().get("/")


def on_page(request: HttpRequest, raw: bytes) -> str:
    return examples.page_text(pages.show(request, raw, AROUND).content.decode())


def as_it_is_written(one: Description) -> bool:
    """Shown element by element because it breaks its standard."""
    return any("shown as it is written" in notice.title for notice in one.notices)


def test_every_type_that_we_read_has_a_description_and_a_filled_document() -> None:
    assert set(MODULES) <= set(DESCRIBERS)
    assert set(MODULES) - {"self_billed_credit_note"} == set(SHAPES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_of_every_official_example_is_on_the_page_and_on_paper(
    shared: Path, language: str, request_: HttpRequest
) -> None:
    missing = []
    paths = examples.found(shared / "standards")
    assert len(paths) > 140
    with translation.override(language):
        for path in paths:
            raw = path.read_bytes()
            document = read(raw)
            for where, seen in (
                ("page", on_page(request_, raw)),
                ("paper", examples.texts(as_data(document))),
            ):
                missing += [f"{path.name}: {where}: {one}" for one in examples.unread(raw, seen)]
    assert missing == []


def test_every_official_example_of_a_type_that_we_read_is_described_and_not_listed(shared: Path) -> None:
    """Logistics documents that Avrop does not speak are shown element by element; no other is."""
    listed, broken = set(), []
    with translation.override("en"):
        for path in examples.found(shared / "standards"):
            raw = path.read_bytes()
            kind = identify(admit(raw).root).document_type or ""
            listed |= {kind} - set(DESCRIBERS)
            broken += [path.name] if as_it_is_written(read(raw).description) else []
    assert broken == []
    assert listed == {
        "logistics_response",
        "transport_execution_plan",
        "transport_execution_plan_request",
        "transportation_status",
        "transportation_status_request",
        "waybill",
        "weight_statement",
    }


def test_what_has_no_description_is_said_in_the_readers_words(shared: Path) -> None:
    """By hand: a waybill's values in nynorsk, days and codes as a person reads them."""
    folder = shared / "standards" / "peppol" / "logistics" / "2026-02" / "rules" / "examples"
    with translation.override("nn"):
        one = read((folder / "Waybill_Example_Full.xml").read_bytes()).description
    said = {field.label for section in (one.head, *one.rest) for field in section.fields}
    assert not [label for label in said if re.search(r"[a-z][A-Z]", label)]
    assert "Sendar av godset" in {section.title for section in one.rest}


@pytest.mark.parametrize("document_type", SHAPES)
def test_every_field_of_a_type_is_on_the_page_and_on_paper(document_type: str, request_: HttpRequest) -> None:
    filler = Filler()
    raw = written(document_type, filler.document(SHAPES[document_type]))
    with translation.override("en"):
        page = examples.squeezed(on_page(request_, raw))
        paper = examples.squeezed(examples.texts(as_data(read(raw))))
    assert [where for where, text in filler.given if text not in page] == []
    assert [where for where, text in filler.given if text not in paper] == []


def written(document_type: str, document: Any) -> bytes:
    module = modelled(document_type)
    assert module is not None
    if document_type == "credit_note":
        document = replace(document, credit_note=True)
    raw: bytes = module.write(document)
    return raw


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_example_of_each_type_is_pdf_a_3_and_pdf_ua_with_the_original_inside(
    shared: Path, language: str
) -> None:
    made: dict[str, Path] = {}
    with translation.override(language):
        for path in examples.found(shared / "standards"):
            made.setdefault(read(path.read_bytes()).description.kind, path)
        assert len(made) > 25
        for path in made.values():
            raw = path.read_bytes()
            about_paper(pdf(raw, at=AT)[1], raw)


@pytest.mark.slow
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_example_is_pdf_a_3_and_pdf_ua_with_the_original_inside(shared: Path, language: str) -> None:
    with translation.override(language):
        for path in examples.found(shared / "standards"):
            raw = path.read_bytes()
            about_paper(pdf(raw, at=AT)[1], raw)


def about_paper(made: bytes, raw: bytes) -> None:
    about = metadata(made)
    assert "<pdfaid:part>3</pdfaid:part>" in about and "<pdfaid:conformance>A</pdfaid:conformance>" in about
    assert "<pdfuaid:part>1</pdfuaid:part>" in about
    assert inside(made) == raw
