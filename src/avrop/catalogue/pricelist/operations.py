"""An uploaded price list: kept, its columns confirmed by a person, read into a version in batches."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from avrop.agreements.facts import AgreementFacts
from avrop.catalogue import states
from avrop.catalogue.events import LayoutRemembered, PriceListConfirmed, PriceListFailed, PriceListUploaded
from avrop.catalogue.models import CatalogueVersion, PriceList, PriceListLayout
from avrop.catalogue.operations.importing import (
    Taken,
    done_before,
    fill,
    own_agreement,
    publish,
    start_import,
)
from avrop.catalogue.operations.rows import stream_of
from avrop.catalogue.permissions import may_import
from avrop.catalogue.pricelist import kept, lines, sheet
from avrop.catalogue.pricelist.mapping import Layout, from_json, propose
from avrop.catalogue.versions import result_of
from avrop.journal.operation import operation, work
from avrop.journal.within import lock_stream, record
from avrop.kernel.finding import Refusal
from avrop.kernel.ports import originals
from avrop.tenancy.results import demand
from avrop.tenancy.scope import viewer

SAMPLE = 40  # rows that are kept for the page where the columns are confirmed


def upload(*, agreement_id: UUID, raw: bytes, source_name: str = "") -> UUID:
    """Keep a price list and propose what its columns hold. Returns its id.

    The original is stored first. Raises SheetRefused for a file that is no price list, Refusal for an
    agreement not one's own.
    """
    agreement = own_agreement(agreement_id)
    sha256 = originals().put(raw)
    found = sheet.read(raw)
    layout = propose(found.rows, remembered(agreement))
    return open_list(
        agreement_id=agreement_id, sha256=sha256, source_name=source_name, found=found, layout=layout
    )


def take(
    *,
    agreement_id: UUID,
    raw: bytes,
    source_name: str = "",
    columns: Mapping[str, str] | None = None,
    unit: str = "",
    vat: str = "",
) -> dict[str, Any]:
    """Read a price list into a version in review at once, its columns as proposed or said (`columns`).

    Returns `versions.result_of` the version. Raises SheetRefused and Refusal PRICE_LIST_COLUMNS.
    """
    agreement = own_agreement(agreement_id)
    sha256 = originals().put(raw)
    found = sheet.read(raw)
    guess = propose(found.rows, remembered(agreement))
    layout = Layout(
        header=guess.header,
        columns={**guess.columns, **(columns or {})},
        decimal=guess.decimal,
        unit=unit or guess.unit,
        vat=vat or guess.vat,
    )
    _complete(layout)
    done = done_before(agreement_id, sha256, layout.as_json())
    if done is None:
        remember(agreement_id=agreement_id, layout=layout)
        version_id = start_import(
            agreement_id=agreement_id, sha256=sha256, source_name=source_name, layout=layout.as_json()
        )
        _fill(version_id, agreement, found, layout)
        done = CatalogueVersion.objects.get(id=version_id)
    return result_of(done)


def read_in(price_list: PriceList) -> tuple[UUID, Taken]:
    """Fill a version from a confirmed price list; `publish` is the caller's. Raises SheetRefused."""
    agreement = own_agreement(price_list.agreement_id)
    found = sheet.read(originals().get(price_list.sha256))
    version_id = start_import(
        agreement_id=agreement.id,
        sha256=price_list.sha256,
        source_name=price_list.source_name,
        layout=price_list.layout,
        price_list_id=price_list.id,
    )
    return version_id, _fill_only(version_id, agreement, found, from_json(price_list.layout))


def _fill(version_id: UUID, agreement: AgreementFacts, found: sheet.Sheet, layout: Layout) -> None:
    publish(version_id, _fill_only(version_id, agreement, found, layout))


def _fill_only(version_id: UUID, agreement: AgreementFacts, found: sheet.Sheet, layout: Layout) -> Taken:
    taken = Taken()
    rows = lines.items_of(found.rows, layout, agreement.currency)
    fill(version_id, taken, kept.with_kept(rows, layout, agreement.id))
    return taken


def remembered(agreement: AgreementFacts) -> Layout | None:
    """How the supplier's price lists were laid out the last time."""
    row = PriceListLayout.objects.filter(
        owner_id=agreement.owner_id, supplier_id=agreement.supplier_id
    ).first()
    return from_json(row.layout) if row is not None else None


@operation
def open_list(
    *, agreement_id: UUID, sha256: str, source_name: str, found: sheet.Sheet, layout: Layout
) -> UUID:
    """Keep an uploaded price list with its first rows and the layout proposed; the same file anew is the same."""
    agreement = own_agreement(agreement_id)
    lock_stream(stream_of(agreement_id))
    waiting = PriceList.objects.filter(agreement_id=agreement_id, sha256=sha256, state=states.OPEN).first()
    if waiting is not None:
        return UUID(str(waiting.id))
    row = PriceList.objects.create(
        owner_id=agreement.owner_id,
        agreement_id=agreement_id,
        sha256=sha256,
        source_name=source_name[:200],
        kind=found.kind,
        rows=len(found.rows),
        sample=kept.sample_of(found.rows[:SAMPLE]),
        layout=layout.as_json(),
        state=states.OPEN,
        uploaded_by=viewer().person_id,
        at=work().at,
    )
    event = PriceListUploaded(price_list_id=row.id, agreement_id=agreement_id, sha256=sha256)
    record(event, tenant=row.owner_id, stream=stream_of(agreement_id), subject=row)
    return UUID(str(row.id))


@operation
def confirm(*, price_list_id: UUID, layout: Layout) -> None:
    """Confirm what the columns hold: the list is read from now on, and the layout remembered for the supplier.

    Raises Refusal PRICE_LIST_UNKNOWN, PRICE_LIST_BEGUN and PRICE_LIST_COLUMNS.
    """
    row = PriceList.objects.select_for_update().filter(id=price_list_id).first()
    if row is None:
        raise Refusal("PRICE_LIST_UNKNOWN")
    agreement = own_agreement(row.agreement_id)
    lock_stream(stream_of(agreement.id))
    if (row.state, states.READING) not in states.PRICE_LIST:
        raise Refusal("PRICE_LIST_BEGUN")
    _complete(layout)
    row.layout, row.state, row.reason = layout.as_json(), states.READING, ""
    row.save(update_fields=["layout", "state", "reason"])
    event = PriceListConfirmed(price_list_id=row.id, agreement_id=agreement.id)
    known = _remember(agreement, layout)
    # A stream of its own: a long list must not keep the agreement's other work waiting.
    stream = f"price-list:{row.id.hex}"
    record(event, tenant=row.owner_id, stream=stream, subject=row, changed=[row, known])


@operation
def remember(*, agreement_id: UUID, layout: Layout) -> None:
    """Remember how the agreement's supplier lays out price lists."""
    agreement = own_agreement(agreement_id)
    row = _remember(agreement, layout)
    event = LayoutRemembered(supplier_id=agreement.supplier_id)
    record(event, tenant=agreement.owner_id, stream=stream_of(agreement_id), subject=row)


def _remember(agreement: AgreementFacts, layout: Layout) -> PriceListLayout:
    row: PriceListLayout
    row, _made = PriceListLayout.objects.update_or_create(
        owner_id=agreement.owner_id,
        supplier_id=agreement.supplier_id,
        defaults={"layout": layout.as_json(), "at": work().at},
    )
    return row


@operation
def give_up(*, price_list_id: UUID, reason: str) -> None:
    """A confirmed price list cannot be read after all; its page says why, and it can be tried again."""
    row = PriceList.objects.select_for_update().get(id=price_list_id)
    demand(may_import(viewer(), owner_id=row.owner_id))
    if (row.state, states.FAILED) not in states.PRICE_LIST:
        return
    row.state, row.reason = states.FAILED, reason
    row.save(update_fields=["state", "reason"])
    event = PriceListFailed(price_list_id=row.id, reason=reason)
    record(event, tenant=row.owner_id, stream=f"price-list:{row.id.hex}", subject=row)


def _complete(layout: Layout) -> None:
    missing = layout.missing()
    if missing:
        raise Refusal("PRICE_LIST_COLUMNS", missing=missing, found=sorted(layout.columns.values()))
