"""Default coding: line over item over category over favourite over person over unit, each with its source."""

from __future__ import annotations

from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from avrop.coding import queries, rules
from avrop.coding.facts import SOURCES, Coding, Default, LineHint
from avrop.coding.models import CodingDefault
from avrop.tenancy.queries import unit as unit_facts
from avrop.tenancy.scope import as_system

ALL = [
    Default(source, "k", account=f"1{place}000", responsibility="2") for place, source in enumerate(SOURCES)
]


@pytest.mark.parametrize(
    ("left_out", "source", "account"),
    [
        ((), "line", "10000"),
        (("line",), "item", "11000"),
        (("line", "item"), "category", "12000"),
        (("line", "item", "category"), "favourite", "13000"),
        (("line", "item", "category", "favourite"), "person", "14000"),
        (("line", "item", "category", "favourite", "person"), "unit", "15000"),
        (SOURCES, "none", ""),
    ],
)
def test_the_strongest_source_wins_and_is_named(left_out, source: str, account: str) -> None:
    given_ = [one for one in reversed(ALL) if one.source not in left_out]
    suggested = rules.suggest(given_)
    assert (suggested.source, suggested.coding.account) == (source, account)


def test_each_field_comes_from_the_strongest_source_that_has_it() -> None:
    suggested = rules.suggest(
        [
            Default("unit", "u", account="11000", responsibility="210", function="20200"),
            Default("category", "44", account="11050", vat_treatment="not_recoverable"),
        ]
    )
    assert suggested.coding == Coding("11050", "210", "20200", "", "not_recoverable")
    assert suggested.source == "category"
    assert dict(suggested.sources) == {
        "account": "category",
        "vat_treatment": "category",
        "responsibility": "unit",
        "function": "unit",
    }


def test_the_nearest_category_rule_and_the_suppliers_own_item_rule_win() -> None:
    supplier = UUID(int=7)
    hint = LineHint("40-2210", "44121500", supplier)
    keys = rules.keys_for(hint, units=(), person_id=None)
    stored = {
        ("category", "44"): Default("category", "44", account="11000"),
        ("category", "441215"): Default("category", "441215", account="11001"),
        ("item", "40-2210"): Default("item", "40-2210", function="1"),
        ("item", f"{supplier.hex}/40-2210"): Default("item", "", function="2"),
    }
    suggested = rules.suggest(rules.pick(stored, keys))
    assert (suggested.coding.account, suggested.coding.function) == ("11001", "2")


defaults = st.lists(
    st.builds(
        Default,
        source=st.sampled_from(SOURCES),
        key=st.just("k"),
        account=st.sampled_from(["", "1", "2"]),
        responsibility=st.sampled_from(["", "1", "2"]),
        function=st.sampled_from(["", "1"]),
        distance=st.integers(0, 3),
    ),
    max_size=8,
    unique_by=lambda one: (one.source, one.distance),
)


@given(defaults, st.randoms())
@settings(deadline=None)
def test_the_order_in_which_defaults_are_found_never_matters(found: list[Default], random) -> None:
    shuffled = list(found)
    random.shuffle(shuffled)
    assert rules.suggest(shuffled) == rules.suggest(found)


@given(defaults)
@settings(deadline=None)
def test_a_weaker_default_never_changes_what_a_stronger_one_gave(found: list[Default]) -> None:
    before = rules.suggest(found)
    after = rules.suggest([*found, Default("unit", "far", account="9", responsibility="9", distance=99)])
    for name in ("account", "responsibility", "function"):
        had = getattr(before.coding, name)
        assert getattr(after.coding, name) == had or not had


@pytest.mark.parametrize(
    ("account", "art"),
    [("11201", "120"), ("00300", "030"), ("12700", "270"), ("23299", ""), ("F100", ""), ("110", "")],
)
def test_the_kostra_art_is_digits_two_to_four_of_accounts_outside_the_balance_sheet(account, art) -> None:
    assert rules.kostra_art(account) == art


def test_suggestions_for_a_whole_basket_cost_one_statement(world, django_assert_num_queries) -> None:
    with as_system(world.bremnes.id):
        school = unit_facts(world.units["school"].id)
        CodingDefault.objects.create(buyer=world.bremnes, kind="category", key="2611", account="11200")
        lines = [
            LineHint(item.seller_item_id, item.category, item.agreement.supplier_id)
            for item in world.items.values()
        ]
        with django_assert_num_queries(1):
            found = queries.suggest(lines, unit=school, person_id=world.people["berit"].id)
        by_item = dict(zip(world.items, found, strict=True))
        assert (by_item["batteri"].coding.account, by_item["batteri"].source) == ("11200", "category")
        assert by_item["papir"].coding == Coding("11000", "210", "20200", "", "compensated")
        assert by_item["papir"].source == "unit"


def test_a_unit_without_a_default_gets_its_parents_account_and_its_own_responsibility(world) -> None:
    with as_system(world.bremnes.id):
        CodingDefault.objects.filter(kind="unit", key=world.units["school"].id.hex).delete()
        CodingDefault.objects.filter(kind="unit", key=world.units["root"].id.hex).update(
            responsibility="", function="", account="12000"
        )
        found = queries.suggest([LineHint()], unit=unit_facts(world.units["school"].id), person_id=None)[0]
        assert (found.coding.account, found.coding.responsibility, found.coding.function) == (
            "12000",
            "210",
            "20200",
        )


def test_what_a_person_typed_on_the_line_stands(world) -> None:
    with as_system(world.bremnes.id):
        typed = Coding("12000", "310", "25300")
        found = queries.suggest(
            [LineHint(override=typed)], unit=unit_facts(world.units["school"].id), person_id=None
        )[0]
        assert (found.coding, found.source) == (typed, "line")


KNOWN = {
    "account": {"11000", "12000", "210"},
    "responsibility": {"210", "4-10"},
    "function": {"20200", "210"},
    "project": {"P77"},
}


@pytest.mark.parametrize(
    ("text", "coding"),
    [
        ("11000-210-20200", ("11000", "210", "20200", "")),
        ("11000;4-10;20200;P77", ("11000", "4-10", "20200", "P77")),
        ("Konto: 12000, Ansvar: 210, Funksjon: 20200", ("12000", "210", "20200", "")),
        ("20200/11000/210", ("11000", "210", "20200", "")),
        ("Funksjon 210 Konto 11000", ("11000", "", "210", "")),
        ("11000", ("11000", "", "", "")),
        ("11000-999-20200", ("", "", "", "")),
        ("11000-12000", ("", "", "", "")),
        ("Konto", ("", "", "", "")),
        ("Berit på skulen", ("", "", "", "")),
        ("", ("", "", "", "")),
    ],
)
def test_a_coding_is_read_from_another_systems_text_or_not_at_all(text: str, coding) -> None:
    found = rules.read_coding(text, KNOWN)
    assert (found.account, found.responsibility, found.function, found.project) == coding
