"""People find what they may buy, in any of the three languages, and nothing else."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from avrop.agreements.models import Agreement, AgreementParticipant
from avrop.catalogue import queries, rules
from avrop.catalogue.facts import SearchFilters
from avrop.catalogue.models import CatalogueItem
from avrop.kernel.ports import today
from avrop.kernel.words import fold, haystack, words
from avrop.tenancy.queries import unit as unit_facts
from avrop.tenancy.scope import viewing


@pytest.fixture
def shelf(world):
    """The region's items, and soap in three languages."""
    CatalogueItem.objects.create(
        version=world.items["papir"].version,
        agreement=world.agreement,
        seller_item_id="55-1",
        name="Såpe, flytande",
        name_nb="Håndsåpe",
        name_en="Liquid hand soap",
        keywords="hygiene vask",
        unit_code="EA",
        price=31_500_000,
        category="47130000",
    )
    return world


def ids(world, text: str, unit: str = "school", login: str = "berit", **more) -> list[str]:
    with viewing(world.viewer(login)):
        found = queries.search(text, unit=unit_facts(world.units[unit].id), **more)
        assert found.total == len(found.items) or more
        return [item.seller_item_id for item in found.items]


@pytest.mark.parametrize(
    "text", ["såpe", "SAAPE", "sape", "soap", "hånds", "flytande såpe", "hygiene", "55-1", "åpe"]
)
def test_soap_is_found_however_it_is_written(shelf, text: str) -> None:
    assert ids(shelf, text) == ["55-1"]


@pytest.mark.parametrize("text", ["såpe papir", "%", "_", "'; --", "\x00", "hagesaks"])
def test_what_is_not_there_is_not_found_and_breaks_nothing(shelf, text: str) -> None:
    assert ids(shelf, text) == []


def test_words_in_the_name_come_before_words_elsewhere(shelf) -> None:
    CatalogueItem.objects.filter(seller_item_id="40-3310").update(keywords="kopipapir")
    for item in CatalogueItem.objects.filter(seller_item_id="40-3310"):
        item.save()
    assert ids(shelf, "kopipapir") == ["40-2210", "40-3310"]
    assert ids(shelf, "papir") == ["40-2210", "40-3310"]


def test_nothing_typed_shows_everything_that_may_be_ordered_a_page_at_a_time(shelf) -> None:
    everything = ids(shelf, "")
    assert len(everything) == 5
    assert ids(shelf, "", limit=2, offset=2) == everything[2:4]


def test_the_school_never_sees_the_lorry_wholesaler_and_the_care_home_does(shelf) -> None:
    assert ids(shelf, "kaffi", unit="school") == []
    assert ids(shelf, "kaffi", unit="care", login="bjorn") == ["10-5000"]


def test_a_buyer_outside_the_agreement_finds_nothing_and_is_given_no_item_by_id(shelf) -> None:
    AgreementParticipant._base_manager.filter(agreement=shelf.agreement, buyer=shelf.bremnes).delete()
    assert ids(shelf, "papir") == []
    with viewing(shelf.viewer("berit")):
        assert queries.item(shelf.items["papir"].id) is None


@pytest.mark.parametrize(
    "change",
    [
        {"state": "terminated"},
        {"state": "draft"},
        {"valid_to": today()},
        {"valid_from": today() + timedelta(days=1)},
    ],
)
def test_an_agreement_that_is_not_in_force_today_sells_nothing(shelf, change) -> None:
    Agreement._base_manager.filter(id=shelf.agreement.id).update(**change)
    assert ids(shelf, "papir") == []


def test_facets_count_what_the_words_found_and_narrow_it(shelf) -> None:
    with viewing(shelf.viewer("bjorn")):
        care = unit_facts(shelf.units["care"].id)
        found = queries.search("", unit=care)
        assert [(f.label, f.count) for f in found.facets["supplier"]] == [
            ("Kontorvarer AS", 5),
            ("Storhus Engros AS", 1),
        ]
        assert {f.value: f.count for f in found.facets["category"]}["44120000"] == 3
        narrowed = queries.search("", unit=care, filters=SearchFilters(categories=("44120000",)))
        assert (narrowed.total, len(narrowed.items)) == (3, 3)
        assert narrowed.facets == found.facets
        only = queries.search("", unit=care, filters=SearchFilters(suppliers=(shelf.storhus.id,)))
        assert [item.seller_item_id for item in only.items] == ["10-5000"]


def test_a_search_costs_four_statements(shelf, django_assert_num_queries) -> None:
    with viewing(shelf.viewer("berit")):
        school = unit_facts(shelf.units["school"].id)
        with django_assert_num_queries(4):
            queries.search("papir", unit=school)


@pytest.mark.parametrize(
    "text",
    [
        "Kopipapir A4",
        "kopipapir til skulen",
        "10 pakker kopipapir, kvit",
        "papir",
        "Handsåpe til toaletta",
        "batteri",
        "batterier AA",
        "ringpermar",
        "permar til arkivet",
        "batteria",
        "Liquid soap",
    ],
)
def test_a_free_text_that_an_item_fits_is_found_out(shelf, text: str) -> None:
    with viewing(shelf.viewer("berit")):
        fitting = queries.fitting_items(text, unit_facts(shelf.units["school"].id))
        assert fitting and fitting[0].agreement_ref == "FI-2026-01"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "til",
        "4 stk",
        "Reparasjon av oppvaskmaskin",
        "Konsulent til opplæring i rekneskap",
        "blå stol",
        "Stemming av piano",
        "kaffi filtermalt",
        "Busstur til museet",
        "A4",
    ],
)
def test_a_free_text_that_no_item_of_the_unit_fits_is_let_through(shelf, text: str) -> None:
    with viewing(shelf.viewer("berit")):
        assert queries.fitting_items(text, unit_facts(shelf.units["school"].id)) == []


@given(st.text(max_size=60))
def test_folding_twice_is_folding_once_and_leaves_only_plain_letters(text: str) -> None:
    assert words(fold(text)) == words(text)
    assert all(word.isascii() and word.isalnum() for word in words(text))
    assert all(f" {word}" in haystack(text) for word in words(text[:60]))


@given(st.lists(st.sampled_from(["papir", "kopipapir", "penn", "pennar", "saks"]), max_size=5))
def test_an_item_fits_its_own_name(name: list[str]) -> None:
    assert rules.fits(" ".join(name), name) is bool(name)


def test_a_price_change_is_told_per_unit_in_basis_points() -> None:
    before = rules.ItemRow("1", "a", "EA", 100_000_000, 1_000_000, "S", 2500, 0, 0, "")
    after = rules.ItemRow("1", "a", "EA", 1_020_000_000, 10_000_000, "S", 2500, 0, 0, "")
    assert rules.price_change(before, after) == 200
    assert rules.price_change(before, rules.ItemRow("1", "a", "XBX", 1, 1, "S", 2500, 0, 0, "")) is None
