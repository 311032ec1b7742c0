"""The accountant's pages."""

from __future__ import annotations

import json
import re

import pytest
from django.test import Client

from avrop.accounting import double, jobs
from avrop.journal.worker import run_until_idle
from tests.stories.purchase import ordered

pytestmark = pytest.mark.django_db
BUDGET = 15


def client_of(world, login: str) -> Client:
    client = Client()
    client.force_login(world.people[login])
    return client


def test_the_accountant_releases_on_the_page_and_reads_the_reconciliation(
    world, django_assert_max_num_queries
) -> None:
    purchase = ordered(world, ("papir", 10))
    purchase.answer()
    purchase.receive()
    purchase.invoice()
    client = client_of(world, "rekna")
    with django_assert_max_num_queries(BUDGET):
        page = client.get("/o/bremnes/rekneskap/").content.decode()
    chosen = re.findall(r'name="posting" value="([0-9a-f-]+)"', page)
    assert len(chosen) == 1
    to = client.post("/o/bremnes/rekneskap/release/", {"posting": chosen})
    run_until_idle()
    double.answer_all(jobs.folder())
    assert jobs.read_answers() == 1
    with django_assert_max_num_queries(BUDGET):
        batch = client.get(to["Location"]).content.decode()
    assert "B000001" in batch
    assert "Tal og sum stemmer" in batch
    written = (jobs.folder() / "bremnes" / "out").glob("*.json")
    content = client.get(to["Location"] + "batch.json").content
    assert content == next(written).read_bytes()
    assert json.loads(content)["total"] == "661.25"  # 10 x 52.90 and 25 %
    assert b"1K" in client.get(to["Location"] + "batch.csv").content


def test_only_the_accountant_releases_and_strangers_see_nothing(world) -> None:
    assert client_of(world, "fakta").get("/o/bremnes/rekneskap/").status_code == 403
    assert client_of(world, "revisor").get("/o/bremnes/rekneskap/").status_code == 200
