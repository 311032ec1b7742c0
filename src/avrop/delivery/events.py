"""What happens to deliveries."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID


@dataclass(frozen=True)
class GoodsReceived:
    """Goods of an order were received, in full or in part. `lines` are the lines that have all come by now.

    `came`: line number -> [what is here by now (scaled by 10^6), its øre accrued, returned for credit, all that
    ever came and went], of the lines that this receipt is about. The last only grows: it says which is newer.
    """

    order_id: UUID
    receipt_id: UUID
    complete: bool
    lines: tuple[int, ...] = ()
    came: dict[str, list[int]] = field(default_factory=dict)


@dataclass(frozen=True)
class GoodsReturned:
    """Goods went back, or a mistaken receipt was corrected. `lines`, `came`, `complete` as of `GoodsReceived`.

    `credit_expected`: they are not to come again, and the supplier owes a credit note where they are invoiced.
    """

    order_id: UUID
    receipt_id: UUID
    credit_expected: bool
    complete: bool = False
    lines: tuple[int, ...] = ()
    came: dict[str, list[int]] = field(default_factory=dict)
