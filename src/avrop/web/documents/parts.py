"""What several documents share, described: parties, prices, allowances, totals, papers and notes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from django.utils.translation import gettext as _

from avrop.ubl.documents import order as od
from avrop.ubl.documents import parts as p
from avrop.web.documents import items, words
from avrop.web.documents.description import Column, Field, Row, Rows, Section, Table, field, section, visible
from avrop.web.format import MINUS, account

# Business terms of a party's fields, by the role it plays (EN 16931-1).
SELLER = {
    "group": "BG-4", "legal_name": "BT-27", "name": "BT-28", "ids": "BT-29", "legal_id": "BT-30", "vat": "BT-31",
    "tax": "BT-32", "legal_form": "BT-33", "endpoint": "BT-34", "address": "BG-5", "contact": "BT-41",
    "telephone": "BT-42", "email": "BT-43",
}  # fmt: skip
BUYER = {
    "group": "BG-7", "legal_name": "BT-44", "name": "BT-45", "ids": "BT-46", "legal_id": "BT-47", "vat": "BT-48",
    "endpoint": "BT-49", "address": "BG-8", "contact": "BT-56", "telephone": "BT-57", "email": "BT-58",
}  # fmt: skip
PAYEE = {"group": "BG-10", "name": "BT-59", "ids": "BT-60", "legal_id": "BT-61"}
TAX_REPRESENTATIVE = {"group": "BG-11", "name": "BT-62", "vat": "BT-63", "address": "BG-12"}
NO_TERMS: Mapping[str, str] = {}


def party(title: str, one: p.Party | None, terms: Mapping[str, str] = NO_TERMS) -> Section | None:
    """Who somebody is; None where nobody is named."""
    if one is None:
        return None
    other_tax = [f"{tax.company_id} ({tax.scheme})" for tax in one.tax if tax.scheme != "VAT"]
    vat = [tax.company_id for tax in one.tax if tax.scheme == "VAT"]
    contact = one.contact or p.Contact()
    registered = words.joined((one.registration_city, words.country(one.registration_country)))
    fields = (
        field(_("Name"), one.legal_name, terms.get("legal_name", "")),
        field(_("Trading name"), one.name if one.name != one.legal_name else "", terms.get("name", "")),
        field(_("Organisation number"), words.identifier(one.legal_id), terms.get("legal_id", "")),
        field(_("VAT number"), ", ".join(vat), terms.get("vat", "")),
        field(_("Other tax registration"), ", ".join(other_tax), terms.get("tax", "")),
        field(_("Other numbers"), ", ".join(map(words.identifier, one.ids)), terms.get("ids", "")),
        field(_("Legal form"), one.legal_form, terms.get("legal_form", "")),
        field(_("Registered in"), registered),
        field(_("Electronic address"), one.endpoint, terms.get("endpoint", "")),
        field(_("Address"), words.address(one.address), terms.get("address", "")),
        field(_("Contact"), words.joined((contact.name, contact.id)), terms.get("contact", "")),
        field(_("Telephone"), contact.telephone, terms.get("telephone", "")),
        field(_("E-mail"), contact.email, terms.get("email", "")),
    )
    return section(title, fields)


def in_short(one: p.Party | None) -> str:
    """A party in one text: what is said of it, its name first."""
    told = party("", one)
    return ", ".join(said.value for said in told.fields) if told else ""


def contact(one: p.Contact | None) -> str:
    """Whom to ask, in one text."""
    return words.joined((one.name, one.telephone, one.email, one.id)) if one else ""


def named(one: p.Party) -> str:
    """The name that a heading bears."""
    return visible(one.legal_name or one.display_name)


def technical(customization: str, profile: str, *more: Field) -> Section:
    """What a system asks: which specification the document follows."""
    fields = (field(_("Specification"), customization), field(_("Process"), profile), *more)
    return section(_("For the systems"), fields)


def terms_of_delivery(one: od.DeliveryTerms | None) -> str:
    """The Incoterms code, special terms and the place that they are about."""
    if one is None:
        return ""
    return words.joined((one.id, one.special_terms, one.location_id, words.address(one.address)))


def tax(value: p.TaxCategory | None) -> str:
    """The VAT of a line: the rate, and the category where that is not the ordinary one."""
    if value is None:
        return ""
    shown = words.rate(value.percent)
    return shown if value.id == "S" and shown else f"{shown} {words.code('vat_category', value.id)}".strip()


def charge(one: p.AllowanceCharge) -> str:
    """An allowance or charge on a line, in words: "−12,00 (10 % av 120,00): rabatt"."""
    sign = "+" if one.charge else MINUS
    base = words.amount(one.base_amount)
    part = words.joined((words.rate(one.percent), base), " × ")
    taxed = words.joined((reason(one), tax(one.tax), *(said.value for said in items.tax_fields(one.tax))))
    return f"{sign}{words.amount(one.amount)}{f' ({part})' if part else ''}{f': {taxed}' if taxed else ''}"


def charge_fields(charges: Iterable[p.AllowanceCharge], terms: bool = False) -> tuple[Field, ...]:
    """Allowances and charges of a line (BG-27, BG-28)."""
    return tuple(
        field(_("Charge"), charge(one), "BG-28" if terms else "")
        if one.charge
        else field(_("Allowance"), charge(one), "BG-27" if terms else "")
        for one in charges
    )


def reason(one: p.AllowanceCharge) -> str:
    """Why, in the sender's words and by the code (UNCL5189, UNCL7161)."""
    listed = words.code("charge_reason" if one.charge else "allowance_reason", one.reason_code)
    return words.joined((one.reason, listed))


def charges_table(charges: Sequence[p.AllowanceCharge]) -> tuple[Table, ...]:
    """Allowances and charges on the whole document (BG-20, BG-21); none where there are none."""
    if not charges:
        return ()
    columns = (
        Column(_("Kind")),
        Column(_("Reason"), "BT-97, BT-104"),
        Column(_("Rate"), "BT-94, BT-101", numeric=True),
        Column(_("Basis"), "BT-93, BT-100", numeric=True),
        Column(_("VAT"), "BT-96, BT-103", numeric=True),
        Column(_("Amount"), "BT-92, BT-99", numeric=True),
    )
    return (Table(_("Allowances and charges"), columns, Rows(charges, _charge_row)),)


def _charge_row(one: p.AllowanceCharge) -> Row:
    cells = (
        _("Charge") if one.charge else _("Allowance"),
        visible(reason(one)),
        words.rate(one.percent),
        words.amount(one.base_amount),
        visible(tax(one.tax)),
        words.amount(one.amount),
    )
    return Row(cells, tuple(said for said in items.tax_fields(one.tax) if said.value))


def vat_table(subtotals: Sequence[p.TaxSubtotal]) -> Table:
    """VAT by category and rate (BG-23)."""
    columns = (
        Column(_("VAT category"), "BT-118"),
        Column(_("Rate"), "BT-119", numeric=True),
        Column(_("Basis"), "BT-116", numeric=True),
        Column(_("VAT"), "BT-117", numeric=True),
    )
    return Table(_("VAT by rate"), columns, Rows(subtotals, _subtotal))


def _subtotal(one: p.TaxSubtotal) -> Row:
    cells = (
        visible(words.code("vat_category", one.category.id)),
        words.rate(one.category.percent),
        words.amount(one.taxable_amount),
        words.amount(one.tax_amount),
    )
    return Row(cells, tuple(said for said in items.tax_fields(one.category) if said.value))


def price(value: p.Price | None) -> str:
    """A net price, with what it is for where that is not one (BT-146, BT-149)."""
    if value is None:
        return ""
    base = value.base_quantity
    shown = words.amount(value.amount)
    return f"{shown} / {words.quantity(base)}" if base and base.value != 1 else shown


def price_fields(value: p.Price | None) -> tuple[Field, ...]:
    """What kind of price it is, and what it was before the discount."""
    if value is None:
        return ()
    discount = value.discount
    before = field(
        _("Price before discount"), words.amount(discount.base_amount if discount else None), "BT-148"
    )
    less = ""
    if discount is not None:
        why = words.joined((words.rate(discount.percent), reason(discount), tax(discount.tax)))
        less = words.joined(
            (words.amount(discount.amount), why, *(f.value for f in items.tax_fields(discount.tax)))
        )
    kind = words.code("price_type", value.type)
    return (before, field(_("Discount on the price"), less, "BT-147"), field(_("Kind of price"), kind))


def totals(
    value: p.MonetaryTotal | None, vat: Decimal | None, currency: str | None, last: str
) -> Section | None:
    """The sums of BG-22; `last` is what the amount at the end is called."""
    if value is None:
        return None
    fields = (
        field(_("Sum of the lines"), words.amount(value.line_extension), "BT-106"),
        field(_("Allowances"), words.amount(value.allowance_total), "BT-107"),
        field(_("Charges"), words.amount(value.charge_total), "BT-108"),
        field(_("Total without VAT"), words.amount(value.tax_exclusive), "BT-109"),
        field(_("VAT"), words.amount(vat), "BT-110"),
        field(_("Total with VAT"), words.amount(value.tax_inclusive), "BT-112"),
        field(_("Paid before"), words.amount(value.prepaid), "BT-113"),
        field(_("Rounding"), words.amount(value.rounding), "BT-114"),
        field(last, words.amount(value.payable, currency), "BT-115", strong=True),
    )
    return section(_("Totals"), fields, numeric=True)


def bank_account(value: str | None) -> str:
    """A Norwegian account in its groups; any other as it is written."""
    return account(value)


def notes(texts: Iterable[str], term: str = "") -> Section | None:
    """Free text of the whole document."""
    fields = tuple(field(_("Note"), text, term) for text in texts)
    return section(_("Notes"), fields) if fields else None


def papers(documents: Sequence[p.Document]) -> Section | None:
    """Documents that are named; those that lie in the document are listed as attachments beside this."""
    fields = [
        field(
            _paper_is(one)[0],
            words.joined((_paper(one), *_paper_is(one)[1:])),
            "BT-18" if one.type_code == "130" else "BG-24",
        )
        for one in documents
    ]
    return section(_("Documents referred to"), fields) if fields else None


def paper_text(one: p.Document) -> str:
    """A document that a line names, in one text."""
    return words.joined((words.joined(_paper_is(one)), _paper(one)), ": ")


def _paper_is(one: p.Document) -> tuple[str, ...]:
    """What it is, the most telling first."""
    told = (one.description, one.type, words.code("paper_type", one.type_code))
    return tuple(visible(text) for text in told if text) or (_("Document"),)


def _paper(one: p.Document) -> str:
    named_ = f"{one.id} ({one.id_scheme})" if one.id_scheme else one.id
    return words.joined((named_, one.uri), " – ")
