"""What a basket must fulfil."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from avrop.catalogue.facts import ItemFacts
from avrop.coding.facts import Coding
from avrop.requisition import rules
from avrop.requisition.facts import (
    LineFacts,
    NewLine,
    RequisitionFacts,
    approval_hash,
    approval_hashes,
    costs,
    groups,
    prospects,
    totals,
)

MICRO = 1_000_000
BUYER, SELLER, OTHER, ADDRESS, AGREEMENT, ITEM = (UUID(int=n) for n in range(1, 7))
CODED = Coding("11000", "210", "20200")


def line(position: int = 1, **more) -> LineFacts:
    facts = {
        "id": UUID(int=100 + position),
        "position": position,
        "kind": "catalogue",
        "item_id": ITEM,
        "agreement_id": AGREEMENT,
        "supplier_id": SELLER,
        "seller_item_id": "40-2210",
        "name": "Papir",
        "category": "44",
        "quantity": 10 * MICRO,
        "unit_code": "EA",
        "price": 52_900_000,
        "base_quantity": MICRO,
        "currency": "NOK",
        "vat_category": "S",
        "vat_rate": 2500,
        "frame": None,
        "reason": "",
        "coding": CODED,
        "coding_source": "unit",
    }
    return LineFacts(**{**facts, **more})


def basket(*lines: LineFacts, address: UUID | None = ADDRESS) -> RequisitionFacts:
    return RequisitionFacts(
        UUID(int=50), BUYER, "R2026-00001", "purchase:x", UUID(int=51), UUID(int=52), address, "Rom 1",
        "", "draft", lines=lines,
    )  # fmt: skip


ON_OFFER = ItemFacts(
    ITEM, AGREEMENT, "FI-1", "Kontor", SELLER, "Kontor AS", "40-2210", {"nn": "Papir"}, "", "44", "", "EA",
    52_900_000, MICRO, "NOK", "S", 2500, 0, 0,
)  # fmt: skip


@pytest.mark.parametrize(
    ("quantity", "least", "multiple", "code"),
    [
        (MICRO, 0, 0, None),
        (0, 0, 0, "QUANTITY_OUT_OF_RANGE"),
        (-1, 0, 0, "QUANTITY_OUT_OF_RANGE"),
        (1_000_000 * MICRO + 1, 0, 0, "QUANTITY_OUT_OF_RANGE"),
        (4 * MICRO, 5 * MICRO, 0, "QUANTITY_BELOW_MINIMUM"),
        (5 * MICRO, 5 * MICRO, 0, None),
        (7 * MICRO, 0, 5 * MICRO, "QUANTITY_NOT_A_MULTIPLE"),
        (10 * MICRO, 5 * MICRO, 5 * MICRO, None),
        (MICRO // 2, 0, 0, None),  # half a kilo
    ],
)
def test_a_quantity_is_one_that_the_supplier_takes(quantity, least, multiple, code):
    refusal = rules.check_quantity(quantity, least, multiple, "Papir")
    assert (refusal.code if refusal else None) == code


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({}, None),
        ({"name": "  "}, "FREE_TEXT_WITHOUT_NAME"),
        ({"frame": 0}, "FRAME_OUT_OF_RANGE"),
        ({"frame": 10_000_000_01}, "FRAME_OUT_OF_RANGE"),
        ({"reason": " "}, "FREE_TEXT_WITHOUT_REASON"),
        ({"supplier_id": None}, "FREE_TEXT_WITHOUT_SUPPLIER"),
    ],
)
def test_free_text_needs_a_frame_a_reason_and_somebody_to_order_from(change, code):
    whole = NewLine(name="Skap", frame=900_00, reason="Finst ikkje", supplier_id=SELLER)
    refusal = rules.check_free_text(replace(whole, **change))
    assert (refusal.code if refusal else None) == code


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({}, None),
        ({"price": 52_800_000}, "PRICE_CHANGED"),
        ({"base_quantity": 10 * MICRO}, "PRICE_CHANGED"),
        ({"unit_code": "PK"}, "ITEM_CHANGED"),
        ({"vat_rate": 1500}, "ITEM_CHANGED"),
        ({"supplier_id": OTHER}, "ITEM_CHANGED"),
        ({"quantity": 0}, "QUANTITY_OUT_OF_RANGE"),
    ],
)
def test_a_line_must_still_be_what_the_catalogue_offers(change, code):
    refusal = rules.check_item(line(**change), ON_OFFER)
    assert (refusal.code if refusal else None) == code


def test_an_item_of_a_version_that_is_no_longer_active_is_refused():
    refusal = rules.check_item(line(), None)
    assert refusal is not None and refusal.code == "ITEM_NOT_AVAILABLE"


def test_a_fitting_item_is_named_with_its_agreement():
    refusal = rules.check_fitting("kopipapir", [ON_OFFER])
    assert refusal is not None
    assert (refusal.code, refusal.params["agreement"], refusal.params["item"]) == (
        "FREE_TEXT_HAS_AGREEMENT",
        "FI-1 Kontor",
        "Papir",
    )


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        (basket(line()), None),
        (basket(), "BASKET_EMPTY"),
        (basket(line(), address=None), "ADDRESS_MISSING"),
        (basket(line(coding=Coding("11000", "210"))), "CODING_INCOMPLETE"),
        (basket(line(coding=Coding("02000", "210", "20200"))), "CODING_INCOMPLETE"),  # investment, no project
        (basket(line(coding=Coding("02000", "210", "20200", "P1"))), None),
    ],
)
def test_a_basket_is_submitted_whole_or_not_at_all(facts, code):
    refusal = rules.first_refusal(facts, {ITEM: ON_OFFER}, lambda _line: [], lambda _line: None)
    assert (refusal.code if refusal else None) == code


def test_orders_are_split_by_supplier_agreement_and_currency():
    lines = [
        line(1),
        line(2, supplier_id=OTHER),
        line(3),
        line(4, agreement_id=None),
        line(5, currency="EUR"),
    ]
    assert sorted([one.position for one in group] for group in groups(lines)) == [[1, 3], [2], [4], [5]]


def test_vat_is_computed_on_the_sum_per_rate():
    # 3 x 33.3333 at 25 % and 2 x 49.90 at 15 %: 100.00 and 99.80; VAT 25.00 and 14.97.
    found = totals(
        [
            line(1, quantity=3 * MICRO, price=33_333_300),
            line(2, quantity=2 * MICRO, price=49_900_000, vat_rate=1500),
        ]
    )
    assert (found.net, found.vat, found.gross) == (199_80, 39_97, 239_77)


CHANGES = [
    {"quantity": 9 * MICRO},
    {"price": 52_900_001},
    {"seller_item_id": "40-2211"},
    {"name": "Anna papir"},
    {"unit_code": "PK"},
    {"vat_rate": 1500},
    {"agreement_id": None},
    {"supplier_id": OTHER},
    {"currency": "EUR"},
    {"frame": 1},
    {"coding": replace(CODED, account="11200")},
    {"coding": replace(CODED, responsibility="220")},
    {"coding": replace(CODED, function="20100")},
    {"coding": replace(CODED, project="P")},
    {"coding": replace(CODED, vat_treatment="not_recoverable")},
]


@pytest.mark.parametrize("change", CHANGES, ids=lambda c: next(iter(c)))
def test_any_change_of_a_line_changes_what_was_approved(change):
    assert approval_hashes(basket(line(**change))) != approval_hashes(basket(line()))


def test_delivery_marking_and_one_more_line_change_what_was_approved_but_number_and_need_do_not():
    whole = basket(line())
    stands = approval_hashes(whole)
    assert approval_hashes(replace(whole, address_id=OTHER)) != stands
    assert approval_hashes(replace(whole, marking="Rom 2")) != stands
    assert approval_hashes(basket(line(), line(2))) != stands
    assert approval_hashes(replace(whole, number="R2026-00002", need="Anna")) == stands


@given(st.permutations([1, 2, 3, 4]))
def test_the_order_of_rows_from_the_database_does_not_matter(order):
    lines = [line(n, supplier_id=OTHER if n % 2 else SELLER) for n in order]
    assert approval_hashes(basket(*lines)) == approval_hashes(
        basket(*sorted(lines, key=lambda x: x.position))
    )


quantities = st.integers(1, 500).map(lambda n: n * MICRO)
prices = st.integers(1, 900_000_000)


@given(st.lists(st.tuples(quantities, prices, st.sampled_from([0, 1500, 2500])), min_size=1, max_size=8))
def test_what_is_reserved_is_exactly_what_is_released(rows):
    lines = [line(i, quantity=q, price=p, vat_rate=r) for i, (q, p, r) in enumerate(rows, 1)]
    there = costs(lines, 2026)
    back = costs(lines, 2026, -1)
    assert {key: there[key] + back[key] for key in there} == dict.fromkeys(there, 0)
    assert sum(there.values()) == sum(one.net for one in lines)


def test_every_prospect_has_its_own_hash():
    made = prospects(basket(line(1), line(2, supplier_id=OTHER)))
    assert len({approval_hash(BUYER, one) for one in made}) == 2
