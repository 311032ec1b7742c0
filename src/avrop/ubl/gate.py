"""The one gate: every byte of XML that enters Avrop is checked here before a tree is built.

Order of the checks: size, encoding (the text is decoded here, so no parser ever sees a declared encoding),
then a streaming pass for DOCTYPE, depth, count, attributes and text, then a hardened lxml parser. Comments and
processing instructions are dropped, so text that they split is whole for every reader. Nothing is ever
fetched: no DTD, no entity, no network.
"""

from __future__ import annotations

import codecs
import hashlib
import re
from dataclasses import dataclass
from xml.parsers import expat

from lxml import etree

from avrop.kernel.finding import Refusal

BINARY_ELEMENT = "EmbeddedDocumentBinaryObject"
# libxml2 refuses text nodes above 10 MB unless told that a large tree is expected.
_HUGE_FROM = 9_000_000
_PIECE = 1_000_000  # bytes decoded at a time
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
    """Caps. Bytes for the whole and for embedded binaries, characters for text, counts for the rest.

    `nodes` are elements and attributes together: what a tree weighs (measured: 120 to 240 bytes each, so 150 MB
    at most). An invoice of 10,000 lines has 350,000 to 500,000.
    """

    total: int = 128_000_000
    binary: int = 75_000_000
    text: int = 1_000_000
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
    if not raw.strip(b"\x00 \t\r\n\xef\xbb\xbf\xff\xfe"):
        raise GateRefused("EMPTY")
    content = _plain(raw)
    _scan(content, caps)
    return Admitted(_parse(content), raw, hashlib.sha256(raw).hexdigest())


def reopen(raw: bytes, sha256: str) -> etree._Element:
    """The tree of bytes that were admitted before and have lain in the store under this hash since then.

    The caps were checked then, so the streaming pass is not made again. Raises Altered where the bytes are not those
    any more: no fault of the sender's, so it is no refusal.
    """
    if hashlib.sha256(raw).hexdigest() != sha256:
        raise Altered(f"the stored original {sha256} is not what came in")
    return _parse(_plain(raw))


def plain_utf8(raw: bytes) -> bytes:
    """The document as UTF-8 without byte order mark and XML declaration. Raises GateRefused."""
    return bytes(_plain(raw))


def _plain(raw: bytes) -> memoryview:
    """As `plain_utf8`, without a copy where the bytes are UTF-8 already: they may be 128 MB."""
    for magic, name in _FOREIGN:
        if raw.startswith(magic):
            raise GateRefused("NOT_XML", found=name)
    family, text_bytes = _family(raw)
    head = text_bytes[:512].decode(family if family == "utf-16" else "latin-1", "ignore")
    if family == "utf-16":
        head = _decode(raw, "utf-16")[:256]
    declared, length = _declared(head)
    encoding = _agreed(family, declared)
    if encoding == "utf-8" or encoding == "ascii":
        _check(text_bytes, encoding)
        return memoryview(text_bytes)[length:]
    return memoryview(_decode(raw if encoding == "utf-16" else text_bytes, encoding)[length:].encode())


def _family(raw: bytes) -> tuple[str, bytes]:
    """What the first bytes say: `utf-16`, `utf-8` (marked) or `bytes` (to be declared); and the rest."""
    if raw.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        raise GateRefused("ENCODING", encoding="UTF-32")
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16", raw
    if raw.startswith(codecs.BOM_UTF8):
        return "utf-8", raw[3:]
    if b"\x00" in raw[:4]:
        # XML 1.0 section 4.3.3: UTF-16 must carry a byte order mark.
        raise GateRefused("ENCODING", encoding="UTF-16")
    return "bytes", raw


def _declared(head: str) -> tuple[str | None, int]:
    if not head.startswith("<?xml") or not head[5:6].isspace():
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


def _decode(raw: bytes, encoding: str) -> str:
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError as error:
        raise GateRefused("ENCODING", encoding=encoding.upper(), position=error.start) from None


def _check(raw: bytes, encoding: str) -> None:
    """Raise what `_decode` raises, a piece at a time: the whole as text would be two to four times the size."""
    decoder = codecs.getincrementaldecoder(encoding)()
    for at in range(0, len(raw), _PIECE):
        kept = len(decoder.getstate()[0])
        try:
            decoder.decode(raw[at : at + _PIECE], at + _PIECE >= len(raw))
        except UnicodeDecodeError as error:
            where = at - kept + error.start
            raise GateRefused("ENCODING", encoding=encoding.upper(), position=where) from None


class _Scan:
    """Handlers of the streaming pass. They stop it by raising."""

    def __init__(self, caps: Limits) -> None:
        self.caps = caps
        self.depth = 0
        self.nodes = 0
        self.length = 0
        self.limit = caps.text
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
        self.limit = self.binary if name.endswith(BINARY_ELEMENT) else self.caps.text
        if attributes and sum(map(len, attributes)) > self.caps.text:
            raise GateRefused("TEXT_TOO_LONG", element=name[:80], limit=self.caps.text)

    def end(self, _name: str) -> None:
        self.depth -= 1
        self.length = 0
        self.limit = self.caps.text

    def text(self, data: str) -> None:
        self.length += len(data)
        if self.length > self.limit:
            code = "BINARY_TOO_BIG" if self.limit == self.binary else "TEXT_TOO_LONG"
            raise GateRefused(code, limit=self.caps.binary if self.limit == self.binary else self.limit)


def _scan(content: memoryview, caps: Limits) -> None:
    parser = expat.ParserCreate("utf-8")
    scan = _Scan(caps)
    parser.ordered_attributes = True
    parser.StartDoctypeDeclHandler = scan.doctype
    parser.StartElementHandler = scan.start
    parser.EndElementHandler = scan.end
    if len(content) > min(caps.text, caps.binary):
        parser.CharacterDataHandler = scan.text
    try:
        parser.Parse(content, True)
    except expat.ExpatError as error:
        raise GateRefused("NOT_XML", line=error.lineno, column=error.offset) from None


def _parse(content: memoryview) -> etree._Element:
    parser = etree.XMLParser(
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
