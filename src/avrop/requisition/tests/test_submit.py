"""Submitting a basket: everything is asked again, the cost is reserved."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from avrop.agreements.models import Agreement, AgreementParticipant
from avrop.catalogue.models import CatalogueItem, CatalogueVersion
from avrop.coding.models import CodingDefault
from avrop.commitments.facts import BudgetKey
from avrop.commitments.models import Account, Movement
from avrop.commitments.queries import check
from avrop.kernel.finding import Refusal
from avrop.kernel.ports import today
from avrop.requisition import operations, queries
from avrop.requisition.facts import NewLine
from avrop.requisition.models import Requisition
from avrop.requisition.tests.helpers import filled, free_line, item_line
from avrop.suppliers.models import SupplierRelation
from avrop.tenancy.scope import as_system, everything, viewing
from tests.world import MICRO


def submit(world, ident, login="berit"):
    with viewing(world.viewer(login)):
        operations.submit(requisition_id=ident)


def refused(world, ident, login="berit") -> Refusal:
    with pytest.raises(Refusal) as caught:
        submit(world, ident, login)
    with as_system(world.bremnes.id):
        assert Requisition.objects.get(id=ident).state == "draft"
        assert not Movement.objects.exists()
    return caught.value


def school_key() -> str:
    return BudgetKey(today().year, "210", "11000", "20200").text()


def test_the_cost_is_reserved_net_where_vat_is_compensated(world):
    submit(world, filled(world, item_line(world, "papir", 10)))
    with as_system(world.bremnes.id):
        assert Account.objects.get(key=school_key()).reserved == 529_00
        assert check() == []


def test_the_cost_is_reserved_gross_where_vat_is_not_recovered(world):
    with as_system(world.bremnes.id):
        CodingDefault.objects.update(vat_treatment="not_recoverable")
    submit(world, filled(world, item_line(world, "papir", 10)))
    with as_system(world.bremnes.id):
        assert Account.objects.get(key=school_key()).reserved == 661_25


def test_the_suggested_coding_says_where_it_came_from(world):
    with as_system(world.bremnes.id):
        CodingDefault.objects.create(buyer=world.bremnes, kind="category", key="4412", account="11200")
    ident = filled(world, item_line(world, "papir"), item_line(world, "batteri"))
    with as_system(world.bremnes.id):
        paper, battery = queries.requisition(ident).lines
    assert (paper.coding.account, paper.coding_source) == ("11200", "category")
    assert (battery.coding.account, battery.coding_source) == ("11000", "unit")


def test_free_text_is_refused_where_an_agreement_has_the_item_and_the_agreement_is_named(world):
    with pytest.raises(Refusal) as caught:
        filled(world, free_line(world, "Kopipapir A4", 500))
    assert caught.value.code == "FREE_TEXT_HAS_AGREEMENT"
    assert "FI-2026-01" in str(caught.value.params["agreement"])


def test_free_text_in_the_basket_is_refused_when_an_agreement_has_got_the_item_meanwhile(world):
    ident = filled(world, free_line(world, "Spesialtilpassa skriveplate", 500))
    with everything("a new item"):
        version = CatalogueVersion.objects.get(agreement=world.agreement)
        CatalogueItem.objects.create(
            version=version,
            agreement=world.agreement,
            seller_item_id="99-1",
            name="Skriveplate spesialtilpassa",
            search_words="skriveplate spesialtilpassa",
            unit_code="EA",
            price=MICRO,
        )
    assert refused(world, ident).code == "FREE_TEXT_HAS_AGREEMENT"


def test_free_text_that_no_agreement_fits_is_a_frame(world):
    ident = filled(world, free_line(world, "Reparasjon av piano", 900))
    with as_system(world.bremnes.id):
        (line,) = queries.requisition(ident).lines
    assert (line.frame, line.net, line.quantity) == (900_00, 900_00, MICRO)
    submit(world, ident)


def test_the_lorry_wholesaler_is_not_for_schools(world):
    with pytest.raises(Refusal) as caught:
        filled(world, item_line(world, "kaffi"))
    assert caught.value.code == "AGREEMENT_EXCLUDES_UNIT"
    submit(world, filled(world, item_line(world, "kaffi"), login="bjorn", unit="care"), "bjorn")


@pytest.mark.parametrize(
    ("after", "code"),
    [
        (lambda w: Agreement.objects.update(excluded_unit_kinds=["school"]), "AGREEMENT_EXCLUDES_UNIT"),
        (lambda w: Agreement.objects.update(valid_to=today()), "AGREEMENT_NOT_VALID"),
        (lambda w: Agreement.objects.update(state="terminated"), "AGREEMENT_NOT_VALID"),
        (
            lambda w: AgreementParticipant.objects.filter(buyer=w.bremnes).update(
                valid_to=today() - timedelta(1)
            ),
            "AGREEMENT_NOT_PARTICIPANT",
        ),
        (lambda w: AgreementParticipant.objects.filter(buyer=w.bremnes).delete(), "AGREEMENT_NOT_VISIBLE"),
        (lambda w: CatalogueItem.objects.update(price=60 * MICRO), "PRICE_CHANGED"),
        (lambda w: CatalogueItem.objects.update(unit_code="PK"), "ITEM_CHANGED"),
        (lambda w: CatalogueVersion.objects.update(state="superseded"), "ITEM_NOT_AVAILABLE"),
        (lambda w: SupplierRelation.objects.update(blocked=True), "SUPPLIER_BLOCKED"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_changed_after_the_basket_was_filled_is_asked_again(world, after, code):
    ident = filled(world)
    with everything("something changes"):
        after(world)
    assert refused(world, ident).code == code


def test_a_basket_needs_an_address_and_contents(world):
    with viewing(world.viewer("berit")):
        empty = operations.create(unit_id=world.units["school"].id)
    assert refused(world, empty).code == "BASKET_EMPTY"
    ident = filled(world)
    with viewing(world.viewer("berit")):
        operations.set_delivery(requisition_id=ident, address_id=None)
    assert refused(world, ident).code == "ADDRESS_MISSING"


def test_only_requisitioners_of_the_unit_may_order_for_it(world):
    with pytest.raises(Refusal) as caught:
        filled(world, unit="care")
    assert caught.value.code == "NOT_REQUISITIONER"


def test_only_the_requester_may_change_or_submit(world):
    ident = filled(world)
    with viewing(world.viewer("rektor")), pytest.raises(Refusal) as caught:
        operations.submit(requisition_id=ident)
    assert caught.value.code == "NOT_YOUR_BASKET"
    with viewing(world.viewer("rektor")), pytest.raises(Refusal):
        operations.add_item(requisition_id=ident, item_id=world.items["perm"].id, quantity=MICRO)


def test_a_stranger_does_not_find_the_basket(world):
    ident = filled(world)
    with viewing(world.viewer("frida", "fjell")), pytest.raises(Requisition.DoesNotExist):
        operations.submit(requisition_id=ident)


def test_the_same_item_twice_is_one_line(world):
    ident = filled(world, item_line(world, "papir", 2))
    with viewing(world.viewer("berit")):
        operations.add_item(requisition_id=ident, item_id=world.items["papir"].id, quantity=3 * MICRO)
        (line,) = queries.requisition(ident).lines
        assert line.quantity == 5 * MICRO
        operations.change_line(line_id=line.id, quantity=4 * MICRO)
        operations.remove_line(line_id=line.id)
        assert queries.requisition(ident).lines == ()
        operations.add_item(requisition_id=ident, item_id=world.items["perm"].id, quantity=MICRO)
        assert [one.name for one in queries.requisition(ident).lines] == ["Ringperm A4 blå"]


def test_a_code_that_the_chart_does_not_have_is_refused(world):
    ident = filled(world)
    with viewing(world.viewer("berit")):
        (line,) = queries.requisition(ident).lines
        with pytest.raises(Refusal) as caught:
            operations.change_line(line_id=line.id, coding=coding("19999"))
        assert caught.value.code == "CODE_UNKNOWN"
        operations.change_line(line_id=line.id, coding=coding("11200"))
        (line,) = queries.requisition(ident).lines
    assert (line.coding.account, line.coding_source) == ("11200", "line")


def coding(account):
    from avrop.coding.facts import Coding

    return Coding(account, "210", "20200")


def test_withdrawing_releases_what_was_reserved(world):
    ident = filled(world)
    submit(world, ident)
    with viewing(world.viewer("berit")):
        operations.withdraw(requisition_id=ident)
    with as_system(world.bremnes.id):
        assert Account.objects.get(key=school_key()).reserved == 0
        assert Requisition.objects.get(id=ident).state == "withdrawn"
        assert check() == []


def test_a_submitted_basket_cannot_be_changed_until_it_is_taken_back(world):
    ident = filled(world)
    submit(world, ident)
    with viewing(world.viewer("berit")):
        with pytest.raises(Refusal):
            operations.add_free_text(requisition_id=ident, line=free_line(world))
        operations.reopen(requisition_id=ident)
        operations.add_free_text(requisition_id=ident, line=free_line(world))
        operations.submit(requisition_id=ident)
    with as_system(world.bremnes.id):
        assert Account.objects.get(key=school_key()).reserved == 529_00 + 900_00


def test_submitting_takes_few_statements(world):
    ident = filled(world, *(item_line(world, key, 5) for key in ("papir", "perm", "blyant", "batteri")))
    with (
        viewing(world.viewer("berit")),
        CaptureQueriesContext(
            connection,
        ) as counted,
    ):
        operations.submit(requisition_id=ident)
    statements = [q["sql"] for q in counted if not q["sql"].startswith(("SAVEPOINT", "RELEASE"))]
    most = 10 if connection.vendor == "sqlite" else 11  # PostgreSQL also locks the stream
    assert len(statements) <= most, "\n".join(statements)


def test_a_new_line_cannot_smuggle_in_a_price(world):
    """What a line costs comes from the catalogue, whatever the caller says."""
    wanted = NewLine(item_id=world.items["papir"].id, quantity=MICRO, frame=1, name="Noko anna")
    ident = filled(world, wanted)
    with as_system(world.bremnes.id):
        (line,) = queries.requisition(ident).lines
    assert (line.name, line.price, line.frame) == ("Kopipapir A4 80 g", 52_900_000, None)
