"""How much came, line by line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from avrop.delivery.facts import Expected, ReceiptLineFacts, Refused
from avrop.delivery.texts import EXPECTED, REASONS
from avrop.ubl.codes import unit_of
from avrop.web.forms import QuantityField

WHY = [(code, text) for code, text in REASONS.items() if code != "mistake"]


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
            self.fields[_refused(line)] = QuantityField(label=_("Not accepted"), required=False, least=0)
            self.fields[_reason(line)] = forms.ChoiceField(
                label=_("Why"), required=False, choices=[("", _("Choose")), *WHY]
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
                "refused": self[_refused(line)],
                "reason": self[_reason(line)],
                "unit": unit_of(line.unit_code, line.ordered, language),
            }
            for line in self.lines
        ]

    def quantities(self) -> dict[int, int]:
        """Line number -> quantity scaled by 10^6, of the lines of which something came."""
        given = {line.line_no: self.cleaned_data.get(_name(line)) for line in self.lines}
        return {line_no: quantity for line_no, quantity in given.items() if quantity}

    def refused(self) -> dict[int, Refused]:
        """Line number -> what was turned away at the door, with the reason."""
        found = {}
        for line in self.lines:
            quantity = self.cleaned_data.get(_refused(line))
            if quantity:
                found[line.line_no] = Refused(quantity, self.cleaned_data.get(_reason(line)) or "")
        return found


class BackForm(AllForm):
    """How much of each line of a receipt goes back, why, and what is to come instead."""

    reason_code = forms.ChoiceField(label=_("Why"), choices=WHY)
    expects = forms.ChoiceField(
        label=_("What is to happen"), choices=list(EXPECTED.items()), widget=forms.RadioSelect
    )
    note = forms.CharField(
        label=_("Note"),
        help_text=_("The supplier may read this. Do not write names of pupils, patients or others."),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, left: Sequence[ReceiptLineFacts], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.left = list(left)
        for line in self.left:
            self.fields[_name(line)] = QuantityField(
                label=line.name, required=False, least=0, most=line.quantity
            )

    def rows(self) -> list[dict[str, Any]]:
        """Each line with its field and the word for its unit."""
        language = get_language() or "nn"
        return [
            {
                "line": line,
                "field": self[_name(line)],
                "unit": unit_of(line.unit_code, line.quantity, language),
            }
            for line in self.left
        ]

    def quantities(self) -> dict[int, int]:
        """Line number -> quantity scaled by 10^6, of the lines of which something goes back."""
        given = {line.line_no: self.cleaned_data.get(_name(line)) for line in self.left}
        return {line_no: quantity for line_no, quantity in given.items() if quantity}


class CorrectForm(BackForm):
    """What was registered by mistake: it never came."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["reason_code"], self.fields["expects"]
        self.fields["note"].required = True
        self.fields["note"].label = _("What was wrong")
        self.fields["note"].help_text = _("This is logged; the receipt itself stays as it is.")


def _name(line: Expected | ReceiptLineFacts) -> str:
    return f"line_{line.line_no}"


def _refused(line: Expected) -> str:
    return f"refused_{line.line_no}"


def _reason(line: Expected) -> str:
    return f"reason_{line.line_no}"
