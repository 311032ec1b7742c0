"""The stranger: the neighbour's clerk and another supplier have the addresses, and there is nothing there."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from avrop.accounting.models import PostingBatch
from avrop.delivery.models import Receipt
from avrop.invoicing.models import Invoice
from avrop.matching.models import Match
from avrop.ordering.models import Order
from avrop.portal.models import SalesOrder
from avrop.tenancy.scope import everything
from tests.stories.purchase import Purchase, ordered

pytestmark = pytest.mark.django_db


def paid(world) -> Purchase:
    purchase = ordered(world, ("papir", 10))
    purchase.answer("accept")
    purchase.receive()
    purchase.invoice()
    purchase.to_the_books()
    return purchase


def addresses(slug: str) -> dict[str, tuple[str, str]]:
    """Pages of one purchase under an organisation's name, with somebody of Bremnes who may see each."""
    with everything("the test writes addresses down"):
        order, match = Order.objects.get(), Match.objects.get()
        found = {
            "ordering:order": ("berit", {"order_id": order.id}),
            "ordering:pdf": ("berit", {"order_id": order.id}),
            "ordering:document": ("berit", {"order_id": order.id}),
            "ordering:xml": ("berit", {"order_id": order.id}),
            "requisition:requisition": ("berit", {"requisition_id": order.requisition_id}),
            "delivery:receipt": ("berit", {"receipt_id": Receipt.objects.get().id}),
            "invoicing:invoice": ("fakta", {"invoice_id": Invoice.objects.get().id}),
            "invoicing:document": ("fakta", {"invoice_id": Invoice.objects.get().id}),
            "invoicing:original": ("fakta", {"invoice_id": Invoice.objects.get().id}),
            "matching:match": ("fakta", {"match_id": match.id}),
            "accounting:batch": ("rekna", {"batch_id": PostingBatch.objects.get().id}),
            "accounting:json": ("rekna", {"batch_id": PostingBatch.objects.get().id}),
            "desk:thread": ("berit", {"stream": order.stream}),
            "desk:thread_json": ("berit", {"stream": order.stream}),
        }
    return {name: (who, reverse(name, kwargs={"slug": slug, **how})) for name, (who, how) in found.items()}


def see(world, login: str, address: str) -> int:
    client = Client()
    client.force_login(world.people[login])
    return client.get(address).status_code


def test_the_neighbour_finds_nothing_under_either_name_where_our_own_people_read(world) -> None:
    paid(world)
    own = {name: see(world, who, address) for name, (who, address) in addresses("bremnes").items()}
    assert set(own.values()) == {200}, own
    for slug in ("bremnes", "fjell"):
        seen = {name: see(world, "finn", address) for name, (_, address) in addresses(slug).items()}
        assert set(seen.values()) == {404}, (slug, seen)


def test_another_supplier_neither_reads_nor_answers_the_order(world) -> None:
    purchase = ordered(world, ("papir", 10))
    with everything("the test writes an address down"):
        ident = SalesOrder.objects.get().id
    stein, selma = Client(), Client()
    stein.force_login(world.people["stein"])
    selma.force_login(world.people["selma"])

    def address(name: str, slug: str) -> str:
        return reverse(f"portal:{name}", kwargs={"slug": slug, "order_id": ident})

    assert selma.get(address("order", "kontor")).status_code == 200
    for slug in ("kontor", "storhus"):
        assert stein.get(address("order", slug)).status_code == 404
        assert stein.post(address("accept", slug)).status_code == 404
    assert purchase.order().response_state == "awaited"
