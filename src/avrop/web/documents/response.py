"""Answers, described: to an order (T76, T116), to an invoice (T111), to a message (MLR, MLS)."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from avrop.ubl.documents import message_level_response as mlr
from avrop.ubl.documents.invoice_response import ACTION_LIST, REASON_LIST, InvoiceResponse, Status
from avrop.ubl.documents.message_level_status import FAILED_DELIVERY
from avrop.ubl.documents.order_response import OrderResponse, OrderResponseLine
from avrop.ubl.documents.order_response_advanced import OrderResponseAdvanced
from avrop.web.documents import parts
from avrop.web.documents.description import (
    Column,
    Description,
    Field,
    Row,
    Rows,
    Table,
    field,
    said,
    section,
    visible,
)
from avrop.web.format import day


def order_response(one: OrderResponse, kind: str) -> Description:
    """What the seller says of the order, and of each line of it."""
    change = one.order_change_reference if isinstance(one, OrderResponseAdvanced) else ""
    head = (
        field(_("Number"), one.id),
        field(_("Date"), f"{day(one.issue_date)} {one.issue_time or ''}".strip()),
        field(_("Answer"), parts.code("order_response", one.code)),
        field(_("Order number"), one.order_reference),
        field(_("Change number"), change),
        field(_("Seller's order number"), one.sales_order_id),
        field(_("Buyer's reference"), one.customer_reference),
        field(_("Promised"), parts.period(one.promised_period)),
        field(_("Currency"), one.currency),
    )
    return Description(
        kind=kind,
        number=visible(one.id),
        intro=visible(one.seller.legal_name or one.seller.display_name),
        head=section(_("About the document"), head),
        parties=said(parts.party(_("Seller"), one.seller), parts.party(_("Buyer"), one.buyer)),
        lines=_order_lines(one),
        rest=said(parts.notes(one.notes)),
    )


def _order_lines(one: OrderResponse) -> Table | None:
    if not one.lines:
        return None
    columns = (
        Column(_("Item")),
        Column(_("Answer")),
        Column(_("Quantity"), numeric=True),
        Column(_("Price"), numeric=True),
        Column(_("Promised")),
    )
    return Table(_("Lines"), columns, Rows(one.lines, _order_line))


def _order_line(line: OrderResponseLine) -> Row:
    cells = (
        visible(line.item.name),
        visible(parts.code("order_line_status", line.status_code)),
        parts.quantity(line.quantity),
        visible(parts.price(line.price)),
        visible(parts.period(line.promised_period)),
    )
    instead = line.substitute.name if line.substitute else ""
    more = (
        field(_("Line"), line.id),
        field(_("Order line"), line.order_line_id),
        *parts.item_fields(line.item),
        field(_("In backorder"), parts.quantity(line.maximum_backorder)),
        field(_("Instead"), ", ".join(filter(None, (line.substitute_id, instead)))),
        *(field(_("Instead"), f"{f.label}: {f.value}") for f in _instead(line)),
        field(_("Note"), line.note),
    )
    return Row(cells, tuple(one for one in more if one.value))


def _instead(line: OrderResponseLine) -> tuple[Field, ...]:
    return parts.item_fields(line.substitute) if line.substitute else ()


def invoice_response(one: InvoiceResponse, kind: str) -> Description:
    """What the buyer says of the invoice, and why."""
    head = (
        field(_("Number"), one.id),
        field(_("Date"), f"{day(one.issue_date)} {one.issue_time or ''}".strip()),
        field(_("Answer"), parts.code("invoice_response", one.code)),
        field(_("From"), day(one.effective_date)),
        field(_("Invoice"), one.invoice_id),
        field(_("Invoice date"), day(one.invoice_issue_date)),
        field(_("Type"), parts.code("invoice_type", one.invoice_type_code)),
    )
    reasons = section(_("Why, and what to do"), (said_of for s in one.statuses for said_of in _status(s)))
    return Description(
        kind=kind,
        number=visible(one.invoice_id),
        intro=visible(one.sender.legal_name or one.sender.display_name),
        head=section(_("About the document"), head),
        parties=said(
            parts.party(_("Sender"), one.sender),
            parts.party(_("Recipient"), one.receiver),
            parts.party(_("Issuer of the invoice"), one.issuer),
            parts.party(_("Recipient of the invoice"), one.recipient),
        ),
        rest=said(reasons, parts.notes(one.notes)),
    )


def _status(one: Status) -> Iterator[Field]:
    lists = {REASON_LIST: "invoice_reason", ACTION_LIST: "invoice_action"}
    known = lists.get(one.list_id or "")
    text = parts.code(known, one.code) if known else one.code or ""
    label = _("What to do") if one.list_id == ACTION_LIST else _("Reason")
    yield field(label, f"{text}: {one.reason}" if text and one.reason else text or one.reason)
    for condition in one.conditions:
        yield field(_("It should have been"), f"{condition.attribute_id}: {condition.description or ''}")


def message_response(one: mlr.MessageLevelResponse, kind: str) -> Description:
    """What became of a message: an answer of the network's, not of the business."""
    words = {
        mlr.ACKNOWLEDGED: _("received"),
        mlr.ACCEPTED: _("accepted"),
        mlr.REJECTED: _("rejected"),
    }
    head = (
        field(_("Number"), one.id),
        field(_("Date"), f"{day(one.issue_date)} {one.issue_time or ''}".strip()),
        field(_("Answer"), f"{words[one.code]} ({one.code})" if one.code in words else one.code),
        field(_("Message id"), one.refers_to),
        field(_("Type"), one.document_type_code),
        field(_("Version"), one.version_id),
        field(_("Sender"), one.sender),
        field(_("Recipient"), one.receiver),
        field(_("Description"), one.description),
    )
    issues = [(place.location, issue) for place in one.places for issue in place.issues]
    columns = (Column(_("What is wrong")), Column(_("Kind")), Column(_("Where")))
    table = Table(_("Findings"), columns, Rows(issues, _issue)) if issues else None
    return Description(
        kind=kind,
        number=visible(one.id),
        intro=visible(str(one.sender)),
        head=section(_("About the document"), head),
        lines=table,
    )


def _issue(pair: tuple[str, mlr.Issue]) -> Row:
    place, issue = pair
    words = {
        mlr.RULE_FATAL: _("a rule is broken"),
        mlr.RULE_WARNING: _("a rule is broken, a warning"),
        mlr.SYNTAX: _("the structure is broken"),
        FAILED_DELIVERY: _("it could not be delivered"),
    }
    where = "" if place == mlr.NOT_APPLICABLE else place
    return Row((visible(issue.description), words.get(issue.reason, issue.reason), visible(where)))
