"""The contract owner judges a version: in force, turned down, or single lines sent back."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.db.models import Count

from avrop.agreements.models import Agreement
from avrop.catalogue import states
from avrop.catalogue.events import CatalogueApproved, CatalogueLinesReturned, CatalogueRejected
from avrop.catalogue.models import CatalogueChange, CatalogueCount, CatalogueItem, CatalogueVersion
from avrop.catalogue.operations.rows import content_of, copy_of, moved, stream_of
from avrop.catalogue.permissions import may_judge
from avrop.catalogue.rules import ItemRow
from avrop.catalogue.versions import rows_of
from avrop.journal.operation import operation, work
from avrop.journal.within import lock_stream, record
from avrop.kernel.finding import Refusal
from avrop.tenancy.results import demand
from avrop.tenancy.scope import viewer


@operation
def approve_version(*, version_id: UUID) -> None:
    """The contract owner puts a version in force; its items can be ordered from now on."""
    version, agreement = _to_judge(version_id)
    active = CatalogueVersion.objects.filter(agreement_id=agreement.id, state=states.ACTIVE)
    changed = [moved(row, states.SUPERSEDED) for row in active.select_for_update()]
    version.decided_by, version.decided_at = viewer().person_id, work().at
    moved(version, states.ACTIVE)
    _count(version, changed)
    record(
        CatalogueApproved(version_id=version.id, agreement_id=agreement.id),
        tenant=version.owner_id,
        stream=stream_of(agreement.id),
        subject=version,
        changed=changed,
    )


def _count(version: CatalogueVersion, before: list[CatalogueVersion]) -> None:
    """Keep how many items of each category there are, as long as the version is in force."""
    CatalogueCount.objects.filter(version__in=before).delete()
    names = ("category", "category_name", "category_nb", "category_en")
    rows = version.items.order_by().values(*names).annotate(count=Count("id"))
    CatalogueCount.objects.bulk_create([CatalogueCount(version=version, **row) for row in rows])


@operation
def return_lines(*, version_id: UUID, seller_item_ids: Collection[str], reason: str) -> None:
    """Send lines back to the supplier with a reason: of these items what is in force stays as it is.

    Raises Refusal CATALOGUE_REASON_MISSING, CATALOGUE_NO_LINES and CATALOGUE_NOTHING_LEFT.
    """
    version, agreement = _to_judge(version_id)
    if not reason.strip():
        raise Refusal("CATALOGUE_REASON_MISSING")
    open_ = CatalogueChange.objects.filter(version_id=version_id, returned=False)
    names = list(
        open_.filter(seller_item_id__in=list(seller_item_ids))
        .order_by("seller_item_id")
        .values_list("seller_item_id", flat=True)
    )
    if not names:
        raise Refusal("CATALOGUE_NO_LINES")
    open_.filter(seller_item_id__in=names).update(returned=True, reason=reason.strip())
    after = _as_before(version, names)
    if not after:
        raise Refusal("CATALOGUE_NOTHING_LEFT", number=version.number)
    version.lines = len(after)
    version.save(update_fields=["lines"])
    event = CatalogueLinesReturned(
        version_id=version.id,
        agreement_id=agreement.id,
        lines=tuple(names),
        reason=reason.strip(),
        content=content_of(after),
    )
    stream = stream_of(agreement.id)
    record(event, tenant=version.owner_id, stream=stream, subject=version, reason=reason.strip())


def _as_before(version: CatalogueVersion, names: Collection[str]) -> dict[str, ItemRow]:
    """These items of the version as they are in force, or away where they are new. Returns all its items."""
    CatalogueItem.objects.filter(version_id=version.id, seller_item_id__in=names).delete()
    if version.compared_with:
        kept = CatalogueItem.objects.filter(version_id=version.compared_with, seller_item_id__in=names)
        CatalogueItem.objects.bulk_create([copy_of(row, version) for row in kept])
    return rows_of(version.id)


@operation
def reject_version(*, version_id: UUID, reason: str) -> None:
    """The contract owner turns a version down, with a reason. Raises Refusal CATALOGUE_REASON_MISSING."""
    version, agreement = _to_judge(version_id)
    if not reason.strip():
        raise Refusal("CATALOGUE_REASON_MISSING")
    version.decided_by, version.decided_at = viewer().person_id, work().at
    moved(version, states.REJECTED)
    record(
        CatalogueRejected(version_id=version.id, agreement_id=agreement.id, reason=reason.strip()),
        tenant=version.owner_id,
        stream=stream_of(agreement.id),
        subject=version,
        reason=reason.strip(),
    )


def _to_judge(version_id: UUID) -> tuple[CatalogueVersion, Agreement]:
    seen = CatalogueVersion.objects.filter(id=version_id).values_list("agreement_id", flat=True).first()
    if seen is None:
        raise Refusal("CATALOGUE_NO_VERSION")
    lock_stream(stream_of(seen))
    version = CatalogueVersion.objects.select_for_update().get(id=version_id)
    agreement = Agreement.objects.get(id=seen)
    demand(may_judge(viewer(), owner_id=version.owner_id, contract_owner_id=agreement.contract_owner_id))
    if version.state != states.IN_REVIEW:
        raise Refusal("CATALOGUE_ALREADY_JUDGED", number=version.number)
    return version, agreement
