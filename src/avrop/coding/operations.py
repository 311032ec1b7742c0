"""Imports of charts and budgets.

An import stores the original first, fills a draft in batches of about a tenth of a second, and one operation
publishes it. The same file again gives the same result and changes nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from avrop.coding import importer, kostra, rules
from avrop.coding.events import CodingImported, CodingImportStarted
from avrop.coding.importer import Line, Parsed
from avrop.coding.models import BudgetLine, Code, CodingImport
from avrop.coding.permissions import may_change
from avrop.coding.results import summary
from avrop.commitments.models import Account
from avrop.commitments.within import set_limits
from avrop.journal.operation import operation, work
from avrop.journal.within import record
from avrop.kernel.canonical import content_hash
from avrop.kernel.finding import Refusal
from avrop.kernel.ports import originals
from avrop.tenancy.results import demand
from avrop.tenancy.scope import viewer

CHART, BUDGET = "chart", "budget"
LOADING, ACTIVE, SUPERSEDED = "loading", "active", "superseded"
LINES_A_BATCH = 400


def import_chart(*, raw: bytes, codes: kostra.CodeList | None = None) -> dict[str, Any]:
    """Take a chart of accounts in for the viewer's organisation. Raises ImportRefused; returns the result."""
    sha256 = originals().put(raw)
    done = _done_before(CHART, None, sha256)
    if done is not None:
        return done
    return _import(CHART, sha256, importer.parse_chart(raw), codes or kostra.own())


def import_budget(
    *, raw: bytes, year: int | None = None, codes: kostra.CodeList | None = None
) -> dict[str, Any]:
    """Take a budget (and its codes) in for the viewer's organisation, in place of the year's earlier one.

    The limit of each budget key is the sum of its lines, income negative as in the file. Raises
    ImportRefused; returns the result (see `results.summary`).
    """
    sha256 = originals().put(raw)
    parsed = importer.parse_budget(raw, year)
    done = _done_before(BUDGET, parsed.year, sha256)
    if done is not None:
        return done
    return _import(BUDGET, sha256, parsed, codes or kostra.own())


def _done_before(kind: str, year: int | None, sha256: str) -> dict[str, Any] | None:
    rows = CodingImport.objects.filter(kind=kind, year=year, sha256=sha256, state=ACTIVE)
    return rows.values_list("result", flat=True).first()


def _import(kind: str, sha256: str, parsed: Parsed, codes: kostra.CodeList) -> dict[str, Any]:
    warnings = {
        place: rules.code_warning(*place, arts=codes.arts, functions=codes.functions)
        for place in parsed.codes
    }
    result = summary(parsed, warnings, codes.source)
    import_id = start_import(kind=kind, year=parsed.year, sha256=sha256)
    for start in range(0, len(parsed.lines), LINES_A_BATCH):
        add_lines(import_id=import_id, lines=parsed.lines[start : start + LINES_A_BATCH])
    publish_import(import_id=import_id, parsed=parsed, warnings=warnings, result=result)
    return result


@operation
def start_import(*, kind: str, year: int | None, sha256: str) -> UUID:
    """Open a draft for a file; what an import that was cut off has left of it is thrown away."""
    _permitted()
    buyer = _buyer()
    left = CodingImport.objects.filter(kind=kind, year=year, sha256=sha256, state=LOADING).first()
    if left is not None:
        BudgetLine.objects.filter(imported_id=left.id).delete()
        return UUID(str(left.id))
    row = CodingImport.objects.create(
        buyer_id=buyer, kind=kind, year=year, sha256=sha256, state=LOADING, at=work().at
    )
    event = CodingImportStarted(import_id=row.id, kind=kind, sha256=sha256)
    record(event, tenant=buyer, stream=f"coding:{buyer.hex}", subject=row)
    return UUID(str(row.id))


@operation
def add_lines(*, import_id: UUID, lines: Sequence[Line]) -> None:
    """Add lines to a draft. They are not in force before `publish_import`."""
    _permitted()
    draft = CodingImport.objects.get(id=import_id, state=LOADING)
    BudgetLine.objects.bulk_create(
        [
            BudgetLine(
                buyer_id=draft.buyer_id,
                year=draft.year,
                key=line.key,
                amount=line.amount,
                row=line.row,
                imported_id=draft.id,
            )
            for line in lines
        ]
    )


@operation
def publish_import(
    *, import_id: UUID, parsed: Parsed, warnings: dict[tuple[str, str], str], result: dict[str, Any]
) -> None:
    """Put a draft in force: codes, limits, and the year's earlier budget out of it."""
    _permitted()
    buyer = _buyer()
    row = CodingImport.objects.select_for_update().get(id=import_id, state=LOADING)
    earlier = CodingImport.objects.filter(kind=row.kind, year=row.year, state=ACTIVE)
    changed = list(earlier.select_for_update()) if row.kind == BUDGET else []
    for old in changed:
        old.state = SUPERSEDED
        old.save(update_fields=["state"])
    _put_codes(buyer, parsed.codes, warnings)
    limits = parsed.limits
    if row.kind == BUDGET:
        gone = Account.objects.filter(kind=Account.BUDGET, key__startswith=f"{row.year}|", limit_known=True)
        away = {key: 0 for key in gone.values_list("key", flat=True) if key not in limits}
        set_limits(buyer_id=buyer, limits={**away, **limits})
    row.state, row.result = ACTIVE, result
    row.save(update_fields=["state", "result"])
    record(
        CodingImported(
            import_id=row.id,
            kind=row.kind,
            year=row.year,
            lines=len(parsed.lines),
            content=content_hash(sorted(limits.items())),
        ),
        tenant=buyer,
        stream=f"coding:{buyer.hex}",
        subject=row,
        changed=changed,
    )


def _put_codes(buyer: UUID, codes: dict[tuple[str, str], str], warnings: dict[tuple[str, str], str]) -> None:
    Code.objects.bulk_create(
        [
            Code(buyer_id=buyer, dimension=d, code=c, name=name or c, warning=warnings.get((d, c), ""))
            for (d, c), name in sorted(codes.items())
        ],
        batch_size=500,
        update_conflicts=True,
        unique_fields=["buyer", "dimension", "code"],
        update_fields=["name", "warning", "active"],
    )


def _buyer() -> UUID:
    buyer = viewer().organisation_id
    if buyer is None:
        raise Refusal("NO_BUYER")
    return buyer


def _permitted() -> None:
    demand(may_change(viewer()))
