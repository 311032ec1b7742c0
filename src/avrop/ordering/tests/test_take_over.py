"""An open order of another system is taken over as sent, or refused with a reason."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from hashlib import sha256

import pytest

from avrop.commitments import queries as commitments
from avrop.commitments.facts import BudgetKey
from avrop.journal import audit
from avrop.journal.models import Delivery, Entry
from avrop.kernel.finding import Refusal
from avrop.kernel.ports import originals, today
from avrop.messaging.models import Message
from avrop.ordering import queries
from avrop.ordering.facts import OrderFacts
from avrop.ordering.models import Order
from avrop.ordering.takeover import operations
from avrop.ordering.tests.open_orders import line, order
from avrop.requisition.tests.helpers import approve_all, item_line, submitted
from avrop.tenancy.models import Organisation
from avrop.tenancy.scope import as_system, viewing
from avrop.ubl.documents import order as t01
from avrop.ubl.documents import parts as p
from avrop.ubl.mapping import Quantity

KEY = BudgetKey(today().year, "210", "11000", "20200").text()
UNCODED = BudgetKey(today().year, "", "").text()


def take(world, document: t01.Order, login: str = "radmann", slug: str = "bremnes") -> operations.Result:
    raw = t01.write(document)
    with viewing(world.viewer(login, slug)):
        return operations.take_over(document=document, sha256=originals().put(raw), size=len(raw))


def found(world, number: str = "UB-88123") -> OrderFacts:
    with as_system(world.bremnes.id):
        return queries.orders_by_numbers([number])[number]


def committed(world, key: str) -> int:
    with as_system(world.bremnes.id):
        return commitments.balances([key])[key].committed


def test_it_keeps_its_number_and_lines_and_is_sent_already_though_nothing_leaves(world) -> None:
    lines = (line(), line("2", "4", "24.50", item="40-3310", name="Ringperm A4 blå"))
    result = take(world, order(world.bremnes, world.kontor, *lines))
    taken = found(world)
    # 10 x 52.90 + 4 x 24.50 = 627.00 and 25 per cent of it is 156.75
    assert (result.number, result.lines, result.gross, result.uncoded) == ("UB-88123", 2, 78_375, 0)
    assert (taken.net, taken.vat, taken.gross, taken.approved_gross) == (62_700, 15_675, 78_375, 78_375)
    assert (taken.transport_state, taken.response_state, taken.requisition_id) == ("sent", "none", None)
    assert (taken.unit_id, taken.requester_name) == (world.units["school"].id, "Gamle skulen")
    assert taken.delivery["street"] == "Skulevegen 2"
    assert [one.quantity for one in taken.lines] == [10_000_000, 4_000_000]
    message = Message._base_manager.get(id=taken.message_id)
    assert (message.state, message.direction, message.number) == ("sent", "out", "UB-88123")
    assert message.sha256 == sha256(t01.write(order(world.bremnes, world.kontor, *lines))).hexdigest()
    assert not Delivery.objects.exists()


def test_its_cost_is_committed_on_the_budget_line_that_its_coding_names(world) -> None:
    take(world, order(world.bremnes, world.kontor))
    assert committed(world, KEY) == 52_900
    assert found(world).lines[0].coding.responsibility == "210"


@pytest.mark.parametrize("text", [None, "Berit på skulen", "11000", "11000-999-20200", "99999-210-20200"])
def test_coding_that_the_chart_does_not_know_is_an_uncoded_commitment(world, text) -> None:
    lines = (line(coding=text), line("2", "4", "24.50", item="40-3310"))
    result = take(world, order(world.bremnes, world.kontor, *lines))
    assert result.uncoded == 1
    assert (committed(world, UNCODED), committed(world, KEY)) == (52_900, 9_800)


def test_the_coding_of_the_whole_order_holds_for_lines_without_their_own(world) -> None:
    document = order(
        world.bremnes,
        world.kontor,
        line(coding=None),
        accounting_cost="Konto 11000 Ansvar 210 Funksjon 20200",
    )
    assert take(world, document).uncoded == 0
    assert committed(world, KEY) == 52_900


def test_the_same_file_again_changes_nothing(world) -> None:
    document = order(world.bremnes, world.kontor)
    first = take(world, document)
    entries = Entry._base_manager.count()
    again = take(world, document)
    assert (again.order_id, again.again) == (first.order_id, True)
    assert Entry._base_manager.count() == entries
    assert Order._base_manager.count() == 1


def test_another_order_with_a_number_that_is_taken_is_refused(world) -> None:
    take(world, order(world.bremnes, world.kontor))
    with pytest.raises(Refusal, match="TAKEOVER_NUMBER_TAKEN"):
        take(world, order(world.bremnes, world.kontor, line(quantity="11")))


def test_our_own_series_goes_on_above_a_number_of_its_form(world) -> None:
    take(world, order(world.bremnes, world.kontor, number=f"{today().year}-00041"))
    submitted(world, item_line(world, "perm", 4))
    approve_all(world)
    assert found(world, f"{today().year}-00042").net == 9_800


@pytest.mark.parametrize(
    ("login", "slug", "code"),
    [
        ("berit", "bremnes", "TAKEOVER_MANDATE"),  # no mandate at all
        ("pleie", "bremnes", "TAKEOVER_MANDATE"),  # a mandate elsewhere
        ("fakta", "bremnes", "TAKEOVER_MANDATE"),  # 5 000 kr do not cover 6 612.50
        ("finn", "fjell", "TAKEOVER_OTHER_BUYER"),
    ],
)
def test_whoever_answers_for_it_needs_a_mandate_for_the_whole(world, login, slug, code) -> None:
    with pytest.raises(Refusal, match=code):
        take(world, order(world.bremnes, world.kontor, line(quantity="100")), login, slug)
    assert not Order._base_manager.exists()


def test_a_buyer_or_seller_that_is_not_set_up_is_named_in_the_refusal(world) -> None:
    unknown = Organisation(orgnr="974760673", name="Ukjend AS")
    with pytest.raises(Refusal, match="TAKEOVER_NO_SELLER") as refused:
        take(world, order(world.bremnes, unknown))
    assert "974760673" in str(refused.value.params["found"])
    with pytest.raises(Refusal, match="TAKEOVER_NO_BUYER"):
        take(world, order(unknown, world.kontor))
    with pytest.raises(Refusal, match="TAKEOVER_NO_BUYER"):
        take(world, order(world.kontor, world.kontor))


@pytest.mark.parametrize(
    ("bad", "code"),
    [
        ({"lines": (line(quantity="0"),)}, "TAKEOVER_LINE"),
        ({"lines": (line(quantity="-1"),)}, "TAKEOVER_LINE"),
        ({"lines": (line(price=None),)}, "TAKEOVER_LINE"),
        ({"lines": (line(price="-5"),)}, "TAKEOVER_LINE"),
        ({"lines": (line(quantity="999999999999"),)}, "TAKEOVER_LINE"),
        ({"lines": (line(quantity="999999999", price="999999999"),)}, "TAKEOVER_LINE"),
        ({"lines": ()}, "TAKEOVER_NO_LINES"),
        ({"currency": "EUR"}, "TAKEOVER_CURRENCY"),
        ({"id": "9" * 101}, "TAKEOVER_NUMBER"),
    ],
)
def test_what_cannot_be_an_order_of_ours_is_refused_with_its_reason(world, bad, code) -> None:
    with viewing(world.viewer("radmann")), pytest.raises(Refusal, match=code):
        document = replace(order(world.bremnes, world.kontor), **bad)
        operations.take_over(document=document, sha256="0" * 64, size=1)


def test_a_lines_own_amount_stands_where_allowances_make_it_another_than_the_price(world) -> None:
    allowance = p.AllowanceCharge(False, Decimal("29.00"), reason="Rabatt")
    lines = (
        line(amount="500.00", allowance_charges=(allowance,)),
        line("2", "3", None, amount="10.00", item="x"),
        line("3", "24", "12.00", item="y"),
    )
    take(world, order(world.bremnes, world.kontor, *lines))
    assert [one.net for one in found(world).lines] == [50_000, 1_000, 28_800]


def test_a_price_per_dozen_is_a_price_per_dozen(world) -> None:
    dozen = p.Price(Decimal("120.00"), base_quantity=Quantity(Decimal(12), "EA"))
    take(world, order(world.bremnes, world.kontor, replace(line(quantity="24"), price=dozen)))
    (only,) = found(world).lines
    assert (only.price, only.base_quantity, only.net) == (120_000_000, 12_000_000, 24_000)


def test_vat_that_no_line_says_is_read_from_the_orders_vat_total(world) -> None:
    totals = p.MonetaryTotal(line_extension=Decimal("529.00"), payable=Decimal("608.35"))
    document = order(world.bremnes, world.kontor, line(rate=None), tax_amount=Decimal("79.35"), totals=totals)
    result = take(world, document)
    assert (found(world).lines[0].vat_rate, result.warnings) == (1500, ("VAT_DERIVED",))  # 79.35 of 529.00
    result = take(world, order(world.bremnes, world.kontor, line(rate=None), number="UB-2"))
    assert (found(world, "UB-2").lines[0].vat_rate, result.warnings) == (2500, ("VAT_ASSUMED",))


def test_line_numbers_are_kept_for_the_invoice_or_given_from_one(world) -> None:
    take(world, order(world.bremnes, world.kontor, line("20"), line("10", item="b")))
    assert sorted(one.line_no for one in found(world).lines) == [10, 20]
    result = take(world, order(world.bremnes, world.kontor, line("A"), line("B", item="b"), number="UB-2"))
    assert [one.line_no for one in found(world, "UB-2").lines] == [1, 2]
    assert result.warnings == ("LINES_RENUMBERED",)


def test_the_audit_chain_covers_what_was_taken_over(world) -> None:
    take(world, order(world.bremnes, world.kontor, issued=date(today().year, 1, 2)))
    report = audit.verify(covered=False)
    assert report.ok, report.places
