"""The list of invoices: searched, filtered, sorted, saved; and a credit note beside its invoice."""

from __future__ import annotations

import pytest

from avrop.invoicing.models import Invoice
from avrop.invoicing.tests.test_pages import BUDGET, client_of
from avrop.tenancy.scope import as_system
from tests.stories.purchase import Line, deliver, invoice_xml

pytestmark = pytest.mark.django_db
ONE = (Line("1", "100.00", "X-1", name="Vare"),)


@pytest.fixture
def both(world) -> None:
    deliver(invoice_xml(world.kontor, world.bremnes, ONE))
    named = [("9001", None)]
    deliver(invoice_xml(world.kontor, world.bremnes, ONE, number="K-1", credit_note=True, preceding=named))


def test_it_is_searched_filtered_and_sorted(world, both, django_assert_max_num_queries) -> None:
    client = client_of(world, "fakta", "en")
    with django_assert_max_num_queries(BUDGET):
        notes = client.get("/o/bremnes/fakturaer/?kind=credit_note&sort=seller&state=valid").content.decode()
    assert "K-1" in notes
    assert ">9001<" not in notes
    assert "K-1" not in client.get("/o/bremnes/fakturaer/?answer=RE").content.decode()
    assert "has a credit note" in client.get("/o/bremnes/fakturaer/?q=9001&sort=-order").content.decode()


def test_a_credit_note_counts_below_zero_in_the_sheet(world, both) -> None:
    sheet = client_of(world, "fakta", "en").get("/o/bremnes/fakturaer/?export=csv&sort=number")
    content = b"".join(sheet.streaming_content).decode("utf-8-sig")
    lines = [one for one in content.splitlines() if "9001" in one or "K-1" in one]
    assert ["-125,00" in one for one in lines] == [False, True]


def test_invoice_and_credit_note_lead_to_each_other(world, both, django_assert_max_num_queries) -> None:
    client = client_of(world, "fakta", "en")
    with as_system(world.bremnes.id):
        ids = dict(Invoice.objects.values_list("number", "id"))
    with django_assert_max_num_queries(BUDGET):
        page = client.get(f"/o/bremnes/fakturaer/{ids['K-1']}/").content.decode()
    assert f"/fakturaer/{ids['9001']}/" in page
    assert f"/fakturaer/{ids['K-1']}/" in client.get(f"/o/bremnes/fakturaer/{ids['9001']}/").content.decode()
