"""The seller's pages: three answers, an invoice in two clicks, and what became of it."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from avrop.kernel.ports import today
from avrop.portal import operations
from avrop.portal.models import SalesInvoice, SalesOrder
from avrop.portal.tests.letters import (
    Line,
    answer_invoice,
    as_clerk,
    billed,
    cancellation_of,
    change_of,
    order_of,
    sent_advanced,
    sent_invoice,
    sent_response,
    take,
    take_cancellation,
    take_change,
)
from avrop.ubl.documents import order as order_xml

MOST_STATEMENTS = 12
SALES = "/o/kontor/sal/"


@pytest.fixture
def selma(world) -> Client:
    return _client(world, "selma")


def _client(world, login: str) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(world.people[login])
    return client


def _get(client: Client, address: str) -> str:
    with CaptureQueriesContext(connection) as statements:
        response = client.get(address)
    assert response.status_code == 200, address
    assert len(statements) <= MOST_STATEMENTS, [s["sql"] for s in statements.captured_queries]
    return response.content.decode()


def _order(order, part: str = "") -> str:
    return f"{SALES}ordrar/{order.id}/{part}"


def test_the_first_page_shows_what_waits(world, selma) -> None:
    take(world, order_of(world, number="2026-00001"))
    take(world, order_of(world, number="2026-00002", profile=order_xml.PROFILE_ORDER_ONLY))
    page = _get(selma, SALES)
    assert "2026-00001" in page and "2026-00002" in page
    assert "No answer needed" in page and "Bremnes kommune" in page


def test_lists_cost_no_more_for_many_orders(world, selma) -> None:
    for number in range(1, 13):
        order = take(world, order_of(world, number=f"2026-{number:05d}"))
        with as_clerk(world):
            operations.answer(sales_order_id=order.id, decision="accept")
            operations.invoice(sales_order_id=order.id)
    for address in ("", "ordrar/", "fakturaer/"):
        _get(selma, SALES + address)


def test_orders_are_found_by_number_buyer_and_item(world, selma) -> None:
    take(world, order_of(world, Line(), Line(name="Ringperm blå"), number="2026-00001"))
    take(world, order_of(world, number="2026-00002"))
    page = _get(selma, SALES + "ordrar/?q=ringperm+bremnes")
    assert "2026-00001" in page and "2026-00002" not in page
    assert '<td class="num" role="cell" data-label="Lines">2</td>' in page
    assert "Nothing was found" in _get(selma, SALES + "ordrar/?q=ukjend")


def test_one_click_accepts(world, selma) -> None:
    order = take(world, order_of(world))
    page = _get(selma, _order(order))
    assert "Accept all" in page and "Change lines" in page and "Make invoice" not in page
    page = selma.post(_order(order, "godta/"), follow=True).content.decode()
    assert "The order is accepted" in page and "Make invoice" in page and "Accept all" not in page
    assert sent_response(world).code == "AP"


def test_lines_are_changed_with_a_decimal_comma(world, selma) -> None:
    order = take(world, order_of(world, Line("10", "52.90"), Line("2", "24.50")))
    assert "Send the proposal" in _get(selma, _order(order, "endre/"))
    data = {
        "quantity_1": "8", "price_1": "53,5", "note_1": "Restordre", "quantity_2": "2", "price_2": "24,50",
        "reject_2": "on", "note": "Kjem fredag",
    }  # fmt: skip
    page = selma.post(_order(order, "endre/"), data, follow=True).content.decode()
    assert "The proposal is sent" in page and "Your change is a proposal" in page and "Restordre" in page
    response = sent_response(world)
    assert [line.status_code for line in response.lines] == ["3", "7"]
    assert response.notes == ("Kjem fredag",)


def test_a_change_of_nothing_is_explained_and_keeps_what_was_typed(world, selma) -> None:
    order = take(world, order_of(world))
    data = {"quantity_1": "1", "price_1": "100", "note_1": "", "note": "Berre ein merknad"}
    page = selma.post(_order(order, "endre/"), data).content.decode()
    assert "Nothing is changed" in page and "Berre ein merknad" in page
    assert SalesOrder._base_manager.get().state == "new"


def test_a_free_text_price_above_the_frame_is_explained(world, selma) -> None:
    order = take(world, order_of(world, Line("1", "2000", item=None, name="Reparasjon")))
    assert "approved up to" in _get(selma, _order(order, "endre/"))
    data = {"quantity_1": "1", "price_1": "2000,01"}
    page = selma.post(_order(order, "endre/"), data).content.decode()
    assert "approved up to NOK 2000,00" in page and "NOK 2000,01" in page


def test_a_rejection_needs_a_reason(world, selma) -> None:
    order = take(world, order_of(world))
    page = selma.post(_order(order, "avvis/"), {"note": ""}).content.decode()
    assert "Please put this right first" in page
    page = selma.post(_order(order, "avvis/"), {"note": "Utgått vare"}, follow=True).content.decode()
    assert "The order is rejected" in page and "Utgått vare" in page and "Make invoice" not in page
    assert sent_response(world).code == "RE"


def test_an_invoice_takes_two_clicks(world, selma) -> None:
    order = take(world, order_of(world, Line("10", "52.90"), Line("2", "49.90", "15", name="Kaffi")))
    selma.post(_order(order, "godta/"))
    preview = _get(selma, _order(order, "faktura/"))
    # 529.00 at 25 % is 132.25, 99.80 at 15 % is 14.97
    assert "132,25" in preview and "14,97" in preview and "776,02" in preview.replace("\u00a0", " ")
    data = {"after": "0", "delivered_on": today().isoformat(), "quantity_1": "10", "quantity_2": "2"}
    page = selma.post(_order(order, "faktura/"), data, follow=True).content.decode()
    assert "The invoice is sent" in page and SalesInvoice._base_manager.get().kid in page
    assert [line.order_line for line in sent_invoice(world).lines] == ["1", "2"]


def test_a_part_is_counted_anew_before_it_is_sent(world, selma) -> None:
    order = take(world, order_of(world, Line("10", "50")))
    selma.post(_order(order, "godta/"))
    data = {"after": "0", "delivered_on": today().isoformat(), "quantity_1": "2,5"}
    counted = selma.post(_order(order, "faktura/"), data | {"count": "1"}).content.decode()
    assert "156,25" in counted and "Send invoice" in counted
    assert SalesInvoice._base_manager.count() == 0
    selma.post(_order(order, "faktura/"), data)
    again = selma.post(_order(order, "faktura/"), data).content.decode()
    assert "was invoiced while you looked at it" in again
    assert SalesInvoice._base_manager.get().gross == 156_25


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"delivered_on": "i går", "quantity_1": "1"},
        {"delivered_on": "2026-01-01", "quantity_1": "11"},
        {"delivered_on": "2026-01-01", "quantity_1": ""},
        {"delivered_on": date(2999, 1, 1).isoformat(), "quantity_1": "1"},
    ],
)
def test_an_invoice_that_cannot_be_is_explained_and_not_sent(world, selma, data) -> None:
    order = take(world, order_of(world, Line("10", "50")))
    selma.post(_order(order, "godta/"))
    response = selma.post(_order(order, "faktura/"), data)
    assert response.status_code == 200 and 'role="alert"' in response.content.decode()
    assert SalesInvoice._base_manager.count() == 0


def test_the_fate_of_an_invoice_is_shown_with_the_buyers_words(world, selma) -> None:
    order = take(world, order_of(world))
    with as_clerk(world):
        operations.answer(sales_order_id=order.id, decision="accept")
        ident = operations.invoice(sales_order_id=order.id)
    row = SalesInvoice._base_manager.get(id=ident)
    answer_invoice(world, world.bremnes, row.number, "RE", "Prisen er 3 kr for høg")
    page = _get(selma, f"{SALES}fakturaer/{ident}/")
    assert "The buyer has rejected this invoice" in page and "Prisen er 3 kr for høg" in page
    assert "Rejected" in _get(selma, SALES)
    assert row.number in _get(selma, SALES + "fakturaer/?response_code=RE")
    assert row.number not in _get(selma, SALES + "fakturaer/?response_code=PD&q=2026")


def _billed(world, *lines: Line):
    return SalesInvoice._base_manager.get(id=billed(world, *lines))


def test_a_part_is_credited_after_it_is_counted(world, selma) -> None:
    row = _billed(world, Line("10", "50"), Line("2", "24.50"))
    page = _get(selma, f"{SALES}fakturaer/{row.id}/")
    assert "Make credit note" in page
    address = f"{SALES}fakturaer/{row.id}/krediter/"
    _get(selma, address)
    data = {"after": "0", "reason": "To i retur, og rabatt", "quantity_1": "2,5", "amount_2": "9,00"}
    counted = selma.post(address, data | {"count": "1"}).content.decode()
    # 125.00 + 9.00 and 33.50 of VAT
    assert "167,50" in counted
    assert SalesInvoice._base_manager.count() == 1
    page = selma.post(address, data, follow=True).content.decode()
    assert "The credit note is sent" in page and "Credits invoice" in page and row.number in page
    assert SalesInvoice._base_manager.get(kind="credit_note").gross == 167_50
    again = selma.post(address, data).content.decode()
    assert "was credited while you looked at it" in again
    assert "Partly credited" in _get(selma, f"{SALES}fakturaer/{row.id}/")


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"reason": "Retur"},
        {"reason": "Retur", "quantity_1": "11"},
        {"reason": "Retur", "quantity_1": "1", "amount_1": "5"},
        {"reason": "", "quantity_1": "1"},
        {"reason": "Retur", "amount_1": "500,01"},
    ],
)
def test_a_credit_note_that_cannot_be_is_explained_and_not_sent(world, selma, data) -> None:
    row = _billed(world, Line("10", "50"))
    response = selma.post(f"{SALES}fakturaer/{row.id}/krediter/", data)
    assert response.status_code == 200 and 'role="alert"' in response.content.decode()
    assert SalesInvoice._base_manager.count() == 1


def test_all_that_is_left_is_credited_without_typing_it(world, selma) -> None:
    row = _billed(world, Line("10", "50"))
    address = f"{SALES}fakturaer/{row.id}/krediter-alt/"
    assert f'href="{address}"' in _get(selma, f"{SALES}fakturaer/{row.id}/krediter/")
    assert _get(selma, address) and not SalesInvoice._base_manager.filter(kind="credit_note")
    selma.post(address, {"after": "0", "reason": "Alt i retur"})
    made = SalesInvoice._base_manager.get(kind="credit_note")
    assert (made.gross, made.note) == (625_00, "Alt i retur")


def test_what_will_be_sent_is_shown_before_all_of_an_invoice_is_credited(world, selma) -> None:
    row = _billed(world, Line("10", "50"))
    address = f"{SALES}fakturaer/{row.id}/krediter-alt/"
    page = _get(selma, address)
    assert "500,00" in page and "625,00" in page and "is credited in full" in page  # 10 x 50 and 25 % VAT
    assert "Nothing is sent before you press the button" in page
    assert not SalesInvoice._base_manager.filter(kind="credit_note").exists()
    nothing = selma.post(address, {"after": "0", "reason": ""}).content.decode()
    assert 'role="alert"' in nothing and not SalesInvoice._base_manager.filter(kind="credit_note").exists()
    for _ in range(2):  # a double click
        selma.post(address, {"after": "0", "reason": "Alt i retur"})
    assert SalesInvoice._base_manager.filter(kind="credit_note").count() == 1


def test_a_rejection_says_what_the_law_wants_and_leads_to_the_credit_note(world, selma) -> None:
    row = _billed(world)
    answer_invoice(world, world.bremnes, row.number, "RE", "Feil referanse")
    assert "Credit notes to make" in _get(selma, SALES)
    page = _get(selma, f"{SALES}fakturaer/{row.id}/")
    assert "§ 5-2-7" in page and "Make a new invoice" in page and "Feil referanse" in page
    address = f"{SALES}fakturaer/{row.id}/krediter-alt/"
    assert f'href="{address}"' in page
    reason = f"The buyer has rejected invoice {row.number}."
    assert f"{reason}</textarea>" in _get(selma, address)
    page = selma.post(address, {"after": "0", "reason": reason}, follow=True).content.decode()
    assert "The credit note is sent" in page
    assert "It is credited" in _get(selma, f"{SALES}fakturaer/{row.id}/")
    page = selma.post(address, {"after": "0", "reason": reason}).content.decode()
    assert f"All of invoice {row.number} is credited" in page
    assert row.number in _get(selma, SALES + "fakturaer/?kind=invoice&response_code=RE")
    assert "K2" not in _get(selma, SALES + "fakturaer/?kind=invoice")
    assert "Nothing was found" in _get(selma, SALES + "fakturaer/?waits=credit")


def test_a_buyers_wish_for_a_credit_note_is_a_task(world, selma) -> None:
    row = _billed(world, Line("10", "50"))
    answer_invoice(world, world.bremnes, row.number, "UQ", "To mangla", action="CNP")
    first = _get(selma, SALES)
    assert f"Credit a part of {row.number}" in first and "To mangla" in first
    page = _get(selma, f"{SALES}fakturaer/{row.id}/")
    assert "asks for a part of the invoice to be credited" in page and "Choose what to credit" in page
    assert "To mangla" in _get(selma, f"{SALES}fakturaer/{row.id}/krediter/")


def test_a_dispute_is_shown(world, selma) -> None:
    row = _billed(world)
    answer_invoice(world, world.bremnes, row.number, "UQ", "Vi ventar på leveringa")
    page = _get(selma, f"{SALES}fakturaer/{row.id}/")
    assert "The buyer disputes this invoice" in page and "Vi ventar på leveringa" in page


def test_an_invoice_the_buyers_system_refused_says_so(world, selma) -> None:
    from avrop.messaging.models import Message

    row = _billed(world)
    Message._base_manager.filter(id=row.message_id).update(
        state="rejected", reason="REJECTED_BY_RECEIVER", params={"said": "BR-CO-15"}
    )
    page = _get(selma, f"{SALES}fakturaer/{row.id}/")
    assert "The invoice did not get through" in page and "BR-CO-15" in page and "Credit all of it" in page
    assert "does not give the total with VAT (BT-112)" in page, "what the rule means, in our words"


def _advanced(world):
    document = order_of(world, Line("10", "52.90"), Line("2", "24.50"), profile=order_xml.PROFILE_ADVANCED)
    order = take(world, document)
    with as_clerk(world):
        operations.answer(sales_order_id=order.id, decision="accept")
    return document, order


def test_a_change_shows_what_is_asked_beside_what_stands(world, selma) -> None:
    document, order = _advanced(world)
    asked = take_change(world, change_of(document, ("1", "3", Line("20", "52.90")), ("2", "2", Line())))
    assert "The buyer asks for a change" in _get(selma, SALES)
    assert "See it and answer" in _get(selma, _order(order))
    assert order.number in _get(selma, SALES + "ordrar/?waits=change")
    page = _get(selma, _order(order, f"endringar/{asked.id}/"))
    assert "Vi treng fleire." in page and "Taken back" in page and "Send the answer" in page
    done = selma.post(
        _order(order, f"endringar/{asked.id}/"),
        {"lines": "1", "decline_2": "on", "note": "Pakka"},
        follow=True,
    ).content.decode()
    assert "The buyer is told" in done and "Partly accepted" in done
    page = _get(selma, _order(order, f"endringar/{asked.id}/"))
    assert "Pakka" in page and "Send the answer" not in page
    assert [line.status_code for line in sent_advanced(world).lines] == ["5", "3"]


def test_a_cancellation_of_what_is_invoiced_says_why_it_cannot_be(world, selma) -> None:
    document, order = _advanced(world)
    with as_clerk(world):
        operations.invoice(sales_order_id=order.id, lines={"1": 4_000_000})
    asked = take_cancellation(world, cancellation_of(document))
    address = _order(order, f"endringar/{asked.id}/")
    page = _get(selma, address)
    assert "invoiced more than this already" in page and "Some of this is invoiced already" in page
    refused = selma.post(address, {"lines": "1"}).content.decode()
    assert "invoiced more than this already" in refused
    refused = selma.post(address, {"decline": "1", "note": ""}).content.decode()
    assert "Write why you say no" in refused
    page = selma.post(address, {"decline": "1", "note": "Alt er levert"}, follow=True).content.decode()
    assert "Declined" in page
    assert sent_advanced(world).code == "RE"


def test_another_orders_change_is_not_found(world, selma) -> None:
    document, _order_row = _advanced(world)
    asked = take_change(world, change_of(document, ("1", "3", Line("20", "52.90"))))
    other = take(world, order_of(world, number="2026-00002"))
    assert selma.get(_order(other, f"endringar/{asked.id}/")).status_code == 404


def test_another_supplier_finds_none_of_it(world, selma) -> None:
    order = take(world, order_of(world))
    selma.post(_order(order, "godta/"))
    with as_clerk(world):
        ident = operations.invoice(sales_order_id=order.id)
    stein = _client(world, "stein")
    for path in (
        f"ordrar/{order.id}/",
        f"ordrar/{order.id}/endre/",
        f"ordrar/{order.id}/faktura/",
        f"fakturaer/{ident}/",
    ):
        for slug in ("storhus", "kontor"):
            assert stein.get(f"/o/{slug}/sal/{path}").status_code == 404
    for path in ("godta/", "avvis/", "endre/", "faktura/"):
        assert stein.post(f"/o/storhus/sal/ordrar/{order.id}/{path}", {"note": "x"}).status_code == 404
    assert "2026-00001" not in _get(stein, "/o/storhus/sal/")


def test_a_municipality_is_told_that_this_is_for_suppliers(world) -> None:
    response = _client(world, "berit").get("/o/bremnes/sal/")
    assert response.status_code == 403 and "This part is for suppliers" in response.content.decode()


@pytest.mark.parametrize("language", ["nn", "nb", "en"])
def test_pages_are_in_the_language_asked_for(world, selma, language) -> None:
    order = take(world, order_of(world))
    selma.cookies["avrop_language"] = language
    page = _get(selma, _order(order))
    words = {"nn": "Kjøpar og levering", "nb": "Kjøper og levering", "en": "Buyer and delivery"}
    assert [lang for lang, text in words.items() if text in page] == [language]


def test_the_lists_are_saved_as_they_are_filtered_with_credit_notes_below_zero(world, selma) -> None:
    row = _billed(world, Line("10", "50"))
    with as_clerk(world):
        operations.credit_invoice(sales_invoice_id=row.id, reason="Feil")
    saved = _saved(selma, SALES + "fakturaer/?export=csv")
    assert row.number in saved and "-625,00" in saved and ";625,00" in saved
    assert "-625,00" not in _saved(selma, SALES + "fakturaer/?export=csv&kind=invoice")
    assert "2026-00001" in _saved(selma, SALES + "ordrar/?export=csv")


def _saved(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return b"".join(response.streaming_content).decode("utf-8-sig")
