"""All that is known of a purchase's orders, receipts and invoices, read once under the streams' locks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import Q

from avrop.agreements import queries as agreements
from avrop.delivery import queries as delivery
from avrop.delivery.facts import Before
from avrop.invoicing import queries as invoicing
from avrop.invoicing.facts import InvoiceFacts
from avrop.journal.within import lock_stream
from avrop.kernel.ports import today
from avrop.matching import defaults, rules, states
from avrop.matching.facts import Claim
from avrop.matching.models import Deviation, Match, MatchOrder, PreApproval
from avrop.matching.rows import lines_in
from avrop.ordering import queries as ordering
from avrop.ordering.facts import OrderFacts
from avrop.suppliers import queries as suppliers
from avrop.suppliers.facts import Relation


@dataclass
class Gathered:
    """The facts, and the rows that may have to change."""

    orders: dict[str, OrderFacts] = field(default_factory=dict)
    invoices: dict[UUID, InvoiceFacts] = field(default_factory=dict)
    matches: dict[UUID, Match] = field(default_factory=dict)  # by invoice: those still open
    deviations: dict[UUID, list[Deviation]] = field(default_factory=dict)  # by match
    approved: dict[UUID, Claim] = field(default_factory=dict)  # by order line
    came: dict[UUID, Before] = field(default_factory=dict)  # by order line
    relations: dict[UUID, Relation] = field(default_factory=dict)  # by supplier
    charges: dict[UUID, dict[str, int]] = field(default_factory=dict)  # by agreement
    judged: set[UUID] = field(default_factory=set)  # invoices on these orders that have a match already
    _switches: list[PreApproval] | None = None

    def open(self) -> list[rules.Open]:
        """The open invoices as `rules.settle` takes them."""
        return [self._one(invoice) for invoice in self.invoices.values()]

    def _one(self, invoice: InvoiceFacts) -> rules.Open:
        row = self.matches.get(invoice.id)
        return rules.Open(
            invoice=invoice,
            context=self.context(invoice),
            state=row.state if row else "",
            accepted=self.accepted(row) if row else {},
        )

    def context(self, invoice: InvoiceFacts) -> rules.Context:
        """What the invoice is judged against, claims not counted."""
        return rules.Context(
            orders=self.orders,
            received={line: one.quantity for line, one in self.came.items()},
            relation=self.relations.get(invoice.supplier_id) if invoice.supplier_id else None,
            tolerance=defaults.tolerance(),
            agreed_charges=self._agreed(invoice),
        )

    def _agreed(self, invoice: InvoiceFacts) -> dict[str, int]:
        agreed: dict[str, int] = {}
        for number in rules.order_numbers(invoice):
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
        """The orders that the invoice names and that exist."""
        return [self.orders[n] for n in rules.order_numbers(invoice) if n in self.orders]

    def switch_for(self, payable: int) -> PreApproval | None:
        """The førehandstilvising in force today that covers the amount, øre incl. VAT (Decision 3)."""
        if self._switches is None:
            day = today()
            held = PreApproval.objects.filter(
                Q(valid_to__isnull=True) | Q(valid_to__gt=day), valid_from__lte=day
            )
            self._switches = list(held.order_by("-ceiling"))
        return next((one for one in self._switches if 0 <= payable <= one.ceiling), None)


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


def gather(orders: dict[str, OrderFacts], new: Iterable[InvoiceFacts] = ()) -> Gathered:
    """Every open invoice on these orders, with `new` ones that have no match yet."""
    found = Gathered(orders=dict(orders), invoices={one.id: one for one in new})
    rows = _matches(found)
    found.judged = {row.invoice_id for row in rows.values()}  # type: ignore[attr-defined]
    for row in rows.values():
        if row.state == states.APPROVED:
            claims = rules.all_claims(lines_in(row.lines))
            found.approved = rules.add_claims(found.approved, claims)
        elif row.state in states.OPEN:
            found.matches[row.invoice_id] = row  # type: ignore[attr-defined]
    ids = [row.id for row in found.matches.values()]
    for one in Deviation.objects.filter(match_id__in=ids).order_by("opened_at", "id") if ids else ():
        found.deviations.setdefault(one.match_id, []).append(one)
    order_ids = [order.id for order in found.orders.values()]
    found.came = delivery.before(order_ids) if order_ids else {}
    sellers = {one.supplier_id for one in found.invoices.values() if one.supplier_id}
    found.relations = suppliers.relations(sellers)
    if any(one.charges for one in found.invoices.values()):
        named = {order.agreement_id for order in found.orders.values() if order.agreement_id}
        found.charges = {key: dict(one.agreed_charges) for key, one in agreements.agreements(named).items()}
    return found


def _matches(found: Gathered) -> dict[UUID, Match]:
    """The matches on the orders, and (for invoices over several orders) on the orders that those name."""
    rows: dict[UUID, Match] = {}
    while found.orders:
        ids = [order.id for order in found.orders.values()]
        of_orders = MatchOrder.objects.filter(order_id__in=ids).values("match_id")
        rows = {row.id: row for row in Match.objects.select_for_update().filter(id__in=of_orders)}
        waiting = {row.invoice_id for row in rows.values() if row.state in states.OPEN}  # type: ignore[attr-defined]
        found.invoices |= invoicing.invoices(waiting - found.invoices.keys())
        named = {n for one in found.invoices.values() for n in rules.order_numbers(one)}
        more = (
            ordering.orders_by_numbers(sorted(named - found.orders.keys()))
            if named - found.orders.keys()
            else {}
        )
        if not more:
            break
        found.orders |= more
    return rows
