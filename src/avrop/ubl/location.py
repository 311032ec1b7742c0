"""Where in a document: `/Invoice/cac:InvoiceLine[2]/cbc:ID`, with the prefixes everybody uses for UBL."""

from __future__ import annotations

import re

from lxml import etree

CAC = "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"
CBC = "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"
EXT = "urn:oasis:names:specification:ubl:schema:xsd:CommonExtensionComponents-2"
PREFIXES = {CAC: "cac:", CBC: "cbc:", EXT: "ext:"}
_STEP = re.compile(r"(@?)Q\{([^}]*)\}([^/\[]+)(\[\d+\])?")


def short(name: str) -> str:
    """`{namespace}local` as `cbc:local`; other namespaces lose their prefix."""
    if not name.startswith("{"):
        return name
    namespace, local = name[1:].split("}", 1)
    return PREFIXES.get(namespace, "") + local


def long(name: str) -> str:
    """`cbc:local` as `{namespace}local`."""
    prefix, _, local = name.rpartition(":")
    return f"{{{ {'cac': CAC, 'cbc': CBC, 'ext': EXT}[prefix] }}}{local}" if prefix else local


def location(element: etree._Element) -> str:
    """The path of an element; a position where it has siblings of the same name."""
    steps: list[str] = []
    node: etree._Element | None = element
    while node is not None:
        parent = node.getparent()
        step = short(str(node.tag))
        if parent is not None:
            same = parent.findall(str(node.tag))
            if len(same) > 1:
                step += f"[{same.index(node) + 1}]"
        steps.append(step)
        node = parent
    return "/" + "/".join(reversed(steps))


def from_xpath(path: str) -> str:
    """XPath 3.1's `path()` (`/Q{uri}Invoice[1]/...`) in our form. The position 1 is left out."""

    def step(match: re.Match[str]) -> str:
        position = match[4] if match[4] and match[4] != "[1]" else ""
        return f"{match[1]}{PREFIXES.get(match[2], '')}{match[3]}{position}"

    return _STEP.sub(step, path)
