"""All that is known of a purchase's orders, receipts and invoices, read once under the streams' locks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import F, Q

from avrop.agreements import queries as agreements
from avrop.delivery import queries as delivery
from avrop.delivery.facts import Before
from avrop.invoicing import queries as invoicing
from avrop.invoicing.facts import InvoiceFacts
from avrop.journal.within import lock_stream
from avrop.kernel.ports import today
from avrop.matching import defaults, rules, states
from avrop.matching.facts import Allocation, Claim, LineMatch, Outcome
from avrop.matching.models import Deviation, Match, MatchOrder, PreApproval
from avrop.matching.rows import allocation_in, lines_in
from avrop.matching.rules import Original
from avrop.ordering import queries as ordering
from avrop.ordering.facts import OrderFacts
from avrop.suppliers import queries as suppliers
from avrop.suppliers.facts import Relation
from avrop.tenancy import cache
from avrop.tenancy import queries as tenancy


@dataclass
class Gathered:
    """The facts, and the rows that may have to change.

    `invoices` are those still open, credit notes among them; `known` the decided ones that a credit note ties
    to them; `matches` and `rows` their rows.
    """

    orders: dict[str, OrderFacts] = field(default_factory=dict)
    invoices: dict[UUID, InvoiceFacts] = field(default_factory=dict)
    matches: dict[UUID, Match] = field(default_factory=dict)  # by invoice: those still open
    known: dict[UUID, InvoiceFacts] = field(default_factory=dict)
    rows: dict[UUID, Match] = field(default_factory=dict)  # by invoice: all that were read
    deviations: dict[UUID, list[Deviation]] = field(default_factory=dict)  # by match
    approved: dict[UUID, Claim] = field(default_factory=dict)  # by order line
    others: dict[str, tuple[LineMatch, ...]] = field(default_factory=dict)  # approved ones by number
    came: dict[UUID, Before] = field(default_factory=dict)  # by order line
    returned: dict[UUID, int] = field(default_factory=dict)  # by order line
    relations: dict[UUID, Relation] = field(default_factory=dict)  # by supplier
    charges: dict[UUID, dict[str, int]] = field(default_factory=dict)  # by agreement
    elsewhere: frozenset[str] = frozenset()  # order numbers that are another buyer's
    twins: dict[UUID, str] = field(default_factory=dict)  # invoice -> its twin's number
    judged: set[UUID] = field(default_factory=set)  # invoices that have a match already
    now_approved: set[UUID] = field(default_factory=set)  # in this very operation
    buyer_orgnr: str = ""
    fresh: dict[UUID, Outcome] = field(default_factory=dict)  # of credit notes, this round's
    _switches: list[PreApproval] | None = None

    def open(self) -> list[rules.Open]:
        """The open invoices and credit notes as `rules.settle` takes them."""
        return [self._one(invoice) for invoice in self.invoices.values()]

    def _one(self, invoice: InvoiceFacts) -> rules.Open:
        row = self.matches.get(invoice.id)
        return rules.Open(
            invoice=invoice,
            context=self.context(invoice),
            state=row.state if row else "",
            accepted=self.accepted(row) if row else {},
            originals=tuple(self._original(self.known[one]) for one in invoice.credits if one in self.known),
            treatment=row.treatment if row else "",
        )

    def _original(self, invoice: InvoiceFacts) -> Original:
        """A decided invoice with its match lines and what approved credit notes have taken of it."""
        row = self.rows.get(invoice.id)
        prefix = f"{invoice.id.hex}:"
        credited: dict[str, Claim] = {}
        total = 0
        for ident in invoice.credited_by:
            note, match = self.known.get(ident), self.rows.get(ident)
            if note is None or match is None or match.state != states.APPROVED:
                continue
            total += note.payable
            by_line = {one.line_id: one for one in note.lines}
            for one in lines_in(match.lines):
                if one.of.startswith(prefix):
                    quantity = by_line[one.line].quantity if one.quantity else 0
                    of = one.of.removeprefix(prefix)
                    credited[of] = credited.get(of, Claim()).plus(Claim(quantity, -one.net))
        lines = lines_in(row.lines) if row else ()
        return Original(invoice, lines, row.state if row else "", credited, total)

    def context(self, invoice: InvoiceFacts) -> rules.Context:
        """What the invoice is judged against, claims not counted."""
        return rules.Context(
            orders=self.orders,
            received={line: one.quantity for line, one in self.came.items()},
            relation=self.relations.get(invoice.supplier_id) if invoice.supplier_id else None,
            tolerance=defaults.tolerance(),
            agreed_charges=self._agreed(invoice),
            buyer_orgnr=self.buyer_orgnr,
            elsewhere=self.elsewhere,
            looks_like=self.twins.get(invoice.id, ""),
            returned=self.returned,
        )

    def _agreed(self, invoice: InvoiceFacts) -> dict[str, int]:
        agreed: dict[str, int] = {}
        for number in rules.order_numbers(invoice) if self.charges else ():
            order = self.orders.get(number)
            if order and order.agreement_id:
                for code, amount in self.charges.get(order.agreement_id, {}).items():
                    agreed[code] = max(agreed.get(code, 0), amount)
        return agreed

    def accepted(self, row: Match) -> dict[tuple[str, str], int]:
        """What people have accepted on a match: (code, line) -> øre."""
        mine = self.deviations.get(row.id, ())
        return {(one.code, one.line): one.amount for one in mine if one.state == "accepted"}

    def orders_of(self, invoice: InvoiceFacts) -> list[OrderFacts]:
        """The orders that the invoice, or what it credits, names and that exist."""
        named = dict.fromkeys(rules.order_numbers(invoice))
        for ident in invoice.credits:
            original = self.invoices.get(ident) or self.known.get(ident)
            named |= dict.fromkeys(rules.order_numbers(original) if original else ())
        return [self.orders[number] for number in named if number in self.orders]

    def notes_of(self, invoice: InvoiceFacts) -> list[InvoiceFacts]:
        """The open credit notes that are for this invoice alone, and in order: approved with it."""
        mine = (self.invoices.get(ident) for ident in invoice.credited_by)
        return [
            note
            for note in mine
            if note is not None and note.credits == (invoice.id,) and self._in_order(note)
        ]

    def _in_order(self, note: InvoiceFacts) -> bool:
        if note.id in self.fresh:
            return self.fresh[note.id].state != states.DEVIATION
        row = self.matches.get(note.id)
        return row is None or row.state != states.DEVIATION

    def judge(self) -> dict[UUID, Outcome]:
        """What every open invoice and credit note is by now."""
        outcomes = rules.settle(self.open(), self.approved, self.others)
        self.fresh = {key: one for key, one in outcomes.items() if self.invoices[key].sign < 0}
        return outcomes

    def basis(self, note: InvoiceFacts) -> list[Allocation]:
        """How the approved originals of a credit note, and what has been credited of them, were put on codings."""
        earlier = {
            ident for one in note.credits if one in self.known for ident in self.known[one].credited_by
        } - {note.id}
        rows = [self.rows.get(ident) for ident in (*note.credits, *sorted(earlier))]
        return [part for row in rows if row for part in allocation_in(row.allocation)]

    def switch_for(self, payable: int) -> PreApproval | None:
        """The førehandstilvising in force today that covers the amount, øre incl. VAT (Decision 3)."""
        if self._switches is None:
            day = today()
            known = cache.remembered("switches", lambda: tuple(PreApproval.objects.order_by("-ceiling")))
            self._switches = [
                one for one in known if one.valid_from <= day and (one.valid_to is None or one.valid_to > day)
            ]
        return next((one for one in self._switches if 0 <= payable <= one.ceiling), None)

    def close(self, invoice_id: UUID, row: Match) -> None:
        """The invoice is decided: it is judged no more, and what it took counts."""
        facts = self.invoices.pop(invoice_id, None)
        self.matches.pop(invoice_id, None)
        self.rows[invoice_id] = row
        if facts is not None:
            self.known[invoice_id] = facts


def lock_and_read(streams: Iterable[str], numbers: Iterable[str]) -> dict[str, OrderFacts]:
    """The orders by number, with their purchases' streams locked (sorted) before they are read."""
    wanted, held = sorted(set(numbers)), set(streams)
    for stream in sorted(held):
        lock_stream(stream)
    while True:
        orders = ordering.orders_by_numbers(wanted) if wanted else {}
        more = {order.stream for order in orders.values()} - held
        if not more:
            return orders
        for stream in sorted(more):
            lock_stream(stream)
        held |= more


def gather(
    orders: dict[str, OrderFacts], new: Iterable[InvoiceFacts] = (), *, judged: bool = False
) -> Gathered:
    """Every open invoice and credit note on these orders, with `new` ones and all that is tied to them.

    `judged`: the new ones have matches already, also where no order leads to them.
    """
    found = Gathered(orders=dict(orders), invoices={one.id: one for one in new})
    _read_matches(found)
    alone = found.invoices.keys() - found.rows.keys() if judged else set()
    if alone:
        found.rows |= _rows(set(), alone)
    for key in [key for key in found.invoices if key in found.rows]:
        if found.rows[key].state in states.DECIDED:  # while we waited for the locks
            found.known[key] = found.invoices.pop(key)
    for key, row in found.rows.items():
        if row.state == states.APPROVED:
            lines = lines_in(row.lines)
            found.approved = rules.add_claims(found.approved, rules.all_claims(lines))
            found.others[row.invoice_number] = lines  # type: ignore[attr-defined]
        elif key in found.invoices:
            found.matches[key] = row
    found.judged = set(found.rows)
    ids = [row.id for row in found.matches.values()]
    for one in Deviation.objects.filter(match_id__in=ids).order_by("opened_at", "id") if ids else ():
        found.deviations.setdefault(one.match_id, []).append(one)
    _surroundings(found)
    return found


def _read_matches(found: Gathered) -> None:
    """The matches on the orders, on other orders that those name, and on what credit notes tie to them."""
    asked: set[UUID] = set()
    looked = set(found.orders)
    while True:
        of_orders = {order.id for order in found.orders.values()} - asked
        tied = _tied(found) - asked
        if not of_orders and not tied:
            return
        asked |= of_orders | tied
        rows = _rows(of_orders, tied)
        found.rows |= rows
        waiting = {key for key, row in rows.items() if row.state in states.WAITING}
        unread = (waiting | tied) - found.invoices.keys() - found.known.keys()
        for key, facts in invoicing.invoices(unread).items():
            row = found.rows.get(key)
            decided = row is not None and row.state in states.DECIDED
            (found.known if decided else found.invoices)[key] = facts
        both = (*found.invoices.values(), *found.known.values())
        missing = {number for one in both for number in rules.order_numbers(one)} - looked
        looked |= missing
        if missing:
            found.orders |= ordering.orders_by_numbers(sorted(missing))


def _tied(found: Gathered) -> set[UUID]:
    both = (*found.invoices.values(), *found.known.values())
    ties = {ident for one in both for ident in (*one.credits, *one.credited_by)}
    return ties | {one.id for one in both if one.credits or one.credited_by}


def _rows(orders: set[UUID], invoices: set[UUID]) -> dict[UUID, Match]:
    of_orders = Q(id__in=MatchOrder.objects.filter(order_id__in=orders).values("match_id"))
    wanted = of_orders if not invoices else Q(invoice_id__in=invoices)
    if orders and invoices:
        wanted |= of_orders
    rows = Match.objects.select_for_update(of=("self",)).annotate(invoice_number=F("invoice__number"))
    return {row.invoice_id: row for row in rows.filter(wanted).order_by("id")}


def _surroundings(found: Gathered) -> None:
    order_ids = [order.id for order in found.orders.values()]
    found.came = delivery.before(order_ids) if order_ids else {}
    bills = [one for one in found.invoices.values() if one.sign > 0]
    found.relations = suppliers.relations({one.supplier_id for one in bills if one.supplier_id})
    if any(one.charges for one in bills):
        named = {order.agreement_id for order in found.orders.values() if order.agreement_id}
        found.charges = {key: dict(one.agreed_charges) for key, one in agreements.agreements(named).items()}
    if len(bills) < len(found.invoices) and order_ids:
        found.returned = delivery.returned(order_ids)
        if (
            found.returned
        ):  # the line may not have been told yet that it shrank: nothing is owed of that again
            found.orders = {number: ordering.up_to_date(one) for number, one in found.orders.items()}
    for one in found.invoices.values():
        found.buyer_orgnr = tenancy.party(one.buyer_id).orgnr
        break
    unknown = {n for one in bills for n in rules.order_numbers(one)} - found.orders.keys()
    if unknown:
        sellers = {one.supplier_id for one in bills if one.supplier_id}
        found.elsewhere = ordering.elsewhere(unknown, sellers)
    alike = {one.id: one.looks_like for one in found.invoices.values() if one.looks_like}
    if alike:
        numbers = invoicing.numbers(alike.values())
        found.twins = {key: numbers[twin] for key, twin in alike.items() if twin in numbers}
