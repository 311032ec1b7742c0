"""Official verdicts: exactly those that ../shared states, and never a guess where rules are missing."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from avrop.kernel.finding import Refusal
from avrop.ubl.findings import from_refusal, text_for
from avrop.ubl.gate import admit
from avrop.ubl.rulesets import NOT_INSTALLED, Registry
from avrop.ubl.sbdh import unwrap
from avrop.ubl.tests.examples import collected, expected

pytestmark = pytest.mark.shared
BASE = "peppol/billing/2026.5/examples/base-example.xml"
# The collection holds these EHF documents, but of their rule sets only sources with missing includes; and the
# legacy EHF 2 invoice, which it judged by rules that are not its own.
WITHOUT_RULES = {"EHF-ORDER", "EHF-P09", "EHF-CATALOGUE", "EHF-DESPATCH", "EHF-2"}


STATED = expected(collected())


@pytest.mark.parametrize("row", STATED, ids=[row["path"] for row in STATED])
def test_the_verdict_and_the_fatal_and_warning_ids_are_exactly_those_stated(
    registry: Registry, standards: Path, row: dict[str, Any]
) -> None:
    verdict = registry.judge(admit((standards / row["path"]).read_bytes()).root)
    if verdict.valid is None:
        assert verdict.rule_set == NOT_INSTALLED
        assert any(verdict.missing[0].startswith(name) for name in WITHOUT_RULES)
        return
    fatal = sorted({f.id for f in verdict.findings if f.severity == "fatal"})
    warning = sorted({f.id for f in verdict.findings if f.severity == "warning"})
    stated = (row["expected"] == "valid", sorted(row["fatal"]), sorted(row["warning"]))
    assert (verdict.valid, fatal, warning) == stated


def test_all_but_those_whose_own_rules_are_missing_are_judged(registry: Registry, standards: Path) -> None:
    verdicts = [registry.judge(admit((standards / row["path"]).read_bytes()).root) for row in STATED]
    judged = sum(verdict.valid is not None for verdict in verdicts)
    print(f"official documents judged: {judged}, not installed: {len(verdicts) - judged}")
    assert (judged, len(verdicts) - judged) == (140, 15)


CORPORA = sorted(p.relative_to(collected()) for p in (collected() / "corpora").rglob("*.xml"))


@pytest.mark.parametrize("path", CORPORA, ids=map(str, CORPORA))
def test_every_file_of_the_corpora_is_judged_or_refused_with_a_reason(
    registry: Registry, standards: Path, path: Path
) -> None:
    assert _fate(registry, (standards / path).read_bytes()) in FATES


FATES = ("judged", "not installed", "refused")


def _fate(registry: Registry, raw: bytes) -> str:
    try:
        _header, document = unwrap(admit(raw).root)
    except Refusal as refusal:
        assert refusal.code and text_for(from_refusal(refusal), "nn").endswith(".")
        return "refused"
    verdict = registry.judge(document)
    assert (verdict.valid is None) == (verdict.rule_set == NOT_INSTALLED)
    assert verdict.valid is not False or any(f.severity == "fatal" for f in verdict.findings)
    return "judged" if verdict.valid is not None else "not installed"


def test_the_corpora_are_counted(registry: Registry, standards: Path) -> None:
    fates = Counter(_fate(registry, (standards / path).read_bytes()) for path in CORPORA)
    print(f"corpora: {dict(fates)}")
    assert sum(fates.values()) == 68 and fates["refused"] <= 2


def test_a_document_of_a_wrong_shape_is_refused_by_xsd_before_any_rule(
    registry: Registry, standards: Path
) -> None:
    text = (standards / BASE).read_text("utf-8")
    start = text.index("<cbc:IssueDate>") + len("<cbc:IssueDate>")
    broken = text[:start] + "2026-02-30" + text[text.index("<", start) :]
    verdict = registry.judge(admit(broken.encode()).root)
    assert verdict.valid is False
    assert [f.id for f in verdict.findings] == ["XSD"]
    assert verdict.findings[0].location == "/Invoice/cbc:IssueDate"


def test_a_finding_names_the_line_it_is_about(registry: Registry, standards: Path) -> None:
    text = (standards / BASE).read_text("utf-8")
    second = text.index("<cac:InvoiceLine>", text.index("<cac:InvoiceLine>") + 1)
    broken = text[:second] + text[second:].replace(
        '<cbc:PriceAmount currencyID="EUR">', ('<cbc:PriceAmount currencyID="EUR">-'), 1
    )
    verdict = registry.judge(admit(broken.encode()).root)
    found = {f.id: f for f in verdict.findings}
    assert found["BR-27"].location == "/Invoice/cac:InvoiceLine[2]"
    assert "negative" in found["BR-27"].text


def test_nothing_installed_gives_no_verdict_and_says_what_is_missing(tmp_path: Path, standards: Path) -> None:
    empty = Registry(tmp_path / "nothing")
    verdict = empty.judge(admit((standards / BASE).read_bytes()).root)
    assert (verdict.rule_set, verdict.valid) == (NOT_INSTALLED, None)
    assert verdict.missing == ("CEN-EN16931-UBL", "PEPPOL-EN16931-UBL")
    assert "PEPPOLBIS-T01" in empty.missing() and empty.listing() == ()


def test_an_unknown_customization_gets_no_verdict(registry: Registry, standards: Path) -> None:
    text = (standards / BASE).read_text("utf-8").replace("billing:3.0<", "billing:9.9<")
    verdict = registry.judge(admit(text.encode()).root)
    assert (verdict.rule_set, verdict.valid) == (NOT_INSTALLED, None)


def test_the_release_in_force_that_day_judges_and_a_release_can_be_asked_for(
    registry: Registry, standards: Path
) -> None:
    root = admit((standards / BASE).read_bytes()).root
    before, after = date(2026, 8, 16), date(2026, 8, 17)
    assert registry.judge(root, on=before).rule_set == "CEN-EN16931-UBL 2025.11 + PEPPOL-EN16931-UBL 2025.11"
    assert registry.judge(root, on=after).rule_set == "CEN-EN16931-UBL 2026.5 + PEPPOL-EN16931-UBL 2026.5"
    assert registry.judge(root).rule_set == "CEN-EN16931-UBL 2026.5 + PEPPOL-EN16931-UBL 2026.5"
    asked = registry.judge(root, release="2025.11")
    assert asked.rule_set == "CEN-EN16931-UBL 2025.11 + PEPPOL-EN16931-UBL 2025.11"
    assert registry.judge(root, release="1999.1").rule_set == NOT_INSTALLED


def test_prefixes_comments_and_attribute_order_change_no_verdict(registry: Registry, standards: Path) -> None:
    text = (standards / "en16931/1.3.16/ubl/examples/issue116.xml").read_text("utf-8")
    plain = registry.judge(admit(text.encode()).root)
    renamed = text.replace("cbc:", "x:").replace("xmlns:cbc", "xmlns:x").replace("<x:ID>", "<x:ID><!-- c -->")
    other = registry.judge(admit(renamed.encode()).root)
    assert plain.valid is False
    assert sorted((f.id, f.location) for f in other.findings) == sorted(
        (f.id, f.location) for f in plain.findings
    )


def test_threads_may_judge_at_the_same_time(registry: Registry, standards: Path) -> None:
    raw = (standards / BASE).read_bytes()
    with ThreadPoolExecutor(4) as pool:
        verdicts = list(pool.map(lambda _: registry.judge(admit(raw).root).valid, range(40)))
    assert verdicts == [True] * 40


MEMORY = """
import sys
from pathlib import Path
from avrop.ubl.gate import admit
from avrop.ubl.rulesets import Registry

registry, raw = Registry(Path(sys.argv[1])), Path(sys.argv[2]).read_bytes()

def resident():
    return int(next(x for x in open("/proc/self/status") if x.startswith("VmRSS")).split()[1])

def run(times):
    for _ in range(times):
        assert registry.judge(admit(raw).root).valid

run(300)
before = resident()
run(1000)
print(resident() - before)
"""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="MISSING: /proc, to read memory use from")
def test_a_thousand_verdicts_hold_on_to_no_memory(registry: Registry, standards: Path) -> None:
    result = subprocess.run(
        [sys.executable, "-c", MEMORY, str(registry.folder), str(standards / BASE)],
        capture_output=True,
        text=True,
        check=True,
    )
    # The native heap breathes by tens of megabytes either way; a node leaked per run would be hundreds.
    assert int(result.stdout) < 80_000
