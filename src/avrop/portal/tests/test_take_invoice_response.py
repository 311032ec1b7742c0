"""The seller sees what became of the invoice, and hears it only from the one it was sent to."""

from __future__ import annotations

import pytest

from avrop.kernel.finding import Refusal
from avrop.messaging.models import Message
from avrop.portal import operations, queries
from avrop.portal.facts import Credit
from avrop.portal.models import SalesInvoice
from avrop.portal.tests.letters import Line, answer_invoice, as_clerk, billed, order_of, take

MICRO = 1_000_000


@pytest.fixture
def number(world) -> str:
    order = take(world, order_of(world))
    with as_clerk(world):
        operations.answer(sales_order_id=order.id, decision="accept")
        ident = operations.invoice(sales_order_id=order.id)
        return str(SalesInvoice.objects.get(id=ident).number)


def test_a_rejection_is_shown_with_the_buyers_words(world, number) -> None:
    answer_invoice(
        world, world.bremnes, number, "RE", "Prisen er 3 kr for høg på linje 1.", "Send kreditnota."
    )
    with as_clerk(world):
        row = queries.invoices().get(number=number)
        message = Message.objects.get(direction="in", document_type="invoice_response")
    assert row.response_code == "RE"
    assert row.response_note == "Prisen er 3 kr for høg på linje 1.\nSend kreditnota."
    assert (message.state, message.refers_to) == ("routed", f"portal.SalesInvoice:{row.id.hex}")


def test_the_last_word_stands(world, number) -> None:
    answer_invoice(world, world.bremnes, number, "IP")
    answer_invoice(world, world.bremnes, number, "AP")
    with as_clerk(world):
        assert queries.invoices().get(number=number).response_code == "AP"


def test_another_municipality_cannot_answer_for_the_buyer(world, number) -> None:
    with pytest.raises(Refusal) as refused:
        answer_invoice(world, world.fjell, number, "RE")
    assert refused.value.code == "SALES_INVOICE_UNKNOWN"
    with as_clerk(world):
        assert queries.invoices().get(number=number).response_code == ""


def test_an_answer_about_an_invoice_never_sent_is_refused(world, number) -> None:
    with pytest.raises(Refusal) as refused:
        answer_invoice(world, world.bremnes, "F1999-1", "AP")
    assert refused.value.code == "SALES_INVOICE_UNKNOWN"


def _order_state(world, number):
    row = queries.invoices().get(number=number)
    facts = queries.order(row.order_id)
    return row, facts.state, [line.open for line in facts.lines]


def test_a_rejected_invoices_lines_are_free_and_a_new_invoice_gets_a_new_number(world, number) -> None:
    answer_invoice(world, world.bremnes, number, "RE", "Feil referanse.")
    with as_clerk(world):
        row, state, free = _order_state(world, number)
        assert (row.released, state, free) == (True, "accepted", [MICRO])
        again = operations.invoice(sales_order_id=row.order_id)
        assert SalesInvoice.objects.get(id=again).number != number
        assert _order_state(world, number)[1:] == ("invoiced", [0])


def test_a_rejected_invoice_is_credited_for_the_books_and_frees_nothing_twice(world, number) -> None:
    answer_invoice(world, world.bremnes, number, "RE")
    with as_clerk(world):
        row = queries.invoices().get(number=number)
        operations.invoice(sales_order_id=row.order_id)
        operations.credit_invoice(sales_invoice_id=row.id, reason="Avvist")
        assert _order_state(world, number)[1:] == ("invoiced", [0])
        assert list(queries.to_credit()) == []


def test_only_what_is_not_credited_before_is_freed_by_a_rejection(world) -> None:
    ident = billed(world, Line("10", "5"))
    with as_clerk(world):
        operations.credit_invoice(
            sales_invoice_id=ident, lines={1: Credit(quantity=4 * MICRO)}, reason="Retur"
        )
        number = SalesInvoice.objects.get(id=ident).number
    answer_invoice(world, world.bremnes, number, "RE")
    with as_clerk(world):
        assert _order_state(world, number)[2] == [10 * MICRO]


def test_a_rejection_told_twice_frees_once(world, number) -> None:
    answer_invoice(world, world.bremnes, number, "RE")
    answer_invoice(world, world.bremnes, number, "RE", "Sagt ein gong til.")
    with as_clerk(world):
        assert _order_state(world, number)[2] == [MICRO]


@pytest.mark.parametrize(
    ("said", "stands"),
    [
        (("RE", "IP"), "RE"),  # overtaken on the way
        (("RE", "AP"), "RE"),
        (("PD", "AP"), "PD"),
        (("UQ", "AB"), "UQ"),
        (("UQ", "AP"), "AP"),
        (("CA", "RE"), "RE"),
    ],
)
def test_a_late_word_does_not_change_what_is_decided(world, number, said, stands) -> None:
    for code in said:
        answer_invoice(world, world.bremnes, number, code)
    with as_clerk(world):
        assert queries.invoices().get(number=number).response_code == stands
        states = set(
            Message.objects.filter(direction="in", document_type="invoice_response").values_list(
                "state", flat=True
            )
        )
    assert states == {"routed"}


@pytest.mark.parametrize("action", ["CNF", "CNP", "CNA"])
def test_a_buyer_who_asks_for_a_credit_note_makes_a_task_of_it(world, number, action) -> None:
    answer_invoice(world, world.bremnes, number, "UQ", "Tre pakkar mangla.", action=action)
    with as_clerk(world):
        row = queries.invoices().get(number=number)
        assert (row.asked, [one.number for one in queries.to_credit()]) == (action, [number])
        assert queries.figures()["to_credit"] == 1
        assert queries.figures()["disputed"] == 1
        operations.credit_invoice(sales_invoice_id=row.id, reason="Som kjøparen bad om")
        assert list(queries.to_credit()) == []


def test_what_is_owed_is_less_what_is_credited(world) -> None:
    ident = billed(world, Line("10", "100"))  # 1000 + 250
    with as_clerk(world):
        assert queries.figures()["owed"] == 1250_00
        operations.credit_invoice(sales_invoice_id=ident, lines={1: Credit(amount=100_00)}, reason="Rabatt")
        assert queries.figures()["owed"] == 1125_00


def test_the_buyer_may_answer_a_credit_note_too(world, number) -> None:
    with as_clerk(world):
        row = queries.invoices().get(number=number)
        credit = operations.credit_invoice(sales_invoice_id=row.id, reason="Feil")
        told = SalesInvoice.objects.get(id=credit).number
    answer_invoice(world, world.bremnes, told, "RE", "Ukjend faktura.")
    with as_clerk(world):
        answered = SalesInvoice.objects.get(id=credit)
        assert (answered.response_code, answered.released) == ("RE", False)
        assert _order_state(world, number)[2] == [MICRO]  # freed by the credit note, once
