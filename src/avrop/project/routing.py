"""Inbound messages to the station of their document type: parsed, judged, read, handed over."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from lxml import etree

from avrop.invoicing import operations as invoicing
from avrop.kernel.finding import Finding, Refusal
from avrop.kernel.ports import OSLO, originals
from avrop.messaging import operations as messaging
from avrop.messaging import queries
from avrop.messaging.models import Message
from avrop.messaging.within import holding, note_verdict
from avrop.ordering import operations as ordering
from avrop.portal import operations as portal
from avrop.project import standards
from avrop.ubl import gate, sbdh
from avrop.ubl.documents import (
    invoice,
    invoice_response,
    message_level_response,
    message_level_status,
    order,
    order_cancellation,
    order_change,
    order_response,
    order_response_advanced,
)
from avrop.ubl.identify import Identity, identify
from avrop.ubl.rulesets import NOT_INSTALLED, RULES_STOPPED, Verdict

Reader = Callable[[etree._Element], Any]
Take = Callable[..., object]

# document type -> (how it is read, who takes it)
ROUTES: dict[str, tuple[Reader, Take]] = {
    "order": (order.read, portal.take_order),
    "order_change": (order_change.read, portal.take_change),
    "order_cancellation": (order_cancellation.read, portal.take_cancellation),
    "order_response": (order_response.read, ordering.take_response),
    "order_response_advanced": (order_response_advanced.read, ordering.take_advanced_response),
    "invoice": (invoice.read, invoicing.take_invoice),
    "credit_note": (invoice.read, invoicing.take_invoice),
    "legacy_invoice": (invoice.read, invoicing.take_invoice),  # EHF 2: no rules installed, our own checks run
    "legacy_credit_note": (invoice.read, invoicing.take_invoice),
    "forward_billing": (invoice.read, invoicing.take_invoice),  # shown to the clerk, not to be paid
    "reminder": (invoice.read, invoicing.take_invoice),
    "invoice_response": (invoice_response.read, portal.take_invoice_response),
    "message_level_response": (message_level_response.read, messaging.take_answer),
    "message_level_status": (message_level_status.read, messaging.take_answer),
}
BILLS = ("invoice", "credit_note", "legacy_invoice", "legacy_credit_note", "forward_billing", "reminder")


def route(*, message_id: UUID) -> None:
    """Deal with one stored inbound message. Ends in exactly one operation."""
    message = queries.stored(message_id)
    if message is None:
        return
    with holding(message):
        _deal_with(message)


def _deal_with(message: Message) -> None:
    verdict: Verdict | None = None
    try:
        _header, document = sbdh.unwrap(gate.reopen(originals().get(message.sha256), message.sha256))
        identity = identify(document)
        verdict = _judge(document, identity, message)
        if verdict is not None:
            note_verdict(message, rule_set=verdict.rule_set, findings=[f.as_dict() for f in verdict.told])
        _hand_over(message.id, document, identity, verdict)
    except Refusal as refusal:
        findings = verdict.told if verdict else ()
        messaging.refuse(
            message_id=message.id,
            code=refusal.code,
            params=refusal.params,
            findings=[f.as_dict() for f in findings],  # its sender is told them all
            rule_set=verdict.rule_set if verdict else "",
        )


def _judge(document: etree._Element, identity: Identity, message: Message) -> Verdict | None:
    """By the rules of the day it was received, also where it is dealt with late or once more.

    What comes from this very installation was judged when it left, and is not judged again.
    """
    kind = identity.document_type
    if kind is None:
        raise Refusal(
            "UNKNOWN_DOCUMENT",
            root=identity.root_name,
            customization=identity.customization_id or "-",
            profile=identity.profile_id or "-",
        )
    if message.transmission == "local" and message.rule_set:
        return _as_it_left(message, kind)
    return standards.registry().judge(document, on=message.at.astimezone(OSLO).date())


def _as_it_left(message: Message, kind: str) -> Verdict:
    findings = tuple(Finding(**one) for one in message.findings)
    unknown = message.rule_set == NOT_INSTALLED or any(one.id == RULES_STOPPED for one in findings)
    return Verdict(kind, message.rule_set, None if unknown else True, findings)


def _hand_over(
    message_id: UUID, document: etree._Element, identity: Identity, verdict: Verdict | None
) -> None:
    kind = identity.document_type or ""
    findings: tuple[Finding, ...] = verdict.told if verdict else ()
    if kind in BILLS:
        read, take = ROUTES[kind]
        take(
            message_id=message_id,
            document=read(document),
            findings=findings,
            rule_set=verdict.rule_set if verdict else "",
            valid=verdict.valid if verdict else None,
        )
        return
    fatal = [finding.id for finding in findings if finding.severity == "fatal"]
    if fatal:
        raise Refusal("INVALID_DOCUMENT", count=len(verdict.findings) if verdict else 0, first=fatal[0])
    if kind not in ROUTES:
        messaging.file(message_id=message_id)
        return
    read, take = ROUTES[kind]
    take(message_id=message_id, document=read(document))
