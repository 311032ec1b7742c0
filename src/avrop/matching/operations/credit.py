"""What a person says about a credit note: which invoices it is for, and whether goods are credited too."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from avrop.invoicing import queries as invoicing
from avrop.invoicing.facts import InvoiceFacts
from avrop.journal.operation import operation
from avrop.journal.within import record
from avrop.kernel.finding import Refusal
from avrop.matching import permissions, states
from avrop.matching.events import CreditTreated, OriginalChosen
from avrop.matching.models import Match
from avrop.matching.operations.decide import open_match
from avrop.matching.operations.deviations import save_all
from avrop.matching.operations.gather import Gathered
from avrop.matching.operations.settle import Click, settle
from avrop.matching.operations.write import OWNERLESS, close_cases
from avrop.matching.rules import credits
from avrop.tenancy.results import demand
from avrop.tenancy.scope import viewer


@operation
def choose_originals(*, match_id: UUID, original_ids: Sequence[UUID], reason: str = "") -> None:
    """Say which invoices of the same seller a credit note is for; invoicing ties them together.

    Raises Refusal: MATCH_STATE, CREDIT_NO_ORIGINAL, CREDIT_OTHER_SELLER, or what the permission says.
    """
    row, note, found = _open_note(match_id)
    wanted = sorted(set(original_ids))
    originals = invoicing.invoices(wanted)
    if not wanted or len(originals) != len(wanted):
        raise Refusal("CREDIT_NO_ORIGINAL", number=note.number)
    if any(one.sign < 0 or one.seller_orgnr != note.seller_orgnr for one in originals.values()):
        raise Refusal("CREDIT_OTHER_SELLER", seller=note.seller_name)
    # Until they are tied it waits, so that nobody approves it against the old ones.
    row.state, row.touched, row.version = states.AWAITING_ORIGINAL, True, row.version + 1
    row.save(update_fields=["state", "touched", "version"])
    closed: list[Any] = close_cases(note.id, OWNERLESS.values(), viewer().person_id, reason)
    if set(wanted) != set(note.credits):
        closed += _void(found, row)
    event = OriginalChosen(credit_id=note.id, originals=tuple(wanted))
    record(event, tenant=row.buyer_id, stream=row.stream, subject=row, changed=[row, *closed], reason=reason)


def _void(found: Gathered, row: Match) -> list[Any]:
    """What somebody accepted, they accepted of another invoice."""
    accepted = [one for one in found.deviations.get(row.id, []) if one.state == "accepted"]
    for one in accepted:
        one.state = "resolved"
    save_all(accepted, "state")
    return list(accepted)


@operation
def treat_credit(*, match_id: UUID, treatment: str, reason: str = "") -> None:
    """Say that a credit note reduces the amount only (`amount`), or the quantity too (`quantity`).

    Decision 10. Raises Refusal: MATCH_STATE, CREDIT_TREATMENT, or what the permission says.
    """
    row, note, found = _open_note(match_id)
    if treatment not in (credits.AMOUNT, credits.QUANTITY):
        raise Refusal("CREDIT_TREATMENT")
    row.treatment = treatment
    event = CreditTreated(invoice_id=note.id, treatment=treatment)
    settle(found, Click(note.id, viewer().person_id, False, (event,), (), reason))


def _open_note(match_id: UUID) -> tuple[Match, InvoiceFacts, Gathered]:
    row, note, found = open_match(match_id)
    if note.sign > 0 or row.state in states.DECIDED:
        raise Refusal("MATCH_STATE", number=note.number)
    demand(permissions.may_hold(viewer()))
    return row, note, found
