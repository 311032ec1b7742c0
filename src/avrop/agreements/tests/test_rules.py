"""Who may call off: only participants (FOA §26-1), units that it is for, while it is in force."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest

from avrop.agreements.facts import AgreementFacts, Participation
from avrop.agreements.queries import agreement, agreements_for, all_agreements
from avrop.agreements.rules import may_call_off
from avrop.tenancy.queries import unit
from avrop.tenancy.scope import as_system

BUYER, OTHER, OWNER = UUID(int=1), UUID(int=2), UUID(int=3)
DAY = date(2026, 11, 23)
BASE = AgreementFacts(
    id=UUID(int=9),
    owner_id=OWNER,
    ref="A-1",
    names={"nn": "Engros"},
    supplier_id=UUID(int=8),
    supplier_name="Storhus",
    state="active",
    valid_from=date(2026, 1, 1),
    valid_to=date(2027, 1, 1),
    delivery_mode="lorry",
    excluded_unit_kinds=frozenset({"school"}),
    participants=(Participation(BUYER),),
)
JOINS = replace(BASE, participants=(Participation(BUYER, date(2026, 6, 1), date(2026, 12, 1)),))


@pytest.mark.parametrize(
    ("one", "buyer", "kind", "day", "reason"),
    [
        (BASE, BUYER, "care_home", DAY, None),
        (BASE, BUYER, "school", DAY, "AGREEMENT_EXCLUDES_UNIT"),
        (BASE, OTHER, "care_home", DAY, "AGREEMENT_NOT_PARTICIPANT"),
        (BASE, OWNER, "care_home", DAY, "AGREEMENT_NOT_PARTICIPANT"),
        (BASE, OTHER, "school", DAY, "AGREEMENT_NOT_PARTICIPANT"),
        (BASE, BUYER, "care_home", date(2026, 1, 1), None),
        (BASE, BUYER, "care_home", date(2025, 12, 31), "AGREEMENT_NOT_VALID"),
        (BASE, BUYER, "care_home", date(2026, 12, 31), None),
        (BASE, BUYER, "care_home", date(2027, 1, 1), "AGREEMENT_NOT_VALID"),
        (replace(BASE, state="draft"), BUYER, "care_home", DAY, "AGREEMENT_NOT_VALID"),
        (replace(BASE, state="terminated"), BUYER, "care_home", DAY, "AGREEMENT_NOT_VALID"),
        (JOINS, BUYER, "care_home", date(2026, 5, 31), "AGREEMENT_NOT_PARTICIPANT"),
        (JOINS, BUYER, "care_home", date(2026, 6, 1), None),
        (JOINS, BUYER, "care_home", date(2026, 12, 1), "AGREEMENT_NOT_PARTICIPANT"),
    ],
)
def test_who_may_call_off(one, buyer, kind, day, reason) -> None:
    answer = may_call_off(one, buyer_id=buyer, unit_kind=kind, on=day)
    assert bool(answer) is (reason is None)
    assert getattr(answer, "reason", None) == reason


def test_a_refusal_names_the_agreement_and_the_supplier() -> None:
    answer = may_call_off(BASE, buyer_id=BUYER, unit_kind="school", on=DAY)
    assert getattr(answer, "params", {}) == {"agreement": "A-1", "supplier": "Storhus"}


def test_a_participant_sees_its_agreements_and_the_school_is_not_offered_the_lorry(world) -> None:
    with as_system(world.bremnes.id):
        assert [a.ref for a in agreements_for()] == ["FI-2026-01", "FI-2026-02"]
        school, care = unit(world.units["school"].id), unit(world.units["care"].id)
        assert [a.ref for a in agreements_for(unit=school)] == ["FI-2026-01"]
        assert [a.ref for a in agreements_for(unit=care)] == ["FI-2026-01", "FI-2026-02"]


def test_the_owner_sees_all_participants_and_a_participant_only_itself(world) -> None:
    with as_system(world.coop.id):
        seen = agreement(world.agreement.id)
        assert seen is not None and len(seen.participants) == 2
        assert agreements_for() == []
    with as_system(world.fjell.id):
        seen = agreement(world.agreement.id)
        assert seen is not None and [p.buyer_id for p in seen.participants] == [world.fjell.id]
    with as_system(world.kontor.id):
        assert all_agreements() == []


def test_agreements_cost_one_statement_however_many_they_are(world, django_assert_num_queries) -> None:
    with as_system(world.coop.id), django_assert_num_queries(1):
        assert len(all_agreements()) == 2
