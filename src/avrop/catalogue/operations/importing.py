"""A catalogue comes in as a version: filled in batches, compared with what is in force, put before its owner."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any
from uuid import UUID

from django.db.models import Count, Max, Model

from avrop.agreements.facts import AgreementFacts
from avrop.agreements.models import Agreement
from avrop.agreements.queries import agreement as agreement_facts
from avrop.catalogue import rules, states
from avrop.catalogue.changes import changes_between
from avrop.catalogue.documents import ItemData, Outcome, RejectedLine, lines_of
from avrop.catalogue.events import CatalogueImported, CatalogueImportStarted
from avrop.catalogue.models import CatalogueChange, CatalogueItem, CatalogueVersion, PriceList
from avrop.catalogue.operations.rows import content_of, copy_of, item_row, moved, stream_of
from avrop.catalogue.permissions import may_import
from avrop.catalogue.versions import active_rows, active_version, result_of, rows_of
from avrop.journal.operation import detached, operation, work
from avrop.journal.within import lock_stream, record
from avrop.kernel.finding import Refusal
from avrop.kernel.ports import originals, today
from avrop.tenancy.queries import party
from avrop.tenancy.results import demand
from avrop.tenancy.scope import viewer
from avrop.ubl import gate
from avrop.ubl.documents import catalogue as ubl

LINES_A_BATCH = 250
MOST_NODES = 4_000_000  # of a catalogue's XML: 60,000 items; a person brings it, one at a time
MOST_REJECTED = 1000  # rejected lines that are kept one by one
KINDS = (CatalogueChange.ADDED, CatalogueChange.CHANGED, CatalogueChange.REMOVED)


def import_version(*, agreement_id: UUID, raw: bytes, source_name: str = "") -> dict[str, Any]:
    """Take a Peppol Catalogue (T19) in as a version in review. The viewer is the agreement's owner.

    The original is stored first; lines come in batches; the same file again gives the same result. Raises
    GateRefused and DocumentRefused for a file that is no catalogue, Refusal for an agreement not one's own.
    Returns `versions.result_of` the version.
    """
    agreement = own_agreement(agreement_id)
    sha256 = originals().put(raw)
    done = done_before(agreement_id, sha256)
    if done is not None:
        return result_of(done)
    root = gate.admit(raw, gate.Limits(nodes=MOST_NODES)).root
    head = ubl.read_head(root)
    version_id = start_import(agreement_id=agreement_id, sha256=sha256, source_name=source_name)
    taken = Taken()
    fill(version_id, taken, lines_of(root, currency=agreement.currency, on=today()))
    if head.action == "Update":  # only what is new or changed: the rest stays as it is
        before = active_rows(agreement_id)
        kept = [key for key in before if key not in taken.ids and key not in taken.withdrawn]
        for start in range(0, len(kept), LINES_A_BATCH):
            keep_items(version_id=version_id, seller_item_ids=kept[start : start + LINES_A_BATCH])
    publish(version_id, taken, warnings=_warnings(agreement, head))
    return result_of(CatalogueVersion.objects.get(id=version_id))


def fill(version_id: UUID, taken: Taken, lines: Iterator[Outcome]) -> None:
    """Put every line into the version, batch by batch."""
    while batch := taken.next_items(lines):
        add_items(version_id=version_id, items=batch)


def publish(version_id: UUID, taken: Taken, *, warnings: Sequence[dict[str, str]] = ()) -> None:
    """Write what a filled version changes, and put it before the contract owner.

    The comparison is made outside any transaction and written in batches; should another version come into
    force meanwhile, it is made anew.
    """
    while True:
        with detached():  # only the last operation ends a job
            compared_with, content = compare(version_id)
        try:
            return finish_import(
                version_id=version_id,
                compared_with=compared_with,
                content=content,
                read=taken.read,
                rejected=taken.rejected,
                warnings=warnings,
            )
        except OutOfDate:
            continue


class OutOfDate(Exception):
    """Another version came into force while this one was compared; nothing was written."""


def compare(version_id: UUID) -> tuple[UUID | None, str]:
    """Write what a filled version does to the one in force. Returns that one's id and the items' hash."""
    row = CatalogueVersion.objects.get(id=version_id)
    active = active_version(row.agreement_id)
    after = rows_of(version_id)
    found = changes_between(rules.difference(rows_of(active) if active else {}, after))
    start_changes(version_id=version_id)
    for start in range(0, len(found), LINES_A_BATCH):
        add_changes(version_id=version_id, changes=found[start : start + LINES_A_BATCH])
    return active, content_of(after)


class Taken:
    """What has been read of a file so far."""

    def __init__(self) -> None:
        self.read = 0
        self.ids: set[str] = set()
        self.withdrawn: set[str] = set()
        self.rejected: list[RejectedLine] = []

    def next_items(self, lines: Iterator[Outcome]) -> list[ItemData]:
        """The items of the next lines; empty at the end of the file."""
        items: list[ItemData] = []
        while not items:
            outcomes: list[Outcome] = list(islice(lines, LINES_A_BATCH))
            if not outcomes:
                break
            for outcome in outcomes:
                self.read += 1
                if isinstance(outcome, ItemData) and outcome.seller_item_id not in self.ids:
                    self.ids.add(outcome.seller_item_id)
                    items.append(outcome)
                elif isinstance(outcome, ItemData):
                    self.rejected.append(
                        RejectedLine(outcome.line or str(self.read), "TWICE", outcome.seller_item_id)
                    )
                elif isinstance(outcome, RejectedLine):
                    self.rejected.append(outcome)
                else:
                    self.withdrawn.add(outcome.seller_item_id)
        return items


def own_agreement(agreement_id: UUID) -> AgreementFacts:
    """The agreement, where the viewer may bring its catalogue in. Raises Refusal."""
    agreement = agreement_facts(agreement_id)
    if agreement is None:
        raise Refusal("CATALOGUE_NO_AGREEMENT")
    demand(may_import(viewer(), owner_id=agreement.owner_id))
    return agreement


def done_before(
    agreement_id: UUID, sha256: str, layout: Mapping[str, Any] | None = None
) -> CatalogueVersion | None:
    """The version that this very file, read in the same way, gave: while it is the newest not rejected."""
    newest = CatalogueVersion.objects.filter(agreement_id=agreement_id).exclude(
        state__in=(states.LOADING, states.REJECTED)
    )
    row: CatalogueVersion | None = newest.order_by("-number").first()
    same = row is not None and row.sha256 == sha256 and row.layout == (layout or {})
    return row if same else None


def _warnings(agreement: AgreementFacts, head: ubl.Catalogue) -> list[dict[str, str]]:
    """What the contract owner should look at: another seller, another contract."""
    found = []
    seller = party(agreement.supplier_id)
    for given in (head.seller or head.provider,):
        numbers = {i.value for i in (given.endpoint, given.legal_id, *given.ids) if i is not None}
        if numbers and seller.orgnr not in numbers:
            found.append({"code": "OTHER_SELLER", "value": given.display_name or ", ".join(sorted(numbers))})
    if head.contract_reference and head.contract_reference != agreement.ref:
        found.append({"code": "OTHER_CONTRACT", "value": head.contract_reference[:60]})
    return found


@operation
def start_import(
    *,
    agreement_id: UUID,
    sha256: str,
    source_name: str = "",
    layout: Mapping[str, Any] | None = None,
    price_list_id: UUID | None = None,
) -> UUID:
    """Open the next version of an agreement's catalogue; an import that was cut off is taken up afresh.

    `layout`: how a price list is read; `price_list_id`: the uploaded one that becomes this version.
    """
    agreement = Agreement.objects.select_for_update().get(id=agreement_id)
    demand(may_import(viewer(), owner_id=agreement.owner_id))
    versions = CatalogueVersion.objects.filter(agreement_id=agreement_id)
    begun = versions.filter(state=states.LOADING, sha256=sha256)
    row = next((one for one in begun if one.layout == (layout or {})), None)
    changed: list[Model] = []
    if row is not None:
        CatalogueItem.objects.filter(version_id=row.id).delete()
    else:
        row = CatalogueVersion.objects.create(
            owner_id=agreement.owner_id,
            agreement_id=agreement_id,
            number=(versions.aggregate(Max("number"))["number__max"] or 0) + 1,
            state=states.LOADING,
            sha256=sha256,
            source_name=source_name[:200],
            layout=dict(layout or {}),
            imported_at=work().at,
        )
        changed.append(row)
    changed += _points_at(price_list_id, row)
    if changed:
        event = CatalogueImportStarted(version_id=row.id, agreement_id=agreement_id, sha256=sha256)
        record(event, tenant=agreement.owner_id, stream=stream_of(agreement_id), subject=row, changed=changed)
    return UUID(str(row.id))


def _points_at(price_list_id: UUID | None, row: CatalogueVersion) -> list[Model]:
    """The price list that becomes this version says so from now on."""
    price_list = PriceList.objects.filter(id=price_list_id).first() if price_list_id else None
    if price_list is None or price_list.version_id == row.id:
        return []
    price_list.version_id = row.id
    price_list.save(update_fields=["version"])
    return [price_list]


@operation
def add_items(*, version_id: UUID, items: Sequence[ItemData]) -> None:
    """Add lines to a version that is being filled in."""
    version = _loading(version_id)
    rows = [item_row(version, item) for item in items]
    CatalogueItem.objects.bulk_create(rows)


@operation
def keep_items(*, version_id: UUID, seller_item_ids: Sequence[str]) -> None:
    """Carry items of the active version over, unchanged, to a version that tells only of changes."""
    version = _loading(version_id)
    rows = CatalogueItem.objects.filter(
        version__agreement_id=version.agreement_id,
        version__state=states.ACTIVE,
        seller_item_id__in=list(seller_item_ids),
    )
    CatalogueItem.objects.bulk_create([copy_of(row, version) for row in rows])


@operation
def start_changes(*, version_id: UUID) -> None:
    """Take away what an earlier comparison of a version that is being filled in has written."""
    version = _loading(version_id)
    CatalogueChange.objects.filter(version_id=version.id).delete()


@operation
def add_changes(*, version_id: UUID, changes: Sequence[CatalogueChange]) -> None:
    """Write what the version does to these items."""
    version = _loading(version_id)
    for one in changes:
        one.version_id, one.owner_id = version.id, version.owner_id
    CatalogueChange.objects.bulk_create(changes)


@operation
def finish_import(
    *,
    version_id: UUID,
    compared_with: UUID | None,
    content: str,
    read: int,
    rejected: Sequence[RejectedLine],
    warnings: Sequence[dict[str, str]],
) -> None:
    """Put a version before the contract owner; without a line it is rejected.

    Raises OutOfDate where the version in force is not the one compared with any more. A price list that
    became this version is done in the same breath.
    """
    seen = CatalogueVersion.objects.values_list("agreement_id", flat=True).get(id=version_id)
    lock_stream(stream_of(seen))
    version = _loading(version_id)
    if active_version(version.agreement_id) != compared_with:
        raise OutOfDate
    version.compared_with = compared_with
    _count(version, read, rejected)
    version.warnings = list(warnings)
    waiting = CatalogueVersion.objects.filter(agreement_id=version.agreement_id, state=states.IN_REVIEW)
    changed: list[Model] = [moved(row, states.SUPERSEDED) for row in waiting] if version.lines else []
    moved(version, states.IN_REVIEW if version.lines else states.REJECTED)
    for price_list in PriceList.objects.filter(version_id=version_id, state=states.READING):
        price_list.state = states.DONE
        price_list.save(update_fields=["state"])
        changed.append(price_list)
    record(
        CatalogueImported(
            version_id=version.id, agreement_id=version.agreement_id, lines=version.lines, content=content
        ),
        tenant=version.owner_id,
        stream=stream_of(version.agreement_id),
        subject=version,
        changed=changed,
    )


def _count(version: CatalogueVersion, read: int, rejected: Sequence[RejectedLine]) -> None:
    version.lines, version.read = CatalogueItem.objects.filter(version_id=version.id).count(), read
    found = CatalogueChange.objects.filter(version_id=version.id).values_list("kind")
    counts: dict[str, int] = dict(found.annotate(n=Count("id")).order_by())
    version.added, version.changed, version.removed = (counts.get(kind, 0) for kind in KINDS)
    version.rejected = [
        {"line": one.line, "reason": one.reason, "value": one.value} for one in rejected[:MOST_REJECTED]
    ]


def _loading(version_id: UUID) -> CatalogueVersion:
    version: CatalogueVersion = CatalogueVersion.objects.select_for_update().get(id=version_id)
    demand(may_import(viewer(), owner_id=version.owner_id))
    if version.state != states.LOADING:
        raise Refusal("CATALOGUE_ALREADY_JUDGED", number=version.number)
    return version
