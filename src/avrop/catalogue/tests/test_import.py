"""A Peppol Catalogue becomes a version in review, is judged by the contract owner, and takes over."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from lxml import etree

from avrop.catalogue import operations, queries, versions
from avrop.catalogue.models import CatalogueItem, CatalogueVersion
from avrop.catalogue.tests.catalogues import catalogue, line
from avrop.journal import audit
from avrop.journal.models import Entry
from avrop.kernel.finding import Refusal
from avrop.kernel.ports import originals
from avrop.tenancy.queries import unit as unit_facts
from avrop.tenancy.scope import as_system, viewing
from avrop.ubl.documents import catalogue as ubl
from avrop.ubl.documents import parts as p
from avrop.ubl.gate import GateRefused, admit
from avrop.ubl.mapping import DocumentRefused, Identifier, Quantity
from avrop.ubl.rulesets import Registry

BLYANT = line("40-1001", "Blyant HB", "4.10")
PAPIR = line("40-2210", "Kopipapir A4 80 g", "52.90", documents=(), properties=(), keywords=())
NY = line("40-9000", "Såpe, flytande", "31.50")


def take(world, *lines: ubl.CatalogueLine, **changes: object) -> dict:
    raw = catalogue(world.kontor, world.coop, *lines, **changes)
    with as_system(world.coop.id):
        return operations.import_version(agreement_id=world.agreement.id, raw=raw, source_name="k.xml")


def approve(world, number: int) -> None:
    with viewing(world.viewer("avtale", "coop")):
        row = CatalogueVersion.objects.get(agreement=world.agreement, number=number)
        operations.approve_version(version_id=row.id)


def found(world, words: str) -> list[str]:
    with viewing(world.viewer("berit")):
        return [
            i.seller_item_id for i in queries.search(words, unit=unit_facts(world.units["school"].id)).items
        ]


def test_a_version_waits_and_nothing_of_it_can_be_found_before_it_is_approved(world) -> None:
    result = take(world, BLYANT, PAPIR, NY)
    # In force before: papir, perm, blyant, batteri; only the price of blyant is another now.
    assert (result["lines"], result["added"], result["changed"], result["removed"]) == (3, 1, 1, 2)
    assert (result["version"], result["state"], result["rejected"]) == (2, "in_review", [])
    assert found(world, "såpe") == []
    approve(world, 2)
    assert found(world, "såpe") == ["40-9000"]
    assert found(world, "batteri") == []
    states = CatalogueVersion._base_manager.filter(agreement=world.agreement).order_by("number")
    assert list(states.values_list("state", flat=True)) == ["superseded", "active"]


def test_names_prices_pictures_and_vat_come_through_as_the_supplier_wrote_them(world) -> None:
    food = p.TaxCategory("S", Decimal(15))
    dozen = replace(
        NY,
        orderable_unit="XBX",
        minimum_order=Quantity(Decimal(2), "XBX"),
        quantity_increment=Decimal("0.5"),
        prices=(
            ubl.LinePrice(
                Decimal("28.3333"), "NOK", Quantity(Decimal(12), "EA"), minimum_quantity=Quantity(Decimal(10))
            ),
            ubl.LinePrice(Decimal("31.50"), "NOK", Quantity(Decimal(12), "EA")),
        ),
        item=replace(NY.item, tax=food, standard_id=Identifier("07012345678901", "0160")),
    )
    take(world, dozen)
    item = CatalogueItem.objects.get(seller_item_id="40-9000")
    assert (item.name, item.name_nb, item.name_en) == (
        "Såpe, flytande",
        "Såpe, flytande (nb)",
        "Såpe, flytande (en)",
    )
    assert (item.price, item.base_quantity, item.unit_code) == (31_500_000, 12_000_000, "XBX")
    assert (item.vat_category, item.vat_rate) == ("S", 1500)
    assert (item.min_quantity, item.multiple) == (2_000_000, 500_000)
    assert (item.picture, item.category) == ("demo/pictures/office.svg", "44120000")


def test_the_original_is_kept_and_the_same_file_again_gives_the_same_version(world) -> None:
    first = take(world, BLYANT)
    entries = Entry._base_manager.count()
    assert take(world, BLYANT) == first
    assert Entry._base_manager.count() == entries
    with as_system(world.coop.id):
        row = versions.version(first["id"])
        assert row is not None and b"Blyant" in originals().get(row.sha256)


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (replace(NY, orderable=False), "NOT_ORDERABLE"),
        (replace(NY, prices=()), "NO_PRICE"),
        (replace(NY, orderable_unit=None, prices=(ubl.LinePrice(Decimal(1), "NOK"),)), "NO_UNIT"),
        (
            replace(NY, prices=(ubl.LinePrice(Decimal(1), "EUR", Quantity(Decimal(1), "EA")),)),
            "OTHER_CURRENCY",
        ),
        (replace(NY, prices=(ubl.LinePrice(Decimal(-1), "NOK", Quantity(Decimal(1), "EA")),)), "BAD_PRICE"),
        (
            replace(NY, prices=(ubl.LinePrice(Decimal(1), "NOK", Quantity(Decimal(0), "EA")),)),
            "BAD_BASE_QUANTITY",
        ),
        (replace(NY, item=replace(NY.item, tax=None)), "NO_VAT"),
        (replace(NY, item=replace(NY.item, tax=p.TaxCategory("S", Decimal(0)))), "NO_VAT"),
        (replace(NY, item=replace(NY.item, sellers_id=None)), "NO_ITEM_ID"),
        (replace(NY, item=replace(NY.item, name=" ")), "MISSING"),
        (replace(BLYANT, id="2"), "TWICE"),
    ],
)
def test_a_line_that_cannot_be_ordered_is_left_out_with_its_reason_and_the_rest_comes_in(
    world, bad, reason
) -> None:
    result = take(world, BLYANT, bad)
    assert (result["read"], result["lines"]) == (2, 1)
    assert [one["reason"] for one in result["rejected"]] == [reason]


def test_an_unreadable_number_costs_its_line_only(world) -> None:
    raw = catalogue(world.kontor, world.coop, BLYANT, NY).replace(b">31.50<", b">1e3<")
    with as_system(world.coop.id):
        result = operations.import_version(agreement_id=world.agreement.id, raw=raw)
    assert result["lines"] == 1
    assert [(one["line"], one["reason"]) for one in result["rejected"]] == [("2", "BAD_NUMBER")]


def test_the_audit_chain_holds_after_import_approval_and_rejection(world, tmp_path) -> None:
    take(world, BLYANT, replace(NY, prices=()))
    approve(world, 2)
    result = take(world, NY)
    take(world, PAPIR)
    with viewing(world.viewer("avtale", "coop")):
        newest = CatalogueVersion.objects.get(number=4)
        operations.reject_version(version_id=newest.id, reason="Feil prisar")
        assert versions.version(result["id"]).state == "superseded"
    report = audit.verify(tmp_path / "heads", covered=False)
    assert (report.ok, report.entries) == (True, 8), report.places


def test_a_file_without_one_good_line_is_rejected_and_leaves_what_is_in_force(world) -> None:
    result = take(world, replace(BLYANT, prices=()))
    assert (result["state"], result["lines"]) == ("rejected", 0)
    assert found(world, "kopipapir") == ["40-2210"]


def test_a_newer_version_takes_the_waiting_ones_place(world) -> None:
    take(world, BLYANT)
    take(world, NY)
    with as_system(world.coop.id):
        assert [(v.number, v.state) for v in versions.versions(world.agreement.id)][:2] == [
            (3, "in_review"),
            (2, "superseded"),
        ]
        assert [v.number for v in versions.waiting()] == [3]


def test_a_file_that_tells_only_of_changes_keeps_the_rest(world) -> None:
    withdrawn = replace(line("77-1180", "Batteri", "1"), action="Delete")
    result = take(world, BLYANT, NY, withdrawn, action="Update")
    assert (result["lines"], result["added"], result["changed"], result["removed"]) == (4, 1, 1, 1)


def test_a_file_from_another_seller_is_taken_in_with_a_warning_to_the_contract_owner(world) -> None:
    raw = catalogue(world.storhus, world.coop, BLYANT, contract_reference="X-1")
    with as_system(world.coop.id):
        result = operations.import_version(agreement_id=world.agreement.id, raw=raw)
    assert [(w["code"], w["value"]) for w in result["warnings"]] == [
        ("OTHER_SELLER", "Storhus Engros AS"),
        ("OTHER_CONTRACT", "X-1"),
    ]


def test_what_is_no_catalogue_is_refused_by_name_and_kept(world) -> None:
    with as_system(world.coop.id):
        for raw, error in (
            (b"", GateRefused),
            (b"<!DOCTYPE a><a/>", GateRefused),
            (b"<Order xmlns='urn:oasis:names:specification:ubl:schema:xsd:Order-2'/>", DocumentRefused),
        ):
            with pytest.raises(error):
                operations.import_version(agreement_id=world.agreement.id, raw=raw)
        assert originals().has(originals().put(b"<!DOCTYPE a><a/>"))
        assert CatalogueVersion.objects.filter(agreement=world.agreement).count() == 1


def test_only_the_agreements_contract_owner_approves_or_rejects(world) -> None:
    result = take(world, BLYANT)
    for login, slug in (("lokal", "bremnes"), ("selma", "kontor")):
        with viewing(world.viewer(login, slug)), pytest.raises(Refusal):
            operations.approve_version(version_id=result["id"])
    with as_system(world.coop.id), pytest.raises(Refusal) as refused:
        operations.approve_version(version_id=result["id"])
    assert refused.value.code == "CATALOGUE_NOT_CONTRACT_OWNER"
    with viewing(world.viewer("avtale", "coop")):
        with pytest.raises(Refusal) as refused:
            operations.reject_version(version_id=result["id"], reason=" ")
        assert refused.value.code == "CATALOGUE_REASON_MISSING"
        operations.reject_version(version_id=result["id"], reason="Prisane er ikkje avtalte")
        with pytest.raises(Refusal) as refused:
            operations.approve_version(version_id=result["id"])
        assert refused.value.code == "CATALOGUE_ALREADY_JUDGED"


def test_a_participant_cannot_bring_a_catalogue_in(world) -> None:
    raw = catalogue(world.kontor, world.coop, BLYANT)
    with as_system(world.bremnes.id), pytest.raises(Refusal) as refused:
        operations.import_version(agreement_id=world.agreement.id, raw=raw)
    assert refused.value.code == "CATALOGUE_NOT_YOURS"


def test_an_import_that_was_cut_off_is_taken_up_afresh(world) -> None:
    raw = catalogue(world.kontor, world.coop, BLYANT, NY)
    with as_system(world.coop.id):
        sha = originals().put(raw)
        left = operations.start_import(agreement_id=world.agreement.id, sha256=sha)
        operations.add_items(version_id=left, items=[])
        result = operations.import_version(agreement_id=world.agreement.id, raw=raw)
    assert result["id"] == str(left) and result["lines"] == 2


@pytest.mark.shared
def test_our_convention_is_valid_under_the_official_rules(world, shared: Path, tmp_path: Path) -> None:
    rules = Registry(tmp_path / "rules")
    for release in ("ubl", "peppol/postaward/2026.5"):
        rules.install(shared / "standards" / release)
    classified = p.Classification("44120000", "TST", name="Kontorrekvisita")
    in_others = (p.ItemProperty("category_nb", "Kontor"), p.ItemProperty("category_en", "Office"))
    named = (*NY.item.properties, *in_others)
    item = replace(NY.item, classifications=(classified,), properties=named)
    raw = catalogue(world.kontor, world.coop, BLYANT, replace(NY, item=item))
    verdict = rules.judge(admit(raw).root)
    assert (verdict.document_type, verdict.findings, verdict.valid) == ("catalogue", (), True)
    with as_system(world.coop.id):
        operations.import_version(agreement_id=world.agreement.id, raw=raw)
    row = CatalogueItem.objects.get(seller_item_id="40-9000")
    assert (row.category_name, row.category_nb, row.category_en) == ("Kontorrekvisita", "Kontor", "Office")


@pytest.mark.shared
def test_every_official_catalogue_example_is_taken_in_line_by_line_or_refused_with_a_reason(
    world, shared: Path
) -> None:
    lines = "count(//*[local-name()='CatalogueLine'])"
    seen = 0
    for path in sorted((shared / "standards/peppol").rglob("*.xml")):
        raw = path.read_bytes()
        try:
            root = admit(raw).root
        except GateRefused:
            continue
        if not root.tag.endswith("}Catalogue") or etree.QName(root).namespace.find("Catalogue-2") < 0:
            continue
        with as_system(world.coop.id):
            result = operations.import_version(agreement_id=world.agreement.id, raw=raw)
        assert result["read"] == int(etree.fromstring(raw).xpath(lines)), path.name
        deleted = int(etree.fromstring(raw).xpath("count(//*[local-name()='CatalogueLine']/*[.='Delete'])"))
        if result["state"] != "rejected":
            assert result["lines"] + len(result["rejected"]) + deleted >= result["read"], path.name
        seen += 1
    assert seen >= 5
