"""Reads of accounts: balances, and the check of buckets against movements."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import F, Q, Sum
from django.db.models.functions import Coalesce, Substr

from avrop.commitments.facts import BUCKETS, Balance
from avrop.commitments.models import Account

_FIELDS = ("key", "limit", "limit_known", *BUCKETS)


@dataclass(frozen=True, slots=True)
class Difference:
    """An account whose bucket is not the sum of its movements (øre)."""

    account_id: int
    key: str
    bucket: str
    stands: int
    moved: int


def balances(keys: Iterable[str], kind: str = "budget") -> dict[str, Balance]:
    """Balances of the viewer's accounts by key; an account that is not there yet has limit 0, not known."""
    wanted = sorted(set(keys))
    rows = Account.objects.filter(kind=kind, key__in=wanted).values_list(*_FIELDS) if wanted else []
    found = {row[0]: Balance(*row) for row in rows}
    return {key: found.get(key) or Balance(key, 0, False, 0, 0, 0, 0, 0) for key in wanted}


def year_balances(year: int) -> list[Balance]:
    """Every budget account of the viewer's organisation in a year, by key."""
    rows = Account.objects.filter(kind=Account.BUDGET, key__startswith=f"{year}|").order_by("key")
    return [Balance(*row) for row in rows.values_list(*_FIELDS)]


def responsibility_balances(year: int, responsibility: str) -> list[Balance]:
    """Every budget account of one responsibility in a year, by key."""
    start = f"{year}|{responsibility}|"
    rows = Account.objects.filter(kind=Account.BUDGET, key__startswith=start).order_by("key")
    return [Balance(*row) for row in rows.values_list(*_FIELDS)]


def years() -> list[int]:
    """Years with budget accounts, the latest first."""
    year = Substr("key", 1, 4)  # a key begins with the year
    rows = Account.objects.filter(kind=Account.BUDGET).annotate(year=year).order_by()
    return sorted((int(y) for y in rows.values_list("year", flat=True).distinct()), reverse=True)


def check() -> list[Difference]:
    """The viewer's accounts whose buckets differ from the sum of their movements: none, if all is well."""
    sums = {f"moved_{b}": Coalesce(Sum(f"movements__{b}"), 0) for b in BUCKETS}
    differs = Q()
    for bucket in BUCKETS:
        differs |= ~Q(**{f"moved_{bucket}": F(bucket)})
    rows = Account.objects.annotate(**sums).filter(differs).order_by("buyer_id", "kind", "key")
    return [
        Difference(row.pk, row.key, bucket, getattr(row, bucket), getattr(row, f"moved_{bucket}"))
        for row in rows
        for bucket in BUCKETS
        if getattr(row, bucket) != getattr(row, f"moved_{bucket}")
    ]
