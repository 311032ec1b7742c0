"""What a document says it is: CustomizationID and ProfileID decide, never the root element alone."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib import resources

from lxml import etree

from avrop.ubl.location import CBC

# Peppol's reports are no UBL: root and namespace are theirs, and so are the two elements that say what they are.
_REPORTS = {
    "EndUserStatisticsReport": "urn:fdc:peppol:end-user-statistics-report:1.1",
    "TransactionStatisticsReport": "urn:fdc:peppol:transaction-statistics-report:1.0",
}


@dataclass(frozen=True, slots=True)
class Identity:
    """`document_type` is our short name (order, invoice, credit_note, order_response ...) or None.

    `document_type_id` and `process_id` are the values a Peppol envelope carries (without scheme).
    `rule_sets` are the names of the rule sets that judge it, in order; empty where we know none.
    """

    root_name: str
    namespace: str
    customization_id: str
    profile_id: str
    document_type: str | None
    document_type_id: str
    process_id: str
    rule_sets: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Known:
    """A row of the table: the type that a CustomizationID (perhaps with a * at its end) and ProfileIDs name."""

    document_type: str
    root: str
    customization: str
    profiles: frozenset[str]
    rule_sets: tuple[str, ...]

    def covers(self, root: str, customization: str) -> bool:
        if root != self.root:
            return False
        if self.customization.endswith("*"):
            return customization.startswith(self.customization[:-1])
        return customization == self.customization

    @property
    def any_profile(self) -> bool:
        return "any" in self.profiles


@cache
def _table() -> tuple[Known, ...]:
    text = (resources.files("avrop.ubl") / "tables" / "documents.csv").read_text("utf-8")
    rows = csv.DictReader(line for line in text.splitlines() if not line.startswith("#"))
    return tuple(
        Known(
            row["document_type"],
            row["root"],
            row["customization"],
            frozenset(row["profiles"].split()),
            tuple(row["rule_sets"].split()),
        )
        for row in rows
    )


def known_documents() -> tuple[Known, ...]:
    """Every document type that has rules, in the order they are looked up."""
    return _table()


def known_rule_sets() -> frozenset[str]:
    """Names of every rule set that some document is judged by."""
    return frozenset(name for known in _table() for name in known.rule_sets)


@cache
def document_types_of(rule_set: str) -> tuple[str, ...]:
    """The document types that a rule set takes part in judging, sorted; none for a set nobody names."""
    return tuple(sorted({known.document_type for known in _table() if rule_set in known.rule_sets}))


@cache
def _look_up(root: str, customization: str, profile: str) -> Known | None:
    """The row for the pair. With a profile nobody knows, the customization decides if it leaves one choice:
    the official rules of that customization then say themselves that the profile is wrong.
    """
    covering = [known for known in _table() if known.covers(root, customization)]
    # A row that names the customization goes before one that takes any continuation of it.
    candidates = [known for known in covering if known.customization == customization] or covering
    exact = [known for known in candidates if profile in known.profiles or known.any_profile]
    if exact:
        return exact[0]
    return candidates[0] if len(candidates) == 1 else None


def identify(root: etree._Element) -> Identity:
    """Who the document in `root` is. Never raises; an unknown one has `document_type` None."""
    name = etree.QName(root)
    namespace = name.namespace or ""
    report = _REPORTS.get(name.localname) == namespace
    within = namespace if report else CBC
    customization = (root.findtext(f"{{{within}}}CustomizationID") or "").strip()
    profile = (root.findtext(f"{{{within}}}ProfileID") or "").strip()
    known = None
    if report or namespace == f"urn:oasis:names:specification:ubl:schema:xsd:{name.localname}-2":
        known = _look_up(name.localname, customization, profile)
    return Identity(
        root_name=name.localname,
        namespace=namespace,
        customization_id=customization,
        profile_id=profile,
        document_type=known.document_type if known else None,
        document_type_id=document_type_id(name.localname, customization, namespace),
        process_id=profile,
        rule_sets=known.rule_sets if known else (),
    )


def document_type_id(root_name: str, customization: str, namespace: str = "", version: str = "2.1") -> str:
    """The Peppol document type identifier (value only, scheme busdox-docid-qns)."""
    space = namespace or f"urn:oasis:names:specification:ubl:schema:xsd:{root_name}-2"
    return f"{space}::{root_name}##{customization}::{version}"
