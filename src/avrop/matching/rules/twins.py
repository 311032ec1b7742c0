"""Whether an invoice asks once more for what another has asked for already: same lines, new number. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from uuid import UUID

from avrop.matching.facts import LineMatch


def content(lines: Iterable[LineMatch]) -> tuple[tuple[UUID, int, int], ...]:
    """What an invoice is about, whatever its number: order line, quantity, net; in a fixed order."""
    return tuple(
        sorted((one.order_line_id, one.quantity, one.net) for one in lines if one.order_line_id is not None)
    )


def other_numbers(
    lines: Sequence[LineMatch], over: Collection[str], others: Mapping[str, Sequence[LineMatch]]
) -> str:
    """The number of the latest other invoice with the same lines; "" where there is none, or there is room.

    Part deliveries of one size are ordinary, and so is the same invoice each month: as long as every line is
    within what was ordered and not invoiced, nothing is suspected. `over` are the lines that are not.
    """
    if not over or any(one.order_line_id is None for one in lines):
        return ""
    mine = content(lines)
    alike = (number for number, theirs in reversed(list(others.items())) if mine and content(theirs) == mine)
    return next(alike, "")
