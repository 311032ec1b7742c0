"""Every address of the house, walked by strangers: another organisation's page and another's object answer 404."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.urls import URLResolver, get_resolver, reverse

from avrop.catalogue.models import PriceList
from avrop.journal.models import Case
from avrop.kernel.ports import now, today
from avrop.messaging import intake
from avrop.ordering.models import Order, OrderChange
from avrop.portal.models import SalesChange, SalesOrder
from avrop.suppliers.models import AccountConfirmation
from avrop.tenancy.facts import ROLES
from avrop.tenancy.models import Person, RoleAssignment
from tests.robot import Robot
from tests.world import World, _organisation, build_world

# what a name in an address stands for -> the table whose rows of others are tried; None: not somebody's object
PARAMS: dict[str, str | None] = {
    "version_id": "catalogue.CatalogueVersion",
    "price_list_id": "catalogue.PriceList",
    "agreement_id": "agreements.Agreement",
    "requisition_id": "requisition.Requisition",
    "line_id": "requisition.RequisitionLine",
    "task_id": "approval.ApprovalTask",
    "subject_id": "requisition.Requisition",
    "response_id": "ordering.OrderResponse",
    "order_change_id": "ordering.OrderChange",
    "order_id": "ordering.Order",
    "receipt_id": "delivery.Receipt",
    "invoice_id": "invoicing.Invoice",
    "match_id": "matching.Match",
    "batch_id": "accounting.PostingBatch",
    "posting_id": "accounting.Posting",
    "relation_id": "suppliers.SupplierRelation",
    "account_id": "suppliers.BankAccount",
    "confirmation_id": "suppliers.AccountConfirmation",
    "message_id": "messaging.Message",
    "case_id": "journal.Case",
    "stream": "requisition.Requisition",
    "delivery_id": None,  # the operator's; checked by permission below
    "year": None,
    "responsibility": None,
}
IN_PORTAL = {
    "order_id": "portal.SalesOrder",
    "invoice_id": "portal.SalesInvoice",
    "change_id": "portal.SalesChange",
}


def addresses(
    resolver: Any = None, prefix: str = "", space: str = ""
) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """(pattern, name to reverse, parameter names) of everything below /o/<slug>/."""
    for one in (resolver or get_resolver()).url_patterns:
        pattern = prefix + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from addresses(one, pattern, f"{one.namespace}:" if one.namespace else space)
        elif pattern.startswith("o/<slug:slug>/"):
            names = tuple(n for n in _names(pattern) if n != "slug")
            yield pattern, f"{space}{one.name}", names


def _names(pattern: str) -> list[str]:
    return [part.split(">")[0].split(":")[-1] for part in pattern.split("<")[1:]]


ALL = sorted(addresses())
pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def played(django_db_setup, django_db_blocker):
    """A purchase that went all the way, and an organisation whose person holds every role, for all tests here."""
    from django.db import transaction

    from avrop.journal import chain
    from avrop.kernel import ports

    with django_db_blocker.unblock(), ports.using(originals=ports.MemoryOriginals()), transaction.atomic():
        from django.conf import settings

        before = settings.AVROP_OUTER_TRANSACTION
        settings.AVROP_OUTER_TRANSACTION = True
        chain.clear_heads()
        world = build_world()
        Robot("a stranger's curiosity").run()
        intake.receive(b"not xml", transport="file")
        _open_things(world)
        other = _organisation("framand", "buyer", "Framand kommune", 31500000)
        stranger = Person.objects.create(login="framand", name="Framand")
        for role in ROLES:
            RoleAssignment._base_manager.create(organisation=other, person=stranger, role=role)
        yield world, stranger
        transaction.set_rollback(True)
        settings.AVROP_OUTER_TRANSACTION = before
        chain.clear_heads()


def _open_things(world: World) -> None:
    """What a finished purchase leaves none of: each still waits for somebody."""
    PriceList._base_manager.create(
        owner=world.coop,
        agreement=world.agreement,
        sha256="0" * 64,
        kind="csv",
        rows=0,
        state="open",
        at=now(),
    )
    Case._base_manager.create(
        tenant=world.bremnes,
        number="S1",
        kind="bad_message",
        subject="-",
        reason="EMPTY",
        owner_role="invoice_clerk",
        due=today(),
        opened_at=now(),
    )
    sale = SalesOrder._base_manager.first()
    SalesChange._base_manager.create(
        seller_id=sale.seller_id,
        order=sale,
        message_id=sale.message_id,
        kind="change",
        number="E1",
        sequence=1,
        issue_date=today(),
        received_at=now(),
    )
    AccountConfirmation._base_manager.create(
        buyer=world.bremnes, supplier=world.kontor, account="97105302049", opened_at=now(), due=today()
    )
    order = Order._base_manager.first()
    OrderChange._base_manager.create(
        buyer_id=order.buyer_id,
        order=order,
        kind="change",
        state="sent",
        gross_before=order.gross,
        gross_after=order.gross,
        proposed_at=now(),
    )


def values(names: tuple[str, ...], portal: bool) -> Iterator[dict[str, Any]]:
    """Parameters that are other people's objects (the first few of each)."""
    table = PARAMS | IN_PORTAL if portal else PARAMS
    unknown = [n for n in names if n not in table]
    assert not unknown, f"say in PARAMS what {unknown} stand for"
    owned = [n for n in names if table[n]]
    if not owned:
        return
    found = {n: list(apps.get_model(table[n])._base_manager.all()[:3]) for n in owned}
    for name, rows in found.items():
        assert rows, f"the played purchase leaves no {table[name]} to try"
    for index in range(max(len(rows) for rows in found.values())):
        chosen = {name: rows[index % len(rows)] for name, rows in found.items()}
        yield {name: row.stream if name == "stream" else row.pk for name, row in chosen.items()}


@pytest.mark.parametrize(("pattern", "name", "names"), ALL, ids=[a[0] for a in ALL])
def test_a_strangers_object_answers_404(played, client, pattern, name, names):
    _world, stranger = played
    client.force_login(stranger)
    for params in values(names, name.startswith("portal:")):
        address = reverse(name, kwargs={"slug": "framand", **params})
        answers = {client.get(address).status_code, client.post(address).status_code}
        # 405: the address has no such verb, for anybody; nothing was looked up.
        assert 404 in answers and answers <= {404, 405}, (address, answers)


@pytest.mark.parametrize(("pattern", "name", "names"), ALL, ids=[a[0] for a in ALL])
def test_another_organisations_address_answers_404_and_the_unknown_must_log_in(
    played, client, pattern, name, names
):
    _world, stranger = played
    fill = dict.fromkeys(names, "x")
    fill |= {n: "01980000-0000-7000-8000-000000000000" for n in names if n.endswith("_id")}
    fill |= {n: 1 for n in names if n in ("year", "delivery_id")}
    address = reverse(name, kwargs={"slug": "bremnes", **fill})
    anonymous = client.get(address)
    assert (anonymous.status_code, anonymous["Location"].partition("?")[0]) == (302, "/login/")
    client.force_login(stranger)
    for send in (client.get, client.post):
        assert send(address).status_code == 404


def test_only_the_platforms_operator_replays(played, client):
    world, _stranger = played
    client.force_login(world.people["lokal"])
    assert client.get(reverse("journal:parked", kwargs={"slug": "bremnes"})).status_code == 403


def test_counts_and_searches_show_a_stranger_nothing(played, client):
    _world, stranger = played
    client.force_login(stranger)
    for _pattern, name, names in ALL:
        if names:
            continue
        for key in ("q", "query", "search", "words"):
            page = client.get(reverse(name, kwargs={"slug": "framand"}), {key: "kopi"})
            text = page.content.decode().lower()
            for word in ("kontorvarer", "kopipapir", "bremnes kommune", "40-2210"):
                assert word not in text, (name, word)
