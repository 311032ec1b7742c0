"""What the official rules see of an embedded file: its name, its type and its beginning."""

from __future__ import annotations

import pytest
from lxml import etree

from avrop.ubl.embedded import text_for_rules
from avrop.ubl.location import CBC

CONTENT = "QUJD" * 500_000


def paper(tag: str, content: str) -> etree._Element:
    prefix = f' xmlns:cbc="{CBC}"' if ":" in tag else f' xmlns="{CBC}"'
    return etree.fromstring(
        f'<a{prefix}><{tag} mimeCode="application/pdf" filename="a &gt; b &lt; c.pdf">{content}</{tag}>'
        f"<b>{CONTENT}</b></a>",
        etree.XMLParser(huge_tree=True),
    )


@pytest.mark.parametrize("tag", ["cbc:EmbeddedDocumentBinaryObject", "EmbeddedDocumentBinaryObject"])
def test_a_long_file_is_cut_to_its_beginning_and_nothing_else_is(tag: str) -> None:
    seen = etree.fromstring(text_for_rules(paper(tag, CONTENT)))
    assert seen[0].attrib == {"mimeCode": "application/pdf", "filename": "a > b < c.pdf"}
    assert seen[0].text == CONTENT[:400]
    assert seen[1].text == CONTENT


@pytest.mark.parametrize("content", ["", "QUJD", "QUJD\n" * 60, "\n" * 900 + "QUJD"])
def test_a_short_file_is_seen_whole(content: str) -> None:
    seen = etree.fromstring(text_for_rules(paper("cbc:EmbeddedDocumentBinaryObject", content)))
    assert (seen[0].text or "").strip() == content.strip()


def test_the_judged_document_itself_stays_whole() -> None:
    root = paper("cbc:EmbeddedDocumentBinaryObject", CONTENT)
    root[0].tail = "between"
    before = etree.tostring(root)
    assert "between" in text_for_rules(root)
    assert etree.tostring(root) == before
