"""What happened, in words; and the words of the first pages."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise
# event -> (what it is called, tone, icon)
EVENTS: dict[str, tuple[Text, str, str]] = {
    "requisition.RequisitionChanged": (_("Basket filled"), "neutral", "basket"),
    "requisition.RequisitionSubmitted": (_("Sent to approval"), "info", "send"),
    "requisition.RequisitionReturned": (_("Back with the requisitioner"), "warning", "undo"),
    "requisition.RequisitionWithdrawn": (_("Withdrawn"), "neutral", "cross"),
    "approval.ApprovalGiven": (_("Approved, more approvals needed"), "success", "check"),
    "approval.ApprovalCompleted": (_("Requisition approved"), "success", "check"),
    "approval.ApprovalReturned": (_("Sent back"), "warning", "undo"),
    "approval.ApprovalVoided": (_("The approval fell, because the basket changed"), "neutral", "cross"),
    "ordering.OrdersPlaced": (_("Order made"), "info", "document"),
    "messaging.MessageSent": (_("The order was sent"), "info", "send"),
    "messaging.MessageFailed": (_("The order could not be sent"), "danger", "warning"),
    "messaging.MessageAnswered": (_("The supplier's system rejected the order"), "danger", "warning"),
    "ordering.OrderTakenOver": (_("Taken over from another system, as sent"), "info", "document"),
    "ordering.OrderLinesCoded": (_("Coding given"), "info", "coins"),
    "ordering.OrderAnswered": (_("The supplier answered"), "info", "message"),
    "ordering.OrderChangeDecided": (_("The supplier's change decided"), "info", "check"),
    "ordering.ChangeProposed": (_("A change was asked for"), "warning", "document"),
    "ordering.ChangeWithdrawn": (_("The change was taken back"), "neutral", "undo"),
    "ordering.ChangeSent": (_("A change was sent to the supplier"), "info", "send"),
    "ordering.ChangeAnswered": (_("Our change of the order"), "info", "check"),
    "delivery.GoodsReturned": (_("Goods went back"), "warning", "undo"),
    "delivery.GoodsReceived": (_("Goods received"), "success", "box"),
    "invoicing.InvoiceReceived": (_("Invoice received"), "info", "invoice"),
    "invoicing.InvoiceSetAside": (_("Invoice set aside"), "warning", "invoice"),
    "invoicing.InvoiceAnswered": (_("Invoice response sent"), "info", "send"),
    "matching.InvoiceMatched": (_("Invoice matches, waits for approval"), "info", "check"),
    "matching.InvoiceApproved": (_("Invoice approved"), "success", "check"),
    "matching.InvoiceAwaitsReceipt": (_("Invoice waits for goods receipt"), "warning", "clock"),
    "matching.InvoiceDeviates": (_("The invoice deviates"), "danger", "warning"),
    "matching.InvoiceWithoutOrder": (_("Invoice without order"), "warning", "warning"),
    "matching.InvoiceRejected": (_("Invoice rejected"), "danger", "cross"),
    "matching.DeviationsAccepted": (_("Deviations accepted"), "info", "check"),
    "matching.CreditNoteWaits": (_("Credit note waits for its invoice"), "warning", "clock"),
    "matching.OriginalChosen": (_("The invoice of a credit note was found"), "info", "check"),
    "matching.CreditTreated": (_("It was decided what the credit note reduces"), "info", "check"),
    "matching.CreditAsked": (_("Credit note asked for"), "warning", "send"),
    "matching.InvoiceDisputed": (_("Invoice disputed"), "warning", "warning"),
    "matching.InvoiceResumed": (_("The invoice goes on"), "info", "check"),
    "matching.InvoiceCredited": (_("Credited in full, nothing to pay"), "success", "check"),
    "accounting.PostingProposed": (_("Posting proposed"), "info", "book"),
    "accounting.BatchReleased": (_("Released to the accounting system"), "info", "coins"),
    "accounting.BatchSent": (_("Sent to the accounting system"), "info", "send"),
    "accounting.BatchPosted": (_("Posted"), "success", "book"),
    "accounting.PostingRejected": (_("Rejected by the accounting system"), "danger", "warning"),
    "accounting.PostingMended": (_("Posting mended, ready for a new batch"), "info", "pencil"),
    "accounting.PostingReversed": (_("Reversed in full and posted anew"), "warning", "undo"),
    "accounting.BatchMismatched": (_("The accounting system's answer does not add up"), "danger", "warning"),
    "journal.DeliveryParked": (_("The machine gave up and asked for help"), "danger", "warning"),
    "journal.CaseClosed": (_("Case closed"), "neutral", "check"),
}
UNKNOWN: tuple[Text, str, str] = (_("Something happened"), "neutral", "info")

PAPERS: dict[str, Text] = {
    "requisition": _("Requisition"),
    "order": _("Order"),
    "order_response": _("Order response"),
    "receipt": _("Goods receipt"),
    "invoice": _("Invoice"),
    "invoice_response": _("Invoice response"),
    "batch": _("Posting batch"),
}

STEPS: tuple[tuple[str, Text], ...] = (
    ("need", _("Need")),
    ("approved", _("Approval")),
    ("ordered", _("Order")),
    ("received", _("Goods receipt")),
    ("invoiced", _("Invoice")),
    ("matched", _("Match")),
    ("posted", _("Accounting")),
)

SENTENCES = {
    "THREAD_NOT_YOURS": _("Purchases are shown to people with a role at the municipality that buys."),
}

BUDGET_MODES: dict[str, Text] = {
    "none": _("Not checked"),
    "warn": _("Warns"),
    "block": _("Stops the approval"),
}

FLOW: dict[tuple[str, str], Text] = {
    ("in", "stored"): _("In, not dealt with yet"),
    ("in", "routed"): _("In, dealt with"),
    ("in", "refused"): _("In, refused"),
    ("in", "duplicate"): _("In, seen before"),
    ("in", "filed"): _("In, filed"),
    ("out", "queued"): _("Out, waiting"),
    ("out", "sent"): _("Out, sent"),
    ("out", "failed"): _("Out, failed"),
    ("out", "rejected"): _("Out, rejected by the receiver's system"),
}
