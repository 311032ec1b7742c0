"""One purchase as it is told: who needed what, and what everybody did about it, step by step."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from avrop.demo import steps
from avrop.demo.drive import Driver, Steps
from avrop.demo.region import Entry
from avrop.ordering.facts import OrderFacts


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


class Over(Exception):
    """This story ends here."""


class Story:
    """One purchase on its way; what is known of it so far."""

    def __init__(self, driver: Driver, purchase: Purchase, minute: int, ending: Ending) -> None:
        self.driver, self.it, self.minute, self.ending = driver, purchase, minute, ending
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
            yield from self.ending(self)
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

    def approved(self, later: int = 1) -> Steps:
        """Everybody approves the next day; the orders leave."""
        yield self.at(later, 10)
        if not self.it.tolerant:
            steps.approve(self.it.town, self.basket)
        elif not steps.may_approve(self.it.town, self.basket):
            yield from self.given_up()
        yield self.at(later, 11)
        self.orders = steps.orders_of(self.it.town, self.basket)

    def given_up(self) -> Steps:
        """The approver may not approve: the basket goes back, and the requester gives it up."""
        yield self.at(1, 12)
        steps.send_back(self.it.town, self.basket, "Det er ikkje nok att på budsjettet.")
        yield self.at(3, 9)
        steps.withdraw(self.it.town, self.it.login, self.basket, "Vi ventar til neste år.")
        raise Over

    def answered(
        self, decision: str = "accept", note: str = "", *, dearer: int = 0, fewer: int = 0, later: int = 1
    ) -> Steps:
        """The suppliers answer."""
        yield from self.approved(later)
        yield self.at(later, 14)
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

    def finished(self, later: int) -> Steps:
        """Everything comes, is invoiced and approved."""
        yield from self.received(later=later)
        yield from self.billed(later=later + 2)
        yield from self.clicked(later=later + 3)

    def number(self) -> str:
        """An invoice number of the supplier's own system."""
        return f"{88_000 + self.days}"


Ending = Callable[[Story], Steps]
