"""All open invoices and credit notes of a purchase, judged together. Pure.

A credit note of an invoice that is not approved yet is taken off it first: clean with it, both are approved
together. What a person has disputed, or asks a credit note for, stands still until then.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

from avrop.invoicing.facts import InvoiceFacts
from avrop.matching import states
from avrop.matching.facts import Check, Claim, LineMatch, Outcome
from avrop.matching.rules import credits
from avrop.matching.rules.checks import Context, twin
from avrop.matching.rules.claims import Accepted, add_claims, all_claims, claims_of, failing
from avrop.matching.rules.credits import Original, Place
from avrop.matching.rules.judging import judge
from avrop.matching.rules.twins import other_numbers


@dataclass(frozen=True, slots=True)
class Open:
    """An invoice or credit note that is not decided yet, with what a person has accepted of it.

    `originals` are those of a credit note that are decided already; `treatment` is a person's word on it.
    """

    invoice: InvoiceFacts
    context: Context  # its own relation and agreed charges; claims are filled in by `settle`
    state: str = ""
    accepted: Accepted = field(default_factory=dict)
    originals: tuple[Original, ...] = ()
    treatment: str = ""


def settle(
    open_invoices: Iterable[Open],
    approved: Mapping[UUID, Claim],
    others: Mapping[str, Sequence[LineMatch]] | None = None,
) -> dict[UUID, Outcome]:
    """Judge every open invoice of a purchase against what is approved already and each other.

    The invoices that are clean already keep their place; then by issue date and number. So the outcome is
    the same whichever arrived first. `others`: the match lines of approved invoices by number, for twins.
    Returns invoice id -> outcome.
    """
    held = tuple(open_invoices)
    bills = sorted((one for one in held if one.invoice.sign > 0), key=_turn)
    notes = sorted((one for one in held if one.invoice.sign < 0), key=_turn)
    round_ = _Round(dict(approved), notes, dict(others or {}))
    for one in bills:
        round_.bill(one)
    for one in notes:
        round_.note(one, {bill.invoice.id for bill in bills})
    return round_.outcomes


def _turn(one: Open) -> tuple[bool, str, str, str]:
    invoice = one.invoice
    return (one.state != states.MATCHED, invoice.issue_date.isoformat(), invoice.number, invoice.id.hex)


@dataclass(frozen=True, slots=True)
class Judged:
    """A credit note's places on its originals, as these stood when it was its turn, and its checks."""

    originals: tuple[Original, ...]
    places: tuple[Place, ...]
    found: tuple[Check, ...]


class _Round:
    """One pass: the claims grow from invoice to invoice."""

    def __init__(
        self, approved: dict[UUID, Claim], notes: list[Open], others: dict[str, Sequence[LineMatch]]
    ) -> None:
        self.claimed, self.settled = approved, dict(approved)
        self.notes, self.others = notes, others
        self.outcomes: dict[UUID, Outcome] = {}
        self.fresh: dict[UUID, Original] = {}  # open invoices as originals
        self.reduced: dict[UUID, Original] = {}  # originals, less the credit notes that come before
        self.judged: dict[UUID, Judged] = {}  # credit notes by their turn

    def bill(self, one: Open) -> None:
        """An invoice, less the credit notes that are for it alone and in order."""
        context = replace(one.context, claimed=self.claimed, settled=self.settled)
        full = self._twins(judge(one.invoice, context, one.accepted), one)
        self.fresh[one.invoice.id] = Original(one.invoice, full.lines, one.state)
        mine = [note for note in self.notes if note.invoice.credits == (one.invoice.id,)]
        ready = [(note.invoice, places) for note in mine if (places := self._in_order(note)) is not None]
        outcome = _less(one, context, full, ready) if ready else full
        if one.state in states.HELD and not (ready and outcome.state in (states.MATCHED, states.CREDITED)):
            outcome = replace(outcome, state=one.state)
        self.outcomes[one.invoice.id] = outcome
        if outcome.state == states.CREDITED:
            return
        taken = claims_of(outcome, one.accepted)
        if ready and outcome.state == states.MATCHED:
            for _, places in ready:
                taken = add_claims(taken, all_claims(credits.lines_of(places, "")))
            self.settled = add_claims(self.settled, taken)
        elif outcome.state == states.MATCHED:
            self.settled = add_claims(self.settled, all_claims(outcome.lines))
        self.claimed = add_claims(self.claimed, taken)
        self.others.setdefault(one.invoice.number, outcome.lines)

    def _twins(self, full: Outcome, one: Open) -> Outcome:
        """The same lines of the same order with a new number, and no room for them: perhaps once more."""
        if any(check.code == "DUPLICATE_SUSPECT" for check in full.checks):
            return full
        over = {check.line for check in full.checks if check.code == "QUANTITY" and not check.passed}
        number = other_numbers(full.lines, over, self.others)
        if not number:
            return full
        again = Check("DUPLICATE_SUSPECT", "", "", "", number, one.invoice.number, False)
        return replace(full, state=_state(full, (again,), one.accepted), checks=(*full.checks, again))

    def _in_order(self, note: Open) -> tuple[Place, ...] | None:
        """The places of a credit note of open invoices; None where something in it must be looked at first."""
        judged = self._judge(note)
        return None if failing(judged.found, note.accepted) else judged.places

    def _judge(self, note: Open) -> Judged:
        """A credit note against what the ones before it have left of its originals."""
        before = self.judged.get(note.invoice.id)
        if before is not None:
            return before
        originals = self._originals(note)
        places = self._places(note, originals)
        found = tuple(credits.checks_of(note.invoice, places, originals))
        if note.context.looks_like:  # perhaps once more: nothing is taken off before a person has said
            found = (*found, twin(note.invoice, note.context))
        judged = self.judged[note.invoice.id] = Judged(originals, places, found)
        if not failing(found, note.accepted):
            for one in originals:
                self.reduced[one.invoice.id] = credits.less_credited(one, note.invoice, places)
        return judged

    def _places(self, note: Open, originals: Sequence[Original]) -> tuple[Place, ...]:
        return credits.place(note.invoice, originals, note.treatment, note.context.returned)

    def _originals(self, note: Open) -> tuple[Original, ...]:
        known = {one.invoice.id: one for one in note.originals} | self.fresh | self.reduced
        found = tuple(known[ident] for ident in note.invoice.credits if ident in known)
        # Of several only what is or may be paid: no money comes back of what we said no to.
        return tuple(one for one in found if one.state not in (states.REJECTED, states.CREDITED)) or found

    def note(self, one: Open, waiting: set[UUID]) -> None:
        """A credit note: its own checks, and what becomes of the invoices that it is for."""
        originals = self._originals(one)
        if not originals:
            lines = credits.lines_of(self._places(one, ()), "unpaired")
            self.outcomes[one.invoice.id] = Outcome(states.WITHOUT_ORIGINAL, (), lines, ())
            return
        judged = self._judge(one)
        originals, places, found = judged.originals, judged.places, judged.found
        state = self._note_state(one, originals, found, waiting)
        orders = {order.number: order.id for order in one.context.orders.values()}
        lines = credits.lines_of(places, state if state in _LINE_STATES else states.MATCHED)
        named = (line.order for line in (*(own for o in originals for own in o.lines), *lines))
        mine = tuple(dict.fromkeys(orders[number] for number in named if number in orders))
        self.outcomes[one.invoice.id] = Outcome(state, found, lines, mine)

    def _note_state(
        self, one: Open, originals: Sequence[Original], found: Sequence[Check], waiting: set[UUID]
    ) -> str:
        here = [self.outcomes[o.invoice.id].state for o in originals if o.invoice.id in waiting]
        if failing(found, one.accepted):
            return states.DEVIATION
        if all(
            o.state in (states.REJECTED, states.CREDITED) for o in originals if o.invoice.id not in waiting
        ):
            if here and set(here) == {states.CREDITED}:
                return states.CREDITED
            if not here:
                return states.CREDITED  # what we never accepted needs no money back
        if any(state != states.MATCHED for state in here):
            return states.AWAITING_ORIGINAL
        if any(o.invoice.id in waiting for o in originals) and len(originals) > 1:
            return states.AWAITING_ORIGINAL  # for several: when all of them are decided
        return states.MATCHED


_LINE_STATES = (states.MATCHED, states.DEVIATION)


def _state(full: Outcome, more: Sequence[Check], accepted: Accepted) -> str:
    return states.DEVIATION if failing(more, accepted) else full.state


def _less(
    one: Open, context: Context, full: Outcome, ready: Sequence[tuple[InvoiceFacts, Sequence[Place]]]
) -> Outcome:
    """The invoice's own lines with the verdict on what is left of it; cancelled out where nothing is."""
    net = credits.less(one.invoice, ready)
    outcome = judge(net, context, one.accepted)
    if outcome.state != states.MATCHED and net.payable == 0 and net.net == 0:
        return replace(full, state=states.CREDITED)
    own = [replace(line, outcome=n.outcome) for line, n in zip(full.lines, outcome.lines, strict=True)]
    return replace(outcome, lines=tuple(own))
