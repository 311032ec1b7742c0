"""The official example documents, and what a person must be able to read of each: found by a road of its own."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from lxml import etree

from avrop.ubl.codes import codes
from avrop.ubl.gate import admit

FOLDERS = (
    "peppol/billing/2026.5/**/*.xml",
    "peppol/billing/2025.11/**/*.xml",
    "peppol/postaward/2026.5/examples/**/*.xml",
    "peppol/postaward/snippets-3.0.15/order-agreement/*.xml",
    "peppol/logistics/2026-02/rules/examples/**/*.xml",
    "peppol/mls/1.0.1/examples/*.xml",
    "peppol/reporting/*/*/examples/*.xml",
    "ehf/g3-2023-02-examples/**/*.xml",
    "ehf/g3-2026-08-13/*/rules/example/*.xml",
    "en16931/1.3.16/testfiles/*.xml",
)
_DAY = re.compile(r"(\d{4})-(\d\d)-(\d\d)(Z|[+-]\d\d:\d\d)?")
_CLOCK = re.compile(r"(\d\d:\d\d)(?::00|(:\d\d(?:\.\d+)?))(Z|[+-]\d\d:\d\d)?")
# What a page says by its form: an ordinary rate is VAT, a charge is called one, no place is the whole message.
_BY_FORM = {
    ("TaxScheme", "ID", "VAT"),
    ("TaxCategory", "ID", "S"),
    ("ClassifiedTaxCategory", "ID", "S"),
    ("DocumentReference", "DocumentTypeCode", "130"),  # the object of an invoice line (BT-128)
}
_SILENT = {"ChargeIndicator", "EmbeddedDocumentBinaryObject"}
_LISTS = ("country", "scheme", "order_line_status", "invoice_type", "document_type")


def found(standards: Path) -> list[Path]:
    """Every official example that is a UBL document or a report of Peppol's."""
    paths = sorted({path for folder in FOLDERS for path in standards.glob(folder)})
    return [path for path in paths if b"vefa:validator" not in path.read_bytes()[:4000]]


def leaves(raw: bytes) -> Iterator[tuple[str, str, str]]:
    """(element above, element, text) of everything that is written between two tags."""
    for element in admit(raw).root.iter(etree.Element):
        text = (element.text or "").strip()
        above = element.getparent()
        if len(element) or not text or above is None:
            continue
        name, parent = etree.QName(element).localname, etree.QName(above).localname
        if name in _SILENT or (parent, name, text) in _BY_FORM or (name, text) == ("LineID", "NA"):
            continue
        yield parent, name, text


def unread(raw: bytes, seen: str) -> list[str]:
    """What the document says and `seen` does not."""
    bare = squeezed(seen)
    return [
        f"{parent}/{name}: {text}"
        for parent, name, text in leaves(raw)
        if not any(squeezed(form) in bare for form in forms(text))
    ]


def forms(text: str) -> Iterator[str]:
    """How a value may stand on a page: as it is, a day, a number, yes or no, a country by its name."""
    yield text
    if match := _DAY.fullmatch(text):
        yield f"{match[3]}.{match[2]}.{match[1]}"
    if match := _CLOCK.fullmatch(text):
        at, zone = match[1] + (match[2] or ""), match[3]
        yield f"{at} (UTC{zone.removeprefix('Z')})" if zone else at
    if text in ("true", "false"):
        yield from ("Yes", "Ja") if text == "true" else ("No", "Nei")
    yield from _numbers(text)
    for name in _LISTS:
        for code in codes(name):
            if code.code == text:
                yield from (code.nn, code.nb, code.en)


def _numbers(text: str) -> Iterator[str]:
    try:
        value = Decimal(text)
    except InvalidOperation:
        return
    if value.is_finite():
        whole, _point, decimals = format(abs(value), "f").partition(".")
        decimals = decimals.rstrip("0")
        yield ("\N{MINUS SIGN}" if value < 0 else "") + whole + (f",{decimals}" if decimals else "")


def squeezed(text: str) -> str:
    """Without white space of any kind, seen or unseen: numbers are grouped, long words may break."""
    return "".join(text.replace("\u200b", "").split())


def page_text(content: str) -> str:
    """The text of a page."""
    return html.unescape(re.sub(r"<[^>]*>", "\n", content))


def texts(data: Any) -> str:
    """Every text in what the paper is made of."""
    if isinstance(data, dict):
        return "\n".join(map(texts, data.values()))
    return "\n".join(map(texts, data)) if isinstance(data, list) else str(data)
