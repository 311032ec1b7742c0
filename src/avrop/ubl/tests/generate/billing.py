"""Invoices and what is built like them: credit notes, self-billed, passed on, reminders, payment requests."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

from avrop.ubl import build
from avrop.ubl.documents import (
    forward_billing,
    invoice,
    payment_request,
    reminder,
    self_billing,
)
from avrop.ubl.documents import parts as p
from avrop.ubl.kinds import Identifier
from avrop.ubl.tests.generate import common, values
from avrop.ubl.tests.generate.bill_parts import (
    CARD,
    DEBIT,
    MEANS,
    SELLERS,
    buyer,
    categories,
    line,
    payee,
    payment,
    period,
    price,
    reasoned,
    representative,
    seller,
    tax_category,
)
from avrop.ubl.tests.generate.common import one_of, same
from avrop.ubl.tests.generate.maker import Fields, Kind, Making, enter

TYPES = (
    "380",
    "380",
    *["383", "386", "393", "82", "80", "84", "395", "575", "623", "780", "71", "102", "388"],
)
CREDITS = ("381", "381", "396", "81", "83", "532")
PROFILES = (invoice.PROFILE, "urn:peppol:bis:billing_with_response")


def bill(making: Making, given: Fields) -> None:
    """The document as a whole, before its sums."""
    rng, wanted = making.rng, categories(making)
    if not given.get("order_reference") and not given.get("buyer_reference"):  # R003
        given["buyer_reference"] = values.identifier(rng)
    if making.notes.get("means") in (*CARD, *DEBIT):  # UBL-SR-54, -55
        given["payment_means"] = given["payment_means"][:1]
    if given.get("period") and given["period"].description_code:
        given.pop("tax_point_date", None)
    if "O" in wanted:
        given.pop("tax_representative", None)
    if "K" in wanted:
        there = given.get("delivery") or invoice.Delivery()
        given["delivery"] = replace(
            there, date=there.date or values.day(rng), address=there.address or p.Address(country="SE")
        )
    if given.get("tax_currency") == given["currency"]:
        given.pop("tax_currency")
    given["totals"] = p.MonetaryTotal(Decimal(0), Decimal(0))
    given.pop("tax_totals", None)
    _documents(making, given)
    common.numbered(making, given)


def _documents(making: Making, given: Fields) -> None:
    """One document at most is the object that is invoiced (R006), and only that one has a scheme."""
    done, kept = False, []
    for one in given.get("documents", ()):
        if one.type_code == "130":
            if done:
                continue
            done = True
            one = replace(one, description=None, content=None, mime_code=None, filename=None, uri=None)
        else:
            one = replace(one, id_scheme=None)
        kept.append(one)
    given["documents"] = tuple(kept)


def summed(making: Making, document: invoice.Invoice) -> invoice.Invoice:
    """With its sums, now and then with rounding, something paid already, and VAT in another currency."""
    rng = making.rng
    rounding = Decimal(rng.randint(-49, 50)).scaleb(-2) if making.wants("totals.rounding") else None
    prepaid = values.amount(rng) if making.wants("totals.prepaid") else None
    rate = Decimal(rng.choice(("0.0891", "1.0312", "11.7345"))) if document.tax_currency else None
    whole = build.sum_up_invoice(document, rounding=rounding, prepaid=prepaid, rate=rate)
    first, *others = whole.tax_totals
    subtotals = tuple(reasoned(rng, one) for one in first.subtotals)
    return replace(whole, tax_totals=(replace(first, subtotals=subtotals), *others))


VALUES = common.VALUES | {
    "id": values.identifier,
    "type_code": one_of(*TYPES),
    "tax_currency": one_of("NOK", "EUR", "SEK"),
    "order_reference": values.identifier,
    "seller.address.country": one_of(*SELLERS),
    "seller.endpoint": values.party_number,
    "seller.ids": common.party_ids,
    "buyer.ids": common.party_ids,
    "payee.ids": common.party_ids,
    "period.description_code": one_of("3", "35", "432"),
    "payment_means.code": one_of(*MEANS),
    "documents.type_code": one_of("130"),
    "documents.id_scheme": one_of("ABT", "AAK", "ABZ"),
    "lines.object_type_code": same("130"),
    "lines.object_id": lambda rng: Identifier(values.identifier(rng), rng.choice((None, "ABT"))),
    "delivery.location_id": lambda rng: rng.choice(
        (Identifier(values.identifier(rng)), Identifier(values.gs1(rng, 13), "0088"))
    ),
    "TaxCategory.id": one_of("S"),
}
MENDS = common.MENDS | {
    "TaxCategory": tax_category,
    "allowance_charges": common.allowance,
    "lines.allowance_charges": common.allowance,
    "Price": price,
    "lines": line,
    "period": common.all_of(common.in_order, period),
    "seller": seller,
    "buyer": buyer,
    "payee": payee,
    "tax_representative": representative,
    "payment_means": payment,
    "": bill,
}
ALWAYS = frozenset(
    [
        "seller.address",
        "seller.address.country",
        "seller.endpoint",
        "seller.legal_name",
        "buyer.address",
        "buyer.address.country",
        "buyer.endpoint",
        "buyer.legal_name",
        "payee.name",
        "tax_representative.name",
        "tax_representative.address",
        "tax_representative.address.country",
        "delivery.address.country",
        "due_date",
        "payment_terms",
        "allowance_charges.tax",
        "allowance_charges.tax.id",
        "lines.item.tax",
        "lines.item.name",
        "lines.item.tax.id",
        "lines.item.classifications.list_id",
        "documents.id_scheme",
    ]
)
MOST = {"notes": 1, "lines": 3, "buyer.ids": 1, "payee.ids": 1, "payment_means": 3}


def _kind(name: str, module: Any, shape: Any, **more: Any) -> Kind:
    return Kind(
        name,
        module,
        shape,
        values=VALUES | more.pop("values", {}),
        mends=MENDS | more.pop("mends", {}),
        always=(ALWAYS | more.pop("always", frozenset())) - more.pop("never", frozenset()),
        most=MOST,
        finish=more.pop("finish", summed),
        **more,
    )


def _credit(making: Making, given: Fields) -> None:
    bill(making, given)
    given["credit_note"] = True


def _reminder(making: Making, given: Fields) -> None:
    given.setdefault("preceding", (invoice.Preceding(values.identifier(making.rng)),))
    bill(making, given)


def _request(making: Making, given: Fields) -> None:
    """Money asked for without VAT (EHF-PR)."""
    _documents(making, given)
    common.numbered(making, given)


def _asked(making: Making, document: invoice.Invoice) -> invoice.Invoice:
    """Line sum, what is paid already and what is to be paid.

    EHF-PR-R001 subtracts in binary floating point (`number()`), so that 0.30 less 0.10 is not 0.20 to it: what is
    right to the øre has a finding for some amounts. No writer can avoid that, and those amounts are not drawn.
    """
    net = sum((one.line_extension_amount for one in document.lines), Decimal("0.00"))
    prepaid = values.amount(making.rng)
    while float(net) - float(prepaid) != float(net - prepaid):
        prepaid = values.amount(making.rng)
    totals = replace(document.totals, line_extension=net, prepaid=prepaid, payable=net - prepaid)
    return replace(document, totals=totals)


def _nobody(making: Making, given: Fields) -> None:
    """Nothing is mended."""


_UNTAXED = frozenset(
    [
        "lines.item.tax",
        "lines.item.tax.id",
        "buyer.legal_name",
        "payment_terms",
        "seller.endpoint",
        "seller.legal_name",
        "allowance_charges.tax",
        "allowance_charges.tax.id",
    ]
)


KINDS = (
    _kind("invoice", invoice, invoice.INVOICE, values={"profile_id": one_of(*PROFILES)}),
    _kind(
        "credit_note",
        invoice,
        invoice.CREDIT_NOTE,
        values={"type_code": one_of(*CREDITS), "profile_id": one_of(*PROFILES)},
        mends={"": _credit},
    ),
    _kind(
        "self_billed_invoice",
        self_billing,
        self_billing.INVOICE,
        values={"type_code": same("389")},
    ),
    _kind(
        "self_billed_credit_note",
        self_billing,
        self_billing.CREDIT_NOTE,
        values={"type_code": same("261")},
        mends={"": _credit},
    ),
    _kind("forward_billing", forward_billing, forward_billing.SHAPE, values={"type_code": same("82")}),
    _kind(
        "reminder",
        reminder,
        reminder.SHAPE,
        mends={"": _reminder},
        always=frozenset({"preceding"}),
    ),
    _kind(
        "payment_request",
        payment_request,
        payment_request.SHAPE,
        values={
            "Document.mime_code": one_of(*common.MIME[1:]),
            "seller.ids": lambda rng: Identifier(values.orgnr(rng), "0192"),
            "buyer.endpoint": lambda rng: Identifier(values.orgnr(rng), "0192"),
        },
        mends={"": _request, "seller": _nobody, "buyer": _nobody, "TaxCategory": _nobody},
        always=frozenset({"buyer.name"}),
        never=_UNTAXED,
        finish=_asked,
    ),
)
enter(*KINDS)
