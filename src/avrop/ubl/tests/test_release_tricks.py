"""What an import takes and what it refuses: the layouts that releases come in, zips with tricks, links, nonsense."""

from __future__ import annotations

import struct
import warnings
from collections.abc import Callable
from datetime import date
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import pytest

from avrop.ubl.releases import Release, ReleaseRefused, rule_sets_in, schemas_in
from avrop.ubl.rulesets import Registry
from avrop.ubl.tests.test_install import RULE, SCHEMA, _release

GOOD = SCHEMA.format(body=RULE.format(test="true()"))


def _found(path: Path) -> set[tuple[str, str]]:
    release = Release(path)
    try:
        sets = {(found.name, found.release) for found in rule_sets_in(release)}
        return sets | {("UBL-XSD", found.version) for found in schemas_in(release)}
    finally:
        release.close()


LAYOUTS = [
    ("peppol/billing/2026.5", "peppol-bis-billing-2026.5", ""),
    ("peppol/billing/2026.5", "2026.5", "rules/"),
    ("peppol/billing/2025.11/sch", "billing-2025.11", ""),
    ("peppol/postaward/2026.5", "download", "2026.5/"),
    ("peppol/postaward/2025.11", "poacc-upgrade-3-2025.11", "anything/"),
    ("peppol/mls/1.0.1", "peppol-mls-1.0.1", ""),
    ("peppol/logistics/2026-02", "logistics-bis-2026-02", ""),
    ("en16931/1.3.16", "en16931-ubl-1.3.16", ""),
    ("en16931/1.3.16/ubl/schematron", "EN16931-1.3.16", ""),
    ("ehf/g3-2023-02-compiled-sch", "ehf-g3-2023-02", ""),
    ("ehf/g3-2026-08-13", "ehf-postaward-g3-2026-08-13", "x/y/"),
    ("ubl/2.1", "UBL-2.1", ""),
    ("ubl/2.3/xsdrt", "UBL-2.3", "os-UBL-2.3/xsdrt/"),
    ("", "standards", "standards/"),
]


@pytest.mark.shared
@pytest.mark.parametrize(
    ("folder", "name", "inside"), LAYOUTS, ids=[f"{n}.zip of {f}" for f, n, _ in LAYOUTS]
)
def test_every_layout_found_in_the_collection_is_the_same_release_as_folder_and_as_zip(
    standards: Path, tmp_path: Path, folder: str, name: str, inside: str
) -> None:
    archive = tmp_path / f"{name}.zip"
    with ZipFile(archive, "w") as zipped:
        for file in (standards / folder).rglob("*"):
            if file.suffix in (".sch", ".xsd", ".gc", ".txt"):
                zipped.write(file, f"{inside}{file.relative_to(standards / folder)}")
    found = _found(archive)
    assert found and found == _found(standards / folder)
    assert not {release for _, release in found} & {"unknown"}


def _archive(tmp_path: Path, *members: tuple[str | ZipInfo, str | bytes]) -> Path:
    path = tmp_path / "peppol-2031.5.zip"
    with warnings.catch_warnings(), ZipFile(path, "w", ZIP_DEFLATED) as zipped:
        warnings.simplefilter("ignore")  # the same name twice, which is the point
        for name, content in members:
            zipped.writestr(name, content)
    return path


def _refused(registry: Registry, path: Path) -> str:
    with pytest.raises(ReleaseRefused) as refused:
        registry.install(path)
    assert registry.listing() == ()
    return refused.value.code


@pytest.mark.parametrize(
    "name",
    [
        "../PEPPOLBIS-T01.sch",
        "../../../../tmp/PEPPOLBIS-T01.sch",
        "sch/../../PEPPOLBIS-T01.sch",
        "/etc/PEPPOLBIS-T01.sch",
        "//server/share/PEPPOLBIS-T01.sch",
        "C:/PEPPOLBIS-T01.sch",
        "C:\\PEPPOLBIS-T01.sch",
        "..\\PEPPOLBIS-T01.sch",
        "sch\\..\\..\\PEPPOLBIS-T01.sch",
        "a/maindoc/../../../evil.xsd",
        "../readme.txt",
    ],
)
def test_a_zip_with_a_name_that_leads_outside_is_refused_whole(tmp_path: Path, name: str) -> None:
    path = _archive(tmp_path, ("2031.5/PEPPOLBIS-T76.sch", GOOD), (name, GOOD))
    assert _refused(Registry(tmp_path / "r"), path) == "UNSAFE_ZIP"
    assert not [file for file in tmp_path.rglob("*") if file.name in ("evil.xsd", "PEPPOLBIS-T01.sch")]


def test_a_zip_with_a_link_or_the_same_name_twice_is_refused_whole(tmp_path: Path) -> None:
    link = ZipInfo("PEPPOLBIS-T01.sch")
    link.external_attr = 0o120777 << 16
    assert _refused(Registry(tmp_path / "r"), _archive(tmp_path, (link, "/etc/passwd"))) == "UNSAFE_ZIP"
    twice = _archive(
        tmp_path, ("PEPPOLBIS-T01.sch", GOOD), ("PEPPOLBIS-T01.sch", GOOD.replace("true", "false"))
    )
    assert _refused(Registry(tmp_path / "r"), twice) == "UNSAFE_ZIP"


def test_a_zip_that_is_a_bomb_is_refused_and_not_unpacked(tmp_path: Path) -> None:
    many = _archive(tmp_path, *((f"x{number}.txt", b"") for number in range(20_001)))
    assert _refused(Registry(tmp_path / "r"), many) == "ZIP_BOMB"
    large = _archive(tmp_path, *((f"x{number}.sch", b" " * 19_000_000) for number in range(11)))
    assert large.stat().st_size < 500_000
    assert _refused(Registry(tmp_path / "r"), large) == "ZIP_BOMB"


def _one(tmp_path: Path, change: Callable[[bytes], bytes] = bytes, content: str | bytes = GOOD) -> str:
    path = _archive(tmp_path, ("PEPPOLBIS-T01.sch", content))
    path.write_bytes(change(path.read_bytes()))
    registry = Registry(tmp_path / "r")
    (result,) = registry.install(path)
    assert (result.status, registry.listing()) == ("refused", ())
    return result.reason.partition(":")[0]


def _stated_smaller(raw: bytes) -> bytes:
    """The sizes of the unpacked file in both headers are a lie."""
    real = struct.pack("<L", 21_000_000)
    assert raw.count(real) == 2
    return raw.replace(real, struct.pack("<L", 500))


def test_a_part_of_a_zip_that_is_too_large_damaged_or_encrypted_is_refused_by_name(tmp_path: Path) -> None:
    assert _one(tmp_path, content=b" " * 21_000_000) == "TOO_BIG"
    # A reader stops at the stated 500 bytes, and they are not what the checksum is of.
    assert _one(tmp_path, _stated_smaller, b" " * 21_000_000) in ("UNREADABLE", "NOT_XML")
    assert _one(tmp_path, lambda raw: raw[:60] + b"\xff" * 20 + raw[80:]) == "UNREADABLE"
    encrypted = lambda raw: raw.replace(b"PK\x01\x02\x14\x03\x14\x00\x00", b"PK\x01\x02\x14\x03\x14\x00\x01")  # noqa: E731
    assert _one(tmp_path, encrypted) == "UNREADABLE"
    odd = lambda raw: raw.replace(b"\x14\x03\x14\x00\x00\x00\x08", b"\x14\x03\x14\x00\x00\x00\x63")  # noqa: E731
    assert _one(tmp_path, odd) == "UNREADABLE"


@pytest.mark.parametrize(
    "raw", [b"", b"PK", b"PK\x05\x06" + b"\x00" * 17, b"PK\x03\x04 and then nothing", b"\x1f\x8b\x08"]
)
def test_what_only_has_the_name_of_a_zip_is_refused(tmp_path: Path, raw: bytes) -> None:
    (tmp_path / "x.zip").write_bytes(raw)
    assert _refused(Registry(tmp_path / "r"), tmp_path / "x.zip") == "BAD_ZIP"


def test_an_empty_zip_or_one_of_other_things_is_no_release(tmp_path: Path) -> None:
    assert _refused(Registry(tmp_path / "r"), _archive(tmp_path)) == "NOT_A_RELEASE"
    other = _archive(tmp_path, ("readme.txt", "x"), ("UNKNOWN.sch", GOOD), ("x/UBL-Invoice-2.1.xsd", "x"))
    assert _refused(Registry(tmp_path / "r"), other) == "NOT_A_RELEASE"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("plain text", "NOT_XML"),
        ("", "NOT_XML"),
        ("<html/>", "NOT_SCHEMATRON"),
        ("<schema><pattern/></schema>", "NOT_SCHEMATRON"),
        ('<schema xmlns="http://www.ascc.net/xml/schematron"/>', "NOT_SCHEMATRON"),
        (
            '<xsl:stylesheet xmlns:xsl="http://www.w3.org/1999/XSL/Transform" version="3.0"/>',
            "NOT_SCHEMATRON",
        ),
        ('<!DOCTYPE schema><schema xmlns="http://purl.oclc.org/dsdl/schematron"/>', "DOCTYPE"),
        (SCHEMA.format(body=""), "NO_RULES"),
        (SCHEMA.format(body='<pattern><rule context="/*"/></pattern>'), "NO_RULES"),
        (SCHEMA.format(body=RULE.format(test="(((")), "NOT_COMPILED"),
    ],
)
def test_a_rule_file_that_is_none_is_refused_by_name_and_its_neighbour_comes_in(
    tmp_path: Path, content: str, reason: str
) -> None:
    folder = _release(tmp_path / "2031.5", RULE.format(test="true()"), "PEPPOLBIS-T76.sch")
    (folder / "PEPPOLBIS-T01.sch").write_text(content)
    registry = Registry(tmp_path / "r")
    results = {result.name: result for result in registry.install(folder)}
    assert results["PEPPOLBIS-T01"].status == "refused"
    assert results["PEPPOLBIS-T01"].reason.startswith(reason)
    assert [(e.name, e.valid_from) for e in registry.listing()] == [("PEPPOLBIS-T76", date(2031, 5, 1))]


def test_a_link_out_of_the_folder_is_refused_by_name_and_one_inside_is_followed(tmp_path: Path) -> None:
    outside = tmp_path / "elsewhere"
    outside.mkdir()
    (outside / "PEPPOLBIS-T19.sch").write_text(GOOD)
    folder = _release(tmp_path / "2031.5", RULE.format(test="true()"), "PEPPOLBIS-T76.sch")
    (folder / "PEPPOLBIS-T01.sch").symlink_to(outside / "PEPPOLBIS-T19.sch")
    (folder / "PEPPOLBIS-T58.sch").symlink_to("PEPPOLBIS-T76.sch")
    (folder / "PEPPOLBIS-T71.sch").symlink_to(tmp_path / "nowhere.sch")
    (folder / "sub").symlink_to(outside)
    registry = Registry(tmp_path / "r")
    results = {r.name: (r.status, r.reason.partition(":")[0]) for r in registry.install(folder)}
    assert results == {
        "PEPPOLBIS-T01": ("refused", "INCLUDE_OUTSIDE"),
        "PEPPOLBIS-T71": ("refused", "INCLUDE_OUTSIDE"),
        "PEPPOLBIS-T58": ("installed", ""),
        "PEPPOLBIS-T76": ("installed", ""),
    }


@pytest.mark.parametrize(
    "content", ["<x/>", "plain", '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><x/></xs:schema>']
)
def test_a_schema_that_is_none_is_refused_while_somebody_looks(tmp_path: Path, content: str) -> None:
    folder = tmp_path / "2.1" / "maindoc"
    folder.mkdir(parents=True)
    (folder / "UBL-Invoice-2.1.xsd").write_text(content)
    registry = Registry(tmp_path / "r")
    (result,) = registry.install(tmp_path / "2.1")
    assert (result.name, result.status, registry.listing()) == ("UBL-XSD", "refused", ())
    assert not [path for path in (tmp_path / "r").rglob("*") if path.suffix == ".xsd"]
