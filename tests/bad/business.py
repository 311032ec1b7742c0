"""Documents that are well-formed and wrong: of the wrong seller, order, quantity, price, VAT, amount, date, text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

from avrop.kernel.ports import today
from tests.bad.bills import PAPER, bill_of, box, plain, swap
from tests.bad.made import Made, made
from tests.bad.scene import Scene
from tests.stories.purchase import Line

AMOUNTS = (
    "NaN", "INF", "-INF", "1e999", "1E2", "-0", "0", "-0.00", "+661.25", "661,25", "661.255", "0661.25", " 661.25 ",
    "6.6125E2", "0x295", "661.25 NOK", "", "99999999999999.99", "9" * 30, "-661.25", "66125", "6.61", "661.24", "661.26",
)  # fmt: skip
QUANTITIES = ("0", "-10", "1000", "100000000", "0.000001", "9.999999", "10.0000001", "11", "-1", "9" * 15)
PRICES = ("0", "0.00", "-52.90", "5290", "52.91", "0.01", "529000000", "0.0000001", "53.96", "1e3")
FIELDS = (
    "PayableAmount", "TaxInclusiveAmount", "TaxExclusiveAmount", "LineExtensionAmount", "TaxAmount", "TaxableAmount",
    "PriceAmount",
)  # fmt: skip


def business(scene: Scene) -> Iterator[Made]:
    """All of them. Nothing here may reach the books by itself unless it says so."""
    for part in (_orders, _parties, _schemes_and_accounts, _quantities, _amounts, _vat, _dates, _texts):
        yield from part(scene)


def _orders(scene: Scene) -> Iterator[Made]:
    for name, number in scene.orders.items():
        if name == "open":
            continue
        for way in ("in the head", "on the line", "in both"):
            line = Line(**{**plain(PAPER), "order": number if way != "in the head" else None})
            raw = bill_of(scene, line, order=None if way == "on the line" else number)
            # A full invoice of goods that have not come waits; it is not paid.
            yield made(f"order {name} {way}", raw, paid=False)
    for name, number in (
        ("unknown", "BREM-2026-999999"), ("blank", " "), ("long", "X" * 900), ("of two", "{0} {0}"), ("lower", "lower"),
        ("nul like", "0"), ("markup", "<b>"), ("format", "%(number)s"), ("path", "../../1"), ("quote", "' OR 1=1 --"),
    ):  # fmt: skip
        real = {"of two": number.format(scene.orders["open"]), "lower": scene.orders["open"].lower()}
        yield made(f"order number {name}", bill_of(scene, order=real.get(name, number)), paid=name == "lower")
    for ref in ("2", "0", "-1", "1.0", "01", " 1", "X" * 200, "1;2", "٣"):
        line = Line(**{**plain(PAPER), "order_line": ref})
        yield made(f"order line {ref[:10]!r}", bill_of(scene, line), paid=True)
    many = [Line("1", "52.90", "40-2210", order=f"BREM-{n}", order_line="1") for n in range(500)]
    yield made("500 orders nobody knows", lambda: bill_of(scene, *many, order=None), paid=False)
    known = [Line("1", "52.90", "40-2210", order=n, order_line="1") for n in scene.open[:12] * 42]
    yield made("500 lines on 12 orders", lambda: bill_of(scene, *known, order=None), paid=False)


def _parties(scene: Scene) -> Iterator[Made]:
    world = scene.world
    seller, buyer = world.kontor.orgnr, world.bremnes.orgnr
    for name, seller_too in (
        ("the wholesaler", world.storhus),
        ("the buyer itself", world.bremnes),
        ("another buyer", world.fjell),
    ):
        yield made(f"seller is {name}", bill_of(scene, seller=seller_too), paid=False)
    for name, other in (
        ("unknown", "987654325"), ("wrong digit", seller[:-1] + "0"), ("short", "123"), ("empty", ""), ("spaced", f"{seller[:3]} {seller[3:6]} {seller[6:]}"),
        ("letters", "ABCDEFGHI"), ("long", "9" * 500), ("with NO", f"NO{seller}MVA"), ("the buyer's", buyer),
    ):  # fmt: skip
        raw = bill_of(scene)
        yield made(
            f"seller's number {name}", raw.replace(seller.encode(), other.encode()), paid=name == "spaced"
        )
        yield made(
            f"seller's endpoint {name}",
            raw.replace(f'"0192">{seller}'.encode(), f'"0192">{other}'.encode(), 1),
        )
        yield made(f"buyer's number {name}", raw.replace(buyer.encode(), other.encode()))
        yield made(
            f"buyer's legal number {name}",
            raw[: raw.rfind(buyer.encode())] + other.encode() + raw[raw.rfind(buyer.encode()) + 9 :],
        )


def _schemes_and_accounts(scene: Scene) -> Iterator[Made]:
    good = bill_of(scene)
    for scheme in ("", "0088", "9908", "NO:ORGNR", "xxxx", "0192 "):
        yield made(f"scheme {scheme!r}", good.replace(b'schemeID="0192"', f'schemeID="{scheme}"'.encode()))
    for account in (
        "",
        "86011117948",
        "NO9386011117947",
        "15032080119",
        "1" * 34,
        "DE89370400440532013000",
        "8601 11 17947",
        "x" * 900,
    ):
        yield made(
            f"account {account[:12]!r}",
            bill_of(scene, account=account or None),
            paid=account in ("NO9386011117947", "8601 11 17947"),
        )


def _quantities(scene: Scene) -> Iterator[Made]:
    for quantity in QUANTITIES:
        yield made(f"quantity {quantity}", lambda q=quantity: bill_of(scene, box(quantity=q)), paid=False)
    for price in PRICES:
        yield made(f"price {price}", lambda p=price: bill_of(scene, box(price=p)), paid=price == "52.91")
    for unit in ("KGM", "XBX", "H87", "C62", "", "1", "EA ", "ea", "é"):
        yield made(f"unit {unit!r}", lambda u=unit: bill_of(scene, box(unit=u)))
    for item in ("40-3310", "nothing", "", "40-2210 ", "X" * 500):
        yield made(f"item {item[:10]!r}", lambda i=item: bill_of(scene, box(item=i)))
    yield made("the same line a hundred times", lambda: bill_of(scene, *[PAPER] * 100), paid=False)
    yield made("more and less", lambda: bill_of(scene, box(quantity="20"), box(quantity="-10")), paid=False)
    yield made("all taken back", lambda: bill_of(scene, PAPER, box(quantity="-10")), paid=False)
    yield made("a fee of 49 kroner", lambda: bill_of(scene, fee="49.00"), paid=False)
    for amount in ("-10.00", "529.00", "1000.00", "1e5"):
        yield made(f"allowance {amount}", lambda a=amount: bill_of(scene, box(allowance=a)))
        yield made(f"charge {amount}", lambda a=amount: bill_of(scene, box(charge=a)), paid=False)
    for rounding in ("0.49", "-0.49", "100", "-100", "1e6"):
        yield made(f"rounding {rounding}", lambda r=rounding: bill_of(scene, rounding=r))


def _amounts(scene: Scene) -> Iterator[Made]:
    for tag in FIELDS:
        for value in AMOUNTS:
            harmless = value.strip() in ("661.25", "0661.25") or tag in (
                "TaxAmount",
                "TaxableAmount",
                "PriceAmount",
            )
            yield made(
                f"{tag} is {value!r}",
                lambda t=tag, v=value: swap(bill_of(scene), t, v),
                paid=harmless or value == "",
            )
    for value in ("", "NaN", "1e999", "-0", "1,5", "9" * 40, "0", "-1", "1E1"):
        yield made(
            f"quantity reads {value!r}",
            lambda v=value: swap(bill_of(scene), "InvoicedQuantity", v),
            paid=value == "1E1",
        )


def _vat(scene: Scene) -> Iterator[Made]:
    for rate in ("0", "12", "15", "25.5", "100", "-25", "1e9", "NaN", "250"):
        yield made(
            f"rate {rate}", lambda r=rate: swap(swap(bill_of(scene), "Percent", r, 0), "Percent", r, 1)
        )
        yield made(f"rate of the line {rate}", lambda r=rate: swap(bill_of(scene), "Percent", r, 9))
    for category in ("Z", "E", "AE", "K", "G", "O", "L", "M", "X", "", "s", "S "):
        yield made(
            f"category {category!r}",
            lambda c=category: re.sub(rb">S<", b">" + c.encode() + b"<", bill_of(scene)),
        )
    for currency in ("EUR", "SEK", "USD", "XXX", "nok", "", "NOKK", "578"):
        yield made(
            f"currency {currency!r}",
            lambda c=currency: bill_of(scene).replace(b"NOK", c.encode()),
            paid=False,
        )
        first = f'currencyID="{currency}"'.encode()
        yield made(
            f"one amount in {currency!r}", lambda f=first: bill_of(scene).replace(b'currencyID="NOK"', f, 1)
        )


def _dates(scene: Scene) -> Iterator[Made]:
    near = today()
    for value in (
        "0001-01-01", "1900-01-01", "9999-12-31", "2026-02-30", "2026-13-01", "26-11-23", "23.11.2026", "20261123", "2026-11-23T00:00:00",
        "2026-11-23Z", "2026-11-23+14:00", "-2026-01-01", "12026-01-01", "", "NaN", "today", (near + timedelta(days=400)).isoformat(),
        (near - timedelta(days=4000)).isoformat(), "２０２６-11-23", "2026-11-3",
    ):  # fmt: skip
        for tag in ("IssueDate", "DueDate", "ActualDeliveryDate"):
            yield made(f"{tag} {value!r}", lambda t=tag, v=value: swap(bill_of(scene), t, v))


def _texts(scene: Scene) -> Iterator[Made]:
    for value in (
        "", " ", "X" * 1000, "å" * 400, "\u202e123", "a\tb", "<![CDATA[x]]>", "&#9;", "%s%n", "{0.__class__}", "=cmd|'/c calc'!A0",
        "' OR 1=1 --", "../../etc/passwd", "\u0000".encode("unicode_escape").decode(), "INV\u00ad1", "１２３", "\u200b", "🧾" * 60,
    ):  # fmt: skip
        for tag in (
            "ID",
            "BuyerReference",
            "Name",
            "PaymentID",
            "InvoiceTypeCode",
            "CustomizationID",
            "ProfileID",
        ):
            yield made(f"{tag} reads {value[:12]!r}", lambda t=tag, v=value: swap(bill_of(scene), t, v))
