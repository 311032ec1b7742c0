"""A small region for tests: one co-operation, two municipalities, two suppliers, one agreement with five items.

Written straight to the tables, so it is quick and depends on no station's operations. Organisation numbers are
of the synthetic series with valid check digits. Amounts in øre, prices scaled by 10^6.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID

from avrop.agreements.models import Agreement, AgreementParticipant
from avrop.catalogue.models import CatalogueItem, CatalogueVersion
from avrop.coding.models import BudgetControl, Code, CodingDefault
from avrop.commitments.facts import BudgetKey
from avrop.commitments.models import Account
from avrop.kernel.ports import now, today
from avrop.matching.models import PreApproval
from avrop.portal.models import SellerProfile
from avrop.suppliers.models import BankAccount, SupplierRelation
from avrop.tenancy.models import (
    DeliveryAddress,
    Mandate,
    Organisation,
    Person,
    RoleAssignment,
    Unit,
)
from avrop.tenancy.queries import viewer_for
from avrop.tenancy.scope import Viewer, everything

MICRO = 1_000_000


def valid_orgnr(first_eight: int) -> str:
    """Nine digits with the right check digit (mod 11, weights 3 2 7 6 5 4 3 2), counting up until one exists."""
    while True:
        digits = [int(d) for d in str(first_eight)]
        check = (11 - sum(d * w for d, w in zip(digits, (3, 2, 7, 6, 5, 4, 3, 2), strict=True)) % 11) % 11
        if check < 10:
            return f"{first_eight}{check}"
        first_eight += 1


@dataclass
class World:
    """What tests hold on to."""

    coop: Organisation
    bremnes: Organisation  # buyer: WARN, førehandstilvising on
    fjell: Organisation  # buyer: BLOCK, førehandstilvising off
    kontor: Organisation  # supplier under the agreement
    storhus: Organisation  # the lorry wholesaler
    platform: Organisation
    units: dict[str, Unit] = field(default_factory=dict)
    addresses: dict[str, DeliveryAddress] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)
    agreement: Agreement = None
    lorry: Agreement = None
    items: dict[str, CatalogueItem] = field(default_factory=dict)

    def viewer(self, login: str, slug: str = "bremnes") -> Viewer:
        """A person as viewer of an organisation."""
        who = viewer_for(self.people[login], slug)
        assert who is not None, f"{login} has no role in {slug}"
        return who

    def seller(self, login: str = "selma") -> Viewer:
        """The clerk of the office supplier."""
        return self.viewer(login, "kontor")


def build_world() -> World:
    """Everything above, in the default database."""
    with everything("a test's region"):
        return _build()


def _organisation(
    slug: str, kind: str, name: str, first_eight: int, parent: Organisation | None = None
) -> Organisation:
    orgnr = valid_orgnr(first_eight)
    return Organisation.objects.create(
        slug=slug,
        kind=kind,
        name=name,
        orgnr=orgnr,
        endpoint=f"0192:{orgnr}",
        street="Fjordvegen 1",
        city="Bremnes",
        postal_zone="5430",
        cooperation=parent,
    )


def _build() -> World:
    coop = _organisation("coop", "cooperation", "Fjordinnkjøp", 31000000)
    world = World(
        coop=coop,
        bremnes=_organisation("bremnes", "buyer", "Bremnes kommune", 31100000, coop),
        fjell=_organisation("fjell", "buyer", "Fjell kommune", 31200000, coop),
        kontor=_organisation("kontor", "supplier", "Kontorvarer AS", 21100000),
        storhus=_organisation("storhus", "supplier", "Storhus Engros AS", 21200000),
        platform=_organisation("plattform", "platform", "Plattforma", 31900000),
    )
    for slug in ("bremnes", "fjell"):
        _buyer(world, slug)
    _people(world)
    _agreements(world)
    return world


def _buyer(world: World, slug: str) -> None:
    buyer: Organisation = getattr(world, slug)
    root = _unit(world, buyer, "root", "municipality", None, "100")
    _unit(world, buyer, "school", "school", root, "210")
    _unit(world, buyer, "nursery", "nursery", root, "220")
    _unit(world, buyer, "care", "care_home", root, "310")
    BudgetControl.objects.create(buyer=buyer, mode="block" if slug == "fjell" else "warn")
    for dimension, codes in {
        "account": ("11000", "11200", "11150", "12000", "14290"),
        "responsibility": ("100", "210", "220", "310"),
        "function": ("12000", "20200", "20100", "25300"),
    }.items():
        Code.objects.bulk_create(
            [Code(buyer=buyer, dimension=dimension, code=c, name=f"{dimension} {c}") for c in codes]
        )
    for responsibility, function in (("100", "12000"), ("210", "20200"), ("220", "20100"), ("310", "25300")):
        for account in ("11000", "11200", "11150", "12000"):
            Account.objects.create(
                buyer=buyer,
                key=BudgetKey(today().year, responsibility, account, function).text(),
                limit=5_000_000,
                limit_known=True,
            )
    if slug == "bremnes":
        PreApproval.objects.create(
            buyer=buyer, reference="Økonomireglement §7", ceiling=100_000_00, valid_from=date(2020, 1, 1)
        )
    for supplier, account in ((world.kontor, "86011117947"), (world.storhus, "15032080119")):
        SupplierRelation.objects.create(
            buyer=buyer,
            supplier=supplier,
            supplier_no=f"7{supplier.orgnr[-4:]}",
            process="advanced" if supplier == world.kontor else "ordering",
        )
        BankAccount.objects.create(buyer=buyer, supplier=supplier, account=account, confirmed_at=now())


def _unit(
    world: World, buyer: Organisation, key: str, kind: str, parent: Unit | None, responsibility: str
) -> Unit:
    function = {"100": "12000", "210": "20200", "220": "20100", "310": "25300"}[responsibility]
    unit = Unit(
        buyer=buyer,
        code=responsibility,
        name=f"{buyer.name} {key}",
        kind=kind,
        parent=parent,
        responsibility=responsibility,
        function=function,
    )
    unit.path = f"{parent.path}/{unit.id.hex}" if parent else unit.id.hex
    unit.save()
    name = key if buyer.slug == "bremnes" else f"{buyer.slug}_{key}"
    world.units[name] = unit
    world.addresses[name] = DeliveryAddress.objects.create(
        buyer=buyer, unit=unit, name=unit.name, street="Skulevegen 2", postal_zone="5430", city="Bremnes"
    )
    CodingDefault.objects.create(
        buyer=buyer,
        kind="unit",
        key=unit.id.hex,
        account="11000",
        responsibility=responsibility,
        function=function,
        vat_treatment="compensated",
    )
    return unit


def _person(world: World, login: str, organisation: Organisation, *roles: tuple[str, Unit | None]) -> Person:
    person = world.people.get(login)
    if person is None:
        person = Person(login=login, name=login.capitalize(), language="nn")
        person.set_password("passord")
        person.save()
        world.people[login] = person
    for role, unit in roles:
        RoleAssignment.objects.create(organisation=organisation, person=person, role=role, unit=unit)
    return person


def _mandate(world: World, login: str, unit: Unit, kroner: int) -> None:
    Mandate.objects.create(
        buyer=unit.buyer,
        person=world.people[login],
        unit=unit,
        max_amount=kroner * 100,
        valid_from=date(2020, 1, 1),
    )


def _people(world: World) -> None:
    b, u = world.bremnes, world.units
    _person(world, "berit", b, ("requisitioner", u["school"]), ("receiver", u["school"]))
    _person(world, "bjorn", b, ("requisitioner", u["care"]), ("receiver", u["care"]))
    _person(world, "rektor", b, ("approver", u["school"]), ("requisitioner", u["school"]))
    _person(world, "radmann", b, ("approver", None))
    _person(world, "pleie", b, ("approver", u["care"]))
    _person(
        world,
        "styrar",
        b,
        ("requisitioner", u["nursery"]),
        ("approver", u["nursery"]),
        ("receiver", u["nursery"]),
    )
    _person(world, "fakta", b, ("invoice_clerk", None), ("approver", None))
    _person(world, "rekna", b, ("accountant", None))
    _person(world, "lokal", b, ("buyer_admin", None), ("vendor_master", None))
    _person(world, "revisor", b, ("auditor", None))
    _mandate(world, "rektor", u["school"], 50_000)
    _mandate(world, "radmann", u["root"], 1_000_000)
    _mandate(world, "pleie", u["care"], 50_000)
    _mandate(world, "styrar", u["nursery"], 20_000)
    _mandate(world, "fakta", u["root"], 5_000)
    f = world.fjell
    _person(world, "frida", f, ("requisitioner", u["fjell_school"]), ("receiver", u["fjell_school"]))
    _person(world, "finn", f, ("approver", None), ("invoice_clerk", None), ("accountant", None))
    _mandate(world, "finn", u["fjell_root"], 100_000)
    _person(world, "avtale", world.coop, ("contract_owner", None), ("coop_admin", None))
    _person(world, "selma", world.kontor, ("supplier_user", None))
    _person(world, "stein", world.storhus, ("supplier_user", None))
    _person(world, "drift", world.platform, ("platform_operator", None))


def _agreements(world: World) -> None:
    start, end = today() - timedelta(days=365), today() + timedelta(days=700)
    common = {
        "owner": world.coop,
        "valid_from": start,
        "valid_to": end,
        "contract_owner": world.people["avtale"],
    }
    world.agreement = Agreement.objects.create(
        ref="FI-2026-01", name="Kontorrekvisita", supplier=world.kontor, **common
    )
    world.lorry = Agreement.objects.create(
        ref="FI-2026-02",
        name="Storhushald",
        supplier=world.storhus,
        delivery_mode="lorry",
        excluded_unit_kinds=["school"],
        **common,
    )
    for agreement in (world.agreement, world.lorry):
        for buyer in (world.bremnes, world.fjell):
            AgreementParticipant.objects.create(agreement=agreement, buyer=buyer)
    rows = [
        ("papir", world.agreement, "40-2210", "Kopipapir A4 80 g", "52.90", 2500, "44120000"),
        ("perm", world.agreement, "40-3310", "Ringperm A4 blå", "24.50", 2500, "44120000"),
        ("blyant", world.agreement, "40-1001", "Blyant HB", "3.3333", 2500, "44120000"),
        ("batteri", world.agreement, "77-1180", "Batteri AA 24 stk", "89.00", 2500, "26110000"),
        ("kaffi", world.lorry, "10-5000", "Kaffi filtermalt 500 g", "49.90", 1500, "50200000"),
    ]
    versions: dict[UUID, CatalogueVersion] = {}
    for key, agreement, number, name, price, rate, category in rows:
        if agreement.id not in versions:
            versions[agreement.id] = CatalogueVersion.objects.create(
                owner=world.coop,
                agreement=agreement,
                number=1,
                state="active",
                sha256="0" * 64,
                imported_at=now(),
            )
        whole, _, part = price.partition(".")
        world.items[key] = CatalogueItem.objects.create(
            version=versions[agreement.id],
            agreement=agreement,
            seller_item_id=number,
            name=name,
            unit_code="EA",
            price=int(whole) * MICRO + int(part.ljust(6, "0")),
            vat_rate=rate,
            category=category,
        )
    for seller, account in ((world.kontor, "86011117947"), (world.storhus, "15032080119")):
        SellerProfile.objects.create(seller=seller, bank_account=account)


def add_items(world: World, count: int) -> None:
    """More office items, numbered `50-0001` and on, so that a basket can have as many lines as wanted."""
    with everything("a test's region"):
        version = CatalogueVersion.objects.get(agreement=world.agreement)
        CatalogueItem.objects.bulk_create(
            [
                CatalogueItem(
                    version=version,
                    agreement=world.agreement,
                    seller_item_id=f"50-{n:04d}",
                    name=f"Kontorvare {n}",
                    unit_code="EA",
                    price=(10 + n) * MICRO,
                    vat_rate=2500,
                    category="44120000",
                )
                for n in range(1, count + 1)
            ]
        )
