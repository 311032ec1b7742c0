"""Orders as the ordering station leaves them, written straight to the tables, with their cost committed."""

from __future__ import annotations

from decimal import Decimal

from avrop.approval.models import ApprovalTask
from avrop.coding.facts import budget_key
from avrop.commitments.facts import Balance, Move
from avrop.commitments.queries import balances
from avrop.commitments.within import move
from avrop.delivery.rules import cost_of
from avrop.journal.operation import operation
from avrop.journal.within import label, record
from avrop.kernel.money import line_amount
from avrop.kernel.ports import new_id, now
from avrop.messaging.models import Message
from avrop.ordering import queries as ordering
from avrop.ordering.events import OrdersPlaced
from avrop.ordering.models import Order, OrderLine
from avrop.tenancy.scope import as_system
from tests.world import World

MICRO = 1_000_000


def place(
    world: World,
    *lines: tuple[str, str],
    unit: str = "school",
    requester: str = "berit",
    approver: str = "rektor",
    treatment: str = "compensated",
    number: str = "2026-00001",
    **more: object,
) -> Order:
    """An order of (quantity, price) lines of Bremnes', sent and approved."""
    buyer, place_of = world.bremnes, world.units[unit]
    with as_system(buyer.id):
        order = _write(
            world=world,
            lines=lines or (("10", "52.90"),),
            unit=place_of,
            requester=requester,
            treatment=treatment,
            number=number,
            more=more,
        )
        ApprovalTask.objects.create(
            buyer=buyer,
            subject=f"requisition.Requisition:{order.requisition_id.hex}",
            subject_id=order.requisition_id,
            number="R2026-00001",
            stream=order.stream,
            requester=world.people[requester],
            unit=place_of,
            responsibility=place_of.responsibility,
            amount=order.gross,
            content_hash="0" * 64,
            state="approved",
            opened_at=now(),
            decided_by=world.people[approver],
            decided_at=now(),
        )
    return order


@operation
def _write(*, world, lines, unit, requester, treatment, number, more) -> Order:
    rows = []
    order = Order(
        buyer=world.bremnes,
        number=number,
        stream=f"purchase:{new_id().hex}",
        requisition_id=new_id(),
        supplier=world.kontor,
        unit=unit,
        requester_id=world.people[requester].id,
        requester_name=world.people[requester].name,
        address_id=new_id(),
        delivery={"name": unit.name, "street": "Skulevegen 2", "postal_zone": "5430", "city": "Bremnes"},
        approval_hash="0" * 64,
        issued_at=now(),
        message=_sent(world, number),
        **{"response_state": "accepted", "net": 0, "vat": 0, "gross": 0, **more},
    )
    for line_no, (quantity, price) in enumerate(lines, 1):
        count, each = int(Decimal(quantity) * MICRO), int(Decimal(price) * MICRO)
        rows.append(
            OrderLine(
                buyer=world.bremnes,
                order=order,
                line_no=line_no,
                kind="catalogue",
                seller_item_id=f"40-{line_no}",
                name=f"Vare {line_no}",
                quantity=count,
                unit_code="EA",
                price=each,
                vat_category="S",
                vat_rate=2500,
                net=line_amount(count, each),
                account="11000",
                responsibility=unit.responsibility,
                function=unit.function,
                vat_treatment=treatment,
            )
        )
    order.save(force_insert=True)
    OrderLine.objects.bulk_create(rows)
    facts = ordering.order(order.id)
    assert facts is not None
    moves = [Move(budget_key(x.coding, facts.budget_year), committed=cost_of(x)) for x in facts.lines]
    _, movements = move(buyer_id=world.bremnes.id, source=label(order), moves=moves)
    record(
        OrdersPlaced(order.requisition_id, (order.id,)),
        tenant=world.bremnes.id,
        stream=order.stream,
        subject=order,
        changed=[order, *rows, *movements],
    )
    return order


def balance(world: World, order: Order) -> Balance:
    """The budget line of the order's first line, as it stands."""
    with as_system(world.bremnes.id):
        facts = ordering.order(order.id)
        assert facts is not None
        key = budget_key(facts.lines[0].coding, facts.budget_year)
        return balances([key])[key]


def _sent(world: World, number: str) -> Message:
    """The order's message, as the access point took it."""
    return Message.objects.create(
        owner=world.bremnes,
        direction="out",
        instance_id=new_id().hex,
        sender=world.bremnes.endpoint,
        receiver=world.kontor.endpoint,
        document_type="order",
        number=number,
        stream="-",
        state="sent",
        at=now(),
        done_at=now(),
    )
