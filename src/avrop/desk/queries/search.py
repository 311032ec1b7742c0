"""Search over everything that a purchase mentions. Two statements find the purchases, four more say what they are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from avrop.desk.models import Indexed, Mention
from avrop.desk.rules import EVERY, Wanted, asked
from avrop.invoicing.models import Invoice
from avrop.journal.models import Entry
from avrop.matching.models import Match
from avrop.ordering.models import Order
from avrop.requisition.models import Requisition

MOST = 200  # threads found; more than that wants another word
FREQUENT = 4000  # mentions of one range: with that many it looks through the newest purchases


@dataclass(slots=True)
class Found:
    """A purchase that was found: what was needed, its papers' numbers, the parties, øre including VAT."""

    stream: str
    at: datetime
    title: str = ""
    numbers: list[str] = field(default_factory=list)
    party: str = ""
    unit: str = ""
    amount: int | None = None


def find(query: str, *, told: bool = True) -> list[Found]:
    """The purchases that mention everything asked for, the newest first, at most `MOST`.

    Not `told`: only which they are; `tell` those that are shown.
    """
    wanted = asked(query)
    if not wanted:
        return []
    # The longest word is likely the rarest: it is looked up, the others are asked of what it found. Where all
    # of them are frequent it costs less to go through the newest purchases.
    rare = [one for one, many in zip(wanted, _frequent(wanted), strict=True) if not many]
    first = max(rare, key=lambda one: max(len(r.low) for r in one)) if rare else None
    rows = _mentions(first) if first else [Mention.objects.filter(word=EVERY)]
    for other in wanted:
        if other is first:
            continue
        rows = [one.filter(_mentioned(other)) for one in rows]
    here = [one.values_list("stream", "at") for one in rows]
    # A union of look-ups in the index, each for one range: of "this or that" SQLite would read the rows.
    every = here[0].union(*here[1:]) if len(here) > 1 else here[0].distinct()
    found = {stream: Found(stream, at) for stream, at in every.order_by("-at")[:MOST]}
    if told:
        tell(found.values())
    return list(found.values())


def _frequent(wanted: Sequence[Wanted]) -> Sequence[bool]:
    """Which of these are mentioned `FREQUENT` times or more. One statement, which counts no further."""
    several = {
        f"n{number}": reduce(or_, (Q(Exists(r[FREQUENT - 1 : FREQUENT])) for r in _mentions(one)))
        for number, one in enumerate(wanted)
    }
    here = Indexed.objects.annotate(**several).values_list(*several).first()
    return here or [False] * len(wanted)


def _mentions(wanted: Wanted) -> list[QuerySet[Mention]]:
    """The mentions of each range."""
    return [Mention.objects.filter(word__gte=one.low, word__lt=one.high) for one in wanted]


def _mentioned(wanted: Wanted) -> Q:
    """The row's purchase mentions it too."""
    same = [one.filter(stream=OuterRef("stream")) for one in _mentions(wanted)]
    return reduce(or_, (Q(Exists(one)) for one in same))


def tell(rows: Iterable[Found]) -> None:
    """Say of these what they are about, once. Four statements; none where there are none."""
    found = {row.stream: row for row in rows}
    if not found:
        return
    baskets = Requisition.objects.filter(stream__in=found)
    for stream, number, need, unit in baskets.values_list("stream", "number", "need", "unit__name"):
        one = found[stream]
        one.title, one.unit = need, unit
        one.numbers.append(number)
    # Put in order here, as the invoices are: asked to, SQLite would read the buyer's whole year in that order.
    orders = Order.objects.filter(stream__in=found).order_by()
    wanted = orders.values_list("number", "stream", "supplier__name", "gross")
    for number, stream, party, gross in sorted(wanted, key=lambda row: row[0]):
        _add(found[stream], number, party, gross)
    _tell_invoices(found)


_INVOICE = ("id", "received_at", "number", "seller_name", "payable", "stream")


def _tell_invoices(found: dict[str, Found]) -> None:
    """Invoices that are matched to these purchases, and those that began one themselves.

    A look-up for each way: of "this or that" SQLite reads the buyer's whole year.
    """
    matched = Match.objects.filter(stream__in=found).order_by()
    own = Invoice.objects.filter(stream__in=found).order_by()
    rows = {row[0]: row for row in own.values_list(*_INVOICE)}
    rows |= {row[0]: row for row in matched.values_list(*(f"invoice__{n}" for n in _INVOICE[:-1]), "stream")}
    for _id, _at, number, party, payable, stream in sorted(rows.values(), key=lambda row: row[1:3]):
        one = found[stream]
        _add(one, number, party, payable if not one.party else None)


def _add(one: Found, number: str, party: str, amount: int | None) -> None:
    one.numbers.append(number)
    one.party = one.party or party
    if amount is not None:
        one.amount = (one.amount or 0) + amount


def behind() -> int:
    """How many entries of the viewer's organisation the index has not read yet. Two statements."""
    last = Entry.objects.order_by("-seq").values_list("seq", flat=True).first() or 0
    done = Indexed.objects.values_list("seq", flat=True).first() or 0
    return max(0, last - done)


def streams_since(seq: int, limit: int) -> tuple[int, set[str]]:
    """(the chain's place read up to, the streams that were touched after `seq`). One or two statements."""
    rows = list(
        Entry.objects.filter(seq__gt=seq).order_by("seq").values_list("seq", "stream", "payload")[:limit]
    )
    streams = {stream for _, stream, _ in rows}
    told = {ident for _, _, payload in rows for ident in payload.get("invoices", ())}
    return (rows[-1][0] if rows else seq), streams | _of_invoices(told)


def _of_invoices(ids: Iterable[str]) -> set[str]:
    """Streams of purchases that a batch of postings is about."""
    wanted: Sequence[Any] = list(ids)
    if not wanted:
        return set()
    rows = Invoice.objects.filter(id__in=wanted).values_list("match__stream", "stream")
    return {matched or own for matched, own in rows}
