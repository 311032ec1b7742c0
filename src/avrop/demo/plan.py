"""Which stories the demo's year has, and which of them must be there before somebody looks."""

from __future__ import annotations

from avrop.demo import habits, progress, stories
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
    for town in ACCOUNTANTS:
        driver.add(f"{part}/books/{town}", lambda town=town: stories.books(driver, town), counts=False)  # type: ignore[misc]
    if part == progress.FIRST:
        driver.add("prices", lambda: stories.prices(driver), counts=False)
        driver.add("strays", lambda: stories.strays(driver), counts=False)


def count(part: str, driver: Driver) -> int:
    """How many purchases a part has."""
    return len(purchases(part, driver))


def count_all(driver: Driver) -> int:
    """How many purchases the whole year has."""
    return count(progress.FIRST, driver) + count(progress.REST, driver)
