"""A PDF is tagged, in the reader's language, the same bytes twice, and made without the network."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from avrop.web import typst

AT = datetime(2026, 11, 12, tzinfo=UTC)
DATA = {
    "title": "Bestilling 2026-00417",
    "language": "nn",
    "buyer": "Fjordvik kommune",
    "footer": "Avrop",
    "heading": "Ordrelinjer",
    "facts": [["Leverandør", "Kontor og Kopi Vest AS"], ["Merknad", ""]],
    "header": ["Vare", "Tal", "Sum"],
    "rows": [['#import "x" $ _ * \\ <evil> æøå', "40", "2 116,00"]] * 80,
    "sums": [["Netto", "5 638,00"]],
    "total": ["Totalt", "7 047,50 kr"],
}


def test_the_document_claims_pdf_ua_and_its_language_and_does_not_change() -> None:
    first = typst.render_pdf("web/tests/typst/sample.typ", DATA, at=AT)
    assert first.startswith(b"%PDF-")
    assert b"pdfuaid:part" in first
    assert b"nn-NO" in first or b"(nn" in first
    assert first == typst.render_pdf("web/tests/typst/sample.typ", DATA, at=AT)


def test_a_template_that_misses_its_data_fails_with_its_name() -> None:
    with pytest.raises(typst.PdfFailed, match=r"sample\.typ"):
        typst.render_pdf("web/tests/typst/sample.typ", {})


def test_no_template_asks_for_a_package_from_the_network(root: Path) -> None:
    for template in (root / "src").rglob("*.typ"):
        assert "@preview" not in template.read_text(encoding="utf-8"), template
