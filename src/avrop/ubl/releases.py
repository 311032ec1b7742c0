"""Finds rule sets and schemas in an official release, as a folder or a zip, in the layouts they come in.

A release is recognised by its file names: `PEPPOLBIS-T01.sch`, `CEN-EN16931-UBL.sch` ... and, for UBL, by
`maindoc/UBL-Invoice-2.x.xsd` beside `common/`. Nothing outside the folder or zip is read.
"""

from __future__ import annotations

import os
import posixpath
import re
import stat
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from zipfile import BadZipFile, ZipFile, ZipInfo

from avrop.kernel.finding import Refusal
from avrop.schematron.source import SchematronRefused
from avrop.ubl.identify import known_rule_sets
from avrop.ubl.installed import REPORT_XSD, XSD

UNKNOWN = "unknown"  # the release of what no folder and no zip says the release of
_SUFFIXES = (".sch", ".xsd")
# Folders of XML that a publisher's build makes rules of (avrop.ubl.structures).
_SOURCES = ("syntax", "codelist")
# The largest official rule file or schema is under 1.5 MB (eForms), a release of UBL is 5 MB in 100 files.
_MEMBER_LIMIT = 20_000_000
_ALL_LIMIT = 200_000_000
_MOST_MEMBERS = 20_000
_ALIASES = (
    (re.compile(r"EN16931-UBL-validation-preprocessed"), "CEN-EN16931-UBL"),
    (re.compile(r"peppol-mls-[\d.]+", re.IGNORECASE), "PEPPOL-MLS"),
    (re.compile(r"peppol-end-user-statistics-reporting-[\d.]+"), "PEPPOL-EUSR"),
    (re.compile(r"peppol-transaction-statistics-reporting-[\d.]+"), "PEPPOL-TSR"),
)
# Folder names that are a release: 2026.5, 1.3.16, 2026-02, g3-2023-02-compiled-sch.
_RELEASE = re.compile(r"(?:g3-)?(\d+(?:[.\-]\d+)+)(?:-compiled-sch|-sch)?")
# In the name of a zip: the last number with points (peppol-bis-invoice-3-3.0.21), else the last date.
_RELEASE_IN_NAME = re.compile(r"(?<![\d.])\d+(?:\.\d+)+")
_MONTH_IN_NAME = re.compile(r"(?<!\d)20\d\d-\d\d(?:-\d\d)?(?!\d)")
_MAIN_SCHEMA = re.compile(r"UBL-Invoice-(2\.\d)\.xsd")
_REPORT_SCHEMAS = (
    (re.compile(r"peppol-end-user-statistics-reporting-[\d.]+\.xsd"), "EndUserStatisticsReport"),
    (re.compile(r"peppol-transaction-statistics-reporting-[\d.]+\.xsd"), "TransactionStatisticsReport"),
)
# When a release became the one to use, where that is not the first day of the month it is named after.
# Source: OpenPeppol's May 2026 release, mandatory from 17 August 2026.
_VALID_FROM = {"2026.5": date(2026, 8, 17)}


class ReleaseRefused(Refusal):
    """A path that holds no release, or one that cannot be read or kept.

    Codes: NOT_FOUND, NOT_A_RELEASE, NO_ACCESS, BAD_ZIP, UNSAFE_ZIP, ZIP_BOMB, NOT_KEPT (the registry's own folder).
    """

    code = "NOT_A_RELEASE"


class Release:
    """Rule files and schemas (`names`) and what rules are made of (`sources`) in a folder or zip, as POSIX names."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._zip: ZipFile | None = None
        if path.is_dir():
            self._root = path.resolve()
            names = self._walk()
        elif path.is_file() and path.suffix.lower() == ".zip":
            try:
                self._zip = ZipFile(path)
            except (BadZipFile, ValueError, NotImplementedError, OverflowError):
                raise ReleaseRefused("BAD_ZIP", path=path.name) from None
            names = _checked(self._zip.infolist(), path.name)
        elif path.is_file():
            self._root = path.resolve().parent
            names = iter([path.name])
        else:
            raise ReleaseRefused("NOT_FOUND", path=str(path))
        found = sorted(names)
        self.names = [name for name in found if name.endswith(_SUFFIXES)]
        self.sources = [name for name in found if not name.endswith(_SUFFIXES)]

    def _walk(self) -> Iterator[str]:
        for folder, _folders, files in os.walk(self._root, onerror=_no_access):
            for file in files:
                name = (Path(folder) / file).relative_to(self._root).as_posix()
                if _is_wanted(name):
                    yield name

    def read(self, name: str) -> bytes:
        """The bytes of `name`. Raises KeyError where it is missing.

        Raises SchematronRefused INCLUDE_OUTSIDE for a link that leads out of the folder, TOO_BIG for more than 20 MB,
        UNREADABLE for a damaged or encrypted part of a zip, NO_ACCESS for a file that may not be read.
        """
        if self._zip is not None:
            return _unpacked(self._zip, self._zip.getinfo(name))
        file = (self._root / name).resolve()
        if not file.is_relative_to(self._root):
            raise SchematronRefused("INCLUDE_OUTSIDE", name)
        try:
            if not file.is_file():
                raise KeyError(name)
            if file.stat().st_size > _MEMBER_LIMIT:
                raise SchematronRefused("TOO_BIG", name)
            return file.read_bytes()
        except OSError:
            raise SchematronRefused("NO_ACCESS", name) from None

    def version_of(self, name: str) -> str:
        """The release a file belongs to: the nearest folder above it whose name is a release number."""
        above = list(posixpath.dirname(name).split("/"))
        above = (above if self._zip else [*self._root.parts, *above])[::-1]
        for folder in above:
            match = _RELEASE.fullmatch(folder)
            if match:
                return match[1]
        own = self._root.name if self.path.is_dir() else self.path.stem
        found = _RELEASE_IN_NAME.findall(own) or _MONTH_IN_NAME.findall(own)
        return str(found[-1]) if found else UNKNOWN

    def close(self) -> None:
        """Close the zip, if it is one."""
        if self._zip is not None:
            self._zip.close()


def _no_access(error: OSError) -> None:
    """A folder that may not be read is said, not skipped: half a release is none."""
    raise ReleaseRefused("NO_ACCESS", path=str(error.filename))


def _checked(members: list[ZipInfo], archive: str) -> Iterator[str]:
    """The names of rule files, their sources and schemas. Raises ReleaseRefused where any part of the zip is a trick.

    Nothing is ever unpacked to a name that the zip gives; but who packs such names does not pack official rules.
    """
    seen: set[str] = set()
    size = 0
    if len(members) > _MOST_MEMBERS:
        raise ReleaseRefused("ZIP_BOMB", path=archive)
    for member in members:
        name = member.orig_filename
        if _is_unsafe(name) or stat.S_ISLNK(member.external_attr >> 16) or name in seen:
            raise ReleaseRefused("UNSAFE_ZIP", path=archive, name=name[:80])
        seen.add(name)
        if _is_wanted(name):
            size += member.file_size
            if size > _ALL_LIMIT:
                raise ReleaseRefused("ZIP_BOMB", path=archive)
            yield name


def _is_wanted(name: str) -> bool:
    if name.endswith(_SUFFIXES):
        return True
    return name.endswith(".xml") and posixpath.basename(posixpath.dirname(name)) in _SOURCES


def _is_unsafe(name: str) -> bool:
    parts = name.rstrip("/").split("/")
    return bool({"..", ""} & set(parts)) or any(c in name for c in "\\:\0")


def _unpacked(archive: ZipFile, member: ZipInfo) -> bytes:
    try:
        with archive.open(member) as stream:
            # The size that a zip states may be a lie.
            content = stream.read(_MEMBER_LIMIT + 1)
    except (BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError):
        raise SchematronRefused("UNREADABLE", member.filename) from None
    if len(content) > _MEMBER_LIMIT:
        raise SchematronRefused("TOO_BIG", member.filename)
    return content


@dataclass(frozen=True, slots=True)
class FoundRules:
    """A Schematron file that holds a rule set we know by name."""

    name: str
    path: str
    release: str


@dataclass(frozen=True, slots=True)
class FoundSchemas:
    """A schema release and its files: UBL's, or the one file of a report."""

    version: str
    files: tuple[str, ...]
    name: str = XSD

    def stored_as(self, file: str) -> str:
        """`anything/maindoc/UBL-Order-2.3.xsd` as `maindoc/UBL-Order-2.3.xsd`; a report's as `EndUser....xsd`."""
        if self.name == XSD:
            return "/".join(file.split("/")[-2:])
        return next(f"{root}.xsd" for root, name in REPORT_XSD.items() if name == self.name)

    @property
    def tried(self) -> str:
        """The stored schema that is compiled at once, so that what is no schema is refused while somebody looks."""
        return f"maindoc/UBL-Invoice-{self.version}.xsd" if self.name == XSD else self.stored_as("")


def rule_sets_in(release: Release) -> list[FoundRules]:
    """The rule sets of the release that some document type is judged by."""
    known, found = known_rule_sets(), []
    for path in release.names:
        if not path.endswith(".sch"):
            continue
        stem = posixpath.basename(path)[:-4]
        name = next((alias for pattern, alias in _ALIASES if pattern.fullmatch(stem)), stem)
        if name in known:
            found.append(FoundRules(name, path, release.version_of(path)))
    return found


def schemas_in(release: Release) -> list[FoundSchemas]:
    """The UBL schema releases (folders `maindoc` and `common` side by side) and the schemas of Peppol's reports."""
    found = []
    for path in release.names:
        folder, base = posixpath.split(path)
        for pattern, root in _REPORT_SCHEMAS:
            if pattern.fullmatch(base):
                found.append(FoundSchemas(release.version_of(path), (path,), REPORT_XSD[root]))
        match = _MAIN_SCHEMA.fullmatch(base)
        if match and posixpath.basename(folder) == "maindoc":
            top = posixpath.dirname(folder)
            prefix = f"{top}/" if top else ""
            files = tuple(
                n
                for n in release.names
                if n.endswith(".xsd") and n.startswith((f"{prefix}maindoc/", f"{prefix}common/"))
            )
            found.append(FoundSchemas(match[1], files))
    return found


def valid_from_of(release: str) -> date | None:
    """The first day a release named after a month applies; None where its name holds no month."""
    if release in _VALID_FROM:
        return _VALID_FROM[release]
    match = re.fullmatch(r"(20\d\d)[.\-](\d{1,2})(?:[.\-](\d{1,2}))?", release)
    if match is None:
        return None
    try:
        return date(int(match[1]), int(match[2]), int(match[3] or 1))
    except ValueError:
        return None
