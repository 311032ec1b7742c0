"""The one gate: every byte of XML that enters Avrop is checked here before a tree is built.

Order of the checks: size, encoding (the text is decoded here, so no parser ever sees a declared encoding),
then a streaming pass for DOCTYPE, depth, count, attributes and text, then a hardened lxml parser. Comments and
processing instructions are dropped, so text that they split is whole for every reader. Nothing is ever
fetched: no DTD, no entity, no network. The bytes go through in small pieces, so that what is refused costs no more
memory than the pieces before its first fault. `tests/attacks.py` lists the attacks with what becomes of each.
"""

from __future__ import annotations

import codecs
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from xml.parsers import expat

from lxml import etree

from avrop.kernel.finding import Refusal

BINARY_ELEMENT = "EmbeddedDocumentBinaryObject"
# libxml2 refuses text nodes above 10 MB unless told that a large tree is expected.
_HUGE_FROM = 9_000_000
_PIECE = 65_536  # bytes decoded and scanned at a time
_BLANK = re.compile(rb"[\x00 \t\r\n\xef\xbb\xbf\xff\xfe]*+\Z")
_ENCODINGS = {
    "utf-8": "utf-8",
    "utf8": "utf-8",
    "utf-16": "utf-16",
    "utf-16le": "utf-16",
    "utf-16be": "utf-16",
    "us-ascii": "ascii",
    "ascii": "ascii",
    "iso-8859-1": "iso-8859-1",
    "latin1": "iso-8859-1",
    "iso-8859-15": "iso-8859-15",
    "windows-1252": "windows-1252",
    "cp1252": "windows-1252",
}
_DECLARATION = re.compile(
    r"""<\?xml\s+version\s*=\s*(["'])1\.0\1(?:\s+encoding\s*=\s*(["'])(?P<name>[A-Za-z][\w.\-]*)\2)?"""
    r"""(?:\s+standalone\s*=\s*(["'])(?:yes|no)\4)?\s*\?>""",
    re.ASCII,
)
_MARKS = ("\ufeff", "\xef\xbb\xbf")  # a byte order mark in UTF-16, and in bytes read as Latin-1
_EBCDIC = b"\x4c\x6f\xa7\x94\x93"  # "<?xml" in every EBCDIC code page
_FOREIGN = ((b"%PDF", "PDF"), (b"PK\x03\x04", "ZIP"), (b"\x89PNG", "PNG"), (b"\xff\xd8\xff", "JPEG"))


class GateRefused(Refusal):
    """The bytes did not come through the gate.

    Codes: EMPTY, TOO_BIG, ENCODING, NOT_XML, DOCTYPE, TOO_DEEP, TOO_MANY_ATTRIBUTES, TOO_MANY_ELEMENTS,
    TEXT_TOO_LONG, BINARY_TOO_BIG.
    """

    code = "NOT_XML"


class Altered(RuntimeError):
    """A stored original does not have its hash any more."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Every cap of the gate; `docs/xml-gate.md` explains them and is compared with this class by a test.

    Bytes for the whole and for an embedded binary (as decoded from base64); characters for one text, counted over the
    comments that split it, and at most as many bytes for one comment or instruction; characters of names and values
    in one start tag; counts for the rest. `nodes` are elements and attributes together: what a tree weighs
    (measured: 120 to 240 bytes each, so 150 MB at most). An invoice of 10,000 lines has 350,000 to 500,000.
    """

    total: int = 128_000_000
    binary: int = 75_000_000
    text: int = 1_000_000
    tag: int = 200_000
    depth: int = 100
    attributes: int = 100
    nodes: int = 600_000


@dataclass(frozen=True, slots=True)
class Admitted:
    """What came through: the tree, the bytes as received, and their SHA-256 (hex)."""

    root: etree._Element
    raw: bytes
    sha256: str


def admit(raw: bytes, limits: Limits | None = None) -> Admitted:
    """Let `raw` in as a tree. Raises GateRefused, and nothing else, for anything that is not wanted."""
    caps = limits or Limits()
    if len(raw) > caps.total:
        raise GateRefused("TOO_BIG", size=len(raw), limit=caps.total)
    if _BLANK.match(raw):
        raise GateRefused("EMPTY")
    return Admitted(_parse(_scanned(raw, caps)), raw, hashlib.sha256(raw).hexdigest())


def reopen(raw: bytes, sha256: str) -> etree._Element:
    """The tree of bytes that were admitted before and have lain in the store under this hash since then.

    The caps were checked then, so the streaming pass is not made again. Raises Altered where the bytes are not those
    any more: no fault of the sender's, so it is no refusal.
    """
    if hashlib.sha256(raw).hexdigest() != sha256:
        raise Altered(f"the stored original {sha256} is not what came in")
    return _parse(_whole(raw, _opening(raw)))


def plain_utf8(raw: bytes) -> bytes:
    """The document as UTF-8 without byte order mark and XML declaration. Raises GateRefused."""
    opening = _opening(raw)
    if opening.is_utf8:
        for _ in _pieces(raw, opening):
            pass
    return bytes(_whole(raw, opening))


@dataclass(frozen=True, slots=True)
class _Opening:
    """How the bytes begin: the encoding, and where the text after mark and declaration starts (bytes, then characters).

    `skip` is counted in characters, which are bytes in every encoding but UTF-16.
    """

    encoding: str
    start: int
    skip: int

    @property
    def is_utf8(self) -> bool:
        """Whether the bytes can be read as they are (ASCII is UTF-8)."""
        return self.encoding in ("utf-8", "ascii")


def _opening(raw: bytes) -> _Opening:
    for magic, name in _FOREIGN:
        if raw.startswith(magic):
            raise GateRefused("NOT_XML", found=name)
    family, start = _family(raw)
    head = raw[start : start + 2048].decode(family if family == "utf-16" else "latin-1", "ignore")
    declared, length = _declared(head[:512])
    if head.startswith(_MARKS, length) or _is_declaration(head[length:]):
        # Each parser would make something else of a second mark or declaration.
        raise GateRefused("NOT_XML", reason="declaration")
    return _Opening(_agreed(family, declared), start, length)


def _is_declaration(head: str) -> bool:
    return head.startswith("<?xml") and head[5:6].isspace()


def _pieces(raw: bytes, opening: _Opening) -> Iterator[bytes | memoryview]:
    """The text after the declaration as UTF-8, a piece at a time. Raises ENCODING at a byte that is none.

    UTF-8 is only looked at: the pieces are those of `raw`, and may end inside a character.
    """
    decoder = codecs.getincrementaldecoder(opening.encoding)()
    view, skip = memoryview(raw), opening.skip
    for at in range(opening.start, len(raw), _PIECE):
        piece = view[at : at + _PIECE]
        kept = len(decoder.getstate()[0])
        try:
            text = decoder.decode(piece, at + _PIECE >= len(raw))
        except UnicodeDecodeError as error:
            where = at - kept + error.start
            raise GateRefused("ENCODING", encoding=opening.encoding.upper(), position=where) from None
        yield piece[skip:] if opening.is_utf8 else text[skip:].encode()
        skip = 0


def _whole(raw: bytes, opening: _Opening) -> memoryview:
    """The text after the declaration as UTF-8; no copy where the bytes are UTF-8 already: they may be 128 MB."""
    if opening.is_utf8:
        return memoryview(raw)[opening.start + opening.skip :]
    whole = bytearray()
    for piece in _pieces(raw, opening):
        whole += piece
    return memoryview(whole)


def _family(raw: bytes) -> tuple[str, int]:
    """What the first bytes say: `utf-16`, `utf-8` (marked) or `bytes` (to be declared); and the length of a mark.

    A UTF-16 decoder needs the mark, so there it counts as text.
    """
    if raw.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        raise GateRefused("ENCODING", encoding="UTF-32")
    if raw.startswith(_EBCDIC):
        raise GateRefused("ENCODING", encoding="EBCDIC")
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16", 0
    if raw.startswith(codecs.BOM_UTF8):
        return "utf-8", 3
    if b"\x00" in raw[:4]:
        # XML 1.0 section 4.3.3: UTF-16 must carry a byte order mark.
        raise GateRefused("ENCODING", encoding="UTF-32" if raw[:4].count(0) == 3 else "UTF-16")
    return "bytes", 0


def _declared(head: str) -> tuple[str | None, int]:
    if not _is_declaration(head):
        return None, 0
    match = _DECLARATION.match(head)
    if match is None:
        raise GateRefused("NOT_XML", reason="declaration")
    return match["name"], match.end()


def _agreed(family: str, declared: str | None) -> str:
    """The encoding, where mark and declaration agree; a declaration that lies is refused."""
    known = _ENCODINGS.get(declared.lower()) if declared else None
    if declared and known is None:
        raise GateRefused("ENCODING", encoding=declared[:40])
    if family == "bytes":
        if known == "utf-16":
            raise GateRefused("ENCODING", encoding=str(declared))
        return known or "utf-8"
    if known is not None and known != family:
        raise GateRefused("ENCODING", encoding=str(declared))
    return family


class _Scan:
    """Handlers of the streaming pass. They stop it by raising."""

    def __init__(self, caps: Limits) -> None:
        self.caps = caps
        self.depth = 0
        self.nodes = 0
        self.length = 0
        self.limit = caps.text
        self.tag = min(caps.tag, caps.text)
        # Base64 is four characters for three bytes, with a line break per 76 of them at most.
        self.binary = caps.binary * 4 // 3 + caps.binary // 19

    def doctype(self, *_: object) -> None:
        raise GateRefused("DOCTYPE")

    def start(self, name: str, attributes: list[str]) -> None:
        self.depth += 1
        if self.depth > self.caps.depth:
            raise GateRefused("TOO_DEEP", limit=self.caps.depth)
        if len(attributes) > 2 * self.caps.attributes:
            raise GateRefused("TOO_MANY_ATTRIBUTES", limit=self.caps.attributes)
        self.nodes += 1 + len(attributes) // 2
        if self.nodes > self.caps.nodes:
            raise GateRefused("TOO_MANY_ELEMENTS", limit=self.caps.nodes)
        self.length = 0
        self.limit = self.binary if name.rpartition(":")[2] == BINARY_ELEMENT else self.caps.text
        if len(name) + sum(map(len, attributes)) > self.tag:
            raise GateRefused("TEXT_TOO_LONG", element=name[:80], limit=self.tag)

    def end(self, _name: str) -> None:
        self.depth -= 1
        self.length = 0
        self.limit = self.caps.text

    def text(self, data: str) -> None:
        self.length += len(data)
        if self.length > self.limit:
            code = "BINARY_TOO_BIG" if self.limit == self.binary else "TEXT_TOO_LONG"
            raise GateRefused(code, limit=self.caps.binary if self.limit == self.binary else self.limit)

    def pending(self, markup: bytes) -> None:
        """Refuse a tag, comment or instruction that has no end yet; `markup` is what there is of it.

        The parser holds such a thing whole, and looks through it anew with each piece.
        """
        if markup.startswith(b"<!DOCTYPE") or not markup.startswith((b"<", b"&")):
            raise GateRefused("DOCTYPE")
        if not markup.startswith((b"<!", b"<?")):
            if markup.count(b"=") > self.caps.attributes:
                raise GateRefused("TOO_MANY_ATTRIBUTES", limit=self.caps.attributes)
            raise GateRefused("TEXT_TOO_LONG", limit=self.tag)
        if len(markup) > self.caps.text:
            raise GateRefused("TEXT_TOO_LONG", limit=self.caps.text)


def _scanned(raw: bytes, caps: Limits) -> memoryview:
    """The text as UTF-8, after the streaming pass. Raises GateRefused at the first fault."""
    opening = _opening(raw)
    parser, scan = expat.ParserCreate("utf-8"), _Scan(caps)
    parser.ordered_attributes = True
    parser.StartDoctypeDeclHandler = scan.doctype
    parser.StartElementHandler = scan.start
    parser.EndElementHandler = scan.end
    if len(raw) > min(caps.text, caps.binary):
        # One call for many lines or character references, not one for each.
        parser.buffer_text, parser.buffer_size = True, _PIECE
        parser.CharacterDataHandler = scan.text
    kept = memoryview(raw)[opening.start + opening.skip :] if opening.is_utf8 else bytearray()
    fed = 0
    try:
        for piece in _pieces(raw, opening):
            if isinstance(kept, bytearray):
                kept += piece
                if len(kept) > caps.total:
                    raise GateRefused("TOO_BIG", size=len(kept), limit=caps.total)
            parser.Parse(piece)
            fed += len(piece)
            begun = parser.CurrentByteIndex
            if 0 <= begun < fed - scan.tag:
                scan.pending(bytes(kept[begun:fed]))
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise GateRefused("NOT_XML", line=error.lineno, column=error.offset) from None
    return memoryview(kept)


def _parse(content: memoryview) -> etree._Element:
    parser = etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        attribute_defaults=False,
        remove_comments=True,
        remove_pis=True,
        huge_tree=len(content) > _HUGE_FROM,
    )
    try:
        return etree.fromstring(content, parser)  # type: ignore[call-overload,no-any-return]  # its stubs are older
    except (etree.LxmlError, ValueError, AssertionError) as error:
        line = getattr(error, "lineno", None)
        raise GateRefused("NOT_XML", line=line or 0, column=0) from None
