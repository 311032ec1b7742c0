"""Every story of the demo's year besides the ordinary purchases: see tables/purchases.csv."""

from __future__ import annotations

from avrop.demo import foreign, odd, region, steps, stock, troubles, usual
from avrop.demo.assortment import items
from avrop.demo.drive import Driver, Steps
from avrop.demo.people import ACCOUNTANTS
from avrop.demo.progress import FIRST
from avrop.demo.region import table
from avrop.demo.tale import Purchase

RELEASES = range(325, 20, -30)  # days ago
REJECTS, LOSES = "reject:1", "lose"
FAULTS = {(FIRST, "strandvoll", 205): REJECTS, (FIRST, "havdal", 25): LOSES}
ENDINGS = usual.ENDINGS | troubles.ENDINGS | odd.ENDINGS


def purchases() -> list[Purchase]:
    """The purchases with a story of their own."""
    return [Purchase.of(row) for row in table("purchases.csv")]


def books(driver: Driver, town: str, part: str) -> Steps:
    """Every month the accountant releases what is ready; the accounting system answers the next morning.

    Once it turns a posting down; and the last file of the largest municipality is lost, so that it waits.
    """
    for ago in RELEASES:
        yield driver.day(ago, 15)
        fault = FAULTS.get((part, town, ago), "")
        steps.close_month(town, ACCOUNTANTS[town], *([fault] if fault else []))
        if fault == REJECTS:
            yield driver.day(ago - 3, 10)
            steps.mend(town, ACCOUNTANTS[town], "Perioden var stengd der; ho er opna att.")


def strays(driver: Driver) -> Steps:
    """Invoices that name no order, one of long ago or somebody else's; and a file that is no message at all."""
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
    item = items("kontorhjornet")[0]
    foreign.for_items("kontorhjornet", "havdal", "90318", [(item, 10)], order="2019-77341")
    foreign.for_items("kontorhjornet", "ulvefjord", "90322", [(item, 40)], order="UB-70411")


def prices(driver: Driver) -> Steps:
    """A new catalogue with some dearer items waits for the contract owner."""
    yield driver.day(0, 8)
    stock.price_change(region.document(driver.seed, driver.today), "MFI-2025-06", driver.today)
