"""PDF for people and for screen readers (PDF/UA-1), made by typst without the network.

A station keeps its template as `<station>/typst/<name>.typ`, imports `/web/typst/avrop.typ` for frame and
number forms, and reads its data with `json(bytes(sys.inputs.data))`. Give it amounts already written
(`avrop.web.format`).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import typst

PACKAGE = (
    Path(__file__).resolve().parents[2]
)  # src/avrop: the root that a template's absolute paths start from
FONTS = PACKAGE / "web" / "static" / "vendor" / "fonts"


class PdfFailed(Exception):
    """The template and its data do not make a document; carries typst's own words."""


@cache
def _fonts() -> typst.Fonts:
    # Only our own fonts: the same bytes on every machine.
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)])


def render_pdf(template: str, data: Mapping[str, Any], *, at: datetime | None = None) -> bytes:
    """The template filled with `data`, as PDF/UA-1.

    `template` is a path below the package, such as "ordering/typst/order.typ". `at` is the document's time;
    with it the same data gives the same bytes. Dates, amounts and texts come as strings in the reader's
    language; `data["language"]` is nn, nb or en. Raises PdfFailed. Takes about 20 ms: call it from a job or a
    view, never inside a transaction.
    """
    source = PACKAGE / template
    try:
        compiler = typst.Compiler(
            str(source),
            root=str(PACKAGE),
            font_paths=_fonts(),
            ignore_system_fonts=True,
            sys_inputs={"data": json.dumps(data, ensure_ascii=False, default=str)},
        )
        result = compiler.compile(format="pdf", pdf_standards=["ua-1"], timestamp=at)
    except RuntimeError as problem:
        raise PdfFailed(f"{template}: {problem}") from problem
    if not isinstance(result, bytes):
        raise PdfFailed(f"{template}: no document came out")
    return result
