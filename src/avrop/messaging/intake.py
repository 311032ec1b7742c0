"""Inbound: the bytes are stored before anything judges them; then one operation gives them a row.

Bytes that cannot be read, and envelopes for nobody here, belong to the platform's operator: refused, with a
case, never lost.
"""

from __future__ import annotations

import hashlib
from uuid import UUID

from django.conf import settings
from lxml import etree

from avrop.kernel.finding import Refusal
from avrop.kernel.ports import originals
from avrop.messaging import operations, queries, rules
from avrop.messaging.facts import Judged, Peeked, Received
from avrop.tenancy import queries as tenancy
from avrop.tenancy.scope import as_system
from avrop.ubl import gate, sbdh
from avrop.ubl.endpoints import document_number, endpoints, sender_name
from avrop.ubl.identify import identify
from avrop.ubl.location import CAC, CBC


def receive(raw: bytes, *, transport: str, judged: Judged | None = None) -> Received:
    """Take bytes as an access point delivers them (an envelope, or a bare document).

    Stores the original first. The same message again gets the same answer. `judged`: what the rules of this very
    installation said when it left here.
    """
    sha256 = originals().put(raw)
    peeked = peek(raw, sha256)
    owner = _owner(peeked)
    refusal, params = peeked.refusal, dict(peeked.params)
    if owner is None and not refusal:
        refusal, params = _for_nobody(peeked)
    keeper = owner or _operator()
    with as_system(keeper):
        return operations.store(
            owner_id=keeper,
            peeked=peeked,
            sha256=sha256,
            size=len(raw),
            transport=transport,
            refusal=refusal,
            params=params,
            judged=judged,
        )


def peek(raw: bytes, sha256: str | None = None) -> Peeked:
    """What the bytes say of themselves; a refusal code where they cannot be read or contradict themselves."""
    digest = sha256 or hashlib.sha256(raw).hexdigest()
    bare = f"sha256:{digest}"
    try:
        header, document = sbdh.unwrap(gate.admit(raw).root)
    except Refusal as refusal:
        return Peeked(instance_id=bare, refusal=refusal.code, params=_plain(refusal))
    identity = identify(document)
    ends = endpoints(document, identity.document_type)
    sender, receiver = (header.sender, header.receiver) if header else ends
    refusal_code, params = _contradicted(header, ends, identity.document_type)
    party = tenancy.party_by_endpoint(sender) if sender else None
    return Peeked(
        instance_id=(header.instance_id if header else bare)[:100],
        sender=sender[:80],
        receiver=receiver[:80],
        document_type=identity.document_type or "",
        document_type_id=(header.document_type_id if header else identity.document_type_id)[:300],
        process_id=(header.process_id if header else identity.process_id)[:200],
        number=document_number(document, identity.document_type),
        sender_name=party.name if party else sender_name(document, identity.document_type),
        answer_to=(header.mls_to or "")[:80] if header else "",
        answer_always=header is not None and header.mls_type == sbdh.ALWAYS_SEND,
        refers_to=_answered(document) if identity.document_type == rules.MLS else "",
        refusal=refusal_code,
        params=params,
    )


def _contradicted(
    header: sbdh.Header | None, ends: tuple[str, str], document_type: str | None
) -> tuple[str, dict[str, object]]:
    """An envelope must come from, and go to, the parties that its document names: nobody bills for another.

    An access point may send on a seller's behalf; the envelope's sender is the seller all the same (Peppol
    Policy for use of identifiers). Where the document names no endpoint its own rules must say so.
    """
    if header is None or document_type is None:
        return "", {}
    for code, outside, inside in (
        ("SENDER_CONTRADICTED", header.sender, ends[0]),
        ("RECEIVER_CONTRADICTED", header.receiver, ends[1]),
    ):
        if inside and outside.lower() != inside.lower():
            return code, {"envelope": outside[:80], "document": inside[:80]}
    return "", {}


def _answered(document: etree._Element) -> str:
    """The instance id that an MLS is about; its own reader judges it properly later."""
    reference = f"{{{CAC}}}DocumentResponse/{{{CAC}}}DocumentReference/{{{CBC}}}ID"
    return (document.findtext(reference) or "").strip()[:100]


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
    own = settings.AVROP_SPIS.lower()
    if own and peeked.document_type == rules.MLS and peeked.receiver.lower() == own:
        return queries.owner_of_sent(peeked.refers_to) or _operator()
    party = tenancy.party_by_endpoint(peeked.receiver) if peeked.receiver else None
    return party.id if party else None


def _operator() -> UUID:
    """Whose the rest is. An installation that nobody has set up yet gets an operator here: nothing is lost."""
    party = tenancy.party_by_slug(settings.AVROP_OPERATOR)
    return party.id if party else operations.make_operator(slug=settings.AVROP_OPERATOR)
