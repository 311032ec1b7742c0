"""Several releases side by side: which judges when, what a change keeps, and an old document's old result."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections import Counter
from copy import deepcopy
from datetime import date
from pathlib import Path

import pytest
from lxml import etree

from avrop.kernel.finding import Finding
from avrop.ubl.findings import text_for
from avrop.ubl.gate import admit
from avrop.ubl.installed import release_order
from avrop.ubl.rulesets import NOT_INSTALLED, Installed, Registry, Verdict
from avrop.ubl.tests.test_install import ORDER, RULE, _release
from avrop.ubl.tests.test_units import _broken

# The official documents and the fragments of official unit cases that the two releases judge differently, with what
# only the older finds and what only the newer finds. Found by comparing both over all of them: 2 of 136 documents and
# 10 of 1,452 fragments. 2026.5 allows a quotation reference on a line of an order (B23702, B22902), has a due date
# rule (BR-CO-25) that looks at one thing less, names its profile rule R007 in more cases, and knows R056-2.
DOCUMENTS = {
    "peppol/postaward/2026.5/examples/Order_Example.xml": "PEPPOL-T01-B23702",
    "peppol/postaward/2026.5/examples/OrderChange_Example.xml": "PEPPOL-T114-B22902",
}
BILLING, UNIT = "peppol/billing/unit-3.0.19", "en16931/1.3.16/unit/Invoice-unit-UBL"
FRAGMENTS = [
    (f"{BILLING}/unit-UBL-PEPPOL/PEPPOL-EN16931-P0100.xml", 2, "", "PEPPOL-EN16931-R007"),
    (f"{BILLING}/unit-UBL-PEPPOL/PEPPOL-EN16931-P0112.xml", 2, "", "PEPPOL-EN16931-R007"),
    (f"{BILLING}/unit-UBL-NO/NO-R-001.xml", 2, "", "PEPPOL-COMMON-R056-2"),
    (f"{UNIT}/BR-15.xml", 0, "BR-CO-25", ""),
    (f"{UNIT}/BR-CO-15-2.xml", 0, "BR-CO-25", ""),
    (f"{UNIT}/BR-CO-15-2.xml", 1, "BR-CO-25", ""),
    (f"{UNIT}/BR-CO-15-2.xml", 2, "BR-CO-25", ""),
    (f"{UNIT}/BR-CO-15.xml", 7, "BR-CO-25", ""),
    (f"{UNIT}/UBL-DT-01.xml", 0, "BR-CO-25", ""),
    (f"{UNIT}/UBL-DT-01.xml", 1, "BR-CO-25", ""),
]
BEFORE, AFTER = date(2026, 8, 16), date(2026, 8, 17)
NAMESPACE = "{http://difi.no/xsd/vefa/validator/1.0}"


def _ids(findings: tuple[Finding, ...]) -> Counter[str]:
    return Counter(finding.id for finding in findings)


@pytest.mark.shared
@pytest.mark.parametrize("path", DOCUMENTS)
def test_a_document_is_judged_by_the_day_it_came_and_judged_again_gets_its_old_result(
    registry: Registry, standards: Path, path: str
) -> None:
    root = admit((standards / path).read_bytes()).root
    old, new = registry.judge(root, on=BEFORE), registry.judge(root, on=AFTER)
    assert (old.valid, new.valid) == (False, True)
    assert set(_ids(old.findings) - _ids(new.findings)) == {DOCUMENTS[path]}
    assert registry.judge(root) == new
    assert registry.judge_again(root, old.rule_set) == old
    assert registry.judge_again(root, new.rule_set) == new
    assert registry.judge(root, release="2025.11") == old


@pytest.mark.shared
@pytest.mark.parametrize(("path", "number", "before", "after"), FRAGMENTS)
def test_a_fragment_gets_from_each_release_what_that_release_says(
    registry: Registry, standards: Path, path: str, number: int, before: str, after: str
) -> None:
    rows = json.loads((standards / "expected.json").read_text())["files"]
    row = next(row for row in rows if row["path"] == path)
    test = admit((standards / path).read_bytes()).root.findall(f"{NAMESPACE}test")[number]
    fragment = deepcopy(next(part for part in test if not str(part.tag).startswith(NAMESPACE)))
    fragment.tail = None
    case = next(case for case in row["tests"] if case["test"] == number)
    found = {}
    for release in ("2025.11", "2026.5"):
        listed = {e.name: e for e in registry.listing() if e.release == release}
        found[release] = _broken(fragment, [listed[name] for name in case["ruleset"]], registry)
    assert found["2025.11"] - found["2026.5"] == ({before} if before else set())
    assert found["2026.5"] - found["2025.11"] == ({after} if after else set())


@pytest.mark.shared
def test_a_release_ends_the_day_before_the_next_begins(registry: Registry) -> None:
    days = {e.release: (e.valid_from, e.valid_to) for e in registry.listing() if e.name == "PEPPOLBIS-T01"}
    assert days == {"2025.11": (date(2025, 11, 1), BEFORE), "2026.5": (AFTER, None)}
    orders = [t for t in registry.terms() if t.customization == "urn:fdc:peppol.eu:poacc:trns:order:3"]
    assert [(t.document_type, t.release, t.valid_from, t.valid_to) for t in orders] == [
        ("order", "2025.11", date(2025, 11, 1), BEFORE),
        ("order", "2026.5", AFTER, None),
    ]
    assert "urn:fdc:peppol.eu:poacc:bis:ordering:3" in orders[0].profiles


def test_release_numbers_are_compared_as_numbers(tmp_path: Path) -> None:
    assert sorted(["1.3.16", "1.3.9", "2026.11", "2026.5"], key=release_order) == [
        "1.3.9", "1.3.16", "2026.5", "2026.11",
    ]  # fmt: skip
    registry = Registry(tmp_path / "r")
    for release in ("1.3.16", "1.3.9"):
        registry.install(_release(tmp_path / release, RULE.format(test="true()")))
    assert registry.judge(_order()).rule_set == "PEPPOLBIS-T01 1.3.16"


def test_before_the_first_release_the_oldest_judges_and_says_that_it_is_not_of_that_day(
    tmp_path: Path,
) -> None:
    registry = Registry(tmp_path / "r")
    for release, test in (("2031.5", "false()"), ("2031.11", "true()")):
        registry.install(_release(tmp_path / release, RULE.format(test=test)))
    early, just = (registry.judge(_order(), on=date(2031, *day)) for day in ((4, 30), (5, 1)))
    assert (early.rule_set, early.valid, early.too_late) == ("PEPPOLBIS-T01 2031.5", False, date(2031, 5, 1))
    assert (just.rule_set, just.valid, just.too_late) == ("PEPPOLBIS-T01 2031.5", False, None)
    assert early.findings == just.findings == just.told
    assert [(one.id, one.severity) for one in early.told[len(early.findings) :]] == [
        ("RULES-LATER", "information")
    ]
    assert registry.judge_again(_order(), early.rule_set).findings == early.findings
    late = registry.judge(_order(), on=date(2031, 11, 1))
    assert (late.rule_set, late.too_late) == ("PEPPOLBIS-T01 2031.11", None)


def test_a_release_that_was_asked_for_by_name_is_no_matter_of_days(tmp_path: Path) -> None:
    registry = Registry(tmp_path / "r")
    registry.install(_release(tmp_path / "2031.5", RULE.format(test="true()")))
    assert registry.judge(_order(), on=date(2030, 1, 1), release="2031.5").too_late is None
    assert registry.judge(_order(), on=date(2030, 1, 1), release="2030.5").rule_set == NOT_INSTALLED


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("nn", "Reglane frå den dagen"),
        ("nb", "Reglene fra den dagen"),
        ("en", "The rules of the day it came"),
    ],
)
def test_the_note_about_the_day_is_told_in_the_readers_language(
    tmp_path: Path, language: str, words: str
) -> None:
    registry = Registry(tmp_path / "r")
    registry.install(_release(tmp_path / "2031.5", RULE.format(test="true()")))
    (note,) = registry.judge(_order(), on=date(2031, 4, 30)).told
    said = text_for(note, language)
    assert words in said and "PEPPOLBIS-T01 2031.5" in said and "01.05.2031" in said


def _order() -> etree._Element:
    return admit(ORDER.encode()).root


def _import(registry: Registry, folder: Path, test: str) -> tuple[Installed, Verdict]:
    (result,) = registry.install(_release(folder, RULE.format(test=test)))
    return result, registry.judge(_order())


def test_a_file_changed_under_its_release_replaces_and_the_old_one_still_judges_again(tmp_path: Path) -> None:
    registry, folder = Registry(tmp_path / "r"), tmp_path / "2031.5"
    first, old = _import(registry, folder, "true()")
    second, new = _import(registry, folder, "false()")
    assert (first.status, second.status) == ("installed", "replaced")
    assert (old.rule_set, new.rule_set) == ("PEPPOLBIS-T01 2031.5", "PEPPOLBIS-T01 2031.5 (2)")
    assert (old.valid, new.valid) == (True, False)
    again = Registry(tmp_path / "r")  # as another process sees it
    assert again.judge(_order()) == new
    assert again.judge_again(_order(), old.rule_set).valid is True
    assert again.judge_again(_order(), new.rule_set).findings == new.findings


def test_a_content_that_comes_back_has_its_old_name_again_and_a_third_one_a_new(tmp_path: Path) -> None:
    registry, folder = Registry(tmp_path / "r"), tmp_path / "2031.5"
    titles = [
        _import(registry, folder, test)[1].rule_set
        for test in ("true()", "false()", "true()", "1 = 2", "false()")
    ]
    assert titles == [f"PEPPOLBIS-T01 2031.5{edition}" for edition in ("", " (2)", "", " (3)", " (2)")]
    assert registry.judge_again(_order(), "PEPPOLBIS-T01 2031.5 (3)").valid is False


def test_a_comment_in_a_rule_file_is_a_change_of_the_file_and_no_new_edition(tmp_path: Path) -> None:
    registry, folder = Registry(tmp_path / "r"), tmp_path / "2031.5"
    first, _ = _import(registry, folder, "true()")
    (second,) = registry.install(_release(folder, "<!-- c -->" + RULE.format(test="true()")))
    assert (second.status, second.edition, second.content) == ("replaced", 1, first.content)
    assert second.sha256 != first.sha256


def test_the_day_that_an_operator_named_outlasts_an_import_that_names_none(tmp_path: Path) -> None:
    registry = Registry(tmp_path / "r")
    folder = _release(tmp_path / "2031.5", RULE.format(test="true()"))
    day = date(2031, 9, 1)
    assert [r.status for r in registry.install(folder)] == ["installed"]
    assert [r.status for r in registry.install(folder, day)] == ["dated"]
    assert [(r.status, r.valid_from) for r in registry.install(folder)] == [("already", day)]
    assert [r.status for r in registry.install(folder, day)] == ["already"]


def test_a_verdict_of_rules_that_are_gone_is_not_guessed(tmp_path: Path) -> None:
    registry = Registry(tmp_path / "r")
    registry.install(_release(tmp_path / "2031.5", RULE.format(test="true()")))
    for named in (
        "PEPPOLBIS-T01 2030.5",
        "PEPPOLBIS-T01 2031.5 (2)",
        NOT_INSTALLED,
        "",
        "UBL 2.3 XSD",
        "nonsense + + x",
    ):
        again = registry.judge_again(_order(), named)
        assert (again.rule_set, again.valid) == (NOT_INSTALLED, None), named


@pytest.mark.shared
def test_what_a_schema_refused_is_refused_by_it_again(registry: Registry, standards: Path) -> None:
    broken = (standards / "peppol/postaward/2026.5/examples/Order_Example.xml").read_text("utf-8")
    root = admit(broken.replace("<cbc:IssueDate>", "<cbc:IssueDate>x", 1).encode()).root
    verdict = registry.judge(root)
    assert (verdict.rule_set, verdict.valid) == ("UBL 2.3 XSD", False)
    assert registry.judge_again(root, verdict.rule_set) == verdict


KILLED = """
import os, signal, sys
from pathlib import Path
from avrop.ubl.rulesets import Registry

def step(name, done, total):
    if done == int(sys.argv[3]):
        os.kill(os.getpid(), signal.SIGKILL)

Registry(Path(sys.argv[1])).install(Path(sys.argv[2]), None, step)
"""
SETS = ("PEPPOLBIS-T01", "PEPPOLBIS-T110", "PEPPOLBIS-T111")


@pytest.mark.parametrize("done", [1, 2, 3])
def test_an_import_killed_between_two_files_leaves_what_was_done_and_is_done_again(
    tmp_path: Path, done: int
) -> None:
    folder = tmp_path / "2031.5"
    for number, name in enumerate(SETS):
        _release(folder, RULE.format(test=f"count(*) gt {number}"), f"{name}.sch")
    command = [sys.executable, "-c", KILLED, str(tmp_path / "r"), str(folder), str(done)]
    assert subprocess.run(command, check=False, env=dict(os.environ)).returncode == -signal.SIGKILL
    (tmp_path / "r" / "content" / ".abc.1.part").write_text("half a fi")
    (tmp_path / "r" / ".index.json.1.part").write_text('{"format": 1, "inst')
    registry = Registry(tmp_path / "r")
    assert [e.name for e in registry.listing()] == list(SETS[:done])
    assert registry.judge(_order()).valid is True
    assert [r.status for r in registry.install(folder)] == ["already"] * done + ["installed"] * (3 - done)
    assert not list((tmp_path / "r").rglob("*.part"))


def test_two_imports_at_the_same_time_lose_nothing(tmp_path: Path) -> None:
    for release in ("2031.5", "2031.11", "2032.5"):
        for name in SETS:
            _release(tmp_path / release, RULE.format(test="true()"), f"{name}.sch")
    script = KILLED.replace("done == int(sys.argv[3])", "False")
    running = [
        subprocess.Popen([sys.executable, "-c", script, str(tmp_path / "r"), str(tmp_path / release), "0"])
        for release in ("2031.5", "2031.11", "2032.5")
    ]
    assert [one.wait() for one in running] == [0, 0, 0]
    assert len(Registry(tmp_path / "r").listing()) == 9


def test_a_spoiled_content_is_mended_by_importing_again(tmp_path: Path) -> None:
    registry = Registry(tmp_path / "r")
    folder = _release(tmp_path / "2031.5", RULE.format(test="true()"))
    registry.install(folder)
    (content,) = (tmp_path / "r" / "content").iterdir()
    whole = content.read_bytes()
    content.write_bytes(whole[:40])
    assert [r.status for r in registry.install(folder)] == ["already"]
    assert content.read_bytes() == whole


def test_an_index_of_before_editions_is_read(tmp_path: Path) -> None:
    registry = Registry(tmp_path / "r")
    registry.install(_release(tmp_path / "2031.5", RULE.format(test="true()")))
    index = tmp_path / "r" / "index.json"
    kept = json.loads(index.read_text())
    del kept["earlier"], kept["installed"][0]["edition"]
    index.write_text(json.dumps(kept))
    assert Registry(tmp_path / "r").judge(_order()).rule_set == "PEPPOLBIS-T01 2031.5"
