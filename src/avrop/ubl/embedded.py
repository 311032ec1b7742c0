"""Files embedded in a document (base64 in its XML), and what the official rules need of them."""

from __future__ import annotations

from lxml import etree

from avrop.ubl.gate import BINARY_ELEMENT

SEEN = 400  # characters of an embedded file


def text_for_rules(root: etree._Element) -> str:
    """The document as XML text without declaration; of an embedded file only the beginning.

    That is 400 characters, blanks before them not counted. The official sets judge a file's name and type and whether
    it is empty; the XSD has judged its base64. Saxon would hold each character several times over (measured: 150 MB
    and 0.6 s of CPU for a file of 20 MB). Such elements are exchanged while the tree is written, and put back: a copy
    of a tree with 75 MB in it would be too much.
    """
    cut: list[tuple[etree._Element, etree._Element, etree._Element]] = []
    for element in list(root.iter(f"{{*}}{BINARY_ELEMENT}")):
        parent, content = element.getparent(), element.text or ""
        if parent is not None and len(content) > SEEN:
            short = etree.Element(element.tag)
            for name, value in element.attrib.items():
                short.set(name, value)
            short.text, short.tail = content.lstrip()[:SEEN], element.tail
            cut.append((parent, short, element))
    try:
        for parent, short, element in cut:
            parent.replace(element, short)
        return etree.tostring(root, encoding="unicode", with_tail=False)
    finally:
        for parent, short, element in cut:
            parent.replace(short, element)
