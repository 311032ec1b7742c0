"""The official sets and every document of the collection, judged by us and by Saxon."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from lxml import etree

from avrop.schematron import native, source
from avrop.schematron.errors import NotPlainXml, RulesStopped
from avrop.schematron.hits import Hit
from avrop.schematron.library import Library, Rules
from avrop.schematron.oracle.xslt import to_xslt
from avrop.schematron.tests.oracle import saxon
from avrop.schematron.tree import read

_TEST = "{http://difi.no/xsd/vefa/validator/1.0}"
_BILLING = "peppol/billing/2026.5/sch"
_EHF = "ehf/g3-2023-02-compiled-sch"
INVOICE = (
    f"{_BILLING}/CEN-EN16931-UBL.sch",
    f"{_BILLING}/PEPPOL-EN16931-UBL.sch",
    f"{_BILLING}/PEPPOL-EN16931-UBL-SB.sch",
    f"{_EHF}/reminder-3.0/REMINDER-CEN-EN16931-UBL.sch",
    f"{_EHF}/reminder-3.0/REMINDER-PEPPOL-EN16931-UBL.sch",
    f"{_EHF}/reminder-3.0/EHF-P06-3.0-REMINDER.sch",
    f"{_EHF}/payment-request-3.0/EHF-P07-3.0-PAYMENT-REQUEST-3.0.sch",
    f"{_EHF}/forward-billing-3.0/FORWARD-BILLING-CEN-EN16931-UBL.sch",
    f"{_EHF}/forward-billing-3.0/FORWARD-BILLING-PEPPOL-EN16931-UBL.sch",
)


def _post_award(*names: str) -> tuple[str, ...]:
    return tuple(f"peppol/postaward/2026.5/sch/PEPPOLBIS-{name}.sch" for name in names)


# By the local name of the root element: what judges such a document, or might by mistake.
SETS: dict[str, tuple[str, ...]] = {
    "Invoice": INVOICE,
    "CreditNote": INVOICE,
    "Order": _post_award("T01"),
    "OrderChange": _post_award("T114"),
    "OrderCancellation": _post_award("T115"),
    "OrderResponse": _post_award("T76", "T110", "T116"),
    "Catalogue": (*_post_award("T19", "T77"), f"{_EHF}/punch-out-3.0/EHF-PUNCH-OUT-3.0.sch"),
    "DespatchAdvice": _post_award("T16"),
    "ApplicationResponse": (
        *_post_award("T71", "T111", "T58"),
        "peppol/mls/1.0.1/sch/peppol-mls-1.0.1.sch",
    ),
    "EndUserStatisticsReport": (
        "peppol/reporting/eusr/1.1.5/sch/peppol-end-user-statistics-reporting-1.1.5.sch",
    ),
    "TransactionStatisticsReport": (
        "peppol/reporting/tsr/1.0.5/sch/peppol-transaction-statistics-reporting-1.0.5.sch",
    ),
}
# Findings as (rule id, location), each as often as it was made; or that the rules stopped.
Answer = Counter[tuple[str, str]] | str


@dataclass(frozen=True, slots=True)
class Example:
    """A document of the collection: its path, and its place in a test set (-1: it is the whole file)."""

    path: str
    case: int
    content: bytes
    sets: tuple[str, ...]

    @property
    def sha256(self) -> str:
        """Of the document as it is judged before anything is done to it."""
        return hashlib.sha256(self.content).hexdigest()


@cache
def examples(standards: Path) -> tuple[Example, ...]:
    """All documents that one of the sets is about, in a fixed order."""
    return tuple(_found(standards))


def _found(standards: Path) -> Iterator[Example]:
    for file in sorted(standards.rglob("*.xml")):
        try:
            root = etree.parse(str(file)).getroot()
        except etree.XMLSyntaxError:
            continue
        path = file.relative_to(standards).as_posix()
        if root.tag == f"{_TEST}testSet":
            for case, test in enumerate(root.iter(f"{_TEST}test")):
                for fragment in test:
                    if isinstance(fragment.tag, str) and not fragment.tag.startswith(_TEST):
                        yield from _example(path, case, fragment)
        else:
            yield from _example(path, -1, root)


def _example(path: str, case: int, root: etree._Element) -> Iterator[Example]:
    name = etree.QName(root)
    sets = SETS.get(name.localname, ())
    if sets and (name.namespace or "").startswith(("urn:oasis", "urn:fdc:peppol")):
        content = etree.tostring(root, encoding="unicode", with_tail=False).encode()
        yield Example(path, case, content, sets)


class Judges:
    """Both engines with the official sets, each compiled when first asked for."""

    def __init__(self, standards: Path, folder: Path) -> None:
        self._standards, self._library = standards, Library(folder, module=None)
        # How often the native engine was asked, and was certain.
        self.asked = self.certain = 0
        self._native = Library(folder) if native.MODULE else None

    def _tree(self, name: str) -> etree._Element:
        folder = self._standards / Path(name).parent
        return source.load(Path(name).name, lambda file: (folder / file).read_bytes()).schema

    def _rules(self, name: str, library: Library) -> Rules:
        return library.get(hashlib.sha256(name.encode()).hexdigest(), lambda: self._tree(name))

    def rules(self, name: str) -> Rules:
        """Ours in Python, as the platform loads them."""
        return self._rules(name, self._library)

    def ours(self, content: bytes, name: str) -> Answer:
        """Our answer in Python. A document that is no plain XML has no rules to break."""
        rules = self.rules(name)
        try:
            with read(content, prefixes=rules.prefixes) as tree:
                return _counted(rules.judge(tree, content))
        except RulesStopped:
            return "error"
        except NotPlainXml:
            return "not XML"

    def natively(self, content: bytes, name: str) -> Answer | None:
        """The native engine's answer; None where it is not certain, or not there."""
        rules = self._rules(name, self._native).native if self._native else None
        document = native.read(content) if rules else None
        if rules is None or document is None:
            return None
        self.asked += 1
        found = rules.judge(document)
        self.certain += found is not None
        return None if found is None else _counted(found)

    def saxons(self, content: bytes, names: Sequence[str]) -> list[Answer]:
        """Saxon's answers."""
        engine = saxon()
        for name in names:
            if not engine.knows(name):
                engine.compile(name, to_xslt(self._tree(name)))
        results = engine.run(content.decode(), list(names))
        return ["error" if isinstance(one, RulesStopped) else _counted(one) for one in results]

    def _afresh(self, content: bytes, name: str) -> Answer:
        """Saxon's answer from a stylesheet that has judged nothing yet.

        Saxon learns: a variable that was always used is one day computed beforehand (its LearningEvaluator), and
        an error in it then stops a document that it let pass before. XPath leaves that open; the first answer
        counts.
        """
        engine, key = saxon(), f"{name} afresh"
        engine.compile(key, to_xslt(self._tree(name)))
        (result,) = engine.run(content.decode(), [key])
        engine._compiled.pop(key)
        return "error" if isinstance(result, RulesStopped) else _counted(result)

    def differences(self, content: bytes, names: Sequence[str]) -> list[str]:
        """What the two say differently, in words; [] where they agree."""
        found = []
        for name, first in zip(names, self.saxons(content, names), strict=True):
            ours, theirs = self.ours(content, name), first
            if ours != theirs:
                theirs = self._afresh(content, name)
            if ours != theirs:
                found.append(f"{Path(name).stem}: {_told(theirs, ours)}")
            quick = self.natively(content, name)
            if quick is not None and quick != ours:
                found.append(f"{Path(name).stem}: Python against native: {_told(ours, quick)}")
        return found


def _counted(hits: Sequence[Hit]) -> Counter[tuple[str, str]]:
    return Counter((hit.id, hit.at) for hit in hits)


def _told(theirs: Answer, ours: Answer) -> str:
    if isinstance(theirs, str) or isinstance(ours, str):
        return f"Saxon {_short(theirs)}, ours {_short(ours)}"
    return f"only Saxon {list((theirs - ours).items())[:3]}, only ours {list((ours - theirs).items())[:3]}"


def _short(answer: Answer) -> str:
    return answer if isinstance(answer, str) else f"{sum(answer.values())} findings"
