"""Answers of the trade, described: to an order (T76, T116), to an invoice (T111), to a catalogue (T58)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from avrop.ubl.documents.catalogue_response import ACCEPTED, REJECTED, CatalogueResponse
from avrop.ubl.documents.invoice_response import ACTION_LIST, REASON_LIST, InvoiceResponse, Status
from avrop.ubl.documents.order_response import OrderResponse, OrderResponseLine
from avrop.ubl.documents.order_response_advanced import OrderResponseAdvanced
from avrop.web.documents import items, parts, words
from avrop.web.documents.description import (
    Column,
    Description,
    Field,
    Notice,
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
    answer = _order_answer(one)
    change = one.order_change_reference if isinstance(one, OrderResponseAdvanced) else ""
    head = (
        field(_("Number"), one.id),
        field(_("Date"), words.when(one.issue_date, one.issue_time)),
        field(_("Answer"), words.code("order_response", one.code)),
        field(_("Order number"), one.order_reference),
        field(_("Change number"), change),
        field(_("Seller's order number"), one.sales_order_id),
        field(_("Buyer's reference"), one.customer_reference),
        field(_("Promised"), words.period(one.promised_period)),
        field(_("Currency"), one.currency),
    )
    return Description(
        kind=kind,
        number=visible(one.id),
        intro=parts.named(one.seller),
        head=section(_("About the document"), head),
        parties=said(parts.party(_("Seller"), one.seller), parts.party(_("Buyer"), one.buyer)),
        lines=_order_lines(one),
        rest=said(
            parts.notes(() if answer else one.notes),
            parts.technical(one.customization_id, one.profile_id),
        ),
        notices=answer,
        lines_first=True,
    )


def _order_answer(one: OrderResponse) -> tuple[Notice, ...]:
    """What is answered and why, before anything else: T76 has no place for a reason but its notes."""
    answers = {
        "AB": ("info", _("The seller has received the order")),
        "AP": ("success", _("The seller accepts the order as it is")),
        "CA": ("warning", _("The seller accepts the order with changes")),
        "RE": ("danger", _("The seller rejects the order")),
    }
    tone, title = answers.get(one.code or "", ("", ""))
    why = words.joined((" ".join(_changes(one)), *map(visible, one.notes)), "\n")
    return (Notice(tone, title, why),) if title else ()


def _changes(one: OrderResponse) -> Iterator[str]:
    lines = Counter(line.status_code for line in one.lines)
    if count := lines["7"]:
        yield ngettext("%(count)s line is not accepted.", "%(count)s lines are not accepted.", count) % {
            "count": count
        }
    if count := lines["3"]:
        yield ngettext("%(count)s line is changed.", "%(count)s lines are changed.", count) % {"count": count}
    if count := lines["1"]:
        yield ngettext("%(count)s line is added.", "%(count)s lines are added.", count) % {"count": count}


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
        visible(line.item.name or _("Line %(number)s") % {"number": line.id}),
        visible(words.code("order_line_status", line.status_code)),
        words.quantity(line.quantity),
        visible(parts.price(line.price)),
        visible(words.period(line.promised_period)),
    )
    instead = line.substitute.name if line.substitute else ""
    more = (
        field(_("Line"), line.id),
        field(_("Order line"), line.order_line_id),
        *items.fields(line.item),
        field(_("VAT"), parts.tax(line.item.tax)),
        field(_("In backorder"), words.quantity(line.maximum_backorder)),
        field(_("Instead"), words.joined((line.substitute_id, instead))),
        *(field(_("Instead"), f"{f.label}: {f.value}") for f in _instead(line)),
        *parts.price_fields(line.price),
        field(_("Note"), line.note),
    )
    return Row(cells, tuple(one for one in more if one.value))


def _instead(line: OrderResponseLine) -> tuple[Field, ...]:
    if line.substitute is None:
        return ()
    taxed = field(_("VAT"), parts.tax(line.substitute.tax))
    return (*items.fields(line.substitute), *((taxed,) if taxed.value else ()))


def invoice_response(one: InvoiceResponse, kind: str) -> Description:
    """What the buyer says of the invoice, and why."""
    head = (
        field(_("Answer"), words.code("invoice_response", one.code)),
        *(said_of for status in one.statuses for said_of in _status(status)),
        field(_("Invoice"), one.invoice_id),
        field(_("Invoice date"), day(one.invoice_issue_date)),
        field(_("Type"), words.code("invoice_type", one.invoice_type_code)),
        field(_("From"), day(one.effective_date)),
        field(_("Number"), one.id),
        field(_("Date"), words.when(one.issue_date, one.issue_time)),
    )
    return Description(
        kind=kind,
        number=visible(one.invoice_id),
        intro=parts.named(one.sender),
        head=section(_("About the document"), head),
        parties=said(
            parts.party(_("Sender"), one.sender),
            parts.party(_("Recipient"), one.receiver),
            parts.party(_("Issuer of the invoice"), one.issuer),
            parts.party(_("Recipient of the invoice"), one.recipient),
        ),
        rest=said(parts.notes(one.notes), parts.technical(one.customization_id, one.profile_id)),
        notices=_invoice_answer(one.code),
    )


def _invoice_answer(code: str) -> tuple[Notice, ...]:
    answers = {
        "AB": ("info", _("The buyer has received the invoice")),
        "IP": ("info", _("The invoice is being handled")),
        "UQ": ("warning", _("The buyer needs something before the invoice can be handled")),
        "CA": ("warning", _("The buyer accepts the invoice on conditions")),
        "RE": ("danger", _("The buyer rejects the invoice")),
        "AP": ("success", _("The buyer accepts the invoice")),
        "PD": ("success", _("The invoice is paid")),
    }
    return (Notice(*answers[code]),) if code in answers else ()


def _status(one: Status) -> Iterator[Field]:
    lists = {REASON_LIST: "invoice_reason", ACTION_LIST: "invoice_action"}
    known = lists.get(one.list_id or "")
    text = words.code(known, one.code) if known else words.joined((one.list_id, one.code), " ")
    label = _("What to do") if one.list_id == ACTION_LIST else _("Reason")
    yield field(label, words.joined((text, one.reason), ": "))
    for condition in one.conditions:
        should = words.joined((condition.attribute_id, condition.description), ": ")
        yield field(_("It should have been"), should)


def catalogue_response(one: CatalogueResponse, kind: str) -> Description:
    """Whether the buyer takes the catalogue, and why not."""
    answers = [
        field(
            _("Answer"), words.joined((words.code("order_response", answer.code), _catalogue(answer)), ": ")
        )
        for answer in (one.answers if len(one.answers) > 1 else ())
    ]
    if len(one.answers) == 1:
        answer = one.answers[0]
        answers = [
            field(_("Answer"), words.code("order_response", answer.code)),
            field(_("Catalogue"), answer.catalogue_id),
            field(_("Version"), answer.catalogue_version),
        ]
    head = (
        *answers,
        field(_("Number"), one.id),
        field(_("Date"), words.when(one.issue_date, one.issue_time)),
    )
    return Description(
        kind=kind,
        number=visible(one.id),
        intro=parts.named(one.sender),
        head=section(_("About the document"), head),
        parties=said(parts.party(_("Sender"), one.sender), parts.party(_("Recipient"), one.receiver)),
        rest=said(parts.technical(one.customization_id, one.profile_id)),
        notices=_catalogue_answer(one),
    )


def _catalogue(answer: object) -> str:
    return words.joined((getattr(answer, "catalogue_id", ""), getattr(answer, "catalogue_version", "")))


def _catalogue_answer(one: CatalogueResponse) -> tuple[Notice, ...]:
    """The answer with its notes: T58 has no other place for a reason."""
    codes = {answer.code for answer in one.answers}
    why = visible("\n".join(one.notes))
    if codes == {ACCEPTED}:
        return (Notice("success", _("The buyer accepts the catalogue"), why),)
    if codes == {REJECTED}:
        return (Notice("danger", _("The buyer rejects the catalogue"), why),)
    return (Notice("info", _("The buyer has answered"), why),)
