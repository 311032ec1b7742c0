"""What the tables do not name is kept, whatever it is and wherever it stands; what is changed is written our way."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from avrop.ubl.documents import despatch_advice, invoice, modelled, order, order_agreement
from avrop.ubl.gate import admit
from avrop.ubl.identify import identify
from avrop.ubl.location import CBC
from avrop.ubl.mapping import DocumentRefused
from avrop.ubl.tests.test_round_trip import canonical

pytestmark = pytest.mark.shared
EXAMPLES = (
    "peppol/billing/2026.5/examples/base-example.xml",
    "peppol/billing/2026.5/examples/base-creditnote-correction.xml",
    "peppol/postaward/2026.5/examples/Order_Example.xml",
    "peppol/postaward/2026.5/examples/Catalogue_Example.xml",
    "peppol/postaward/2026.5/examples/DespatchAdvice_Example.xml",
    "peppol/postaward/2026.5/examples/OrderResponseAdvanced_Example.xml",
    "peppol/postaward/2026.5/examples/PunchOut_Example.xml",
    "peppol/postaward/snippets-3.0.15/order-agreement/OA full.xml",
    "peppol/logistics/2026-02/rules/examples/ReceiptAdvice_Example_Full.xml",
    "peppol/reporting/eusr/1.1.5/examples/eusr-good-template.xml",
)
STRANGE = "urn:example:strange"


def base(standards: Path) -> str:
    return (standards / EXAMPLES[0]).read_text("utf-8")


def insert(root: etree._Element, draw: st.DataObject) -> None:
    """An element of another namespace, in an aggregate, at any place among its children."""
    aggregates = [e for e in root.iter() if len(e)]
    parent = draw.draw(st.sampled_from(aggregates))
    new = etree.Element(f"{{{STRANGE}}}thing", {"a": "1"})
    new.text = draw.draw(st.sampled_from(["x", " y ", "&<", "æ\r\n"]))
    parent.insert(draw.draw(st.integers(0, len(parent))), new)


def attribute(root: etree._Element, draw: st.DataObject) -> None:
    """An attribute no row names, on any element."""
    element = draw.draw(st.sampled_from(list(root.iter())))
    element.set(draw.draw(st.sampled_from(["languageID", f"{{{STRANGE}}}mark"])), 'a "b" <c>\n')


def spelling(root: etree._Element, draw: st.DataObject) -> None:
    """The same value otherwise: space around, a plus, more zeros, a zone, 1 for true."""
    element = draw.draw(st.sampled_from([e for e in root.iter() if not len(e) and (e.text or "").strip()]))
    text = (element.text or "").strip()
    name = etree.QName(element).localname
    if name.endswith(("Amount", "Quantity", "Percent", "Measure")) and text[0].isdigit():
        more = text + ("00" if "." in text else ".000")
        text = draw.draw(st.sampled_from(["+" + text, "0" + text, more, text + " "]))
    elif name.endswith("Date") and len(text) == 10:
        text = draw.draw(st.sampled_from([text + "Z", text + "+02:00", "\n" + text]))
    elif text in ("true", "false"):
        text = str(int(text == "true"))
    else:
        text = draw.draw(st.sampled_from([f" {text}", f"{text}\t", f"\n{text}\n"]))
    element.text = text


def empty(root: etree._Element, draw: st.DataObject) -> None:
    """An element of the standard with nothing in it, once more behind one of its kind."""
    element = draw.draw(st.sampled_from([e for e in root.iter() if e.getparent() is not None and not len(e)]))
    if etree.QName(element).localname in ("ID", "Name", "Note", "Description", "StreetName"):
        element.addnext(etree.Element(element.tag))


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
@pytest.mark.parametrize("path", EXAMPLES)
def test_strange_things_anywhere_in_a_document_come_out_where_they_were(
    standards: Path, path: str, data: st.DataObject
) -> None:
    root = admit((standards / path).read_bytes()).root
    module = modelled(identify(root).document_type)
    assert module is not None
    canonical(root)
    for change in data.draw(st.lists(st.sampled_from([insert, attribute, spelling, empty]), max_size=4)):
        change(root, data)
    raw = etree.tostring(root)
    after = etree.fromstring(module.write(module.read(admit(raw).root)))
    assert canonical(after) == canonical(admit(raw).root)


def test_two_spellings_of_the_same_are_equal_and_each_is_written_as_it_was(standards: Path) -> None:
    text = base(standards)
    start = text.index(">", text.index("<cbc:PayableAmount")) + 1
    other = text[:start] + "0" + text[start:]
    first, second = (invoice.read(admit(raw.encode()).root) for raw in (text, other))
    assert first == second
    assert invoice.write(first) != invoice.write(second)


def test_a_changed_value_is_written_our_way_and_its_neighbours_stay(standards: Path) -> None:
    text = base(standards).replace("<cbc:IssueDate>2017-11-13", "<cbc:IssueDate>2017-11-13Z")
    document = invoice.read(admit(text.encode()).root)
    assert b"2017-11-13Z" in invoice.write(document)
    later = replace(document, issue_date=document.issue_date.replace(year=2018))
    written = invoice.write(later)
    assert b"<cbc:IssueDate>2018-11-13</cbc:IssueDate>" in written


def test_a_line_takes_along_what_stood_in_it(standards: Path) -> None:
    text = base(standards).replace(
        "<cac:InvoiceLine>", '<cac:InvoiceLine><x:note xmlns:x="urn:example:strange">mine</x:note>', 1
    )
    document = invoice.read(admit(text.encode()).root)
    turned = invoice.write(replace(document, lines=document.lines[::-1])).decode()
    assert turned.index(">mine<") > turned.rindex("<cac:InvoiceLine>")
    without = invoice.write(replace(document, lines=document.lines[1:]))
    assert b"mine" not in without


def test_a_second_reason_that_the_standard_allows_is_kept_unread(standards: Path) -> None:
    raw = (standards / EXAMPLES[7]).read_text("utf-8")
    one = "<cbc:AllowanceChargeReason>Discount</cbc:AllowanceChargeReason>"
    root = admit(raw.replace(one, one + one.replace("Discount", "Loyal")).encode()).root
    agreement = order_agreement.read(root)
    assert agreement.allowance_charges[0].reason == "Discount"
    assert b"Loyal" in order_agreement.write(agreement)


def test_a_second_aggregate_with_fields_is_refused(standards: Path) -> None:
    raw = (standards / EXAMPLES[2]).read_text("utf-8")
    start, end = raw.index("<cac:Contract>"), raw.index("</cac:Contract>") + len("</cac:Contract>")
    twice = raw[:end] + raw[start:end] + raw[end:]
    with pytest.raises(DocumentRefused) as refused:
        order.read(admit(twice.encode()).root)
    assert refused.value.code == "REPEATED"


def test_what_we_make_ourselves_has_no_rest(standards: Path) -> None:
    advice = despatch_advice.read(admit((standards / EXAMPLES[4]).read_bytes()).root)
    fresh = despatch_advice.read(admit(despatch_advice.write(replace(advice, rest=()))).root)
    assert fresh.rest == ()


def test_an_amount_without_a_currency_cannot_be_written(standards: Path) -> None:
    document = invoice.read(admit(base(standards).encode()).root)
    with pytest.raises(DocumentRefused):
        invoice.write(replace(document, currency=None))  # type: ignore[arg-type]
    assert f'xmlns:cbc="{CBC}"'.encode() in invoice.write(document)
    assert document.totals.payable == Decimal(document.totals.payable)
