"""Placing orders: nothing leaves without an approval whose hash equals what leaves."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from avrop.approval import operations as approval
from avrop.approval import queries as approvals
from avrop.approval.models import ApprovalTask
from avrop.commitments.models import Account
from avrop.commitments.queries import check
from avrop.journal import chain
from avrop.journal.models import Delivery
from avrop.journal.worker import run_until_idle
from avrop.kernel.canonical import content_hash
from avrop.kernel.finding import Refusal
from avrop.kernel.ports import originals
from avrop.messaging.models import Message
from avrop.ordering import operations
from avrop.ordering.models import Order, OrderLine
from avrop.requisition import operations as requisitions
from avrop.requisition import queries as baskets
from avrop.requisition.facts import prospects
from avrop.requisition.models import Requisition, RequisitionLine
from avrop.requisition.tests.helpers import approve_all, free_line, item_line, submitted
from avrop.suppliers.models import SupplierRelation
from avrop.tenancy.scope import as_system, everything, viewing
from avrop.ubl import gate, sbdh
from avrop.ubl.documents import order as t01
from tests.world import MICRO


def documents() -> list:
    """The order documents that have left, as trees, by number."""
    with everything("tests"):
        left = Message.objects.filter(document_type="order", direction="out", state="sent")
        envelopes = [originals().get(message.sha256) for message in left.order_by("number")]
    return [sbdh.unwrap(gate.admit(raw).root)[1] for raw in envelopes]


def approved_but_not_ordered(world) -> object:
    """A basket that everybody has approved and whose orders are not placed yet."""
    ident = submitted(world)
    with viewing(world.viewer("rektor")):
        (waiting,) = approvals.inbox()
        approval.approve(task_ids=[waiting.task.id], seen={waiting.task.id: waiting.task.content_hash})
    with as_system(world.bremnes.id):
        requisitions.record_approved(requisition_id=ident, hashes=waiting.task.hashes)
        Delivery.objects.all().update(state="done")
    return ident


def test_an_approved_basket_becomes_an_order_with_its_number_everywhere(world):
    ident = submitted(world)
    assert approve_all(world) == 1
    with as_system(world.bremnes.id):
        assert Requisition.objects.get(id=ident).state == "approved"
        order = Order.objects.get(requisition_id=ident)
        line = order.lines.get()
    assert (order.net, order.vat, order.gross, order.approved_gross) == (529_00, 132_25, 661_25, 661_25)
    assert (order.transport_state, order.response_state) == ("sent", "awaited")
    assert (line.line_no, line.seller_item_id, line.quantity) == (1, "40-2210", 10 * MICRO)
    (root,) = documents()
    sent = t01.read(root)
    assert sent.id == order.number
    assert sent.contract_reference == "FI-2026-01"
    assert sent.customer_reference == "210"
    assert sent.delivery.shipping_marks == "Rom 114"
    assert sent.delivery.address.street == "Skulevegen 2"
    assert sent.originator.name == "Bremnes kommune school"
    assert str(sent.seller.endpoint) == world.kontor.endpoint
    assert str(sent.buyer.endpoint) == world.bremnes.endpoint
    assert sent.tax_amount == Decimal("132.25")
    assert sent.totals.payable == Decimal("661.25")
    assert [(li.id, li.item.sellers_id, li.quantity.value) for li in sent.lines] == [("1", "40-2210", 10)]


def test_the_messages_that_leave_are_valid_under_schema_and_official_rules(world, rules):
    with as_system(world.bremnes.id):
        SupplierRelation.objects.filter(supplier=world.storhus).update(process="order_only")
    submitted(
        world,
        item_line(world, "papir", 3),
        item_line(world, "blyant", 7),
        item_line(world, "kaffi", 2),
        free_line(world),
        login="bjorn",
        unit="care",
    )
    assert approve_all(world, "pleie") == 1
    found = documents()
    assert len(found) == 3
    for root in found:
        verdict = rules.judge(root)
        assert verdict.rule_set != "not installed"
        assert verdict.findings == ()
    profiles = {t01.read(root).seller.legal_name: t01.read(root).profile_id for root in found}
    assert profiles["Storhus Engros AS"] == t01.PROFILE_ORDER_ONLY
    assert profiles["Kontorvarer AS"] == t01.PROFILE_ADVANCED


def test_no_persons_name_leaves_with_the_order(world):
    submitted(world)
    approve_all(world)
    text = etree.tostring(documents()[0]).decode()
    assert "Berit" not in text


def test_one_order_per_supplier_and_agreement(world):
    ident = submitted(world, item_line(world, "papir"), free_line(world), item_line(world, "perm"))
    approve_all(world)
    with as_system(world.bremnes.id):
        orders = list(Order.objects.filter(requisition_id=ident).order_by("agreement_ref"))
        counts = [order.lines.count() for order in orders]
    assert [order.agreement_ref for order in orders] == ["", "FI-2026-01"]
    assert counts == [1, 2]
    assert len({order.number for order in orders}) == 2


def test_an_order_only_supplier_is_never_waited_for(world):
    with as_system(world.bremnes.id):
        SupplierRelation.objects.update(process="order_only")
    submitted(world)
    approve_all(world)
    with as_system(world.bremnes.id):
        assert Order.objects.get().response_state == "none"


def test_what_was_reserved_is_committed(world):
    submitted(world, item_line(world, "papir", 10), free_line(world, kroner=700))
    approve_all(world)
    with as_system(world.bremnes.id):
        account = Account.objects.get(committed__gt=0)
        assert (account.reserved, account.committed) == (0, 529_00 + 700_00)
        assert check() == []


@pytest.mark.parametrize(
    "tamper",
    [
        lambda: RequisitionLine.objects.update(price=99 * MICRO),
        lambda: RequisitionLine.objects.update(quantity=99 * MICRO),
        lambda: RequisitionLine.objects.update(account="11200"),
        lambda: RequisitionLine.objects.update(name="Noko anna"),
        lambda: Requisition.objects.update(marking="Heime hjå meg"),
        lambda: ApprovalTask.objects.update(state="pending"),
        lambda: ApprovalTask.objects.update(state="void"),
        lambda: ApprovalTask.objects.update(decided_by=None),
        lambda: ApprovalTask.objects.update(content_hash="0" * 64),
        lambda: ApprovalTask.objects.update(hashes=["0" * 64]),
        lambda: ApprovalTask.objects.update(responsibility="310"),
        lambda: ApprovalTask._base_manager.update(decided_by=Requisition.objects.get().requester_id),
        lambda: ApprovalTask._base_manager.all().delete(),
    ],
)
def test_nothing_leaves_when_anything_was_tampered_with_after_the_approval(world, tamper):
    ident = approved_but_not_ordered(world)
    with as_system(world.bremnes.id):
        tamper()
        with pytest.raises(Refusal) as caught:
            operations.place_orders(requisition_id=ident)
        assert caught.value.code == "NOT_APPROVED"
        assert not Order.objects.exists()
        assert not Message.objects.exists()


def test_an_added_hash_in_an_approval_covers_nothing(world):
    """The list of hashes counts only as far as it is what the approver's hash was made of."""
    ident = approved_but_not_ordered(world)
    with as_system(world.bremnes.id):
        RequisitionLine.objects.update(quantity=99 * MICRO)
        (prospect,) = prospects(baskets.requisition(ident))
        from avrop.requisition.facts import approval_hash

        task = ApprovalTask.objects.get()
        task.hashes = [*task.hashes, approval_hash(world.bremnes.id, prospect)]
        task.save()
        with pytest.raises(Refusal):
            operations.place_orders(requisition_id=ident)


def test_the_event_alone_orders_nothing(world):
    """Even a basket marked approved, by whatever mistake, leaves nothing without approvals in their table."""
    ident = submitted(world)
    with as_system(world.bremnes.id):
        Requisition.objects.update(state="approved")
        with pytest.raises(Refusal):
            operations.place_orders(requisition_id=ident)


def test_placing_again_places_nothing_more(world):
    ident = submitted(world)
    approve_all(world)
    with as_system(world.bremnes.id):
        operations.place_orders(requisition_id=ident)
        assert Order.objects.count() == 1


def test_placing_takes_few_statements(world):
    ident = approved_but_not_ordered(world)
    with as_system(world.bremnes.id), CaptureQueriesContext(connection) as counted:
        operations.place_orders(requisition_id=ident)
    statements = [q["sql"] for q in counted if not q["sql"].startswith(("SAVEPOINT", "RELEASE"))]
    assert len(statements) <= 13, "\n".join(s[:200] for s in statements)


STEPS = (
    "submit", "reopen", "withdraw", "more", "less", "free", "move", "approve", "approve_care", "own",
    "return", "work", "tamper_line", "tamper_task", "force",
)  # fmt: skip


class Walk:
    """Does what people, the worker and a vandal may do, in any order; refusals are part of life."""

    def __init__(self, world, ident) -> None:
        self.world, self.ident = world, ident

    def step(self, name: str) -> None:
        try:
            getattr(self, name)()
        except (Refusal, IndexError):
            chain.forget_heads()

    def as_berit(self):
        return viewing(self.world.viewer("berit"))

    def submit(self):
        with self.as_berit():
            requisitions.submit(requisition_id=self.ident)

    def reopen(self):
        with self.as_berit():
            requisitions.reopen(requisition_id=self.ident)

    def withdraw(self):
        with self.as_berit():
            requisitions.withdraw(requisition_id=self.ident)

    def _quantity(self, amount):
        with self.as_berit():
            line = baskets.requisition(self.ident).lines[0]
            requisitions.change_line(line_id=line.id, quantity=amount * MICRO)

    def more(self):
        self._quantity(20)

    def less(self):
        self._quantity(2)

    def free(self):
        with self.as_berit():
            requisitions.add_free_text(requisition_id=self.ident, line=free_line(self.world))

    def move(self):
        from avrop.coding.facts import Coding

        with self.as_berit():
            line = baskets.requisition(self.ident).lines[-1]
            requisitions.change_line(line_id=line.id, coding=Coding("11000", "310", "25300"))

    def _decide(self, login):
        with viewing(self.world.viewer(login)):
            task = approvals.inbox()[0].task
            approval.approve(task_ids=[task.id], seen={task.id: task.content_hash})

    def approve(self):
        self._decide("rektor")

    def approve_care(self):
        self._decide("pleie")

    def own(self):
        with self.as_berit():
            task = approvals.tasks_of(self.ident)[-1]
            approval.approve(task_ids=[task.id], seen={task.id: task.content_hash})

    def return_(self):
        with viewing(self.world.viewer("rektor")):
            approval.return_(task_id=approvals.inbox()[0].task.id, comment="Nei")

    def __getattr__(self, name):
        if name == "return":
            return self.return_
        raise AttributeError(name)

    def work(self):
        run_until_idle()

    def tamper_line(self):
        with as_system(self.world.bremnes.id):
            RequisitionLine.objects.update(price=77 * MICRO)

    def tamper_task(self):
        with as_system(self.world.bremnes.id):
            ApprovalTask.objects.filter(state="pending").update(state="approved")

    def force(self):
        with as_system(self.world.bremnes.id):
            operations.place_orders(requisition_id=self.ident)


def left(order: Order) -> str:
    """The approval hash of what left, put together here from the order's rows and Decision 8 alone."""
    lines = OrderLine.objects.filter(order_id=order.id).order_by("line_no")
    return content_hash(
        {
            "buyer": order.buyer_id,
            "supplier": order.supplier_id,
            "agreement": order.agreement_id,
            "address": order.address_id,
            "marking": order.marking,
            "currency": order.currency,
            "lines": [
                {
                    "item": li.seller_item_id,
                    "text": li.name,
                    "quantity": li.quantity,
                    "unit": li.unit_code,
                    "price": li.price,
                    "base": li.base_quantity,
                    "frame": li.frame,
                    "vat": [li.vat_category, li.vat_rate],
                    "coding": [li.account, li.responsibility, li.function, li.project, li.vat_treatment],
                }
                for li in lines
            ],
        }
    )


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.sampled_from(STEPS), min_size=4, max_size=14))
def test_no_path_reaches_sent_without_an_approval_whose_hash_equals_what_left(world, steps):
    from avrop.requisition.tests.helpers import filled

    with transaction.atomic():
        chain.clear_heads()
        walk = Walk(world, filled(world))
        for step in ("submit", "work", *steps, "work"):
            walk.step(step)
        with as_system(world.bremnes.id):
            for order in Order.objects.all():
                tasks = ApprovalTask.objects.filter(subject_id=order.requisition_id, state="approved")
                approving = [t for t in tasks if left(order) in t.hashes and t.decided_by_id]
                assert {t.responsibility for t in approving} >= set(
                    OrderLine.objects.filter(order_id=order.id).values_list("responsibility", flat=True)
                )
                assert all(t.decided_by_id != order.requester_id for t in approving)
            assert check() == []
        transaction.set_rollback(True)
    chain.clear_heads()
