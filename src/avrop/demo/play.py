"""One purchase through the whole chain, step by step, with what each step made."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from uuid import UUID

from avrop.accounting import double, jobs
from avrop.accounting import queries as postings
from avrop.delivery import queries as deliveries
from avrop.demo import steps
from avrop.demo.people import acting
from avrop.invoicing import queries as invoices
from avrop.invoicing.facts import InvoiceFacts
from avrop.journal.worker import run_until_idle
from avrop.kernel.ports import new_id
from avrop.matching import queries as matches
from avrop.ordering import queries as orders
from avrop.ordering.facts import OrderFacts
from avrop.portal import queries as sales
from avrop.requisition import queries as requisitions

TOWN, REQUESTER, UNIT = "havdal", "kari.bestillar", "210"
SELLER, SELLERS_CLERK = "kontorhjornet", "kjell.kontor"
CLERK, ACCOUNTANT = "siri.faktura", "bjorn.rekneskap"
WANTED = (("kopipapir a4 80 g svanemerkt", 40), ("tavlepennar", 12))


@dataclass(frozen=True)
class Step:
    """What one step made: which document, its number, what state it is in now, and how long it took."""

    step: str
    document: str
    number: str
    state: str
    ms: int


@dataclass
class _Purchase:
    """What is known of the purchase so far."""

    basket: UUID = field(default_factory=new_id)
    approver: str = ""


def play() -> Iterator[Step]:
    """From need to posted, everybody in their own name, on real messages; the last state is `posted`."""
    done = _Purchase()
    for name, act, look in _STEPS:
        began = time.perf_counter()
        act(done)
        run_until_idle()
        document, number, state = look(done)
        yield Step(name, document, number, state, round((time.perf_counter() - began) * 1000))


Seen = tuple[str, str, str]


def _fill(p: _Purchase) -> None:
    p.basket = steps.fill_basket(TOWN, REQUESTER, UNIT, WANTED, "Papir og skrivesaker")


def _submit(p: _Purchase) -> None:
    steps.submit(TOWN, REQUESTER, p.basket)
    run_until_idle()
    p.approver = steps.asked(TOWN, p.basket)[0][1]


def _approve(p: _Purchase) -> None:
    steps.approve(TOWN, p.basket)


def _answer(p: _Purchase) -> None:
    steps.answer(_order(p))


def _receive(p: _Purchase) -> None:
    steps.receive(TOWN, REQUESTER, _order(p))


def _bill(p: _Purchase) -> None:
    steps.bill(_order(p))


def _click(p: _Purchase) -> None:
    """Nothing to do where førehandstilvising let the invoice through."""
    steps.decide_matches(TOWN, p.approver, [_order(p)])


def _release(p: _Purchase) -> None:
    steps.release(TOWN, ACCOUNTANT)


def _books(p: _Purchase) -> None:
    double.answer_all(jobs.folder())
    jobs.read_answers()


def _order(p: _Purchase) -> OrderFacts:
    return steps.orders_of(TOWN, p.basket)[0]


def _see_basket(p: _Purchase) -> Seen:
    with acting(REQUESTER, TOWN):
        basket = requisitions.requisition(p.basket)
    return "requisition", basket.number, basket.state


def _see_order(p: _Purchase) -> Seen:
    order = _order(p)
    return "order", order.number, order.transport_state


def _see_answer(p: _Purchase) -> Seen:
    order = _order(p)
    with acting(REQUESTER, TOWN):
        answer = orders.responses(order.id)[0]
    return "order_response", answer.number, order.response_state


def _see_receipt(p: _Purchase) -> Seen:
    order = _order(p)
    with acting(REQUESTER, TOWN):
        receipt = deliveries.receipts([order.id])[0]
    return "receipt", receipt.number, order.receipt_state


def _see_sales_order(p: _Purchase) -> Seen:
    with acting(SELLERS_CLERK, SELLER):
        mine = sales.order_by_number(_order(p).number)
    assert mine is not None
    return "sales_order", mine.number, mine.state


def _invoice(p: _Purchase) -> InvoiceFacts:
    with acting(CLERK, TOWN):
        return invoices.by_order_numbers([_order(p).number])[0]


def _see_invoice(p: _Purchase) -> Seen:
    invoice = _invoice(p)
    return "invoice", invoice.number, invoice.state


def _see_match(p: _Purchase) -> Seen:
    invoice = _invoice(p)
    with acting(CLERK, TOWN):
        match = matches.of_invoice(invoice.id)
    assert match is not None
    return "match", invoice.number, match.state


def _see_batch(p: _Purchase) -> Seen:
    with acting(ACCOUNTANT, TOWN):
        posting = postings.of_invoice(_invoice(p).id)
        assert posting is not None and posting.batch_id is not None
        batch = postings.batch(posting.batch_id)
    return "batch", batch.number, batch.state


def _see_posting(p: _Purchase) -> Seen:
    with acting(ACCOUNTANT, TOWN):
        posting = postings.of_invoice(_invoice(p).id)
    assert posting is not None
    return "posting", posting.voucher, posting.state


def _nothing(p: _Purchase) -> None:
    """The worker has done it already; here it is looked at."""


_STEPS: tuple[tuple[str, Callable[[_Purchase], None], Callable[[_Purchase], Seen]], ...] = (
    ("fill basket", _fill, _see_basket),
    ("submit", _submit, _see_basket),
    ("approve", _approve, _see_basket),
    ("send order", _nothing, _see_order),
    ("take order", _nothing, _see_sales_order),
    ("answer order", _answer, _see_answer),
    ("receive goods", _receive, _see_receipt),
    ("send invoice", _bill, _see_invoice),
    ("match", _click, _see_match),
    ("release batch", _release, _see_batch),
    ("post", _books, _see_posting),
)
