"""The demo region on paper: the same for the same seed, made up, and catalogues that hold the rules."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from stdnum.no import orgnr

from avrop.demo import habits
from avrop.demo.assortment import catalogue_xml, items
from avrop.demo.budget import budget_file
from avrop.demo.region import SUPPLIERS, TABLES, TOWNS, Supplier, document, table
from avrop.demo.stories import ENDINGS, purchases
from avrop.tenancy.facts import ROLES, UNIT_KINDS
from avrop.ubl import gate
from avrop.ubl.rulesets import Registry

TODAY = date(2026, 11, 23)


def test_the_same_seed_gives_the_same_region_and_another_seed_another_one() -> None:
    assert document(1, TODAY) == document(1, TODAY)
    assert document(1, TODAY) != document(2, TODAY)
    assert budget_file(TOWNS[0], 1, (2026,)) == budget_file(TOWNS[0], 1, (2026,))


def test_organisation_numbers_are_valid_different_and_of_the_synthetic_series() -> None:
    for seed in range(20):
        numbers = [one["orgnr"] for one in document(seed, TODAY)["organisation"]]
        assert len(set(numbers)) == len(numbers) == 15
        assert all(orgnr.is_valid(number) and number[0] in "23" for number in numbers)


def test_every_role_is_held_by_somebody() -> None:
    organisations = document(1, TODAY)["organisation"]
    held = {role["role"] for one in organisations for person in one["person"] for role in person["role"]}
    assert held == set(ROLES)


def test_the_municipalities_are_small_one_blocks_and_one_approves_in_advance() -> None:
    assert len(TOWNS) == 3
    assert all(2_000 <= town.inhabitants <= 12_000 for town in TOWNS)
    assert [town.budget for town in TOWNS].count("block") == 1
    assert sum(town.preapproval for town in TOWNS) == 1
    kinds = {u["kind"] for one in document(1, TODAY)["organisation"] for u in one.get("unit", [])}
    assert {"school", "nursery", "care_home", "town_hall"} <= kinds <= set(UNIT_KINDS)


def test_the_lorry_wholesaler_is_not_for_schools_and_town_halls() -> None:
    (wholesaler,) = [one for one in SUPPLIERS if one.slug == "fjordmat"]
    assert wholesaler.delivery == "lorry"
    assert {"school", "town_hall"} <= set(wholesaler.excluded)


def test_about_two_thousand_items_each_named_in_three_languages_with_a_drawn_picture() -> None:
    everything = [item for supplier in SUPPLIERS for item in items(supplier.slug)]
    assert 1_900 <= len(everything) <= 2_200
    assert len({item.seller_id for item in everything}) == len(everything)
    drawings = TABLES.parent / "static" / "demo" / "pictures"
    for item in everything:
        assert all(item.names[language].strip() for language in ("nn", "nb", "en"))
        assert (drawings / item.picture.rsplit("/", 1)[1]).is_file(), item.picture
        # Stortingsvedtak om merverdiavgift: 15 % on food; mval. § 6-4: none on books; 25 % on the rest.
        assert item.vat == {"03": 15, "15": 15, "22": 0 if item.cpv[:3] == "221" else 25}.get(
            item.cpv[:2], 25
        )
        assert not any("{" in name for name in item.names.values()), item.names


def test_no_two_items_of_a_supplier_are_called_the_same() -> None:
    for supplier in SUPPLIERS:
        for language in ("nn", "nb", "en"):
            names = [item.names[language] for item in items(supplier.slug)]
            assert len(set(names)) == len(names), (supplier.slug, language)


def test_every_item_has_a_default_account() -> None:
    keys = {row["key"] for row in table("coding.csv")}
    accounts = {row["konto"] for row in table("accounts.csv")}
    assert {row["account"] for row in table("coding.csv")} <= accounts
    for supplier in SUPPLIERS:
        for item in items(supplier.slug):
            assert any(item.cpv[:length] in keys for length in range(1, 9)), item.cpv


def test_pictures_hold_no_script_and_fetch_nothing() -> None:
    for path in (TABLES.parent / "static" / "demo" / "pictures").glob("*.svg"):
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"script|href|url\(|on\w+=", text), path.name


def test_purchases_with_a_story_of_their_own_end_in_every_way_there_is() -> None:
    wanted = purchases()
    assert 80 <= len(wanted) <= 100
    assert {one.story for one in wanted} == set(ENDINGS)
    assert max(one.ago(TODAY) for one in wanted) <= 365


def test_the_stories_of_2013_can_be_found_by_their_need() -> None:
    needs = " | ".join(one.need for one in purchases())
    for words in (
        "éin bestillar",
        "tre hattar",
        "Fakturagebyr på 49 kroner",
        "Bleier levert for få",
        "Desember: 4 000 kroner att",
        "Skulebøker til skulestart i august",
    ):
        assert words in needs


@pytest.mark.parametrize("today", [TODAY, date(2026, 8, 9), date(2028, 2, 29), date(2026, 12, 10)])
def test_december_is_the_latest_december_whatever_day_the_demo_is_made(today: date) -> None:
    december = next(one for one in purchases() if one.story == "december")
    day = today - timedelta(days=december.ago(today))
    assert (day.month, day.day) == (12, 10) and 0 <= december.ago(today) <= 366


def test_the_whole_year_has_three_hundred_purchases_the_same_for_the_same_seed() -> None:
    ordinary = habits.purchases(2026, TODAY)
    assert ordinary == habits.purchases(2026, TODAY) != habits.purchases(2027, TODAY)
    assert 300 <= len(ordinary) + len(purchases()) <= 350
    assert {one.story for one in ordinary} <= set(habits.USUAL) | set(habits.PLAIN) <= set(ENDINGS)
    assert {one.town for one in ordinary} == {town.slug for town in TOWNS}


@pytest.mark.shared
def test_every_category_is_a_cpv_code(shared) -> None:
    lines = (shared / "data" / "cpv" / "cpv-2008-en-nob.csv").read_text(encoding="utf-8").splitlines()
    known = {line.split(",")[0][:8] for line in lines}
    used = {item.cpv for supplier in SUPPLIERS for item in items(supplier.slug)}
    assert used <= known


@pytest.fixture(scope="module")
def registry(shared, tmp_path_factory) -> Registry:
    """Every official rule set, installed once."""
    registry = Registry(tmp_path_factory.mktemp("rulesets"))
    registry.install(shared / "standards")
    return registry


@pytest.mark.shared
@pytest.mark.parametrize("supplier", SUPPLIERS, ids=[one.slug for one in SUPPLIERS])
def test_every_catalogue_holds_the_official_rules(supplier: Supplier, registry: Registry) -> None:
    parties = {one["slug"]: one for one in document(1, TODAY)["organisation"]}
    raw = catalogue_xml(supplier, parties[supplier.slug], parties[supplier.owner], TODAY)
    verdict = registry.judge(gate.admit(raw).root)
    assert [f.as_dict() for f in verdict.findings if f.severity == "fatal"] == []
    assert verdict.valid is True
