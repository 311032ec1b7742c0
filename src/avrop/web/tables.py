"""Makes a plain <table> readable on a phone and by a screen reader.

Where there is little room the rows stack: every cell becomes a line "heading: value". For that each cell
needs its column's heading in `data-label`, and since `display: block` takes a table's meaning away from
assistive technology, each element needs its role said aloud. Nobody should have to write either by hand,
so `{% table %}` sends its rendered content through `stackable` once. User text in it is escaped, so
every "<" that is found is a tag of a template.
"""

from __future__ import annotations

import re

_TAG = re.compile(r"<(/?)(table|thead|tbody|tfoot|tr|th|td)\b([^>]*)>", re.IGNORECASE)
_MARKUP = re.compile(r"<[^>]+>")
_SPACE = re.compile(r"\s+")
_SORT = re.compile(r'<th\b([^>]*)>\s*(<a class="av-sort".*?</a>)\s*</th>', re.IGNORECASE | re.DOTALL)
_SPAN = re.compile(r'\bcolspan="(\d+)"')
_ROLES = {"thead": "rowgroup", "tbody": "rowgroup", "tfoot": "rowgroup", "tr": "row", "td": "cell"}


def stackable(html: str) -> str:
    """`html` (rows of one table) with roles, and with `data-label` on every body cell that has none."""
    labels = _headings(html)
    column = 0
    in_head = False
    out: list[str] = []
    end = 0
    for match in _TAG.finditer(html):
        closing, name, attributes = match[1], match[2].lower(), match[3]
        out.append(html[end : match.start()])
        end = match.end()
        if name == "thead":
            in_head = not closing
        if closing:
            out.append(match[0])
            continue
        if name == "tr":
            column = 0
        extra = _extra(name, attributes, in_head, labels[column] if column < len(labels) else "")
        if name in ("td", "th"):
            span = _SPAN.search(attributes)
            column += int(span[1]) if span else 1
        out.append(f"<{name}{attributes}{extra}>")
    out.append(html[end:])
    return "".join(out)


def orders(html: str) -> list[tuple[str, bool]]:
    """The headings that sort, as links, each with whether the table is in its order now.

    Where the rows stack there is no row of headings to choose from.
    """
    return [(link, "aria-sort=" in attributes) for attributes, link in _SORT.findall(html)]


def _extra(name: str, attributes: str, in_head: bool, label: str) -> str:
    extra = ""
    if "role=" not in attributes:
        role = _ROLES.get(name) or ("columnheader" if in_head else "rowheader")
        extra = f' role="{role}"'
    if name == "th" and "scope=" not in attributes:
        extra += ' scope="col"' if in_head else ' scope="row"'
    if (
        not in_head
        and name == "td"
        and label
        and "data-label=" not in attributes
        and "colspan=" not in attributes
    ):
        extra += f' data-label="{label}"'
    return extra


def _headings(html: str) -> list[str]:
    """The text of each column's heading, from the last row of <thead>; a hidden heading counts too."""
    head = re.search(r"<thead\b.*?</thead>", html, re.IGNORECASE | re.DOTALL)
    if not head:
        return []
    row = head[0].rpartition("<tr")[2]
    labels: list[str] = []
    for attributes, inside in re.findall(r"<t[hd]\b([^>]*)>(.*?)</t[hd]>", row, re.IGNORECASE | re.DOTALL):
        text = _SPACE.sub(" ", _MARKUP.sub(" ", inside)).strip().replace('"', "&quot;")
        span = _SPAN.search(attributes)
        labels += [text] * (int(span[1]) if span else 1)
    return labels
