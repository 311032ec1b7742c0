"""Named points that a run passes (before and after each commit, around each hand-over to the network).

Nothing listens in an ordinary run. The reliability tests listen, and kill the process at one of them.
"""

from __future__ import annotations

from collections.abc import Callable

_listener: Callable[[str], None] | None = None


def listen(listener: Callable[[str], None] | None) -> None:
    """Call `listener(name)` at every point; None stops listening."""
    global _listener
    _listener = listener


def reached(name: str) -> None:
    """The run is at the point `name`."""
    if _listener is not None:
        _listener(name)
