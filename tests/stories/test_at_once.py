"""Two people, two workers or two clicks at the same moment have one effect (PostgreSQL, real threads)."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextvars import copy_context
from typing import Any

import pytest
from django.db import connection

from avrop.accounting import operations as accounting
from avrop.accounting.models import Posting, PostingBatch
from avrop.approval import operations as approval
from avrop.approval.models import ApprovalTask
from avrop.commitments.models import Account
from avrop.delivery import operations as delivery
from avrop.delivery.models import Receipt, ReceiptLine
from avrop.invoicing.models import Invoice
from avrop.journal import audit
from avrop.journal.worker import run_until_idle
from avrop.kernel.finding import Refusal
from avrop.kernel.money import MICRO
from avrop.matching import operations as matching
from avrop.matching.models import Match, PreApproval
from avrop.messaging import intake
from avrop.messaging.models import Message
from avrop.ordering.models import Order
from avrop.requisition import operations as requisition
from avrop.requisition.facts import NewLine
from avrop.requisition.models import Requisition
from avrop.tenancy.scope import everything, viewing
from tests.stories import holds
from tests.stories.purchase import Line, invoice_xml, ordered

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def at_once(*calls: Callable[[], Any]) -> list[Any]:
    """Run the calls in threads that start together; each result, or the code of the refusal."""
    results: list[Any] = [None] * len(calls)
    ready = threading.Barrier(len(calls))

    def run(at: int, call: Callable[[], Any]) -> None:
        try:
            connection.ensure_connection()
            ready.wait(20)
            results[at] = call()
        except Refusal as refusal:
            results[at] = refusal.code
        except Exception as error:
            results[at] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=copy_context().run, args=(run, at, c)) for at, c in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return results


def by(who: Any, what: Callable[..., Any], **how: Any) -> Callable[[], Any]:
    """A call in somebody's name."""

    def call() -> Any:
        with viewing(who):
            return what(**how) or "done"

    return call


def check(world) -> None:
    """Everything that holds for any path, and the chain."""
    run_until_idle()
    holds.nothing_failed()
    holds.when_idle(world)
    holds.at_the_end(world)


def submitted(world, who: str, slug: str, unit: str, item: str, quantity: int) -> Any:
    with viewing(world.viewer(who, slug)):
        lines = [NewLine(item_id=world.items[item].id, quantity=quantity * MICRO)]
        return requisition.create(unit_id=world.units[unit].id, lines=lines)


def test_two_approvers_at_once_and_two_clicks_to_submit_make_one_order(world) -> None:
    basket = submitted(world, "berit", "bremnes", "school", "papir", 10)
    berit = world.viewer("berit")
    again = [by(berit, requisition.submit, requisition_id=basket) for _ in range(2)]
    assert sorted(at_once(*again)) == ["BASKET_IS_CLOSED", "done"]
    run_until_idle()
    with everything("test"):
        task = ApprovalTask.objects.get()
    seen = {task.id: task.content_hash}
    both = [
        by(world.viewer(w), approval.approve, task_ids=[task.id], seen=seen) for w in ("rektor", "radmann")
    ]
    assert sorted(at_once(*both)) == ["ALREADY_DECIDED", "done"]
    at_once(run_until_idle, run_until_idle)
    assert Order._base_manager.count() == 1
    check(world)


def test_an_approval_and_a_withdrawal_at_once_leave_one_of_the_two(world) -> None:
    basket = submitted(world, "berit", "bremnes", "school", "papir", 10)
    with viewing(world.viewer("berit")):
        requisition.submit(requisition_id=basket)
    run_until_idle()
    with everything("test"):
        task = ApprovalTask.objects.get()
    at_once(
        by(world.viewer("rektor"), approval.approve, task_ids=[task.id], seen={task.id: task.content_hash}),
        by(world.viewer("berit"), requisition.withdraw, requisition_id=basket),
    )
    at_once(run_until_idle, run_until_idle)
    state = Requisition._base_manager.get().state
    assert Order._base_manager.count() == (0 if state == "withdrawn" else 1)
    check(world)


def test_two_receivers_at_once_receive_no_more_than_was_ordered(world) -> None:
    purchase = ordered(world, ("papir", 10))
    berit = world.viewer("berit")
    parts = [
        by(berit, delivery.receive, order_id=purchase.order_id, quantities={1: 6 * MICRO}) for _ in range(2)
    ]
    assert "OVER_RECEIPT" in at_once(*parts)
    rest = [by(berit, delivery.receive, order_id=purchase.order_id) for _ in range(3)]
    assert sum(1 for one in at_once(*rest) if one == "NOTHING_OPEN") == 2
    assert Receipt._base_manager.count() == 2
    assert sum(ReceiptLine._base_manager.values_list("quantity", flat=True)) == 10 * MICRO
    check(world)


@pytest.mark.parametrize("other", [b"", b"\n"], ids=["the same bytes", "the same invoice in other bytes"])
def test_the_same_invoice_twice_at_once_is_posted_once(world, other) -> None:
    purchase = ordered(world, ("papir", 10))
    purchase.receive()
    line = Line("10", "52.90", "40-2210", order_line="1")
    raw = invoice_xml(world.kontor, world.bremnes, [line], order=purchase.number)

    def bring(content: bytes) -> Callable[[], Any]:
        def call() -> Any:
            intake.receive(content, transport="file")
            return run_until_idle()

        return call

    results = at_once(bring(raw), bring(raw + other))
    assert not any(isinstance(one, Exception) for one in results), results
    check(world)
    assert Message._base_manager.filter(document_type="invoice", direction="in").count() == 1 + len(other)
    assert Posting._base_manager.count() == 1
    accountant = world.viewer("rekna")
    released = at_once(*[by(accountant, accounting.release_batch) for _ in range(2)])
    assert "NOTHING_READY" in released
    assert PostingBatch._base_manager.count() == 1


def test_the_same_invoice_with_and_without_its_order_at_once_is_taken_once(world) -> None:
    purchase = ordered(world, ("papir", 10))
    line = Line("10", "52.90", "40-2210")
    calls = []
    for number in range(4):
        for order in (purchase.number, None):
            raw = invoice_xml(world.kontor, world.bremnes, [line], number=str(number), order=order)
            calls.append(lambda raw=raw: intake.receive(raw, transport="file") and run_until_idle())
    results = at_once(*calls)
    assert not any(isinstance(one, Exception) for one in results), results
    run_until_idle()
    states = sorted(Invoice._base_manager.values_list("number", "state"))
    assert states == sorted((str(n), state) for n in range(4) for state in ("duplicate", "valid"))


def test_two_clicks_on_a_clean_invoice_approve_it_once(world) -> None:
    PreApproval._base_manager.all().delete()
    purchase = ordered(world, ("papir", 10))
    purchase.receive()
    purchase.answer("accept")
    purchase.invoice()
    match = Match._base_manager.get()
    assert match.state == "matched"
    radmann = world.viewer("radmann")
    clicks = at_once(*[by(radmann, matching.approve_clean, match_ids=[match.id]) for _ in range(2)])
    assert sorted(clicks) == ["MATCH_STATE", "done"]
    check(world)


def test_goods_and_invoice_at_once_never_wait_for_each_other(world) -> None:
    purchase = ordered(world, ("papir", 10))
    line = Line("10", "52.90", "40-2210", order_line="1")
    raw = invoice_xml(world.kontor, world.bremnes, [line], order=purchase.number)

    def bring() -> Any:
        intake.receive(raw, transport="file")
        return run_until_idle()

    def goods() -> Any:
        by(world.viewer("berit"), delivery.receive, order_id=purchase.order_id)()
        return run_until_idle()

    results = at_once(bring, goods)
    assert not any(isinstance(one, Exception) for one in results), results
    check(world)
    assert purchase.states() == ["approved"]


def test_no_approval_passes_a_blocked_budget_however_many_click_at_once(world) -> None:
    finn, frida = world.viewer("finn", "fjell"), world.viewer("frida", "fjell")
    # The school's paper has 50,000 kr; each basket takes 12,431.50 kr net: four fit, six are asked for.
    baskets = [submitted(world, "frida", "fjell", "fjell_school", "papir", 235) for _ in range(6)]
    at_once(*[by(frida, requisition.submit, requisition_id=one) for one in baskets[:4]])
    run_until_idle()

    def click(task: ApprovalTask) -> Callable[[], Any]:
        return by(finn, approval.approve, task_ids=[task.id], seen={task.id: task.content_hash})

    tasks = list(ApprovalTask._base_manager.all())
    results = at_once(
        *[click(task) for task in tasks],
        *[by(frida, requisition.submit, requisition_id=one) for one in baskets[4:]],
    )
    assert not any(isinstance(one, Exception) for one in results), results
    run_until_idle()
    rest = [click(task) for task in ApprovalTask._base_manager.filter(state="pending")]
    if rest:
        assert set(at_once(*rest)) == {"BUDGET_PASSED"}
    run_until_idle()
    account = Account._base_manager.get(buyer=world.fjell, key__contains="|210|11000|")
    assert account.committed <= account.limit
    assert account.committed == 1_243_150 * Order._base_manager.filter(buyer=world.fjell).count()
    assert audit.verify(covered=False).ok
