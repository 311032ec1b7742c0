"""Budgets and catalogues of the demo region, through the stations' own imports."""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from uuid import UUID

from avrop.agreements.queries import by_ref
from avrop.catalogue.operations import approve_version, import_version
from avrop.coding.operations import import_budget
from avrop.demo.acts import once
from avrop.demo.assortment import catalogue_xml
from avrop.demo.budget import budget_file
from avrop.demo.people import acting
from avrop.demo.region import SUPPLIERS, TOWNS, Entry
from avrop.kernel.finding import Refusal
from avrop.tenancy.queries import party_by_slug
from avrop.tenancy.scope import as_system

CONTRACT_OWNERS = {"midtfjord": "ingrid.avtale", "havdal": "solveig.innkjop"}


def budgets(seed: int, today: date) -> None:
    """Chart and budget of this year and the last, for every municipality."""
    years = (today.year - 1, today.year)
    for town in TOWNS:
        raw = budget_file(town, seed, years)
        buyer = party_by_slug(town.slug)
        assert buyer is not None
        with as_system(buyer.id):
            for year in years:
                import_budget(raw=raw, year=year)


def catalogues(document: Entry, day: date) -> None:
    """Every supplier's catalogue, imported as the agreement's owner and approved by its contract owner."""
    organisations = {one["slug"]: one for one in document["organisation"]}
    for supplier in SUPPLIERS:
        raw = catalogue_xml(supplier, organisations[supplier.slug], organisations[supplier.owner], day)
        with acting(CONTRACT_OWNERS[supplier.owner], supplier.owner):
            agreement = by_ref(supplier.ref)
            assert agreement is not None
            result = import_version(
                agreement_id=agreement.id, raw=raw, source_name=f"{supplier.ref}-{day:%Y%m}.xml"
            )
            with suppress(Refusal):  # approved before a stop
                approve_version(version_id=UUID(result["id"]))


@once()
def price_change(document: Entry, ref: str, day: date) -> None:
    """A catalogue with some dearer items, left for the contract owner to judge."""
    organisations = {one["slug"]: one for one in document["organisation"]}
    supplier = next(one for one in SUPPLIERS if one.ref == ref)
    provider, receiver = organisations[supplier.slug], organisations[supplier.owner]
    raw = catalogue_xml(supplier, provider, receiver, day, dearer=4)
    with acting(CONTRACT_OWNERS[supplier.owner], supplier.owner):
        agreement = by_ref(ref)
        assert agreement is not None
        import_version(agreement_id=agreement.id, raw=raw, source_name=f"{ref}-{day:%Y%m}.xml")
