"""What the accountant writes when a posting is mended or corrected, and when a batch is sent again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from avrop.accounting.texts import TREATMENTS
from avrop.coding.facts import DIMENSIONS, Coding
from avrop.matching.facts import Allocation
from avrop.web.format import money

_NAMES = {
    "account": _("Account"),
    "responsibility": _("Responsibility"),
    "function": _("Function"),
    "project": _("Project"),
    "vat_treatment": _("VAT"),
}


class ReasonForm(forms.Form):
    """Why a batch is sent again."""

    reason = forms.CharField(label=_("Why?"), max_length=500)


class CodingForm(forms.Form):
    """The coding of each cost of a posting, the supplier's number, and why it is changed."""

    def __init__(
        self, data: Any = None, *, parts: Sequence[Allocation], supplier_no: str, recode: bool = True
    ) -> None:
        super().__init__(data)
        self.parts = parts if recode else ()
        self.supplier_no = supplier_no
        for place, one in enumerate(self.parts):
            for name in (*DIMENSIONS, "vat_treatment"):
                self.fields[f"{name}_{place}"] = self._field(name, one)
        self.fields["supplier_no"] = forms.CharField(
            label=_("Supplier number"), max_length=20, required=False, initial=supplier_no
        )
        self.fields["reason"] = forms.CharField(
            label=_("Why?"), widget=forms.Textarea(attrs={"rows": 2}), max_length=500
        )

    def _field(self, name: str, one: Allocation) -> forms.Field:
        label = str(_NAMES[name])
        if len(self.parts) > 1:
            label = _t("%(what)s, cost of %(amount)s") % {"what": label, "amount": money(one.cost)}
        value = getattr(one.coding, name)
        if name == "vat_treatment":
            return forms.ChoiceField(label=label, choices=list(TREATMENTS.items()), initial=value)
        return forms.CharField(label=label, max_length=20, required=name == "account", initial=value)

    def codings(self) -> dict[int, Coding]:
        """What was changed, by part."""
        found = {}
        for place, one in enumerate(self.parts):
            values = {name: self.cleaned_data[f"{name}_{place}"].strip() for name in DIMENSIONS}
            coding = Coding(**values, vat_treatment=self.cleaned_data[f"vat_treatment_{place}"])
            if coding != one.coding:
                found[place] = coding
        return found

    def new_supplier_no(self) -> str | None:
        """The supplier's number where it was changed."""
        number = str(self.cleaned_data["supplier_no"]).strip()
        return number if number != self.supplier_no else None
