"""Steps with files: a released batch out to the accounting system, its answers back in."""

from __future__ import annotations

import logging
from pathlib import Path
from uuid import UUID

from django.conf import settings

from avrop.accounting import files, operations, queries
from avrop.accounting.systems import AccountingSystem, FolderSystem
from avrop.kernel.finding import Refusal
from avrop.kernel.ports import now, originals
from avrop.tenancy import queries as tenancy
from avrop.tenancy.scope import as_system, everything

log = logging.getLogger("avrop.accounting")


def folder() -> Path:
    """Where every buyer's folder for its accounting system lies."""
    return Path(settings.AVROP_DIR) / "accounting"


def system_of(slug: str) -> AccountingSystem:
    """The accounting system of a buyer."""
    return FolderSystem(folder() / slug)


def transfer(*, batch_id: UUID) -> None:
    """Hand a released batch over. The files are the same every time, so a second run does no harm.

    They are kept as they left, for a batch that is sent again must be the same to the last byte also after
    one of its postings was mended for another batch.
    """
    batch = queries.batch(batch_id)
    if batch.sent_at is not None:
        return
    buyer = tenancy.party(batch.buyer_id)
    content, table = files.as_json(batch, buyer), files.as_csv(batch)
    kept = originals().put(content), originals().put(table)
    system_of(buyer.slug).deliver(batch.number, {"json": content, "csv": table})
    operations.mark_sent(batch_id=batch_id, sha256=kept[0], sha256_csv=kept[1])


def transfer_again(*, batch_id: UUID) -> None:
    """Hand a batch over once more, with the bytes that left the first time."""
    batch = queries.batches_of([batch_id])[batch_id]
    if not batch.sha256:
        transfer(batch_id=batch_id)
        return
    content = {"json": originals().get(batch.sha256)}
    if batch.sha256_csv:
        content["csv"] = originals().get(batch.sha256_csv)
    system_of(tenancy.party(batch.buyer_id).slug).deliver(batch.number, content)


def find_late() -> int:
    """Tell the accountants of batches that should have been answered by now; called by the idle worker."""
    with everything("every buyer's batches that wait too long"):
        found = queries.late(now())
    for buyer_id, batch_id in found:
        with as_system(buyer_id):
            operations.note_late(batch_id=batch_id)
    return len(found)


def read_answers() -> int:
    """Take every answer that waits, of all buyers; called by the idle worker. Returns how many."""
    if not folder().is_dir():
        return 0
    taken = 0
    for path in sorted(folder().iterdir()):
        if (path / "in").is_dir():
            taken += _read_buyer(path.name)
    return taken


def _read_buyer(slug: str) -> int:
    system, taken = system_of(slug), 0
    for name, raw in system.answers():
        with everything("which buyer a folder belongs to"):
            buyer = tenancy.party_by_slug(slug)
        if buyer is None:
            return taken
        with as_system(buyer.id):
            good = _take(system, name, raw)
        if good is None:
            continue
        system.put_away(name, good=good)
        taken += 1
    return taken


def _take(system: AccountingSystem, name: str, raw: bytes) -> bool | None:
    """True: dealt with. False: refused, and somebody was told. None: perhaps only half of it is written."""
    try:
        answer = files.read_answer(raw)
    except Refusal as refusal:
        if system.still_coming(name):
            return None
        return _refuse(name, raw, refusal)
    try:
        operations.take_answer(answer=answer)
    except Refusal as refusal:
        return _refuse(name, raw, refusal)
    return True


def _refuse(name: str, raw: bytes, refusal: Refusal) -> bool:
    log.warning("the answer %s was refused: %s", name, refusal)
    operations.refuse_answer(name=name, sha256=originals().put(raw), why=refusal.code)
    return False
