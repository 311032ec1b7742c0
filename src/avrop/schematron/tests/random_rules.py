"""Rule sets and documents drawn at random, small and odd: to ask whether judging by lines ever says something else."""

from __future__ import annotations

from random import Random
from xml.sax.saxutils import quoteattr

from lxml import etree

from avrop.schematron.source import SCH

LINES = frozenset(("line", "post"))
_NAMES = ("line", "post", "head", "a", "b", "root", "*")
_AXES = (
    "", "", "", "", "../", "@", "parent::", "ancestor::", "descendant::", "following-sibling::",
    "preceding-sibling::", "self::", "ancestor-or-self::", "descendant-or-self::", "following::", "preceding::",
)  # fmt: skip
_CONTEXTS = (
    "line", "/root/line", "root/line", "a", "line/a", "b", "line/a/b", "/root", "/*", "root", "*", "//*", "head",
    "head/a", "//b", "/root/*", "/root/head", "line//b", "post", "a | head", "line/@k", "@k", "/",
)  # fmt: skip


def step(rng: Random, depth: int) -> str:
    """One step, perhaps with a predicate."""
    axis, name = rng.choice(_AXES), rng.choice(_NAMES)
    if axis == "@":
        return "@" + rng.choice(("k", "m"))
    if axis == "../":
        return ".." if rng.random() < 0.5 else f"../{name}"
    made = axis + name
    if depth and rng.random() < 0.3:
        made += f"[{predicate(rng, depth - 1)}]"
    return made


def predicate(rng: Random, depth: int) -> str:
    """What may stand in brackets."""
    kind = rng.randrange(6)
    if kind == 0:
        return rng.choice(("1", "2", "last()", "position() = 2", "not(*)") if depth else ("1", "not(*)"))
    if kind == 1:
        return f"{path(rng, depth)} = '{rng.choice('123')}'"
    if kind == 2:
        return f"not(*) and {condition(rng, depth)}"
    return condition(rng, depth)


def path(rng: Random, depth: int, start: str = "") -> str:
    """A path of one to three steps, from here, from the root or from anywhere."""
    if not start and rng.random() < 0.1:
        return rng.choice(
            (".", "text()", "(line | head)", "(line | a)/b", "key('k', @k)", "key('k', b)/a", "$w")
        )
    start = start or rng.choice(("", "", "", "", "/", "//", "/root/", "/*/", ".//", "../", "$v/"))
    steps = [step(rng, depth) for _ in range(rng.choice((1, 1, 2, 2, 3)))]
    return start + rng.choice(("/", "/", "//")).join(steps)


def condition(rng: Random, depth: int) -> str:
    """What is true or false."""
    made = path(rng, depth)
    match rng.randrange(14):
        case 0:
            return f"not({made})"
        case 1:
            return f"count({made}) {rng.choice(('=', '<', '>='))} {rng.randrange(4)}"
        case 2:
            return f"{made} = {path(rng, depth)}"
        case 3:
            return f"sum({made}/number(.)) > {rng.randrange(9)}"
        case 4:
            return f"normalize-space({made}[1]) = '{rng.choice('123')}'"
        case 5 if depth:
            return f"({condition(rng, depth - 1)}) {rng.choice(('and', 'or'))} ({condition(rng, depth - 1)})"
        case 6:
            return f"(some $x in {made} satisfies $x = '{rng.choice('123')}')"
        case 7:
            return f"(every $x in {made} satisfies $x/b)"
        case 8:
            return f"string-length() > {rng.randrange(5)}"
        case 9:
            return f"(if ({made}) then {path(rng, 0)} else {path(rng, 0)})"
        case 10:
            return f"{made}/{rng.choice(('local-name', 'local-name', 'name'))}() = '{rng.choice(_NAMES)}'"
        case 11:
            return f"f:of({made}, {path(rng, 0)})"
        case 12:
            return f"exists({made} except {path(rng, 0)})"
    return made


def schema(rng: Random) -> etree._Element:
    """A set of one to three patterns."""
    patterns = []
    for _ in range(rng.choice((1, 1, 2, 3))):
        rules = []
        for _ in range(rng.choice((1, 2, 3))):
            context = rng.choice(_CONTEXTS)
            if rng.random() < 0.3 and "|" not in context and context != "/":
                context += f"[{predicate(rng, 1)}]"
            let = f'<let name="r" value={quoteattr(path(rng, 0))}/>' if rng.random() < 0.3 else ""
            checks = [_check(rng, bool(let)) for _ in range(rng.choice((1, 2)))]
            rules.append(f"<rule context={quoteattr(context)}>{let}{''.join(checks)}</rule>")
        patterns.append(f"<pattern>{''.join(rules)}</pattern>")
    variables = [
        f"<let name={quoteattr(n)} value={quoteattr(path(rng, 1, rng.choice(('/root/', '//', '/*/'))))}/>"
        for n in "vw"
    ]
    return etree.fromstring(
        f'<schema xmlns="{SCH}" xmlns:xsl="http://www.w3.org/1999/XSL/Transform" queryBinding="xslt2">'
        '<ns prefix="f" uri="urn:f"/>'
        '<xsl:function xmlns:f="urn:f" name="f:of"><xsl:param name="p"/><xsl:param name="q"/>'
        '<xsl:sequence select="count($p) = count($q)"/></xsl:function>'
        f"""<xsl:key name="k" match={quoteattr(rng.choice(("line", "a", "line/a", "*[@k]")))} use="@k"/>"""
        f"{''.join(variables)}{''.join(patterns)}</schema>"
    )


def _check(rng: Random, let: bool) -> str:
    test = condition(rng, 2)
    if let and rng.random() < 0.5:
        test = f"$r = '1' or {test}"
    said = f"<value-of select={quoteattr(path(rng, 0))}/>" if rng.random() < 0.15 else ""
    kind = rng.choice(("assert", "report"))
    return f'<{kind} id="c{rng.randrange(10**6)}" test={quoteattr(test)}>{said}</{kind}>'


def document(rng: Random) -> bytes:
    """A document of a few lines, most often."""
    lines = [
        _element(rng, rng.choice(("line", "line", "line", "post")), 2) for _ in range(rng.randrange(1, 6))
    ]
    head = [_element(rng, rng.choice(("head", "a", "b")), 2) for _ in range(rng.randrange(3))]
    return f"<root{_attributes(rng)}>{_blank(rng).join([*head, *lines])}</root>".encode()


def _blank(rng: Random) -> str:
    return rng.choice(("", "\n ", "\n ", "<!--c-->"))


def _attributes(rng: Random) -> str:
    return "".join(f" {name}='{rng.randrange(4)}'" for name in "km" if rng.random() < 0.3)


def _element(rng: Random, name: str, depth: int) -> str:
    kids = (
        [_element(rng, rng.choice("aabbbh").replace("h", "head"), depth - 1) for _ in range(rng.randrange(4))]
        if depth
        else []
    )
    return (
        f"<{name}{_attributes(rng)}>{''.join(kids) or rng.choice(('', '1', '2', '3', '1<!--c-->2'))}</{name}>"
    )
