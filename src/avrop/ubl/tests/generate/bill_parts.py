"""The parts of an invoice: who sells and buys, VAT, prices, lines, ways of paying."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from random import Random

from avrop.ubl import build
from avrop.ubl.documents import parts as p
from avrop.ubl.kinds import Identifier, Quantity
from avrop.ubl.tests.generate import common, values
from avrop.ubl.tests.generate.maker import Fields, Making, carried

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
MEANS = ("30", "30", "30", "58", "42", "48", "54", "55", "49", "59", "57", "10", "1", "93", "97", "ZZZ")
TRANSFER, CARD, DEBIT = ("30", "58"), ("48", "54", "55"), ("49", "59")


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
    if code in TRANSFER:
        given["account_id"] = values.account(rng)
    elif code not in ("42", "57", "1", "93", "ZZZ"):
        given.pop("account_id", None)
    if code not in CARD:
        given.pop("card_number", None)
    elif given.get("card_number"):
        given["card_number"] = f"{rng.randrange(10**4):04}"
        given["card_network"] = rng.choice(("VISA", "MC"))
    if code in DEBIT:
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
    for codes, name in ((CARD, "card_number"), (DEBIT, "mandate_id")):
        if code in codes and not carried(making.kind.name, f"payment_means.{name}"):
            return "30"
    return code


def payee(making: Making, given: Fields) -> None:
    """Somebody else than the seller (UBL-SR-19 to -21)."""
    given["name"] = f"{given['name']} Factoring"


def reasoned(rng: Random, one: p.TaxSubtotal) -> p.TaxSubtotal:
    """As the builder says it, or with another reason for the same."""
    reasons = REASONS.get(one.category.id or "")
    if reasons is None:
        return one
    code, text = rng.choice(reasons)
    if code is None and text is None:
        return one
    return replace(one, category=replace(one.category, exemption_code=code, exemption_reason=text))
