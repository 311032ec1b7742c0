"""What waits for whom: the panels of the first pages. Each says how many statements it costs."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from avrop.accounting.queries import tallies
from avrop.agreements.models import Agreement
from avrop.agreements.queries import all_agreements
from avrop.catalogue.models import CatalogueVersion
from avrop.journal.models import Entry
from avrop.journal.queries import waiting
from avrop.kernel.ports import now, today
from avrop.matching.models import Deviation, Match
from avrop.matching.queries import deviations_by_code, touchless_since
from avrop.messaging.models import Message
from avrop.messaging.queries import flow_since
from avrop.ordering.models import Order, OrderResponse
from avrop.ordering.queries import changes_to_approve
from avrop.requisition.models import Requisition
from avrop.suppliers.models import AccountConfirmation, SupplierRelation
from avrop.suppliers.queries import accounts_of
from avrop.suppliers.states import OPEN
from avrop.tenancy import queries as tenancy
from avrop.tenancy.facts import APPROVER, RECEIVER
from avrop.tenancy.models import Mandate, Organisation, RoleAssignment, Unit
from avrop.tenancy.scope import Viewer
from avrop.web.lists import COUNTED

SHOWN = 6
ENDING = timedelta(days=180)
FAILED = {(Message.OUT, "failed"), (Message.OUT, "rejected"), (Message.IN, "refused")}
Panel = dict[str, Any]


def mine(who: Viewer) -> Panel:
    """The requisitioner's own: baskets, orders, proposals to decide. Three statements."""
    baskets = Requisition.objects.filter(requester_id=who.person_id).select_related("unit")
    recent = list(baskets.order_by("-created_at")[:20])
    orders = (
        Order.objects.filter(requester_id=who.person_id).select_related("supplier").order_by("-issued_at")
    )
    proposals = OrderResponse.objects.filter(state="proposed", order__requester_id=who.person_id)
    return {
        "unfinished": [row for row in recent if row.state in ("draft", "returned")],
        "waiting": [row for row in recent if row.state == "submitted"],
        "orders": list(orders[:SHOWN]),
        "proposals": list(
            proposals.select_related("order", "order__supplier").order_by("received_at")[:SHOWN]
        ),
    }


def changes(who: Viewer) -> Panel:
    """Changes of orders that wait for the approver, and suppliers' proposals in their units. Two statements."""
    proposals = OrderResponse.objects.filter(state="proposed").exclude(order__requester_id=who.person_id)
    held = list(who.units(APPROVER))
    if None not in held:
        below = Q(pk__in=[])
        for unit in held:
            below |= Q(order__unit__path__contains=unit.hex) if unit else Q()
        proposals = proposals.filter(below)
    found = proposals.select_related("order", "order__supplier").order_by("received_at")
    return {"own": changes_to_approve(who.person_id), "proposals": list(found[:SHOWN])}


def deliveries(who: Viewer) -> Panel:
    """Orders on their way to the receiver's units, the oldest first. One statement."""
    rows = Order.objects.filter(message__state="sent", ended="").exclude(receipt_state="full")
    rows = rows.exclude(response_state="rejected").select_related("supplier", "unit")
    return {"rows": list(_within(rows, who.units(RECEIVER)).order_by("issued_at")[:SHOWN])}


def _within(rows: QuerySet[Any], units: Iterable[UUID | None]) -> QuerySet[Any]:
    """Rows of these units and all below them; None is everywhere."""
    held = list(units)
    if None in held:
        return rows
    below = Q(pk__in=[])
    for unit in held:
        below |= Q(unit__path__contains=unit.hex) if unit else Q()
    return rows.filter(below)


def clerk() -> Panel:
    """Deviations by kind and the most urgent, invoices without order, touchless share. Four statements."""
    open_ones = Deviation.objects.filter(state="open").select_related("match", "match__invoice")
    week = now() - timedelta(days=30)
    return {
        "kinds": deviations_by_code(),
        "urgent": list(open_ones.order_by("due", "id")[:SHOWN]),
        "without_order": [row.invoice for row in _without_order()[:SHOWN]],
        "touchless": touchless_since(week),
        "today": today(),
    }


def _without_order() -> QuerySet[Any]:
    rows = Match.objects.filter(state="without_order").select_related("invoice")
    return rows.defer("lines", "checks", "allocation").order_by("matched_at", "id")


def clean() -> int:
    """Clean invoices that wait for an approver's click. One statement."""
    return int(Match.objects.filter(state="matched").count())


def books(suppliers: Panel) -> Panel:
    """What the accountant can release, what is sent and answered, accounts to confirm. Two statements."""
    return {"tallies": tallies(), "accounts": suppliers["unconfirmed"]}


def to_judge(who: Viewer) -> Panel:
    """Catalogue versions for the contract owner, and agreements that end soon. Two statements."""
    versions = CatalogueVersion.objects.filter(state="in_review").select_related("agreement")
    ending = Agreement.objects.filter(state="active", valid_to__lte=today() + ENDING, valid_to__gt=today())
    return {
        "versions": list(versions.order_by("imported_at")[:SHOWN]),
        "ending": list(ending.select_related("supplier").order_by("valid_to")[:SHOWN]),
    }


def cooperation(who: Viewer) -> Panel:
    """Agreements across, members down: who takes part in what. Three statements."""
    assert who.organisation_id is not None
    members, day = tenancy.members_of(who.organisation_id), today()
    heads = []
    for one in all_agreements():
        holders = {p.buyer_id for p in one.participants if p.valid_on(day)}
        heads.append({"one": one, "takes": [member.id in holders for member in members]})
    return {"members": members, "heads": heads}


def admin(who: Viewer, suppliers: Panel) -> Panel:
    """How far the set-up of a buyer has come, and accounts to confirm. One statement."""
    now_held = RoleAssignment.objects.filter(valid_to__isnull=True)
    row = Organisation.objects.filter(id=who.organisation_id).values(
        n_units=_number(Unit.objects.all(), "buyer_id"),
        n_addressed=_number(Unit.objects.filter(addresses__isnull=False), "buyer_id"),
        n_people=_number(now_held, "organisation_id", "person"),
        n_mandates=_number(Mandate.objects.filter(valid_to__isnull=True), "buyer_id"),
    )
    found = {name.removeprefix("n_"): n for name, n in row.get().items()}
    return {**found, "suppliers": suppliers["suppliers"], "accounts": suppliers["unconfirmed"]}


def vendors(who: Viewer) -> Panel:
    """Suppliers, and bank accounts that wait for two persons. One statement."""
    row = Organisation.objects.filter(id=who.organisation_id).values(
        n_suppliers=_number(SupplierRelation.objects.all(), "buyer_id"),
        n_unconfirmed=_number(AccountConfirmation.objects.filter(state=OPEN), "buyer_id"),
    )
    return {name.removeprefix("n_"): n for name, n in row.get().items()}


def _number(rows: QuerySet[Any], owner: str, what: str = "id") -> Coalesce:
    """How many different ones of `what` the viewer's rows have, inside another statement."""
    counted = rows.order_by().values(owner).annotate(n=Count(what, distinct=True)).values("n")
    return Coalesce(Subquery(counted), 0)


def audit() -> Panel:
    """The state of this organisation's audit chain. One statement."""
    last = Entry.objects.order_by("-seq").values_list("seq", "at").first()
    return {"entries": last[0] if last else 0, "last": last[1] if last else None}


def platform() -> Panel:
    """Message flow of the whole installation, and queues. Two statements.

    Only the platform's operator is shown this: no contents, only how many and in which state.
    """
    flow = flow_since(now() - timedelta(days=7), COUNTED)
    return {"flow": flow, "queues": waiting(), "failed": sum(flow[one] for one in flow.keys() & FAILED)}


def trade() -> Panel:
    """Suppliers with terms and bank accounts, budget mode and førehandstilvising. Two statements."""
    rows = list(SupplierRelation.objects.select_related("supplier").order_by("supplier__name"))
    accounts = accounts_of(row.supplier_id for row in rows)
    return {"rows": [{"row": row, "accounts": accounts.get(row.supplier_id, [])} for row in rows]}
