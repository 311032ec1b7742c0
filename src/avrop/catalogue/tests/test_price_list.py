"""A price list from a spreadsheet becomes a version in review; bad rows are left out with a reason."""

from __future__ import annotations

from hashlib import sha256

import pytest

from avrop.catalogue import operations, states
from avrop.catalogue.models import CatalogueItem, CatalogueVersion, PriceList, PriceListLayout
from avrop.catalogue.pricelist import operations as lists
from avrop.catalogue.pricelist.mapping import Layout, from_json
from avrop.catalogue.pricelist.sheet import SheetRefused
from avrop.catalogue.tests.catalogues import catalogue, line
from avrop.catalogue.tests.price_lists import csv, xlsx
from avrop.journal import audit
from avrop.journal.models import Delivery, Entry
from avrop.journal.worker import run_until_idle
from avrop.kernel.finding import Refusal
from avrop.kernel.ports import originals
from avrop.tenancy.scope import as_system, viewing

PAPER = ("40-2210", "Kopipapir A4 80 g", "stk", "1 052,90", "25")
PENCIL = ("40-1001", "Blyant HB", "pk", "4,10", "25 %")


def take(world, raw: bytes, **more) -> dict:
    with as_system(world.coop.id):
        return lists.take(agreement_id=world.agreement.id, raw=raw, source_name="prisar.xlsx", **more)


def items(world, number: int = 2) -> dict[str, CatalogueItem]:
    rows = CatalogueItem.objects.filter(version__agreement=world.agreement, version__number=number)
    return {row.seller_item_id: row for row in rows}


@pytest.mark.parametrize("encoding", ["cp1252", "utf-8-sig", "utf-8", "utf-16"])
def test_a_csv_file_from_excel_is_read_with_decimal_comma_and_grouped_thousands(world, encoding) -> None:
    rows = [PAPER, ("Ø-77", "Såpe, flytande æøå", "flaske", "1\u00a0234\u00a0567,5", "15")]
    result = take(world, csv(rows, encoding=encoding))
    assert (result["lines"], result["rejected"], result["state"]) == (2, [], "in_review")
    soap = items(world)["Ø-77"]
    assert (soap.name, soap.unit_code, soap.price) == ("Såpe, flytande æøå", "XBO", 1_234_567_500_000)
    assert (soap.vat_category, soap.vat_rate, soap.base_quantity) == ("S", 1500, 1_000_000)


def test_a_workbook_keeps_item_numbers_and_prices_as_they_are_seen(world) -> None:
    rows = [
        (402210, "Kopipapir", "EA", 52.9, 25),
        ("40-1001", "Blyant", "Pakke", 0.1 + 0.2, 0.15),
        (7012345678901, "Perm", "stk.", 24.5, "25%"),
    ]
    take(world, xlsx(rows, above=3))
    found = items(world)
    assert set(found) == {"402210", "40-1001", "7012345678901"}
    assert (found["402210"].price, found["40-1001"].price) == (52_900_000, 300_000)
    assert [found[key].vat_rate for key in ("402210", "40-1001", "7012345678901")] == [2500, 1500, 2500]
    assert found["40-1001"].unit_code == "XPK"


def test_a_bad_row_is_left_out_with_its_number_and_the_good_ones_stay(world) -> None:
    rows = [
        PAPER,
        ("Kontorrekvisita", "", "", "", ""),  # a heading among the items is no line
        ("", "Utan nummer", "stk", "1,00", "25"),
        ("b", "", "stk", "1,00", "25"),
        ("c", "Utan pris", "stk", "", "25"),
        ("d", "Rar pris", "stk", "ti kroner", "25"),
        ("e", "Minus", "stk", "-1,00", "25"),
        ("f", "Ukjend eining", "skåp", "1,00", "25"),
        ("g", "Utan mva", "stk", "1,00", ""),
        ("h", "Rar mva", "stk", "1,00", "250"),
        (*PAPER[:3], "2,00", "25"),
        PENCIL,
    ]
    result = take(world, csv(rows))
    assert set(items(world)) == {"40-2210", "40-1001"}
    assert [(one["line"], one["reason"]) for one in result["rejected"]] == [
        ("4", "NO_ITEM_ID"),
        ("5", "NO_NAME"),
        ("6", "NO_PRICE"),
        ("7", "BAD_PRICE"),
        ("8", "BAD_PRICE"),
        ("9", "NO_UNIT"),
        ("10", "NO_VAT"),
        ("11", "NO_VAT"),
        ("12", "TWICE"),
    ]


def test_a_file_without_the_columns_that_are_needed_says_which(world) -> None:
    with pytest.raises(Refusal, match="PRICE_LIST_COLUMNS") as refused:
        take(world, csv([("a", "b")], headings=("Namn", "Farge")))
    assert refused.value.params["missing"] == ["seller_item_id", "price", "unit", "vat"]
    assert not CatalogueVersion._base_manager.filter(agreement=world.agreement, number=2).exists()


def test_columns_and_what_holds_for_every_row_can_be_said(world) -> None:
    raw = csv([("A1", "Blyant", "3.50")], headings=("Kode", "Vare", "Til kunde"))
    result = take(world, raw, columns={"seller_item_id": "Kode", "price": "Til kunde"}, unit="stk", vat="25")
    assert result["lines"] == 1
    (only,) = items(world).values()
    assert (only.name, only.unit_code, only.price, only.vat_rate) == ("Blyant", "EA", 3_500_000, 2500)


def test_the_layout_is_remembered_for_the_supplier_whatever_the_order_of_columns(world) -> None:
    take(
        world,
        csv([("A1", "Blyant", "3,50")], headings=("Kode", "Vare", "Til kunde")),
        columns={"seller_item_id": "Kode", "price": "Til kunde"},
        unit="stk",
        vat="25",
    )
    result = take(
        world, csv([("4,10", "x", "Blyant", "A1")], headings=("Til kunde", "Farge", "Vare", "Kode"))
    )
    assert (result["version"], result["lines"], result["rejected"]) == (3, 1, [])
    assert items(world, 3)["A1"].price == 4_100_000
    assert PriceListLayout._base_manager.get().supplier_id == world.kontor.id


def test_the_same_file_again_is_the_same_version_and_the_original_is_kept(world) -> None:
    raw = csv([PAPER])
    first = take(world, raw)
    entries = Entry._base_manager.count()
    assert take(world, raw) == first
    assert Entry._base_manager.count() == entries
    assert originals().get(CatalogueVersion._base_manager.get(id=first["id"]).sha256) == raw


def test_what_the_list_has_no_column_for_stays_as_it_is_in_force(world) -> None:
    rich = line("40-1001", "Blyant HB", "4.10")
    with as_system(world.coop.id):
        result = operations.import_version(
            agreement_id=world.agreement.id, raw=catalogue(world.kontor, world.coop, rich)
        )
    with viewing(world.viewer("avtale", "coop")):
        operations.approve_version(version_id=result["id"])
    take(world, csv([("40-1001", "Blyant HB", "stk", "5,00", "25")]))
    kept = items(world, 3)["40-1001"]
    assert (kept.price, kept.name_nb, kept.keywords) == (5_000_000, "Blyant HB (nb)", "kontor")
    assert (kept.picture, kept.category) == ("demo/pictures/office.svg", "44120000")
    take(world, csv([("40-1001", "Fargeblyant", "stk", "5,00", "25")]))
    assert items(world, 4)["40-1001"].name_nb == ""


# --- by a person, in two steps


def upload(world, raw: bytes, login: str = "avtale") -> PriceList:
    with viewing(world.viewer(login, "coop")):
        return PriceList.objects.get(
            id=lists.upload(agreement_id=world.agreement.id, raw=raw, source_name="p")
        )


def confirm(world, price_list: PriceList, layout: Layout | None = None) -> None:
    with viewing(world.viewer("avtale", "coop")):
        lists.confirm(price_list_id=price_list.id, layout=layout or from_json(price_list.layout))


def test_an_uploaded_list_waits_for_its_columns_and_is_then_read_by_the_worker(world) -> None:
    price_list = upload(world, csv([PAPER, PENCIL]))
    assert (price_list.state, price_list.rows) == (states.OPEN, 3)
    assert from_json(price_list.layout).columns["price"] == "Pris (eks. mva)"
    confirm(world, price_list)
    assert not CatalogueVersion._base_manager.filter(agreement=world.agreement, number=2).exists()
    run_until_idle()
    price_list = PriceList._base_manager.get()
    assert price_list.state == states.DONE
    version = CatalogueVersion._base_manager.get(id=price_list.version_id)
    assert (version.state, version.lines, version.number) == ("in_review", 2, 2)
    assert not Delivery.objects.exclude(state="done").exists()


def test_a_worker_that_dies_on_the_way_leaves_a_draft_that_the_next_takes_up(world) -> None:
    price_list = upload(world, csv([PAPER, PENCIL]))
    confirm(world, price_list)
    with as_system(world.coop.id):
        lists.read_in(PriceList.objects.get(id=price_list.id))  # filled, and then killed
    run_until_idle()
    (version,) = CatalogueVersion._base_manager.filter(agreement=world.agreement, number__gt=1)
    assert (version.state, version.lines) == ("in_review", 2)


def test_a_list_is_confirmed_once_and_only_with_the_columns_that_are_needed(world) -> None:
    price_list = upload(world, csv([PAPER]))
    with pytest.raises(Refusal, match="PRICE_LIST_COLUMNS"):
        confirm(world, price_list, Layout(1, {"name": "Varenamn"}))
    confirm(world, price_list)
    with pytest.raises(Refusal, match="PRICE_LIST_BEGUN"):
        confirm(world, price_list)


def test_only_the_owners_people_bring_price_lists_in(world) -> None:
    with viewing(world.viewer("lokal")), pytest.raises(Refusal):
        lists.upload(agreement_id=world.agreement.id, raw=csv([PAPER]))
    price_list = upload(world, csv([PAPER]))
    with viewing(world.viewer("finn", "fjell")), pytest.raises(Refusal, match="PRICE_LIST_UNKNOWN"):
        lists.confirm(price_list_id=price_list.id, layout=from_json(price_list.layout))


def test_a_file_that_is_no_spreadsheet_is_refused_but_kept(world) -> None:
    raw = b"PK\x03\x04 not a workbook"
    with pytest.raises(SheetRefused, match="SHEET_UNREADABLE"):
        take(world, raw)
    assert originals().has(sha256(raw).hexdigest())


def test_the_audit_chain_covers_lists_and_layouts(world) -> None:
    confirm(world, upload(world, csv([PAPER])))
    run_until_idle()
    take(world, csv([PENCIL]))
    report = audit.verify(covered=False)
    assert report.ok, report.places
