"""The pages of goods receipt: what is expected, one tap for all, a number for each line, and the receipt."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from avrop.delivery import queries
from avrop.delivery.models import Receipt
from avrop.delivery.tests.orders import MICRO, place
from avrop.tenancy.scope import as_system

MOST_STATEMENTS = 15


def _client(world, login: str) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(world.people[login])
    return client


def _get(world, login: str, address: str) -> str:
    client = _client(world, login)
    with CaptureQueriesContext(connection) as statements:
        response = client.get(address)
    assert response.status_code == 200, address
    assert len(statements) <= MOST_STATEMENTS, [s["sql"] for s in statements.captured_queries]
    return response.content.decode()


def _address(order, slug: str = "bremnes") -> str:
    return f"/o/{slug}/varemottak/ordre/{order.id}/"


def test_a_receiver_sees_what_is_coming_to_her_units_and_nothing_else(world) -> None:
    place(world, number="2026-00001")
    place(world, number="2026-00002", unit="care", requester="bjorn", approver="pleie")
    place(world, number="2026-00003", response_state="rejected")
    page = _get(world, "berit", "/o/bremnes/varemottak/")
    assert "2026-00001" in page and "Kontorvarer AS" in page
    assert "2026-00002" not in page and "2026-00003" not in page


def test_the_list_costs_no_more_for_many_orders(world) -> None:
    for number in range(1, 21):
        place(world, number=f"2026-{number:05d}")
    assert "2026-00020" in _get(world, "berit", "/o/bremnes/varemottak/")


def test_one_tap_receives_everything_and_says_so(world) -> None:
    order = place(world, ("10", "52.90"), ("3", "33.3333"))
    assert "Everything has come" in _get(world, "berit", _address(order))
    response = _client(world, "berit").post(_address(order), {"everything": "1", "seen": "0"}, follow=True)
    page = response.content.decode()
    assert "The receipt is registered" in page and "Nothing more to come" in page
    assert "Berit" in page
    with as_system(world.bremnes.id):
        assert [line.quantity for line in queries.receipts([order.id])[0].lines] == [10 * MICRO, 3 * MICRO]


def test_a_part_is_registered_line_by_line_with_a_decimal_comma(world) -> None:
    order = place(world, ("10", "52.90"), ("3", "33.3333"))
    data = {"seen": "0", "line_1": "2,5", "line_2": "", "note": "Resten kjem torsdag"}
    page = _client(world, "berit").post(_address(order), data, follow=True).content.decode()
    assert "A part came" in page and "2,5" in page and "Resten kjem torsdag" in page
    assert "7,5" in _get(world, "berit", _address(order))


@pytest.mark.parametrize("typed", ["11", "-1", "ti", "1e3"])
def test_a_wrong_number_is_explained_beside_its_field_and_nothing_is_received(world, typed) -> None:
    order = place(world)
    response = _client(world, "berit").post(_address(order), {"seen": "0", "line_1": typed})
    page = response.content.decode()
    assert response.status_code == 200
    assert 'aria-invalid="true"' in page and "Please put this right first" in page
    assert Receipt._base_manager.count() == 0


def test_two_taps_on_the_same_page_receive_once(world) -> None:
    order = place(world)
    client = _client(world, "berit")
    client.post(_address(order), {"seen": "0", "line_1": "1"})
    page = client.post(_address(order), {"seen": "0", "line_1": "1"}, follow=True).content.decode()
    assert "while you looked at it" in page
    assert Receipt._base_manager.count() == 1


def test_whoever_may_not_receive_is_told_why_and_gets_no_button(world) -> None:
    page = _get(world, "bjorn", _address(place(world)))
    assert "You are not a goods receiver for" in page
    assert "Everything has come" not in page


def test_the_approver_must_say_why(world) -> None:
    order = place(world, unit="nursery", requester="berit", approver="styrar")
    page = _get(world, "styrar", _address(order))
    assert "You approved this purchase" in page and 'name="everything"' not in page
    client = _client(world, "styrar")
    # The big button's value is not enough, and neither is an empty reason.
    refused = client.post(_address(order), {"everything": "1", "seen": "0", "line_1": "10", "exception": ""})
    assert refused.status_code == 200 and Receipt._base_manager.count() == 0
    data = {"seen": "0", "line_1": "10", "exception": "Einaste på jobb"}
    assert "by exception" in client.post(_address(order), data, follow=True).content.decode()


def test_strangers_find_nothing(world) -> None:
    order = place(world)
    client = _client(world, "berit")
    client.post(_address(order), {"everything": "1", "seen": "0"})
    receipt = Receipt._base_manager.get()
    frida = _client(world, "frida")
    for address in (
        _address(order, "fjell"),
        f"/o/fjell/varemottak/kvittering/{receipt.id}/",
        _address(order),
    ):
        assert frida.get(address).status_code == 404
    assert frida.post(_address(order, "fjell"), {"everything": "1"}).status_code == 404


@pytest.mark.parametrize("language", ["nn", "nb", "en"])
def test_pages_are_in_the_language_asked_for(world, language) -> None:
    order = place(world)
    client = _client(world, "berit")
    client.cookies["avrop_language"] = language
    page = client.get(_address(order)).content.decode()
    words = {"nn": "Alt er kome", "nb": "Alt er kommet", "en": "Everything has come"}
    assert [lang for lang, text in words.items() if text in page] == [language]


def test_a_box_is_refused_at_the_door_and_the_supplier_can_be_told(world) -> None:
    order = place(world, ("10", "52.90"))
    client = _client(world, "berit")
    data = {"line_1": "8", "refused_1": "2", "reason_1": "damaged", "seen": "0"}
    page = client.post(_address(order), data, follow=True).content.decode()
    assert "2 not accepted: Damaged" in page and "Tell the supplier" in page
    again = {"line_1": "1", "refused_1": "1", "seen": "1"}
    assert "Say why." in client.post(_address(order), again, follow=True).content.decode()


def test_something_goes_back_from_the_receipts_page(world) -> None:
    order = place(world, ("10", "52.90"))
    client = _client(world, "berit")
    client.post(_address(order), {"everything": "1", "seen": "0"})
    receipt = Receipt._base_manager.get()
    back = f"/o/bremnes/varemottak/kvittering/{receipt.id}/retur/"
    assert back in client.get(f"/o/bremnes/varemottak/kvittering/{receipt.id}/").content.decode()
    assert client.get(back).status_code == 200
    data = {"line_1": "2", "reason_code": "damaged", "expects": "replacement", "seen": "1"}
    page = client.post(back, data, follow=True).content.decode()
    assert "They are to come again" in page and "Damaged" in page
    too_many = client.post(back, {**data, "line_1": "9", "seen": "2"}).content.decode()
    assert "at most 8" in too_many


def test_a_wrong_receipt_is_corrected_and_both_stand_in_the_list(world) -> None:
    order = place(world, ("10", "52.90"))
    client = _client(world, "berit")
    client.post(_address(order), {"everything": "1", "seen": "0"})
    receipt = Receipt._base_manager.get()
    wrong = f"/o/bremnes/varemottak/kvittering/{receipt.id}/rett/"
    client.post(wrong, {"line_1": "10", "note": "Feil bestilling", "seen": "1"})
    listed = client.get("/o/bremnes/varemottak/liste/").content.decode()
    assert listed.count(str(order.id)) == 2
    narrowed = client.get("/o/bremnes/varemottak/liste/?kind=correction").content.decode()
    assert narrowed.count(str(order.id)) == 1
    assert _client(world, "bjorn").get(wrong).status_code == 403
    assert (
        _client(world, "frida").get(f"/o/fjell/varemottak/kvittering/{receipt.id}/retur/").status_code == 404
    )


def test_of_an_order_of_many_lines_a_part_is_registered_page_by_page(world) -> None:
    order = place(world, *[("10", "1.00")] * 120)
    first = _get(world, "berit", _address(order))
    assert (
        first.count("<fieldset"),
        _get(world, "berit", _address(order) + "?page=2").count("<fieldset"),
    ) == (100, 20)
    sent = {"seen": "0", "line_101": "4", "line_102": ""}
    _client(world, "berit").post(_address(order) + "?page=2", sent, follow=True)
    with as_system(world.bremnes.id):
        (receipt,) = queries.receipts([order.id])
    assert [line.quantity for line in receipt.lines] == [4 * MICRO]
