"""Default codings and how a passed budget is met, from the set-up file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from uuid import UUID

from django.db import models

from avrop.coding.models import BudgetControl, CodingDefault
from avrop.journal.operation import operation
from avrop.journal.within import record
from avrop.tenancy.events import SetupImported
from avrop.tenancy.within import put


@dataclass(frozen=True)
class DefaultSpec:
    """A default coding. `key` is an item id, a category code, or a person's or unit's id as 32 hex digits."""

    kind: str
    key: str
    account: str = ""
    responsibility: str = ""
    function: str = ""
    project: str = ""
    vat_treatment: str = ""


@operation
def import_defaults(*, buyer_id: UUID, mode: str, defaults: Sequence[DefaultSpec]) -> None:
    """Make or update the defaults and the budget mode (none, warn or block)."""
    changed: list[models.Model] = []
    row, written = put(BudgetControl, {"buyer_id": buyer_id}, {"mode": mode})
    changed += [row] if written else []
    for spec in defaults:
        values = asdict(spec)
        key = {"buyer_id": buyer_id, "kind": values.pop("kind"), "key": values.pop("key")}
        default, written = put(CodingDefault, key, values)
        changed += [default] if written else []
    if changed:
        event = SetupImported(organisation_id=buyer_id, part="coding", written=len(changed))
        record(event, tenant=buyer_id, stream=f"setup:{buyer_id.hex}", changed=changed)
