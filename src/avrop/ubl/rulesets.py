"""The registry of official rules: what the operator installed, and the verdict it gives on a document.

Rule sets are dated data that change twice a year, so several releases stand side by side, keyed by (rule set,
release) with a first and a last day; `terms` shows them by document type. A document is judged by what was in force on
the day it was received, one from before them all by the oldest release, with a note; `judge_again` gives an old
document its old result. XSD comes first: the official CEN rules stop with an error on an impossible date. A document
whose rules are not all installed gets `rule_set` "not installed" and no verdict: never a guess.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from pathlib import Path

from lxml import etree

from avrop.kernel.finding import Finding, Severity, any_fatal
from avrop.schematron.errors import RulesStopped
from avrop.schematron.hits import Hit
from avrop.schematron.oracle.xslt import count_asserts, refuse_what_reaches_out
from avrop.schematron.source import SCH, SchematronRefused, load, parse
from avrop.ubl import schemas
from avrop.ubl.embedded import text_for_rules
from avrop.ubl.engines import Compiled, EngineName, Result, Runner, Saxon
from avrop.ubl.identify import Identity, identify
from avrop.ubl.installed import (
    ALL_XSD,
    REPORT_XSD,
    XSD,
    Index,
    Installed,
    Term,
    newest,
    oldest,
    store,
    terms,
    with_last_days,
)
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
from avrop.ubl.structures import reader

NOT_INSTALLED = "not installed"
RULES_STOPPED = "RULES-STOPPED"  # the id of our finding that a set ended with an error on the document
RULES_LATER = "RULES-LATER"  # the id of our note that a release judged which is later than the document
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
class Verdict:
    """What the official rules say. `valid` is None where they are not installed.

    `rule_set` names the sets with release (and edition, where the release was changed under its name): kept with the
    document, it is all that `Registry.judge_again` needs. `too_late` is the first day of the release that judged,
    where the document came before it and no release of its day is installed; else None.
    """

    document_type: str | None
    rule_set: str
    valid: bool | None
    findings: tuple[Finding, ...]
    missing: tuple[str, ...] = ()
    too_late: date | None = None

    @property
    def told(self) -> tuple[Finding, ...]:
        """The findings, and a note where the rules that judged are not those of the document's day."""
        return (
            self.findings if self.too_late is None else (*self.findings, _note(self.rule_set, self.too_late))
        )


class Registry:
    """Releases on disk below `folder`: `index.json`, `content/` by SHA-256, `rules/` compiled, `xsd/`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.index = Index(folder)
        self._schemas: dict[str, schemas.Schemas] = {}
        self._compiled = Compiled(folder / "rules")
        self._runners: dict[EngineName, Runner] = {
            "compiled": self._compiled,
            "python": Compiled(folder / "rules", native=False),
            "saxon": Saxon(),
        }

    def install(
        self, path: Path, valid_from: date | None = None, progress: Progress | None = None
    ) -> list[Installed]:
        """Read a release (folder, zip or one .sch) and keep what it holds; a bad set is refused by name.

        Each set is entered when it is complete: an import that is interrupted is done again, and what was taken in
        says "already". `progress(name, done, total)` is called after each set. Raises ReleaseRefused where the path
        holds no rule set and no schema that Avrop knows, and NOT_KEPT where the registry's folder cannot be written.
        """
        release = Release(path)
        try:
            found: list[FoundRules | FoundSchemas] = [*schemas_in(release), *rule_sets_in(release)]
            if not found:
                raise ReleaseRefused("NOT_A_RELEASE", path=str(path))
            results = []
            with self.index.writing():
                for done, item in enumerate(found, 1):
                    result = self._keep(release, item, valid_from)
                    results.append(result)
                    if progress is not None:
                        progress(f"{result.name} {result.release}", done, len(found))
            return results
        except OSError as error:  # all that is read of the release raises refusals of its own
            raise ReleaseRefused("NOT_KEPT", path=str(error.filename or self.folder)) from error
        finally:
            release.close()

    def _keep(self, release: Release, item: FoundRules | FoundSchemas, valid_from: date | None) -> Installed:
        try:
            if isinstance(item, FoundSchemas):
                new = self._keep_schemas(release, item, valid_from)
            else:
                new = self._keep_rules(release, item, valid_from)
        except (SchematronRefused, KeyError) as error:
            number = item.version if isinstance(item, FoundSchemas) else item.release
            return Installed(
                item.name, number, valid_from, "", 0, release.path.name, "", "refused", str(error)
            )
        return self.index.put(new, dated=valid_from is not None)

    def _keep_rules(self, release: Release, item: FoundRules, valid_from: date | None) -> Installed:
        loaded = load(item.path, reader(release, item.path))
        if next(loaded.schema.iter(f"{{{SCH}}}assert", f"{{{SCH}}}report"), None) is None:
            raise SchematronRefused("NO_RULES", item.path)
        flat = etree.tostring(loaded.schema, encoding="utf-8")
        content = hashlib.sha256(flat).hexdigest()
        refuse_what_reaches_out(loaded.schema)
        fallbacks = self._compiled.prepare((content, lambda: loaded.schema))
        self._shelve(content, flat)
        return Installed(
            item.name,
            item.release,
            valid_from or valid_from_of(item.release),
            hashlib.sha256(release.read(item.path)).hexdigest(),
            count_asserts(loaded.schema),
            item.path,
            content,
            fallbacks=fallbacks,
        )

    def _shelve(self, content: str, flat: bytes) -> None:
        """Keep a set under its hash; what lies there already is believed only if it has that hash."""
        file = self.folder / "content" / content
        spoiled = file.exists() and hashlib.sha256(file.read_bytes()).hexdigest() != content
        store(file, flat, again=spoiled)

    def _keep_schemas(self, release: Release, item: FoundSchemas, valid_from: date | None) -> Installed:
        digest = schemas.store(release, item, self.folder / "xsd")
        return Installed(item.name, item.version, valid_from, digest, 0, item.files[0], digest)

    def listing(self) -> tuple[Installed, ...]:
        """What is installed, by name and date, each with its last day."""
        return with_last_days(self.index.current())

    def terms(self) -> tuple[Term, ...]:
        """By document type: which release judges it from which day to which."""
        return terms(self.index.current())

    def missing(self) -> tuple[str, ...]:
        """Names of the sets that a purchase needs and that are not installed."""
        present = {entry.name for entry in self.index.current()}
        return tuple(name for name in NEEDED if name not in present)

    def judge(
        self,
        root: etree._Element,
        *,
        on: date | None = None,
        release: str | None = None,
        engine: EngineName = "compiled",
    ) -> Verdict:
        """The verdict on an admitted document by the rules in force `on` the day it was received (None: the newest).

        Where no release of that day is installed the oldest one judges, and `too_late` says so. `release` asks for
        one release by its name, `engine` for what runs the rules. Never raises for a document.
        """
        identity = identify(root)
        shape = self._check_shape(root)
        if shape:
            return Verdict(identity.document_type, self._name_xsd(root), False, shape)
        chosen = self._choose(identity, on, release)
        absent = tuple(name for name, entry in chosen if entry is None)
        if absent or not chosen:
            return Verdict(identity.document_type, NOT_INSTALLED, None, (), absent or ("unknown",))
        missing = () if shape is not None else (_schemas_for(root),)
        entries = [entry for _, entry in chosen if entry is not None]
        verdict = self._verdict(root, identity, entries, engine)
        late = _too_late(entries, on) if release is None and verdict.valid is not None else None
        return replace(verdict, missing=verdict.missing or missing, too_late=late)

    def judge_again(self, root: etree._Element, rule_set: str) -> Verdict:
        """The verdict of exactly the rules that an earlier verdict named, whatever has been installed since.

        `rule_set` is that verdict's. The schemas come in only where they were what refused the document.
        """
        identity = identify(root)
        titles = _titles(rule_set)
        entries = [self.index.titled(title) for title in titles]
        absent = tuple(title for title, entry in zip(titles, entries, strict=True) if entry is None)
        kept = [entry for entry in entries if entry is not None]
        if absent or not kept:
            return Verdict(identity.document_type, NOT_INSTALLED, None, (), absent or ("unknown",))
        if kept[0].name in ALL_XSD:
            shape = self._schemas_of(kept[0]).check(root) or ()
            return Verdict(identity.document_type, rule_set, not shape, shape)
        return self._verdict(root, identity, kept, "compiled")

    def _verdict(
        self, root: etree._Element, identity: Identity, entries: list[Installed], engine: EngineName
    ) -> Verdict:
        try:
            findings = self._run(root, entries, engine)
        except (SchematronRefused, OSError) as error:
            # The stored rules are gone or spoiled: as good as not installed, and said so.
            return Verdict(identity.document_type, NOT_INSTALLED, None, (), (str(error),))
        names = " + ".join(entry.title for entry in entries)
        return Verdict(identity.document_type, names, not any_fatal(findings), findings)

    def _check_shape(self, root: etree._Element) -> tuple[Finding, ...] | None:
        """XSD findings; None where no schema is installed for this root."""
        entry = self._newest_schemas(root)
        return self._schemas_of(entry).check(root) if entry else None

    def _newest_schemas(self, root: etree._Element) -> Installed | None:
        name = _schemas_for(root)
        return newest([e for e in self.index.current() if e.name == name])

    def _schemas_of(self, entry: Installed) -> schemas.Schemas:
        if entry.content not in self._schemas:
            folder = self.folder / "xsd" / entry.content
            self._schemas[entry.content] = schemas.Schemas(folder, entry.release)
        return self._schemas[entry.content]

    def _name_xsd(self, root: etree._Element) -> str:
        entry = self._newest_schemas(root)
        if entry is None or entry.name != XSD:
            return entry.title if entry else XSD
        return f"UBL {entry.release} XSD" + (f" ({entry.edition})" if entry.edition > 1 else "")

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
        """The newest that holds on that day; of a document that came before them all, the oldest."""
        known = [e for e in self.index.current() if e.name == name and release in (None, e.release)]
        if on is None or release is not None:
            return newest(known)
        return newest([e for e in known if e.valid_from is None or e.valid_from <= on]) or oldest(known)

    def _run(self, root: etree._Element, entries: list[Installed], engine: EngineName) -> tuple[Finding, ...]:
        findings: list[Finding] = []
        results = self.run(text_for_rules(root), entries, engine)
        for entry, result in zip(entries, results, strict=True):
            if isinstance(result, RulesStopped):
                findings.append(
                    Finding(RULES_STOPPED, "fatal", "", str(result).strip(), {"rule_set": entry.name})
                )
            else:
                findings.extend(_finding(hit) for hit in result)
        return tuple(findings)

    def run(self, text: str, entries: list[Installed], engine: EngineName = "compiled") -> list[Result]:
        """What each set finds in a document, or that it stopped. Raises SchematronRefused, OSError."""
        return self._runners[engine].run(text, [(e.content, partial(self._source, e)) for e in entries])

    def run_file(self, path: Path, entries: list[Installed]) -> list[Result]:
        """`run` for a file of UTF-8, which may be larger than memory. Raises NotPlainXml as well."""
        return self._compiled.run_file(path, [(e.content, partial(self._source, e)) for e in entries])

    def _source(self, entry: Installed) -> etree._Element:
        return parse((self.folder / "content" / entry.content).read_bytes(), entry.name)


def _too_late(entries: list[Installed], on: date | None) -> date | None:
    """The last first day among the sets that judged, where it is after the day they were asked for."""
    days = [entry.valid_from for entry in entries if entry.valid_from and on and entry.valid_from > on]
    return max(days, default=None)


def _note(rule_set: str, first: date) -> Finding:
    text = f"Judged by {rule_set}, in force from {first:%Y-%m-%d}: no release of the day of receipt is installed."
    return Finding(
        RULES_LATER, "information", "", text, {"rule_set": rule_set, "first": first.strftime("%d.%m.%Y")}
    )


_TITLE_OF_SCHEMAS = re.compile(r"UBL ([\d.]+) XSD((?: \(\d+\))?)")


def _schemas_for(root: etree._Element) -> str:
    return REPORT_XSD.get(etree.QName(root).localname, XSD)


def _titles(rule_set: str) -> list[str]:
    """The titles of the sets in a verdict's `rule_set`."""
    refused = _TITLE_OF_SCHEMAS.fullmatch(rule_set)
    return [f"{XSD} {refused[1]}{refused[2]}"] if refused else rule_set.split(" + ")


def _finding(hit: Hit) -> Finding:
    severity: Severity = (
        "fatal" if hit.flag == "fatal" else "warning" if hit.flag == "warning" else "information"
    )
    return Finding(hit.id, severity, from_xpath(hit.at), hit.text)
