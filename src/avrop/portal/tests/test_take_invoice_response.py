"""The seller sees what became of the invoice, and hears it only from the one it was sent to."""

from __future__ import annotations

import pytest

from avrop.kernel.finding import Refusal
from avrop.messaging.models import Message
from avrop.portal import operations, queries
from avrop.portal.models import SalesInvoice
from avrop.portal.tests.letters import answer_invoice, as_clerk, order_of, take


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
