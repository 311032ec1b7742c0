"""Schematron to XSLT 3, the plain way: a pattern is a mode, a rule a template of falling priority.

So of a pattern's rules only the first that matches a node fires, as ISO 19757-3 asks. Schema and pattern
variables become global variables; functions and keys pass through. The result is a flat list of findings:
`<findings><f id flag at>text</f>...</findings>`, `at` being XPath 3.1's `path()`.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from copy import deepcopy

from lxml import etree

from avrop.schematron.source import SCH, XSL, SchematronRefused

# Part of the name of a compiled text on disk: raise it when the output for the same schema changes.
VERSION = 1
_FLAGS = {"fatal": "fatal", "error": "fatal", "warning": "warning", "warn": "warning"}
_TOP = {"function", "key", "variable", "param"}
# Rules look at one document. Whatever reaches outside it is refused before it is compiled.
_REACHES_OUT = re.compile(
    r"(?<![\w.\-:])(?:fn:)?(?:doc|doc-available|document|collection|uri-collection|unparsed-text|"
    r"unparsed-text-lines|unparsed-text-available|environment-variable|available-environment-variables|"
    r"json-doc|transform|load-xquery-module|parse-xml|parse-xml-fragment|evaluate|put)\s*[(#]"
)
_FORBIDDEN = {
    "import", "include", "result-document", "source-document", "evaluate", "import-schema", "use-package",
    "stream", "message",
}  # fmt: skip
_VARIABLE = r"\$%s(?![\w.\-])"


def count_asserts(schema: etree._Element) -> int:
    """How many asserts and reports the set has."""
    return sum(1 for _ in schema.iter(f"{{{SCH}}}assert", f"{{{SCH}}}report"))


def to_xslt(schema: etree._Element, only: Collection[int] | None = None) -> str:
    """The stylesheet for a loaded schema, or for its patterns at the places `only`. Raises SchematronRefused."""
    refuse_what_reaches_out(schema)
    for element in schema.iter(etree.Element):
        if element.get("abstract") == "true" or element.get("is-a") or element.tag == f"{{{SCH}}}extends":
            raise SchematronRefused("NOT_SUPPORTED", f"abstract {etree.QName(element).localname}")
    sheet = etree.Element(f"{{{XSL}}}stylesheet", nsmap=_namespaces(schema))
    sheet.set("version", "3.0")
    sheet.set("exclude-result-prefixes", "#all")
    _add(sheet, "output", method="xml", indent="no", **{"omit-xml-declaration": "yes"})
    taken: set[str] = set()
    for child in schema:
        name = etree.QName(child)
        if name.namespace == XSL:
            sheet.append(deepcopy(child))
        elif name.localname == "let" and name.namespace == SCH:
            _let(sheet, child)
            taken.add(child.get("name") or "")
    patterns = schema.findall(f"{{{SCH}}}pattern")
    main = _add(_add(sheet, "template", match="/"), "element", name="findings")
    for position, pattern in enumerate(patterns, 1):
        mode = f"p{position}"
        asked = only is None or position - 1 in only
        _pattern(sheet, pattern, mode, taken, asked)
        if asked:
            _add(main, "apply-templates", select="/", mode=mode)
    return etree.tostring(sheet, encoding="unicode")


def _namespaces(schema: etree._Element) -> dict[str, str]:
    spaces: dict[str, str] = {
        prefix: uri for prefix, uri in schema.nsmap.items() if prefix and prefix not in ("xsl", "xi", "xml")
    }
    spaces["xs"] = "http://www.w3.org/2001/XMLSchema"
    for ns in schema.iter(f"{{{SCH}}}ns"):
        spaces[ns.get("prefix") or ""] = ns.get("uri") or ""
    spaces["xsl"] = XSL
    return spaces


def refuse_what_reaches_out(schema: etree._Element) -> None:
    """Rules look at one document: whatever reaches outside it is refused. Raises SchematronRefused."""
    for element in schema.iter(etree.Element):
        name = etree.QName(element)
        if name.namespace == XSL:
            parent = element.getparent()
            top = parent is not None and parent.tag in (f"{{{SCH}}}schema", f"{{{SCH}}}pattern")
            if name.localname in _FORBIDDEN or (top and name.localname not in _TOP):
                raise SchematronRefused("NOT_SUPPORTED", f"xsl:{name.localname}")
        elif name.namespace != SCH and _directly_in_schema(element):
            raise SchematronRefused("NOT_SUPPORTED", name.localname)
        for value in element.attrib.values():
            found = _REACHES_OUT.search(_without_strings(str(value)))
            if found:
                raise SchematronRefused("NOT_SUPPORTED", found[0].rstrip("(# "))


def _directly_in_schema(element: etree._Element) -> bool:
    parent = element.getparent()
    return parent is not None and parent.tag == f"{{{SCH}}}schema"


def _without_strings(expression: str) -> str:
    return re.sub(r"'[^']*'|\"[^\"]*\"", "''", expression)


def _add(parent: etree._Element, name: str, /, **attributes: str) -> etree._Element:
    return etree.SubElement(parent, f"{{{XSL}}}{name}", attributes)


def _let(parent: etree._Element, let: etree._Element, renamed: dict[str, str] | None = None) -> None:
    name, value = let.get("name") or "", let.get("value")
    if value is None:
        raise SchematronRefused("NOT_SUPPORTED", f"let {name} without value")
    names = renamed or {}
    _add(parent, "variable", name=names.get(name, name), select=_rename(value, names))


def _rename(expression: str, renamed: dict[str, str]) -> str:
    for old, new in renamed.items():
        expression = re.sub(_VARIABLE % re.escape(old), f"${new}", expression)
    return expression


def _pattern(sheet: etree._Element, pattern: etree._Element, mode: str, taken: set[str], asked: bool) -> None:
    lets = pattern.findall(f"{{{SCH}}}let")
    # Pattern variables are global in the stylesheet; a name that another pattern has taken gets a new one.
    renamed = {n: f"{mode}.{n}" for n in (let.get("name") or "" for let in lets) if n in taken}
    for let in lets:
        taken.add(let.get("name") or "")
        _let(sheet, let, renamed)
    if not asked:
        # Its variables are global: another pattern may use them.
        return
    rules = pattern.findall(f"{{{SCH}}}rule")
    contexts = " ".join(rule.get("context") or "" for rule in rules)
    select = _children(contexts)
    walk = _add(sheet, "template", match="/ | *", mode=mode, priority="0")
    _add(walk, "apply-templates", select=select, mode=mode)
    for kind in ("@*", "text()", "comment()", "processing-instruction()"):
        if kind in select:
            _add(sheet, "template", match=kind, mode=mode, priority="0")
    for position, rule in enumerate(rules):
        priority = str(len(rules) - position)
        _rule(sheet, rule, mode, priority, select, renamed)


def _children(contexts: str) -> str:
    """What to walk to: attributes and text only where some rule of the pattern has them as context."""
    bare = re.sub(r"\[[^\[\]]*(?:\[[^\[\]]*\][^\[\]]*)*\]", "", contexts)
    steps = ["*"]
    if "@" in bare or "attribute::" in bare:
        steps.insert(0, "@*")
    if "node()" in bare:
        return "@* | * | text() | comment() | processing-instruction()"
    for kind in ("text()", "comment()", "processing-instruction()"):
        if kind in bare:
            steps.append(kind)
    return " | ".join(steps)


def _rule(
    sheet: etree._Element,
    rule: etree._Element,
    mode: str,
    priority: str,
    select: str,
    renamed: dict[str, str],
) -> None:
    context = _rename(rule.get("context") or "", renamed)
    template = _add(sheet, "template", match=context, mode=mode, priority=priority)
    for child in rule:
        name = etree.QName(child)
        if name.namespace == XSL:
            template.append(deepcopy(child))
        elif name.localname == "let":
            _let(template, child, renamed)
        elif name.localname in ("assert", "report"):
            _check(template, child, name.localname == "assert", renamed)
    _add(template, "apply-templates", select=select, mode=mode)


def _check(template: etree._Element, check: etree._Element, negate: bool, renamed: dict[str, str]) -> None:
    test = _rename(check.get("test") or "", renamed)
    hit = _add(template, "if", test=f"not({test})" if negate else test)
    finding = etree.SubElement(hit, "f")
    finding.set("id", check.get("id") or "")
    flag = check.get("flag") or check.get("role") or "fatal"
    finding.set("flag", _FLAGS.get(flag.lower(), "information"))
    # The braces of the two literals above never come from a rule set unescaped.
    for key in ("id", "flag"):
        finding.set(key, (finding.get(key) or "").replace("{", "{{").replace("}", "}}"))
    finding.set("at", "{path(.)}")
    for text, select in _message(check):
        if text:
            _add(finding, "text").text = text
        if select:
            _add(finding, "value-of", select=_rename(select, renamed))


def _message(check: etree._Element) -> Iterator[tuple[str, str]]:
    """The message as (literal text, expression) pieces."""
    yield re.sub(r"\s+", " ", check.text or ""), ""
    for child in check:
        local = etree.QName(child).localname
        if local == "value-of":
            yield "", child.get("select") or "''"
        elif local == "name":
            yield "", f"name({child.get('path') or '.'})"
        else:
            yield re.sub(r"\s+", " ", "".join(str(part) for part in child.itertext())), ""
        yield re.sub(r"\s+", " ", child.tail or ""), ""
