"""Documents of many lines, in flat memory: one line at a time, in both directions.

The lines of UBL's catalogues and invoices stand last, so the head is whole when the first line begins. Reading
takes bytes that the gate has admitted (or a file of them); writing gives pieces for a file or a response.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any, BinaryIO

from lxml import etree

from avrop.ubl.kinds import Context, DocumentRefused
from avrop.ubl.location import long
from avrop.ubl.mapping import opening, read_shape, writable, write_shape
from avrop.ubl.shape import Shape
from avrop.ubl.writing import plan_of

_PIECE = 64_000  # characters gathered before they are handed on


@dataclass(frozen=True, slots=True)
class Lined:
    """A document type for streams: its root, its head's table (where the lines are `skip`), and its lines'."""

    root: str
    head: Shape
    name: str
    line: Shape


def read(source: bytes | BinaryIO, kind: Lined, **extra: object) -> tuple[Any, Iterator[Any]]:
    """(the document without its lines, the lines as they are asked for).

    Raises DocumentRefused: for the head at once, for a line when it comes.
    """
    tag = long(kind.name)
    events = etree.iterparse(
        BytesIO(source) if isinstance(source, bytes) else source,
        events=("start", "end"),
        tag=tag,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        remove_comments=True,
        remove_pis=True,
        huge_tree=True,
    )
    context = Context()
    first = _next(events)
    root = first[1].getparent() if first is not None else events.root
    if root is None or etree.QName(root).localname != kind.root:
        raise DocumentRefused("WRONG_ROOT", "/", expected=kind.root)
    head = read_shape(root, kind.head, context, **extra)
    return head, _lines(events, root, kind.line, context)


def _next(events: Any) -> tuple[str, etree._Element] | None:
    try:
        found: tuple[str, etree._Element] | None = next(events, None)
    except etree.XMLSyntaxError as error:
        raise DocumentRefused("WRONG_ROOT", "/", line=error.lineno) from None
    return found


def _lines(events: Any, root: etree._Element, shape: Shape, context: Context) -> Iterator[Any]:
    while (found := _next(events)) is not None:
        event, element = found
        if event == "start" or element.getparent() is not root:
            continue
        yield read_shape(element, shape, context)
        element.clear()
        while element.getprevious() is not None:
            del root[0]


def write(head: Any, lines: Iterable[Any], kind: Lined, currency: str | None) -> Iterator[bytes]:
    """The document in UTF-8, piece by piece. Raises DocumentRefused at the line that cannot be written."""
    context = Context(currency)
    out = [opening(head, kind.head, kind.root), write_shape(head, kind.head, context)]
    element = plan_of(kind.line).element
    size = 0
    for line in lines:
        before = len(out)
        element(kind.name, line, out, context)
        size += sum(map(len, out[before:]))
        if size > _PIECE:
            yield writable("".join(out), kind.root).encode()
            out, size = [], 0
    out.append(f"</{kind.root}>\n")
    yield writable("".join(out), kind.root).encode()
