"""What happens to deliveries."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class GoodsReceived:
    """Goods of an order were received, in full or in part. `lines` are the lines that have all come by now."""

    order_id: UUID
    receipt_id: UUID
    complete: bool
    lines: tuple[int, ...] = ()
