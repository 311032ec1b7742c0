"""The SearchIndex port, and a simple index inside the database; a better one takes its place later."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID

from django.db import connection
from django.db.models import Case, Count, IntegerField, Q, QuerySet, Value, When

from avrop.catalogue.facts import SearchFilters
from avrop.catalogue.models import CatalogueCount, CatalogueItem, CatalogueVersion

ACTIVE = "active"


@dataclass(frozen=True, slots=True)
class Group:
    """How many items that the words found have this supplier, agreement and category."""

    supplier_id: UUID
    supplier_name: str
    agreement_id: UUID
    agreement_ref: str
    category: str
    category_names: tuple[str, str, str]  # nn, nb, en
    count: int


class SearchIndex(Protocol):
    """Finds active items by folded words (all of them must be found), within the agreements given."""

    def find(
        self,
        words: Sequence[str],
        *,
        agreements: Iterable[UUID],
        filters: SearchFilters,
        limit: int,
        offset: int,
    ) -> list[UUID]:
        """Item ids, best first: words in the name before words elsewhere."""
        ...

    def groups(self, words: Sequence[str], *, agreements: Iterable[UUID]) -> list[Group]:
        """What the words found, grouped; from it come the facets and the total."""
        ...

    def candidates(self, stems: Sequence[str], *, agreements: Iterable[UUID], limit: int) -> list[UUID]:
        """Item ids in which at least one of the stems is found."""
        ...


_GROUP = (
    "agreement__supplier_id",
    "agreement__supplier__name",
    "agreement_id",
    "agreement__ref",
    "category",
    "category_name",
    "category_nb",
    "category_en",
)


class DatabaseIndex:
    """Substring search in two folded columns. Good for some thousand items a buyer."""

    def find(
        self,
        words: Sequence[str],
        *,
        agreements: Iterable[UUID],
        filters: SearchFilters,
        limit: int,
        offset: int,
    ) -> list[UUID]:
        if not words:
            return _by_name(_in_force(agreements), filters, limit, offset)
        rows = _narrowed(_found(words, agreements), filters)
        ranked = rows.annotate(rank=_rank(words)).order_by("rank", "name", "seller_item_id", "id")
        return list(ranked.values_list("id", flat=True)[offset : offset + limit])

    def groups(self, words: Sequence[str], *, agreements: Iterable[UUID]) -> list[Group]:
        if not words:
            return _counted(_in_force(agreements))
        rows = _found(words, agreements).values_list(*_GROUP).annotate(count=Count("id")).order_by()
        return [_group(row) for row in rows]

    def candidates(self, stems: Sequence[str], *, agreements: Iterable[UUID], limit: int) -> list[UUID]:
        if not stems:
            return []
        some = Q(*(("search_words__contains", stem) for stem in stems), _connector=Q.OR)
        return list(_found((), agreements).filter(some).order_by("id").values_list("id", flat=True)[:limit])


_VERSION = ("agreement__supplier_id", "agreement__supplier__name", "agreement_id", "agreement__ref")
_CATEGORY = ("category", "category_name", "category_nb", "category_en")
_ORDER = "name, seller_item_id, id"


def _in_force(agreements: Iterable[UUID]) -> dict[UUID, tuple[Any, ...]]:
    """Version in force -> supplier and agreement, in one statement."""
    rows = CatalogueVersion._base_manager.filter(state=ACTIVE, agreement_id__in=list(agreements))
    return {row[0]: row[1:] for row in rows.values_list("id", *_VERSION)}


def _counted(versions: Mapping[UUID, tuple[Any, ...]]) -> list[Group]:
    """Everything in force, grouped: from what was counted when it was approved.

    A version that was never counted (approved by an older Avrop) is counted now.
    """
    kept = CatalogueCount.objects.filter(version_id__in=list(versions))
    rows = list(kept.values_list("version_id", *_CATEGORY, "count"))
    missing = versions.keys() - {row[0] for row in rows}
    if missing:
        live = CatalogueItem.objects.filter(version_id__in=missing).order_by()
        rows += live.values_list("version_id", *_CATEGORY).annotate(count=Count("id"))
    return [_group((*versions[row[0]], *row[1:])) for row in rows]


def _by_name(
    versions: Mapping[UUID, tuple[Any, ...]], filters: SearchFilters, limit: int, offset: int
) -> list[UUID]:
    """The items in force by name: the first ones of each version from its index, then the first of these."""
    key = CatalogueItem._meta.get_field("version")
    chosen = [
        key.get_db_prep_value(ident, connection)
        for ident, (supplier, _name, agreement, _ref) in versions.items()
        if (not filters.suppliers or supplier in filters.suppliers)
        and (not filters.agreements or agreement in filters.agreements)
    ]
    parts: list[str] = []
    params: list[Any] = []
    for version in chosen:
        for category in filters.categories or (None,):
            narrowed = "" if category is None else " AND category = %s"
            parts.append(
                f"SELECT * FROM (SELECT id, name, seller_item_id FROM {CatalogueItem._meta.db_table} "
                f"WHERE version_id = %s{narrowed} ORDER BY {_ORDER} LIMIT %s) part{len(parts)}"
            )
            params += [version, *([] if category is None else [category]), offset + limit]
    if not parts:
        return []
    sql = f"SELECT id FROM ({' UNION ALL '.join(parts)}) parts ORDER BY {_ORDER} LIMIT %s OFFSET %s"
    with connection.cursor() as cursor:
        cursor.execute(sql, [*params, limit, offset])
        return [one if isinstance(one, UUID) else UUID(one) for (one,) in cursor.fetchall()]


def _group(row: tuple[Any, ...]) -> Group:
    values = [*row[:5], row[5:8], row[8]]
    return Group(*values)


def _found(words: Sequence[str], agreements: Iterable[UUID]) -> QuerySet[Any]:
    rows = CatalogueItem.objects.filter(version__state=ACTIVE, agreement_id__in=list(agreements))
    for word in words:
        rows = rows.filter(search_words__contains=word)
    return rows


def _narrowed(rows: QuerySet[Any], filters: SearchFilters) -> QuerySet[Any]:
    if filters.suppliers:
        rows = rows.filter(agreement__supplier_id__in=filters.suppliers)
    if filters.agreements:
        rows = rows.filter(agreement_id__in=filters.agreements)
    if filters.categories:
        rows = rows.filter(category__in=filters.categories)
    return rows


def _rank(words: Sequence[str]) -> Any:
    """0: the name begins with the first word; 1: all begin words in it; 2: all inside it; 3: elsewhere."""
    if not words:
        return Value(0, output_field=IntegerField())
    begins = Q(*(("search_names__contains", f" {word}") for word in words))
    inside = Q(*(("search_names__contains", word) for word in words))
    return Case(
        When(begins & Q(search_names__startswith=f" {words[0]}"), then=Value(0)),
        When(begins, then=Value(1)),
        When(inside, then=Value(2)),
        default=Value(3),
        output_field=IntegerField(),
    )


_index: SearchIndex = DatabaseIndex()


def index() -> SearchIndex:
    """The index in force."""
    return _index
