"""Files in a document are typed by their content, a difference is said, and they leave as downloads nothing runs."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace

import pytest
from django.utils import translation

from avrop.ubl.documents import parts as p
from avrop.web.documents import attached
from avrop.web.documents.attached import Attached, kind_of
from avrop.web.documents.reading import payload, read
from avrop.web.tests.shown import attachment, bill, xml


def zipped(*names: str, first: tuple[str, str] | None = None) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        if first:
            archive.writestr(*first)
        for name in names:
            archive.writestr(name, "x")
    return buffer.getvalue()


SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ODS = "application/vnd.oasis.opendocument.spreadsheet"
KINDS = [  # content, what it is, is it dangerous
    (b"%PDF-1.7\n%\xe2\xe3", "application/pdf", False),
    (b"\n\n junk %PDF-1.4", "application/pdf", False),
    (b"\x89PNG\r\n\x1a\n\x00\x00", "image/png", False),
    (b"\xff\xd8\xff\xe0\x00\x10JFIF", "image/jpeg", False),
    (zipped("[Content_Types].xml", "xl/workbook.xml"), SHEET, False),
    (zipped("xl/workbook.xml", "xl/vbaProject.bin"), "application/vnd.ms-office.vbaProject", True),
    (zipped(first=("mimetype", ODS)), ODS, False),
    (zipped("a.txt"), "application/zip", False),
    (b"MZ\x90\x00\x03", "application/x-executable", True),
    (b"\x7fELF\x02", "application/x-executable", True),
    (b"#!/bin/sh\nrm -rf /", "text/x-script", True),
    (b"<!DOCTYPE html><script>1</script>", "text/html", True),
    (b"\xef\xbb\xbf  <HTML>", "text/html", True),
    (b"<svg xmlns='http://www.w3.org/2000/svg' onload='x()'/>", "image/svg+xml", True),
    (b"<?xml version='1.0'?><a/>", "application/xml", False),
    (b"<?xml version='1.0'?><html><script/></html>", "text/html", True),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage", True),
    (b"a;b;c\n1;2;3\n", "text/plain", False),
    ("Vare;Pris\nBlåbær;10".encode("iso-8859-1"), "text/plain", False),
    (b"\x00\x01\x02\x03", "application/octet-stream", False),
    (b"", "application/x-empty", False),
]


@pytest.mark.parametrize(("content", "mime", "danger"), KINDS)
def test_a_file_is_what_its_content_says(content: bytes, mime: str, danger: bool) -> None:
    kind = kind_of(content)
    assert (kind.mime, kind.danger) == (mime, danger)


def listed(content: bytes, name: str, mime: str) -> Attached:
    raw = xml(replace(bill(), documents=(attachment(content, name, mime),)))
    (one,) = read(raw).attached
    return one


@pytest.mark.parametrize(
    ("content", "name", "mime", "differs"),
    [
        (b"%PDF-1.7", "faktura.pdf", "application/pdf", False),
        (b"%PDF-1.7", "faktura.PDF", "APPLICATION/PDF", False),
        (b"a;b", "timar.csv", "text/csv", False),
        (b"MZ\x90", "faktura.pdf", "application/pdf", True),
        (b"%PDF-1.7", "faktura.exe", "application/pdf", True),
        (b"\x89PNG\r\n\x1a\n", "bilete.png", "application/pdf", True),
        (b"<html>", "timar.csv", "text/csv", True),
        (b"", "faktura.pdf", "application/pdf", True),
    ],
)
def test_a_file_that_is_not_what_its_sender_says_gets_a_warning(
    content: bytes, name: str, mime: str, differs: bool
) -> None:
    one = listed(content, name, mime)
    assert one.differs is differs
    with translation.override("en"):
        assert bool(one.warning) is differs


@pytest.mark.parametrize(
    ("content", "name", "saved"),
    [
        (b"%PDF-1.7", "faktura 77.pdf", "faktura 77.pdf"),
        (b"%PDF-1.7", "../../etc/passwd", "passwd.pdf"),
        (b"%PDF-1.7", "C:\\Users\\x\\faktura.pdf", "faktura.pdf"),
        (b"MZ\x90", "faktura.pdf", "faktura.pdf.bin"),
        (b"MZ\x90", "kalkulator.exe", "kalkulator.exe.bin"),
        (b"<html>", "side.html", "side.html.bin"),
        (b"%PDF-1.7", "a\u202efdp.exe", "a_U+202E_fdp.exe.pdf"),
        (b"%PDF-1.7", 'a"; filename=evil.exe\r\n\r\n', "a__ filename=evil.exe____.pdf"),
        (b"%PDF-1.7", "", "attachment-1.pdf"),
        (b"\x00\x01", "ukjent.dat", "ukjent.dat.bin"),
    ],
)
def test_a_file_is_saved_under_a_plain_name_that_ends_as_its_content_is(
    content: bytes, name: str, saved: str
) -> None:
    one = Attached(1, "V1", "", attached.visible(name), "", kind_of(content))
    assert one.safe_name == saved


def test_a_file_leaves_as_a_download_in_a_sandbox_whatever_it_is() -> None:
    evil = b"<html><script>alert(1)</script></html>"
    raw = xml(replace(bill(), documents=(attachment(evil, "side.html", "text/html"),)))
    answer = attached.response(payload(raw), 1)
    assert answer is not None and answer.content == evil
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"].startswith("attachment;")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    assert attached.response(payload(raw), 2) is None


def test_what_is_not_base64_is_listed_and_said_and_not_served() -> None:
    raw = xml(
        replace(
            bill(),
            documents=(p.Document("V1", mime_code="application/pdf", filename="a.pdf", content="***"),),
        )
    )
    (one,) = read(raw).attached
    with translation.override("en"):
        assert one.kind is None and "base64" in one.warning
    assert attached.response(payload(raw), 1) is None


def test_of_very_many_files_a_hundred_are_listed_and_all_are_counted() -> None:
    files = tuple(attachment(b"%PDF-1.7", f"{n}.pdf", "application/pdf", f"V{n}") for n in range(130))
    document = read(xml(replace(bill(), documents=files)))
    assert (len(document.attached), document.attached_in_all) == (100, 130)
