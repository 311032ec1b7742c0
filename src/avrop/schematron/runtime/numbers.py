"""Arithmetic of xs:integer (int), xs:decimal (Decimal) and xs:double (float)."""

from __future__ import annotations

import math
import operator
from collections.abc import Iterable
from decimal import ROUND_FLOOR, ROUND_HALF_DOWN, Context, Decimal
from typing import Any

from avrop.schematron.errors import DynamicError

EXACT = Context(prec=2000, Emax=999999, Emin=-999999)


_WIDE = Context(prec=100, Emax=999999, Emin=-999999)


def divide(left: Any, right: Any) -> Decimal:
    """`div` of decimals: the oracle keeps 18 digits after the point, or as many as an operand has."""
    if right == 0:
        raise DynamicError("FOAR0001")
    left, right = Decimal(left), Decimal(right)
    places = max(18, -int(left.as_tuple().exponent), -int(right.as_tuple().exponent))
    # 100 figures are exact enough to round by, unless the operands are very far apart.
    exact = (_WIDE if abs(left.adjusted() - right.adjusted()) + places < 60 else EXACT).divide(left, right)
    return exact.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_DOWN, context=EXACT)


def divide_double(left: float, right: float) -> float:
    """`div` of doubles."""
    try:
        return left / right
    except ZeroDivisionError:
        if left == 0 or left != left:
            return math.nan
        return math.copysign(math.inf, left) * math.copysign(1, right)


def mod_integer(left: int, right: int) -> int:
    """`mod` of integers: the sign of the dividend."""
    if right == 0:
        raise DynamicError("FOAR0001")
    rest = abs(left) % abs(right)
    return -rest if left < 0 else rest


def mod_decimal(left: Any, right: Any) -> Decimal:
    """`mod` of decimals."""
    if right == 0:
        raise DynamicError("FOAR0001")
    return EXACT.remainder(Decimal(left), Decimal(right))


def mod_double(left: float, right: float) -> float:
    """`mod` of doubles."""
    if right == 0 or left in (math.inf, -math.inf) or left != left or right != right:
        return math.nan
    return math.fmod(left, right)


def idiv(left: Any, right: Any) -> int:
    """`idiv` of exact numbers."""
    if right == 0:
        raise DynamicError("FOAR0001")
    whole = int(abs(Decimal(left)) // abs(Decimal(right)))
    return -int(whole) if (left < 0) != (right < 0) else int(whole)


def idiv_double(left: float, right: float) -> int:
    """`idiv` of doubles."""
    if right == 0:
        raise DynamicError("FOAR0001")
    if left != left or right != right or left in (math.inf, -math.inf):
        raise DynamicError("FOAR0002")
    return int(left / right)


add, subtract, multiply = operator.add, operator.sub, operator.mul


_HALF = Decimal("0.5")


def round_decimal(number: Any) -> Any:
    """fn:round of a decimal: half towards positive infinity."""
    if isinstance(number, int):
        return number
    return EXACT.add(number, _HALF).to_integral_value(rounding=ROUND_FLOOR, context=EXACT)


def round_double(number: float) -> float:
    """fn:round of a double."""
    if number != number or abs(number) >= 4503599627370496.0:
        return number
    whole = float(math.floor(number))
    result = whole + 1 if number - whole >= 0.5 else whole
    return math.copysign(result, number) if result == 0 else result


def floor_decimal(number: Any) -> Any:
    """fn:floor of a decimal."""
    return (
        number if isinstance(number, int) else number.to_integral_value(rounding=ROUND_FLOOR, context=EXACT)
    )


def ceiling_decimal(number: Any) -> Any:
    """fn:ceiling of a decimal."""
    return number if isinstance(number, int) else -floor_decimal(-number)


def floor_double(number: float) -> float:
    """fn:floor of a double."""
    if number != number or abs(number) == math.inf:
        return number
    return math.copysign(float(math.floor(number)), number)


def ceiling_double(number: float) -> float:
    """fn:ceiling of a double."""
    if number != number or abs(number) == math.inf:
        return number
    return math.copysign(float(math.ceil(number)), number)


def sum_number(values: Iterable[float]) -> float:
    """fn:sum of doubles."""
    total: float | None = None
    for item in values:
        total = item if total is None else total + item
    return 0 if total is None else total


def total(values: Iterable[Any]) -> Any:
    """fn:sum of exact numbers."""
    result: Any = 0
    for item in values:
        result += item
    return result


def greatest(values: Iterable[Any], least: bool = False) -> Any:
    """fn:max and fn:min of numbers of one type; None for none, NaN wins."""
    best = None
    for item in values:
        if item != item:
            return item
        if best is None or (item < best if least else item > best):
            best = item
    return best
