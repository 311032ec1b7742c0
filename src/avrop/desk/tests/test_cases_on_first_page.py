"""A case stands on the first page of whoever owns it, in words, and leads to what it is about."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from avrop.journal.models import Case
from avrop.journal.texts import KINDS
from avrop.kernel.ports import now
from avrop.tenancy.models import Person, RoleAssignment, Unit
from avrop.tenancy.scope import as_system

ROOMS = Path(__file__).resolve().parents[2]


def person_with(organisation, *roles: str) -> Client:
    person = Person.objects.create(login=f"case-{len(roles)}-{roles[0]}", name="Ein Som Eig")
    for role in roles:
        RoleAssignment._base_manager.create(organisation=organisation, person=person, role=role)
    client = Client(headers={"accept-language": "en"})
    client.force_login(person)
    return client


def a_case(organisation, owner: str) -> Case:
    return Case._base_manager.create(
        tenant=organisation,
        number="S2026-00009",
        kind="invoice_disputed",
        subject="invoicing.Invoice:0198f0aa000070008000000000000001",
        reason="INVOICE_DISPUTED",
        params={"number": "F-77", "seller": "Storhus"},
        owner_role=owner,
        due=date(2020, 1, 2),
        opened_at=now(),
    )


def test_the_owner_meets_the_case_in_words_on_the_first_page_and_others_do_not(world):
    case = a_case(world.bremnes, "invoice_clerk")
    page = person_with(world.bremnes, "invoice_clerk").get("/o/bremnes/").content.decode()
    assert f"/o/bremnes/saker/{case.id}/" in page
    assert "Invoice in dispute" in page and "F-77" in page and "Overdue" in page
    assert str(case.id) not in person_with(world.bremnes, "requisitioner").get("/o/bremnes/").content.decode()


def test_a_case_leads_to_what_it_is_about(world):
    case = a_case(world.bremnes, "invoice_clerk")
    page = person_with(world.bremnes, "invoice_clerk").get(f"/o/bremnes/saker/{case.id}/").content.decode()
    assert "/o/bremnes/fakturaer/0198f0aa-0000-7000-8000-000000000001/" in page


def test_every_kind_of_case_that_the_rooms_open_has_a_name(db):
    """The kinds are read from the source beside `open_case(`, and from the tables of those that choose one."""
    opened = set()
    for path in ROOMS.rglob("*.py"):
        text = path.read_text()
        if "tests" in path.parts or "open_case(" not in text:
            continue
        for call in re.findall(r"open_case\((.*?)\n {4,8}\)", text, re.DOTALL):
            opened |= set(re.findall(r'kind="([a-z_]+)"', call))
    opened |= {"invoice_without_order", "credit_without_original", "invoice_disputed", "credit_awaited"}
    assert len(opened) > 10
    assert opened <= set(KINDS), opened - set(KINDS)


def test_the_first_page_of_a_clerk_who_is_accountant_too_takes_at_most_twelve_statements(world):
    client = person_with(world.bremnes, "invoice_clerk", "accountant")
    a_case(world.bremnes, "accountant")
    client.get("/o/bremnes/")
    with CaptureQueriesContext(connection) as statements:
        assert b"Invoice in dispute" in client.get("/o/bremnes/").content
    assert len(statements) <= 12, [one["sql"] for one in statements.captured_queries]


def test_the_first_page_of_a_small_municipalitys_all_in_one_takes_at_most_twelve_statements(world):
    client = person_with(world.bremnes, "invoice_clerk", "accountant", "vendor_master", "buyer_admin")
    a_case(world.bremnes, "accountant")
    client.get("/o/bremnes/")
    with CaptureQueriesContext(connection) as statements:
        page = client.get("/o/bremnes/").content.decode()
    assert len(statements) <= 12, [one["sql"] for one in statements.captured_queries]
    with as_system(world.bremnes.id):
        units, addressed = (
            Unit.objects.count(),
            Unit.objects.filter(addresses__isnull=False).distinct().count(),
        )
        people = RoleAssignment.objects.values("person").distinct().count()
    assert f"{units} units, {addressed} with a delivery address" in page
    assert f"{people} people with roles" in page
