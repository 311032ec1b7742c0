"""The coding of taken-over lines."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from avrop.coding import queries as coding_queries
from avrop.coding.facts import Coding
from avrop.requisition.texts import DIMENSIONS, TREATMENTS
from avrop.web.forms import choose


class CodeForm(forms.Form):
    """Which lines, and the dimensions from the chart."""

    lines = forms.MultipleChoiceField(label=_("Lines"), widget=forms.CheckboxSelectMultiple)
    account = forms.ChoiceField(label=DIMENSIONS["account"])
    responsibility = forms.ChoiceField(label=DIMENSIONS["responsibility"])
    function = forms.ChoiceField(label=DIMENSIONS["function"])
    project = forms.ChoiceField(
        label=DIMENSIONS["project"], required=False, help_text=_("Needed for investments.")
    )
    vat_treatment = forms.ChoiceField(label=_("VAT"), choices=list(TREATMENTS.items()))

    def __init__(self, *args: Any, choices: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose(self, "lines", choices)
        for name in DIMENSIONS:
            known = [(code, f"{code} {title}") for code, title in coding_queries.choices(name)]
            choose(self, name, [("", _("Choose")), *known])

    def chosen(self) -> list[int]:
        """The line numbers."""
        return [int(one) for one in self.cleaned_data["lines"]]

    def coding(self) -> Coding:
        """What was chosen."""
        return Coding(**{name: value for name, value in self.cleaned_data.items() if name != "lines"})
