"""A small region with orders in every state, so that bad documents have something to hit."""

from __future__ import annotations

from dataclasses import dataclass, field

from avrop.approval import operations as approval
from avrop.approval import queries as approvals
from avrop.journal.worker import run_until_idle
from avrop.kernel.money import MICRO
from avrop.ordering import operations as ordering
from avrop.ordering import queries as orders
from avrop.requisition import operations as requisition
from avrop.requisition.facts import NewLine
from avrop.tenancy.scope import as_system, viewing
from tests.stories.purchase import Line, Purchase, deliver, invoice_xml, ordered
from tests.world import World, build_world

OPEN = 14  # orders that wait for their invoice; the last two are for invoices of thousands of lines


@dataclass
class Scene:
    """The region and the numbers of its orders, by what has become of them."""

    world: World
    orders: dict[str, str] = field(default_factory=dict)
    open: list[str] = field(default_factory=list)  # received, 10 boxes of paper each, line 1


def build_scene() -> Scene:
    """Everything above, through the real operations."""
    scene = Scene(build_world())
    world = scene.world
    for _ in range(OPEN):
        purchase = ordered(world, ("papir", 10))
        purchase.answer("accept")
        purchase.receive()
        scene.open.append(purchase.number)
    scene.orders["open"] = scene.open[0]
    scene.orders["unanswered"] = ordered(world, ("papir", 10)).number
    scene.orders["not received"] = _answered(world, "accept").number
    scene.orders["declined"] = _answered(world, "reject").number
    partly = _answered(world, "accept")
    partly.receive({1: 4})
    scene.orders["partly received"] = partly.number
    scene.orders["invoiced"] = _invoiced(world).number
    scene.orders["another buyer's"] = _of_another_buyer(world)
    for name in ("cancel_order", "close_rest"):
        _ended(scene, name)
    return scene


def _answered(world: World, decision: str) -> Purchase:
    purchase = ordered(world, ("papir", 10))
    purchase.answer(decision, note="sold out" if decision == "reject" else "")
    return purchase


def _invoiced(world: World) -> Purchase:
    purchase = _answered(world, "accept")
    purchase.receive()
    line = Line("10", "52.90", "40-2210", order_line="1")
    deliver(invoice_xml(world.kontor, world.bremnes, [line], number="good-1", order=purchase.number))
    assert purchase.states() == ["approved"]
    return purchase


def _of_another_buyer(world: World) -> str:
    lines = [NewLine(item_id=world.items["papir"].id, quantity=10 * MICRO)]
    with viewing(world.viewer("frida", "fjell")):
        basket = requisition.create(unit_id=world.units["fjell_school"].id, lines=lines)
        requisition.submit(requisition_id=basket)
    run_until_idle()
    with viewing(world.viewer("finn", "fjell")):
        seen = {one.task.id: one.task.content_hash for one in approvals.inbox()}
        approval.approve(task_ids=list(seen), seen=seen)
    run_until_idle()
    with as_system(world.fjell.id):
        (order,) = orders.orders_of(basket)
    return order.number


def _ended(scene: Scene, name: str) -> None:
    """An order that the buyer has cancelled, or whose rest is closed."""
    purchase = _answered(scene.world, "accept")
    act = getattr(ordering, name, None)
    if act is not None:
        with viewing(scene.world.viewer("berit")):
            act(order_id=purchase.order_id, reason="not needed")
        run_until_idle()
        scene.orders[name] = purchase.number
