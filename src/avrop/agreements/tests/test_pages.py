"""The agreements' pages for the co-operation, the contract owner and the requisitioner."""

from __future__ import annotations

import pytest
from django.urls import reverse


@pytest.fixture
def visit(world, client, django_assert_max_num_queries):
    def open_(login: str, name: str, *, slug: str = "bremnes", status: int = 200, data=None, **more) -> str:
        client.force_login(world.people[login])
        with django_assert_max_num_queries(15):
            answer = client.get(reverse(f"agreements:{name}", kwargs={"slug": slug, **more}), data or {})
        assert answer.status_code == status
        return answer.content.decode()

    return open_


def test_the_co_operation_sees_participants_excluded_units_period_and_catalogue(world, client, visit) -> None:
    client.cookies["avrop_language"] = "en"
    page = visit("avtale", "list", slug="coop")
    assert "FI-2026-01" in page and "FI-2026-02" in page
    page = visit("avtale", "agreement", slug="coop", agreement_id=world.lorry.id)
    for text in ("Bremnes kommune", "Fjell kommune", "Storhus Engros AS", "Avtale", "school"):
        assert text.casefold() in page.casefold(), text


def test_a_participant_reads_the_agreement_but_not_who_else_takes_part(world, visit) -> None:
    page = visit("berit", "agreement", agreement_id=world.agreement.id)
    assert "Bremnes kommune" in page
    assert "Fjell kommune" not in page


def test_the_list_can_be_searched_sorted_and_narrowed(visit) -> None:
    page = visit("lokal", "list", data={"q": "storhus", "sort": "-ends", "force": "yes"})
    assert "FI-2026-02" in page and "FI-2026-01" not in page
    assert "FI-2026-02" not in visit("lokal", "list", data={"force": "no"})


def test_a_stranger_gets_404_and_a_supplier_no_list(world, visit) -> None:
    from avrop.agreements.models import AgreementParticipant

    AgreementParticipant._base_manager.filter(agreement=world.agreement, buyer=world.bremnes).delete()
    visit("berit", "agreement", agreement_id=world.agreement.id, status=404)
    visit("selma", "list", slug="kontor", status=403)
    visit("selma", "list", slug="coop", status=404)
