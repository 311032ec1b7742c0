"""The catalogue's pages: what is shown to whom, at what cost, and nothing for strangers."""

from __future__ import annotations

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from avrop.catalogue import operations
from avrop.catalogue.models import CatalogueChange, CatalogueItem, CatalogueVersion, PriceList
from avrop.catalogue.pictures import picture_url
from avrop.catalogue.pricelist import operations as lists
from avrop.catalogue.tests.catalogues import catalogue, line
from avrop.catalogue.tests.price_lists import csv
from avrop.journal import audit
from avrop.journal.worker import run_until_idle
from avrop.kernel.finding import Refusal
from avrop.tenancy.models import Organisation, RoleAssignment
from avrop.tenancy.scope import as_system, viewing


@pytest.fixture
def visit(world, client: Client, django_assert_max_num_queries):
    """Open an address as a person; the statements of a page are counted."""

    def open_(login: str, name: str, *, slug: str = "bremnes", status: int = 200, data=None, **more) -> str:
        client.force_login(world.people[login])
        address = reverse(f"catalogue:{name}", kwargs={"slug": slug, **more})
        with django_assert_max_num_queries(15):
            answer = client.get(address, data or {})
        assert answer.status_code == status, answer.content[:500]
        return answer.content.decode()

    return open_


@pytest.fixture
def waiting(world) -> CatalogueVersion:
    raw = catalogue(
        world.kontor,
        world.coop,
        line("40-1001", "Blyant HB", "4.10"),
        line("9-1", "Såpe", "31.50"),
        line("9-2", "Feil", "-1"),
    )
    with as_system(world.coop.id):
        result = operations.import_version(agreement_id=world.agreement.id, raw=raw)
        return CatalogueVersion.objects.get(id=result["id"])


def test_the_requisitioner_sees_price_unit_vat_supplier_and_a_box_to_order_with(world, visit) -> None:
    page = visit("berit", "search", data={"q": "papir"})
    for text in ("Kopipapir A4 80 g", "52,90", "25\u00a0%", "Kontorvarer AS", "FI-2026-01"):
        assert text in page
    assert f'value="{world.items["papir"].id}"' in page
    assert "Ringperm" not in page


def test_a_page_of_many_items_costs_no_more_than_one_of_few(world, visit) -> None:
    CatalogueItem.objects.bulk_create(
        CatalogueItem(
            version=world.items["papir"].version,
            agreement=world.agreement,
            seller_item_id=f"x{n}",
            name=f"Ting {n:03}",
            unit_code="EA",
            price=1_000_000,
            search_names=f" ting {n:03}",
            search_words=f" ting {n:03}",
        )
        for n in range(60)
    )
    page = visit("berit", "search", data={"q": "ting", "page": "2"})
    assert "Ting 020" in page and "Ting 019" not in page
    assert "Ting 059" in visit("berit", "search", data={"q": "ting", "page": "99"})


def test_one_who_may_not_order_can_look_but_has_no_box(visit) -> None:
    page = visit("radmann", "search", data={"q": "papir"})
    assert "Kopipapir" in page
    assert 'name="quantity"' not in page


@pytest.mark.parametrize(
    "data",
    [
        {"supplier": "x"},
        {"category": "%"},
        {"page": "0"},
        {"page": "x"},
        {"page": "99999999"},
        {"unit": "x"},
    ],
)
def test_nonsense_in_the_address_breaks_nothing(visit, data) -> None:
    visit("berit", "search", data=data)


def test_the_lorry_wholesaler_is_not_shown_to_a_school_even_when_its_unit_is_named(world, visit) -> None:
    assert "Kaffi" in visit("bjorn", "search", data={"q": "kaffi"})
    care = str(world.units["care"].id)
    assert "Kaffi" not in visit("berit", "search", data={"q": "kaffi", "unit": care})


def test_the_co_operation_is_sent_to_the_versions_and_sees_those_that_wait(world, visit, waiting) -> None:
    visit("avtale", "search", slug="coop", status=302)
    page = visit("avtale", "versions", slug="coop")
    assert str(waiting.id) in page


def test_the_contract_owner_sees_each_change_and_why_lines_were_left_out(world, visit, waiting) -> None:
    page = visit("avtale", "version", slug="coop", version_id=waiting.id)
    for text in ("Blyant HB", "3,3333", "4,10", "+23", "Såpe", "Kopipapir A4 80 g"):
        assert text in page
    assert reverse("catalogue:approve", kwargs={"slug": "coop", "version_id": waiting.id}) in page


def test_approving_on_the_page_puts_the_version_in_force(world, client, waiting) -> None:
    client.force_login(world.people["avtale"])
    address = reverse("catalogue:approve", kwargs={"slug": "coop", "version_id": waiting.id})
    assert client.get(address).status_code == 405
    assert client.post(address).status_code == 302
    waiting.refresh_from_db()
    assert (waiting.state, waiting.decided_by) == ("active", world.people["avtale"].id)


def test_rejecting_needs_a_reason(world, client, waiting) -> None:
    client.force_login(world.people["avtale"])
    address = reverse("catalogue:reject", kwargs={"slug": "coop", "version_id": waiting.id})
    client.post(address, {"reason": ""})
    waiting.refresh_from_db()
    assert waiting.state == "in_review"
    client.post(address, {"reason": "For dyrt"})
    waiting.refresh_from_db()
    assert waiting.state == "rejected"


def test_another_administrator_of_the_owner_reads_but_has_no_buttons(world, visit, waiting) -> None:
    with as_system(world.coop.id):
        RoleAssignment.objects.create(
            organisation=world.coop, person=world.people["lokal"], role="coop_admin"
        )
    page = visit("lokal", "version", slug="coop", version_id=waiting.id)
    assert reverse("catalogue:approve", kwargs={"slug": "coop", "version_id": waiting.id}) not in page


def test_a_stranger_gets_404_for_versions_of_others(world, client, visit, waiting) -> None:
    for name in ("version", "original"):
        visit("lokal", name, version_id=waiting.id, status=404)
    client.force_login(world.people["lokal"])
    for name in ("approve", "reject"):
        address = reverse(f"catalogue:{name}", kwargs={"slug": "bremnes", "version_id": waiting.id})
        assert client.post(address).status_code == 404
    visit("berit", "versions", status=403)


def test_the_original_file_is_given_back_byte_for_byte(world, client, waiting) -> None:
    client.force_login(world.people["avtale"])
    answer = client.get(reverse("catalogue:original", kwargs={"slug": "coop", "version_id": waiting.id}))
    assert b"Blyant HB" in answer.content
    assert "attachment" in answer["Content-Disposition"]


@pytest.mark.parametrize(
    "reference", ["https://evil.example/a.png", "../secret.svg", "/etc/a.png", "a//b.svg", "x.html", ""]
)
def test_no_picture_is_ever_fetched_from_elsewhere(reference: str) -> None:
    assert picture_url(reference) == ""


def test_a_person_without_any_unit_to_buy_for_gets_an_empty_page(world, client) -> None:
    other = Organisation.objects.create(
        slug="tom", kind="buyer", name="Tom", orgnr="313000003", endpoint="0192:313000003"
    )
    with as_system(other.id):
        RoleAssignment.objects.create(organisation=other, person=world.people["berit"], role="requisitioner")
    client.force_login(world.people["berit"])
    assert client.get(reverse("catalogue:search", kwargs={"slug": "tom"})).status_code == 200


@pytest.mark.parametrize("language", ["nn", "nb", "en"])
def test_items_are_named_in_the_readers_language(world, client, waiting, language: str) -> None:
    with viewing(world.viewer("avtale", "coop")):
        operations.approve_version(version_id=waiting.id)
    client.force_login(world.people["berit"])
    client.cookies["avrop_language"] = language
    page = client.get(reverse("catalogue:search", kwargs={"slug": "bremnes"}), {"q": "såpe"}).content.decode()
    assert {"nn": "Såpe<", "nb": "Såpe (nb)", "en": "Såpe (en)"}[language] in page


# --- what a version changes


def changed_version(world) -> CatalogueVersion:
    """Blyant is dearer, papir cheaper and in another unit, batteri renamed, perm gone, såpe new."""
    rows = [
        ("40-1001", "Blyant HB", "stk", "4,00", "25"),
        ("40-2210", "Kopipapir A4 80 g", "pk", "50,00", "25"),
        ("77-1180", "Batteri AA 24 stk, oppladbart", "stk", "89,00", "15"),
        ("9-1", "Såpe", "flaske", "31,50", "25"),
    ]
    with as_system(world.coop.id):
        result = lists.take(agreement_id=world.agreement.id, raw=csv(rows))
        return CatalogueVersion.objects.get(id=result["id"])


def test_changes_are_totalled_searched_narrowed_and_sorted(world, visit) -> None:
    ident = changed_version(world).id

    def shown(**data: str) -> set[str]:
        page = visit("avtale", "version", slug="coop", version_id=ident, data=data)
        names = ("Blyant", "Kopipapir", "Batteri", "Ringperm", "Såpe")
        return {name for name in names if re.search(f"<th[^>]*>{name}", page)}

    assert shown() == {"Blyant", "Kopipapir", "Batteri", "Ringperm", "Såpe"}
    assert shown(kind="added") == {"Såpe"}
    assert shown(kind="removed") == {"Ringperm"}
    assert shown(aspect="dearer") == {"Blyant"}
    assert shown(aspect="unit") == {"Kopipapir"}
    assert shown(aspect="vat") == {"Batteri"}
    assert shown(aspect="texts") == {"Batteri"}
    assert shown(q="9-1") == {"Såpe"}
    assert shown(aspect="x", kind="%", sort="drop", page="9") == shown()
    page = visit("avtale", "version", slug="coop", version_id=ident)
    assert "+20\u00a0%" in page  # from 3.3333 to 4.00
    assert "Batteri AA 24 stk</span>" in page  # the name it had


def test_thousands_of_changes_come_a_page_at_a_time(world, visit) -> None:
    rows = [(f"N-{n:04}", f"Vare {n:04}", "stk", "1,00", "25") for n in range(1, 1201)]
    with as_system(world.coop.id):
        ident = lists.take(agreement_id=world.agreement.id, raw=csv(rows))["id"]
    page = visit("avtale", "version", slug="coop", version_id=ident, data={"kind": "added", "page": "2"})
    assert "Vare 0026" in page and "Vare 0051" not in page and "Vare 0025" not in page


def test_the_contract_owner_sends_lines_back_and_approves_the_rest(world, client) -> None:
    version = changed_version(world)
    client.force_login(world.people["avtale"])
    address = reverse("catalogue:return", kwargs={"slug": "coop", "version_id": version.id})
    client.post(address, {"item": ["40-1001", "9-1", "40-3310"], "reason": ""})
    assert not CatalogueChange._base_manager.filter(returned=True).exists()
    client.post(address, {"item": ["40-1001", "9-1", "40-3310"], "reason": "For dyrt"})
    page = client.get(reverse("catalogue:version", kwargs={"slug": "coop", "version_id": version.id}))
    assert page.content.decode().count("For dyrt") == 3
    client.post(reverse("catalogue:approve", kwargs={"slug": "coop", "version_id": version.id}))
    items = {row.seller_item_id: row.price for row in CatalogueItem.objects.filter(version_id=version.id)}
    # Blyant as before, såpe not taken in, ringperm kept; papir and batteri as in the new list.
    assert items == {
        "40-1001": 3_333_300,
        "40-2210": 50_000_000,
        "40-3310": 24_500_000,
        "77-1180": 89_000_000,
    }
    assert audit.verify(covered=False).ok


def test_not_every_line_can_be_sent_back_and_not_by_everybody(world) -> None:
    CatalogueVersion._base_manager.filter(agreement=world.agreement).update(state="superseded")
    version = changed_version(world)
    every = ["40-1001", "40-2210", "77-1180", "9-1"]
    for login, slug, items, code in (
        ("avtale", "coop", every, "CATALOGUE_NOTHING_LEFT"),
        ("avtale", "coop", ["none"], "CATALOGUE_NO_LINES"),
        ("lokal", "bremnes", every, "CATALOGUE_NO_VERSION"),
    ):
        with viewing(world.viewer(login, slug)), pytest.raises(Refusal, match=code):
            operations.return_lines(version_id=version.id, seller_item_ids=items, reason="x")
    assert CatalogueItem.objects.filter(version_id=version.id).count() == 4


# --- bringing a price list in


def test_a_price_list_is_uploaded_looked_at_corrected_and_read(world, visit, client) -> None:
    client.force_login(world.people["avtale"])
    file = SimpleUploadedFile("prisar.csv", csv([("A1", "Såpe", "31,50")], headings=("Kode", "Vare", "Pris")))
    upload = reverse("catalogue:upload", kwargs={"slug": "coop"})
    assert "Kontorrekvisita" in visit("avtale", "upload", slug="coop")
    answer = client.post(upload, {"agreement": str(world.agreement.id), "file": file})
    (price_list,) = PriceList._base_manager.all()
    assert answer["Location"].endswith(f"/{price_list.id}/")
    page = visit("avtale", "price_list", slug="coop", price_list_id=price_list.id)
    assert "<option selected>Vare</option>" in page and "<option>Kode</option>" in page
    form = {
        "header": "1",
        "column-seller_item_id": "Kode",
        "column-name": "Vare",
        "column-price": "Pris",
        "unit": "XBO",
        "vat": "25",
        "decimal": ",",
    }
    shown = client.post(answer["Location"], {**form, "do": "show"}).content.decode()
    assert "31,50" in shown and "flaske" in shown
    refused = client.post(answer["Location"], {**form, "unit": "", "do": "read"}).content.decode()
    assert PriceList._base_manager.get().state == "open" and "Eining" in refused
    client.post(answer["Location"], {**form, "do": "read"})
    assert "0 av om lag 2 rader" in visit("avtale", "price_list", slug="coop", price_list_id=price_list.id)
    run_until_idle()
    page = visit("avtale", "price_list", slug="coop", price_list_id=price_list.id)
    version = CatalogueVersion._base_manager.get(number=2, agreement=world.agreement)
    assert f"/{version.id}/" in page and "1 varer er lesne" in page
    assert "prisar.csv" in visit("avtale", "price_lists", slug="coop", data={"q": "prisar"})
    original = client.get(reverse("catalogue:original", kwargs={"slug": "coop", "version_id": version.id}))
    assert original["Content-Type"] == "text/csv" and b"Kode;Vare" in original.content


@pytest.mark.parametrize(
    ("data", "says"),
    [
        ({}, "Vel ei fil"),
        ({"file": b""}, ""),
        ({"file": b"\xd0\xcf\x11\xe0"}, "gammalt format"),
        ({"file": b"PK\x03\x04"}, "kan ikkje lesast"),
        ({"file": b"a;b", "agreement": "x"}, "Avtalen finst ikkje"),
    ],
)
def test_what_cannot_be_uploaded_is_explained(world, client, data, says) -> None:
    client.force_login(world.people["avtale"])
    given = {"agreement": str(world.agreement.id), **data}
    if "file" in given:
        given["file"] = SimpleUploadedFile("p.xlsx", given["file"])
    answer = client.post(reverse("catalogue:upload", kwargs={"slug": "coop"}), given)
    assert answer.status_code == 200
    assert says in answer.content.decode()
    assert not PriceList._base_manager.exists()


def test_those_who_own_no_agreement_and_strangers_bring_nothing_in(world, visit, client) -> None:
    visit("berit", "upload", status=403)
    visit("berit", "price_lists", status=403)
    visit("selma", "upload", status=404)
    with viewing(world.viewer("avtale", "coop")):
        ident = lists.upload(agreement_id=world.agreement.id, raw=csv([("A", "B", "stk", "1", "25")]))
    visit("lokal", "price_list", status=404, price_list_id=ident)
