"""Any number, party, amount or word finds its purchase; and nobody finds a stranger's."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from avrop.desk import jobs, rules
from avrop.desk.models import Indexed, Mention
from avrop.desk.queries.search import find
from avrop.journal.worker import run_until_idle
from avrop.tenancy.scope import as_system
from tests.robot import Robot


@pytest.fixture
def bought(world):
    """A purchase from need to invoice, and the index after it."""
    robot = Robot("Bleier til småbarnsavdelinga")
    for act in ("ask", "approve", "answer", "receive", "invoice"):
        getattr(robot, act)()
        run_until_idle()
    jobs.index()
    return robot


def streams(world, query: str) -> list[str]:
    with as_system(world.bremnes.id):
        return [one.stream for one in find(query)]


def of(robot) -> str:
    from avrop.ordering.models import Order

    return Order._base_manager.get(id=robot.order_ref()[0]).stream


def wanted_words(robot) -> list[str]:
    from avrop.invoicing.models import Invoice
    from avrop.ordering.models import Order, OrderLine

    order = Order._base_manager.select_related("supplier").get(id=robot.order_ref()[0])
    invoice = Invoice._base_manager.get(stream=order.stream)
    line = OrderLine._base_manager.filter(order=order).first()
    kroner, ore = divmod(order.gross, 100)
    return [
        order.number,
        order.number.lower(),
        order.number.replace("-", ""),
        order.supplier.name.split()[0],
        order.supplier.orgnr,
        f"{order.supplier.orgnr[:3]} {order.supplier.orgnr[3:6]} {order.supplier.orgnr[6:]}",
        invoice.number,
        f"{kroner},{ore:02d}",
        f"{kroner:,}".replace(",", " ") + f",{ore:02d}",
        f"kr {kroner}.{ore:02d}",
        str(kroner),
        line.name.split()[0],
        "bleie",
        "SMÅBARN",
        "smaabarnsavdelinga",
        f"bleier {order.number}",
        order.requester_name.split()[0],
    ]


def test_every_way_to_say_it_finds_the_purchase(world, bought):
    for words in wanted_words(bought):
        assert of(bought) in streams(world, words), words


def test_all_words_must_be_mentioned(world, bought):
    assert streams(world, "bleier traktor") == []
    assert streams(world, "traktor") == []
    assert streams(world, "   ") == streams(world, "!?%") == []


def test_a_stranger_finds_nothing(world, bought):
    with as_system(world.fjell.id):
        assert find("bleier") == []


def test_the_index_is_written_anew_without_harm(world, bought):
    with as_system(world.bremnes.id):
        before = set(Mention.objects.values_list("stream", "word"))
        Indexed.objects.update(seq=0)
        jobs.index()
        assert set(Mention.objects.values_list("stream", "word")) == before
    assert jobs.index() == 0


def test_the_newest_purchase_comes_first(world, bought):
    with as_system(world.bremnes.id):
        row = Mention.objects.filter(word=b"bleier").get()
        Mention.objects.create(
            buyer_id=row.buyer_id, word=row.word, stream="purchase:older", at=row.at - timedelta(days=1)
        )
        assert [one.stream for one in find("bleier")] == [of(bought), "purchase:older"]


def test_a_frequent_word_finds_the_same(world, bought, monkeypatch):
    rarely = {words: streams(world, words) for words in (*wanted_words(bought), "bleier traktor", "traktor")}
    monkeypatch.setattr("avrop.desk.queries.search.FREQUENT", 1)
    assert {words: streams(world, words) for words in rarely} == rarely


def test_a_purchase_that_mentions_a_number_in_two_ways_is_found_once(world, bought):
    with as_system(world.bremnes.id):
        row = Mention.objects.filter(word=b"bleier").get()
        for word in (b"77123", rules.amount_term(77_123_00)):
            Mention.objects.create(buyer_id=row.buyer_id, word=word, stream=row.stream, at=row.at)
    assert streams(world, "77123") == [of(bought)]


def test_of_frequent_words_the_newest_come_first(world, bought, monkeypatch):
    monkeypatch.setattr("avrop.desk.queries.search.FREQUENT", 1)
    with as_system(world.bremnes.id):
        row = Mention.objects.filter(word=b"bleier").get()
        for word in (rules.EVERY, b"bleier"):
            began = row.at - timedelta(days=1)
            Mention.objects.create(buyer_id=row.buyer_id, word=word, stream="purchase:older", at=began)
        assert [one.stream for one in find("bleier")] == [of(bought), "purchase:older"]


def test_the_page_shows_what_was_found_with_few_statements(
    world, bought, client, django_assert_max_num_queries
):
    client.force_login(world.people["fakta"])
    with django_assert_max_num_queries(12):
        page = client.get(reverse("desk:search", kwargs={"slug": "bremnes"}), {"q": "bleier"})
    assert page.status_code == 200
    assert reverse("desk:thread", kwargs={"slug": "bremnes", "stream": of(bought)}) in page.content.decode()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("P2026-00012", {"p2026", "00012", "p202600012", "12"}),
        ("Åse's såpe", {"ase", "sape", "ases"}),
        ("a", set()),
        ("100%", {"100"}),
    ],
)
def test_words_are_written_as_they_may_be_asked(text, words):
    assert {one.decode() for one in rules.terms([text])} == words


@pytest.mark.parametrize(
    ("query", "ore"),
    [
        ("1 234,50", 123_450),
        ("1.234,50", 123_450),
        ("1234.50", 123_450),
        ("kr 49,00", 4_900),
        ("49,00 kr", 4_900),
    ],
)
def test_an_amount_is_understood_as_it_is_written(query, ore):
    (wanted,) = rules.asked(query)
    assert rules.amount_term(ore) in {one.low for one in wanted}


def test_whole_kroner_find_any_ore_of_them_and_no_other():
    (wanted,) = rules.asked("1234")
    inside = [one for one in (123_399, 123_400, 123_499, 123_500, 12_341, 1_234_000) if _found(wanted, one)]
    assert inside == [123_400, 123_499]


def _found(wanted: rules.Wanted, minor: int) -> bool:
    return any(one.low <= rules.amount_term(minor) < one.high for one in wanted)
