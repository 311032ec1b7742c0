"""Read and written again, a document is the same document: nothing that the platform does not model is lost."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest
from lxml import etree

from avrop.ubl.documents import MODULES, modelled
from avrop.ubl.gate import GateRefused, admit
from avrop.ubl.identify import identify

pytestmark = pytest.mark.shared


def canonical(root: etree._Element) -> str:
    """Canonical XML 2.0 with prefixes of its own making, without white space between elements and comments."""
    for element in root.iter():
        if len(element) and not (element.text or "").strip():
            element.text = None
        if element.tail is not None and not element.tail.strip():
            element.tail = None
    return etree.canonicalize(root, with_comments=False, rewrite_prefixes=True)


def whole_documents(standards: Path) -> list[str]:
    """Every whole document of the collection, and the reports and receipt advices beside it."""
    rows = json.loads((standards / "expected.json").read_text())["files"]
    found = {row["path"] for row in rows if row.get("root")}
    for more in ("peppol/reporting/*/*/examples/*.xml", "peppol/logistics/*/rules/examples/**/*.xml"):
        found |= {str(file.relative_to(standards)) for file in standards.glob(more)}
    return sorted(found)


def test_every_document_of_a_modelled_type_is_written_again_as_it_was_read(standards: Path) -> None:
    seen: Counter[str] = Counter()
    for path in whole_documents(standards):
        raw = (standards / path).read_bytes()
        try:
            root = admit(raw).root
        except GateRefused:
            continue
        kind = identify(root).document_type
        module = modelled(kind)
        if module is None:
            continue
        before = canonical(root)
        after = canonical(etree.fromstring(module.write(module.read(admit(raw).root))))
        assert (path, after) == (path, before)
        seen[str(kind)] += 1
    assert set(seen) == set(MODULES)
    assert seen.total() >= 150
