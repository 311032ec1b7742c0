"""Price lists as suppliers make them, for this room's tests."""

from __future__ import annotations

import io
from collections.abc import Sequence

import xlsxwriter

HEADINGS = ("Varenr", "Varenamn", "Eining", "Pris (eks. mva)", "Mva %")


def xlsx(rows: Sequence[Sequence[object]], *, headings: Sequence[object] = HEADINGS, above: int = 0) -> bytes:
    """A workbook with `above` blank rows over the headings."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    page = book.add_worksheet("Prisar")
    for place, row in enumerate([headings, *rows]):
        page.write_row(place + above, 0, row)
    book.close()
    return out.getvalue()


def csv(
    rows: Sequence[Sequence[str]],
    *,
    headings: Sequence[str] = HEADINGS,
    encoding: str = "cp1252",
    sign: str = ";",
) -> bytes:
    """A csv file as Excel saves it in Norway."""
    return "\r\n".join(sign.join(row) for row in [headings, *rows]).encode(encoding)
