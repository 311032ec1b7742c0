"""Official documents are read without loss, or refused with a reason; bad values never pass."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from decimal import Decimal
from pathlib import Path

import pytest

from avrop.ubl.documents import catalogue, invoice, order
from avrop.ubl.gate import admit
from avrop.ubl.location import CAC, CBC
from avrop.ubl.mapping import DocumentRefused
from avrop.ubl.tests.examples import expected, leaves, reader_of

pytestmark = pytest.mark.shared
NS = {"cac": CAC, "cbc": CBC}

# What the platform has no use for: details of catalogues, and attributes that name the only list there is.
NOT_USED = (
    "/Item/Dimension/",
    "/CatalogueLine/ItemComparison/",
    "/AdditionalItemProperty/ID",
    "/@listID",
    "/@unitCodeListID",
    "/ClassifiedTaxCategory/ID/@schemeID",
    "/Contact/ID",
)
USED_LISTS = ("/ItemClassificationCode/@listID", "/StatusReasonCode/@listID", "/NameCode/@listID")


def _is_used(path: str) -> bool:
    if path.endswith(USED_LISTS):
        return True
    return not any(part in path for part in NOT_USED)


def test_every_official_example_is_read_without_loss(standards: Path) -> None:
    count = 0
    for row in expected(standards):
        module = reader_of(row["customization"])
        if module is None or not row["path"].startswith("peppol/"):
            continue
        raw = (standards / row["path"]).read_bytes()
        again = module.write(module.read(admit(raw).root))
        lost = {key for key in leaves(raw) - leaves(again) if _is_used(key[0])}
        gained = set(leaves(again) - leaves(raw))
        assert (row["path"], lost, gained) == (row["path"], set(), set())
        count += 1
    assert count >= 50  # 53 official examples of these types lay in ../shared when this was written


def test_every_other_document_of_these_types_is_read_or_refused_with_a_place_and_a_reason(
    standards: Path,
) -> None:
    read = refused = 0
    for file in sorted([*standards.glob("corpora/**/*.xml"), *standards.glob("ubl/2.1/examples/*.xml")]):
        root = admit(file.read_bytes()).root
        module = {"Order": order, "Invoice": invoice, "CreditNote": invoice, "Catalogue": catalogue}.get(
            str(root.tag).rpartition("}")[2]
        )
        if module is None:
            continue
        try:
            module.read(root)
            read += 1
        except DocumentRefused as error:
            assert error.code and error.location.startswith("/")
            refused += 1
    assert read + refused >= 20


def test_an_invoice_means_what_a_second_reader_finds_in_it(standards: Path) -> None:
    for row in expected(standards):
        if reader_of(row["customization"]) is not invoice:
            continue
        raw = (standards / row["path"]).read_bytes()
        tree, doc = ElementTree.fromstring(raw), invoice.read(admit(raw).root)
        name = "CreditNoteLine" if row["root"] == "CreditNote" else "InvoiceLine"
        lines = tree.findall(f"cac:{name}", NS)
        assert len(doc.lines) == len(lines)
        assert doc.id == _text(tree, "cbc:ID")
        assert doc.order_reference == _text(tree, "cac:OrderReference/cbc:ID")
        assert doc.buyer_reference == _text(tree, "cbc:BuyerReference")
        assert str(doc.totals.payable) == _text(tree, "cac:LegalMonetaryTotal/cbc:PayableAmount")
        assert doc.kid == _text(tree, "cac:PaymentMeans/cbc:PaymentID")
        for ours, theirs in zip(doc.lines, lines, strict=True):
            assert ours.order_line == _text(theirs, "cac:OrderLineReference/cbc:LineID")
            assert ours.item.sellers_id == _text(theirs, "cac:Item/cac:SellersItemIdentification/cbc:ID")
            assert str(ours.price.amount) == _text(theirs, "cac:Price/cbc:PriceAmount")
            assert len(ours.allowance_charges) == len(theirs.findall("cac:AllowanceCharge", NS))


def _text(element: ElementTree.Element, path: str) -> str | None:
    found = element.findtext(path, namespaces=NS)
    return (found or "").strip() or None


def test_catalogue_lines_stream_as_they_are_read_whole(standards: Path) -> None:
    raw = (standards / "peppol/postaward/2026.5/examples/Catalogue_Example.xml").read_bytes()
    root = admit(raw).root
    whole = catalogue.read(root)
    assert tuple(catalogue.iter_lines(raw)) == whole.lines == tuple(catalogue.lines_of(root))
    assert catalogue.read_head(root).lines == ()
    assert whole.lines[0].prices[0].currency == "EUR"


BAD_NUMBERS = [
    "NaN", "INF", "Infinity", "1e999", "1E3", "1_000", "١٢٣", "１２", "", " ", "1,5", "0x10", "--1", "1.2.3",
    "9" * 16, "1\u00a0000", "²",
]  # fmt: skip


@pytest.mark.parametrize("bad", BAD_NUMBERS)
@pytest.mark.parametrize("element", ["PayableAmount", "InvoicedQuantity", "PriceAmount", "Percent"])
def test_a_number_that_is_not_one_is_refused_where_it_stands(standards: Path, bad: str, element: str) -> None:
    text = (standards / "peppol/billing/2026.5/examples/base-example.xml").read_text("utf-8")
    start = text.index(">", text.index(f"<cbc:{element}")) + 1
    broken = text[:start] + bad + text[text.index("<", start) :]
    with pytest.raises(DocumentRefused) as refused:
        invoice.read(admit(broken.encode()).root)
    assert refused.value.code == "BAD_NUMBER"
    assert refused.value.location.endswith(f"cbc:{element}")


@pytest.mark.parametrize("bad", ["2026-02-30", "20260201", "2026-W01-1", "01.02.2026", "2026-1-1", ""])
def test_a_date_that_is_not_one_is_refused(standards: Path, bad: str) -> None:
    text = (standards / "peppol/billing/2026.5/examples/base-example.xml").read_text("utf-8")
    start = text.index("<cbc:IssueDate>") + len("<cbc:IssueDate>")
    broken = text[:start] + bad + text[text.index("<", start) :]
    with pytest.raises(DocumentRefused) as refused:
        invoice.read(admit(broken.encode()).root)
    assert refused.value.code == "BAD_DATE"


def test_a_second_value_for_a_single_field_is_refused_and_not_lost(standards: Path) -> None:
    text = (standards / "peppol/billing/2026.5/examples/base-example.xml").read_text("utf-8")
    twice = text.replace("<cbc:IssueDate>", "<cbc:IssueDate>2020-01-01</cbc:IssueDate><cbc:IssueDate>", 1)
    with pytest.raises(DocumentRefused) as refused:
        invoice.read(admit(twice.encode()).root)
    assert (refused.value.code, refused.value.location) == ("REPEATED", "/Invoice/cbc:IssueDate[2]")


def test_amounts_in_another_currency_are_refused(standards: Path) -> None:
    text = (standards / "peppol/billing/2026.5/examples/base-example.xml").read_text("utf-8")
    start = text.index("currencyID", text.index("<cbc:PayableAmount"))
    mixed = text[:start] + text[start:].replace('"EUR"', '"SEK"', 1)
    assert mixed != text
    with pytest.raises(DocumentRefused) as refused:
        invoice.read(admit(mixed.encode()).root)
    assert refused.value.code == "CURRENCY_MIXED"


def test_a_document_of_another_kind_is_refused(standards: Path) -> None:
    raw = (standards / "peppol/postaward/2026.5/examples/Order_Example.xml").read_bytes()
    with pytest.raises(DocumentRefused) as refused:
        invoice.read(admit(raw).root)
    assert refused.value.code == "WRONG_ROOT"


def test_text_split_by_comments_and_cdata_is_read_whole(standards: Path) -> None:
    text = (standards / "peppol/postaward/2026.5/examples/Order_Example.xml").read_text("utf-8")
    split = text.replace(
        '<cbc:PayableAmount currencyID="NOK">6363<',
        ('<cbc:PayableAmount currencyID="NOK">6<!-- x -->3<![CDATA[6]]>3<'),
    )
    assert split != text
    doc = order.read(admit(split.encode()).root)
    assert doc.totals is not None and doc.totals.payable == Decimal(6363)
