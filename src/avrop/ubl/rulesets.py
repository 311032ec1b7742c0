"""The registry of official rules: what the operator installed, and the verdict it gives on a document.

Rule sets are dated data that change twice a year, so several releases stand side by side, keyed by (rule set,
release, valid from). XSD comes first: the official CEN rules stop with an error on an impossible date. A
document whose rules are not all installed gets `rule_set` "not installed" and no verdict: never a guess.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

from lxml import etree

from avrop.kernel.finding import Finding, Severity, any_fatal
from avrop.schematron import compiler
from avrop.schematron.engine import Hit, RulesStopped, engine
from avrop.schematron.source import SchematronRefused, load, parse
from avrop.ubl import schemas
from avrop.ubl.embedded import text_for_rules
from avrop.ubl.identify import Identity, identify
from avrop.ubl.location import from_xpath
from avrop.ubl.releases import (
    FoundRules,
    FoundSchemas,
    Release,
    ReleaseRefused,
    rule_sets_in,
    schemas_in,
    valid_from_of,
)

NOT_INSTALLED = "not installed"
XSD = "UBL-XSD"
# The sets that a purchase from order to invoice, with its changes and answers, is judged by.
NEEDED = (
    XSD,
    "CEN-EN16931-UBL",
    "PEPPOL-EN16931-UBL",
    "PEPPOLBIS-T01",
    "PEPPOLBIS-T19",
    "PEPPOLBIS-T76",
    "PEPPOLBIS-T111",
    "PEPPOLBIS-T114",
    "PEPPOLBIS-T115",
    "PEPPOLBIS-T116",
    "PEPPOLBIS-T71",
)

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Installed:
    """One rule set of one release. `status`: installed, already, replaced or refused (then `reason`)."""

    name: str
    release: str
    valid_from: date | None
    sha256: str
    asserts: int
    source: str
    content: str = ""
    status: str = "installed"
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the official rules say. `valid` is None where they are not installed."""

    document_type: str | None
    rule_set: str
    valid: bool | None
    findings: tuple[Finding, ...]
    missing: tuple[str, ...] = ()


class Registry:
    """Releases on disk below `folder`: `index.json`, `content/` by SHA-256, `xslt/` compiled, `xsd/`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._index: tuple[Installed, ...] = ()
        self._stamp = -1
        self._schemas: dict[str, schemas.Schemas] = {}

    def install(
        self, path: Path, valid_from: date | None = None, progress: Progress | None = None
    ) -> list[Installed]:
        """Read a release (folder, zip or one .sch) and keep what it holds; a bad set is refused by name.

        `progress(name, done, total)` is called after each set. Raises ReleaseRefused where the path holds
        no rule set and no schema that Avrop knows.
        """
        release = Release(path)
        try:
            found: list[FoundRules | FoundSchemas] = [*schemas_in(release), *rule_sets_in(release)]
            if not found:
                raise ReleaseRefused("NOT_A_RELEASE", path=str(path))
            entries = list(self._read())
            results = []
            for done, item in enumerate(found, 1):
                result = self._keep(release, item, valid_from, entries)
                results.append(result)
                if progress is not None:
                    progress(f"{result.name} {result.release}", done, len(found))
            self._write(entries)
            return results
        finally:
            release.close()

    def _keep(
        self,
        release: Release,
        item: FoundRules | FoundSchemas,
        valid_from: date | None,
        entries: list[Installed],
    ) -> Installed:
        try:
            if isinstance(item, FoundSchemas):
                new = self._keep_schemas(release, item, valid_from)
            else:
                new = self._keep_rules(release, item, valid_from)
        except (SchematronRefused, KeyError) as error:
            name = XSD if isinstance(item, FoundSchemas) else item.name
            number = item.version if isinstance(item, FoundSchemas) else item.release
            return Installed(name, number, valid_from, "", 0, release.path.name, "", "refused", str(error))
        old = next((e for e in entries if (e.name, e.release) == (new.name, new.release)), None)
        if old is None:
            entries.append(new)
            return new
        entries[entries.index(old)] = new
        status = "already" if (old.sha256, old.valid_from) == (new.sha256, new.valid_from) else "replaced"
        return Installed(**{**_plain(new), "status": status})

    def _keep_rules(self, release: Release, item: FoundRules, valid_from: date | None) -> Installed:
        loaded = load(item.path, release.read)
        flat = etree.tostring(loaded.schema, encoding="utf-8")
        content = hashlib.sha256(flat).hexdigest()
        if not engine().knows(content):
            engine().compile(content, compiler.to_xslt(loaded.schema))
        _store(self.folder / "content" / content, flat)
        return Installed(
            item.name,
            item.release,
            valid_from or valid_from_of(item.release),
            hashlib.sha256(release.read(item.path)).hexdigest(),
            compiler.count_asserts(loaded.schema),
            item.path,
            content,
        )

    def _keep_schemas(self, release: Release, item: FoundSchemas, valid_from: date | None) -> Installed:
        digest = schemas.store(release, item, self.folder / "xsd")
        return Installed(XSD, item.version, valid_from, digest, 0, item.files[0], digest)

    def listing(self) -> tuple[Installed, ...]:
        """What is installed, by name and date."""
        return tuple(sorted(self._read(), key=lambda e: (e.name, e.valid_from or date.min, e.release)))

    def missing(self) -> tuple[str, ...]:
        """Names of the sets that a purchase needs and that are not installed."""
        present = {entry.name for entry in self._read()}
        return tuple(name for name in NEEDED if name not in present)

    def judge(self, root: etree._Element, *, on: date | None = None, release: str | None = None) -> Verdict:
        """The verdict on an admitted document by the rules in force `on` that day (None: the newest).

        `release` asks for one release by its name. Never raises for a document.
        """
        identity = identify(root)
        shape = self._check_shape(root)
        if shape:
            return Verdict(identity.document_type, self._name_xsd(), False, shape)
        chosen = self._choose(identity, on, release)
        absent = tuple(name for name, entry in chosen if entry is None)
        if absent or not chosen:
            return Verdict(identity.document_type, NOT_INSTALLED, None, (), absent or ("unknown",))
        entries = [entry for _, entry in chosen if entry is not None]
        try:
            findings = self._run(root, entries)
        except (SchematronRefused, OSError) as error:
            # The stored rules are gone or spoiled: as good as not installed, and said so.
            return Verdict(identity.document_type, NOT_INSTALLED, None, (), (str(error),))
        names = " + ".join(f"{entry.name} {entry.release}" for entry in entries)
        missing = () if shape is not None else (XSD,)
        return Verdict(identity.document_type, names, not any_fatal(findings), findings, missing)

    def _check_shape(self, root: etree._Element) -> tuple[Finding, ...] | None:
        """XSD findings; None where no schema is installed for this root."""
        newest = max((e for e in self._read() if e.name == XSD), key=lambda e: e.release, default=None)
        if newest is None:
            return None
        if newest.content not in self._schemas:
            folder = self.folder / "xsd" / newest.content
            self._schemas[newest.content] = schemas.Schemas(folder, newest.release)
        return self._schemas[newest.content].check(root)

    def _name_xsd(self) -> str:
        newest = max(e.release for e in self._read() if e.name == XSD)
        return f"UBL {newest} XSD"

    def _choose(
        self, identity: Identity, on: date | None, release: str | None
    ) -> list[tuple[str, Installed | None]]:
        """For each rule set of the document the release to use; the others follow the last one's release."""
        names = identity.rule_sets
        if not names:
            return []
        main = self._pick(names[-1], on, release)
        wanted = release or (main.release if main else None)
        rest = [
            (name, self._pick(name, on, wanted) or (None if release else self._pick(name, on, None)))
            for name in names[:-1]
        ]
        return [*rest, (names[-1], main)]

    def _pick(self, name: str, on: date | None, release: str | None) -> Installed | None:
        fitting = [
            e
            for e in self._read()
            if e.name == name
            and (release is None or e.release == release)
            and (on is None or release is not None or e.valid_from is None or e.valid_from <= on)
        ]
        return max(fitting, key=lambda e: (e.valid_from or date.min, e.release), default=None)

    def _run(self, root: etree._Element, entries: list[Installed]) -> tuple[Finding, ...]:
        runner = engine()
        for entry in entries:
            if not runner.knows(entry.content):
                runner.compile(entry.content, self._xslt(entry))
        text = text_for_rules(root)
        findings: list[Finding] = []
        results = runner.run(text, [entry.content for entry in entries])
        for entry, result in zip(entries, results, strict=True):
            if isinstance(result, RulesStopped):
                findings.append(
                    Finding("RULES-STOPPED", "fatal", "", str(result).strip(), {"rule_set": entry.name})
                )
            else:
                findings.extend(_finding(hit) for hit in result)
        return tuple(findings)

    def _xslt(self, entry: Installed) -> str:
        """The compiled text, from disk where it has been made before."""
        file = self.folder / "xslt" / f"{entry.content}-{compiler.VERSION}.xsl"
        if not file.is_file():
            schema = parse((self.folder / "content" / entry.content).read_bytes(), entry.name)
            _store(file, compiler.to_xslt(schema).encode())
        return file.read_text("utf-8")

    def _read(self) -> tuple[Installed, ...]:
        file = self.folder / "index.json"
        try:
            stamp = file.stat().st_mtime_ns
        except FileNotFoundError:
            return ()
        if stamp != self._stamp:
            rows = json.loads(file.read_text("utf-8"))["installed"]
            self._index = tuple(_entry(row) for row in rows)
            self._stamp = stamp
        return self._index

    def _write(self, entries: list[Installed]) -> None:
        rows = [
            {**_plain(e), "valid_from": e.valid_from.isoformat() if e.valid_from else None} for e in entries
        ]
        for row in rows:
            del row["status"], row["reason"]
        text = json.dumps({"format": 1, "installed": rows}, indent=1, ensure_ascii=False)
        _store(self.folder / "index.json", text.encode(), again=True)
        self._stamp = -1


def _plain(entry: Installed) -> dict[str, Any]:
    return asdict(entry)


def _entry(row: dict[str, Any]) -> Installed:
    day = row.pop("valid_from")
    return Installed(**row, valid_from=date.fromisoformat(day) if day else None)


def _store(file: Path, content: bytes, again: bool = False) -> None:
    """Write a file that is complete before it has its name."""
    if file.exists() and not again:
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    part = file.with_name(f".{file.name}.{os.getpid()}")
    part.write_bytes(content)
    part.replace(file)


def _finding(hit: Hit) -> Finding:
    severity: Severity = (
        "fatal" if hit.flag == "fatal" else "warning" if hit.flag == "warning" else "information"
    )
    return Finding(hit.id, severity, from_xpath(hit.at), hit.text)
