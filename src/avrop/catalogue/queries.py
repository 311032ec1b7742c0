"""Reads of items: active ones under agreements that the viewer sees; a search finds what may be ordered."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef

from avrop.agreements.models import Agreement
from avrop.agreements.queries import agreements_for
from avrop.catalogue import rules
from avrop.catalogue.facts import Facet, ItemFacts, SearchFilters, SearchResult
from avrop.catalogue.models import CatalogueItem
from avrop.catalogue.search import ACTIVE, Group, index
from avrop.kernel.words import words as folded
from avrop.tenancy.facts import UnitFacts

MOST_CANDIDATES = 500
_STEM = 4  # letters of a word that a first, broad look-up goes by

_FIELDS = (
    "id",
    "agreement_id",
    "agreement__ref",
    "agreement__name",
    "agreement__supplier_id",
    "agreement__supplier__name",
    "seller_item_id",
    "name",
    "name_nb",
    "name_en",
    "description",
    "category",
    "picture",
    "unit_code",
    "price",
    "base_quantity",
    "currency",
    "vat_category",
    "vat_rate",
    "min_quantity",
    "multiple",
)


def item(item_id: UUID) -> ItemFacts | None:
    """An item of an active version under an agreement that the viewer sees, else None.

    Whether it may be ordered (participant, unit, day) is asked of `agreements.rules.may_call_off`.
    """
    return items([item_id]).get(item_id)


def items(ids: Iterable[UUID]) -> dict[UUID, ItemFacts]:
    """These items by id, as `item`, in one statement."""
    wanted = set(ids)
    if not wanted:
        return {}
    seen = Exists(Agreement.objects.filter(pk=OuterRef("agreement_id")))
    rows = CatalogueItem.objects.filter(seen, id__in=wanted, version__state=ACTIVE)
    return {row[0]: _facts(row) for row in rows.values_list(*_FIELDS)}


def search(
    words: str,
    *,
    unit: UnitFacts,
    limit: int = 20,
    offset: int = 0,
    filters: SearchFilters | None = None,
) -> SearchResult:
    """What a person at the unit finds and may order today. Every word must be found, in any language."""
    chosen = filters or SearchFilters()
    allowed = [agreement.id for agreement in agreements_for(unit=unit)]
    asked = folded(words)
    if not allowed or (words.strip() and not asked):
        return SearchResult(0, (), {"supplier": (), "agreement": (), "category": ()})
    groups = index().groups(asked, agreements=allowed)
    ids = index().find(asked, agreements=allowed, filters=chosen, limit=limit, offset=offset)
    found = items(ids)
    total = sum(group.count for group in groups if _within(group, chosen))
    return SearchResult(total, tuple(found[i] for i in ids if i in found), _facets(groups))


def fitting_items(words: str, unit: UnitFacts, limit: int = 5) -> list[ItemFacts]:
    """Items that the unit may order today and that a free text asks for (`rules.fits`), best first."""
    telling = rules.telling(words)
    allowed = [agreement.id for agreement in agreements_for(unit=unit)]
    if not telling or not allowed:
        return []
    stems = [word[:_STEM] for word in telling]
    ids = index().candidates(stems, agreements=allowed, limit=MOST_CANDIDATES)
    rows = CatalogueItem.objects.filter(id__in=ids).values_list("id", "search_words")
    fitting = {ident for ident, offered in rows if rules.fits(words, offered.split())}
    return list(items([i for i in ids if i in fitting][:limit]).values())


def _within(group: Group, filters: SearchFilters) -> bool:
    return (
        (not filters.suppliers or group.supplier_id in filters.suppliers)
        and (not filters.agreements or group.agreement_id in filters.agreements)
        and (not filters.categories or group.category in filters.categories)
    )


def _facets(groups: Sequence[Group]) -> dict[str, tuple[Facet, ...]]:
    return {
        "supplier": _facet(Facet(str(g.supplier_id), g.supplier_name, g.count) for g in groups),
        "agreement": _facet(Facet(str(g.agreement_id), g.agreement_ref, g.count) for g in groups),
        "category": _facet(_category(g) for g in groups if g.category),
    }


def _category(group: Group) -> Facet:
    names = dict(zip(("nn", "nb", "en"), group.category_names, strict=True))
    return Facet(group.category, names["nn"] or group.category, group.count, names)


def _facet(parts: Iterable[Facet]) -> tuple[Facet, ...]:
    """One facet a value, the most frequent first; a value that is named in several ways keeps the first."""
    merged: dict[str, Facet] = {}
    for one in parts:
        known = merged.get(one.value)
        merged[one.value] = replace(known, count=known.count + one.count) if known else one
    return tuple(sorted(merged.values(), key=lambda one: (-one.count, one.label)))


def _facts(row: tuple[Any, ...]) -> ItemFacts:
    return ItemFacts(
        id=row[0],
        agreement_id=row[1],
        agreement_ref=row[2],
        agreement_name=row[3],
        supplier_id=row[4],
        supplier_name=row[5],
        seller_item_id=row[6],
        names={"nn": row[7], "nb": row[8], "en": row[9]},
        description=row[10],
        category=row[11],
        picture=row[12],
        unit_code=row[13],
        price=row[14],
        base_quantity=row[15],
        currency=row[16],
        vat_category=row[17],
        vat_rate=row[18],
        min_quantity=row[19],
        multiple=row[20],
    )
