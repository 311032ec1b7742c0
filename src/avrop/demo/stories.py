"""How each of the demo's purchases goes, and where it ends."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from avrop.demo import foreign, region, steps, stock
from avrop.demo.drive import Driver, Steps
from avrop.demo.region import Entry, table
from avrop.ordering.facts import OrderFacts

ACCOUNTANTS = {"havdal": "bjorn.rekneskap", "strandvoll": "jorunn.faktura", "ulvefjord": "wenche.okonomi"}
CLERKS = {"havdal": "siri.faktura", "strandvoll": "jorunn.faktura", "ulvefjord": "wenche.okonomi"}
RELEASES = range(325, 20, -30)  # days ago


@dataclass(frozen=True)
class Purchase:
    """Somebody at a unit needed something `when`: so many days ago, or on the latest such `month-day`."""

    when: str
    town: str
    login: str
    unit: str
    story: str
    wanted: tuple[tuple[str, int], ...]
    need: str
    tolerant: bool = False  # made by a generator: where the budget stops it, the basket goes back

    @classmethod
    def of(cls, row: Entry) -> Purchase:
        """`words:count|words:count` becomes pairs."""
        wanted = tuple((w, int(n)) for w, n in (part.rsplit(":", 1) for part in row["lines"].split("|")))
        return cls(row["when"], row["town"], row["login"], row["unit"], row["story"], wanted, row["need"])

    def ago(self, today: date) -> int:
        """How many days before `today`."""
        if "-" not in self.when:
            return int(self.when)
        month, day = map(int, self.when.split("-"))
        latest = date(today.year, month, day)
        return (today - (latest if latest <= today else latest.replace(year=today.year - 1))).days


def purchases() -> list[Purchase]:
    """The purchases with a story of their own."""
    return [Purchase.of(row) for row in table("purchases.csv")]


class Over(Exception):
    """This story ends here."""


class Story:
    """One purchase on its way; what is known of it so far."""

    def __init__(self, driver: Driver, purchase: Purchase, minute: int) -> None:
        self.driver, self.it, self.minute = driver, purchase, minute
        self.days = purchase.ago(driver.today)
        self.basket: UUID
        self.orders: list[OrderFacts] = []

    def at(self, later: int, hour: int = 10) -> datetime:
        """A time so many days after the need."""
        return self.driver.day(self.days - later, hour, self.minute)

    def play(self) -> Steps:
        """All of the story, by its name."""
        it = self.it
        yield self.at(0, 8)
        self.basket = self.needed()
        if it.story == "draft":
            return
        yield self.at(0, 9)
        steps.submit(it.town, it.login, self.basket)
        try:
            yield from ENDINGS[it.story](self)
        except Over:
            return

    def needed(self) -> UUID:
        """The basket: items by words, or (`~text@supplier:kroner`) one free-text line."""
        it = self.it
        words, kroner = it.wanted[0]
        if not words.startswith("~"):
            return steps.fill_basket(it.town, it.login, it.unit, it.wanted, it.need)
        name, supplier = words[1:].split("@")
        return steps.free_text_basket(
            it.town, it.login, it.unit, name=name, kroner=kroner, supplier=supplier, reason=it.need
        )

    @property
    def approver(self) -> str:
        """The login of who approved the basket."""
        return steps.approver_of(self.it.town, self.basket)

    def approved(self) -> Steps:
        """Everybody approves the next day; the orders leave."""
        yield self.at(1, 10)
        if not self.it.tolerant:
            steps.approve(self.it.town, self.basket)
        elif not steps.may_approve(self.it.town, self.basket):
            yield from self.given_up()
        yield self.at(1, 11)
        self.orders = steps.orders_of(self.it.town, self.basket)

    def given_up(self) -> Steps:
        """The approver may not approve: the basket goes back, and the requester gives it up."""
        yield self.at(1, 12)
        steps.send_back(self.it.town, self.basket, "Det er ikkje nok att på budsjettet.")
        yield self.at(3, 9)
        steps.withdraw(self.it.town, self.it.login, self.basket, "Vi ventar til neste år.")
        raise Over

    def answered(self, decision: str = "accept", note: str = "", *, dearer: int = 0, fewer: int = 0) -> Steps:
        """The suppliers answer."""
        yield from self.approved()
        yield self.at(1, 14)
        for order in self.orders:
            steps.answer(order, decision, note, dearer=dearer, fewer=fewer)

    def received(self, part: bool = False, later: int = 5) -> Steps:
        """The goods come."""
        yield self.at(later, 11)
        for order in steps.orders_of(self.it.town, self.basket):
            steps.receive(self.it.town, self.it.login, order, part)

    def billed(self, later: int = 7) -> Steps:
        """The suppliers invoice from the portal."""
        yield self.at(later, 13)
        for order in self.orders:
            steps.bill(order)

    def clicked(self, later: int = 8) -> Steps:
        """Where no førehandstilvising has done it, the approver clicks."""
        yield self.at(later, 9)
        steps.decide_matches(self.it.town, self.approver, self.orders)

    def number(self) -> str:
        """An invoice number of the supplier's own system."""
        return f"{88_000 + self.days}"


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


ENDINGS: dict[str, Callable[[Story], Steps]] = {
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
    )
}

# How often an ordinary purchase goes this way or that; the second where the supplier takes orders only.
USUAL = {
    "posted": 60,
    "partial_then_posted": 9,
    "changed_then_posted": 6,
    "accepted_price": 4,
    "rejected_invoice": 2,
    "withdrawn": 3,
    "refused_by_supplier": 2,
}
PLAIN = {"posted": 60, "partial_then_posted": 8, "accepted_price": 3, "withdrawn": 2}

ENDINGS["ready"] = posted  # approved after the last release, so it waits for the accountant


def books(driver: Driver, town: str) -> Steps:
    """Every month the accountant releases what is ready; the accounting system answers the next morning."""
    for ago in RELEASES:
        yield driver.day(ago, 15)
        steps.close_month(town, ACCOUNTANTS[town])


def strays(driver: Driver) -> Steps:
    """Invoices that name no order, and a file that is no message at all."""
    yield driver.day(20, 12)
    foreign.without_order(
        "bitvegen", "havdal", "90117", text="Serviceavtale nettverk, 4. kvartal", kroner=4800
    )
    yield driver.day(9, 12)
    foreign.without_order("reint-og-blankt", "strandvoll", "90242", text="Mattevask oktober", kroner=1850)
    yield driver.day(6, 12)
    foreign.raw(b"%PDF-1.7 scanned invoice, renamed to .xml")
    yield driver.day(3, 12)
    foreign.without_order("leik-og-lim", "havdal", "90310", text="Leige av hoppeslott", kroner=3200)


def prices(driver: Driver) -> Steps:
    """A new catalogue with some dearer items waits for the contract owner."""
    yield driver.day(0, 8)
    stock.price_change(region.document(driver.seed, driver.today), "MFI-2025-06", driver.today)
