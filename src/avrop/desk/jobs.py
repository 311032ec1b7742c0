"""The worker keeps the index: it follows every buyer's chain and writes down what the touched purchases mention.

The index is derived: nothing is audited here, and a page never writes it. Killed at any moment it goes on where the
last committed step ended; the same entry twice adds nothing.
"""

from __future__ import annotations

from uuid import UUID

from django.db import connection, transaction

from avrop.desk.models import Indexed, Mention
from avrop.desk.queries import mentioned, search
from avrop.desk.rules import EVERY
from avrop.tenancy.models import Kind, Organisation
from avrop.tenancy.scope import as_system

_STEP = 200  # entries a transaction: some 100 ms
_ROWS_A_STATEMENT = 500


def index(most: int = 50) -> int:
    """Bring the index of every buyer up to date, at most `most` steps. Returns how many entries were read."""
    read = 0
    for buyer in Organisation.objects.filter(kind=Kind.BUYER).values_list("id", flat=True):
        with as_system(buyer):
            while most > 0 and (count := _step(buyer)):
                read += count
                most -= 1
    return read


def _step(buyer: UUID) -> int:
    """One transaction: what the next entries touched. Another worker at it already: nothing."""
    if not search.behind():
        return 0
    with transaction.atomic():
        Indexed.objects.get_or_create(buyer_id=buyer)
        skip = connection.features.has_select_for_update_skip_locked
        place = Indexed.objects.select_for_update(skip_locked=skip).filter(buyer_id=buyer).first()
        if place is None:
            return 0
        before = place.seq
        place.seq, streams = search.streams_since(before, _STEP)
        rows = [
            Mention(buyer_id=buyer, stream=stream, word=word, at=one.at)
            for stream, one in sorted(mentioned.of_streams(streams).items())
            for word in sorted(one.words | {EVERY})
        ]
        Mention.objects.bulk_create(rows, batch_size=_ROWS_A_STATEMENT, ignore_conflicts=True)
        place.save()
    return place.seq - before
