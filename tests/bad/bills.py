"""A good invoice of this region, to be made bad."""

from __future__ import annotations

import re
from itertools import count

from tests.bad.scene import Scene
from tests.stories.purchase import Line, invoice_xml

PAPER = Line("10", "52.90", "40-2210", "Kopipapir A4 80 g", order_line="1")

numbers = count(1)


def bill_of(scene: Scene, *lines: Line, order: str | None = "", **more: object) -> bytes:
    """A good invoice (a box of paper ten times, of an order that waits for it) under a new number."""
    world = scene.world
    number = f"bad-{next(numbers)}"
    named = scene.orders["open"] if order == "" else order
    seller = more.pop("seller", world.kontor)
    return invoice_xml(seller, world.bremnes, lines or [PAPER], number=number, order=named, **more)  # type: ignore[arg-type]


def swap(raw: bytes, tag: str, value: str, which: int = 0) -> bytes:
    """The text of the n-th element of this name replaced."""
    pattern = re.compile(rb"(<cbc:%s[^>]*>)[^<]*" % tag.encode())
    found = list(pattern.finditer(raw))
    one = found[min(which, len(found) - 1)]
    return raw[: one.end(1)] + value.encode() + raw[one.end() :]


def plain(line: Line) -> dict[str, object]:
    """Its fields, to change one."""
    return {name: getattr(line, name) for name in Line.__dataclass_fields__}


def box(**more: str) -> Line:
    """PAPER, with this changed."""
    return Line(**{**plain(PAPER), **more})  # type: ignore[arg-type]
