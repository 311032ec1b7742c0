"""Large and odd documents end as a clear state with an owner, and each step in few statements.

CPU time and memory are printed, not judged: `pytest -s`.
"""

from __future__ import annotations

import resource
import time
from collections.abc import Sequence

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from avrop.journal import worker
from avrop.kernel.money import MICRO
from avrop.kernel.ports import now
from avrop.matching import operations, queries
from avrop.matching.models import Deviation, Match
from avrop.messaging import intake
from avrop.ordering.models import Order, OrderLine
from avrop.tenancy.scope import as_system
from tests.stories.purchase import Line, invoice_xml
from tests.world import World

pytestmark = pytest.mark.django_db
MOST = 16  # statements that one step of the queue may take, whatever the size


def orders_of(world: World, count: int, lines: int) -> list[Order]:
    """So many orders of so many lines each, 10 of each item at 52.90, written straight to the tables."""
    unit, address = world.units["school"], world.addresses["school"]
    orders = [
        Order(
            buyer=world.bremnes, number=f"2026-{n:05d}", stream=f"purchase:large{n}", supplier=world.kontor,
            unit=unit, requester_id=world.people["berit"].id, requester_name="Berit", address_id=address.id,
            delivery={}, net=52_900 * lines, vat=13_225 * lines, gross=66_125 * lines, approval_hash=f"{n:064d}",
            issued_at=now(),
        )
        for n in range(1, count + 1)
    ]  # fmt: skip
    rows = [
        OrderLine(
            buyer=world.bremnes, order=order, line_no=no, kind="catalogue", seller_item_id=f"I-{no}", name=f"Vare {no}",
            quantity=10 * MICRO, unit_code="EA", price=52_900_000, vat_category="S", vat_rate=2500, net=52_900,
            account="11000", responsibility="210", function="20200", vat_treatment="compensated",
        )
        for order in orders
        for no in range(1, lines + 1)
    ]  # fmt: skip
    with as_system(world.bremnes.id):
        Order.objects.bulk_create(orders)
        OrderLine.objects.bulk_create(rows, batch_size=500)
    return orders


def taken_in(world: World, lines: Sequence[Line], order: str | None = None) -> Match:
    """The invoice through intake, routing and matching; what each step took is printed."""
    raw = invoice_xml(world.kontor, world.bremnes, lines, order=order)
    start = time.process_time()
    intake.receive(raw, transport="file")
    print(f"\n{len(lines)} lines: intake {time.process_time() - start:.2f} s CPU", end="")
    while batch := worker.claim(limit=1):
        for one in batch:
            start = time.process_time()
            with CaptureQueriesContext(connection) as seen:
                assert worker.deliver(one)
            made = [q["sql"] for q in seen if not q["sql"].startswith(("SAVEPOINT", "RELEASE", "BEGIN"))]
            inserts = sum(sql.startswith("INSERT") for sql in made)
            print(f"; {one.handler} {time.process_time() - start:.2f} s, {len(made)} statements", end="")
            assert len(made) - inserts <= MOST, made
    print(f"; {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB at most")
    with as_system(world.bremnes.id):
        return Match.objects.get()


def deviating(match: Match) -> set[tuple[str, str]]:
    with as_system(match.buyer_id):
        return set(Deviation.objects.filter(match=match).values_list("code", "owner_role"))


def test_ten_thousand_lines_on_one_order_wait_for_their_receipt(world) -> None:
    (order,) = orders_of(world, 1, 10_000)
    lines = [Line("10", "52.90", f"I-{n}", order_line=str(n)) for n in range(1, 10_001)]
    match = taken_in(world, lines, order.number)
    assert match.state == "awaiting_receipt"
    assert deviating(match) == {("NOT_RECEIVED", "receiver")}


def test_five_hundred_orders_on_one_invoice_wait_for_their_receipts(world) -> None:
    orders = orders_of(world, 500, 2)
    lines = [
        Line("10", "52.90", f"I-{n}", order_line=str(n), order=one.number) for one in orders for n in (1, 2)
    ]
    match = taken_in(world, lines, orders[0].number)
    assert match.state == "awaiting_receipt"
    assert len(match.orders) == 500


def test_a_hundred_times_the_quantity_is_stopped_with_an_owner(world) -> None:
    (order,) = orders_of(world, 1, 1)
    match = taken_in(world, [Line("1000", "52.90", "I-1", order_line="1")], order.number)
    assert match.state == "deviation"
    assert ("QUANTITY", "invoice_clerk") in deviating(match)


def test_goods_with_a_price_invoiced_for_nothing_are_shown_to_the_clerk(world) -> None:
    (order,) = orders_of(world, 1, 1)
    match = taken_in(world, [Line("10", "0.00", "I-1", order_line="1")], order.number)
    assert ("ZERO_PRICE", "invoice_clerk") in deviating(match)


def test_a_negative_line_is_shown_to_the_clerk_with_what_was_paid_of_it(world) -> None:
    (order,) = orders_of(world, 1, 2)
    lines = [Line("10", "52.90", "I-1", order_line="1"), Line("-2", "52.90", "I-2", order_line="2")]
    match = taken_in(world, lines, order.number)
    assert match.state == "deviation"
    assert ("NEGATIVE", "invoice_clerk") in deviating(match)


@pytest.mark.parametrize("ended", ["cancelled", "closed"])
def test_an_order_that_has_ended_owes_nothing_more(world, ended: str) -> None:
    (order,) = orders_of(world, 1, 1)
    with as_system(world.bremnes.id):
        Order.objects.filter(id=order.id).update(ended=ended)
    match = taken_in(world, [Line("10", "52.90", "I-1", order_line="1")], order.number)
    assert match.state == "deviation"
    assert ("CLOSED_ORDER", "invoice_clerk") in deviating(match)


def test_another_buyers_order_number_is_told_to_the_clerk_and_not_whose_it_is(world) -> None:
    (order,) = orders_of(world, 1, 1)
    with as_system(world.fjell.id):
        Order._base_manager.filter(id=order.id).update(buyer=world.fjell, number="2026-77777")
        OrderLine._base_manager.filter(order_id=order.id).update(buyer=world.fjell)
    match = taken_in(world, [Line("10", "52.90", "I-1", order_line="1")], "2026-77777")
    assert deviating(match) == {("UNKNOWN_ORDER", "invoice_clerk"), ("WRONG_BUYER", "invoice_clerk")}
    with as_system(world.bremnes.id):
        told = [(one.found, one.expected) for one in Deviation.objects.filter(code="WRONG_BUYER")]
    assert told == [("2026-77777", "")]


def test_an_invoice_made_out_to_another_organisation_is_told_to_the_clerk(world) -> None:
    (order,) = orders_of(world, 1, 1)
    raw = invoice_xml(
        world.kontor, world.bremnes, [Line("10", "52.90", "I-1", order_line="1")], order=order.number
    )
    legal = b'<cbc:CompanyID schemeID="0192">' + world.bremnes.orgnr.encode()
    head, _, tail = raw.partition(b"<cac:AccountingCustomerParty>")
    other = tail.replace(legal, b'<cbc:CompanyID schemeID="0192">' + world.fjell.orgnr.encode())
    assert other != tail
    intake.receive(head + b"<cac:AccountingCustomerParty>" + other, transport="file")
    worker.run_until_idle()
    with as_system(world.bremnes.id):
        assert ("WRONG_BUYER", "invoice_clerk") in deviating(Match.objects.get())


def test_checks_that_an_older_version_wrote_by_name_still_stand_and_are_shown(world) -> None:
    (order,) = orders_of(world, 1, 2)
    match = taken_in(world, [Line("10", "52.90", f"I-{n}", order_line=str(n)) for n in (1, 2)], order.number)
    names = ("code", "line", "order", "order_line", "expected", "found", "passed", "kind", "stake")
    with as_system(world.bremnes.id):
        before = queries.match(match.id)
        match.checks = [dict(zip(names, one, strict=True)) for one in match.checks]
        match.save()
        operations.rematch_order(order_id=order.id)
        match.refresh_from_db()
        after = queries.match(match.id)
    assert before.checks and after.checks == before.checks
    assert after.version == before.version  # nothing has changed, so nothing was written
