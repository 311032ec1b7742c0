"""Which stories the demo's year has, and which of them must be there before somebody looks."""

from __future__ import annotations

from functools import partial

from avrop.demo import habits, inherited, progress, stories
from avrop.demo.drive import Driver
from avrop.demo.people import ACCOUNTANTS
from avrop.demo.tale import Purchase, Story


def purchases(part: str, driver: Driver) -> list[Purchase]:
    """The purchases of a part."""
    if part == progress.FIRST:
        return stories.purchases()
    return habits.purchases(driver.seed, driver.today)


def tell(part: str, driver: Driver) -> None:
    """Give the driver every story of a part."""
    for at, purchase in enumerate(purchases(part, driver)):
        ending = stories.ENDINGS[purchase.story]
        driver.add(f"{part}/{at:03}", Story(driver, purchase, at * 7 % 60, ending).play)
    others = {f"books/{town}": partial(stories.books, driver, town, part) for town in ACCOUNTANTS}
    if part == progress.FIRST:
        others |= {
            "taken-over": partial(inherited.taken_over, driver),
            "spreadsheets": partial(inherited.spreadsheets, driver),
            "prices": partial(stories.prices, driver),
            "strays": partial(stories.strays, driver),
        }
    for key, begin in others.items():
        driver.add(f"{part}/{key}", begin, counts=False)


def count(part: str, driver: Driver) -> int:
    """How many purchases a part has."""
    return len(purchases(part, driver))


def count_all(driver: Driver) -> int:
    """How many purchases the whole year has."""
    return count(progress.FIRST, driver) + count(progress.REST, driver)
