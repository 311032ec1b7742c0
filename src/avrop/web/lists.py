"""One way to search, filter, sort and page a list, over a queryset or a plain list of facts.

    rows = listing(
        request, queries.orders(buyer),
        search=("number", "supplier__name"),
        sort={"number": "number", "total": "total"}, default="-number",
        filters=[Filter("state", _("State"), [("sent", _("Sent"))])],
    )

What the address line asks for is never trusted: an unknown sort or filter value is ignored, a page too far is
the last one. Costs at most two statements on a queryset: the page, and the count where there are more pages. Rows
are counted exactly up to `COUNTED` and shown as "over 1000" beyond it, since a count of everything costs more every
year; all pages and the export are there all the same.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _

PAGE_SIZE = 25
COUNTED = 1000  # rows of a queryset that are counted exactly
EXPORTS = ("xlsx", "csv")
LONGEST_SEARCH = 100


@dataclass(frozen=True)
class Filter:
    """A choice above the list:

    `name` in the address line, `choices` of (value, text), `lookup` in the rows.
    """

    name: str
    label: str
    choices: Sequence[tuple[str, str]]
    lookup: str | Callable[[Any, str], Any] | None = None


@dataclass(frozen=True)
class ActiveFilter:
    """A filter with what the person chose."""

    name: str
    label: str
    choices: Sequence[tuple[str, str]]
    value: str


@dataclass(frozen=True)
class Listing:
    """One page of rows with everything the header, the search row and the pager need."""

    rows: Sequence[Any]
    total: int  # how many were found; where there are more than `COUNTED`, no more than that is said
    page: int
    pages: int
    query: str
    sort: str
    sortable: frozenset[str]
    filters: Sequence[ActiveFilter]
    params: QueryDict
    searchable: bool
    size: int = PAGE_SIZE
    narrowed: bool = field(default=False)
    found: Any = ()  # every row that was found, in order; for an export
    exports: bool = False  # the page offers the list as a spreadsheet
    export: str = ""  # csv or xlsx, where this request asks for it
    over: bool = False  # there are more than `total`

    def __iter__(self) -> Any:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def first(self) -> int:
        """Number of the first row shown, from 1; 0 when there is none."""
        return (self.page - 1) * self.size + 1 if self.total else 0

    @property
    def last(self) -> int:
        """Number of the last row shown."""
        return self.first + len(self.rows) - 1 if self.rows else 0

    @property
    def counted(self) -> int | str:
        """How many were found, or that they are over a thousand: for a heading or a tab."""
        return _("over %(number)s") % {"number": self.total} if self.over else self.total

    def address(self, **changes: str | int | None) -> str:
        """The query string with these changes; None or "" takes a part away."""
        params = self.params.copy()
        for name, value in changes.items():
            if value in (None, ""):
                params.pop(name, None)
            else:
                params[name] = str(value)
        return f"?{params.urlencode()}"

    def page_numbers(self) -> list[int | None]:
        """Pages to link to: the first, the last known and those near this one; None where some are left out."""
        near = {1, self.pages, *range(self.page - 1, self.page + 2)}
        shown = sorted(n for n in near if 1 <= n <= self.pages)
        result: list[int | None] = []
        for number in shown:
            if result and result[-1] is not None and number - result[-1] > 1:
                result.append(None)
            result.append(number)
        return result


def listing(
    request: HttpRequest,
    rows: QuerySet[Any] | Iterable[Any],
    *,
    search: Sequence[str] | Callable[[Any, str], Any] = (),
    sort: Mapping[str, str | Sequence[str]] | None = None,
    default: str = "",
    filters: Sequence[Filter] = (),
    size: int = PAGE_SIZE,
    exports: bool = False,
    few: Collection[str] = (),
) -> Listing:
    """The page of `rows` that `request.GET` asks for (`q`, `sort`, `page` and each filter's name).

    `search` and `sort` name fields (querysets: lookups with `__`; lists: attributes); a callable `search`
    takes (rows, words) and returns rows. `few` are the sorts that no index gives: they are offered where at most
    `COUNTED` rows are found, since they cost a look at every row. With `exports` the pager offers csv and xlsx,
    and `export` says which of them this request asks for (see `web.spreadsheet`); then no page is read.
    """
    get = request.GET
    query = get.get("q", "").strip()[:LONGEST_SEARCH]
    keys = sort or {}
    chosen = get.get("sort", "") or default
    if chosen.lstrip("-") not in keys:
        chosen = default
    active = [_active(one, get.get(one.name, "")) for one in filters]
    found: Any = rows if isinstance(rows, QuerySet) else list(rows)
    for one, state in zip(filters, active, strict=True):
        if state.value:
            found = _narrow(found, one, state.value)
    if query:
        found = _search(found, search, query)
    total = _most(found) if few and isinstance(found, QuerySet) else None
    if total is not None and total > COUNTED:
        keys = {name: paths for name, paths in keys.items() if name not in few}
        chosen = chosen if chosen.lstrip("-") in keys else default
    if chosen:
        found = _sorted(found, keys.get(chosen.lstrip("-"), chosen.lstrip("-")), chosen.startswith("-"))
    export = get.get("export", "") if exports and get.get("export", "") in EXPORTS else ""
    cut = Cut((), 0, 1, 1, False) if export else _cut(found, _number(get.get("page", "1")), size, total)
    return Listing(
        rows=cut.rows,
        total=cut.total,
        page=cut.page,
        pages=cut.pages,
        over=cut.over,
        query=query,
        sort=chosen,
        sortable=frozenset(keys),
        filters=active,
        params=get.copy(),
        searchable=bool(search),
        size=size,
        narrowed=bool(query or any(state.value for state in active)),
        found=found,
        exports=exports,
        export=export,
    )


class Cut(NamedTuple):
    """One page cut out of what was found."""

    rows: Sequence[Any]
    total: int
    page: int
    pages: int
    over: bool


def _most(found: QuerySet[Any]) -> int:
    """How many there are, counted no further than to one more than `COUNTED`."""
    return found.order_by()[: COUNTED + 1].count()


def _cut(found: Any, asked: int, size: int, total: int | None = None) -> Cut:
    """The page, with one row more looked at: whether there is a next page is known without a count."""
    page, start = max(1, asked), (max(1, asked) - 1) * size
    some = list(found[start : start + size + 1])
    if not some and page > 1:  # a page too far
        total = found.count() if isinstance(found, QuerySet) else len(found)
        return _cut(found, max(1, math.ceil(total / size)), size)
    rows, more = some[:size], len(some) > size
    if not more:
        return Cut(rows, start + len(rows), page, page, False)
    if not isinstance(found, QuerySet):
        return Cut(rows, len(found), page, math.ceil(len(found) / size), False)
    total = _most(found) if total is None else total
    if total <= COUNTED:
        return Cut(rows, total, page, math.ceil(total / size), False)
    return Cut(rows, COUNTED, page, max(page + 1, COUNTED // size), True)


def _active(one: Filter, value: str) -> ActiveFilter:
    known = {str(choice) for choice, _ in one.choices}
    return ActiveFilter(one.name, one.label, one.choices, value if value in known else "")


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 1


def value_of(row: Any, path: str) -> Any:
    """The value at a path (`supplier__name`) of a row, mapping or object; None where the way ends."""
    for name in path.split("__"):
        row = row.get(name) if isinstance(row, Mapping) else getattr(row, name, None)
    return row


def _narrow(rows: Any, one: Filter, value: str) -> Any:
    if callable(one.lookup):
        return one.lookup(rows, value)
    path = one.lookup or one.name
    if isinstance(rows, QuerySet):
        return rows.filter(**{path: value})
    return [row for row in rows if str(value_of(row, path)) == value]


def _search(rows: Any, search: Sequence[str] | Callable[[Any, str], Any], query: str) -> Any:
    """Every word must be found in some field."""
    if callable(search):
        return search(rows, query)
    for word in query.split():
        if isinstance(rows, QuerySet):
            rows = rows.filter(Q(*((f"{name}__icontains", word) for name in search), _connector=Q.OR))
        else:
            low = word.casefold()
            rows = [r for r in rows if any(low in str(value_of(r, name) or "").casefold() for name in search)]
    return rows


def _sorted(rows: Any, by: str | Sequence[str], descending: bool) -> Any:
    paths = (by,) if isinstance(by, str) else tuple(by)
    if isinstance(rows, QuerySet):
        # The key last, so that equal rows keep their place from page to page; the same way as the others, so that
        # one index gives both directions.
        return rows.order_by(*((f"-{path}" if descending else path) for path in (*paths, "pk")))

    def key(row: Any) -> tuple[tuple[bool, Any], ...]:
        values = [value_of(row, path) for path in paths]
        return tuple((value is not None, "" if value is None else value) for value in values)

    return sorted(rows, key=key, reverse=descending)
