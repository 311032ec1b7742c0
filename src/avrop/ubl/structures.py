"""The part of a rule set that its publisher's build makes from the release's own structure files.

A source release of Peppol's logistics or of EHF holds rules that include `target/generated/T128-basic.sch`, which no
file of the release is: it is made from a structure (`structure/syntax/*.xml`: a tree of elements with cardinality,
fixed values and code lists, and the identifier `T128-basic`) and the release's code lists. What comes out of it is seen
in the flattened Post-Award releases, whose structures are public too: the tests hold each against the other.

Elements are numbered in the order of the structure, from 1 for the root, attributes among them; an assert's id is the
prefix, the element's number in three digits and its own within the element in two.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial

from lxml import etree

from avrop.schematron.source import SCH, Reader, SchematronRefused, parse
from avrop.ubl.releases import Release

STRUCTURE = "{urn:fdc:difi.no:2017:vefa:structure-1}"
_GENERATED = "target/generated"
CODES = "{urn:fdc:difi.no:2017:vefa:structure:CodeList-1}"
# UBL allows nothing in these but what the structures name, and the publisher's build closes them with no rule.
_WHOLE = frozenset(
    f"cac:{name}"
    for name in (
        "AddressLine", "Dimension", "ItemComparison", "LineResponse", "PartyIdentification", "PartyName",
    )
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class CodeList:
    """A list of codes by its title."""

    title: str
    codes: tuple[str, ...]


Lists = Callable[[str], CodeList]


def reader(release: Release, rule_set: str) -> Reader:
    """Reads a release's files and makes what its build would: `.../target/generated/T128-basic.sch`.

    Only structures and code lists of the same release as the file `rule_set` count. Raises KeyError for what is neither
    there nor can be made, SchematronRefused CODE_LIST_MISSING where a structure names a list that is not there.
    """

    def read(name: str) -> bytes:
        try:
            return release.read(name)
        except KeyError:
            folder, part = posixpath.split(name)
            if not folder.endswith(_GENERATED) or not part.endswith(".sch"):
                raise
        ours = [one for one in release.sources if release.version_of(one) == release.version_of(rule_set)]
        for source in ours:
            if identifier_of(content := release.read(source)) == part.removesuffix(".sch"):
                return pattern_of(content, partial(_find_list, release, ours, source))
        raise KeyError(name)

    return read


def _find_list(release: Release, sources: list[str], structure: str, name: str) -> CodeList:
    """The list of that name; of two the one that lies nearest to the structure."""
    found = [
        (one, listed) for one in sources if (listed := code_list(release.read(one))) and listed[0] == name
    ]
    if not found:
        raise SchematronRefused("CODE_LIST_MISSING", name, posixpath.basename(structure))
    return max(found, key=lambda pair: len(posixpath.commonpath([structure, pair[0]])))[1][1]


@dataclass(slots=True)
class _Maker:
    """Numbers the elements and collects the rules and the code lists that they use."""

    prefix: str
    lists: Lists
    number: int = 0
    used: dict[str, CodeList] = field(default_factory=dict)

    def list(self, name: str) -> CodeList:
        if name not in self.used:
            self.used[name] = self.lists(name)
        return self.used[name]


def identifier_of(content: bytes) -> str:
    """The name of the part that a structure file makes (`T128-basic`); "" for any other file."""
    try:
        root = parse(content)
    except SchematronRefused:
        return ""
    return _property(root, "sch:identifier") if str(root.tag).startswith(STRUCTURE) else ""


def code_list(content: bytes) -> tuple[str, CodeList] | None:
    """A code list file's (identifier, list); None for any other file."""
    try:
        root = parse(content)
    except SchematronRefused:
        return None
    if root.tag != f"{CODES}CodeList":
        return None
    codes = tuple((code.findtext(f"{CODES}Id") or "").strip() for code in root.iter(f"{CODES}Code"))
    return (root.findtext(f"{CODES}Identifier") or "").strip(), CodeList(
        " ".join((root.findtext(f"{CODES}Title") or "").split()), codes
    )


def pattern_of(content: bytes, lists: Lists) -> bytes:
    """The Schematron pattern that a structure means.

    `lists` gives a code list by its identifier. Raises SchematronRefused NOT_STRUCTURE, and what `lists` raises.
    """
    structure = parse(content)
    document = structure.find(f"{STRUCTURE}Document")
    if document is None:
        raise SchematronRefused("NOT_STRUCTURE", "Document")
    maker = _Maker(_property(structure, "sch:prefix"), lists)
    pattern = etree.Element(f"{{{SCH}}}pattern")
    rules = list(_rules(document, "", maker))
    for name, listed in maker.used.items():
        joined = " ".join(listed.codes).replace("'", "''")
        etree.SubElement(pattern, f"{{{SCH}}}let", name=f"cl{name}", value=f"tokenize('{joined}', '\\s')")
    pattern.extend(rules)
    return etree.tostring(pattern, encoding="utf-8")


def _property(root: etree._Element, key: str) -> str:
    values = (one.text for one in root.iter(f"{STRUCTURE}Property") if one.get("key") == key)
    return (next(values, None) or "").strip()


def _rules(element: etree._Element, above: str, maker: _Maker) -> Iterator[etree._Element]:
    """An element's own rule, those of what is in it, and the one that closes it."""
    maker.number += 1
    term, children = _term(element), element.findall(f"{STRUCTURE}Element")
    path = f"{above}/{term}"
    rule = etree.Element(f"{{{SCH}}}rule", context=path)
    asserts = _Asserts(maker.prefix, maker.number)
    for test, said in _demands(element, children, term, maker):
        asserts.add(rule, test, said)
    if not above:
        asserts.add(rule, "not(@*:schemaLocation)", "Document MUST not contain schema location.")
    yield rule
    maker.number += len(element.findall(f"{STRUCTURE}Attribute"))
    for child in children:
        yield from _rules(child, path, maker)
    if children and term not in _WHOLE:
        closing = etree.Element(f"{{{SCH}}}rule", context=f"{path}/*")
        asserts.add(closing, "false()", "Document MUST NOT contain elements not part of the data model.")
        yield closing


@dataclass(slots=True)
class _Asserts:
    """Numbers the asserts of one element."""

    prefix: str
    element: int
    last: int = 0

    def add(self, rule: etree._Element, test: str, said: str) -> None:
        self.last += 1
        ident = f"{self.prefix}-B{self.element:03}{self.last:02}"
        etree.SubElement(rule, f"{{{SCH}}}assert", test=test, flag="fatal", id=ident).text = said


def _demands(
    element: etree._Element, children: list[etree._Element], term: str, maker: _Maker
) -> Iterator[tuple[str, str]]:
    """(test, message) of what an element itself must be like."""
    for child in children:
        if (child.get("cardinality") or "1..1").strip().startswith("1"):
            yield _term(child), f"Element '{_term(child)}' MUST be provided."
    for fixed in _fixed(element):
        quoted = fixed.replace("'", "''")
        yield f"normalize-space(text()) = '{quoted}'", f"Element '{term}' MUST contain value '{fixed}'."
    if listed := _listed(element, "normalize-space(text())", maker):
        yield listed
    for attribute in element.findall(f"{STRUCTURE}Attribute"):
        name = _term(attribute)
        if (attribute.get("usage") or "mandatory").lower() == "mandatory":
            yield f"@{name}", f"Attribute '{name}' MUST be present."
        if listed := _listed(attribute, f"@{name}", maker):
            yield f"not(@{name}) or {listed[0]}", listed[1]


def _listed(holder: etree._Element, value: str, maker: _Maker) -> tuple[str, str] | None:
    """The test that a value is in one of the lists that are named for it."""
    names = [
        (one.text or "").strip()
        for one in holder.findall(f"{STRUCTURE}Reference")
        if one.get("type") == "CODE_LIST"
    ]
    if not names:
        return None
    tests = [f"(some $code in $cl{name} satisfies $code = {value})" for name in names]
    titles = [f"'{maker.list(name).title}'" for name in names]
    return " or ".join(tests), f"Value MUST be part of code list {' or '.join(titles)}."


def _fixed(element: etree._Element) -> list[str]:
    values = element.findall(f"{STRUCTURE}Value")
    return [(one.text or "").strip() for one in values if one.get("type") == "FIXED"]


def _term(element: etree._Element) -> str:
    return (element.findtext(f"{STRUCTURE}Term") or "").strip()
