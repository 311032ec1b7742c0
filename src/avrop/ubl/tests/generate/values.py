"""Plain values from a seeded generator: texts, numbers, days, identifiers with their check digits."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from random import Random

from avrop.ubl.kinds import Identifier, Quantity

_WORDS = (
    "blåbær", "økologisk", "Æ", "kopipapir A4", "på lager", "stolrygg", "ò", "ḱ", "straße", "naïve",
    "日本語", "Ελληνικά", "שלום", "مرحبا", "हिन्दी", "🖨️", "👩\u200d🏫", "e\u0301", "a\u030a", "ﬁ", "½", "m²",
    "<b>", "&amp;", "]]>", '"', "'", "--", "\\", "%20", "{}", "'; --", "\u00a0", "\u2028", "\u202e", "\x85",
    "0", "-1", "1e5", "true", "NaN", "A/B-7",
)  # fmt: skip
_ID = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
_FIRST = date(2024, 1, 1).toordinal()
UNITS = (
    "EA",
    "C62",
    "H87",
    "KGM",
    "GRM",
    "LTR",
    "MTR",
    "MTK",
    "HUR",
    "DAY",
    "MON",
    "KWH",
    "XPX",
    "XBX",
    "NAR",
)


def text(rng: Random) -> str:
    """A text as people write it: one word, several, some lines, or a very long one. No white space around it."""
    how = rng.random()
    count = 1 if how < 0.4 else rng.randint(2, 8) if how < 0.97 else rng.randint(60, 400)
    between = "\n" if how < 0.02 else "\t" if how < 0.04 else " "
    return between.join(rng.choices(_WORDS, k=count))


def name(rng: Random) -> str:
    """A text on one line, not too long: names of people, goods, places."""
    return " ".join(rng.choices(_WORDS, k=rng.randint(1, 4)))


def identifier(rng: Random) -> str:
    """A number that somebody gave a thing."""
    if rng.random() < 0.1:
        return name(rng)
    return "".join(rng.choices(_ID, k=rng.randint(1, 12))) + rng.choice(("", "", "-1", "/26", ".x", "_7"))


def day(rng: Random) -> date:
    """A day of four years, leap day among them."""
    return date.fromordinal(_FIRST + rng.randrange(4 * 365))


def days(rng: Random) -> tuple[date, date]:
    """A day and one that is not earlier."""
    first = day(rng)
    return first, first + timedelta(days=rng.choice((0, 0, 1, 30, 1000)))


def time(rng: Random) -> str:
    """A time of day, often with an offset."""
    zone = rng.choice(("", "Z", "+01:00", "-11:30", ".123+02:00", ".5"))
    return f"{rng.randrange(24):02}:{rng.randrange(60):02}:{rng.randrange(60):02}{zone}"


def amount(rng: Random) -> Decimal:
    """Øre: nothing, something, much."""
    how = rng.random()
    most = 0 if how < 0.06 else 10**4 if how < 0.5 else 10**7 if how < 0.95 else 10**12
    return Decimal(rng.randint(0, most)).scaleb(-2)


def price(rng: Random) -> Decimal:
    """A price of an item: not negative, up to six decimals, sometimes huge."""
    how = rng.random()
    most = 0 if how < 0.05 else 10**4 if how < 0.6 else 10**8 if how < 0.97 else 10**12
    return Decimal(rng.randint(0, most)).scaleb(-rng.choice((0, 1, 2, 2, 2, 4, 6)))


def number(rng: Random) -> Decimal:
    """A positive number, for quantities and measures."""
    how = rng.random()
    most = 10 if how < 0.5 else 10**5 if how < 0.97 else 10**10
    return Decimal(rng.randint(1, most)).scaleb(-rng.choice((0, 0, 0, 1, 3)))


def quantity(rng: Random) -> Quantity:
    """Some of a unit."""
    return Quantity(number(rng), rng.choice(UNITS))


def percent(rng: Random) -> Decimal:
    """A percentage, now and then with decimals or above a hundred."""
    return Decimal(rng.choice(("1", "2.5", "10", "33.33", "100", "12.125", "250")))


def orgnr(rng: Random) -> str:
    """A Norwegian organisation number with its check digit (modulus 11)."""
    while True:
        digits = [rng.choice((8, 9)), *(rng.randrange(10) for _ in range(7))]
        check = -sum(d * w for d, w in zip(digits, (3, 2, 7, 6, 5, 4, 3, 2), strict=True)) % 11
        if check < 10:
            return "".join(map(str, [*digits, check]))


def gs1(rng: Random, length: int) -> str:
    """A GLN, GTIN or SSCC: digits with GS1's check digit."""
    digits = [rng.randrange(10) for _ in range(length - 1)]
    total = sum(d * (3 if i % 2 == 0 else 1) for i, d in enumerate(reversed(digits)))
    return "".join(map(str, [*digits, -total % 10]))


def luhn(rng: Random, length: int) -> str:
    """Digits with the check digit of cards and Swedish numbers (modulus 10)."""
    digits = [rng.randint(1, 9), *(rng.randrange(10) for _ in range(length - 2))]
    doubled = [d * 2 if i % 2 == 0 else d for i, d in enumerate(reversed(digits))]
    return "".join(map(str, [*digits, -sum(d // 10 + d % 10 for d in doubled) % 10]))


def account(rng: Random) -> str:
    """A Norwegian account number (modulus 11) or a Norwegian IBAN."""
    while True:
        digits = [rng.randrange(10) for _ in range(10)]
        check = -sum(d * w for d, w in zip(digits, (5, 4, 3, 2, 7, 6, 5, 4, 3, 2), strict=True)) % 11
        if check < 10:
            break
    bban = "".join(map(str, [*digits, check]))
    if rng.random() < 0.6:
        return bban
    return f"NO{98 - int(bban + '232400') % 97:02}{bban}"  # N=23, O=24


def party_number(rng: Random) -> Identifier:
    """A number of a company in a register of ISO 6523, that may also be its address in Peppol."""
    how = rng.random()
    if how < 0.7:
        return Identifier(orgnr(rng), "0192")
    if how < 0.85:
        return Identifier(gs1(rng, 13), "0088")
    if how < 0.95:
        return Identifier(luhn(rng, 10), "0007")
    return Identifier(str(rng.randint(10**8, 10**9 - 1)), "0060")


def goods_number(rng: Random) -> Identifier:
    """A GTIN."""
    return Identifier(gs1(rng, rng.choice((8, 12, 13, 14))), "0160")
