"""Every component on one page, with made-up content: for looking at, and for the browser tests."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from avrop.web.forms import DayField, MoneyField, QuantityField
from avrop.web.lists import Filter, listing


@dataclass(frozen=True)
class Row:
    """One made-up order line."""

    number: str
    name: str
    sku: str
    quantity: int
    price: int
    total: int
    state: str
    tone: str


class Example(forms.Form):
    """One of each kind of field."""

    reason = forms.CharField(label=gettext_lazy("Reason"), help_text=gettext_lazy("Shown to the approver."))
    amount = MoneyField(label=gettext_lazy("Up to"), least=100)
    quantity = QuantityField(label=gettext_lazy("Quantity"), required=False)
    needed = DayField(label=gettext_lazy("Needed by"), required=False)
    note = forms.CharField(
        label=gettext_lazy("Note"), widget=forms.Textarea(attrs={"rows": 3}), required=False
    )
    unit = forms.ChoiceField(
        label=gettext_lazy("Unit"), choices=[("", "–"), ("1", "Fjordvik skule"), ("2", "Fjordvik omsorg")]
    )
    way = forms.ChoiceField(
        label=gettext_lazy("Delivery"),
        widget=forms.RadioSelect,
        choices=[("all", gettext_lazy("Everything at once")), ("part", gettext_lazy("In parts"))],
    )
    agree = forms.BooleanField(label=gettext_lazy("I have counted the goods"), required=False)


def rows() -> list[Row]:
    """Some lines, enough for two pages."""
    things = [("Kopipapir A4 80 g, svanemerkt", 40, 5290), ("Batteri AA 1,5 V, 24 stk", 6, 8900)]
    things += [
        ("Arbeidsbukse omsorg, storleik M", 12, 24900),
        ("Eingongshanskar nitril, 200 stk", 9000, 11990),
    ]
    states = [(_("Confirmed"), "success"), (_("Back order"), "warning"), (_("Deviation: price"), "danger")]
    return [
        Row(
            f"2026-{at:05d}",
            name,
            f"40-{2210 + at}",
            many * 1_000_000,
            price * 10_000,
            many * price,
            *states[at % len(states)],
        )
        for at, (name, many, price) in enumerate(things * 9)
    ]


def show(request: HttpRequest) -> HttpResponse:
    """GET shows; POST validates the example form, so that its errors can be looked at."""
    example = Example(request.POST or None)
    states = [(row.state, row.state) for row in rows()[:3]]
    return render(
        request,
        "web/gallery.html",
        {
            "form": example,
            "rows": listing(
                request,
                rows(),
                search=("name", "number"),
                sort={"number": "number", "name": "name", "total": "total"},
                default="number",
                filters=[Filter("state", _("State"), states)],
                size=8,
            ),
            "steps": [
                {"label": _("Basket"), "state": "done"},
                {"label": _("Approved"), "state": "done", "note": "12.11.2026"},
                {"label": _("Sent"), "state": "done", "url": "#table"},
                {"label": _("Goods receipt"), "state": "current"},
                {"label": _("Invoice"), "state": "todo"},
                {"label": _("Posted"), "state": "todo"},
            ],
            "tabs": [
                {"label": _("Waiting"), "url": "?", "active": True, "count": 3},
                {"label": _("Done"), "url": "?state="},
            ],
            "at": datetime(2026, 11, 12, 8, 5, tzinfo=UTC),
            "on": date(2026, 11, 12),
        },
    )
