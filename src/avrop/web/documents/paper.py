"""A document on paper: PDF/A-3a and PDF/UA-1 in the reader's language, with the original inside, byte for byte."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from avrop.web.documents import words
from avrop.web.documents.description import Description, Field, Row, Section, Table
from avrop.web.documents.reading import Document, read
from avrop.web.typst import PDF_A3_UA, Inside, render_pdf
from avrop.web.typst.glyphs import printable

TEMPLATE = "web/documents/document.typ"
MOST = 3_000  # lines that are written out; the file inside has all of them
RUNNING = 60  # characters of what stands at the top of every page
_NAME = re.compile(r"[^A-Za-z0-9._-]+")


def pdf(raw: bytes, *, at: datetime) -> tuple[str, bytes]:
    """(a name to save it under, the document in `raw` as PDF/A-3 with `raw` inside).

    `at` is the document's own time: the same bytes in the same language give the same PDF.

    Raises Refusal where there is no document to show, PdfFailed. About 25 ms, 0.6 s for 2,000 lines; call it outside
    any transaction.
    """
    document = read(raw)
    name = file_name(document.description)
    inside = Inside(f"{name}.xml", raw, description=_("The original, exactly as it was sent"))
    when = at.replace(microsecond=0)
    made = render_pdf(TEMPLATE, as_data(document), at=when, standards=PDF_A3_UA, inside=inside)
    return f"{name}.pdf", made


def file_name(one: Description) -> str:
    """A plain name to save it under: the document's number, of letters that every system takes."""
    return _NAME.sub("-", one.number).strip("-.")[:60] or "document"


def as_data(document: Document) -> dict[str, Any]:
    """Everything the template writes, as text."""
    one = document.description
    title = f"{one.kind} {one.number}".strip()[:RUNNING]
    data = {
        "language": words.language(),
        "title": title,
        "sender": one.intro[:RUNNING],
        "footer": _("Shown from the original, which lies in this PDF as a file."),
        "notices": [[notice.title, notice.text] for notice in one.notices],
        "head": _section(one.head, one.terms),
        "parties": [_section(party, one.terms) for party in one.parties],
        "lines_first": one.lines_first,
        "lines": _table(one.lines, one.terms) if one.lines else None,
        "tables": [_table(table, one.terms) for table in one.tables],
        "totals": _section(one.totals, one.terms) if one.totals else None,
        "rest": [_section(part, one.terms) for part in one.rest],
        "attached": _attached(document),
    }
    return _printable(data)


def _printable(value: Any) -> Any:
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, dict):
        return {key: _printable(inner) for key, inner in value.items()}
    return [_printable(inner) for inner in value] if isinstance(value, list) else value


def _section(one: Section, terms: bool) -> dict[str, Any]:
    fields = [[_label(f, terms), f.value, f.strong] for f in one.fields]
    return {"title": one.title, "fields": fields, "language": one.language or words.language()}


def _label(one: Field, terms: bool) -> str:
    return f"{one.label} ({one.term})" if terms and one.term else one.label


def _table(one: Table, terms: bool) -> dict[str, Any]:
    rows: Sequence[Row] = one.rows[:MOST]
    left = len(one.rows) - len(rows) + one.left_out
    return {
        "title": one.title,
        "header": [f"{c.label} {c.term}" if terms and c.term else c.label for c in one.columns],
        "numeric": [at for at, column in enumerate(one.columns) if column.numeric],
        "rows": [[*_first(row, terms), *row.cells[1:]] for row in rows],
        "left": _("%(count)s more rows are in the original.") % {"count": left} if left else "",
    }


def _first(row: Row, terms: bool) -> Iterable[Any]:
    return ([row.cells[0], [f"{_label(f, terms)}: {f.value}" for f in row.more]],)


def _attached(document: Document) -> dict[str, Any] | None:
    if not document.attached:
        return None
    rows = [
        [
            [one.name or one.id, [text for text in (one.about, one.warning) if text]],
            str(one.kind.label) if one.kind else "–",
            one.claimed,
            str(one.size),
        ]
        for one in document.attached
    ]
    return {
        "title": _("Attached files"),
        "header": [_("File"), _("What it is"), _("Said to be"), _("Bytes")],
        "numeric": [3],
        "rows": rows,
        "left": "",
    }
