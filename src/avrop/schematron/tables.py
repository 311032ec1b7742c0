"""What a generated module says about its rules: where to ask, and what a failed check is called."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from avrop.schematron.contexts import Alternative

Body = Callable[[Any, Any], None]
Test = Callable[[Any, Any], bool]


@dataclass(slots=True)
class Alarm:
    """A check that fails where one of the paths is found below its context, and never else."""

    check: int
    targets: tuple[Alternative, ...]


@dataclass(slots=True)
class Rule:
    """`body(d, n)` asks the checks; None where nothing is left to ask. `pattern` is its place in the schema."""

    pattern: int
    alternatives: tuple[Alternative, ...]
    body: Body | None
    alarms: tuple[Alarm, ...]
    number: int = 0


@dataclass(slots=True)
class Message:
    """A check's id, flag (fatal, warning, information) and text; None where the text depends on the document."""

    id: str
    flag: str
    text: str | None


class Lazy:
    """A variable's value, computed when first used."""

    __slots__ = ("_make", "_value")

    def __init__(self, make: Callable[[], Any]) -> None:
        self._make: Callable[[], Any] | None = make

    def __call__(self) -> Any:
        if self._make is not None:
            self._value = self._make()
            self._make = None
        return self._value
