"""A leaner tree than lxml's: an element is a dict of its children by name, so a child step is one look-up.

Text is XPath's: CDATA joins what stands beside it, a comment or processing instruction parts it. Every element
knows its `Place`: its path of names, shared by all documents, to which rule sets tie what they ask there.
Built from bytes that the caller has admitted; a DOCTYPE is refused here as well, and nothing outside is read.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Any
from xml.etree import ElementTree
from xml.parsers import expat

from avrop.schematron.errors import NotPlainXml


class Place(dict[str, "Place"]):
    """A path of element names from the root element down; () is the document. Keys are the names below."""

    __slots__ = ("path",)
    path: tuple[str, ...]

    __hash__ = object.__hash__  # type: ignore[assignment]

    def __eq__(self, other: object) -> bool:
        return self is other

    def __bool__(self) -> bool:
        return True


class Places:
    """All places met so far.

    Odd documents do not make it grow for ever: where there are more than any honest documents have, it begins
    anew with the next one, so that what they left does not stay in the others' way.
    """

    def __init__(self, most: int = 20_000) -> None:
        self._most = most
        self._begin()

    def _begin(self) -> None:
        self._start, self._known = Place(), 0
        self._start.path = ()

    def start(self) -> Place:
        """The place of a document."""
        if self._known >= self._most:
            self._begin()
        return self._start

    def grow(self, place: Place, tag: str) -> Place:
        """The place below; kept unless this document alone has too many."""
        below = Place()
        below.path = (*place.path, tag)
        if self._known < self._most:
            self._known += 1
            place[tag] = below
        return below


class Node(dict[str, "list[Node]"]):
    """An element, or the document (tag ""). Names are Clark names.

    `kids` is None for a leaf with at most one text node, else its elements and texts in order. `text` is the
    whole string value of such a leaf, "" for any other: `value` gives it for both.
    """

    __slots__ = ("attrs", "kids", "order", "parent", "place", "prefix", "tag", "text")

    tag: str
    text: str
    attrs: dict[str, str]
    kids: list[Node | str] | None
    parent: Node
    order: int
    prefix: str
    place: Place

    __hash__ = object.__hash__  # type: ignore[assignment]

    def __eq__(self, other: object) -> bool:
        return self is other

    def __ne__(self, other: object) -> bool:
        return self is not other

    def __bool__(self) -> bool:
        return True


# What lies above a document: nothing can be found there. Any other element that is a parent has kids.
VOID = Node()
VOID.tag, VOID.text, VOID.attrs, VOID.kids, VOID.parent, VOID.order, VOID.prefix = (
    "",
    "",
    {},
    None,
    VOID,
    -2,
    "",
)


class Prefixed(dict[str, str]):
    """The attributes of an element of which some are in a namespace, from expat's names."""

    __slots__ = ("prefixes",)

    def __init__(self, attributes: dict[str, str]) -> None:
        names = [_split(key) for key in attributes]
        super().__init__(zip((tag for tag, _ in names), attributes.values(), strict=True))
        self.prefixes = dict(names)


class Attribute:
    """An attribute as a node: made when an expression asks for the node and not just its value."""

    __slots__ = ("parent", "tag", "text")

    def __init__(self, parent: Node, tag: str) -> None:
        self.parent, self.tag, self.text = parent, tag, parent.attrs[tag]

    @property
    def order(self) -> float:
        """Document order: right after its element."""
        return self.parent.order + (1 + list(self.parent.attrs).index(self.tag)) / 1e6

    def __eq__(self, other: object) -> bool:
        return type(other) is Attribute and other.parent is self.parent and other.tag == self.tag

    def __hash__(self) -> int:
        return hash((id(self.parent), self.tag))


class Text:
    """A text node, by its place among all its parent's children."""

    __slots__ = ("nth", "parent", "text")

    def __init__(self, parent: Node, nth: int, text: str) -> None:
        self.parent, self.nth, self.text = parent, nth, text

    @property
    def order(self) -> float:
        """Document order: after what stands before it among its siblings, and after the texts that end in there."""
        before, since = self.parent.order, 0
        for kid in (self.parent.kids or ())[: self.nth]:
            since += 1
            if type(kid) is Node:
                before, since = last_of(kid).order, 0
        # Where elements end together, the text in the inner one comes first.
        return before + 0.5 + 0.4 / (1 + len(self.parent.place.path)) + since / 1e8

    def __eq__(self, other: object) -> bool:
        return type(other) is Text and other.parent is self.parent and other.nth == self.nth

    def __hash__(self) -> int:
        return hash((id(self.parent), self.nth))


class Tree:
    """One document: its document node, and all elements in document order.

    Close it (or use it with `with`): without the ways up it holds no circles, and its memory is free at once.
    """

    __slots__ = ("document", "nodes", "places")

    def __init__(self, document: Node, nodes: list[Node], places: dict[Place, list[Node]]) -> None:
        self.document, self.nodes, self.places = document, nodes, places

    def close(self) -> None:
        """Take the ways up away. Nothing can be asked of the tree after that."""
        for node in self.nodes:
            node.parent = VOID

    def __enter__(self) -> Tree:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


PLACES = Places()


def read(content: bytes, *, prefixes: bool = False, places: Places = PLACES) -> Tree:
    """The tree of `content`. `prefixes` keeps them, for rules that ask for a node's prefixed name.

    Raises NotPlainXml.
    """
    with uncollected():
        if not prefixes and _unparted(content):
            try:
                return _from_elements(content, places)
            except RecursionError:
                pass
        return _Builder(places).build(content)


@contextmanager
def uncollected() -> Iterator[None]:
    """No search for garbage: what is made while a document is read and judged is in use or goes by itself.

    The search would take a fifth of the time of a large document.
    """
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


def _unparted(content: bytes) -> bool:
    """No comment, CDATA, DOCTYPE or processing instruction but the declaration; and no wide encoding."""
    return b"<!" not in content and content.find(b"<?", 1) < 0 and b"\x00" not in content


def _document(place: Place) -> Node:
    document = Node()
    document.tag, document.text, document.attrs, document.kids = "", "", {}, []
    document.parent, document.order, document.prefix, document.place = VOID, -1, "", place
    return document


def _from_elements(content: bytes, places: Places) -> Tree:
    """By the standard library's parser in C, where no text is parted: half the time of the other way."""
    try:
        element = ElementTree.fromstring(content)
    except (ElementTree.ParseError, LookupError, ValueError) as error:
        raise NotPlainXml(str(error)) from None
    document = _document(places.start())
    nodes: list[Node] = []
    met: dict[Place, list[Node]] = {}
    _fill((element,), document, nodes, met, places.grow)
    return Tree(document, nodes, met)


def _fill(elements: Any, node: Node, nodes: list[Node], met: dict[Place, list[Node]], grow: Any) -> None:
    place = node.place
    kids: list[Node | str] = []
    if node.text:
        kids.append(node.text)
        node.text = ""
    node.kids = kids
    for element in elements:
        kid = Node()
        kid.tag = tag = element.tag
        kid.attrs, kid.parent, kid.order = element.attrib, node, len(nodes)
        kid.text = element.text or ""
        kid.place = below = place.get(tag) or grow(place, tag)
        nodes.append(kid)
        kids.append(kid)
        if below in met:
            met[below].append(kid)
        else:
            met[below] = [kid]
        if tag in node:
            node[tag].append(kid)
        else:
            node[tag] = [kid]
        if len(element):
            _fill(element, kid, nodes, met, grow)
        else:
            kid.kids = None
        if element.tail:
            kids.append(element.tail)


class _Builder:
    """By expat's events: knows prefixes, and where a comment parts a text."""

    def __init__(self, places: Places) -> None:
        self._places = places
        self._document = self._here = _document(places.start())
        self._nodes: list[Node] = []
        self._parted = False
        self._names: dict[str, tuple[str, str]] = {}

    def build(self, content: bytes) -> Tree:
        parser = expat.ParserCreate(None, "}")
        parser.namespace_prefixes = True
        parser.buffer_text = True
        parser.buffer_size = 65536
        parser.StartElementHandler = self._begin
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._data
        parser.CommentHandler = parser.ProcessingInstructionHandler = self._part
        parser.StartDoctypeDeclHandler = self._doctype
        try:
            parser.Parse(content, True)
        except (expat.ExpatError, LookupError, ValueError) as error:
            raise NotPlainXml(str(error)) from None
        met: dict[Place, list[Node]] = {}
        for node in self._nodes:
            met.setdefault(node.place, []).append(node)
        return Tree(self._document, self._nodes, met)

    def _begin(self, name: str, attributes: dict[str, str]) -> None:
        known = self._names.get(name)
        if known is None:
            known = self._names[name] = _split(name)
        tag, prefix = known
        if any("}" in key for key in attributes):
            attributes = Prefixed(attributes)
        node, parent = Node(), self._here
        node.tag, node.prefix, node.attrs, node.parent = tag, prefix, attributes, parent
        node.text, node.kids, node.order = "", None, len(self._nodes)
        node.place = parent.place.get(tag) or self._places.grow(parent.place, tag)
        self._nodes.append(node)
        if parent.kids is None:
            parent.kids = [parent.text] if parent.text else []
            parent.text = ""
        parent.kids.append(node)
        parent.setdefault(tag, []).append(node)
        self._here, self._parted = node, False

    def _end(self, name: str) -> None:
        self._here, self._parted = self._here.parent, False

    def _data(self, text: str) -> None:
        node, parted, self._parted = self._here, self._parted, False
        kids = node.kids
        if kids is None:
            if node.text and parted:
                node.kids = [node.text, text]
                node.text = ""
            else:
                node.text += text
        elif kids and not parted and isinstance(kids[-1], str):
            kids[-1] += text
        else:
            kids.append(text)

    def _part(self, *_: object) -> None:
        self._parted = True

    def _doctype(self, *_: object) -> None:
        raise ValueError("DOCTYPE")


def _split(name: str) -> tuple[str, str]:
    """(Clark name, prefix) of expat's `uri}local}prefix`."""
    uri, _, rest = name.partition("}")
    if not rest:
        return name, ""
    local, _, prefix = rest.partition("}")
    return f"{{{uri}}}{local}", prefix


def last_of(node: Node) -> Node:
    """The last element below `node` in document order, or itself."""
    while node.kids:
        below = [kid for kid in node.kids if type(kid) is Node]
        if not below:
            return node
        node = below[-1]
    return node


def value(node: Any) -> str:
    """A node's string value."""
    if type(node) is not Node or node.kids is None:
        return str(node.text)
    return "".join(_pieces(node))


def _pieces(node: Node) -> Iterator[str]:
    stack: list[Node | str] = [node]
    while stack:
        here = stack.pop()
        if isinstance(here, str):
            yield here
        elif here.kids is None:
            yield here.text
        else:
            stack.extend(reversed(here.kids))


# (id of a parent, name) -> id of each child of that name -> its position among them, from 1.
Positions = dict[tuple[int, str], dict[int, int]]


def location(node: Any, known: Positions | None = None) -> str:
    """XPath 3.1's path() of a node. `known` keeps what was counted, for the next node of the same tree."""
    known = {} if known is None else known
    steps = []
    while type(node) is not Node or node.parent is not VOID:
        uri, local = _parts(node)
        if type(node) is Attribute:
            steps.append(f"@Q{{{uri}}}{local}" if uri else f"@{local}")
        elif type(node) is Text:
            before = (node.parent.kids or ())[: node.nth]
            steps.append(f"text()[{1 + sum(1 for kid in before if isinstance(kid, str))}]")
        else:
            steps.append(f"Q{{{uri}}}{local}[{_position(node, known)}]")
        node = node.parent
    return "/" + "/".join(reversed(steps))


def _position(node: Node, known: Positions) -> int:
    key = (id(node.parent), node.tag)
    counted = known.get(key)
    if counted is None:
        counted = known[key] = {id(kid): nth for nth, kid in enumerate(node.parent[node.tag], 1)}
    return counted[id(node)]


def _parts(node: Any) -> tuple[str, str]:
    tag = getattr(node, "tag", "")
    if tag.startswith("{"):
        uri, _, local = tag[1:].partition("}")
        return uri, local
    return "", tag
