"""The official examples, and a second reader that shares no code with ours (xml.etree, plain walking)."""

from __future__ import annotations

import json
import os
import xml.etree.ElementTree as ElementTree
from collections import Counter
from decimal import Decimal, InvalidOperation
from pathlib import Path
from types import ModuleType
from typing import Any

from avrop.ubl.documents import (
    catalogue,
    invoice,
    invoice_response,
    message_level_response,
    message_level_status,
    order,
    order_cancellation,
    order_change,
    order_response,
    order_response_advanced,
)

READERS: dict[str, ModuleType] = {
    "order:3": order,
    "order_response:3": order_response,
    "order_change:3": order_change,
    "order_cancellation:3": order_cancellation,
    "order_response_advanced:3": order_response_advanced,
    "catalogue:3": catalogue,
    "invoice_response:3": invoice_response,
    "mlr:3": message_level_response,
    "mls:1.0": message_level_status,
    "billing:3.0": invoice,
    "en16931:2017": invoice,
}


def collected() -> Path:
    """Where ../shared/standards is (or is not) while tests are collected; the fixture `shared` skips loudly."""
    root = Path(__file__).resolve().parents[4]
    return Path(os.environ.get("AVROP_SHARED", root.parent / "shared")) / "standards"


def expected(standards: Path) -> list[dict[str, Any]]:
    """The stated results for whole documents; none where the collection is missing."""
    listed = standards / "expected.json"
    rows = json.loads(listed.read_text())["files"] if listed.is_file() else []
    return [row for row in rows if row["expected"] in ("valid", "invalid")]


def reader_of(customization: str) -> ModuleType | None:
    """Which of our readers a document of the named types goes to (EHF extensions included)."""
    plain = customization.partition(":extended:")[0]
    return next((module for end, module in READERS.items() if plain.endswith(end)), None)


def leaves(raw: bytes) -> Counter[tuple[str, str]]:
    """(path, value) of every leaf and attribute; numbers in one form, white space left out."""
    found: Counter[tuple[str, str]] = Counter()

    def walk(element: ElementTree.Element, above: str) -> None:
        path = f"{above}/{element.tag.rpartition('}')[2]}"
        if len(element) == 0:
            found[path, _plain(element.text)] += 1
        for name, value in element.attrib.items():
            if "}" not in name:
                found[f"{path}/@{name}", value] += 1
        for child in element:
            walk(child, path)

    walk(ElementTree.fromstring(raw), "")
    return found


def _plain(text: str | None) -> str:
    value = "".join((text or "").split())
    try:
        return str(Decimal(value).normalize())
    except InvalidOperation:
        return value
