"""What says the same in other characters gets the same findings: prefixes, order, white space, encoding, CDATA."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from copy import deepcopy
from functools import cache
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from avrop.schematron.tests.mutate import mutate
from avrop.ubl.gate import admit
from avrop.ubl.rulesets import Registry
from avrop.ubl.tests.examples import collected, expected

pytestmark = pytest.mark.shared
Change = Callable[[etree._Element, Random], bytes]
STATED = [row["path"] for row in expected(collected())]


def _elements(root: etree._Element) -> list[etree._Element]:
    return [e for e in root.iter() if isinstance(e.tag, str)]


def _utf8(root: etree._Element) -> bytes:
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True)


def other_prefixes(root: etree._Element, rng: Random) -> bytes:
    """Every namespace under another prefix, the document element's as well."""
    uris = sorted({etree.QName(e).namespace or "" for e in _elements(root)} - {""})
    names = [f"{rng.choice('abxyz')}{at}" for at in range(len(uris))]
    spaces: dict[str | None, str] = dict(zip(names, uris, strict=True))
    if rng.random() < 0.5:
        spaces = {None: uris[0], **{name: uri for name, uri in spaces.items() if uri != uris[0]}}
    return _utf8(_rebuilt(root, spaces))


def _rebuilt(old: etree._Element, spaces: dict[str | None, str]) -> etree._Element:
    new = etree.Element(old.tag, dict(old.attrib), nsmap=spaces)
    new.text = old.text
    for child in old:
        made = _rebuilt(child, spaces) if isinstance(child.tag, str) else deepcopy(child)
        made.tail = child.tail
        new.append(made)
    return new


def comments_between(root: etree._Element, rng: Random) -> bytes:
    """Comments and processing instructions between elements; none inside a text."""
    for element in _elements(root):
        if len(element):
            for _ in range(rng.randrange(3)):
                node = etree.Comment("c") if rng.random() < 0.5 else etree.ProcessingInstruction("p", "q")
                element.insert(rng.randrange(len(element) + 1), node)
    return _utf8(root)


def other_order_of_attributes(root: etree._Element, rng: Random) -> bytes:
    """Attributes shuffled."""
    for element in _elements(root):
        found = list(element.attrib.items())
        rng.shuffle(found)
        element.attrib.clear()
        element.attrib.update(found)
    return _utf8(root)


def pretty(root: etree._Element, rng: Random) -> bytes:
    """Other white space between elements."""
    etree.indent(root, rng.choice((" ", "\t", "        ")))
    return _utf8(root)


def on_one_line(root: etree._Element, rng: Random) -> bytes:
    """No white space between elements."""
    for element in _elements(root):
        if len(element) and not (element.text or "").strip():
            element.text = None
        for child in element:
            if not (child.tail or "").strip():
                child.tail = None
    return _utf8(root)


def other_encoding(root: etree._Element, rng: Random) -> bytes:
    """Each encoding that the gate takes; what it has no character for becomes a reference."""
    name = rng.choice(("UTF-16", "ISO-8859-1", "US-ASCII", "UTF-8 with a mark", "no declaration"))
    if name == "no declaration":
        return etree.tostring(root, encoding="unicode").encode()
    if name == "UTF-8 with a mark":
        return b"\xef\xbb\xbf" + _utf8(root)
    return etree.tostring(root, encoding=name, xml_declaration=True)


def cdata(root: etree._Element, rng: Random) -> bytes:
    """Whole texts as CDATA sections."""
    for element in _elements(root):
        if len(element) == 0 and element.text and "]]>" not in element.text and rng.random() < 0.7:
            element.text = etree.CDATA(element.text)
    return _utf8(root)


def references(root: etree._Element, rng: Random) -> bytes:
    """Characters of texts as references."""
    text = etree.tostring(root, encoding="unicode")
    for char in rng.sample("aeio0123", 3):
        text = _outside_tags(text, char, f"&#{ord(char)};")
    return text.encode()


def _outside_tags(text: str, old: str, new: str) -> str:
    out = []
    for piece in text.split("<"):
        tag, closing, rest = piece.rpartition(">")
        plain = "&" in rest or tag.startswith(("!", "?"))
        out.append(tag + closing + (rest if plain else rest.replace(old, new)))
    return "<".join(out)


CHANGES: tuple[Change, ...] = (
    other_prefixes, comments_between, other_order_of_attributes, pretty, on_one_line, other_encoding, cdata,
    references,
)  # fmt: skip


def _found(registry: Registry, raw: bytes) -> tuple[object, ...]:
    verdict = registry.judge(admit(raw).root)
    return (
        verdict.rule_set,
        verdict.valid,
        Counter((finding.id, finding.severity, finding.location) for finding in verdict.findings),
    )


@cache
def _text(standards: Path, path: str) -> bytes:
    """A document without comments: one that parts a text would do so in no other place."""
    return etree.tostring(admit((standards / path).read_bytes()).root, encoding="unicode").encode()


@settings(
    max_examples=120,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(path=st.sampled_from(STATED or [""]), change=st.sampled_from(CHANGES), seed=st.integers(0, 2**32))
def test_another_way_to_write_a_document_changes_no_finding(
    registry: Registry, standards: Path, path: str, change: Change, seed: int
) -> None:
    content = _text(standards, path)
    changed = change(etree.fromstring(content), Random(seed))
    assert _found(registry, changed) == _found(registry, content), (path, change.__name__, seed)


@pytest.mark.slow
@settings(
    max_examples=3000,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(path=st.sampled_from(STATED or [""]), change=st.sampled_from(CHANGES), seed=st.integers(0, 2**32))
def test_another_way_to_write_a_spoiled_document_changes_no_finding(
    registry: Registry, standards: Path, path: str, change: Change, seed: int
) -> None:
    content, steps = mutate(_text(standards, path), seed)
    if any(step[0] in ("comment", "pi", "cdata", "move", "add") for step in steps):
        # These make texts that stand among elements or are parted, where white space is part of a text.
        return
    changed = change(etree.fromstring(content), Random(seed))
    assert _found(registry, changed) == _found(registry, content), (path, change.__name__, seed)


@pytest.mark.parametrize("change", CHANGES, ids=[change.__name__ for change in CHANGES])
def test_the_other_way_is_another_one(standards: Path, change: Change) -> None:
    content = _text(standards, "peppol/billing/2026.5/examples/base-example.xml")
    content = content.replace(b'="EUR">', b'="EUR" currencyCodeListVersionID="1">')
    assert change(etree.fromstring(content), Random(1)) not in (content, _utf8(etree.fromstring(content)))
