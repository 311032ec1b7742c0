"""The attack list, second part: characters, values split, names that look alike, and forms of numbers."""

from __future__ import annotations

import codecs
from base64 import b64encode
from collections.abc import Iterator
from itertools import product

from avrop.ubl.tests.attacks import Attack, Reads, attack

R = "<r><v>12</v></r>"
BOMS = {
    "utf-16-le": codecs.BOM_UTF16_LE,
    "utf-16-be": codecs.BOM_UTF16_BE,
    "utf-32-le": codecs.BOM_UTF32_LE,
    "utf-32-be": codecs.BOM_UTF32_BE,
}
DTD = '<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><r><v>&x;</v></r>'


def _declared(name: str, text: str = R) -> str:
    return f'<?xml version="1.0" encoding="{name}"?>{text}'


def _utf7(text: str) -> bytes:
    """All markup written in letters, as UTF-7 may."""
    return "".join(
        c if c.isalnum() else f"+{b64encode(c.encode('utf-16-be')).decode().rstrip('=')}-" for c in text
    ).encode()


def utf7() -> Iterator[Attack]:
    """UTF-7 hides markup in letters: never decoded, whatever a file says."""
    for name in ("utf-7", "UTF-7", "utf7", "unicode-1-1-utf-7", "csUnicode11UTF7", "x-unicode-2-0-utf-7"):
        for number, text in enumerate((R, DTD), 1):
            yield attack("UTF-7", f"{name} {number}", _utf7(_declared(name, text)), "NOT_XML")
            plain = _declared(name, "").encode() + _utf7(text)
            yield attack("UTF-7", f"{name} {number}, declared in plain letters", plain, "ENCODING")
    for mark in (b"+/v8-", b"+/v9-", b"+/v8+", b"+/v+-", b"+/v/-"):
        yield attack("UTF-7", f"mark {mark!r}", mark + _utf7(R), "NOT_XML")
    for text in ("+ADw-x+AD4-", "+AG4-", "1+AC4-2", "&#43;ADw-"):
        yield attack("UTF-7", f"{text} in UTF-8", f"<r><v>{text}</v></r>", Reads(text.replace("&#43;", "+")))


def utf16() -> Iterator[Attack]:
    """UTF-16 comes in with its mark, and hides nothing."""
    for name in ("utf-16-le", "utf-16-be"):
        mark = BOMS[name]
        for text, outcome in (
            (R, Reads("12")),
            (_declared("utf-16"), Reads("12")),
            (_declared("UTF-16"), Reads("12")),
            (_declared("utf-8"), "ENCODING"),
            (_declared("iso-8859-1"), "ENCODING"),
            (DTD, "DOCTYPE"),
            (_declared("utf-16", DTD), "DOCTYPE"),
            ("\ufeff" + R, "NOT_XML"),
            (R.replace("12", "\ufffe"), "NOT_XML"),
            (R.replace("12", "\x00"), "NOT_XML"),
            (R.replace("12", "\U0001f600"), Reads("\U0001f600")),
        ):
            shown = text.encode("ascii", "backslashreplace").decode()[:60]
            yield attack("UTF-16", f"{name} {shown}", mark + text.encode(name), outcome)
        yield attack("UTF-16", f"{name} without a mark", R.encode(name), "ENCODING")
        yield attack("UTF-16", f"{name} cut in a character", (mark + R.encode(name))[:-1], "ENCODING")
        yield attack("UTF-16", f"{name} mark and UTF-8", mark + R.encode(), "NOT_XML")
        lone = "\ud800".encode(name, "surrogatepass")
        broken = mark + "<r><v>".encode(name) + lone + "</v></r>".encode(name)
        yield attack("UTF-16", f"{name} half a pair", broken, "ENCODING")
        long = lambda n=name, m=mark: m + ("<r><v>" + "x" * 20_000_000).encode(n)  # noqa: E731
        yield attack("UTF-16", f"{name} of 40 MB", long, "TEXT_TOO_LONG")


def utf32() -> Iterator[Attack]:
    """UTF-32 is not taken in."""
    for name, (mark, declared), text in product(
        ("utf-32-le", "utf-32-be"), ((True, ""), (True, "utf-32"), (True, "utf-8"), (False, ""), (False, "utf-32")),
        (R, DTD)
    ):  # fmt: skip
        body = (BOMS[name] if mark else b"") + (_declared(declared, text) if declared else text).encode(name)
        yield attack("UTF-32", f"{name} mark {mark} {declared} {text[:9]}", body, "ENCODING")
    for name in ("utf-32", "ucs-4", "iso-10646-ucs-4"):
        yield attack("UTF-32", f"plain letters declared {name}", _declared(name).encode(), "ENCODING")


def ebcdic() -> Iterator[Attack]:
    """EBCDIC writes `<` as 4C: no byte of it is taken for a letter."""
    pages = ("cp037", "cp273", "cp424", "cp500", "cp875", "cp1026", "cp1140")
    for page in pages:
        for text in (R, _declared(page), _declared("utf-8"), _declared(page, DTD)):
            yield attack("EBCDIC", f"{page} {text[:60]}", text.encode(page), "ENCODING")
        yield attack("EBCDIC", f"plain letters declared {page}", _declared(page).encode(), "ENCODING")


def lies() -> Iterator[Attack]:
    """A declaration that is wrong, twice there, or malformed."""
    body = "<r><v>æ</v></r>"
    for name, raw, outcome in (
        ("utf-8 that is latin-1", _declared("utf-8", body).encode("latin-1"), "ENCODING"),
        ("nothing said, latin-1", body.encode("latin-1"), "ENCODING"),
        ("ascii that is utf-8", _declared("us-ascii", body).encode(), "ENCODING"),
        ("utf-16 in bytes", _declared("utf-16").encode(), "ENCODING"),
        ("utf-16le in bytes", _declared("utf-16le").encode(), "ENCODING"),
        ("mark and latin-1", codecs.BOM_UTF8 + _declared("iso-8859-1").encode(), "ENCODING"),
        ("mark and ascii", codecs.BOM_UTF8 + _declared("us-ascii").encode(), "ENCODING"),
        ("latin-1 that is utf-8", _declared("iso-8859-1", body).encode(), Reads("Ã¦")),
        ("windows-1252 with a hole", _declared("windows-1252", "<r>\x81</r>").encode("latin-1"), "ENCODING"),
        ("no such name", _declared("no-such").encode(), "ENCODING"),
        ("python's own", _declared("unicode_escape").encode(), "ENCODING"),
        ("idna", _declared("idna").encode(), "ENCODING"),
        ("shift_jis", _declared("shift_jis").encode(), "ENCODING"),
        ("iso-2022-jp", _declared("iso-2022-jp").encode(), "ENCODING"),
        ("gb18030", _declared("gb18030").encode(), "ENCODING"),
        ("a name of blanks", _declared(" ").encode(), "NOT_XML"),
        ("an empty name", _declared("").encode(), "NOT_XML"),
        ("a path", _declared("../../x").encode(), "NOT_XML"),
        ("twice", (_declared("utf-8", "") + _declared("utf-8")).encode(), "NOT_XML"),
        ("twice, the second hides", (_declared("utf-8", "") + _declared("utf-7")).encode(), "NOT_XML"),
        ("a mark between two", (_declared("utf-8", "\ufeff") + _declared("utf-7")).encode(), "NOT_XML"),
        (
            "the second far away",
            b"<?xml version='1.0'" + b" " * 480 + b"?>" + _declared("utf-7").encode(),
            "NOT_XML",
        ),
        ("mark twice and a lie", codecs.BOM_UTF8 * 2 + _declared("utf-7").encode(), "NOT_XML"),
        ("after a line", b"\n" + _declared("utf-8").encode(), "NOT_XML"),
        ("version 1.1", b"<?xml version='1.1'?>" + R.encode(), "NOT_XML"),
        ("no version", b"<?xml encoding='utf-8'?>" + R.encode(), "NOT_XML"),
        ("large letters", b"<?XML version='1.0'?>" + R.encode(), "NOT_XML"),
        (
            "encoding twice",
            b"<?xml version='1.0' encoding='utf-8' encoding='utf-16'?>" + R.encode(),
            "NOT_XML",
        ),
        ("a declaration of 600 blanks", b"<?xml version='1.0'" + b" " * 600 + b"?>" + R.encode(), "NOT_XML"),
        ("double mark", codecs.BOM_UTF8 * 2 + R.encode(), "NOT_XML"),
    ):
        yield attack("wrong declaration", name, raw, outcome)


def overlong() -> Iterator[Attack]:
    """UTF-8 in more bytes than needed, in halves, or beyond Unicode."""
    for name, wrong in {
        "< in two": b"\xc0\xbc", "< in three": b"\xe0\x80\xbc", "< in four": b"\xf0\x80\x80\xbc",
        "& in two": b"\xc0\xa6",
        "< in five": b"\xf8\x80\x80\x80\xbc", "< in six": b"\xfc\x80\x80\x80\x80\xbc", "NUL in two": b"\xc0\x80",
        "A in two": b"\xc1\x81", "1 in three": b"\xe0\x80\xb1", "highest of two in three": b"\xe0\x9f\xbf",
        "highest of three in four": b"\xf0\x8f\xbf\xbf", "half a pair": b"\xed\xa0\x80",
        "the other half": b"\xed\xbf\xbf",
        "a pair (CESU-8)": b"\xed\xa0\xbd\xed\xb8\x80", "beyond Unicode": b"\xf4\x90\x80\x80",
        "far beyond": b"\xf5\x80\x80\x80",
        "a tail alone": b"\x80", "a tail too many": b"\xc3\xa6\xa6", "a head alone": b"\xc3",
        "two of three": b"\xe2\x82",
        "three of four": b"\xf0\x9f\x98", "FE": b"\xfe", "FF": b"\xff", "head and letter": b"\xc3A",
    }.items():  # fmt: skip
        yield attack("overlong", name, b"<r><v>1" + wrong + b"2</v></r>", "ENCODING")
    yield attack("overlong", "in a name", b"<r\xc0\xbc/>", "ENCODING")
    yield attack("overlong", "at the end of a piece", b"<r><v>" + b"x" * 65_529 + b"\xc3</v></r>", "ENCODING")


def instructions() -> Iterator[Attack]:
    """Processing instructions are dropped, and what they split is whole; nobody obeys them."""
    targets = (
        "p",
        "php",
        "xml-stylesheet",
        "xml-model",
        "mso-application",
        "saxon",
        "import",
        "x.y",
        "_",
        "Xm",
    )
    for target, data in product(targets, ('href="{http}/x" type="text/xsl"', "")):
        inside = f"<?{target} {data}?>".replace(" ?>", "?>")
        yield attack("instructions", f"{target} {data} in a value", f"<r><v>1{inside}2</v></r>", Reads("12"))
        yield attack(
            "instructions", f"{target} {data} first", f"{inside}<r><v>12</v></r>{inside}", Reads("12")
        )
    for text, outcome in (
        ("<r><?xml version='1.0'?><v>1</v></r>", "NOT_XML"),
        ("<r><?XML?><v>1</v></r>", "NOT_XML"),
        ("<r><?xMl x?><v>1</v></r>", "NOT_XML"),
        ("<r><?x:y?><v>1</v></r>", "NOT_XML"),  # a colon: Namespaces in XML 1.0, section 7
        ("<r><? p?><v>1</v></r>", "NOT_XML"),
        ("<r><??><v>1</v></r>", "NOT_XML"),
        ("<r><?p ><v>1</v></r>", "NOT_XML"),
        ("<r><v><?p <v>9</v> ?>1</v></r>", Reads("1")),
        ("<r><v>1<?p ?><!-- ?> --><?p -->?>2</v></r>", Reads("12")),
    ):
        yield attack("instructions", text, text, outcome)


def comments() -> Iterator[Attack]:
    """A value is the same for every reader, whatever stands between its characters."""
    for bit in (
        "<!---->",
        "<!-- x -->",
        "<!-- <v>9</v> -->",
        "<![CDATA[]]>",
        "<?p?>",
        "<!-- &x; -->",
        "<!--\n-->",
    ):
        for value in ("NO305218022", "1000.00", "a@b.no.evil.example"):
            halves = f"{value[:4]}{bit}{value[4:]}"
            yield attack("comments", f"{halves!r}", f"<r><v>{halves}</v></r>", Reads(value))
    for text, outcome in (
        ("<v><!-- -->12</v>", Reads("12")),
        ("<v>12<!-- --></v>", Reads("12")),
        ("<v>1<!-- --><!-- --><!-- -->2</v>", Reads("12")),
        ("<v>" + "<!-- -->".join("123456") + "</v>", Reads("123456")),
        ("<v>1<![CDATA[<!-- 9 -->]]>2</v>", Reads("1<!-- 9 -->2")),
        ("<v>1<![CDATA[]]]]><![CDATA[>]]>2</v>", Reads("1]]>2")),
        ("<v>1<!-- <![CDATA[ -->2<!-- ]]> --></v>", Reads("12")),
        ("<v>1<!-- -- -->2</v>", "NOT_XML"),
        ("<v>1<!--->2--></v>", Reads("1")),  # a comment to XML, none to a browser
        ("<v>1<!-- --->2</v>", "NOT_XML"),
        ("<v>1<!-- x 2</v>", "NOT_XML"),
        ("<v>1<! -- x -->2</v>", "NOT_XML"),
        ("<v a='1<!-- -->2'/>", "NOT_XML"),
        ("<v>1]]>2</v>", "NOT_XML"),
    ):
        yield attack("comments", text, f"<r>{text}</r>", outcome)


CBC = "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"
CAC = "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"
ORDER = "urn:oasis:names:specification:ubl:schema:xsd:Order-2"


def _order(inside: str, declared: str = "", root: str = ORDER) -> str:
    return f'<Order xmlns="{root}"{declared}>{inside}</Order>'


def namespaces() -> Iterator[Attack]:
    """An element is its namespace and its name, never its prefix. `Reads` is the CustomizationID that is found."""
    own = f' xmlns:b="{CBC}"'
    for prefix in ("cbc", "cac", "x", "_", "Å", "a-b.c", "XMLA"):
        text = f"<{prefix}:CustomizationID>12</{prefix}:CustomizationID>"
        yield attack("namespaces", f"prefix {prefix}", _order(text, f' xmlns:{prefix}="{CBC}"'), Reads("12"))
    false = "<b:CustomizationID>9</b:CustomizationID>"
    for wrong in (
        CBC + "/", CBC + " ", " " + CBC, CBC.upper(), CBC.replace("urn", "URN"), CBC.replace("CommonB", "C%6fmmonB"),
        CBC.replace("o", "\u043e", 1), CBC.replace("-2", "-2.1"), CBC.replace("-2", "-1"), CBC + "#", CBC + "\u200b",
        CBC.replace("-", "\u2010"), CAC, ORDER, CBC.replace(":", "&#x3A;;"),
    ):  # fmt: skip
        shown = wrong.encode("ascii", "backslashreplace").decode()[-70:]
        # Namespaces in XML 1.0, section 2.3: a namespace is named by a URI, which has no such characters.
        outcome = Reads("") if wrong.isascii() and " " not in wrong else "NOT_XML"
        yield attack(
            "namespaces",
            f"looks like it: {shown} {len(wrong)}",
            _order(false, f' xmlns:b="{wrong}"'),
            outcome,
        )
    for name, text, outcome in (
        ("none", _order("<CustomizationID>9</CustomizationID>"), Reads("")),
        ("the default one", _order(f'<CustomizationID xmlns="{CBC}">12</CustomizationID>'), Reads("12")),
        ("written with references", _order(false, f' xmlns:b="{CBC.replace(":", "&#58;")}"'), Reads("9")),
        ("redeclared inside", _order(f'<b:CustomizationID xmlns:b="urn:x">9</b:CustomizationID>{false}', own),
        Reads("9")),
        ("redeclared away", _order(f'<x xmlns:b="urn:x">{false}</x>', own), Reads("")),
        ("deeper down", _order(f"<x>{false}</x>", own), Reads("")),
        ("the false one first", _order('<e:CustomizationID xmlns:e="urn:e">9</e:CustomizationID>'
         "<b:CustomizationID>12</b:CustomizationID>", own), Reads("12")),
        ("another case", _order("<b:customizationid>9</b:customizationid>", own), Reads("")),
        ("dotless i", _order("<b:Custom\u0131zationID>9</b:Custom\u0131zationID>", own), Reads("")),
        ("prefix not declared", _order("<b:CustomizationID>9</b:CustomizationID>"), "NOT_XML"),
        ("declared after", _order(false + f"<x{own}/>"), "NOT_XML"),
        ("attribute's prefix not declared", _order("<x b:y='1'/>"), "NOT_XML"),
        ("two colons", _order("<b:c:d/>", own + ' xmlns:c="urn:c"'), "NOT_XML"),
        ("ends in a colon", _order("<b:/>", own), "NOT_XML"),
        ("begins with a colon", _order("<:b/>", own), "NOT_XML"),
        ("prefix undeclared (1.1)", _order("", ' xmlns:b=""'), "NOT_XML"),
        ("xml bound to another", _order("", ' xmlns:xml="urn:x"'), "NOT_XML"),
        ("xmlns bound", _order("", ' xmlns:xmlns="urn:x"'), "NOT_XML"),
        ("another bound to xml's", _order("", ' xmlns:x="http://www.w3.org/XML/1998/namespace"'), "NOT_XML"),
        ("one attribute by two prefixes", _order("<x a:y='1' c:y='2'/>", ' xmlns:a="urn:a" xmlns:c="urn:a"'),
        "NOT_XML"),
        ("declared twice", _order("", own + own), "NOT_XML"),
    ):  # fmt: skip
        yield attack("namespaces", name, text, outcome)


NUMBERS = {
    "12": "12", "12.50": "12.50", "+12": "12", "-12": "-12", " 12\n": "12", "0012": "12", ".5": "0.5", "12.": "12",
    "-0": "0", "1<!-- -->2": "12", "&#49;2": "12", "<![CDATA[12]]>": "12", "0." + "0" * 29 + "1": "1E-30",
    "9" * 15: "9" * 15,
}  # fmt: skip
NO_NUMBERS = (
    "", "1e3", "1E3", "1.5e-3", "NaN", "INF", "-INF", "Infinity", "1_000", "1 000", "1,000.00", "1.000,00", "12,50",
    "1'000",
    "1\u00a0000", "1\u202f000", "\u00a012", "12\u2003", "\u0661\u0662", "\uff11\uff12", "\u0967\u0968", "\U0001d7cf",
    "\u00bd",
    "\u00b2", "\u2460", "\u2212" "12", "\u2013" "12", "--12", "+-12", "- 12", "12-", "(12)", "12 NOK", "NOK 12",
    "kr 12", "12%",
    "0x12", "0b1", "0o7", "1.2.3", "..5", ".", "+", "-", "1/2", "12\u200b", "\u202e21", "12;", "9" * 16, "9" * 400_000,
    "0." + "0" * 31, "1" + "0" * 15 + ".5", "1\u0301", "\u0031\ufe0f\u20e3", "true", "null", "'12'", "=1+1", "12\x85",
    "1<v/>2",
)  # fmt: skip


def numbers() -> Iterator[Attack]:
    """Forms of a number: XML Schema's decimal with caps, and nothing that another reader would take for another."""
    for form, value in NUMBERS.items():
        yield attack("number forms", form[:40], f"<r><v>{form}</v></r>", Reads(value))
    for form in NO_NUMBERS:
        shown = form.encode("ascii", "backslashreplace").decode()[:40]
        yield attack("number forms", f"{shown!r} ({len(form)})", f"<r><v>{form}</v></r>", "BAD_NUMBER")


FAMILIES = (utf7, utf16, utf32, ebcdic, lies, overlong, instructions, comments, namespaces, numbers)
