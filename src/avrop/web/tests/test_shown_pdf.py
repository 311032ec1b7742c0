"""A document on paper: PDF/A-3 and PDF/UA with the original inside; no text in it is typst's markup.

Read back by our own small reader of PDF objects (zlib and regular expressions), which shares nothing with typst.
veraPDF, the reference implementation, was run on the same documents by hand: no test needs Java.
"""

from __future__ import annotations

import re
import zlib
from dataclasses import replace

import pytest
from django.utils import translation

from avrop.kernel.finding import Refusal
from avrop.ubl.documents import parts as p
from avrop.web import typst
from avrop.web.documents.paper import MOST, pdf
from avrop.web.tests.shown import AT, attachment, bill, xml
from avrop.web.typst.glyphs import known, printable

STREAM = re.compile(rb"<<(?P<head>[^\n]*?/Length (?P<length>\d+)[^\n]*?)>>\s*stream\r?\n", re.DOTALL)
HOSTILE = [
    '#import "/web/typst/avrop.typ": *',
    '#read("/etc/passwd") #panic()',
    "] #[ ) } { ( [",
    "$ 1/0 $ $",
    '\\ \\u{41} \\\\ \\"',
    "= Heading\n- list\n/ term: x `raw` *b* _i_ <label> @ref // comment /* x",
    "x" * 10_000,
    "abc\u202egnp.exe\u202c \u2066x\u2069 \u200e\u200f\u061c",
    "🎉 👩‍👩‍👧 مرحبا 漢字 שלום \ue000 \ufffd",
    "a\u0301\u0301\u0301 \u00ad \u200b \u200d \ufe0f",
    "{{ data }} {% csrf_token %} ${x} %s %(x)s {0}",
]


def streams(made: bytes) -> list[tuple[bytes, bytes]]:
    """(dictionary, content) of every stream."""
    found = []
    for match in STREAM.finditer(made):
        body = made[match.end() : match.end() + int(match["length"])]
        found.append((match["head"], zlib.decompress(body) if b"/FlateDecode" in match["head"] else body))
    return found


def inside(made: bytes) -> bytes:
    """The one embedded file."""
    (content,) = [body for head, body in streams(made) if b"/EmbeddedFile" in head]
    return content


def metadata(made: bytes) -> str:
    (content,) = [body for head, body in streams(made) if b"/Metadata" in head]
    return content.decode()


def made_of(raw: bytes, language: str = "nn") -> bytes:
    with translation.override(language):
        return pdf(raw, at=AT)[1]


def test_it_is_pdf_a_3_and_pdf_ua_tagged_in_the_readers_language() -> None:
    made = made_of(xml(bill()))
    about = metadata(made)
    assert "<pdfaid:part>3</pdfaid:part>" in about and "<pdfaid:conformance>A</pdfaid:conformance>" in about
    assert "<pdfuaid:part>1</pdfuaid:part>" in about
    whole = made + b"".join(body for head, body in streams(made) if b"/ObjStm" in head)
    for part in (b"/OutputIntent", b"/StructTreeRoot", b"/MarkInfo", b"/AFRelationship", b"/Source"):
        assert part in whole, part
    assert b"nn" in whole and "Faktura F-77" in about


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "iso-8859-1"])
def test_the_original_lies_in_it_byte_for_byte_in_any_encoding(encoding: str) -> None:
    text = xml(replace(bill(), notes=("Blåbærsyltetøy",))).decode()
    name = "utf-8" if encoding.startswith("utf-8") else encoding
    raw = text.replace('encoding="UTF-8"', f'encoding="{name}"').encode(encoding)
    assert inside(made_of(raw)) == raw


def test_the_same_document_gives_the_same_bytes_and_another_language_others() -> None:
    raw = xml(bill())
    assert made_of(raw) == made_of(raw)
    assert made_of(raw, "nn") != made_of(raw, "en")


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_nobodys_text_is_markup_in_any_place_that_takes_text(text: str) -> None:
    one = bill()
    writable = "".join(c for c in text if c != "\ufffe")
    line = replace(
        one.lines[0],
        item=p.Item(name=writable, description=writable, tax=one.lines[0].item.tax),
        note=writable,
    )
    hostile = replace(
        one,
        id=writable.replace("\n", " "),
        notes=(writable,),
        buyer_reference=writable,
        payment_terms=writable,
        seller=replace(one.seller, legal_name=writable),
        lines=(line,),
        documents=(attachment(b"%PDF-1.7", writable, writable, writable),),
    )
    raw = xml(hostile)
    made = made_of(raw)
    assert inside(made) == raw
    assert b"root:" not in made


def test_a_character_that_the_font_lacks_is_written_as_its_number() -> None:
    assert printable("A 🎉") == "A [U+1F389]"
    assert printable("Blåbærsyltetøy – 1 234,50 čđŋšŧž") == "Blåbærsyltetøy – 1 234,50 čđŋšŧž"
    assert not any(0xE000 <= code <= 0xF8FF for code in known())


def test_a_long_word_gets_places_to_break() -> None:
    assert printable("x" * 100).replace("\u200b", "") == "x" * 100
    assert max(map(len, printable("x" * 100).split("\u200b"))) <= 20


def test_a_very_long_invoice_says_how_many_lines_it_leaves_to_the_file_inside(monkeypatch) -> None:
    from avrop.web.documents import paper
    from avrop.web.documents.reading import read

    monkeypatch.setattr(paper, "MOST", 10)
    with translation.override("en"):
        data = paper.as_data(read(xml(bill(25))))
    assert len(data["lines"]["rows"]) == 10
    assert data["lines"]["left"] == "15 more rows are in the original."
    assert MOST >= 2_000


def test_a_large_document_is_made_in_a_process_of_its_own_and_is_the_same(monkeypatch) -> None:
    raw = xml(bill(60))
    monkeypatch.setattr(typst, "APART", 10**9)
    here = made_of(raw)
    monkeypatch.setattr(typst, "APART", 0)
    monkeypatch.setattr(typst, "compiled", None)  # not used here any more
    assert made_of(raw) == here


def test_what_fails_in_the_other_process_fails_by_name_here(monkeypatch) -> None:
    monkeypatch.setattr(typst, "APART", 0)
    with pytest.raises(typst.PdfFailed, match=r"document\.typ"):
        typst.render_pdf("web/documents/document.typ", {})


def test_what_cannot_be_read_makes_no_pdf() -> None:
    with pytest.raises(Refusal):
        pdf(b"not xml", at=AT)
