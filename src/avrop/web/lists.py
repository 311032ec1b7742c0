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

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _

from avrop.web import rows as found_rows
from avrop.web.rows import Search

PAGE_SIZE = 25
COUNTED = 1000  # rows of a queryset that are counted exactly
EXPORTS = ("xlsx", "csv")
LONGEST_SEARCH = 100


@dataclass(frozen=True)
class Filter:
    """A choice above the list:

    `name` in the address line, `choices` of (value, text), `lookup` in the rows; `every` is what no choice is
    called, "All" where nothing is said.
    """

    name: str
    label: str
    choices: Sequence[tuple[str, str]]
    lookup: str | Callable[[Any, str], Any] | None = None
    every: str = ""

    def chosen(self, value: str) -> ActiveFilter:
        """What was asked for; a value that is not among the choices is none."""
        known = {str(choice) for choice, _text in self.choices}
        return ActiveFilter(self.name, self.label, self.choices, value if value in known else "", self.every)


@dataclass(frozen=True)
class ActiveFilter:
    """A filter with what the person chose."""

    name: str
    label: str
    choices: Sequence[tuple[str, str]]
    value: str
    every: str = ""


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
    few: frozenset[str] = frozenset()  # the sorts that no index gives

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
        return counted(COUNTED + 1) if self.over else self.total

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


def counted(number: int) -> int | str:
    """A count as it is shown, where nobody counts further than to one more than `COUNTED`."""
    return number if number <= COUNTED else _("over %(number)s") % {"number": COUNTED}


def listing(
    request: HttpRequest,
    rows: QuerySet[Any] | Iterable[Any],
    *,
    search: Search = (),
    sort: Mapping[str, str | Sequence[str]] | None = None,
    default: str = "",
    filters: Sequence[Filter] = (),
    size: int | None = None,
    exports: bool = False,
    few: Collection[str] = (),
) -> Listing:
    """The page of `rows` that `request.GET` asks for (`q`, `sort`, `page` and each filter's name).

    `search` and `sort` name fields (querysets: lookups with `__`; lists: attributes); a callable `search`
    takes (rows, words) and returns rows. `few` are the sorts that no index gives: they are offered where at most
    `COUNTED` rows are found, since they cost a look at every row. With `exports` the pager offers csv and xlsx,
    and `export` says which of them this request asks for (see `web.spreadsheet`); then no page is read.
    """
    get, size = request.GET, size or PAGE_SIZE
    query = get.get("q", "").strip()[:LONGEST_SEARCH]
    active = [one.chosen(get.get(one.name, "")) for one in filters]
    found = _found(rows, search, query, zip(filters, active, strict=True))
    total = found_rows.most_of(found, COUNTED) if few and isinstance(found, QuerySet) else None
    keys = _offered(sort or {}, few, total)
    chosen = _chosen(get.get("sort", ""), keys, default)
    found = _ordered(found, sort or {}, chosen)
    export = _export(get, exports)
    asked = _number(get.get("page", "1"))
    here = found_rows.UNCUT if export else found_rows.cut(found, asked, size, most=COUNTED, total=total)
    return Listing(
        **here._asdict(),
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
        few=frozenset(few),
    )


def _found(rows: Any, search: Search, query: str, filters: Iterable[tuple[Filter, ActiveFilter]]) -> Any:
    """What fits the filters and the words."""
    found: Any = rows if isinstance(rows, QuerySet) else list(rows)
    for one, state in filters:
        if state.value:
            found = found_rows.narrowed(found, one.lookup or one.name, state.value)
    return found_rows.searched(found, search, query) if query else found


def _offered(
    keys: Mapping[str, str | Sequence[str]], few: Collection[str], total: int | None
) -> Mapping[str, str | Sequence[str]]:
    """The sorts that this many rows can have."""
    if total is None or total <= COUNTED:
        return keys
    return {name: paths for name, paths in keys.items() if name not in few}


def _chosen(asked: str, keys: Mapping[str, Any], default: str) -> str:
    """The sort that was asked for; the default where it is not offered."""
    return asked if asked.removeprefix("-") in keys else default


def _ordered(found: Any, keys: Mapping[str, str | Sequence[str]], chosen: str) -> Any:
    if not chosen:
        return found
    name = chosen.removeprefix("-")
    return found_rows.ordered(found, keys.get(name, name), chosen.startswith("-"))


def _export(get: QueryDict, exports: bool) -> str:
    asked = get.get("export", "")
    return asked if exports and asked in EXPORTS else ""


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 1
