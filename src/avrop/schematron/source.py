"""Reads a Schematron file and everything it includes, as one tree. Includes stay inside the release.

Both `sch:include` and `xi:include` are followed. A path that leaves the release, a scheme (`http:`), a
missing file, a DOCTYPE or a circle refuses the whole set, by the name of the file that failed.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable
from dataclasses import dataclass

from lxml import etree

SCH = "http://purl.oclc.org/dsdl/schematron"
XSL = "http://www.w3.org/1999/XSL/Transform"
XI = "http://www.w3.org/2001/XInclude"
_DEEPEST = 20

Reader = Callable[[str], bytes]


class SchematronRefused(Exception):
    """A rule set that is not taken in.

    `code`: INCLUDE_MISSING, INCLUDE_OUTSIDE, INCLUDE_DEPTH, NOT_XML, DOCTYPE, NOT_SCHEMATRON, NOT_SUPPORTED,
    NOT_COMPILED. `name` is the file, expression or element at fault.
    """

    def __init__(self, code: str, name: str, detail: str = "") -> None:
        self.code, self.name, self.detail = code, name, detail
        super().__init__(f"{code}: {name}" + (f" ({detail})" if detail else ""))


@dataclass(frozen=True, slots=True)
class Loaded:
    """A schema with its includes resolved, and the paths that were read (the first is the set itself)."""

    schema: etree._Element
    files: tuple[str, ...]


def load(path: str, read: Reader) -> Loaded:
    """The set at `path` (POSIX, relative to the release). `read` raises KeyError for a file it has not.

    Raises SchematronRefused.
    """
    files: list[str] = []
    schema = _parse(path, read, files)
    if schema.tag != f"{{{SCH}}}schema":
        raise SchematronRefused("NOT_SCHEMATRON", path)
    _resolve(schema, path, read, files, 1)
    return Loaded(schema, tuple(files))


def parse(content: bytes, name: str = "") -> etree._Element:
    """A rule file's own tree. Raises SchematronRefused NOT_XML or DOCTYPE."""
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        remove_comments=True,
        remove_pis=True,
        huge_tree=False,
    )
    if b"\x00" in content:  # also UTF-16, in which a DOCTYPE would not be seen
        raise SchematronRefused("NOT_XML", name)
    if b"<!DOCTYPE" in content:
        raise SchematronRefused("DOCTYPE", name)
    try:
        return etree.fromstring(content, parser)
    except (etree.LxmlError, ValueError) as error:
        raise SchematronRefused("NOT_XML", name, str(error)[:200]) from None


def _parse(path: str, read: Reader, files: list[str]) -> etree._Element:
    try:
        content = read(path)
    except KeyError:
        raise SchematronRefused("INCLUDE_MISSING", path) from None
    files.append(path)
    return parse(content, path)


def _resolve(tree: etree._Element, path: str, read: Reader, files: list[str], depth: int) -> None:
    if depth > _DEEPEST:
        raise SchematronRefused("INCLUDE_DEPTH", path)
    for include in list(tree.iter(f"{{{SCH}}}include", f"{{{XI}}}include")):
        target = _inside(path, include.get("href") or "")
        part = _parse(target, read, files)
        _resolve(part, target, read, files, depth + 1)
        parent = include.getparent()
        if parent is None:
            raise SchematronRefused("NOT_SCHEMATRON", path)
        part.tail = include.tail
        parent.replace(include, part)


def _inside(path: str, href: str) -> str:
    if not href or ":" in href or "\\" in href or href.startswith("/"):
        raise SchematronRefused("INCLUDE_OUTSIDE", href or path)
    target = posixpath.normpath(posixpath.join(posixpath.dirname(path), href))
    if target.startswith(".."):
        raise SchematronRefused("INCLUDE_OUTSIDE", href)
    return target
