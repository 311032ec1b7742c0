"""Approving: within mandate, exactly what was seen, and never one's own."""

from __future__ import annotations

from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from avrop.approval import operations, queries
from avrop.approval.models import ApprovalTask
from avrop.coding.facts import Coding
from avrop.commitments.facts import BudgetKey
from avrop.commitments.models import Account
from avrop.commitments.queries import check
from avrop.journal.models import Case
from avrop.journal.worker import run_until_idle
from avrop.kernel.finding import Refusal
from avrop.kernel.ports import today
from avrop.ordering.models import Order
from avrop.requisition import operations as requisitions
from avrop.requisition import queries as baskets
from avrop.requisition.models import Requisition, RequisitionLine
from avrop.requisition.tests.helpers import approve_all, filled, free_line, item_line, submitted
from avrop.tenancy.models import Mandate
from avrop.tenancy.scope import as_system, viewing
from avrop.web.refusals import sentence
from tests.world import MICRO


def tasks(world, ident, slug="bremnes"):
    with as_system(getattr(world, slug).id):
        return queries.tasks_of(ident)


def asked(world, ident) -> set[str]:
    names = {person.id: login for login, person in world.people.items()}
    return {names[p] for task in tasks(world, ident) for p in task.candidates}


def state(world, ident) -> str:
    with as_system(world.bremnes.id):
        return Requisition.objects.get(id=ident).state


def try_approve(world, login, task, seen=None, slug="bremnes") -> str:
    """The refusal's code, or "" when it was approved."""
    with viewing(world.viewer(login, slug)):
        try:
            operations.approve(task_ids=[task.id], seen={task.id: seen or task.content_hash})
        except Refusal as refusal:
            return refusal.code
    run_until_idle()
    return ""


def test_the_head_of_the_unit_is_asked_and_the_basket_waits(world):
    ident = submitted(world)
    (task,) = tasks(world, ident)
    assert asked(world, ident) == {"rektor"}
    assert (task.amount, task.net, task.responsibility, task.escalated) == (661_25, 529_00, "210", False)
    assert state(world, ident) == "submitted"
    assert try_approve(world, "rektor", task) == ""
    assert state(world, ident) == "approved"


def test_nobody_approves_their_own_request_and_it_goes_up_the_tree(world):
    ident = submitted(world, login="styrar", unit="nursery")
    (task,) = tasks(world, ident)
    assert asked(world, ident) == {"radmann", "fakta"}
    assert task.escalated
    assert try_approve(world, "styrar", task) == "OWN_REQUEST"
    assert state(world, ident) == "submitted"
    assert try_approve(world, "radmann", task) == ""


def test_an_amount_above_the_mandate_goes_up_and_vat_counts(world):
    # 40,000 kr without VAT is exactly the headmaster's 50,000 with it; one krone more is not.
    within = submitted(world, free_line(world, "Piano", 40_000))
    above = submitted(world, free_line(world, "Flygel", 40_001))
    assert asked(world, within) == {"rektor"}
    assert asked(world, above) == {"radmann"}
    assert try_approve(world, "rektor", tasks(world, above)[0]) == "MANDATE_TOO_SMALL"


def test_several_responsibilities_must_all_approve(world):
    ident = submitted(
        world,
        item_line(world, "papir", 10),
        item_line(world, "perm", 10, coding=Coding("11000", "310", "25300")),
    )
    school, care = tasks(world, ident)
    assert (school.responsibility, care.responsibility) == ("210", "310")
    assert (school.net, care.net) == (529_00, 245_00)
    assert school.amount == care.amount == (529_00 + 245_00) * 5 // 4
    assert asked(world, ident) == {"rektor", "pleie"}
    assert try_approve(world, "pleie", school) == "NO_MANDATE"
    assert try_approve(world, "rektor", school) == ""
    assert state(world, ident) == "submitted"
    assert try_approve(world, "pleie", care) == ""
    assert state(world, ident) == "approved"


def test_one_of_several_who_returns_it_stops_the_others(world):
    ident = submitted(
        world, item_line(world, "papir"), item_line(world, "perm", coding=Coding("11000", "310", "25300"))
    )
    school, care = tasks(world, ident)
    with viewing(world.viewer("pleie")):
        with pytest.raises(Refusal) as caught:
            operations.return_(task_id=care.id, comment="  ")
        assert caught.value.code == "COMMENT_MISSING"
        operations.return_(task_id=care.id, comment="Ikkje vårt ansvar")
    run_until_idle()
    assert try_approve(world, "rektor", school) == "ALREADY_DECIDED"
    with as_system(world.bremnes.id):
        row = Requisition.objects.get(id=ident)
        assert (row.state, row.return_reason) == ("returned", "Ikkje vårt ansvar")
        assert sum(Account.objects.values_list("reserved", flat=True)) == 0


def test_a_returned_basket_can_be_mended_and_submitted_again(world):
    ident = submitted(world)
    with viewing(world.viewer("rektor")):
        operations.return_(task_id=tasks(world, ident)[0].id, comment="For mykje papir")
    run_until_idle()
    with viewing(world.viewer("berit")):
        (line,) = baskets.requisition(ident).lines
        requisitions.change_line(line_id=line.id, quantity=5 * MICRO)
        requisitions.submit(requisition_id=ident)
    run_until_idle()
    assert approve_all(world) == 1
    with as_system(world.bremnes.id):
        assert Order.objects.get().net == 264_50


def test_what_was_seen_is_what_is_approved(world):
    ident = submitted(world)
    (task,) = tasks(world, ident)
    assert try_approve(world, "rektor", task, seen="0" * 64) == "CONTENT_CHANGED"
    with viewing(world.viewer("berit")):
        requisitions.reopen(requisition_id=ident)
    assert try_approve(world, "rektor", task) == "CONTENT_CHANGED"  # before the worker has voided it
    with viewing(world.viewer("berit")):
        (line,) = baskets.requisition(ident).lines
        requisitions.change_line(line_id=line.id, quantity=20 * MICRO)
        requisitions.submit(requisition_id=ident)
    assert try_approve(world, "rektor", task) == "CONTENT_CHANGED"  # the old hash, the new contents
    run_until_idle()
    assert state(world, ident) == "submitted"
    assert approve_all(world) == 1
    with as_system(world.bremnes.id):
        assert Order.objects.get().net == 1058_00


def test_a_change_after_one_of_two_approvals_reopens_both(world):
    ident = submitted(
        world, item_line(world, "papir"), item_line(world, "perm", coding=Coding("11000", "310", "25300"))
    )
    assert try_approve(world, "rektor", tasks(world, ident)[0]) == ""
    with viewing(world.viewer("berit")):
        requisitions.reopen(requisition_id=ident)
        line = baskets.requisition(ident).lines[1]
        requisitions.change_line(line_id=line.id, quantity=2 * MICRO)
        requisitions.submit(requisition_id=ident)
    run_until_idle()
    found = tasks(world, ident)
    assert sorted(t.state for t in found) == ["pending", "pending", "void", "void"]
    assert approve_all(world, "pleie") == 1
    assert state(world, ident) == "submitted"
    assert approve_all(world, "rektor") == 1
    assert state(world, ident) == "approved"


def test_lines_changed_behind_everybodys_back_cannot_be_approved(world):
    ident = submitted(world)
    with as_system(world.bremnes.id):
        RequisitionLine.objects.update(price=1)
    assert try_approve(world, "rektor", tasks(world, ident)[0]) == "CONTENT_CHANGED"


def test_the_mandate_is_asked_for_again_when_the_decision_is_made(world):
    ident = submitted(world)
    (task,) = tasks(world, ident)
    with as_system(world.bremnes.id):
        Mandate.objects.filter(person=world.people["rektor"]).update(valid_to=today())
    assert try_approve(world, "rektor", task) == "NO_MANDATE"
    assert try_approve(world, "radmann", task) == ""  # from further up the tree


def test_a_task_that_nobody_may_decide_becomes_a_visible_case(world):
    with as_system(world.bremnes.id):
        Mandate.objects.all().delete()
    ident = submitted(world)
    (task,) = tasks(world, ident)
    assert task.candidates == ()
    with as_system(world.bremnes.id):
        case = Case.objects.get(kind="no_approver")
    assert (case.owner_role, case.reason, case.state) == ("buyer_admin", "NO_APPROVER", "open")
    assert case.params["number"] == task.number
    # Once somebody has a mandate she may decide, though she was not asked at the time.
    with as_system(world.bremnes.id):
        Mandate.objects.create(
            buyer=world.bremnes, person=world.people["radmann"], unit=world.units["root"], max_amount=10**9
        )
    assert try_approve(world, "radmann", task) == ""


def test_approving_twice_orders_once(world):
    ident = submitted(world)
    (task,) = tasks(world, ident)
    assert try_approve(world, "rektor", task) == ""
    assert try_approve(world, "radmann", task) == "ALREADY_DECIDED"
    with as_system(world.bremnes.id):
        assert Order.objects.filter(requisition_id=ident).count() == 1


def test_a_stranger_does_not_find_the_task(world):
    (task,) = tasks(world, submitted(world))
    with viewing(world.viewer("finn", "fjell")), pytest.raises(ApprovalTask.DoesNotExist):
        operations.approve(task_ids=[task.id], seen={task.id: task.content_hash})


def test_block_stops_an_approval_and_says_the_numbers(world):
    key = BudgetKey(today().year, "210", "11000", "20200").text()
    with as_system(world.fjell.id):
        Account.objects.filter(key=key).update(limit=500_00)
    ident = submitted(world, login="frida", unit="fjell_school", slug="fjell")
    (task,) = tasks(world, ident, "fjell")
    with viewing(world.viewer("finn", "fjell")), pytest.raises(Refusal) as caught:
        operations.approve(task_ids=[task.id], seen={task.id: task.content_hash})
    assert caught.value.code == "BUDGET_PASSED"
    assert (caught.value.params["limit"], caught.value.params["bound"], caught.value.params["over"]) == (
        "500,00",
        "529,00",
        "29,00",
    )
    assert "29,00" in sentence(caught.value)
    with as_system(world.fjell.id):
        Account.objects.filter(key=key).update(limit=529_00)
    assert try_approve(world, "finn", task, slug="fjell") == ""


def test_warn_shows_that_the_budget_is_passed_and_lets_it_through(world):
    with as_system(world.bremnes.id):
        Account.objects.update(limit=100_00)
    ident = submitted(world)
    with viewing(world.viewer("rektor")):
        (waiting,) = queries.inbox()
    assert (waiting.left, waiting.mode) == (100_00 - 529_00, "warn")
    assert approve_all(world) == 1
    assert state(world, ident) == "approved"


def test_the_inbox_is_oldest_first_and_shows_what_is_left_with_everything_counted(world):
    first = submitted(world)
    second = submitted(world, item_line(world, "perm", 10))
    with viewing(world.viewer("rektor")):
        found = queries.inbox()
        assert queries.count_waiting() == 2
    assert [w.basket.id for w in found] == [first, second]
    assert [w.left for w in found] == [50_000_00 - 529_00 - 245_00] * 2


def test_several_are_approved_at_once_or_none(world):
    first, second = submitted(world), submitted(world, item_line(world, "perm", 10))
    (one,), (two,) = tasks(world, first), tasks(world, second)
    with viewing(world.viewer("rektor")):
        with pytest.raises(Refusal):
            operations.approve(task_ids=[one.id, two.id], seen={one.id: one.content_hash})
        assert {t.state for t in (*tasks(world, first), *tasks(world, second))} == {"pending"}
        operations.approve(
            task_ids=[one.id, two.id], seen={one.id: one.content_hash, two.id: two.content_hash}
        )
    run_until_idle()
    assert (state(world, first), state(world, second)) == ("approved", "approved")


def test_withdrawing_takes_the_task_out_of_the_inbox(world):
    ident = submitted(world)
    with viewing(world.viewer("berit")):
        requisitions.withdraw(requisition_id=ident)
    run_until_idle()
    with viewing(world.viewer("rektor")):
        assert queries.inbox() == []
    with as_system(world.bremnes.id):
        assert check() == []


def test_submitting_again_before_the_worker_has_voided_the_old_approvals_leaves_only_new_ones(world):
    ident = submitted(world)
    with viewing(world.viewer("berit")):
        requisitions.reopen(requisition_id=ident)
        (line,) = baskets.requisition(ident).lines
        requisitions.change_line(line_id=line.id, quantity=MICRO)
        requisitions.submit(requisition_id=ident)
    run_until_idle()
    live = [t for t in tasks(world, ident) if t.state == "pending"]
    assert [t.amount for t in live] == [66_13]  # 52.90 and 13.23 VAT, half up


def test_approving_takes_few_statements(world):
    (task,) = tasks(world, submitted(world))
    with viewing(world.viewer("rektor")), CaptureQueriesContext(connection) as counted:
        operations.approve(task_ids=[task.id], seen={task.id: task.content_hash})
    statements = [q["sql"] for q in counted if not q["sql"].startswith(("SAVEPOINT", "RELEASE"))]
    assert len(statements) <= (7 if connection.vendor == "sqlite" else 10), "\n".join(statements)


def test_an_unknown_task_is_not_found(world):
    filled(world)
    with viewing(world.viewer("rektor")), pytest.raises(ApprovalTask.DoesNotExist):
        operations.approve(task_ids=[UUID(int=1)], seen={})
