"""The tags write what a browser and a screen reader need, and escape what people wrote."""

from __future__ import annotations

from typing import Any

import pytest
from django import forms
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import translation
from lxml import html

from avrop.web import icons
from avrop.web.forms import DayField, MoneyField, QuantityField
from avrop.web.lists import Filter, listing
from avrop.web.tables import stackable

EVIL = '<script>alert("x")</script>'


@pytest.fixture(autouse=True)
def english() -> Any:
    with translation.override("en"):
        yield


def show(source: str, **context: Any) -> str:
    return Template("{% load avrop i18n %}" + source).render(Context(context))


@pytest.mark.parametrize(
    "source",
    [
        "{% tag evil 'info' %}",
        "{% heading evil state=evil intro=evil over=evil %}{% endheading %}",
        "{% crumbs evil evil evil %}",
        "{% card evil %}{{ evil }}{% endcard %}",
        "{% alert 'danger' evil %}{{ evil }}{% endalert %}",
        "{% empty evil evil %}{% endempty %}",
        "{% key_figure evil evil url=evil note=evil %}",
        "{% post_button evil evil name=evil value=evil about=evil %}",
        "{% table evil %}<thead><tr><th>{{ evil }}</th></tr></thead>"
        "<tr><td>{{ evil }}</td></tr>{% endtable %}",
        "{% facts %}{% fact evil %}{{ evil }}{% endfact %}{% endfacts %}",
        "{% timeline evil %}{% event evil who=evil state=evil %}{{ evil }}{% endevent %}{% endtimeline %}",
        "{% stepper steps evil %}",
        "{% tabs steps evil %}",
        "{% details evil %}{{ evil }}{% enddetails %}",
        "{% refusal evil %}",
        "{% icon 'truck' evil %}",
    ],
)
def test_no_component_lets_a_persons_text_through_as_markup(source: str) -> None:
    steps = [{"label": EVIL, "state": "done", "note": EVIL, "url": EVIL}]
    shown = show(source, evil=EVIL, steps=steps)
    assert "<script" not in shown
    assert "&lt;script" in shown


def test_cells_get_roles_and_their_columns_heading() -> None:
    shown = stackable(
        '<thead><tr><th>Item</th><th class="num">Sum <svg></svg></th>'
        '<th colspan="2">Two</th><th>Last</th></tr></thead>'
        '<tbody><tr><th>A</th><td class="num">1</td><td>x</td><td data-label="own">y</td><td>z</td></tr>'
        '<tr><td colspan="3">wide</td><td>w</td><td>v</td></tr></tbody>'
    )
    table = html.fromstring(f"<table>{shown}</table>")
    rows = [[cell.get("data-label") for cell in row] for row in table.findall("tbody/tr")]
    assert rows == [[None, "Sum", "Two", "own", "Last"], [None, "Two", "Last"]]
    assert {c.get("role") for c in table.findall("thead/tr/th")} == {"columnheader"}
    assert table.find("tbody/tr/th").attrib == {"role": "rowheader", "scope": "row"}
    assert {c.get("role") for c in table.findall("tbody/tr/td")} == {"cell"}


def test_a_heading_with_quotes_cannot_leave_its_attribute() -> None:
    shown = stackable(
        "<thead><tr><th>a &quot; onclick=x</th><th>b</th></tr></thead><tr><td>1</td><td>2</td></tr>"
    )
    cell = html.fromstring(f"<table>{shown}</table>").find(".//td")
    assert cell.get("data-label") == 'a " onclick=x'
    assert cell.get("onclick") is None


class Form(forms.Form):
    """One required, one optional, one of each special kind."""

    reason = forms.CharField(label="Reason", help_text="Shown to the approver")
    amount = MoneyField(label="Up to", required=False, least=100)
    quantity = QuantityField(label="Quantity", required=False)
    day = DayField(label="Day", required=False)
    way = forms.ChoiceField(label="Way", widget=forms.RadioSelect, choices=[("a", "A"), ("b", "B")])


def test_a_field_ties_label_hint_and_error_to_its_control() -> None:
    tree = html.fromstring(
        "<div>" + show("{% form_fields form %}", form=Form({"amount": "mykje"})) + "</div>"
    )
    for control in tree.xpath("//input[@type='text' or @type='date']"):
        assert tree.xpath(f"//label[@for='{control.get('id')}']")
        for target in control.get("aria-describedby", "").split():
            assert tree.get_element_by_id(target) is not None
    reason = tree.get_element_by_id("id_reason")
    assert reason.get("aria-describedby") == "id_reason-hint id_reason-error"
    assert reason.get("aria-invalid") == "true"
    assert tree.get_element_by_id("id_amount-error").text == "Write a number, for example 1234,50."
    assert "(optional)" in tree.xpath("string(//label[@for='id_amount'])")
    assert "(optional)" not in tree.xpath("string(//label[@for='id_reason'])")
    assert tree.xpath("string(//fieldset/legend)") == "Way"
    assert len(tree.xpath("//fieldset//input[@type='radio']")) == 2


def test_the_error_summary_names_each_fault_and_is_absent_when_all_is_right() -> None:
    shown = show("{% error_summary form %}", form=Form({"amount": "0,50"}))
    tree = html.fromstring(shown)
    assert tree.get("role") == "alert"
    assert [a.get("href") for a in tree.findall(".//a")] == ["#id_reason", "#id_amount", "#id_way"]
    assert "at least 1,00" in tree.text_content()
    assert show("{% error_summary form %}", form=Form({"reason": "x", "way": "a"})) == ""
    assert show("{% error_summary form %}", form=Form()) == ""


@pytest.mark.parametrize(
    ("typed", "ore"), [("1 234,50", 123450), ("1.234,50", 123450), ("49.90", 4990), ("-5", -500), ("", None)]
)
def test_money_is_read_as_people_type_it(typed: str, ore: int | None) -> None:
    assert MoneyField(required=False).clean(typed) == ore


@pytest.mark.parametrize("typed", ["1e9", "Infinity", "NaN", "1,2,3", "١٢", "1_000", "0x10", "9" * 30])
def test_what_is_no_plain_number_is_refused(typed: str) -> None:
    with pytest.raises(forms.ValidationError):
        MoneyField().clean(typed)


def test_a_form_shows_an_amount_again_as_it_could_have_been_typed() -> None:
    field = QuantityField()
    assert field.clean(field.prepare_value(1_234_500_000)) == 1_234_500_000
    assert MoneyField().clean(MoneyField().prepare_value(-123450)) == -123450


ROWS = [{"name": f"Item {n:02d}", "total": n % 7, "state": "sent" if n % 2 else "new"} for n in range(60)]


def page(query: str = "", **options: Any) -> Any:
    return listing(
        RequestFactory().get(f"/?{query}"),
        ROWS,
        search=("name",),
        sort={"name": "name", "total": ("total", "name")},
        default="name",
        filters=[Filter("state", "State", [("sent", "Sent"), ("new", "New")])],
        **options,
    )


def test_a_list_is_searched_filtered_sorted_and_paged_by_the_address() -> None:
    assert [row["name"] for row in page("q=item+07")] == ["Item 07"]
    assert page("state=sent").total == 30
    assert page("sort=-name").rows[0]["name"] == "Item 59"
    assert [row["name"] for row in page("sort=total")][:2] == ["Item 00", "Item 07"]
    last = page("page=3")
    assert (last.first, last.last, len(last), last.pages) == (51, 60, 10, 3)


@pytest.mark.parametrize(
    "query", ["page=99", "page=-1", "page=x", "page=٣", "sort=password", "state=%27--", "q=%00"]
)
def test_nonsense_in_the_address_is_ignored(query: str) -> None:
    assert page(query).page in (1, 3)


def test_the_links_keep_what_was_chosen_and_go_back_to_the_first_page_on_sorting() -> None:
    rows = page("q=item&state=sent&page=2")
    assert rows.address(page=1) == "?q=item&state=sent&page=1"
    heading = show("{% th_sort rows 'name' 'Name' %}", rows=rows)
    assert 'aria-sort="ascending"' in heading
    assert 'href="?q=item&amp;state=sent&amp;sort=-name"' in heading
    assert page("page=2", size=2).page_numbers() == [1, 2, 3, None, 30]


def test_every_icon_is_well_formed_and_decoration_unless_named() -> None:
    for name in icons.DRAWINGS:
        drawing = html.fragment_fromstring(str(icons.svg(name)))
        assert drawing.get("aria-hidden") == "true"
    assert html.fragment_fromstring(str(icons.svg("truck", "Delivery"))).get("aria-label") == "Delivery"
    with pytest.raises(KeyError):
        icons.svg("no-such-drawing")


def test_an_unknown_tone_is_a_slip_that_shows() -> None:
    with pytest.raises(KeyError):
        show("{% tag 'x' 'purple' %}")
