"""The part of a rule set that its publisher's build makes, made here: held against what their builds have published."""

from __future__ import annotations

import re
from pathlib import Path
from shutil import copytree, ignore_patterns, make_archive

import pytest
from lxml import etree

from avrop.schematron.errors import RulesStopped
from avrop.schematron.source import SCH
from avrop.ubl.gate import admit
from avrop.ubl.rulesets import Registry
from avrop.ubl.structures import code_list, identifier_of, pattern_of
from avrop.ubl.tests.examples import collected

VEFA = "{http://difi.no/xsd/vefa/validator/1.0}"
LOGISTICS = "peppol/logistics/2026-02"
# The public structures are those of release 3.0.15; these sets are the same in the flattened release of November 2025.
# The title of a country list had another word order then, so sentences are compared only where it is not named.
SAME = ("T58", "T71", "T76", "T77", "T110", "T111", "T115")
Row = tuple[str, str, str, str]


def _rows(root: etree._Element) -> list[Row]:
    """(context, test, id, flag) of each generated assert, in order."""
    return [
        (rule.get("context") or "", one.get("test") or "", one.get("id") or "", one.get("flag") or "")
        for rule in root.iter(f"{{{SCH}}}rule")
        for one in rule.findall(f"{{{SCH}}}assert")
        if re.search(r"-B\d{5}$", one.get("id") or "")
    ]


def _sentences(root: etree._Element) -> dict[str, str]:
    return {one.get("id") or "": " ".join((one.text or "").split()) for one in root.iter(f"{{{SCH}}}assert")}


def _lets(root: etree._Element) -> dict[str, set[str]]:
    """The codes of each list."""
    return {
        one.get("name") or "": set((one.get("value") or "").split("'")[1].split())
        for one in root.iter(f"{{{SCH}}}let")
        if (one.get("name") or "").startswith("cl")
    }


@pytest.mark.shared
@pytest.mark.parametrize("transaction", SAME)
def test_what_is_made_from_a_structure_is_what_its_publisher_made_of_it(
    standards: Path, transaction: str
) -> None:
    folder = standards / "peppol/postaward/structure-3.0.15"
    lists = dict(
        listed for file in (folder / "codelist").glob("*.xml") if (listed := code_list(file.read_bytes()))
    )
    (structure,) = (
        raw
        for file in (folder / "syntax").glob("*.xml")
        if identifier_of(raw := file.read_bytes()) == f"{transaction}-basic"
    )
    made = etree.fromstring(pattern_of(structure, lists.__getitem__))
    published = etree.parse(standards / f"peppol/postaward/2025.11/sch/PEPPOLBIS-{transaction}.sch").getroot()
    assert _rows(made) == _rows(published) != []
    theirs = _sentences(published)
    differ = {ident for ident, said in _sentences(made).items() if said != theirs[ident]}
    assert all("3166" in theirs[ident] for ident in differ)
    ours, also = _lets(made), _lets(published)
    assert ours.keys() == also.keys()
    # Codes came and went between the two dates; a list is nevertheless the same list.
    assert all(len(ours[name] ^ also[name]) <= 0.1 * len(also[name]) for name in ours)


UNITS = sorted((collected() / LOGISTICS / "rules").glob("unit-*/*.xml"))


@pytest.mark.shared
def test_every_official_unit_case_of_the_made_sets_ends_as_its_test_set_states(registry: Registry) -> None:
    listed = {entry.name: entry for entry in registry.listing()}
    cases = errors = 0
    for file in UNITS:
        tests = admit(file.read_bytes()).root
        entry = listed["PEPPOLBIS-" + (tests.get("configuration") or "").split("-")[1]]
        for test in tests.findall(f"{VEFA}test"):
            stated = test.find(f"{VEFA}assert")
            fragment = next((part for part in test if not str(part.tag).startswith(VEFA)), None)
            if fragment is None or stated is None:
                continue
            fragment.tail = None
            (result,) = registry.run(etree.tostring(fragment, encoding="unicode"), [entry])
            found = set() if isinstance(result, RulesStopped) else {hit.id for hit in result}
            must = {
                (one.text or "").strip() for tag in ("error", "warning") for one in stated.findall(VEFA + tag)
            }
            may_not = {(one.text or "").strip() for one in stated.findall(f"{VEFA}success")}
            assert must <= found and not may_not & found, (file.name, must, found)
            cases += 1
            errors += bool(must)
    assert cases > 400 and errors > 100


@pytest.mark.shared
@pytest.mark.parametrize("use", ["Receipt Advice", "Advanced Despatch Advice"])
def test_the_official_examples_of_the_made_sets_are_valid(
    registry: Registry, standards: Path, use: str
) -> None:
    files = sorted((standards / LOGISTICS / f"rules/examples/{use} use cases").glob("*.xml"))
    assert len(files) > 5
    for file in files:
        verdict = registry.judge(admit(file.read_bytes()).root)
        assert (verdict.valid, verdict.findings) == (True, ()), file.name


@pytest.fixture
def receipts(standards: Path, tmp_path: Path) -> Path:
    """A source release with the rules of the receipt advice alone."""
    folder = tmp_path / "2031-02"
    others = ignore_patterns("unit-*", "examples", "snippets", "PEPPOLBIS-T12[0-7].sch", "PEPPOLBIS-T129.sch")
    copytree(standards / LOGISTICS, folder, ignore=others)
    for file in folder.rglob("*"):
        file.chmod(0o755)
    return folder


@pytest.mark.shared
def test_a_zip_gives_the_same_rules_as_its_folder(receipts: Path, tmp_path: Path) -> None:
    archive = Path(make_archive(str(tmp_path / "logistics-2031-02"), "zip", tmp_path, "2031-02"))
    ((one,), (two,)) = (
        Registry(tmp_path / name).install(path) for name, path in (("a", receipts), ("b", archive))
    )
    assert (one.name, one.status, one.release) == ("PEPPOLBIS-T128", "installed", "2031-02")
    assert one.content == two.content and one.asserts > 200


@pytest.mark.shared
def test_a_code_list_that_is_not_there_refuses_the_set_by_the_lists_name(
    receipts: Path, tmp_path: Path
) -> None:
    (receipts / "structure/codelist/UNCL4343_T128.xml").unlink()
    (result,) = Registry(tmp_path / "r").install(receipts)
    assert (result.status, result.reason) == (
        "refused",
        "CODE_LIST_MISSING: UNCL4343_T128 (ubl-receipt-advice.xml)",
    )


@pytest.mark.shared
def test_a_structure_of_another_release_beside_it_is_not_used(receipts: Path, tmp_path: Path) -> None:
    (receipts / "structure").rename(tmp_path / "2031-08")
    (result,) = Registry(tmp_path / "r").install(tmp_path)
    assert (result.name, result.status) == ("PEPPOLBIS-T128", "refused")
    assert result.reason.startswith("INCLUDE_MISSING") and "T128-basic.sch" in result.reason


@pytest.mark.shared
@pytest.mark.parametrize("spoiled", [b"", b"<a>", b"<!DOCTYPE a><Structure/>", b"<Structure/>", b"\xff\xfe"])
def test_a_spoiled_structure_is_as_good_as_none(receipts: Path, tmp_path: Path, spoiled: bytes) -> None:
    (receipts / "structure/syntax/ubl-receipt-advice.xml").write_bytes(spoiled)
    (result,) = Registry(tmp_path / "r").install(receipts)
    assert (result.status, result.reason) == (
        "refused",
        "INCLUDE_MISSING: target/generated/T128-basic.sch",
    )
