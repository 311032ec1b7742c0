"""Peppol's reports (EUSR, TSR) are judged by their own schema and rules, and what is wrong is said in our words."""

from __future__ import annotations

from pathlib import Path
from shutil import copytree, make_archive

import pytest

from avrop.ubl.findings import LANGUAGES, place_of, source_of, text_for
from avrop.ubl.gate import admit
from avrop.ubl.rulesets import Registry

EUSR = "eusr/1.1.5/examples/eusr-good-template.xml"
TSR = "tsr/1.0.5/examples/transaction-statistics-3.xml"
EXAMPLES = {EUSR: ("PEPPOL-EUSR", "1.1.5"), TSR: ("PEPPOL-TSR", "1.0.5")}


@pytest.fixture(scope="module")
def folder(shared: Path) -> Path:
    return shared / "standards/peppol/reporting"


@pytest.fixture(scope="module")
def reports(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Registry:
    """The rules and schemas of both reports, as one folder gives them."""
    registry = Registry(tmp_path_factory.mktemp("reports"))
    got = registry.install(folder)
    assert {(one.name, one.release, one.status) for one in got} == {
        ("PEPPOL-EUSR", "1.1.5", "installed"),
        ("PEPPOL-EUSR-XSD", "1.1.5", "installed"),
        ("PEPPOL-TSR", "1.0.5", "installed"),
        ("PEPPOL-TSR-XSD", "1.0.5", "installed"),
    }
    return registry


@pytest.mark.shared
@pytest.mark.parametrize("path", EXAMPLES)
def test_an_official_report_is_judged_by_its_schema_and_rules_and_nothing_is_missing(
    reports: Registry, folder: Path, path: str
) -> None:
    verdict = reports.judge(admit((folder / path).read_bytes()).root)
    assert (verdict.rule_set, verdict.valid) == (" ".join(EXAMPLES[path]), True)
    assert (verdict.findings, verdict.missing) == ((), ())


@pytest.mark.shared
@pytest.mark.parametrize("path", EXAMPLES)
def test_what_a_schema_refuses_is_placed_in_words_and_refused_by_it_again(
    reports: Registry, folder: Path, path: str
) -> None:
    raw = (folder / path).read_bytes()
    at = raw.index(b"StartDate>") + len(b"StartDate>")
    root = admit(raw[:at] + b"x" + raw[at:]).root
    verdict = reports.judge(root)
    name, release = EXAMPLES[path]
    assert (verdict.rule_set, verdict.valid) == (f"{name}-XSD {release}", False)
    (finding,) = verdict.findings
    assert finding.id == "XSD" and finding.location.endswith("/Header/ReportPeriod/StartDate")
    assert place_of(finding, "nn").startswith("periode, ")
    assert reports.judge_again(root, verdict.rule_set) == verdict


@pytest.mark.shared
def test_without_the_schema_it_is_named_as_missing(folder: Path, tmp_path: Path) -> None:
    registry = Registry(tmp_path / "r")
    registry.install(folder / "eusr/1.1.5/sch")
    verdict = registry.judge(admit((folder / EUSR).read_bytes()).root)
    assert (verdict.valid, verdict.missing) == (True, ("PEPPOL-EUSR-XSD",))


@pytest.mark.shared
def test_a_zip_gives_the_same_schema_as_the_folder(reports: Registry, folder: Path, tmp_path: Path) -> None:
    copytree(folder / "tsr", tmp_path / "zip/tsr")
    registry = Registry(tmp_path / "r")
    registry.install(Path(make_archive(str(tmp_path / "reporting"), "zip", tmp_path / "zip")))
    contents = {one.name: one.content for one in reports.listing()}
    assert [one.content for one in registry.listing()] == [contents[one.name] for one in registry.listing()]


@pytest.mark.shared
@pytest.mark.parametrize(
    ("path", "old", "new", "rule", "words"),
    [
        (EUSR, b"CertSubjectCN", b"GLN", "SCH-EUSR-07", "(ReporterID, schemeID)"),
        (TSR, b"CertSubjectCN", b"GLN", "SCH-TSR-17", "(ReporterID, schemeID)"),
        (TSR, b"PerTP", b"PerXX", "SCH-TSR-03", "PerTP"),
    ],
)
def test_a_broken_rule_is_said_with_its_term_in_three_languages(
    reports: Registry, folder: Path, path: str, old: bytes, new: bytes, rule: str, words: str
) -> None:
    root = admit((folder / path).read_bytes().replace(old, new)).root
    found = {one.id: one for one in reports.judge(root).findings}
    assert rule in found and {source_of(one) for one in found} <= {"own"}
    said = {text_for(found[rule], language) for language in LANGUAGES}
    assert len(said) == 3 and all(words in text for text in said)
