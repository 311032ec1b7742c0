"""Ways to a receiver. The supplier's channel names one; each is an `AccessPoint`."""

from __future__ import annotations

from typing import Protocol

from avrop.messaging.facts import Judged


class TransportError(Exception):
    """The envelope was not taken. `permanent`: trying again will not help."""

    def __init__(self, code: str, *, permanent: bool, **params: object) -> None:
        super().__init__(f"{code} {params}" if params else code)
        self.code = code
        self.permanent = permanent
        self.params = params


class AccessPoint(Protocol):
    """Takes an envelope towards its receiver."""

    def submit(self, envelope: bytes, *, idempotency_key: str, judged: Judged) -> str:
        """Hand the envelope over; returns the transmission id. Raises TransportError.

        The same key again has no second effect and returns the same id. `judged` is for a receiver on this
        installation, who need not ask the same rules again; to others it is not told.
        """
        ...


def access_point(name: str) -> AccessPoint:
    """The adapter by its channel name. Raises TransportError for one that is not installed."""
    if name == "local":
        from avrop.messaging.adapters.local import LocalAccessPoint

        return LocalAccessPoint()
    raise TransportError("NO_ADAPTER", permanent=True, channel=name)
