"""Set-up remembered for a little while: it is read in every step and changes once a year.

Parties are shared by all. What belongs to one organisation is kept under its id and only given to viewers of it. What
a decision itself rests on (the mandate of the person who approves) is never taken from here.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable
from typing import Any, TypeVar
from uuid import UUID

from avrop.tenancy.facts import Party
from avrop.tenancy.scope import viewer

T = TypeVar("T")

SECONDS = 15.0  # another process's change is seen after this at the latest
MOST = 20_000

_by_id: dict[UUID, tuple[float, Party]] = {}
_by_endpoint: dict[str, UUID] = {}
_set_up: dict[tuple[UUID | None, Hashable], tuple[float, Any]] = {}


def keep(party: Party) -> Party:
    """Remember a party; returns it."""
    if len(_by_id) >= MOST:
        clear()
    _by_id[party.id] = (time.monotonic() + SECONDS, party)
    _by_endpoint[party.endpoint] = party.id
    return party


def get(ident: UUID) -> Party | None:
    """The party, if it was read lately."""
    found = _by_id.get(ident)
    return found[1] if found and found[0] > time.monotonic() else None


def get_by_endpoint(endpoint: str) -> Party | None:
    """The party with this participant id, if it was read lately."""
    ident = _by_endpoint.get(endpoint)
    party = get(ident) if ident else None
    return party if party and party.endpoint == endpoint else None


def remembered(key: Hashable, read: Callable[[], T]) -> T:
    """What `read` says for the viewer's organisation, asked at most every `SECONDS`. `key` names it.

    Not for a viewer without organisation, who sees several. The value must not be changed by who gets it.
    """
    organisation = viewer().organisation_id
    if organisation is None:
        return read()
    place = (organisation, key)
    found = _set_up.get(place)
    if found and found[0] > time.monotonic():
        return found[1]
    value = read()
    if len(_set_up) >= MOST:
        _set_up.clear()
    _set_up[place] = (time.monotonic() + SECONDS, value)
    return value


def clear() -> None:
    """Forget everything (set-up was changed here, or another database is in use)."""
    _by_id.clear()
    _by_endpoint.clear()
    _set_up.clear()
