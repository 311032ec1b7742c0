"""How much came, line by line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from avrop.delivery.facts import Expected
from avrop.ubl.codes import unit_of
from avrop.web.forms import QuantityField


class AllForm(forms.Form):
    """Everything came: nothing but how many receipts there were when the person looked."""

    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)


class ReceiveForm(AllForm):
    """A quantity for each line that is open, a note, and the approver's reason where one is needed."""

    note = forms.CharField(
        label=_("Note"),
        help_text=_("For example what was damaged. Do not write names of pupils, patients or others."),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(
        self, *args: Any, lines: Sequence[Expected], by_exception: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.lines = [line for line in lines if line.open]
        for line in self.lines:
            self.fields[_name(line)] = QuantityField(
                label=line.name, required=False, least=0, most=line.open, initial=line.open
            )
        if by_exception:
            self.fields["exception"] = forms.CharField(
                label=_("Why nobody else can receive this"), max_length=300, help_text=_("This is logged.")
            )

    def rows(self) -> list[dict[str, Any]]:
        """Each open line with its field and the word for its unit."""
        language = get_language() or "nn"
        return [
            {
                "line": line,
                "field": self[_name(line)],
                "unit": unit_of(line.unit_code, line.ordered, language),
            }
            for line in self.lines
        ]

    def quantities(self) -> dict[int, int]:
        """Line number -> quantity scaled by 10^6, of the lines of which something came."""
        given = {line.line_no: self.cleaned_data.get(_name(line)) for line in self.lines}
        return {line_no: quantity for line_no, quantity in given.items() if quantity}


def _name(line: Expected) -> str:
    return f"line_{line.line_no}"
