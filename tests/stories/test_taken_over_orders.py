"""The day a municipality starts: the old system's open orders come along, and their invoices match at once."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.core.management import call_command

from avrop.coding.facts import Coding
from avrop.commitments import queries as commitments
from avrop.commitments.facts import BudgetKey
from avrop.delivery import operations as delivery
from avrop.invoicing.models import Invoice
from avrop.journal.worker import run_until_idle
from avrop.kernel.finding import Refusal
from avrop.kernel.ports import today
from avrop.matching import queries as matching
from avrop.ordering import queries as ordering
from avrop.ordering.takeover import operations as takeover
from avrop.ordering.tests.open_orders import line, order
from avrop.tenancy.models import RoleAssignment
from avrop.tenancy.scope import as_system, viewing
from avrop.ubl.documents import order as t01
from tests.stories.purchase import Line, deliver, invoice_xml

pytestmark = pytest.mark.django_db
KEY = BudgetKey(today().year, "210", "11000", "20200").text()
UNCODED = BudgetKey(today().year, "", "").text()


def imported(capsys, folder: Path, *documents: t01.Order) -> tuple[int, list[dict]]:
    files = []
    for document in documents:
        files.append(folder / f"{document.id}.xml")
        files[-1].write_bytes(t01.write(document))
    capsys.readouterr()
    with pytest.raises(SystemExit) as left:
        call_command("ordering", "import", *map(str, files), "--approved-by", "radmann", "--json")
    return int(left.value.code or 0), [json.loads(text) for text in capsys.readouterr().out.splitlines()]


def received(world, number: str, login: str = "berit", **more) -> None:
    with as_system(world.bremnes.id):
        found = ordering.orders_by_numbers([number])[number]
    with viewing(world.viewer(login)):
        delivery.receive(order_id=found.id, **more)
    run_until_idle()


def billed(world, one: Line, number: str, order_number: str) -> None:
    deliver(invoice_xml(world.kontor, world.bremnes, [one], number=number, order=order_number))


def state(world, number: str) -> tuple[str, set[str]]:
    with as_system(world.bremnes.id):
        match = matching.of_invoice(Invoice.objects.get(number=number).id)
    assert match is not None
    return match.state, {one.code for one in match.deviations if one.state == "open"}


def bound(world, key: str) -> tuple[int, int, int]:
    with as_system(world.bremnes.id):
        found = commitments.balances([key])[key]
    return found.committed, found.accrued, found.invoiced


def test_three_open_orders_are_taken_over_received_and_invoiced(world, tmp_path, capsys) -> None:
    paper = order(world.bremnes, world.kontor, line(), number="UB-1")
    binders = order(world.bremnes, world.kontor, line("7", "4", "24.50", item="40-3310"), number="UB-2")
    unclear = order(
        world.bremnes, world.kontor, line("1", "2", "89.00", item="77-1180", coding="?"), number="UB-3"
    )
    status, told = imported(capsys, tmp_path, paper, binders, unclear)
    assert status == 0
    assert [(one["order"], one["lines"], one["total"], one["uncoded"]) for one in told] == [
        ("UB-1", 1, "661.25", 0),  # 529.00 and 25 per cent
        ("UB-2", 1, "122.50", 0),
        ("UB-3", 1, "222.50", 1),
    ]
    assert (bound(world, KEY), bound(world, UNCODED)) == ((62_700, 0, 0), (17_800, 0, 0))

    # Goods first, then the invoice: touchless, as for an order of our own.
    received(world, "UB-1")
    deliver(
        invoice_xml(
            world.kontor,
            world.bremnes,
            [Line("10", "52.90", "40-2210", order_line="1")],
            number="1",
            order="UB-1",
        )
    )
    assert state(world, "1") == ("approved", set())

    # The invoice first: it waits for the goods. The line keeps the number that it had in the old system.
    deliver(
        invoice_xml(
            world.kontor, world.bremnes, [Line("4", "24.50", "x", order_line="7")], number="2", order="UB-2"
        )
    )
    assert state(world, "2")[0] == "awaiting_receipt"
    received(world, "UB-2")
    assert state(world, "2") == ("approved", set())
    assert bound(world, KEY) == (0, 0, 62_700)

    # Without coding everything fits but the coding itself; the accountant gives it, and the invoice goes on.
    received(world, "UB-3")
    deliver(
        invoice_xml(
            world.kontor,
            world.bremnes,
            [Line("2", "89.00", "77-1180", order_line="1")],
            number="3",
            order="UB-3",
        )
    )
    assert state(world, "3") == ("deviation", {"UNCODED"})
    assert bound(world, UNCODED) == (0, 17_800, 0)
    with viewing(world.viewer("rekna")):
        found = ordering.orders_by_numbers(["UB-3"])["UB-3"]
        takeover.code_lines(order_id=found.id, lines=[1], coding=Coding("11000", "210", "20200"))
    run_until_idle()
    assert state(world, "3") == ("approved", set())
    assert (bound(world, UNCODED), bound(world, KEY)) == ((0, 0, 0), (0, 0, 80_500))


def test_the_same_files_again_change_nothing_and_another_with_a_taken_number_is_refused(
    world, tmp_path, capsys
) -> None:
    first = order(world.bremnes, world.kontor, number="UB-1")
    imported(capsys, tmp_path, first)
    status, (again,) = imported(capsys, tmp_path, first)
    assert (status, again["again"], again["order"]) == (0, True, "UB-1")
    status, (told,) = imported(
        capsys, tmp_path, order(world.bremnes, world.kontor, line(quantity="3"), number="UB-1")
    )
    assert (status, told["refused"], told["order"]) == (1, "TAKEOVER_NUMBER_TAKEN", None)


def test_one_bad_file_does_not_stop_the_others(world, tmp_path, capsys) -> None:
    bad = tmp_path / "bad.xml"
    bad.write_bytes(b"<Order>")
    good = tmp_path / "good.xml"
    good.write_bytes(t01.write(order(world.bremnes, world.kontor)))
    missing = tmp_path / "missing.xml"
    capsys.readouterr()
    with pytest.raises(SystemExit) as left:
        files = map(str, (bad, missing, good))
        call_command("ordering", "import", *files, "--approved-by", "radmann", "--json")
    told = [json.loads(text) for text in capsys.readouterr().out.splitlines()]
    assert left.value.code == 2
    assert [(Path(one["file"]).name, one["order"]) for one in told] == [
        ("bad.xml", None),
        ("missing.xml", None),
        ("good.xml", "UB-88123"),
    ]
    assert all(one["reason"] for one in told[:2])


def test_whoever_answered_for_the_order_does_not_receive_it_alone(world, tmp_path, capsys) -> None:
    imported(capsys, tmp_path, order(world.bremnes, world.kontor, number="UB-1"))
    with as_system(world.bremnes.id):
        RoleAssignment.objects.create(
            organisation=world.bremnes, person=world.people["radmann"], role="receiver"
        )
    with pytest.raises(Refusal, match="APPROVER_RECEIVES"):
        received(world, "UB-1", "radmann")
    received(world, "UB-1", "radmann", exception="Ingen andre er på jobb")
