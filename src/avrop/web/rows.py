"""The rows of a list: narrowed, searched, put in order and cut into pages. A queryset or a plain list of facts; no
request and no words, these are `web.lists`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet

Search = Sequence[str] | Callable[[Any, str], Any]


class Cut(NamedTuple):
    """One page cut out of what was found."""

    rows: Sequence[Any]
    total: int
    page: int
    pages: int
    over: bool


UNCUT = Cut((), 0, 1, 1, False)  # no page is read


def value_of(row: Any, path: str) -> Any:
    """The value at a path (`supplier__name`) of a row, mapping or object; None where the way ends."""
    for name in path.split("__"):
        row = row.get(name) if isinstance(row, Mapping) else getattr(row, name, None)
    return row


def narrowed(rows: Any, lookup: str | Callable[[Any, str], Any], value: str) -> Any:
    """Those whose value at `lookup` is this; a callable takes (rows, value) and returns rows."""
    if callable(lookup):
        return lookup(rows, value)
    if isinstance(rows, QuerySet):
        return rows.filter(**{lookup: value})
    return [row for row in rows if str(value_of(row, lookup)) == value]


def searched(rows: Any, search: Search, query: str) -> Any:
    """Every word must be found in some field; a callable takes (rows, words) and returns rows."""
    if callable(search):
        return search(rows, query)
    for word in query.split():
        if isinstance(rows, QuerySet):
            rows = rows.filter(Q(*((f"{name}__icontains", word) for name in search), _connector=Q.OR))
        else:
            low = word.casefold()
            rows = [r for r in rows if any(low in str(value_of(r, name) or "").casefold() for name in search)]
    return rows


def ordered(rows: Any, by: str | Sequence[str], descending: bool) -> Any:
    """In order; equal rows keep their place from page to page, and descending is ascending turned round."""
    paths = (by,) if isinstance(by, str) else tuple(by)
    if isinstance(rows, QuerySet):
        # The key last, the same way as the others, so that one index gives both directions.
        return rows.order_by(*((f"-{path}" if descending else path) for path in (*paths, "pk")))

    def key(row: Any) -> tuple[tuple[bool, Any], ...]:
        values = [value_of(row, path) for path in paths]
        return tuple((value is not None, "" if value is None else value) for value in values)

    return sorted(rows, key=key)[:: -1 if descending else 1]


def most_of(found: QuerySet[Any], most: int) -> int:
    """How many there are, counted no further than to one more than `most`."""
    if found.query.group_by is None and not found.query.combinator and not found.query.distinct:
        found = found.values("pk")  # what is only shown of a row is not worked out for each that is counted
    return found.order_by()[: most + 1].count()


def cut(found: Any, asked: int, size: int, *, most: int, total: int | None = None) -> Cut:
    """The page, with one row more looked at: whether there is a next page is known without a count.

    A queryset is counted exactly up to `most`; `total` is that count where it is known already.
    """
    page, start = max(1, asked), (max(1, asked) - 1) * size
    some = list(found[start : start + size + 1])
    if not some and page > 1:  # a page too far
        total = found.count() if isinstance(found, QuerySet) else len(found)
        return cut(found, max(1, math.ceil(total / size)), size, most=most)
    rows, more = some[:size], len(some) > size
    if not more:
        return Cut(rows, start + len(rows), page, page, False)
    if not isinstance(found, QuerySet):
        return Cut(rows, len(found), page, math.ceil(len(found) / size), False)
    total = most_of(found, most) if total is None else total
    if total <= most:
        return Cut(rows, total, page, math.ceil(total / size), False)
    return Cut(rows, most, page, max(page + 1, most // size), True)
