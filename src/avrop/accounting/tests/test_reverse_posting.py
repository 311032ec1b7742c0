"""What is posted is corrected by a full reversal and a new posting (bokføringsloven §9)."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from django.test import Client

from avrop.accounting import double, jobs, operations, queries
from avrop.accounting.models import Posting, PostingLine
from avrop.accounting.tests.build import NURSERY, SCHOOL, fresh, proposed, release
from avrop.coding.facts import NOT_RECOVERABLE, budget_key
from avrop.commitments import queries as commitments
from avrop.commitments.facts import Balance
from avrop.journal.worker import run_until_idle
from avrop.kernel.finding import Refusal
from avrop.kernel.ports import today
from avrop.tenancy.scope import as_system, viewing

pytestmark = pytest.mark.django_db


def settle() -> None:
    run_until_idle()
    double.answer_all(jobs.folder())
    jobs.read_answers()


@pytest.fixture
def posted(world) -> Posting:
    posting = proposed(world, "F1", 100_000)
    release(world)
    settle()
    return fresh(posting)


def reverse(world, posting: Posting, coding=NURSERY, reason="Feil eining", login="rekna", **more):
    with viewing(world.viewer(login)):
        ids = operations.reverse_posting(
            posting_id=posting.id, reason=reason, codings={0: coding} if coding else None, **more
        )
    return [Posting._base_manager.get(id=one) for one in ids]


def balance(world, coding) -> Balance:
    key = budget_key(coding, today().year)
    with as_system(world.bremnes.id):
        return commitments.balances([key])[key]


def amounts(posting: Posting) -> list[tuple[str, str, int]]:
    rows = PostingLine._base_manager.filter(posting=posting).order_by("position")
    return list(rows.values_list("kind", "account", "amount"))


def test_the_reversal_is_the_exact_opposite_and_the_new_posting_has_the_new_coding(world, posted) -> None:
    before = amounts(posted)
    back, anew = reverse(world, posted)
    assert before == [("cost", "11000", 100_000), ("vat", "14290", 25_000), ("supplier", "23200", -125_000)]
    assert amounts(back) == [(kind, account, -amount) for kind, account, amount in before]
    assert amounts(anew) == [
        ("cost", "11200", 100_000),
        ("vat", "14290", 25_000),
        ("supplier", "23200", -125_000),
    ]
    assert (back.payable, anew.payable) == (-125_000, 125_000)
    assert amounts(posted) == before and fresh(posted).voucher == "B000001"  # what is posted stands
    assert (back.reverses_id, anew.corrects_id) == (posted.id, posted.id)
    assert (back.kind, anew.kind) == ("reversal", "correction")


def test_the_budget_moves_with_the_books(world, posted) -> None:
    reverse(world, posted)
    school, nursery = balance(world, SCHOOL), balance(world, NURSERY)
    assert (school.posted, school.invoiced, nursery.posted, nursery.invoiced) == (
        100_000,
        -100_000,
        0,
        100_000,
    )
    release(world)
    settle()
    school, nursery = balance(world, SCHOOL), balance(world, NURSERY)
    assert (school.posted, school.invoiced, nursery.posted, nursery.invoiced) == (0, 0, 100_000, 0)


def test_both_halves_go_in_one_batch_and_the_file_names_the_links(world, posted) -> None:
    back, anew = reverse(world, posted)
    release(world, anew)  # one half ticked
    settle()
    assert fresh(back).batch_id == fresh(anew).batch_id
    batch = fresh(back).batch
    assert (batch.count, batch.total, batch.state) == (2, 0, "answered")
    data = json.loads((jobs.folder() / "bremnes" / "out" / f"{batch.number}.json").read_bytes())
    about = {one["posting"]: one["about"] for one in data["postings"]}
    named = {"invoice": "F1", "posting": posted.id.hex}
    assert about[back.id.hex] == [named | {"relation": "reverses"}]
    assert about[anew.id.hex] == [named | {"relation": "corrects"}]
    with as_system(world.bremnes.id):
        assert queries.of_invoice(posted.invoice_id).id == anew.id  # what stands now
        assert queries.reconciliation().agrees


def test_vat_that_does_not_come_back_after_all_becomes_cost(world, posted) -> None:
    canteen = replace(SCHOOL, vat_treatment=NOT_RECOVERABLE)
    _back, anew = reverse(world, posted, coding=canteen)
    assert amounts(anew) == [("cost", "11000", 125_000), ("supplier", "23200", -125_000)]
    release(world)
    settle()
    assert balance(world, SCHOOL).posted == 125_000


def test_a_correction_is_corrected_again_the_first_posting_never(world, posted) -> None:
    back, anew = reverse(world, posted)
    with pytest.raises(Refusal, match="POSTING_REVERSED"):
        reverse(world, posted)
    with pytest.raises(Refusal, match="POSTING_NOT_POSTED"):
        reverse(world, anew, coding=SCHOOL)
    release(world)
    settle()
    with pytest.raises(Refusal, match="REVERSAL_STANDS"):
        reverse(world, back)
    again = reverse(world, anew, coding=SCHOOL)
    assert [one.turn for one in again] == [3, 4]
    release(world)
    settle()
    assert (balance(world, SCHOOL).posted, balance(world, NURSERY).posted) == (100_000, 0)


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"reason": " "}, "REASON_NEEDED"),
        ({"coding": None}, "NOTHING_CHANGED"),
        ({"coding": SCHOOL}, "NOTHING_CHANGED"),
        ({"coding": replace(SCHOOL, account="99999")}, "CODE_UNKNOWN"),
        ({"coding": replace(SCHOOL, function="")}, "CODING_INCOMPLETE"),
        ({"login": "lokal"}, "ACCOUNTANT_ONLY"),
        ({"login": "fakta"}, "ACCOUNTANT_ONLY"),
    ],
)
def test_what_is_no_correction_is_refused(world, posted, more, why: str) -> None:
    with pytest.raises(Refusal, match=why):
        reverse(world, posted, **more)
    assert Posting._base_manager.count() == 1


def test_the_accountant_corrects_on_the_page(world, posted, django_assert_max_num_queries) -> None:
    client = Client()
    client.force_login(world.people["rekna"])
    page = f"/o/bremnes/rekneskap/posteringar/{posted.id}/"
    with django_assert_max_num_queries(15):
        assert "Tilbakefør og bokfør på nytt" in client.get(page).content.decode()
    values = {"account_0": "11200", "responsibility_0": "220", "function_0": "20100", "project_0": ""}
    values |= {"vat_treatment_0": "compensated", "supplier_no": posted.supplier_no}
    assert client.post(f"{page}tilbakefor/", values).status_code == 200  # a reason is asked for
    client.post(f"{page}tilbakefor/", values | {"reason": "Feil eining"})
    assert Posting._base_manager.filter(reverses=posted).exists()
    text = client.get(page).content.decode()
    assert "Tilbakeføring" in text and "Ny postering etter tilbakeføring" in text
    assert client.get("/o/bremnes/rekneskap/posteringar/?kind=reversal").content.decode().count("F1") >= 1
