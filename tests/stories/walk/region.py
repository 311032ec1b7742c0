"""More of everything in the region, so that there are more ways to go wrong."""

from __future__ import annotations

from datetime import UTC, datetime

from avrop.catalogue.models import CatalogueItem
from avrop.tenancy.models import DeliveryAddress, Mandate, Person, RoleAssignment
from avrop.tenancy.scope import everything
from tests.world import World


def widen(world: World) -> None:
    """More ways to go wrong: a requester with mandate, an approver who receives, a clerk who keeps accounts,
    a 15 % item of the supplier.
    """
    with everything("the walk's region"):
        keeper = Person.objects.create(login="ragnhild", name="Ragnhild", language="nn", password="!")
        world.people["ragnhild"] = keeper
        RoleAssignment.objects.create(organisation=world.bremnes, person=keeper, role="vendor_master")
        school, root = world.units["school"], world.units["root"]
        for login, role, unit in (
            ("berit", "approver", school),
            ("rektor", "receiver", school),
            ("radmann", "receiver", root),
            ("radmann", "requisitioner", root),
            ("fakta", "vendor_master", root),
        ):
            RoleAssignment.objects.create(
                organisation=world.bremnes, person=world.people[login], role=role, unit=unit
            )
        Mandate.objects.create(
            buyer=world.bremnes,
            person=world.people["berit"],
            unit=school,
            max_amount=1_000_000,
            valid_from=datetime(2020, 1, 1, tzinfo=UTC).date(),
        )
        paper = world.items["papir"]
        world.items["te"] = CatalogueItem.objects.create(
            version=paper.version,
            agreement=world.agreement,
            seller_item_id="60-1000",
            name="Te 50 posar",
            unit_code="EA",
            price=37_450_000,
            vat_rate=1500,
            category="50200000",
        )
        DeliveryAddress.objects.create(
            buyer=world.bremnes,
            unit=school,
            name="Gymsalen",
            street="Skulevegen 4",
            postal_zone="5430",
            city="Bremnes",
        )
