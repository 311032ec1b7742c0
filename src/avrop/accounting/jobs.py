"""Steps with files: a released batch out to the accounting system, its answers back in."""

from __future__ import annotations

import hashlib
import logging
from pathlib import Path
from uuid import UUID

from django.conf import settings

from avrop.accounting import files, operations, queries
from avrop.accounting.systems import AccountingSystem, FolderSystem
from avrop.kernel.finding import Refusal
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
    """Hand a released batch over. The files are the same every time, so a second run does no harm."""
    batch = queries.batch(batch_id)
    if batch.sent_at is not None:
        return
    buyer = tenancy.party(batch.buyer_id)
    content = files.as_json(batch, buyer)
    system_of(buyer.slug).deliver(batch.number, {"json": content, "csv": files.as_csv(batch)})
    operations.mark_sent(batch_id=batch_id, sha256=hashlib.sha256(content).hexdigest())


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
        good = True
        try:
            with as_system(buyer.id):
                operations.take_answer(answer=files.read_answer(raw))
        except Refusal as refusal:
            log.warning("the answer %s for %s was refused: %s", name, slug, refusal)
            good = False
        system.put_away(name, good=good)
        taken += 1
    return taken
