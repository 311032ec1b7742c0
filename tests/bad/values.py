"""Every value of a good document replaced by what nobody thought of; every element gone, doubled, moved, renamed."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from copy import deepcopy

from lxml import etree

from tests.bad.made import Made, made
from tests.stories.bend import NASTY

MARK = "\ue000"
CBC = "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"


def values(kind: str, good: bytes, share: int) -> Iterator[Made]:
    """Each leaf and attribute with each nasty value; `share`: each so many of them, at random but the same."""
    tree = etree.fromstring(good)
    places = [("", i) for i, e in enumerate(tree.iter()) if not len(e) and (e.text or "").strip()]
    places += [(name, i) for i, e in enumerate(tree.iter()) for name in e.attrib]
    chosen = [(a, i, n) for a, i in places for n in range(len(NASTY))]
    random.Random(kind).shuffle(chosen)
    for attribute, index, n in chosen[::share]:
        where = list(tree.iter())[index].tag.rpartition("}")[2]
        name = f"{kind}: {where}{'@' + attribute if attribute else ''} is {NASTY[n][:20]!r}"
        yield made(name, lambda a=attribute, i=index, v=NASTY[n]: _with(good, i, a, v))


def _with(good: bytes, index: int, attribute: str, value: bytes) -> bytes:
    tree = etree.fromstring(good)
    element = list(tree.iter())[index]
    if attribute:
        element.set(attribute, MARK)
        value = value.replace(b'"', b"&quot;").replace(b"<", b"&lt;")
    else:
        element.text = MARK
    return etree.tostring(tree, encoding="utf-8").replace(MARK.encode(), value)


def split_values(kind: str, good: bytes) -> Iterator[Made]:
    """Comments, instructions and CDATA in the middle of each value: it must be read whole."""
    tree = etree.fromstring(good)
    for index, element in enumerate(tree.iter()):
        text = element.text or ""
        if len(element) or not text.strip():
            continue
        half = len(text) // 2
        for name, between in (
            ("comment", "<!-- 9 -->"),
            ("instruction", "<?x 9?>"),
            ("cdata", f"<![CDATA[{text[half:]}]]>"),
            ("element", "<x>9</x>"),
        ):
            rest = "" if name == "cdata" else text[half:]
            raw = _with(good, index, "", (text[:half] + between + rest).replace("&", "&amp;").encode())
            yield made(f"{kind}: {element.tag.rpartition('}')[2]} split by {name}", raw)


def structure(kind: str, good: bytes, share: int) -> Iterator[Made]:
    """Each element gone, doubled, thirty times, emptied, renamed, moved, given a child, in another namespace."""
    tree = etree.fromstring(good)
    count = sum(1 for _ in tree.iter())
    chosen = [(i, change) for i in range(1, count) for change in CHANGES]
    random.Random(kind).shuffle(chosen)
    for index, change in chosen[::share]:
        where = list(tree.iter())[index].tag.rpartition("}")[2]
        yield made(f"{kind}: {where} {change}", lambda i=index, c=change: _changed(good, i, CHANGES[c]))


def _changed(good: bytes, index: int, change: Callable[[etree._Element, etree._Element], None]) -> bytes:
    tree = etree.fromstring(good)
    element = list(tree.iter())[index]
    parent = element.getparent()
    assert parent is not None
    change(element, parent)
    return etree.tostring(tree, encoding="utf-8")


def _times(count: int) -> Callable[[etree._Element, etree._Element], None]:
    def change(element: etree._Element, parent: etree._Element) -> None:
        for _ in range(count):
            element.addnext(deepcopy(element))

    return change


def _empty(element: etree._Element, parent: etree._Element) -> None:
    for child in list(element):
        element.remove(child)
    element.text = None


def _rename(tag: str) -> Callable[[etree._Element, etree._Element], None]:
    def change(element: etree._Element, parent: etree._Element) -> None:
        element.tag = tag or etree.QName(element).localname

    return change


def _wrap(element: etree._Element, parent: etree._Element) -> None:
    box = etree.Element("{urn:x}box")
    parent.replace(element, box)
    box.append(element)


CHANGES: dict[str, Callable[[etree._Element, etree._Element], None]] = {
    "gone": lambda e, p: p.remove(e),
    "doubled": _times(1),
    "forty times": _times(40),
    "emptied": _empty,
    "renamed": _rename(f"{{{CBC}}}Nothing"),
    "in no namespace": _rename(""),
    "as ID": _rename(f"{{{CBC}}}ID"),
    "first": lambda e, p: p.insert(0, e),
    "last": lambda e, p: p.append(e),
    "at the root": lambda e, p: e.getroottree().getroot().append(e),
    "in a box": _wrap,
    "with a child": lambda e, p: e.append(deepcopy(e)),
    "of type nil": lambda e, p: e.set("{http://www.w3.org/2001/XMLSchema-instance}nil", "true"),
}
