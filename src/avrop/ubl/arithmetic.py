"""Money in a document, as EN 16931 means it (domain.md 2.4): exact when we write, slack when we read.

Amounts are decimals in the document's currency. We round half up on the absolute value, once per line (BT-131)
and once per VAT category and rate (BT-117), never a sum; XPath's `round()` goes towards plus infinity, so a
negative half of somebody else's may be a cent away and is within the slack. `sums_of` is for writers; `checks`
holds what others wrote against it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal

from avrop.ubl.documents import parts as p

CENT = Decimal("0.01")
ZERO = Decimal("0.00")
# PEPPOL-EN16931-R120, R040: a line's amount and an allowance may be this far from what is computed.
LINE_SLACK = Decimal("0.02")
# BR-CO-17, BR-S-08, BR-S-09: VAT of a category, and its base, may be less than this away.
VAT_SLACK = Decimal("1.00")


def to_ore(value: Decimal) -> Decimal:
    """`value` with two decimals, half up on the absolute value."""
    return value.quantize(CENT, rounding=ROUND_HALF_UP)


def signed(charges: Iterable[p.AllowanceCharge]) -> Decimal:
    """Charges less allowances, each to the cent."""
    return sum((to_ore(a.amount) if a.charge else -to_ore(a.amount) for a in charges), ZERO)


def share(base: Decimal, percent: Decimal) -> Decimal:
    """`percent` of `base` to the cent: VAT (BT-117), or an allowance by its percentage (BT-138, BT-101)."""
    return to_ore(base * percent / 100)


def line_amount(quantity: Decimal, price: p.Price, charges: Iterable[p.AllowanceCharge] = ()) -> Decimal:
    """Net amount of a line (BT-131): quantity x price / base quantity, with the line's own charges.

    Raises ZeroDivisionError for a base quantity of zero, which R121 forbids.
    """
    base = price.base_quantity.value if price.base_quantity else Decimal(1)
    return to_ore(quantity * price.amount / base) + signed(charges)


def net_price(gross: Decimal, discount: Decimal) -> Decimal:
    """The net price (BT-146): gross (BT-148) less the discount (BT-147), exactly (R046)."""
    return gross - discount


@dataclass(frozen=True, slots=True)
class Band:
    """VAT of one category and rate (BG-23): what it is computed on, and how much it is."""

    category: p.TaxCategory
    base: Decimal
    tax: Decimal

    @property
    def subtotal(self) -> p.TaxSubtotal:
        """As the document carries it."""
        return p.TaxSubtotal(self.base, self.tax, self.category)


def bands(taxed: Iterable[tuple[p.TaxCategory, Decimal]]) -> tuple[Band, ...]:
    """(category, net amount) of lines and document charges -> one band per category and rate, sorted.

    The reason why no VAT is charged is the first one given for the category.
    """
    bases: dict[tuple[str, Decimal | None], Decimal] = {}
    first: dict[tuple[str, Decimal | None], p.TaxCategory] = {}
    for category, amount in taxed:
        percent = category.percent.normalize() if category.percent is not None else None
        key = (category.id or "S", percent)
        bases[key] = bases.get(key, ZERO) + amount
        known = first.get(key)
        if known is None or not (known.exemption_reason or known.exemption_code):
            first[key] = category
    order = sorted(bases, key=lambda key: (key[0], key[1] if key[1] is not None else Decimal(-1)))
    return tuple(
        Band(_category(key, first[key]), bases[key], share(bases[key], key[1] or Decimal(0))) for key in order
    )


def _category(key: tuple[str, Decimal | None], said: p.TaxCategory) -> p.TaxCategory:
    percent = Decimal(format(key[1], "f")) if key[1] is not None else None  # 25, not 2.5E+1
    return p.TaxCategory(key[0], percent, said.exemption_code, said.exemption_reason, said.scheme)


@dataclass(frozen=True, slots=True)
class Sums:
    """Everything that follows from the lines and the document's allowances and charges (BG-22, BG-23)."""

    net: Decimal
    allowances: Decimal
    charges: Decimal
    bands: tuple[Band, ...]
    prepaid: Decimal = ZERO
    rounding: Decimal = ZERO

    @property
    def tax(self) -> Decimal:
        """VAT (BT-110): the sum of the bands (BR-CO-14)."""
        return sum((band.tax for band in self.bands), ZERO)

    @property
    def exclusive(self) -> Decimal:
        """Without VAT (BT-109, BR-CO-13)."""
        return self.net - self.allowances + self.charges

    @property
    def inclusive(self) -> Decimal:
        """With VAT (BT-112, BR-CO-15)."""
        return self.exclusive + self.tax

    @property
    def payable(self) -> Decimal:
        """What is to be paid (BT-115, BR-CO-16): with VAT, less what is paid, and rounded."""
        return self.inclusive - self.prepaid + self.rounding

    def totals(self, *, with_charges: bool) -> p.MonetaryTotal:
        """As the document carries it (BG-22)."""
        return p.MonetaryTotal(
            line_extension=self.net,
            tax_exclusive=self.exclusive,
            tax_inclusive=self.inclusive,
            allowance_total=self.allowances if with_charges else None,
            charge_total=self.charges if with_charges else None,
            prepaid=self.prepaid or None,
            rounding=self.rounding or None,
            payable=self.payable,
        )


_NO_CATEGORY = p.TaxCategory("O")


def sums_of(
    lines: Iterable[tuple[p.TaxCategory | None, Decimal]],
    charges: Sequence[p.AllowanceCharge] = (),
    *,
    prepaid: Decimal = ZERO,
    rounding: Decimal = ZERO,
) -> Sums:
    """(VAT category, net amount) of every line, and the document's allowances and charges -> all sums."""
    rows = [(category or _NO_CATEGORY, amount) for category, amount in lines]
    net = sum((amount for _, amount in rows), ZERO)
    rows += [(c.tax or _NO_CATEGORY, signed((c,))) for c in charges]
    return Sums(
        net=net,
        allowances=-signed(c for c in charges if not c.charge),
        charges=signed(c for c in charges if c.charge),
        bands=bands(rows),
        prepaid=prepaid,
        rounding=rounding,
    )


def whole_krone(sums: Sums) -> Sums:
    """The same, rounded to whole units of currency by BT-114. Not for electronic payment in Norway."""
    rounded = (sums.inclusive - sums.prepaid).quantize(Decimal(1), rounding=ROUND_HALF_UP)
    return replace(sums, rounding=rounded - (sums.inclusive - sums.prepaid))


def in_books(tax: Decimal, rate: Decimal, currency: str) -> p.TaxTotal:
    """The VAT in the accounting currency (BT-6, BT-111): `tax` x `rate`, to the cent, without breakdown (R053)."""
    return p.TaxTotal(to_ore(tax * rate), currency)


def split(amount: Decimal, weights: Sequence[Decimal]) -> list[Decimal]:
    """`amount` divided by `weights` to the cent, so that the parts sum exactly (largest remainder first)."""
    whole = sum(weights, Decimal(0))
    if not whole:
        raise ValueError("weights that sum to nothing divide nothing")
    exact = [amount * weight / whole for weight in weights]
    parts = [(value / CENT).to_integral_value(rounding="ROUND_FLOOR") * CENT for value in exact]
    missing = int((amount - sum(parts, ZERO)) / CENT)
    by_remainder = sorted(range(len(parts)), key=lambda i: (parts[i] - exact[i], i))
    for i in by_remainder[:missing]:
        parts[i] += CENT
    return [part.quantize(CENT) for part in parts]
