"""Documents spoiled on purpose, by steps that are plain data: the same steps spoil the same document again.

A step is `[kind, n, ...]`; n counts the elements in document order, as they stand when the step is taken, modulo
their number. So any list of steps fits any document, and a case can be made smaller by leaving steps out.

    delete n · duplicate n · move n under m · rename n as m · add to n a child named as m with a text
    value n text · swap the texts of n and m · around n with texts before and after its own
    attribute n name text · unattribute n name · prefix n prefix
    comment, pi or cdata n place: inside the text of n, after so many characters
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from copy import deepcopy
from random import Random
from typing import Any

from lxml import etree

Step = list[Any]
POISON = (
    "", " ", "\n", "0", "-0", "-0.0", "0.000", "1", "-1", "+5", ".5", "5.", "1e3", "1E-2", "0.10", "12.345",
    "0.005", "1_000", "1,5", "1 000", "٣", " 12 ", "\u00a05", "NaN", "INF", "-INF", "abc", "9" * 20, "1" * 9,
    "true", "false", "TRUE", "2026-02-30", "2026-02-28", "2026-01-01", "2026-01-01Z", "2026-01-01+14:00",
    "2026-1-1", "20260101", " 2026-01-01", "10000-01-01", "-0001-01-01", "S", "E", "AE", "Z", "O", "G", "K",
    "VAT", "vat", "NOK", "EUR", "nok", "380", "381", "AAA", "0192", "9908", "NO", "no", "EA", "x" * 300, "A B",
    "S E", "ß", "æøå", "İ", "\U0001f600", "NO987654325MVA", "0192:987654325", "urn:x:y", "#AAI#", "BR-1",
)  # fmt: skip
NAMES = ("schemeID", "name", "listID", "unitCode", "currencyID", "languageID", "mimeCode", "filename", "foo")
# What stands around a number or a date, and makes it another form of the same or of another.
AROUND = (
    (" ", ""), ("", " "), ("\n", "\t"), ("\u00a0", ""), ("", "\u2003"), ("+", ""), ("-", ""), ("0", ""),
    ("", "0"), ("", ".0"), ("", "."), ("", "e0"), ("", "Z"), ("", "+01:00"), ("", "-14:00"), ("", "T00:00:00"),
)  # fmt: skip
PREFIXES = ("x", "cbc", "cac", "ubl", "ns0", "a.b-c")
# Private characters stand for the ends of a CDATA section while the tree is lxml's.
_OPEN, _CLOSE = "\ue000", "\ue001"


def apply(content: bytes, steps: Sequence[Step]) -> bytes:
    """The document (without declaration, UTF-8) after the steps."""
    root = etree.fromstring(content)
    for step in steps:
        take(root, step)
    return written(root)


def mutate(content: bytes, seed: int) -> tuple[bytes, list[Step]]:
    """A document with one to five faults, and the steps that led there."""
    rng, root = Random(seed), etree.fromstring(content)
    steps = []
    for _ in range(rng.choice((1, 1, 1, 2, 3, 5))):
        step = draw(root, rng)
        take(root, step)
        steps.append(step)
    return written(root), steps


def written(root: etree._Element) -> bytes:
    """The tree as text, CDATA sections where they were asked for."""
    text = etree.tostring(root, encoding="unicode", with_tail=False)
    return re.sub(f"{_OPEN}([^{_CLOSE}]*){_CLOSE}", r"<![CDATA[\1]]>", text).encode()


def elements(root: etree._Element) -> list[etree._Element]:
    """All elements in document order."""
    return [e for e in root.iter() if isinstance(e.tag, str)]


def draw(root: etree._Element, rng: Random) -> Step:
    """A step that does something to this tree, where one is easily found."""
    all_of_them = elements(root)
    count = len(all_of_them)
    leaves = [n for n, e in enumerate(all_of_them) if len(e) == 0]
    n, leaf, m = rng.randrange(count), rng.choice(leaves or [0]), rng.randrange(count)
    element, text = all_of_them[n], all_of_them[leaf].text or ""
    kind = rng.choice(_DRAWN)
    match kind:
        case "delete" | "duplicate":
            return [kind, n]
        case "move" | "rename":
            return [kind, n, m]
        case "add":
            return [kind, n, m, rng.choice(POISON)]
        case "value":
            return [kind, leaf, rng.choice(POISON)]
        case "swap":
            return [kind, leaf, rng.choice(leaves or [0])]
        case "around":
            return [kind, leaf, *rng.choice(AROUND)]
        case "attribute":
            known = list(element.attrib)
            return [
                kind,
                n,
                rng.choice(known) if known and rng.random() < 0.5 else rng.choice(NAMES),
                rng.choice(POISON),
            ]
        case "unattribute":
            carrying = [i for i, e in enumerate(all_of_them) if e.attrib]
            n = rng.choice(carrying or [n])
            return [kind, n, rng.choice(list(all_of_them[n].attrib) or ["foo"])]
        case "prefix":
            return [kind, n, rng.choice(PREFIXES)]
    return [kind, leaf, rng.randrange(len(text) + 1)]


def take(root: etree._Element, step: Step) -> None:
    """Take one step. What cannot be done (deleting the root, say) is left."""
    kind, n, *rest = step
    all_of_them = elements(root)
    element = all_of_them[n % len(all_of_them)]
    if kind in ("move", "rename", "add", "swap"):
        rest[0] = all_of_them[rest[0] % len(all_of_them)]
    _KINDS[kind](element, *rest)


def _delete(e: etree._Element) -> None:
    parent = e.getparent()
    if parent is not None:
        parent.remove(e)


def _duplicate(e: etree._Element) -> None:
    parent = e.getparent()
    if parent is not None:
        parent.insert(parent.index(e), deepcopy(e))


def _move(e: etree._Element, target: etree._Element) -> None:
    if e.getparent() is not None and target not in e.iter():
        target.append(e)


def _rename(e: etree._Element, like: etree._Element) -> None:
    e.tag = like.tag


def _add(e: etree._Element, like: etree._Element, text: str) -> None:
    etree.SubElement(e, like.tag).text = text


def _value(e: etree._Element, text: str) -> None:
    e.text = text


def _swap(e: etree._Element, other: etree._Element) -> None:
    e.text, other.text = other.text, e.text


def _around(e: etree._Element, before: str, after: str) -> None:
    e.text = before + (e.text or "") + after


def _attribute(e: etree._Element, name: str, text: str) -> None:
    e.set(name, text)


def _unattribute(e: etree._Element, name: str) -> None:
    e.attrib.pop(name, None)


def _prefix(e: etree._Element, prefix: str) -> None:
    """The element under another prefix for its namespace; what is below it keeps its own."""
    parent, uri = e.getparent(), etree.QName(e).namespace
    if parent is None or not uri:
        return
    new = etree.Element(e.tag, dict(e.attrib), nsmap={prefix: uri})
    new.text, new.tail = e.text, e.tail
    parent.replace(e, new)
    new.extend(list(e))


def _parted(make: Callable[[], etree._Element]) -> Callable[[etree._Element, int], None]:
    def part(e: etree._Element, place: int) -> None:
        text = e.text or ""
        node = make()
        e.text, node.tail = text[:place], text[place:]
        e.insert(0, node)

    return part


def _cdata(e: etree._Element, place: int) -> None:
    text = e.text or ""
    if not re.search(f"[&<>\r{_OPEN}{_CLOSE}]", text):
        end = place + max(1, len(text) // 2)
        e.text = text[:place] + _OPEN + text[place:end] + _CLOSE + text[end:]


_KINDS: dict[str, Callable[..., None]] = {
    "delete": _delete, "duplicate": _duplicate, "move": _move, "rename": _rename, "add": _add, "value": _value,
    "swap": _swap, "around": _around, "attribute": _attribute, "unattribute": _unattribute, "prefix": _prefix,
    "comment": _parted(lambda: etree.Comment("c")), "pi": _parted(lambda: etree.ProcessingInstruction("p", "q")),
    "cdata": _cdata,
}  # fmt: skip
# Values are where the rules look most.
_DRAWN = (*_KINDS, "value", "value", "value", "around", "delete", "duplicate", "attribute", "comment")
