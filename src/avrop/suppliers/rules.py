"""How a bank account stands, who has handled an invoice, and whether a call back is one. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, datetime
from typing import Protocol
from uuid import UUID

from avrop.kernel.finding import Refusal
from avrop.kernel.identifiers import BadIdentifier, clean_account
from avrop.suppliers.facts import (
    CONFIRMED,
    EXPIRED,
    NUMBER_SOURCES,
    STOPPED,
    UNCONFIRMED,
    WITHDRAWN,
    CallBack,
)

HANDLING = ("invoicing.", "matching.", "accounting.")  # rooms whose entries are acts on an invoice


class Entry(Protocol):
    """What is asked of a journal entry."""

    @property
    def actor(self) -> UUID | None: ...
    @property
    def event(self) -> str: ...
    @property
    def subject(self) -> str: ...
    @property
    def payload(self) -> dict[str, object]: ...


def standing(
    *,
    confirmed_at: datetime | None,
    withdrawn_at: datetime | None,
    stopped_at: datetime | None,
    valid_to: date | None,
    on: date,
) -> str:
    """How an account stands on a day. `valid_to` is the first day on which it is not good."""
    if stopped_at is not None:
        return STOPPED
    if withdrawn_at is not None:
        return WITHDRAWN
    if confirmed_at is None:
        return UNCONFIRMED
    return EXPIRED if valid_to is not None and valid_to <= on else CONFIRMED


def handlers(entries: Iterable[Entry], invoice_ids: Collection[UUID]) -> frozenset[UUID]:
    """The persons who had a hand on any of the invoices: answered, judged, accepted, approved or booked them.

    An act on an invoice names it in its event, or is about the same match or posting as one that does.
    """
    rows = [one for one in entries if one.event.startswith(HANDLING)]
    wanted = {one.hex for one in invoice_ids}
    about = {one.subject for one in rows if one.payload.get("invoice_id") in wanted and one.subject}
    about |= {f"invoicing.Invoice:{one}" for one in wanted}
    return frozenset(
        one.actor
        for one in rows
        if one.actor is not None and (one.payload.get("invoice_id") in wanted or one.subject in about)
    )


def sound(account: str) -> bool:
    """The check digits are right: kontonummer by mod 11, IBAN by mod 97 (ISO 13616)."""
    try:
        return clean_account(account) == account
    except BadIdentifier:
        return False


def demand_call(call: CallBack, at: datetime) -> None:
    """A call back says with whom, on which number, where that number is from, when and what was said.

    Raises Refusal CALL_INCOMPLETE, CALL_SOURCE (the invoice's own number is no source), CALL_IN_FUTURE.
    """
    if not all(text.strip() for text in (call.talked_to, call.number, call.said)):
        raise Refusal("CALL_INCOMPLETE")
    if call.source not in NUMBER_SOURCES:
        raise Refusal("CALL_SOURCE")
    if call.called_at > at:
        raise Refusal("CALL_IN_FUTURE")
