"""Invoices and what is built like them: credit notes, self-billed, passed on, reminders, payment requests."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from random import Random
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
from avrop.ubl.kinds import Identifier, Quantity
from avrop.ubl.tests.generate import common, values
from avrop.ubl.tests.generate.common import one_of, same
from avrop.ubl.tests.generate.maker import Fields, Kind, Making, carried, enter

# VAT category -> rates, and why none is charged: (code, text), either or both.
RATES = {"S": ("25", "15", "12", "11.11", "6"), "L": ("7", "3", "0"), "M": ("10", "4", "0")}
REASONS = {
    "E": (("VATEX-EU-132", None), (None, "Unntatt"), ("VATEX-EU-79-C", "Utlegg"), ("VATEX-EU-J", None)),
    "AE": (("VATEX-EU-AE", None), ("VATEX-EU-AE", "Reverse charge"), (None, "Reverse charge"), (None, None)),
    "K": (("VATEX-EU-IC", None), (None, "Intra-Community supply"), (None, None)),
    "G": (("VATEX-EU-G", None), (None, "Export outside the EU"), (None, None)),
    "O": (("VATEX-EU-O", None), (None, "Not subject to VAT"), (None, None)),
}
# Countries whose sellers have no rules of their own in BIS Billing; the Norwegian ones have (NO-R-001, -002).
SELLERS = ("NO", "NO", "NO", "NO", "NO", "FI", "EE", "FR", "PL")
TYPES = (
    "380",
    "380",
    "380",
    "383",
    "386",
    "393",
    "82",
    "80",
    "84",
    "395",
    "575",
    "623",
    "780",
    "71",
    "102",
    "388",
)
CREDITS = ("381", "381", "396", "81", "83", "532")
MEANS = ("30", "30", "30", "58", "42", "48", "54", "55", "49", "59", "57", "10", "1", "93", "97", "ZZZ")
PROFILES = (invoice.PROFILE, "urn:peppol:bis:billing_with_response")
_TRANSFER, _CARD, _DEBIT = ("30", "58"), ("48", "54", "55"), ("49", "59")


def categories(making: Making) -> list[str]:
    """The VAT categories of this document; O stands alone (BR-O-11)."""
    known: list[str] | None = making.notes.get("categories")
    if known is None:
        rng = making.rng
        if rng.random() < 0.08:
            known = ["O"]
        elif rng.random() < 0.5:
            known = rng.sample(["S", "S", "Z", "E"], rng.randint(1, 3))
        else:
            known = rng.sample(["S", "Z", "E", "AE", "K", "G", "L", "M"], rng.randint(1, 8))
        if "K" in known and not carried(making.kind.name, "delivery"):
            known = [one for one in known if one != "K"] or ["S"]
        making.notes["categories"] = known
    return known


def tax_category(making: Making, given: Fields) -> None:
    """One of the document's categories at one of its rates; reasons are said in the breakdown only."""
    category = making.rng.choice(categories(making))
    given["id"] = category
    given["percent"] = Decimal(making.rng.choice(RATES.get(category, ("0",))))
    if category == "O":
        given.pop("percent")


def price(making: Making, given: Fields) -> None:
    """The net price is the gross price less the discount (R046), which is never a charge (R044)."""
    discount = given.get("discount")
    if discount is not None:
        amount = values.price(making.rng)
        gross = discount.base_amount is not None or making.wants("lines.price.discount.base_amount")
        given["discount"] = replace(
            discount, charge=False, amount=amount, base_amount=given["amount"] + amount if gross else None
        )


def line(making: Making, given: Fields) -> None:
    """A quantity, sometimes taken back, and the amount that follows from it."""
    rng, quantity = making.rng, given["quantity"]
    if abs(quantity.value * given["price"].amount) > 10**12:
        quantity = Quantity(Decimal(1), quantity.unit)
    if rng.random() < 0.1:
        quantity = Quantity(-quantity.value, quantity.unit)
    given["quantity"] = quantity
    if given["price"].base_quantity is not None:
        base = Quantity(rng.choice((Decimal(1), Decimal(10), Decimal("0.5"), Decimal(1000))), quantity.unit)
        given["price"] = replace(given["price"], base_quantity=base)
    charges = given.get("allowance_charges", ())
    given["line_extension_amount"] = build.line_amount(quantity.value, given["price"], charges)
    if given.get("object_id"):
        given["object_type_code"] = "130"
    whole = making.notes.get("period")
    if given.get("period") and whole:
        given["period"] = common.within(given["period"], whole)  # R110, R111


def period(making: Making, given: Fields) -> None:
    """The document's period, remembered for the lines."""
    making.notes["period"] = p.Period(start=given.get("start"), end=given.get("end"))


def seller(making: Making, given: Fields) -> None:
    """A seller with what their country and the VAT categories ask for."""
    rng, without = making.rng, categories(making) == ["O"]
    country = given["address"].country
    number = values.orgnr(rng)
    tax = []
    if not without:
        vat = f"NO{number}MVA" if country == "NO" else f"{country}{rng.randint(10**7, 10**8 - 1)}"
        tax.append(p.TaxRegistration(vat))
    if country == "NO":
        given["legal_id"] = Identifier(number, "0192")
        tax.append(p.TaxRegistration(build.REGISTER, "TAX"))
    elif without:
        tax.append(p.TaxRegistration(values.identifier(rng), "TAX"))
        given.setdefault("legal_id", values.party_number(rng))
    given["tax"] = tuple(tax)


def buyer(making: Making, given: Fields) -> None:
    """A buyer, registered for VAT where the categories ask for it."""
    wanted = set(categories(making))
    if wanted & {"AE", "K"} or (given.get("tax") and "O" not in wanted):
        number = f"{making.rng.choice(('NO', 'SE', 'DE', 'FR'))}{making.rng.randint(10**8, 10**9 - 1)}"
        given["tax"] = (p.TaxRegistration(number),)
    else:
        given.pop("tax", None)


def representative(making: Making, given: Fields) -> None:
    """Somebody registered for VAT in the seller's place."""
    given["tax"] = (p.TaxRegistration(f"NO{values.orgnr(making.rng)}MVA"),)


def payment(making: Making, given: Fields) -> None:
    """What the way of paying asks for: an account, a card or a mandate."""
    rng = making.rng
    again = "means" in making.notes
    code = making.notes.setdefault("means", _means(making, given))  # the same in all (UBL-SR-47)
    given["code"] = code
    if given.get("payment_id"):  # UBL-SR-44
        given["payment_id"] = making.notes.setdefault("means.payment_id", given["payment_id"])
    if again:  # UBL-SR-45, -46
        given.pop("due_date", None)
        given.pop("code_name", None)
    if code in _TRANSFER:
        given["account_id"] = values.account(rng)
    elif code not in ("42", "57", "1", "93", "ZZZ"):
        given.pop("account_id", None)
    if code not in _CARD:
        given.pop("card_number", None)
    elif given.get("card_number"):
        given["card_number"] = f"{rng.randrange(10**4):04}"
        given["card_network"] = rng.choice(("VISA", "MC"))
    if code in _DEBIT:
        given["mandate_id"] = values.identifier(rng)
    else:
        given.pop("mandate_id", None)
        given.pop("payer_account", None)
    common.only_with("account_id", "account_name", "branch_id")(making, given)
    common.only_with("card_number", "card_network", "card_holder")(making, given)


def _means(making: Making, given: Fields) -> str:
    """A way of paying that the type of document can tell, and that what is given belongs to."""
    if making.probing:
        cards, debits = (
            any(given.get(f"card_{x}") for x in ("number", "network", "holder")),
            (given.get("mandate_id") or given.get("payer_account")),
        )
        return "48" if cards else "49" if debits else "30"
    code: str = given["code"]
    for codes, name in ((_CARD, "card_number"), (_DEBIT, "mandate_id")):
        if code in codes and not carried(making.kind.name, f"payment_means.{name}"):
            return "30"
    return code


def payee(making: Making, given: Fields) -> None:
    """Somebody else than the seller (UBL-SR-19 to -21)."""
    given["name"] = f"{given['name']} Factoring"


def bill(making: Making, given: Fields) -> None:
    """The document as a whole, before its sums."""
    rng, wanted = making.rng, categories(making)
    if not given.get("order_reference") and not given.get("buyer_reference"):  # R003
        given["buyer_reference"] = values.identifier(rng)
    if making.notes.get("means") in (*_CARD, *_DEBIT):  # UBL-SR-54, -55
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
    subtotals = tuple(_reasoned(rng, one) for one in first.subtotals)
    return replace(whole, tax_totals=(replace(first, subtotals=subtotals), *others))


def _reasoned(rng: Random, one: p.TaxSubtotal) -> p.TaxSubtotal:
    """As the builder says it, or with another reason for the same."""
    reasons = REASONS.get(one.category.id or "")
    if reasons is None:
        return one
    code, text = rng.choice(reasons)
    if code is None and text is None:
        return one
    return replace(one, category=replace(one.category, exemption_code=code, exemption_reason=text))


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
MOST = {"notes": 1, "lines": 5, "buyer.ids": 1, "payee.ids": 1, "seller.ids": 3, "payment_means": 3}


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
