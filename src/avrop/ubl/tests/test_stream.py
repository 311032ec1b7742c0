"""Catalogues and invoices of many lines go through flat memory, both ways, and come out as they went in."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest

from avrop.ubl.documents import catalogue, invoice
from avrop.ubl.gate import admit
from avrop.ubl.mapping import DocumentRefused

pytestmark = pytest.mark.shared
INVOICE = "peppol/billing/2026.5/examples/base-example.xml"
CREDIT_NOTE = "peppol/billing/2026.5/examples/base-creditnote-correction.xml"
CATALOGUE = "peppol/postaward/2026.5/examples/Catalogue_Example.xml"


def test_an_invoice_streams_as_it_is_read_whole(standards: Path) -> None:
    for path, credit_note in ((INVOICE, False), (CREDIT_NOTE, True)):
        raw = (standards / path).read_bytes()
        whole = invoice.read(admit(raw).root)
        head, lines = invoice.open_stream(raw, credit_note=credit_note)
        assert head.lines == ()
        assert replace(head, lines=tuple(lines)) == whole


def test_what_is_streamed_out_is_what_is_written_at_once(standards: Path) -> None:
    raw = (standards / INVOICE).read_bytes()
    whole = invoice.read(admit(raw).root)
    head, lines = invoice.open_stream(BytesIO(raw))
    assert b"".join(invoice.write_stream(head, lines)) == invoice.write(whole)
    raw = (standards / CATALOGUE).read_bytes()
    offered = catalogue.read(admit(raw).root)
    assert b"".join(catalogue.write_stream(*catalogue.open_stream(raw))) == catalogue.write(offered)


def test_another_document_or_a_broken_one_is_refused(standards: Path) -> None:
    raw = (standards / CATALOGUE).read_bytes()
    with pytest.raises(DocumentRefused):
        invoice.open_stream(raw)
    _, lines = catalogue.open_stream(raw[: raw.rindex(b"<cac:CatalogueLine>") + 40])
    with pytest.raises(DocumentRefused):
        list(lines)


def test_memory_does_not_grow_with_the_lines(standards: Path, tmp_path: Path) -> None:
    raw = (standards / INVOICE).read_bytes()
    whole = invoice.read(admit(raw).root)

    def many(count: int) -> Iterator[invoice.InvoiceLine]:
        for number in range(count):
            yield replace(whole.lines[0], id=str(number))

    def peak(count: int) -> int:
        tracemalloc.start()
        file = tmp_path / f"{count}.xml"
        with file.open("wb") as out:
            for piece in invoice.write_stream(whole, many(count)):
                out.write(piece)
        with file.open("rb") as source:
            _, lines = invoice.open_stream(source)
            assert sum(1 for _ in lines) == count
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return most

    assert peak(3_000) < peak(300) + 200_000
