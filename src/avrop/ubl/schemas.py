"""XML Schemas as the operator supplied them, UBL's and the reports': stored whole, compiled when first needed.

UBL 2.3's schemas accept every document that 2.1's accept (shown by the official examples), so the newest
installed version judges all.
"""

from __future__ import annotations

import hashlib
import posixpath
import shutil
from pathlib import Path
from threading import Lock

from lxml import etree

from avrop.kernel.finding import Finding
from avrop.schematron.source import SchematronRefused
from avrop.ubl.installed import REPORT_XSD
from avrop.ubl.location import location
from avrop.ubl.releases import FoundSchemas, Release

_XS = "{http://www.w3.org/2001/XMLSchema}"
_MOST = 20
_LOCK = Lock()


def store(release: Release, found: FoundSchemas, folder: Path) -> str:
    """Copy the schemas to `folder`/<sha256> and return that hash of them all.

    Raises SchematronRefused where a schema points outside its release or a file it needs is missing.
    """
    content = {name: release.read(name) for name in found.files}
    present = {found.stored_as(name) for name in content}
    whole = hashlib.sha256()
    for name, data in sorted((found.stored_as(path), data) for path, data in content.items()):
        _check_references(name, data, present)
        whole.update(name.encode() + b"\0" + hashlib.sha256(data).digest())
    target = folder / whole.hexdigest()
    if not target.exists():
        part = folder / f".{whole.hexdigest()}.part"
        shutil.rmtree(part, ignore_errors=True)  # of an import that was interrupted
        for name, data in content.items():
            file = part / found.stored_as(name)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(data)
        _try(part, found)
        part.rename(target)
    return whole.hexdigest()


def _try(folder: Path, found: FoundSchemas) -> None:
    """Compile one schema, so that what is no schema is refused while somebody looks."""
    file = folder / found.tried
    try:
        etree.XMLSchema(etree.parse(file, etree.XMLParser(no_network=True, load_dtd=False)))
    except etree.LxmlError as error:
        shutil.rmtree(folder)
        raise SchematronRefused("NOT_COMPILED", file.name, str(error)[:200]) from None


def _check_references(name: str, data: bytes, present: set[str]) -> None:
    try:
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
        root = etree.fromstring(data, parser)
    except (etree.LxmlError, ValueError):
        raise SchematronRefused("NOT_XML", name) from None
    for reference in root.iter(f"{_XS}import", f"{_XS}include", f"{_XS}redefine"):
        href = reference.get("schemaLocation")
        if href is None:
            continue
        target = posixpath.normpath(posixpath.join(posixpath.dirname(name), href))
        if ":" in href or target.startswith(("..", "/")):
            raise SchematronRefused("INCLUDE_OUTSIDE", href)
        if target not in present:
            raise SchematronRefused("INCLUDE_MISSING", target)


class Schemas:
    """The schemas of one UBL version, or the one of a report, on disk."""

    def __init__(self, folder: Path, version: str) -> None:
        self.folder, self.version = folder, version
        self._compiled: dict[str, etree.XMLSchema | None] = {}

    def _schema(self, root_name: str) -> etree.XMLSchema | None:
        if root_name not in self._compiled:
            place = (
                f"{root_name}.xsd"
                if root_name in REPORT_XSD
                else f"maindoc/UBL-{root_name}-{self.version}.xsd"
            )
            file = self.folder / place
            parser = etree.XMLParser(no_network=True, load_dtd=False)
            known = root_name.isalnum() and file.is_file()
            try:
                self._compiled[root_name] = etree.XMLSchema(etree.parse(file, parser)) if known else None
            except (etree.LxmlError, OSError):
                self._compiled[root_name] = None  # spoiled on disk: as good as not there
        return self._compiled[root_name]

    def check(self, root: etree._Element) -> tuple[Finding, ...] | None:
        """Findings with id XSD, at most 20; empty when valid; None where there is no schema for such a document."""
        name = etree.QName(root).localname
        with _LOCK:
            schema = self._schema(name)
            if schema is None:
                return None
            if schema.validate(root):
                return ()
            errors = list(schema.error_log)[:_MOST]  # type: ignore[call-overload]
        return tuple(
            Finding("XSD", "fatal", _path(error.path, root), error.message, {"line": str(error.line)})
            for error in errors
        )


def _path(path: str | None, root: etree._Element) -> str:
    """libxml2 writes an element whose namespace has no prefix as `*`: always the root, in a report every one."""
    name = etree.QName(root).localname
    text = path or f"/{name}"
    if "*" not in text[2:]:
        return f"/{name}{text[2:]}" if text.startswith("/*") else text
    found = root.xpath(text, namespaces={k: v for k, v in root.nsmap.items() if k})
    element = found[0] if isinstance(found, list) and found else None
    return location(element) if isinstance(element, etree._Element) else f"/{name}"
