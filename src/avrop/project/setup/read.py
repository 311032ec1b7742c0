"""TOML -> Plan. Pure but for the short names that the installation already knows, which come as arguments."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from avrop.agreements.setup import AgreementSpec
from avrop.coding.setup import DefaultSpec
from avrop.kernel.identifiers import BadIdentifier, clean_account, clean_orgnr
from avrop.matching.setup import PreApprovalSpec
from avrop.project.setup.plan import Bad, Plan, Rejected, Section, kroner, one_of, text
from avrop.suppliers.setup import RelationSpec
from avrop.tenancy.facts import ROLES, UNIT_KINDS
from avrop.tenancy.models import Kind
from avrop.tenancy.setup import AddressSpec, OrganisationSpec, PersonSpec, UnitSpec

LANGUAGES = ("nn", "nb", "en")
DELIVERY_MODES = ("parcel", "pallet", "lorry", "digital")
_SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,39}\Z")
_ORDER = {Kind.PLATFORM: 0, Kind.COOPERATION: 1, Kind.SUPPLIER: 2, Kind.BUYER: 3}
Entry = Mapping[str, Any]


def read(document: Entry, known: Mapping[str, str]) -> Plan:
    """The plan of a parsed TOML document. `known` maps short names already here to organisation numbers."""
    return _Reader(dict(known)).read(document)


class _Reader:
    def __init__(self, known: dict[str, str]) -> None:
        self.plan = Plan()
        self.known = known
        self.here: set[str] = set()

    def read(self, document: Entry) -> Plan:
        entries: list[tuple[Section, Entry]] = []
        # Whoever others refer to comes first, whatever the order in the file.
        by_kind = sorted(document.get("organisation", []), key=lambda one: _ORDER.get(one.get("kind"), 9))
        for index, entry in enumerate(by_kind, 1):
            name = entry.get("slug") or entry.get("name") or index
            section = self.attempt(f"organisation {name}", self.organisation, entry)
            if section:
                entries.append((section, entry))
        for section, entry in entries:
            self.contents(section, entry)
            self.plan.sections.append(section)
        return self.plan

    def attempt(self, where: str, make: Callable[..., Any], *given: Any) -> Any:
        """What `make` gives for `given`, or None with the reason noted."""
        try:
            return make(*given)
        except Bad as bad:
            self.plan.rejected.append(Rejected(where, bad.code, bad.value))
            return None

    def organisation(self, entry: Entry) -> Section:
        slug = text(entry, "slug")
        if not _SLUG.match(slug):
            raise Bad("SETUP_SLUG", slug)
        if slug in self.here:
            raise Bad("SETUP_TWICE", slug)
        number = _orgnr(text(entry, "orgnr"))
        holder = next((s for s, n in self.known.items() if n == number and s != slug), None)
        if holder:
            raise Bad("SETUP_ORGNR_TAKEN", f"{number} ({holder})")
        kind = one_of(text(entry, "kind"), [k.value for k in Kind], "SETUP_KIND")
        cooperation = text(entry, "cooperation", "")
        if cooperation and cooperation not in self.known:
            raise Bad("SETUP_UNKNOWN_ORGANISATION", cooperation)
        spec = OrganisationSpec(
            slug=slug,
            kind=kind,
            name=text(entry, "name"),
            orgnr=number,
            language=one_of(text(entry, "language", "nn"), LANGUAGES, "SETUP_LANGUAGE"),
            street=text(entry, "street", ""),
            postal_zone=text(entry, "postal_zone", ""),
            city=text(entry, "city", ""),
            email=text(entry, "email", ""),
            vat_registered=bool(entry.get("vat_registered", True)),
            cooperation=cooperation,
        )
        self.here.add(slug)
        self.known[slug] = number
        return Section(spec)

    def contents(self, section: Section, entry: Entry) -> None:
        where = section.organisation.slug
        section.units = self.units(where, entry.get("unit", []))
        codes = {unit.code for unit in section.units}
        for one in entry.get("person", []):
            person = self.attempt(f"{where}: person {one.get('login', '')}", _person, one, codes)
            section.people += [person] if person else []
        for one in entry.get("supplier", []):
            found = self.attempt(f"{where}: supplier {one.get('supplier', '')}", self.relation, one)
            section.relations += [found] if found else []
        for one in entry.get("agreement", []):
            agreed = self.attempt(f"{where}: agreement {one.get('ref', '')}", self.agreement, one)
            section.agreements += [agreed] if agreed else []
        for one in entry.get("coding", []):
            given = self.attempt(f"{where}: coding {one.get('key', '')}", _default, one)
            section.defaults += [given] if given else []
        self.settings(section, entry)

    def settings(self, section: Section, entry: Entry) -> None:
        where = section.organisation.slug

        def mode() -> str:
            return one_of(text(entry, "budget", "warn"), ("none", "warn", "block"), "SETUP_BUDGET")

        section.budget_mode = self.attempt(f"{where}: budget", mode) or "warn"
        if "preapproval" in entry:
            section.preapproval = self.attempt(f"{where}: preapproval", _preapproval, entry["preapproval"])
        if "bank_account" in entry:
            account = self.attempt(f"{where}: bank_account", lambda: _account(text(entry, "bank_account")))
            section.bank_account = account or ""

    def units(self, where: str, entries: list[Entry]) -> list[UnitSpec]:
        """Parents before children, whatever the order in the file; a ring has no root and is rejected."""
        made: dict[str, UnitSpec] = {}
        waiting: dict[str, UnitSpec] = {}
        for entry in entries:
            unit = self.attempt(f"{where}: unit {entry.get('code', '')}", _unit, entry)
            if unit and (unit.code in waiting):
                self.plan.rejected.append(Rejected(f"{where}: unit {unit.code}", "SETUP_TWICE", unit.code))
            elif unit:
                waiting[unit.code] = unit
        while ready := [u for u in waiting.values() if not u.parent or u.parent in made]:
            for unit in ready:
                made[unit.code] = waiting.pop(unit.code)
        for unit in waiting.values():
            self.plan.rejected.append(Rejected(f"{where}: unit {unit.code}", "SETUP_PARENT", unit.parent))
        return list(made.values())

    def party(self, slug: str) -> str:
        if slug not in self.known:
            raise Bad("SETUP_UNKNOWN_ORGANISATION", slug)
        return slug

    def relation(self, entry: Entry) -> RelationSpec:
        days = entry.get("payment_days", 30)
        if not isinstance(days, int) or not 0 <= days <= 90:
            raise Bad("SETUP_PAYMENT_DAYS", days)
        return RelationSpec(
            supplier=self.party(text(entry, "supplier")),
            supplier_no=text(entry, "number", ""),
            channel=text(entry, "channel", "local"),
            process=one_of(
                text(entry, "process", "ordering"), ("advanced", "ordering", "order_only"), "SETUP_PROCESS"
            ),
            payment_days=days,
            blocked=bool(entry.get("blocked", False)),
            accounts=[_account(str(number)) for number in entry.get("accounts", [])],
        )

    def agreement(self, entry: Entry) -> AgreementSpec:
        start, end = _day(entry, "from"), _day(entry, "to")
        if start >= end:
            raise Bad("SETUP_PERIOD", f"{start} – {end}")
        excluded = [one_of(kind, UNIT_KINDS, "SETUP_UNIT_KIND") for kind in entry.get("excluded", [])]
        return AgreementSpec(
            ref=text(entry, "ref"),
            name=text(entry, "name"),
            name_nb=text(entry, "name_nb", ""),
            name_en=text(entry, "name_en", ""),
            supplier=self.party(text(entry, "supplier")),
            valid_from=start,
            valid_to=end,
            contract_owner=text(entry, "contract_owner", ""),
            delivery_mode=one_of(text(entry, "delivery", "parcel"), DELIVERY_MODES, "SETUP_DELIVERY"),
            excluded_unit_kinds=excluded,
            agreed_charges={code: kroner(entry["charges"], code) for code in entry.get("charges", {})},
            participants=[self.party(slug) for slug in entry.get("participants", [])],
        )


def _orgnr(given: str) -> str:
    try:
        return clean_orgnr(given)
    except BadIdentifier as error:
        raise Bad("SETUP_ORGNR", given) from error


def _account(given: str) -> str:
    try:
        return clean_account(given)
    except BadIdentifier as error:
        raise Bad("SETUP_ACCOUNT", given) from error


def _day(entry: Entry, name: str) -> date:
    value = entry.get(name)
    if type(value) is not date:
        raise Bad("SETUP_DATE", f"{name} = {value}")
    return value


def _unit(entry: Entry) -> UnitSpec:
    return UnitSpec(
        code=text(entry, "code"),
        name=text(entry, "name"),
        kind=one_of(text(entry, "kind"), UNIT_KINDS, "SETUP_UNIT_KIND"),
        parent=text(entry, "parent", ""),
        responsibility=text(entry, "responsibility", ""),
        function=text(entry, "function", ""),
        addresses=[
            AddressSpec(
                text(a, "name"),
                text(a, "street"),
                text(a, "postal_zone"),
                text(a, "city"),
                text(a, "marking", ""),
            )
            for a in entry.get("address", [])
        ],
    )


def _person(entry: Entry, codes: set[str]) -> PersonSpec:
    def unit_of(one: Entry) -> str:
        code = text(one, "unit", "")
        if code and code not in codes:
            raise Bad("SETUP_UNKNOWN_UNIT", code)
        return code

    roles = [(one_of(text(one, "role"), ROLES, "SETUP_ROLE"), unit_of(one)) for one in entry.get("role", [])]
    mandates = {unit_of(one): kroner(one, "kroner") for one in entry.get("mandate", [])}
    if "" in mandates:
        raise Bad("SETUP_MISSING", "unit")
    return PersonSpec(
        login=text(entry, "login"),
        name=text(entry, "name"),
        email=text(entry, "email", ""),
        language=one_of(text(entry, "language", "nn"), LANGUAGES, "SETUP_LANGUAGE"),
        password=text(entry, "password", ""),
        demo=bool(entry.get("demo", False)),
        roles=roles,
        mandates=mandates,
    )


def _default(entry: Entry) -> DefaultSpec:
    return DefaultSpec(
        kind=one_of(
            text(entry, "kind"), ("item", "category", "favourite", "person", "unit"), "SETUP_CODING_KIND"
        ),
        key=text(entry, "key"),
        account=text(entry, "account", ""),
        responsibility=text(entry, "responsibility", ""),
        function=text(entry, "function", ""),
        project=text(entry, "project", ""),
        vat_treatment=text(entry, "vat_treatment", ""),
    )


def _preapproval(entry: Entry) -> PreApprovalSpec:
    end = _day(entry, "to") if "to" in entry else None
    return PreApprovalSpec(
        text(entry, "reference"), kroner(entry, "ceiling_kroner"), _day(entry, "from"), end
    )
