"""`avrop setup import` on a file as an operator would write it."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest
from django.core.management import call_command

from avrop.agreements.models import Agreement, AgreementParticipant
from avrop.journal.models import Entry
from avrop.project.setup.write import apply
from avrop.suppliers.models import BankAccount, SupplierRelation
from avrop.tenancy.models import DeliveryAddress, Mandate, Organisation, Person, RoleAssignment, Unit
from avrop.tenancy.queries import viewer_for

pytestmark = pytest.mark.django_db(transaction=True)

# Organisation numbers: synthetic 3-series, check digits by hand (weights 3 2 7 6 5 4 3 2):
# 30521802 -> 3*3+0*2+5*7+2*6+1*5+8*4+0*3+2*2 = 97, 97 mod 11 = 9, 11 - 9 = 2; the others likewise.
FILE = """
[[organisation]]
slug = "viksund"
kind = "buyer"
name = "Viksund kommune"
orgnr = "305 218 022"
cooperation = "fjordlaget"
budget = "block"
preapproval = {reference = "Økonomireglement § 7", ceiling_kroner = 25000, from = 2026-01-01}

  [[organisation.unit]]
  code = "20"
  name = "Viksund skule"
  kind = "school"
  parent = "1"
  responsibility = "200"
  function = "20200"
  address = [{name = "Hovudinngang", street = "Skulevegen 1", postal_zone = "6899", city = "Viksund"}]

  [[organisation.unit]]
  code = "1"
  name = "Viksund kommune"
  kind = "municipality"

  [[organisation.person]]
  login = "ola.rektor"
  name = "Ola Rektor"
  password = "eit-ord"
  role = [{role = "requisitioner", unit = "20"}, {role = "approver", unit = "20"}]
  mandate = [{unit = "20", kroner = 20000}]

  [[organisation.supplier]]
  supplier = "papir"
  number = "50001"
  accounts = ["8601 11 17947"]

  [[organisation.coding]]
  kind = "unit"
  key = "20"
  account = "11000"

[[organisation]]
slug = "papir"
kind = "supplier"
name = "Papir AS"
orgnr = "NO 310 021 008 MVA"
bank_account = "86011117947"

[[organisation]]
slug = "fjordlaget"
kind = "cooperation"
name = "Fjordlaget"
orgnr = "314159268"

  [[organisation.agreement]]
  ref = "FL-1"
  name = "Papir"
  supplier = "papir"
  from = 2026-01-01
  to = 2028-01-01
  excluded = ["school"]
  participants = ["viksund"]
"""


def rows() -> dict[str, list[dict[str, object]]]:
    """Everything the set-up can write, by table."""
    models = (
        Organisation,
        Unit,
        DeliveryAddress,
        Person,
        RoleAssignment,
        Mandate,
        SupplierRelation,
        BankAccount,
    )
    models += (Agreement, AgreementParticipant)
    return {m.__name__: list(m._base_manager.order_by("pk").values()) for m in models}


def fixed(text: str = FILE) -> dict[str, object]:
    """The file as TOML gives it: the municipality stands before those it names."""
    return tomllib.loads(text)


def test_a_readable_file_becomes_organisations_units_people_suppliers_and_agreements() -> None:
    plan = apply(fixed())
    assert plan.rejected == []
    school = Unit._base_manager.get(code="20")
    root = Unit._base_manager.get(code="1")
    assert school.path == f"{root.id.hex}/{school.id.hex}"
    who = viewer_for(Person.objects.get(login="ola.rektor"), "viksund")
    assert who is not None
    assert who.roles == {("requisitioner", school.id), ("approver", school.id)}
    assert Mandate._base_manager.get().max_amount == 2_000_000
    assert Organisation.objects.get(slug="viksund").endpoint == "0192:305218022"
    assert Organisation.objects.get(slug="papir").orgnr == "310021008"
    assert BankAccount._base_manager.get().account == "86011117947"
    assert Agreement._base_manager.get().excluded_unit_kinds == ["school"]
    assert AgreementParticipant._base_manager.get().buyer.slug == "viksund"


def test_the_same_file_again_changes_nothing_and_writes_nothing_to_the_journal() -> None:
    apply(fixed())
    before, entries = rows(), Entry._base_manager.count()
    apply(fixed())
    assert rows() == before
    assert Entry._base_manager.count() == entries


def test_a_changed_file_updates_and_ends_what_it_no_longer_names() -> None:
    apply(fixed())
    text = FILE.replace("kroner = 20000}", "kroner = 30000}").replace(
        ', {role = "approver", unit = "20"}', ""
    )
    apply(fixed(text.replace('participants = ["viksund"]', "participants = []")))
    assert Mandate._base_manager.get().max_amount == 3_000_000
    who = viewer_for(Person.objects.get(login="ola.rektor"), "viksund")
    assert who is not None and {role for role, _ in who.roles} == {"requisitioner"}
    assert AgreementParticipant._base_manager.get().valid_to is not None


def test_a_changed_password_in_the_file_does_not_change_the_persons_own() -> None:
    apply(fixed())
    apply(fixed(FILE.replace("eit-ord", "eit-anna")))
    assert Person.objects.get(login="ola.rektor").check_password("eit-ord")


@pytest.mark.parametrize(
    ("find", "replace", "code"),
    [
        ("305 218 022", "305 218 023", "SETUP_ORGNR"),
        ("305 218 022", "314159268", "SETUP_ORGNR_TAKEN"),
        ('kind = "school"', 'kind = "castle"', "SETUP_UNIT_KIND"),
        ('parent = "1"', 'parent = "20"', "SETUP_PARENT"),
        ('role = "approver"', 'role = "king"', "SETUP_ROLE"),
        ('{unit = "20", kroner = 20000}', '{unit = "99", kroner = 1}', "SETUP_UNKNOWN_UNIT"),
        ("kroner = 20000", "kroner = -1", "SETUP_AMOUNT"),
        ("8601 11 17947", "8601 11 17948", "SETUP_ACCOUNT"),
        ("to = 2028-01-01", "to = 2025-01-01", "SETUP_PERIOD"),
        ('supplier = "papir"\n  from', 'supplier = "ingen"\n  from', "SETUP_UNKNOWN_ORGANISATION"),
        ('budget = "block"', 'budget = "hard"', "SETUP_BUDGET"),
    ],
)
def test_an_entry_that_cannot_be_taken_is_named_with_its_reason(find: str, replace: str, code: str) -> None:
    assert find in FILE
    plan = apply(fixed(FILE.replace(find, replace)))
    assert code in {one.code for one in plan.rejected}


def test_the_command_prints_one_json_object_and_ends_with_1_when_something_was_left_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "region.toml"
    path.write_text(FILE.replace("8601 11 17947", "1"), encoding="utf-8")
    with pytest.raises(SystemExit) as ended:
        call_command("setup", "import", str(path), "--json")
    result = json.loads(capsys.readouterr().out)
    assert ended.value.code == 1
    assert (result["organisations"], result["units"], result["persons"], result["mandates"]) == (3, 2, 1, 1)
    assert [one["code"] for one in result["rejected"]] == ["SETUP_ACCOUNT"]
    assert "1" in result["rejected"][0]["reason"]


def test_a_file_that_is_not_toml_ends_with_2_and_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "region.toml"
    path.write_text("[[organisation", encoding="utf-8")
    with pytest.raises(SystemExit) as ended:
        call_command("setup", "import", str(path))
    assert ended.value.code == 2
    assert len(capsys.readouterr().err.splitlines()) == 1
