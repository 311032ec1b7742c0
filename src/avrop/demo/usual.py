"""How most purchases go, and where the others stand still."""

from __future__ import annotations

from avrop.demo import foreign, steps
from avrop.demo.drive import Steps
from avrop.demo.people import CLERKS
from avrop.demo.tale import Ending, Story


def posted(s: Story) -> Steps:
    yield from s.answered()
    yield from s.received()
    yield from s.billed()
    yield from s.clicked()


def partial_then_posted(s: Story) -> Steps:
    yield from s.answered()
    yield from s.received(part=True)
    yield from s.received(later=12)
    yield from s.billed(later=13)
    yield from s.clicked(later=14)


def changed_then_posted(s: Story) -> Steps:
    yield from s.answered("change", "Vi har éin færre på lager enn de bad om.", fewer=1)
    yield s.at(2, 9)
    for order in s.orders:
        steps.decide_change(s.it.town, s.it.login, order)
    yield from s.received()
    yield from s.billed()
    yield from s.clicked()


def accepted_price(s: Story) -> Steps:
    yield from s.answered()
    yield from s.received()
    yield s.at(7, 13)
    foreign.bill(s.orders[0], s.number(), dearer=4)
    yield s.at(9, 9)
    steps.accept_deviations(
        s.it.town, s.approver, s.orders[0], "Prisauken var varsla, og avtaleansvarleg er orientert."
    )
    yield from s.clicked(later=10)


def rejected_invoice(s: Story) -> Steps:
    yield from s.answered()
    yield from s.billed(later=6)
    yield s.at(9, 9)
    reason = "Vara kom knust fram og er send i retur. Send kreditnota."
    steps.reject_invoice(s.it.town, CLERKS[s.it.town], s.orders[0], "DEL", reason)


def withdrawn(s: Story) -> Steps:
    yield s.at(2, 9)
    steps.withdraw(s.it.town, s.it.login, s.basket, "Vi fekk låne frå nabobarnehagen.")


def price(s: Story) -> Steps:
    yield from s.answered()
    yield from s.received()
    yield s.at(7, 13)
    foreign.bill(s.orders[0], s.number(), dearer=8)


def fee(s: Story) -> Steps:
    yield from s.answered()
    yield from s.received()
    yield s.at(7, 13)
    foreign.bill(s.orders[0], s.number(), fee=True)


def quantity(s: Story) -> Steps:
    yield from s.answered()
    yield from s.received()
    yield s.at(7, 13)
    foreign.bill(s.orders[0], s.number(), more=2)


def awaiting_receipt(s: Story) -> Steps:
    yield from s.answered()
    yield from s.billed(later=6)


def matched(s: Story) -> Steps:
    yield from s.answered()
    yield from s.received()
    yield from s.billed(later=6)


def partial(s: Story) -> Steps:
    yield from s.answered()
    yield from s.received(part=True)


def received(s: Story) -> Steps:
    yield from s.answered()
    yield from s.received()


def accepted(s: Story) -> Steps:
    yield from s.answered()


def proposed(s: Story) -> Steps:
    yield from s.answered("change", "Ny modell av stolen, litt dyrare.", dearer=15)


def refused_by_supplier(s: Story) -> Steps:
    yield from s.answered("reject", "Vara er utseld og kjem ikkje att.")


def sent(s: Story) -> Steps:
    yield from s.approved()


def submitted(s: Story) -> Steps:
    yield s.at(0, 9)


def blocked(s: Story) -> Steps:
    """The approval is refused where the budget is passed and the municipality blocks; the basket waits."""
    yield s.at(1, 10)
    steps.may_approve(s.it.town, s.basket)


def returned(s: Story) -> Steps:
    yield s.at(1, 10)
    steps.send_back(s.it.town, s.basket, "Vi har måling frå i haust. Sjekk lageret først.")


def draft(s: Story) -> Steps:
    """Nothing more happens; the tale stops before the basket is submitted."""
    yield s.at(0, 8)


ENDINGS: dict[str, Ending] = {
    story.__name__: story
    for story in (
        posted,
        partial_then_posted,
        changed_then_posted,
        accepted_price,
        rejected_invoice,
        withdrawn,
        price,
        fee,
        quantity,
        awaiting_receipt,
        matched,
        partial,
        received,
        accepted,
        proposed,
        refused_by_supplier,
        sent,
        submitted,
        blocked,
        returned,
        draft,
    )
}
ENDINGS["ready"] = posted  # approved after the last release, so it waits for the accountant
