"""A catalogue version comes in, is judged by the contract owner, and takes the place of the one before."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from typing import Any
from uuid import UUID

from django.db.models import Max

from avrop.agreements.facts import AgreementFacts
from avrop.agreements.models import Agreement
from avrop.agreements.queries import agreement as agreement_facts
from avrop.catalogue import rules, states
from avrop.catalogue.documents import ItemData, Outcome, RejectedLine, lines_of
from avrop.catalogue.events import (
    CatalogueApproved,
    CatalogueImported,
    CatalogueImportStarted,
    CatalogueRejected,
)
from avrop.catalogue.models import CatalogueItem, CatalogueVersion
from avrop.catalogue.permissions import may_import, may_judge
from avrop.catalogue.versions import active_rows, result_of, rows_of
from avrop.journal.operation import operation, work
from avrop.journal.within import record
from avrop.kernel.canonical import content_hash
from avrop.kernel.finding import Refusal
from avrop.kernel.ports import originals, today
from avrop.tenancy.queries import party
from avrop.tenancy.results import Answer, Denied
from avrop.tenancy.scope import viewer
from avrop.ubl import gate
from avrop.ubl.documents import catalogue as ubl

LINES_A_BATCH = 250
MOST_NODES = 4_000_000  # of a catalogue's XML: 60,000 items; a person brings it, one at a time
MOST_REJECTED = 1000  # rejected lines that are kept one by one


def import_version(*, agreement_id: UUID, raw: bytes, source_name: str = "") -> dict[str, Any]:
    """Take a Peppol Catalogue (T19) in as a version in review. The viewer is the agreement's owner.

    The original is stored first; lines come in batches; the same file again gives the same result. Raises
    GateRefused and DocumentRefused for a file that is no catalogue, Refusal for an agreement not one's own.
    Returns `versions.result_of` the version.
    """
    agreement = _own_agreement(agreement_id)
    sha256 = originals().put(raw)
    done = _done_before(agreement_id, sha256)
    if done is not None:
        return result_of(done)
    root = gate.admit(raw, gate.Limits(nodes=MOST_NODES)).root
    head = ubl.read_head(root)
    version_id = start_import(agreement_id=agreement_id, sha256=sha256, source_name=source_name)
    lines = lines_of(root, currency=agreement.currency, on=today())
    taken = _Taken()
    while batch := taken.next_items(lines):
        add_items(version_id=version_id, items=batch)
    before = active_rows(agreement_id)
    if head.action == "Update":  # only what is new or changed: the rest stays as it is
        kept = [key for key in before if key not in taken.ids and key not in taken.withdrawn]
        for start in range(0, len(kept), LINES_A_BATCH):
            keep_items(version_id=version_id, seller_item_ids=kept[start : start + LINES_A_BATCH])
    finish_import(
        version_id=version_id, read=taken.read, rejected=taken.rejected, warnings=_warnings(agreement, head)
    )
    return result_of(CatalogueVersion.objects.get(id=version_id))


class _Taken:
    """What has been read of a file so far."""

    def __init__(self) -> None:
        self.read = 0
        self.ids: set[str] = set()
        self.withdrawn: set[str] = set()
        self.rejected: list[RejectedLine] = []

    def next_items(self, lines: Any) -> list[ItemData]:
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
                    self.rejected.append(RejectedLine(str(self.read), "TWICE", outcome.seller_item_id))
                elif isinstance(outcome, RejectedLine):
                    self.rejected.append(outcome)
                else:
                    self.withdrawn.add(outcome.seller_item_id)
        return items


def _own_agreement(agreement_id: UUID) -> AgreementFacts:
    agreement = agreement_facts(agreement_id)
    if agreement is None:
        raise Refusal("CATALOGUE_NO_AGREEMENT")
    _demand(may_import(viewer(), owner_id=agreement.owner_id))
    return agreement


def _done_before(agreement_id: UUID, sha256: str) -> CatalogueVersion | None:
    """The version that this very file gave, while it is the newest that is not rejected."""
    newest = CatalogueVersion.objects.filter(agreement_id=agreement_id).exclude(
        state__in=(states.LOADING, states.REJECTED)
    )
    row: CatalogueVersion | None = newest.order_by("-number").first()
    return row if row is not None and row.sha256 == sha256 else None


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
def start_import(*, agreement_id: UUID, sha256: str, source_name: str = "") -> UUID:
    """Open the next version of an agreement's catalogue; an import that was cut off is taken up afresh."""
    agreement = Agreement.objects.select_for_update().get(id=agreement_id)
    _demand(may_import(viewer(), owner_id=agreement.owner_id))
    versions = CatalogueVersion.objects.filter(agreement_id=agreement_id)
    left = versions.filter(state=states.LOADING, sha256=sha256).first()
    if left is not None:
        CatalogueItem.objects.filter(version_id=left.id).delete()
        return UUID(str(left.id))
    row = CatalogueVersion.objects.create(
        owner_id=agreement.owner_id,
        agreement_id=agreement_id,
        number=(versions.aggregate(Max("number"))["number__max"] or 0) + 1,
        state=states.LOADING,
        sha256=sha256,
        source_name=source_name[:200],
        imported_at=work().at,
    )
    event = CatalogueImportStarted(version_id=row.id, agreement_id=agreement_id, sha256=sha256)
    record(event, tenant=agreement.owner_id, stream=_stream(agreement_id), subject=row)
    return UUID(str(row.id))


@operation
def add_items(*, version_id: UUID, items: Sequence[ItemData]) -> None:
    """Add lines to a version that is being filled in."""
    version = _loading(version_id)
    rows = [_row(version, item) for item in items]
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
    copies = []
    for row in rows:
        fields = {
            f.attname: getattr(row, f.attname)
            for f in row._meta.concrete_fields
            if f.attname not in ("id", "version_id")
        }
        copies.append(CatalogueItem(version_id=version.id, **fields))
    CatalogueItem.objects.bulk_create(copies)


@operation
def finish_import(
    *, version_id: UUID, read: int, rejected: Sequence[RejectedLine], warnings: Sequence[dict[str, str]]
) -> None:
    """Count what the version changes and put it before the contract owner; without a line it is rejected."""
    version = _loading(version_id)
    after = rows_of(version_id)
    change = rules.difference(active_rows(version.agreement_id), after)
    version.lines, version.read = len(after), read
    version.added, version.changed = len(change.added), len(change.changed)
    version.removed = len(change.removed)
    version.rejected = [
        {"line": one.line, "reason": one.reason, "value": one.value} for one in rejected[:MOST_REJECTED]
    ]
    version.warnings = list(warnings)
    waiting = CatalogueVersion.objects.filter(agreement_id=version.agreement_id, state=states.IN_REVIEW)
    changed = [_move(row, states.SUPERSEDED) for row in waiting] if after else []
    _move(version, states.IN_REVIEW if after else states.REJECTED)
    content = content_hash([_values(after[key]) for key in sorted(after)])
    record(
        CatalogueImported(
            version_id=version.id, agreement_id=version.agreement_id, lines=len(after), content=content
        ),
        tenant=version.owner_id,
        stream=_stream(version.agreement_id),
        subject=version,
        changed=changed,
    )


@operation
def approve_version(*, version_id: UUID) -> None:
    """The contract owner puts a version in force; its items can be ordered from now on."""
    version, agreement = _to_judge(version_id)
    active = CatalogueVersion.objects.filter(agreement_id=agreement.id, state=states.ACTIVE)
    changed = [_move(row, states.SUPERSEDED) for row in active.select_for_update()]
    version.decided_by, version.decided_at = viewer().person_id, work().at
    _move(version, states.ACTIVE)
    record(
        CatalogueApproved(version_id=version.id, agreement_id=agreement.id),
        tenant=version.owner_id,
        stream=_stream(agreement.id),
        subject=version,
        changed=changed,
    )


@operation
def reject_version(*, version_id: UUID, reason: str) -> None:
    """The contract owner turns a version down, with a reason. Raises Refusal CATALOGUE_REASON_MISSING."""
    version, agreement = _to_judge(version_id)
    if not reason.strip():
        raise Refusal("CATALOGUE_REASON_MISSING")
    version.decided_by, version.decided_at = viewer().person_id, work().at
    _move(version, states.REJECTED)
    record(
        CatalogueRejected(version_id=version.id, agreement_id=agreement.id, reason=reason.strip()),
        tenant=version.owner_id,
        stream=_stream(agreement.id),
        subject=version,
        reason=reason.strip(),
    )


def _to_judge(version_id: UUID) -> tuple[CatalogueVersion, Agreement]:
    version = CatalogueVersion.objects.select_for_update().filter(id=version_id).first()
    if version is None:
        raise Refusal("CATALOGUE_NO_VERSION")
    agreement = Agreement.objects.get(id=version.agreement_id)
    _demand(may_judge(viewer(), owner_id=version.owner_id, contract_owner_id=agreement.contract_owner_id))
    if version.state != states.IN_REVIEW:
        raise Refusal("CATALOGUE_ALREADY_JUDGED", number=version.number)
    return version, agreement


def _loading(version_id: UUID) -> CatalogueVersion:
    version: CatalogueVersion = CatalogueVersion.objects.select_for_update().get(id=version_id)
    _demand(may_import(viewer(), owner_id=version.owner_id))
    if version.state != states.LOADING:
        raise Refusal("CATALOGUE_ALREADY_JUDGED", number=version.number)
    return version


def _move(version: CatalogueVersion, state: str) -> CatalogueVersion:
    if not states.may_go(version.state, state):
        raise Refusal("CATALOGUE_ALREADY_JUDGED", number=version.number)
    version.state = state
    version.save()
    return version


def _row(version: CatalogueVersion, item: ItemData) -> CatalogueItem:
    values = {name: getattr(item, name) for name in ItemData.__slots__}
    row = CatalogueItem(version_id=version.id, agreement_id=version.agreement_id, **values)
    row.fold()
    return row


def _values(row: rules.ItemRow) -> list[object]:
    return [getattr(row, name) for name in rules.ItemRow.__slots__]


def _stream(agreement_id: UUID) -> str:
    return f"agreement:{agreement_id.hex}"


def _demand(answer: Answer) -> None:
    if isinstance(answer, Denied):
        raise Refusal(answer.reason, **answer.params)
