"""Inbound: the bytes are stored before anything judges them; then one operation gives them a row.

Bytes that cannot be read, and envelopes for nobody here, belong to the platform's operator: refused, with a
case, never lost.
"""

from __future__ import annotations

import hashlib
from uuid import UUID

from django.conf import settings

from avrop.kernel.finding import Refusal
from avrop.kernel.ports import originals
from avrop.messaging import operations
from avrop.messaging.facts import Peeked, Received
from avrop.tenancy import queries as tenancy
from avrop.tenancy.scope import as_system
from avrop.ubl import gate, sbdh
from avrop.ubl.endpoints import document_number, endpoints
from avrop.ubl.identify import identify


def receive(raw: bytes, *, transport: str) -> Received:
    """Take bytes as an access point delivers them (an envelope, or a bare document).

    Stores the original first. The same message again gets the same answer.
    """
    sha256 = originals().put(raw)
    peeked = peek(raw, sha256)
    owner = _owner(peeked)
    refusal, params = peeked.refusal, dict(peeked.params)
    if owner is None and not refusal:
        refusal, params = _for_nobody(peeked)
    with as_system(owner or _operator()):
        return operations.store(
            owner_id=owner or _operator(),
            peeked=peeked,
            sha256=sha256,
            size=len(raw),
            transport=transport,
            refusal=refusal,
            params=params,
        )


def peek(raw: bytes, sha256: str | None = None) -> Peeked:
    """What the bytes say of themselves; a refusal code where they cannot be read."""
    digest = sha256 or hashlib.sha256(raw).hexdigest()
    bare = f"sha256:{digest}"
    try:
        header, document = sbdh.unwrap(gate.admit(raw).root)
    except Refusal as refusal:
        return Peeked(instance_id=bare, refusal=refusal.code, params=_plain(refusal))
    identity = identify(document)
    sender, receiver = endpoints(document, identity.document_type)
    return Peeked(
        instance_id=(header.instance_id if header else bare)[:100],
        sender=(header.sender if header else sender)[:80],
        receiver=(header.receiver if header else receiver)[:80],
        document_type=identity.document_type or "",
        document_type_id=(header.document_type_id if header else identity.document_type_id)[:300],
        process_id=(header.process_id if header else identity.process_id)[:200],
        number=document_number(document),
    )


def _plain(refusal: Refusal) -> dict[str, object]:
    return {key: str(value)[:200] for key, value in refusal.params.items()}


def _for_nobody(peeked: Peeked) -> tuple[str, dict[str, object]]:
    """Why nobody here gets it: the address is not ours, or there is none."""
    if peeked.receiver:
        return "UNKNOWN_RECEIVER", {"receiver": peeked.receiver}
    if peeked.document_type:
        return "NO_RECEIVER", {}
    root, _hashes, rest = peeked.document_type_id.partition("##")
    kind = {"root": root.rpartition("::")[2] or "-", "customization": rest.rpartition("::")[0] or "-"}
    return "UNKNOWN_DOCUMENT", {key: value[:200] for key, value in kind.items()}


def _owner(peeked: Peeked) -> UUID | None:
    party = tenancy.party_by_endpoint(peeked.receiver) if peeked.receiver else None
    return party.id if party else None


def _operator() -> UUID:
    party = tenancy.party_by_slug(settings.AVROP_OPERATOR)
    if party is None:
        raise Refusal("NO_OPERATOR", slug=settings.AVROP_OPERATOR)
    return party.id
