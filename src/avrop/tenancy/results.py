"""The answer of a permission: allowed, or denied with a reason that is shown to the person."""

from __future__ import annotations

from dataclasses import dataclass, field

from avrop.kernel.finding import Refusal


@dataclass(frozen=True, slots=True)
class Allowed:
    """Go ahead."""

    def __bool__(self) -> bool:
        return True


@dataclass(frozen=True, slots=True)
class Denied:
    """No, for this reason (a code that pages turn into a sentence)."""

    reason: str
    params: dict[str, object] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return False


Answer = Allowed | Denied


def demand(answer: Answer) -> None:
    """For an operation: raises the Refusal that a denial is. A page says it with `tenancy.doors.admit`."""
    if isinstance(answer, Denied):
        raise Refusal(answer.reason, **answer.params)
