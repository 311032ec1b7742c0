"""`avrop coding import`, `avrop catalogue import` and `avrop catalogue search` as a program meets them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.core.management import call_command

from avrop.catalogue.tests.catalogues import catalogue, line
from avrop.catalogue.tests.price_lists import xlsx


def run(capsys, *arguments: str) -> tuple[int, list[dict], str]:
    """Exit status, JSON lines and stderr."""
    with pytest.raises(SystemExit) as left:
        call_command(*arguments)
    out = capsys.readouterr()
    return int(left.value.code or 0), [json.loads(text) for text in out.out.splitlines()], out.err


@pytest.mark.shared
def test_a_budget_comes_in_and_tells_what_it_held(world, shared: Path, capsys) -> None:
    file = shared / "data/budget-no/sogndal-driftsbudsjett-2013.csv"
    status, (result,), _ = run(
        capsys,
        "coding",
        "import",
        str(file),
        "--buyer",
        "bremnes",
        "--kind",
        "budget",
        "--year",
        "2013",
        "--json",
    )
    assert status == 0
    assert (result["lines"], result["accounts"], result["responsibilities"], result["functions"]) == (
        4898,
        235,
        140,
        82,
    )
    assert (result["sum_positive"], result["sum_negative"]) == (565273139, -565273139)
    assert result["warnings"] and result["rejected"] == []


def test_wrong_use_gives_status_two_and_one_clear_line(world, tmp_path: Path, capsys) -> None:
    missing = str(tmp_path / "nothing.csv")
    for arguments in (
        ("coding", "import", missing, "--buyer", "bremnes"),
        ("coding", "import", missing, "--buyer", "nobody"),
        ("catalogue", "import", missing, "--agreement", "FI-2026-01"),
        ("catalogue", "import", missing, "--agreement", "NO-SUCH"),
        ("catalogue", "search", "papir", "--as", "nobody"),
    ):
        status, results, errors = run(capsys, *arguments, "--json")
        assert (status, results) == (2, []), arguments
        assert len(errors.splitlines()) == 1


def test_a_catalogue_comes_in_is_approved_and_found_by_the_person_who_may_buy(
    world, tmp_path: Path, capsys
) -> None:
    file = tmp_path / "k.xml"
    file.write_bytes(catalogue(world.kontor, world.coop, line("9-1", "Såpe", "31.50")))
    command = ("catalogue", "import", str(file), "--agreement", "FI-2026-01", "--json")
    status, (result,), _ = run(capsys, *command)
    assert (status, result["version"], result["lines"], result["added"], result["removed"]) == (0, 2, 1, 1, 4)
    assert (result["state"], result["rejected"]) == ("in_review", [])
    search = ("catalogue", "search", "soap", "--as", "berit", "--json")
    assert run(capsys, *search)[1][0]["total"] == 0
    file.write_bytes(catalogue(world.kontor, world.coop, line("9-1", "Soap", "31.50")))
    status, (result,), _ = run(capsys, *command, "--approve-as", "avtale")
    assert (status, result["state"], result["version"]) == (0, "active", 3)
    status, (found,), _ = run(capsys, *search)
    assert (status, found["total"], found["query"]) == (0, 1, "soap")
    assert {key: found["items"][0][key] for key in ("name", "supplier", "agreement", "price", "unit")} == {
        "name": "Soap",
        "supplier": "Kontorvarer AS",
        "agreement": "FI-2026-01",
        "price": "31.50",
        "unit": "EA",
    }
    assert found["facets"]["supplier"] == {"Kontorvarer AS": 1}


def test_someone_who_is_not_the_contract_owner_cannot_approve_on_the_command_line(
    world, tmp_path, capsys
) -> None:
    file = tmp_path / "k.xml"
    file.write_bytes(catalogue(world.kontor, world.coop, line("9-1", "Såpe", "31.50")))
    command = (
        "catalogue",
        "import",
        str(file),
        "--agreement",
        "FI-2026-01",
        "--approve-as",
        "berit",
        "--json",
    )
    status, results, errors = run(capsys, *command)
    assert (status, results) == (2, [])
    assert "berit" in errors


def test_bad_files_give_one_clear_line_and_no_stack_trace(world, tmp_path: Path, capsys) -> None:
    for content in (b"", b"%PDF-1.7", b"<!DOCTYPE x><x/>", b"<a/>", b"\xff\xfe\x00"):
        file = tmp_path / "bad.xml"
        file.write_bytes(content)
        status, results, errors = run(
            capsys, "catalogue", "import", str(file), "--agreement", "FI-2026-01", "--json"
        )
        assert (status, results) == (2, [])
        assert len(errors.splitlines()) == 1 and "Traceback" not in errors
        status, results, errors = run(capsys, "coding", "import", str(file), "--buyer", "bremnes", "--json")
        assert status == 2 and len(errors.splitlines()) == 1


def test_a_price_list_comes_in_from_a_spreadsheet_with_its_columns_proposed_or_said(
    world, tmp_path: Path, capsys
) -> None:
    file = tmp_path / "prisar.csv"
    file.write_bytes(
        "Kode;Varenamn;Eining;Pris\r\n9-1;Såpe;flaske;31,50\r\n9-2;Feil;skåp;1,00".encode("cp1252")
    )
    command = ("catalogue", "import", str(file), "--agreement", "FI-2026-01", "--json")
    status, results, errors = run(capsys, *command)
    assert (status, results) == (2, [])
    assert "Varenamn" in errors and len(errors.splitlines()) == 1
    status, (result,), _ = run(capsys, *command, "--column", "seller_item_id=Kode", "--vat", "25")
    assert (status, result["version"], result["lines"], result["added"], result["removed"]) == (1, 2, 1, 1, 4)
    assert [(one["line"], one["reason"]) for one in result["rejected"]] == [("3", "NO_UNIT")]
    status, (again,), _ = run(
        capsys, *command
    )  # the layout is remembered, and the same file is the same version
    assert (status, again) == (1, result)
    assert run(capsys, *command, "--column", "price")[0] == 2


def test_a_workbook_comes_in_like_a_csv_file(world, tmp_path: Path, capsys) -> None:
    file = tmp_path / "prisar.xlsx"
    file.write_bytes(xlsx([("9-1", "Såpe", "flaske", 31.5, 25)]))
    command = (
        "catalogue",
        "import",
        str(file),
        "--agreement",
        "FI-2026-01",
        "--approve-as",
        "avtale",
        "--json",
    )
    status, (result,), _ = run(capsys, *command)
    assert (status, result["state"], result["lines"]) == (0, "active", 1)
    status, (found,), _ = run(capsys, "catalogue", "search", "såpe", "--as", "berit", "--json")
    assert [(one["price"], one["unit"]) for one in found["items"]] == [("31.50", "XBO")]
