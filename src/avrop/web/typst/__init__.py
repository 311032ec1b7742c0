"""PDF for people and for screen readers (PDF/UA-1), made by typst without the network.

A station keeps its template as `<station>/typst/<name>.typ`, imports `/web/typst/avrop.typ` for frame and
number forms, and reads its data with `json(bytes(sys.inputs.data))`. Give it amounts already written
(`avrop.web.format`).
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, cast

import typst

PACKAGE = (
    Path(__file__).resolve().parents[2]
)  # src/avrop: the root that a template's absolute paths start from
FONTS = PACKAGE / "web" / "static" / "vendor" / "fonts"


APART = 200_000  # characters of data from which a document is made in a process of its own
PATIENCE = 120  # seconds that it may take there
PDF_UA = ("ua-1",)
PDF_A3_UA = ("a-3a", "ua-1")  # ISO 19005-3 level A holds what level B asks for, and more


@dataclass(frozen=True, slots=True)
class Inside:
    """A file that the PDF carries, byte for byte; PDF/A-3 calls its relationship to the pages "source"."""

    name: str
    content: bytes
    mime: str = "application/xml"
    description: str = ""


class PdfFailed(Exception):
    """The template and its data do not make a document; carries typst's own words."""


@cache
def _fonts() -> typst.Fonts:
    # Only our own fonts: the same bytes on every machine.
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)])


def render_pdf(
    template: str,
    data: Mapping[str, Any],
    *,
    at: datetime | None = None,
    standards: Sequence[str] = PDF_UA,
    inside: Inside | None = None,
) -> bytes:
    """The template filled with `data`, as PDF/UA-1 or what `standards` name.

    `template` is a path below the package, such as "ordering/typst/order.typ". `at` is the document's time;
    with it the same data gives the same bytes. Dates, amounts and texts come as strings in the reader's
    language; `data["language"]` is nn, nb or en. Raises PdfFailed. Takes about 20 ms: call it from a job or a
    view, never inside a transaction. A template that is given a file `inside` attaches it by `carry(data)`.
    """
    inputs: dict[str, str] = {}
    if inside is not None:
        data = {
            **data,
            "inside": {"name": inside.name, "mime": inside.mime, "description": inside.description},
        }
        inputs = _as_text(inside.content)
    inputs["data"] = json.dumps(data, ensure_ascii=False, default=str)
    heavy = sum(map(len, inputs.values())) > APART
    return (_apart if heavy else compiled)(template, inputs, tuple(standards), at)


def compiled(
    template: str, inputs: Mapping[str, str], standards: Sequence[str], at: datetime | None
) -> bytes:
    """The template with these inputs, made in this process. Raises PdfFailed."""
    try:
        compiler = typst.Compiler(
            str(PACKAGE / template),
            root=str(PACKAGE),
            font_paths=_fonts(),
            ignore_system_fonts=True,
            sys_inputs=dict(inputs),
        )
        result = compiler.compile(format="pdf", pdf_standards=cast(Any, list(standards)), timestamp=at)
    except RuntimeError as problem:
        raise PdfFailed(f"{template}: {problem}") from problem
    if not isinstance(result, bytes):
        raise PdfFailed(f"{template}: no document came out")
    return result


def _apart(template: str, inputs: Mapping[str, str], standards: Sequence[str], at: datetime | None) -> bytes:
    """The same in a process of its own (`__main__`), which ends with what typst keeps of it. Raises PdfFailed.

    typst remembers the last ten documents: measured, 180 MiB for each of 2,000 lines, more than a web process may hold.
    """
    asked = {
        "template": template,
        "inputs": inputs,
        "standards": standards,
        "at": at.isoformat() if at else "",
    }
    paths = os.pathsep.join(filter(None, (str(PACKAGE.parent), os.environ.get("PYTHONPATH", ""))))
    try:
        done = subprocess.run(
            [sys.executable, "-m", "avrop.web.typst"],
            input=json.dumps(asked).encode(),
            capture_output=True,
            timeout=PATIENCE,
            env={**os.environ, "PYTHONPATH": paths},
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise PdfFailed(f"{template}: not done in {PATIENCE} seconds") from None
    if done.returncode:
        raise PdfFailed(done.stderr.decode(errors="replace")[-2000:] or f"{template}: stopped")
    return done.stdout


def _as_text(content: bytes) -> dict[str, str]:
    """Bytes as a text that typst makes the same bytes of: it takes inputs as text only, and no file is written."""
    try:
        return {"inside": content.decode("utf-8"), "inside-form": "utf-8"}
    except UnicodeDecodeError:
        return {"inside": content.decode("latin-1"), "inside-form": "bytes"}  # each character is one byte
