"""The page of a document and its files. A room asks its own permission, fetches the bytes, and calls one of these."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.html import format_html
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from avrop.kernel.finding import Refusal
from avrop.web.documents import attached
from avrop.web.documents.description import Section, Table
from avrop.web.documents.paper import pdf
from avrop.web.documents.reading import Document, payload, read, why_not
from avrop.web.lists import listing
from avrop.web.tags.page import crumbs

SIZE = 50  # lines on a page
LONGEST_HEADING = 120  # characters; the whole text stands below


@dataclass(frozen=True, slots=True)
class Around:
    """Where the page stands: the way back (text and address by turns), the PDF and the original."""

    crumbs: Sequence[object]
    pdf: str
    original: str


def show(request: HttpRequest, raw: bytes, around: Around) -> HttpResponse:
    """The document in `raw` as a page; with `?attachment=2` the second file in it, as a download.

    What cannot be shown gets a page that says why. Raises Http404 for a file that is not there.
    """
    wanted = request.GET.get("attachment")
    if wanted is not None:
        return _attachment(raw, wanted)
    try:
        document = read(raw)
    except Refusal as refusal:
        context = {
            "around": around,
            "crumbs": crumbs(*around.crumbs),
            "refused": why_not(refusal),
            "title": _("The document cannot be shown"),
        }
        return render(request, "web/document.html", context)
    return render(request, "web/document.html", _context(request, document, around))


def paper(raw: bytes, *, at: datetime, page: str) -> HttpResponse:
    """The document as a PDF to download; what cannot be shown is sent to the `page`, which says why."""
    try:
        name, content = pdf(raw, at=at)
    except Refusal:
        return HttpResponseRedirect(page)
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _attachment(raw: bytes, wanted: str) -> HttpResponse:
    if not (wanted.isascii() and wanted.isdigit() and len(wanted) < 6):
        raise Http404
    try:
        answer = attached.response(payload(raw), int(wanted))
    except Refusal:
        answer = None
    if answer is None:
        raise Http404
    return answer


def _context(request: HttpRequest, document: Document, around: Around) -> dict[str, Any]:
    one = document.description
    context: dict[str, Any] = {
        "around": around,
        "one": one,
        "head": _section(one.head, one.terms),
        "parties": [_section(part, one.terms) for part in one.parties],
        "totals": _section(one.totals, one.terms) if one.totals else None,
        "rest": [_section(part, one.terms) for part in one.rest],
        "crumbs": crumbs(*around.crumbs),
        "title": f"{one.kind} {one.number}".strip()[:LONGEST_HEADING],
        "shown": (one.number or one.kind)[:LONGEST_HEADING],
        "intro": one.intro[:LONGEST_HEADING],
        "tables": [_table(table) for table in one.tables],
        "attached": document.attached,
        "attached_in_all": document.attached_in_all,
        "terms": one.terms,
    }
    if one.lines:
        rows = listing(request, range(len(one.lines.rows)), size=SIZE)
        context["rows"] = rows
        context["lines"] = {
            **_table(one.lines, list(rows)),
            "count": len(one.lines.rows) + one.lines.left_out,
        }
    return context


def _section(one: Section, terms: bool) -> dict[str, Any]:
    """A section for the template; the number of a business term stands under its name."""
    fields = [
        {
            "label": format_html('{} <span class="av-sub">{}</span>', f.label, f.term)
            if terms and f.term
            else f.label,
            "value": f.value,
            "strong": f.strong,
        }
        for f in one.fields
    ]
    return {"title": one.title, "fields": fields, "numeric": one.numeric, "language": one.language}


def _table(one: Table, only: Sequence[int] | None = None) -> dict[str, Any]:
    """A table for the template, each cell with its heading's kind."""
    numeric = [column.numeric for column in one.columns]
    chosen = one.rows if only is None else [one.rows[at] for at in only]
    rows = [
        {
            "first": row.cells[0],
            "more": row.more,
            "cells": [{"text": t, "numeric": n} for t, n in zip(row.cells[1:], numeric[1:], strict=True)],
        }
        for row in chosen
    ]
    return {"table": one, "rows": rows}
