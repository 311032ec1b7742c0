"""What a rule set finds."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Hit:
    """One assert that failed or report that fired. `at` is XPath 3.1's path of the node."""

    id: str
    flag: str
    at: str
    text: str
