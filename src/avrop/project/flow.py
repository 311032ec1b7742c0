"""Every hand-over between stations, one line each: what happened -> who acts on it.

A handler calls one operation; the delivery is marked done in that operation's transaction.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from avrop.accounting import events as accounting_events
from avrop.accounting import jobs as accounting_jobs
from avrop.accounting import operations as accounting
from avrop.approval import events as approval_events
from avrop.approval import operations as approval
from avrop.catalogue import events as catalogue_events
from avrop.catalogue import jobs as catalogue_jobs
from avrop.delivery import events as delivery_events
from avrop.invoicing import events as invoicing_events
from avrop.invoicing import operations as invoicing
from avrop.journal.registry import When
from avrop.matching import events as matching_events
from avrop.matching import operations as matching
from avrop.messaging import events as messaging_events
from avrop.messaging import jobs as messaging
from avrop.messaging import operations as messages
from avrop.ordering import events as ordering_events
from avrop.ordering import operations as ordering
from avrop.portal import operations as portal
from avrop.project import accounts, routing, standards
from avrop.requisition import events as requisition_events
from avrop.requisition import operations as requisition
from avrop.suppliers import events as suppliers_events

Handlers = Mapping[str, Callable[[Any], object]]

FLOW: dict[type, Handlers] = {
    catalogue_events.PriceListConfirmed: {
        "catalogue.read_price_list": lambda e: catalogue_jobs.read_price_list(price_list_id=e.price_list_id),
    },
    requisition_events.RequisitionSubmitted: {
        "approval.open_tasks": lambda e: approval.open_tasks(requisition_id=e.requisition_id),
    },
    requisition_events.RequisitionWithdrawn: {
        "approval.void_tasks": lambda e: approval.void_tasks(subject_id=e.requisition_id),
    },
    approval_events.ApprovalCompleted: {
        "requisition.record_approved": lambda e: requisition.record_approved(
            requisition_id=e.subject_id, hashes=e.hashes, submitted=e.submitted
        ),
    },
    approval_events.ApprovalReturned: {
        "requisition.return_to_requester": lambda e: requisition.return_to_requester(
            requisition_id=e.subject_id, comment=e.comment
        ),
    },
    requisition_events.RequisitionApproved: {
        "ordering.place_orders": lambda e: ordering.place_orders(requisition_id=e.requisition_id),
    },
    messaging_events.MessageQueued: {
        "messaging.send": lambda e: messaging.send(message_id=e.message_id, judge=standards.judge_today),
    },
    messaging_events.MessageStored: {
        "project.route": lambda e: routing.route(message_id=e.message_id),
    },
    messaging_events.MessageRefused: {
        "messaging.answer_refusal": When(
            lambda e: e.to_answer, lambda e: messages.answer_refusal(message_id=e.message_id)
        ),
    },
    messaging_events.MessageTaken: {
        "messaging.answer_taken": lambda e: messages.answer_taken(message_id=e.message_id),
    },
    messaging_events.MessageFailed: {
        "portal.note_stopped": When(
            lambda e: e.code == "NOT_LEFT" and e.refers_to.startswith("portal.SalesInvoice:"),
            lambda e: portal.note_stopped(sales_invoice_id=UUID(e.refers_to.rpartition(":")[2])),
        ),
    },
    messaging_events.MessageAnswered: {
        "portal.note_stopped": When(
            lambda e: e.code == "RE" and e.refers_to.startswith("portal.SalesInvoice:"),
            lambda e: portal.note_stopped(sales_invoice_id=UUID(e.refers_to.rpartition(":")[2])),
        ),
    },
    ordering_events.OrderAnswered: {
        "matching.rematch_order": When(
            lambda e: e.code == "RE", lambda e: matching.rematch_order(order_id=e.order_id)
        ),
    },
    ordering_events.OrderLinesCoded: {
        "matching.rematch_order": lambda e: matching.rematch_order(order_id=e.order_id),
    },
    ordering_events.OrderChangeDecided: {
        "matching.rematch_order": lambda e: matching.rematch_order(order_id=e.order_id),
    },
    ordering_events.OrderChanged: {
        "matching.rematch_order": lambda e: matching.rematch_order(order_id=e.order_id),
    },
    ordering_events.ChangeAnswered: {
        "matching.rematch_order": lambda e: matching.rematch_order(order_id=e.order_id),
    },
    delivery_events.GoodsReceived: {
        "ordering.note_receipt": lambda e: ordering.note_receipt(
            order_id=e.order_id, complete=e.complete, lines=e.lines, came=e.came
        ),
        "matching.rematch_order": lambda e: matching.rematch_order(order_id=e.order_id),
    },
    delivery_events.GoodsReturned: {
        "ordering.note_receipt": lambda e: ordering.note_receipt(
            order_id=e.order_id, complete=e.complete, lines=e.lines, came=e.came, back=True
        ),
        "matching.rematch_order": lambda e: matching.rematch_order(order_id=e.order_id),
    },
    invoicing_events.InvoiceSetAside: {
        "messaging.answer_refusal": When(
            lambda e: e.state == "invalid",
            lambda e: messages.answer_refusal(refers_to=f"invoicing.Invoice:{e.invoice_id.hex}"),
        ),
    },
    invoicing_events.InvoiceReceived: {
        "matching.match_invoice": lambda e: matching.match_invoice(invoice_id=e.invoice_id),
    },
    invoicing_events.CreditLinked: {
        "matching.rematch_credit": lambda e: matching.rematch_credit(credit_id=e.credit_id, left=e.left),
    },
    matching_events.OriginalChosen: {
        "invoicing.link_credit": lambda e: invoicing.link_credit(
            credit_id=e.credit_id, original_ids=e.originals
        ),
    },
    matching_events.CreditAsked: {
        "invoicing.answer": lambda e: invoicing.answer(
            invoice_id=e.invoice_id,
            code="UQ",
            reason_code=e.reason_code,
            reason=e.reason,
            action=e.action,
            question=e.question,
        ),
    },
    matching_events.InvoiceDisputed: {
        "invoicing.answer": lambda e: invoicing.answer(
            invoice_id=e.invoice_id,
            code=e.code,
            reason_code=e.reason_code,
            reason=e.reason,
            question=e.question,
        ),
    },
    matching_events.InvoiceApproved: {
        "accounting.propose_posting": lambda e: accounting.propose_posting(invoice_id=e.invoice_id),
        "ordering.note_invoice": When(
            lambda e: bool(e.orders),
            lambda e: ordering.note_invoice(
                order_ids=e.orders, full=e.full, invoice_id=e.invoice_id, taken=e.taken
            ),
        ),
    },
    matching_events.InvoiceRejected: {
        "invoicing.answer": lambda e: invoicing.answer(
            invoice_id=e.invoice_id, code="RE", reason_code=e.reason_code, reason=e.reason
        ),
    },
    matching_events.InvoiceDeviates: {
        "suppliers.ask_about_account": When(
            lambda e: "BANK_ACCOUNT" in e.codes, lambda e: accounts.ask(invoice_id=e.invoice_id)
        ),
    },
    suppliers_events.AccountConfirmed: {
        "matching.rematch_supplier": lambda e: matching.rematch_supplier(supplier_id=e.supplier_id),
    },
    suppliers_events.AccountRejected: {
        "accounting.warn_of_account": lambda e: accounting.warn_of_account(
            supplier_id=e.supplier_id, account=e.account
        ),
    },
    suppliers_events.AccountWithdrawn: {
        "accounting.warn_of_account": lambda e: accounting.warn_of_account(
            supplier_id=e.supplier_id, account=e.account
        ),
        "matching.rematch_supplier": lambda e: matching.rematch_supplier(supplier_id=e.supplier_id),
    },
    suppliers_events.AccountExpirySet: {
        "matching.rematch_supplier": lambda e: matching.rematch_supplier(supplier_id=e.supplier_id),
    },
    accounting_events.BatchReleased: {
        "accounting.transfer": lambda e: accounting_jobs.transfer(batch_id=e.batch_id),
    },
    accounting_events.BatchResent: {
        "accounting.transfer_again": lambda e: accounting_jobs.transfer_again(batch_id=e.batch_id),
    },
}
