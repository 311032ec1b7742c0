"""What a made file is, and the byte-level ones: too deep, too many, too long, every encoding trick, foreign files."""

from __future__ import annotations

import codecs
import gzip
import re
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

M = 1_000_000


@dataclass(frozen=True)
class Made:
    """A bad file, made when it is needed (some are large).

    `reasons`: the message must be refused with one of them. `paid`: False where nothing of it may ever reach the
    books by itself. `cpu`: seconds it may take.
    """

    name: str
    make: Callable[[], bytes]
    reasons: frozenset[str] = frozenset()
    paid: bool = True
    cpu: float = 2.0

    def raw(self) -> bytes:
        """The bytes."""
        return self.make()


def made(name: str, make: Callable[[], bytes] | bytes, *reasons: str, paid: bool = True) -> Made:
    """Short hand; plain bytes are kept."""
    return Made(name, make if callable(make) else lambda: make, frozenset(reasons), paid)


WORDS = ("NOT_XML", "DOCTYPE", "TEXT_TOO_LONG")


def huge(good: bytes) -> Iterator[Made]:
    """Nesting, attributes, texts and counts beyond any need: alone, and inside a good document."""
    for part in (_deep, _attributes, _long_texts, _long_names, _too_many):
        yield from part(good)
    yield made("130 MB", lambda: b"<a>" + b" " * 130 * M + b"</a>", "TOO_BIG")


def _inside(good: bytes, what: Callable[[], bytes]) -> Callable[[], bytes]:
    """`what` before the good document's first number."""
    return lambda: good.replace(b"<cbc:ID>", what() + b"<cbc:ID>", 1)


def _deep(good: bytes) -> Iterator[Made]:
    for depth in (101, 300, 3_000, 20_000, 200_000):
        for name, start, end in (
            ("plain", b"<a>", b"</a>"),
            ("attribute", b"<a b='c'>", b"</a>"),
            ("namespace", b"<x:a xmlns:x='urn:x'>", b"</x:a>"),
            ("text", b"<a> x", b"</a>"),
        ):
            nest = lambda d=depth, s=start, e=end: s * d + e * d  # noqa: E731
            open_only = lambda d=depth, s=start: s * d  # noqa: E731
            yield made(f"deep {name} {depth}", nest, "TOO_DEEP")
            yield made(f"deep {name} {depth} in a document", _inside(good, nest), "TOO_DEEP")
            yield made(f"deep {name} {depth} never closed", open_only, "TOO_DEEP", "NOT_XML")


def _attributes(good: bytes) -> Iterator[Made]:
    for count in (101, 5_000, 300_000):
        for name, one in (
            ("attributes", b" a%d='x'"),
            ("namespaces", b" xmlns:a%d='urn:x'"),
            ("prefixed", b" xmlns:a%d='urn:x%%d' "),
        ):
            many = lambda c=count, o=one: b"<a" + b"".join(o % i for i in range(c)) + b"/>"  # noqa: E731
            yield made(f"{count} {name}", many, "TOO_MANY_ATTRIBUTES", "NOT_XML")
            yield made(f"{count} {name} in a document", _inside(good, many), "TOO_MANY_ATTRIBUTES", "NOT_XML")


def _long_texts(good: bytes) -> Iterator[Made]:
    for name, start, filler, end in (
        ("text", b"<a>", b"x", b"</a>"),
        ("blanks", b"<a>", b" ", b"</a>"),
        ("lines", b"<a>", b"\n", b"</a>"),
        ("cdata", b"<a><![CDATA[", b"x", b"]]></a>"),
        ("attribute", b"<a b='", b"x", b"'/>"),
        ("references", b"<a>", b"&#65;", b"</a>"),
    ):
        for size in (1_000_001, 30 * M):
            long = lambda s=start, f=filler, e=end, n=size: s + f * (n if n < 2 * M else n // len(f)) + e  # noqa: E731
            yield made(f"long {name} {size}", long, "TEXT_TOO_LONG", "TOO_BIG")
            if size < M * 2:
                yield made(f"long {name} {size} in a document", _inside(good, long), "TEXT_TOO_LONG")


def _long_names(good: bytes) -> Iterator[Made]:
    for name, start, filler, end in (
        ("name", b"<", b"x", b"/>"),
        ("attribute name", b"<a ", b"x", b"='y'/>"),
        ("prefix", b"<", b"x", b":a/>"),
        ("doctype", b"<!DOCTYPE ", b"x", b"><a/>"),
        ("declaration", b"<?xml ", b" ", b"?><a/>"),
    ):
        yield made(f"long {name}", lambda s=start, f=filler, e=end: s + f * 30 * M + e, *WORDS)
    for name, start, filler, end in (
        ("comment", b"<!--", b"x", b"-->"),
        ("instruction", b"<?p ", b"x", b"?>"),
    ):
        long = lambda s=start, f=filler, e=end: s + f * 30 * M + e  # noqa: E731
        yield made(f"long {name} in a document", _inside(good, long))


def _too_many(good: bytes) -> Iterator[Made]:
    for name, one, count in (
        ("elements", b"<b/>", 5 * M),
        ("small texts", b"<b>1</b>", 2 * M),
        ("elements with attributes", b"<b c='1' d='2'/>", M),
        ("names", b"<b%d/>", M),
    ):
        lots = lambda o=one, c=count: (  # noqa: E731
            b"<a>" + (b"".join(o % i for i in range(c)) if b"%" in o else o * c) + b"</a>"
        )
        yield made(f"{count} {name}", lots, "TOO_MANY_ELEMENTS")
        yield made(f"{count} {name} in a document", _inside(good, lots), "TOO_MANY_ELEMENTS")
    yield made("a million comments", _inside(good, lambda: b"<!---->" * M))
    yield made("a million instructions", _inside(good, lambda: b"<?a?>" * M))


NAMES = (
    "utf-8", "UTF-8", "utf8", "utf-16", "utf-16le", "utf-16be", "utf-32", "utf-7", "us-ascii", "iso-8859-1",
    "iso-8859-15", "windows-1252", "cp037", "ebcdic-cp-us", "big5", "shift_jis", "iso-2022-jp", "gb18030", "koi8-r",
    "macintosh", "rot13", "base64", "idna", "punycode", "unicode_escape", "klingon", "",
)  # fmt: skip
CODECS = (
    "utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-7", "iso-8859-1",
    "windows-1252", "cp037", "cp500", "utf-8 twice",
)  # fmt: skip


def encodings(good: bytes) -> Iterator[Made]:
    """Each encoding with each declaration; most of them lie."""
    text = re.sub(r"^<\?xml[^>]*\?>\s*", "", good.decode()).replace("Kopipapir", "Blåbærsyltetøy", 1)
    for codec in CODECS:
        for name in NAMES:
            yield made(f"{codec} that says {name}", lambda c=codec, n=name: _encoded(text, c, n))
    for mark in (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_LE, b"\x00" * 4):
        yield made(f"mark {mark!r} before", mark + good)
        yield made(f"mark {mark!r} alone", mark)
        yield made(f"mark {mark!r} twice", mark * 2 + good)
    for name, bad in (
        ("overlong", b"\xc0\xbc"), ("surrogate", b"\xed\xa0\x80"), ("past the end", b"\xf5\x80\x80\x80"),
        ("cut", b"\xc3"), ("lone", b"\xbf"), ("latin", b"\xe6"), ("nul", b"\x00"), ("form feed", b"\x0c"),
        ("noncharacter", b"\xef\xbf\xbf"), ("delete", b"\x7f"), ("next line", b"\xc2\x85"),
    ):  # fmt: skip
        yield made(f"{name} in a text", good.replace(b"Kopipapir", b"Kopi" + bad + b"papir", 1))
        yield made(f"{name} in a name", good.replace(b"<cbc:ID>", b"<cbc:I" + bad + b"D>", 1))
        yield made(f"{name} at the end", good + bad)


def _encoded(text: str, codec: str, name: str) -> bytes:
    head = f'<?xml version="1.0" encoding="{name}"?>\n' if name else ""
    if codec == "utf-8 twice":
        return (head + text).encode().decode("latin-1").encode()
    return (head + text).encode(codec, "replace")


def declared(good: bytes) -> Iterator[Made]:
    """Declarations, document types, instructions and comments where none belongs."""
    body = re.sub(rb"^<\?xml[^>]*\?>\s*", b"", good)
    for head in (
        b"<?xml?>", b"<?xml version='1.1'?>", b"<?xml version='2.0'?>", b"<?xml encoding='utf-8'?>", b" <?xml version='1.0'?>",
        b"<?xml version='1.0' encoding=''?>", b"<?xml version='1.0' encoding='utf-8' standalone='maybe'?>",
        b"<?xml version='1.0'?><?xml version='1.0'?>", b"<?XML version='1.0'?>", b"<?xml version='1.0' x='y'?>",
        b"<?xml version='1.0'", b"\n<?xml version='1.0'?>", b"<!-- --><?xml version='1.0'?>",
    ):  # fmt: skip
        yield made(f"declaration {head!r}", head + body)
    entities = b"<!ENTITY a 'aaaaaaaaaa'>" + b"".join(
        b"<!ENTITY %c '%s'>" % (98 + i, b"&%c;" % (97 + i) * 10) for i in range(9)
    )
    for name, inside in (
        ("empty", b""), ("laughs", entities), ("file", b"<!ENTITY a SYSTEM 'file:///etc/passwd'>"),
        ("network", b"<!ENTITY a SYSTEM 'http://127.0.0.1:9/x'>"), ("parameter", b"<!ENTITY % a SYSTEM 'x'> %a;"),
        ("attribute list", b"<!ATTLIST Invoice x CDATA 'y'>"), ("element", b"<!ELEMENT Invoice ANY>"),
        ("notation", b"<!NOTATION n SYSTEM 'x'>"), ("quadratic", b"<!ENTITY a '" + b"a" * 50_000 + b"'>"),
    ):  # fmt: skip
        kind = b"<!DOCTYPE Invoice [" + inside + b"]>"
        uses = body.replace(b"Kopipapir", b"&a;", 1)
        yield made(f"document type {name}", kind + uses, "DOCTYPE")
        yield made(f"document type {name} after a comment", b"<!-- -->" + kind + uses, "DOCTYPE")
        yield made(
            f"document type {name} in utf-16", lambda k=kind, u=uses: (k + u).decode().encode("utf-16")
        )
        yield made(f"document type {name} within", body.replace(b"<cbc:ID>", kind + b"<cbc:ID>", 1))
    yield made("an entity nobody declared", body.replace(b"Kopipapir", b"&nbsp;", 1), "NOT_XML")
    for at in range(0, len(good), max(1, len(good) // 120)):
        yield made(f"cut at {at}", good[:at])
        yield made(f"from {at}", good[at + 1 :])


def foreign(good: bytes) -> Iterator[Made]:
    """Files of other kinds, as people and systems send them by mistake."""
    text = good.decode()
    for name, raw in (
        ("nothing", b""), ("blanks", b" \r\n" * 40), ("zeros", b"\0" * 5000), ("text", b"Hei, sjaa vedlagt faktura"),
        ("PDF", b"%PDF-1.7\n1 0 obj<<>>endobj"), ("ZIP", b"PK\x03\x04" + bytes(60)), ("PNG", b"\x89PNG\r\n\x1a\n" + bytes(60)),
        ("JPEG", b"\xff\xd8\xff\xe0" + bytes(60)), ("JSON", b'{"invoice": 1}'), ("CSV", b"a;b;c\n1;2;3\n"),
        ("HTML", b"<!doctype html><html><body>Faktura</body></html>"), ("HTML page", b"<html><br></html>"),
        ("gzip", gzip.compress(good)), ("zlib", zlib.compress(good)), ("mail", b"MIME-Version: 1.0\nSubject: Faktura\n\n" + good),
        ("base64", codecs.encode(good, "base64")), ("hex", good.hex().encode()), ("twice", good + good),
        ("quoted", text.replace("<", "&lt;").encode()), ("in CDATA", b"<a><![CDATA[" + good + b"]]></a>"),
        ("SOAP", b"<s:Envelope xmlns:s='urn:s'><s:Body>" + re.sub(rb"^<\?xml[^>]*\?>", b"", good) + b"</s:Body></s:Envelope>"),
        ("SVG", b"<svg xmlns='http://www.w3.org/2000/svg'/>"), ("XSLT", b"<x:stylesheet xmlns:x='http://www.w3.org/1999/XSL/Transform'/>"),
        ("cXML", b"<cXML payloadID='1'/>"), ("FatturaPA", b"<p:FatturaElettronica xmlns:p='urn:it'/>"),
        ("CII", b"<rsm:CrossIndustryInvoice xmlns:rsm='urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100'/>"),
        ("Windows", text.replace("\n", "\r\n").encode()), ("old Mac", text.replace("\n", "\r").encode()),
        ("upper case", text.upper().encode()), ("lower case", text.lower().encode()), ("reversed", good[::-1]),
    ):  # fmt: skip
        yield made(f"foreign {name}", raw, paid=name in ("Windows", "old Mac", "twice"))
