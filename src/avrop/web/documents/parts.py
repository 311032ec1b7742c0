"""What several documents share, described: parties, addresses, items, prices, allowances; numbers and codes.

Amounts and quantities are shown as they are written in the document, to the last decimal; nothing is counted here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from avrop.ubl.codes import name_of, unit_of
from avrop.ubl.documents import parts as p
from avrop.ubl.documents.catalogue import CatalogueItem
from avrop.ubl.kinds import Identifier, Quantity
from avrop.web.documents.description import Column, Field, Row, Rows, Section, Table, field, section, visible
from avrop.web.format import MINUS, NARROW_SPACE, account, day, grouped, orgnr

NORWEGIAN_REGISTER = "0192"  # ISO 6523: Enhetsregisteret
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


def language() -> str:
    """The reader's language: nn, nb or en."""
    return (get_language() or "nn")[:2]


def number(value: Decimal | None, least: int = 0) -> str:
    """1234.5 -> "1 234,5": every decimal that says something, and at least so many."""
    if value is None:
        return ""
    whole, _point, decimals = format(value, "f").lstrip("+-").partition(".")
    decimals = decimals.rstrip("0").ljust(least, "0")
    sign = MINUS if value < 0 else ""
    return f"{sign}{grouped(int(whole or 0))}{',' + decimals if decimals else ''}"


def amount(value: Decimal | None, currency: str | None = "") -> str:
    """An amount with at least two decimals, and its currency where that is given."""
    if value is None:
        return ""
    return f"{number(value, 2)}{NARROW_SPACE}{visible(currency)}" if currency else number(value, 2)


def rate(value: Decimal | None) -> str:
    """25 -> "25 %"."""
    return f"{number(value)}{NARROW_SPACE}%" if value is not None else ""


def quantity(value: Quantity | None) -> str:
    """40 pakkar."""
    if value is None:
        return ""
    unit = unit_of((value.unit or "")[:40], 1_000_000 if value.value == 1 else 0, language())
    return visible(f"{number(value.value)} {unit}".strip())


def code(name: str, value: str | None) -> str:
    """A code with its name: "bankoverføring (30)"; one that we have no name for as it is."""
    known = name_of(name, value, language())
    return known if not value or known == value else f"{known} ({value})"


def identifier(value: Identifier | None) -> str:
    """A number, Norwegian organisation numbers in their groups, others with the register's code after them."""
    if value is None:
        return ""
    if value.scheme == NORWEGIAN_REGISTER:
        return orgnr(value.value)
    return f"{value.value} ({value.scheme})" if value.scheme else value.value


def yes_no(value: bool | None) -> str:
    """Yes, no, or nothing."""
    return "" if value is None else (_("Yes") if value else _("No"))


def period(value: p.Period | None) -> str:
    """From and to; an end that is not given is left open."""
    if value is None:
        return ""
    start = f"{day(value.start)} {value.start_time or ''}".strip()
    end = f"{day(value.end)} {value.end_time or ''}".strip()
    return start if start == end else f"{start} – {end}".strip()


def address(value: p.Address | None) -> str:
    """On one line, as on an envelope."""
    if value is None:
        return ""
    place = " ".join(part for part in (value.postal_zone, value.city) if part)
    parts = (value.street, value.additional_street, value.line, place, value.region, value.country)
    return ", ".join(part for part in parts if part)


def party(title: str, one: p.Party | None, terms: Mapping[str, str] = NO_TERMS) -> Section | None:
    """Who somebody is; None where nobody is named."""
    if one is None:
        return None
    other_tax = [f"{tax.company_id} ({tax.scheme})" for tax in one.tax if tax.scheme != "VAT"]
    contact = one.contact or p.Contact()
    registered = ", ".join(part for part in (one.registration_city, one.registration_country) if part)
    fields = (
        field(_("Name"), one.legal_name, terms.get("legal_name", "")),
        field(_("Trading name"), one.name if one.name != one.legal_name else "", terms.get("name", "")),
        field(_("Organisation number"), identifier(one.legal_id), terms.get("legal_id", "")),
        field(_("VAT number"), one.vat_id, terms.get("vat", "")),
        field(_("Other tax registration"), ", ".join(other_tax), terms.get("tax", "")),
        field(_("Other numbers"), ", ".join(map(identifier, one.ids)), terms.get("ids", "")),
        field(_("Legal form"), one.legal_form, terms.get("legal_form", "")),
        field(_("Registered in"), registered),
        field(_("Electronic address"), one.endpoint, terms.get("endpoint", "")),
        field(_("Address"), address(one.address), terms.get("address", "")),
        field(_("Contact"), contact.name, terms.get("contact", "")),
        field(_("Telephone"), contact.telephone, terms.get("telephone", "")),
        field(_("E-mail"), contact.email, terms.get("email", "")),
    )
    return section(title, fields)


def tax(value: p.TaxCategory | None) -> str:
    """The VAT of a line: the rate, and the category where that is not the ordinary one."""
    if value is None:
        return ""
    shown = rate(value.percent)
    return shown if value.id == "S" and shown else f"{shown} {code('vat_category', value.id)}".strip()


def charge(one: p.AllowanceCharge) -> str:
    """An allowance or charge on a line, in words: "−12,00 (10 % av 120,00): rabatt"."""
    sign = "+" if one.charge else MINUS
    base = amount(one.base_amount)
    part = f"{rate(one.percent)} × {base}" if one.percent is not None and base else rate(one.percent)
    why = one.reason or one.reason_code
    return f"{sign}{amount(one.amount)}{f' ({part})' if part else ''}{f': {why}' if why else ''}"


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
    why = one.reason or one.reason_code or ""
    return Row(
        (
            _("Charge") if one.charge else _("Allowance"),
            visible(why),
            rate(one.percent),
            amount(one.base_amount),
            visible(tax(one.tax)),
            amount(one.amount),
        )
    )


def price(value: p.Price | None) -> str:
    """A net price, with what it is for where that is not one (BT-146, BT-149)."""
    if value is None:
        return ""
    base = value.base_quantity
    return f"{amount(value.amount)} / {quantity(base)}" if base and base.value != 1 else amount(value.amount)


def price_fields(value: p.Price | None) -> tuple[Field, ...]:
    """What the price was before the discount."""
    discount = value.discount if value else None
    if discount is None:
        return ()
    return (
        field(_("Price before discount"), amount(discount.base_amount), "BT-148"),
        field(_("Discount on the price"), amount(discount.amount), "BT-147"),
    )


def item_fields(item: p.Item | CatalogueItem) -> tuple[Field, ...]:
    """What is said of an item beside its name."""
    about = item.description if isinstance(item, p.Item) else "\n".join(item.descriptions)
    found = [
        field(_("Description"), about, "BT-154"),
        field(_("Seller's item number"), item.sellers_id, "BT-155"),
        field(_("Buyer's item number"), item.buyers_id, "BT-156"),
        field(_("Manufacturer's item number"), item.manufacturers_id),
        field(_("Standard item number"), _scheme(item.standard_id), "BT-157"),
        field(_("Classification"), ", ".join(map(_classification, item.classifications)), "BT-158"),
        field(_("Country of origin"), item.origin_country, "BT-159"),
        field(_("Dangerous goods"), ", ".join(map(_hazard, item.hazards))),
    ]
    found += [Field(visible(one.name), visible(_property(one)), "BG-32") for one in item.properties]
    found += [field(_("Serial or lot number"), _instance(one)) for one in item.instances]
    return tuple(one for one in found if one.value)


def _scheme(value: Identifier | None) -> str:
    if value is None:
        return ""
    return f"GTIN {value.value}" if value.scheme == "0160" else str(value)


def _classification(one: p.Classification) -> str:
    known = {"STI": "CPV", "TST": "UNSPSC", "MP": "UNSPSC"}.get(one.list_id or "", one.list_id or "")
    return f"{known} {one.code}{f' ({one.name})' if one.name else ''}".strip()


def _hazard(one: p.Hazard) -> str:
    return " ".join(filter(None, (one.undg_code, one.hazard_class)))


def _property(one: p.ItemProperty) -> str:
    value = one.value or quantity(one.value_quantity)
    return f"{value} ({one.qualifier})" if one.qualifier else value


def _instance(one: p.ItemInstance) -> str:
    until = day(one.best_before)
    parts = (one.serial_id, one.lot_id, _("best before %(day)s") % {"day": until} if until else "")
    return ", ".join(part for part in parts if part)


def totals(
    value: p.MonetaryTotal | None, vat: Decimal | None, currency: str | None, last: str
) -> Section | None:
    """The sums of BG-22; `last` is what the amount at the end is called."""
    if value is None:
        return None
    fields = (
        field(_("Sum of the lines"), amount(value.line_extension), "BT-106"),
        field(_("Allowances"), amount(value.allowance_total), "BT-107"),
        field(_("Charges"), amount(value.charge_total), "BT-108"),
        field(_("Total without VAT"), amount(value.tax_exclusive), "BT-109"),
        field(_("VAT"), amount(vat), "BT-110"),
        field(_("Total with VAT"), amount(value.tax_inclusive), "BT-112"),
        field(_("Paid before"), amount(value.prepaid), "BT-113"),
        field(_("Rounding"), amount(value.rounding), "BT-114"),
        field(last, amount(value.payable, currency), "BT-115", strong=True),
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
            one.description or one.type or one.type_code or _("Document"),
            _paper(one),
            "BT-18" if one.type_code == "130" else "BG-24",
        )
        for one in documents
    ]
    return section(_("Documents referred to"), fields) if fields else None


def _paper(one: p.Document) -> str:
    named = f"{one.id} ({one.id_scheme})" if one.id_scheme else one.id
    return f"{named} – {one.uri}" if one.uri else named
