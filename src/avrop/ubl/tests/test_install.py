"""Releases are taken in by layout, kept by hash, and refused by name when something is missing."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path
from shutil import copytree
from zipfile import ZipFile

import pytest

from avrop.ubl.gate import admit
from avrop.ubl.releases import ReleaseRefused
from avrop.ubl.rulesets import NEEDED, NOT_INSTALLED, Registry

SCHEMA = """<schema xmlns="http://purl.oclc.org/dsdl/schematron" queryBinding="xslt2">
<ns prefix="cbc" uri="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"/>
{body}</schema>"""
RULE = '<pattern><rule context="/*"><assert id="X-1" test="{test}">no</assert></rule></pattern>'

CBC = "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"
ORDER = (
    f'<Order xmlns="urn:oasis:names:specification:ubl:schema:xsd:Order-2" xmlns:cbc="{CBC}">'
    "<cbc:CustomizationID>urn:fdc:peppol.eu:poacc:trns:order:3</cbc:CustomizationID>"
    "<cbc:ProfileID>urn:fdc:peppol.eu:poacc:bis:ordering:3</cbc:ProfileID>"
    "<cbc:IssueDate>never</cbc:IssueDate></Order>"
)


def _release(folder: Path, body: str, name: str = "PEPPOLBIS-T01.sch") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(SCHEMA.format(body=body))
    return folder


@pytest.mark.shared
def test_the_top_folder_gives_every_set_a_purchase_needs(registry: Registry, standards: Path) -> None:
    assert registry.missing() == ()
    listed = {(entry.name, entry.release): entry for entry in registry.listing()}
    file = standards / "peppol/postaward/2026.5/sch/PEPPOLBIS-T01.sch"
    order = listed["PEPPOLBIS-T01", "2026.5"]
    assert order.sha256 == hashlib.sha256(file.read_bytes()).hexdigest()
    assert order.asserts == file.read_text("utf-8").count("<assert")
    assert order.valid_from == date(2026, 8, 17)
    assert {name for name, _ in listed} >= set(NEEDED)
    assert ("UBL-XSD", "2.3") in listed


@pytest.mark.shared
def test_a_set_with_a_missing_include_is_refused_by_name_and_the_others_come_in(
    standards: Path, tmp_path: Path
) -> None:
    """The rules of a receipt advice without the structures that a part of them is made from."""
    copytree(standards / "peppol/logistics/2026-02/rules/sch", tmp_path / "2026-02/rules/sch")
    _release(tmp_path / "2026-02", RULE.format(test="true()"))
    results = Registry(tmp_path / "r").install(tmp_path / "2026-02")
    assert {r.name for r in results if r.status == "installed"} == {"PEPPOLBIS-T01"}
    refused = {r.name: r.reason for r in results if r.status == "refused"}
    assert refused["PEPPOLBIS-T128"] == "INCLUDE_MISSING: target/generated/T128-basic.sch"


@pytest.mark.shared
def test_a_folder_of_one_release_and_the_same_as_zip_give_the_same_content(
    standards: Path, tmp_path: Path
) -> None:
    folder = standards / "peppol/billing/2026.5"
    archive = tmp_path / "peppol-billing-2026.5.zip"
    with ZipFile(archive, "w") as zipped:
        for file in folder.rglob("*.sch"):
            zipped.write(file, f"anything/{file.relative_to(folder)}")
    one, two = Registry(tmp_path / "a"), Registry(tmp_path / "b")
    one.install(folder)
    two.install(archive)
    assert [(e.name, e.release, e.content) for e in one.listing()] == [
        (e.name, e.release, e.content) for e in two.listing()
    ]


def test_installing_again_changes_nothing_and_a_changed_file_replaces(tmp_path: Path) -> None:
    registry = Registry(tmp_path / "r")
    folder = _release(tmp_path / "2031.5", RULE.format(test="true()"))
    assert [r.status for r in registry.install(folder)] == ["installed"]
    assert [r.status for r in registry.install(folder)] == ["already"]
    _release(folder, RULE.format(test="false()"))
    assert [r.status for r in registry.install(folder)] == ["replaced"]
    assert len(registry.listing()) == 1
    assert registry.listing()[0].valid_from == date(2031, 5, 1)


def test_the_operator_may_say_from_when_a_release_is_valid(tmp_path: Path) -> None:
    registry = Registry(tmp_path / "r")
    folder = _release(tmp_path / "2031.5", RULE.format(test="true()"))
    seen: list[tuple[str, int, int]] = []
    registry.install(folder, date(2032, 1, 1), lambda *step: seen.append(step))
    assert registry.listing()[0].valid_from == date(2032, 1, 1)
    assert seen == [("PEPPOLBIS-T01 2031.5", 1, 1)]


def test_another_process_sees_what_was_installed(tmp_path: Path) -> None:
    web, operator = Registry(tmp_path / "r"), Registry(tmp_path / "r")
    assert web.listing() == ()
    operator.install(_release(tmp_path / "2031.5", RULE.format(test="true()")))
    assert [e.name for e in web.listing()] == ["PEPPOLBIS-T01"]


def test_a_folder_without_rules_or_schemas_is_refused(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    for path in (tmp_path / "empty", tmp_path / "nowhere"):
        with pytest.raises(ReleaseRefused):
            Registry(tmp_path / "r").install(path)
    broken = tmp_path / "x.zip"
    broken.write_bytes(b"not a zip")
    with pytest.raises(ReleaseRefused) as refused:
        Registry(tmp_path / "r").install(broken)
    assert refused.value.code == "BAD_ZIP"


def test_an_include_that_leaves_the_folder_is_refused_and_its_text_appears_nowhere(tmp_path: Path) -> None:
    (tmp_path / "secret.sch").write_text("<pattern>canary 4711</pattern>")
    escapes = ["../secret.sch", "../../secret.sch", "/etc/hostname", "file:///etc/hostname", "http://x/y.sch"]
    for number, href in enumerate(escapes):
        folder = _release(tmp_path / f"203{number}.5", f'<include href="{href}"/>')
        registry = Registry(tmp_path / "r")
        (result,) = registry.install(folder)
        assert (
            result.status == "refused" and "INCLUDE" in result.reason and href.split("/")[-1] in result.reason
        )
    link = tmp_path / "2039.5"
    _release(link, '<include href="linked.sch"/>')
    (link / "linked.sch").symlink_to(tmp_path / "secret.sch")
    (result,) = Registry(tmp_path / "r").install(link)
    assert result.status == "refused"
    stored = b"".join(f.read_bytes() for f in (tmp_path / "r").rglob("*") if f.is_file())
    assert b"canary" not in stored


@pytest.mark.shared
def test_schemas_that_point_outside_or_lack_a_file_are_refused(standards: Path, tmp_path: Path) -> None:
    shutil.copytree(standards / "ubl/2.3", tmp_path / "2.3")
    (tmp_path / "2.3/xsdrt/common/UBL-QualifiedDataTypes-2.3.xsd").unlink()
    (result,) = Registry(tmp_path / "r").install(tmp_path / "2.3")
    assert result.status == "refused" and "UBL-QualifiedDataTypes-2.3.xsd" in result.reason


def test_rules_that_stop_on_a_document_make_it_invalid_and_say_so(tmp_path: Path) -> None:
    registry = Registry(tmp_path / "r")
    registry.install(
        _release(tmp_path / "2031.5", RULE.format(test="xs:date(cbc:IssueDate) gt xs:date('2000-01-01')"))
    )
    verdict = registry.judge(admit(ORDER.encode()).root)
    assert verdict.valid is False
    assert [f.id for f in verdict.findings] == ["RULES-STOPPED"]
    assert verdict.missing == ("UBL-XSD",)


def test_a_set_that_does_not_compile_is_refused_when_it_is_installed(tmp_path: Path) -> None:
    registry = Registry(tmp_path / "r")
    (result,) = registry.install(_release(tmp_path / "2031.5", RULE.format(test="no-such-function()")))
    assert result.status == "refused" and result.reason.startswith("NOT_COMPILED")
    assert registry.listing() == ()


def test_rules_spoiled_on_disk_count_as_not_installed(tmp_path: Path) -> None:
    registry = Registry(tmp_path / "r")
    registry.install(_release(tmp_path / "2031.5", RULE.format(test="count(*) lt 4711")))
    _empty(tmp_path / "r" / "content")
    _empty(tmp_path / "r" / "rules")
    assert _rule_set_of_a_fresh_process(tmp_path / "r") == NOT_INSTALLED


def test_a_compiled_form_that_is_spoiled_is_made_anew(tmp_path: Path) -> None:
    registry = Registry(tmp_path / "r")
    registry.install(_release(tmp_path / "2031.5", RULE.format(test="count(*) lt 4711")))
    for file in (tmp_path / "r" / "rules").iterdir():
        file.write_bytes(b"spoiled")
    assert _rule_set_of_a_fresh_process(tmp_path / "r") == "PEPPOLBIS-T01 2031.5"


def _empty(folder: Path) -> None:
    for file in folder.iterdir():
        file.unlink()


def _rule_set_of_a_fresh_process(folder: Path) -> str:
    script = (
        "import sys; from pathlib import Path; from avrop.ubl.gate import admit;"
        "from avrop.ubl.rulesets import Registry;"
        "print(Registry(Path(sys.argv[1])).judge(admit(sys.argv[2].encode()).root).rule_set)"
    )
    fresh = [sys.executable, "-c", script, str(folder), ORDER]
    return subprocess.run(fresh, capture_output=True, text=True, check=True).stdout.strip()
