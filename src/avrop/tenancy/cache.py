"""Parties remembered for a little while: names and addresses are read in every step and change once a year.

Only what is shared by all (the directory of parties) is kept here, never anything that belongs to one tenant.
"""

from __future__ import annotations

import time
from uuid import UUID

from avrop.tenancy.facts import Party

SECONDS = 15.0  # another process's change is seen after this at the latest
MOST = 20_000

_by_id: dict[UUID, tuple[float, Party]] = {}
_by_endpoint: dict[str, UUID] = {}


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


def clear() -> None:
    """Forget all of them (an organisation was changed here, or another database is in use)."""
    _by_id.clear()
    _by_endpoint.clear()
