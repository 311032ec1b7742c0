"""Forms of the basket."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from functools import cache
from importlib import resources
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from avrop.agreements.facts import AgreementFacts
from avrop.coding import queries as coding_queries
from avrop.coding.facts import Coding
from avrop.kernel.money import MICRO
from avrop.requisition.facts import NewLine
from avrop.requisition.texts import DIMENSIONS, TREATMENTS
from avrop.tenancy.facts import AddressFacts, Party, UnitFacts
from avrop.web import format as shown
from avrop.web.forms import MoneyField, QuantityField, choose

Choices = Sequence[tuple[str, object]]


@cache
def vat_rates() -> tuple[tuple[str, int], ...]:
    """(category, basis points) of `tables/vat_rates.csv`, the usual rate first."""
    text = (resources.files("avrop.requisition") / "tables" / "vat_rates.csv").read_text("utf-8")
    rows = csv.DictReader(line for line in text.splitlines() if not line.startswith("#"))
    return tuple((row["category"], int(row["rate"])) for row in rows)


class AddForm(forms.Form):
    """Put a catalogue item in the basket (from the search page)."""

    item_id = forms.UUIDField()
    quantity = QuantityField(least=1)
    unit_id = forms.UUIDField()


class QuantityForm(forms.Form):
    """How much of a line."""

    quantity = QuantityField(label=_("Quantity"), least=1)


class DeliveryForm(forms.Form):
    """Where the goods go, and why."""

    address_id = forms.ChoiceField(label=_("Delivery address"))
    marking = forms.CharField(
        label=_("Mark the parcels with"),
        help_text=_("For example a room or a department. Never a person's name: the supplier reads it."),
        max_length=200,
        required=False,
    )
    need = forms.CharField(
        label=_("What is it for?"),
        help_text=_("The approver reads this."),
        widget=forms.Textarea(attrs={"rows": 2}),
        required=False,
    )

    def __init__(self, *args: Any, addresses: Iterable[AddressFacts] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        places = [(str(a.id), f"{a.name}, {a.street}, {a.postal_zone} {a.city}") for a in addresses]
        choose(self, "address_id", [("", _("Choose")), *places])


class CodingForm(forms.Form):
    """The dimensions of one line, chosen from the chart."""

    account = forms.ChoiceField(label=DIMENSIONS["account"])
    responsibility = forms.ChoiceField(label=DIMENSIONS["responsibility"])
    function = forms.ChoiceField(label=DIMENSIONS["function"])
    project = forms.ChoiceField(
        label=DIMENSIONS["project"], required=False, help_text=_("Needed for investments.")
    )
    vat_treatment = forms.ChoiceField(label=_("VAT"), choices=list(TREATMENTS.items()))

    def __init__(self, *args: Any, current: Coding, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in DIMENSIONS:
            stands = getattr(current, name)
            known = [(code, f"{code} {title}") for code, title in coding_queries.choices(name)]
            kept = [(stands, stands)] if stands and stands not in dict(known) else []
            choose(self, name, [("", _("Choose")), *kept, *known])

    def coding(self) -> Coding:
        """What was chosen."""
        return Coding(**self.cleaned_data)


class FreeTextForm(forms.Form):
    """What no catalogue has: a frame, a reason and somebody to order it from (Decision 6)."""

    unit_id = forms.ChoiceField(label=_("For"))
    name = forms.CharField(label=_("What do you need?"), max_length=300)
    frame = MoneyField(
        label=_("Up to (kr without VAT)"),
        least=1,
        help_text=_(
            "The most it may cost. The supplier confirms the price; more than this needs a new approval."
        ),
    )
    vat = forms.ChoiceField(label=_("Rate of VAT"))
    reason = forms.CharField(
        label=_("Why can it not be ordered from a catalogue?"), widget=forms.Textarea(attrs={"rows": 2})
    )
    source = forms.ChoiceField(label=_("Order from"))

    def __init__(
        self,
        *args: Any,
        units: Iterable[UnitFacts],
        agreements: Iterable[AgreementFacts],
        suppliers: Iterable[Party],
        language: str,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        rates = [(f"{category}:{rate}", shown.percent(rate)) for category, rate in vat_rates()]
        under = [
            (f"agreement:{a.id}:{a.supplier_id}", f"{a.ref} {a.name(language)} ({a.supplier_name})")
            for a in agreements
        ]
        free = [(f"supplier:{s.id}", s.name) for s in suppliers]
        choose(self, "unit_id", [(str(unit.id), unit.name) for unit in units])
        choose(self, "vat", rates)
        choose(
            self,
            "source",
            [("", _("Choose")), (_("Agreement"), under), (_("Supplier without agreement"), free)],
        )

    def line(self) -> NewLine:
        """What was asked for."""
        data = self.cleaned_data
        kind, *ids = data["source"].split(":")
        category, _sep, rate = data["vat"].partition(":")
        return NewLine(
            name=data["name"],
            frame=data["frame"],
            reason=data["reason"],
            quantity=MICRO,
            agreement_id=UUID(ids[0]) if kind == "agreement" else None,
            supplier_id=UUID(ids[-1]),
            vat_category=category,
            vat_rate=int(rate),
        )
