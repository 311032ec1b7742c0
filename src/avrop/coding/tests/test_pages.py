"""Budget and chart of accounts as pages."""

from __future__ import annotations

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from avrop.coding.budget import by_responsibility, cost_lines, is_purchase
from avrop.coding.models import Code
from avrop.commitments.facts import Balance, BudgetKey
from avrop.commitments.models import Account
from avrop.kernel.ports import today
from avrop.tenancy.scope import as_system


@pytest.fixture
def visit(world, client, django_assert_max_num_queries):
    def open_(login: str, name: str, *, slug: str = "bremnes", status: int = 200, data=None, **more) -> str:
        client.force_login(world.people[login])
        with django_assert_max_num_queries(15):
            answer = client.get(reverse(f"coding:{name}", kwargs={"slug": slug, **more}), data or {})
        assert answer.status_code == status
        return answer.content.decode()

    return open_


def test_left_by_responsibility_counts_orders_only_and_says_so(world, visit) -> None:
    with as_system(world.bremnes.id):
        key = BudgetKey(today().year, "210", "11000", "20200").text()
        Account.objects.filter(key=key).update(committed=6_000_000)
    page = visit("rekna", "budget")
    # Four lines of 50 000 kroner, 60 000 ordered on one of them.
    assert "200\u00a0000" in page and "140\u00a0000" in page
    assert "berre bestillingar" in page.casefold()
    page = visit("rekna", "responsibility", year=today().year, responsibility="210")
    assert "\u221210\u00a0000" in page


def test_the_chart_shows_codes_and_their_warnings(world, visit) -> None:
    with as_system(world.bremnes.id):
        Code.objects.filter(code="11150").update(warning="KOSTRA_RETIRED")
    assert "KOSTRA" in visit("lokal", "chart")
    page = visit("lokal", "chart", data={"warning": "KOSTRA_RETIRED"})
    assert "account 11150" in page and "account 11000" not in page


@pytest.mark.parametrize(
    "data", [{"year": "x"}, {"year": "1999"}, {"costs": "all"}, {"sort": "nonsense"}, {"q": "%"}]
)
def test_nonsense_in_the_address_breaks_nothing(visit, data) -> None:
    visit("rekna", "budget", data=data)


def test_only_a_buyers_own_people_read_its_budget(world, visit) -> None:
    visit("rekna", "responsibility", year=1999, responsibility="210", status=404)
    visit("finn", "budget", slug="fjell")
    visit("finn", "budget", slug="bremnes", status=404)
    visit("avtale", "budget", slug="coop", status=403)


@pytest.mark.parametrize(
    ("account", "answer"),
    [("11000", True), ("12999", True), ("10100", False), ("14290", False), ("X1", True), ("17000", False)],
)
def test_goods_and_services_are_arts_100_to_299(account: str, answer: bool) -> None:
    assert is_purchase(account) is answer


balances = st.builds(
    Balance,
    key=st.builds(
        lambda r, a: BudgetKey(2026, r, a).text(),
        st.sampled_from(["1", "2"]),
        st.sampled_from(["11000", "10100"]),
    ),
    limit=st.integers(-1000, 1000),
    limit_known=st.just(True),
    reserved=st.integers(0, 100),
    committed=st.integers(0, 100),
    accrued=st.integers(0, 100),
    invoiced=st.integers(0, 100),
    posted=st.integers(0, 100),
)


@given(st.lists(balances, max_size=10))
def test_the_sums_by_responsibility_are_the_sums_of_their_lines(found: list[Balance]) -> None:
    lines = cost_lines(found, purchases=False)
    sums = by_responsibility(lines)
    assert sum(one.bound for one in sums) == sum(one.bound for one in found)
    assert sum(one.left for one in sums) == sum(one.left for _, one in lines)
