"""An invoice or credit note, described (EN 16931-1, Peppol BIS Billing 3)."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from avrop.ubl.documents.forward_billing import ForwardBilling
from avrop.ubl.documents.invoice import Delivery, Invoice, InvoiceLine, PaymentMeans, Preceding
from avrop.ubl.documents.payment_request import PaymentRequest
from avrop.ubl.documents.reminder import Reminder
from avrop.ubl.documents.self_billing import SelfBilledInvoice
from avrop.web.documents import items, parts, words
from avrop.web.documents.description import (
    Column,
    Description,
    Field,
    Notice,
    Row,
    Rows,
    Section,
    Table,
    field,
    said,
    section,
    visible,
)
from avrop.web.format import day


def describe(one: Invoice, kind: str) -> Description:
    """Everything the invoice says, in the reader's language."""
    vat = one.tax_total.amount if one.tax_total else None
    return Description(
        kind=kind,
        number=visible(one.id),
        intro=parts.named(one.seller),
        head=section(_("About the document"), _head(one)),
        parties=said(
            parts.party(_("Seller"), one.seller, parts.SELLER),
            parts.party(_("Buyer"), one.buyer, parts.BUYER),
            parts.party(_("Payee"), one.payee, parts.PAYEE),
            parts.party(_("Seller's tax representative"), one.tax_representative, parts.TAX_REPRESENTATIVE),
        ),
        lines=_lines(one),
        tables=(*parts.charges_table(one.allowance_charges), *_vat(one)),
        totals=parts.totals(one.totals, vat, one.currency, _last(one)),
        rest=said(
            *_payments(one),
            section(_("References"), _references(one)),
            _delivery(one.delivery),
            parts.papers(one.documents),
            parts.notes(one.notes, "BT-22"),
        ),
        notices=_notices(one),
        terms=True,
    )


def _last(one: Invoice) -> str:
    return _("Amount credited") if one.credit_note else _("Amount due for payment")


def _notices(one: Invoice) -> tuple[Notice, ...]:
    """What kind of demand it is, where it is no plain invoice."""
    if isinstance(one, Reminder):
        text = _("Find out why the invoice is not paid before you pay. Then pay only one of the two.")
        return (Notice("warning", _("An invoice is not paid, says the seller"), text),)
    if isinstance(one, PaymentRequest):
        text = _("It is a compensation, a grant or the like, and has no VAT.")
        return (Notice("info", _("Money is asked for, and nothing is sold"), text),)
    if isinstance(one, ForwardBilling):
        return (Notice("info", _("The seller passes on an invoice from another company")),)
    if isinstance(one, SelfBilledInvoice):
        return (Notice("info", _("The buyer has made this for the seller")),)
    return ()


def _head(one: Invoice) -> Iterator[Field]:
    yield field(_("Number"), one.id, "BT-1")
    yield field(_("Date"), day(one.issue_date), "BT-2")
    yield field(_("Type"), words.code("invoice_type", one.type_code), "BT-3")
    due = words.amount(one.totals.payable, one.currency)
    yield field(_last(one), due, "BT-115", strong=True)
    yield field(_("Pay by"), day(one.pay_by), "BT-9")
    if isinstance(one, Reminder):
        for earlier in one.preceding:
            yield field(_("Reminder of the invoice"), _earlier(earlier), "BG-3")
        yield field(_("Charges"), words.amount(one.totals.charge_total, one.currency), "BT-108")
        yield field(_("Paid before"), words.amount(one.totals.prepaid, one.currency), "BT-113")
    yield field(_("Currency"), one.currency, "BT-5")
    yield field(_("Currency of the VAT accounts"), one.tax_currency, "BT-6")
    yield field(_("Date of the VAT"), day(one.tax_point_date), "BT-7")
    yield field(_("Period"), words.period(one.period), "BG-14")
    yield field(_("Buyer's reference"), one.buyer_reference, "BT-10")
    yield field(_("Order number"), one.order_reference, "BT-13")


def _references(one: Invoice) -> Iterator[Field]:
    for earlier in () if isinstance(one, Reminder) else one.preceding:
        yield field(_("Earlier invoice"), _earlier(earlier), "BG-3")
    yield field(_("Seller's order number"), one.sales_order_id, "BT-14")
    yield field(_("Contract"), one.contract_reference, "BT-12")
    yield field(_("Project"), one.project_reference, "BT-11")
    yield field(_("Despatch advice"), one.despatch_reference, "BT-16")
    yield field(_("Receipt advice"), one.receipt_reference, "BT-15")
    yield field(_("Tender or lot"), one.originator_reference, "BT-17")
    yield field(_("Buyer's accounting reference"), one.accounting_cost, "BT-19")
    yield field(_("Specification"), one.customization_id, "BT-24")
    yield field(_("Process"), one.profile_id, "BT-23")


def _earlier(one: Preceding) -> str:
    return words.joined((one.id, day(one.issue_date)))


def _payments(one: Invoice) -> Iterator[Section]:
    """Each way to pay; the terms stand with the first."""
    several = len(one.payment_means) > 1
    for at, means in enumerate(one.payment_means or (PaymentMeans(""),), start=1):
        title = _("Payment %(number)s") % {"number": at} if several else _("Payment")
        yield _payment(title, means, one, one.payment_terms if at == 1 else "")


def _payment(title: str, means: PaymentMeans, one: Invoice, terms: str | None) -> Section:
    fields = (
        field(
            _("Means of payment"),
            words.joined((means.code_name, words.code("payment_means", means.code))),
            "BT-81",
        ),
        field(_("Pay by"), day(means.due_date) if means.due_date != one.pay_by else "", "BT-9"),
        field(_("KID or text of the payment"), means.payment_id, "BT-83"),
        field(_("Account"), parts.bank_account(means.account_id), "BT-84"),
        field(_("Account holder"), means.account_name, "BT-85"),
        field(_("Bank"), means.branch_id, "BT-86"),
        field(_("Card"), " ".join(filter(None, (means.card_network, means.card_number))), "BT-87"),
        field(_("Card holder"), means.card_holder, "BT-88"),
        field(_("Mandate"), means.mandate_id, "BT-89"),
        field(_("Account that is debited"), means.payer_account, "BT-91"),
        field(_("Terms of payment"), terms, "BT-20"),
    )
    return section(title, fields)


def _delivery(one: Delivery | None) -> Section | None:
    if one is None:
        return None
    fields = (
        field(_("Delivered on"), day(one.date), "BT-72"),
        field(_("To"), one.party_name, "BT-70"),
        field(_("Place"), words.identifier(one.location_id), "BT-71"),
        field(_("Delivery address"), words.address(one.address), "BG-15"),
    )
    return section(_("Delivery"), fields)


def _lines(one: Invoice) -> Table:
    columns = (
        Column(_("Item"), "BT-153"),
        Column(_("Quantity"), "BT-129", numeric=True),
        Column(_("Price"), "BT-146", numeric=True),
        Column(_("VAT"), "BT-152", numeric=True),
        Column(_("Net"), "BT-131", numeric=True),
    )
    return Table(_("Lines"), columns, Rows(one.lines, _line))


def _line(line: InvoiceLine) -> Row:
    cells = (
        visible(line.item.name),
        words.quantity(line.quantity),
        visible(parts.price(line.price)),
        visible(parts.tax(line.item.tax)),
        words.amount(line.line_extension_amount),
    )
    more = (
        field(_("Line"), line.id, "BT-126"),
        *items.fields(line.item),
        field(_("Order number"), line.order_id),
        field(_("Order line"), line.order_line, "BT-132"),
        field(_("Period"), words.period(line.period), "BG-26"),
        field(_("Buyer's accounting reference"), line.accounting_cost, "BT-133"),
        field(_("Object"), _object(line), "BT-128"),
        *parts.price_fields(line.price),
        *parts.charge_fields(line.allowance_charges, terms=True),
        field(_("Note"), line.note, "BT-127"),
    )
    return Row(cells, tuple(one for one in more if one.value))


def _object(line: InvoiceLine) -> str:
    """What the line is about: a meter, a subscription."""
    kind = "" if line.object_type_code == "130" else words.code("paper_type", line.object_type_code)
    return words.joined((words.identifier(line.object_id), kind))


def _vat(one: Invoice) -> tuple[Table, ...]:
    found = []
    for total in one.tax_totals:
        if total.subtotals:
            found.append(parts.vat_table(total.subtotals))
        elif total.currency != one.currency:
            row = Row((_("In the currency of the VAT accounts"), words.amount(total.amount, total.currency)))
            other = (Column(_("VAT")), Column(_("Amount"), "BT-111", numeric=True))
            found.append(Table(_("VAT in another currency"), other, (row,)))
    return tuple(found)
