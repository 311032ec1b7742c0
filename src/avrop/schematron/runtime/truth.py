"""Effective boolean values, comparisons and what is asked only if something else is there."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from avrop.schematron.errors import DynamicError
from avrop.schematron.runtime.casts import dbl
from avrop.schematron.runtime.strings import WHITE


def truth_double(number: float | None) -> bool:
    """The effective boolean value of a double."""
    return not (number is None or number == 0 or number != number)


def truth_strings(items: Sequence[str]) -> bool:
    """The effective boolean value of a sequence of strings. Raises FORG0006 for more than one."""
    if len(items) > 1:
        raise DynamicError("FORG0006")
    return bool(items and items[0])


def truth_numbers(items: Sequence[Any]) -> bool:
    """The effective boolean value of a sequence of numbers or booleans."""
    if len(items) > 1:
        raise DynamicError("FORG0006")
    return bool(items) and truth_double(items[0])


def any_pair(left: Iterable[Any], right: Sequence[Any], holds: Callable[[Any, Any], bool]) -> bool:
    """A general comparison of two sequences."""
    for one_left in left:
        for one_right in right:
            if holds(one_left, one_right):
                return True
    return False


def mismatch(_left: Any, _right: Any) -> bool:
    """Two values that cannot be compared. Raises XPTY0004."""
    raise DynamicError("XPTY0004")


def may(function: Callable[[Any], Any], item: Any) -> Any:
    """A function of a value that may be missing."""
    return None if item is None else function(item)


def opt(function: Callable[[Any, Any], Any], left: Any, right: Any) -> Any:
    """A calculation whose operands may be missing."""
    return None if left is None or right is None else function(left, right)


def opt_(left: Callable[[], Any], right: Callable[[], Any], function: Callable[[Any, Any], Any]) -> Any:
    """`opt`, evaluated from left to right: without the left value the right one is not asked for."""
    first = left()
    if first is None:
        return None
    second = right()
    return None if second is None else function(first, second)


def eq_o(left: Any, right: Any) -> bool:
    """`=` of two values that may be missing; so with the five below."""
    return left is not None and right is not None and bool(left == right)


def ne_o(left: Any, right: Any) -> bool:
    """`!=`."""
    return left is not None and right is not None and bool(left != right)


def lt_o(left: Any, right: Any) -> bool:
    """`<`."""
    return left is not None and right is not None and bool(left < right)


def le_o(left: Any, right: Any) -> bool:
    """`<=`."""
    return left is not None and right is not None and bool(left <= right)


def gt_o(left: Any, right: Any) -> bool:
    """`>`."""
    return left is not None and right is not None and bool(left > right)


def ge_o(left: Any, right: Any) -> bool:
    """`>=`."""
    return left is not None and right is not None and bool(left >= right)


def or_(left: Callable[[], Any], right: Callable[[], Any]) -> bool:
    """`or`: an error on one side is no error where the other side is true."""
    try:
        if left():
            return True
    except DynamicError:
        if right():
            return True
        raise
    return bool(right())


def and_(left: Callable[[], Any], right: Callable[[], Any]) -> bool:
    """`and`: an error on one side is no error where the other side is false."""
    try:
        if not left():
            return False
    except DynamicError:
        if not right():
            return False
        raise
    return bool(right())


_PLAIN = re.compile(r"-?[0-9]{1,10}\Z")


def _untyped_order(text: str, number: Any) -> int:
    """Below, at or above zero as an untyped value stands to a number in the oracle's eyes.

    XPath 3.1 (and Saxon 12) compare as doubles; Saxon does it by a total order: NaN stands above all, and -0.0
    below 0.0, but for two plain integers.
    """
    plain = text.strip(WHITE)
    if type(number) is int and _PLAIN.match(plain):
        whole = int(plain)
        return (whole > number) - (whole < number)
    left, right = dbl(plain), float(number)
    if left != left:
        return 1
    if left == right == 0:
        return int(math.copysign(1, left) - math.copysign(1, right))
    return (left > right) - (left < right)


def u_eq(text: str, number: Any) -> bool:
    """`=` of an untyped value and a number; so with the five below. A NaN on the right is unequal to all."""
    return number == number and _untyped_order(text, number) == 0


def u_ne(text: str, number: Any) -> bool:
    """`!=`."""
    return number != number or _untyped_order(text, number) != 0


def u_lt(text: str, number: Any) -> bool:
    """`<`."""
    return number == number and _untyped_order(text, number) < 0


def u_le(text: str, number: Any) -> bool:
    """`<=`."""
    return number == number and _untyped_order(text, number) <= 0


def u_gt(text: str, number: Any) -> bool:
    """`>`."""
    return number == number and _untyped_order(text, number) > 0


def u_ge(text: str, number: Any) -> bool:
    """`>=`."""
    return number == number and _untyped_order(text, number) >= 0
