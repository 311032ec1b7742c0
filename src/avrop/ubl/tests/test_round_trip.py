"""Read and written again, a document is the same document: nothing that the platform does not model is lost."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from avrop.ubl.documents import modelled
from avrop.ubl.gate import admit
from avrop.ubl.identify import identify
from avrop.ubl.mapping import DocumentRefused

pytestmark = pytest.mark.shared


def canonical(root: etree._Element) -> str:
    """Canonical XML 2.0 with prefixes of its own making, without white space between elements and comments."""
    for element in root.iter():
        if len(element) and not (element.text or "").strip():
            element.text = None
        if element.tail is not None and not element.tail.strip():
            element.tail = None
    return etree.canonicalize(root, with_comments=False, rewrite_prefixes=True)


def listed(standards: Path) -> list[dict[str, Any]]:
    """Every whole document of the collection."""
    rows = json.loads((standards / "expected.json").read_text())["files"]
    return [row for row in rows if row.get("root")]


def test_every_document_of_a_modelled_type_is_written_again_as_it_was_read(standards: Path) -> None:
    whole, refused = 0, []
    for row in listed(standards):
        raw = (standards / row["path"]).read_bytes()
        try:
            root = admit(raw).root
        except Exception:
            continue
        module = modelled(identify(root).document_type)
        if module is None:
            continue
        before = canonical(root)
        try:
            document = module.read(admit(raw).root)
        except DocumentRefused as error:
            refused.append((row["path"], row["expected"], str(error)))
            continue
        after = canonical(etree.fromstring(module.write(document)))
        assert (row["path"], after) == (row["path"], before)
        whole += 1
    assert not refused, refused
    assert whole >= 100
