"""Money is a whole number of minor units (øre); unit prices and quantities are integers scaled by 10^6.

Why integers: on SQLite a `Sum` over decimals is off by an øre at 20,000 rows, and 0.10 + 0.20 is not 0.30.
`Decimal` appears only here and at the edge (documents and forms). Rounding is half up on the absolute value.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

SCALE = 6
MICRO = 10**SCALE
BASIS = 10_000  # VAT rates are basis points: 2500 is 25 %

# Only ASCII digits: Decimal() itself would also take "1_000", "Infinity" and other scripts' digits.
_PLAIN = re.compile(r"[+-]?(\d{1,15})(\.\d{1,12})?\Z", re.ASCII)


class NotANumber(ValueError):
    """A text that is not a plain decimal number with at most 15 digits before and 12 after the point."""


def parse_decimal(text: str) -> Decimal:
    """`text` as an exact Decimal. Raises NotANumber for anything but plain digits with one point."""
    trimmed = text.strip(" \t\r\n")
    if not _PLAIN.match(trimmed):
        raise NotANumber(text[:40])
    return Decimal(trimmed)


def parse_norwegian(text: str) -> Decimal:
    """A number as people type it in Norwegian: `1 234,50`, `1.234,50`, `49,90` or `49.90`."""
    cleaned = text.replace("\u00a0", "").replace("\u202f", "").replace(" ", "")
    if "," in cleaned:
        cleaned = cleaned.replace(".", "").replace(",", ".")
    return parse_decimal(cleaned.replace("\u2212", "-"))


def half_up_div(numerator: int, denominator: int) -> int:
    """numerator / denominator as an int, half away from zero. `denominator` > 0."""
    sign = -1 if numerator < 0 else 1
    return sign * ((2 * abs(numerator) + denominator) // (2 * denominator))


def to_minor(amount: Decimal) -> int:
    """An amount in kroner as øre, half up."""
    return int((amount * 100).quantize(Decimal(1), rounding=ROUND_HALF_UP))


def from_minor(minor: int) -> Decimal:
    """Øre as kroner with two decimals."""
    return Decimal(minor).scaleb(-2)


def to_micro(value: Decimal) -> int:
    """A unit price (kroner) or a quantity as an integer scaled by 10^6, half up."""
    return int((value * MICRO).quantize(Decimal(1), rounding=ROUND_HALF_UP))


def from_micro(micro: int) -> Decimal:
    """A scaled integer as a Decimal without trailing zeros beyond two decimals."""
    value = Decimal(micro).scaleb(-SCALE)
    exact = value.normalize()
    exponent = exact.as_tuple().exponent
    return exact if isinstance(exponent, int) and exponent <= -2 else value.quantize(Decimal("0.01"))


def quantity_from_micro(micro: int) -> Decimal:
    """A scaled quantity as the shortest plain Decimal (3, 2.5)."""
    value = Decimal(micro).scaleb(-SCALE).normalize()
    return value.quantize(Decimal(1)) if value == value.to_integral_value() else value


def minor_text(minor: int) -> str:
    """Øre as kroner in plain decimal text, as `from_minor` says them (-1234.50)."""
    whole, part = divmod(abs(minor), 100)
    return f"{'-' if minor < 0 else ''}{whole}.{part:02d}"


def micro_text(micro: int) -> str:
    """A scaled unit price in plain decimal text, as `from_micro` says it (52.90, 0.005)."""
    whole, part = divmod(abs(micro), MICRO)
    digits = f"{part:06d}".rstrip("0").ljust(2, "0")
    return f"{'-' if micro < 0 else ''}{whole}.{digits}"


def quantity_text(micro: int) -> str:
    """A scaled quantity in plain decimal text, as `quantity_from_micro` says it (3, 2.5)."""
    whole, part = divmod(abs(micro), MICRO)
    digits = f".{part:06d}".rstrip("0") if part else ""
    return f"{'-' if micro < 0 else ''}{whole}{digits}"


def line_amount(quantity: int, price: int, base_quantity: int = MICRO) -> int:
    """Net amount of a line in øre (BT-131): quantity * price / base quantity, all three scaled by 10^6."""
    return half_up_div(quantity * price * 100, base_quantity * MICRO)


def vat_amount(base: int, rate: int) -> int:
    """VAT in øre on a summed base in øre; `rate` in basis points (BR-S-09: computed per category and rate)."""
    return half_up_div(base * rate, BASIS)


def vat_by_rate(lines: Sequence[tuple[str, int, int]]) -> dict[tuple[str, int], tuple[int, int]]:
    """(category, rate, net øre) lines -> {(category, rate): (base, vat)}, VAT on the summed base."""
    bases: dict[tuple[str, int], int] = {}
    for category, rate, net in lines:
        bases[category, rate] = bases.get((category, rate), 0) + net
    return {key: (base, vat_amount(base, key[1])) for key, base in sorted(bases.items())}


def split(total: int, weights: Sequence[int]) -> list[int]:
    """`total` øre in parts by weight that sum exactly to it (largest remainder; ties to the earlier part).

    Weights are >= 0; when all are zero the parts are equal. Raises ValueError without weights.
    """
    if not weights or min(weights) < 0:
        raise ValueError("split needs weights >= 0")
    shares = list(weights) if any(weights) else [1] * len(weights)
    whole, sign = sum(shares), -1 if total < 0 else 1
    parts = [abs(total) * share // whole for share in shares]
    rest = [abs(total) * share % whole for share in shares]
    order = sorted(range(len(shares)), key=lambda i: (-rest[i], i))
    for i in order[: abs(total) - sum(parts)]:
        parts[i] += 1
    return [sign * part for part in parts]
