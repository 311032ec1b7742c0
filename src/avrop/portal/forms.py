"""The seller's forms: what differs from the order, why it is rejected, how much is invoiced."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from avrop.portal.facts import AskedLine, BilledLine, Credit, LineAnswer, SalesLine
from avrop.portal.rules import problem_of
from avrop.ubl.codes import unit_of
from avrop.web.forms import DayField, MoneyField, QuantityField, UnitPriceField


class NoteForm(forms.Form):
    """Words to the buyer; demanded where an order is rejected."""

    note = forms.CharField(
        label=_("Why"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}), strip=True
    )


class ChangeForm(forms.Form):
    """Quantity, price, note and refusal for each line, and words about the whole."""

    note = forms.CharField(
        label=_("Message to the buyer"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, lines: Sequence[SalesLine], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lines = list(lines)
        for line in self.lines:
            at = line.position
            # Above zero: a line that does not come is refused, not ordered in a quantity of nothing.
            self.fields[f"quantity_{at}"] = QuantityField(label=_("Quantity"), least=1, initial=line.quantity)
            self.fields[f"price_{at}"] = UnitPriceField(label=_("Price"), least=0, initial=line.price)
            self.fields[f"note_{at}"] = forms.CharField(label=_("Note"), max_length=200, required=False)
            self.fields[f"reject_{at}"] = forms.BooleanField(
                label=_("We do not deliver this"), required=False
            )

    def rows(self) -> list[dict[str, Any]]:
        """Each line with its four fields."""
        language = get_language() or "nn"
        return [
            {
                "line": line,
                "unit": unit_of(line.unit_code, line.quantity, language),
                **{n: self[f"{n}_{line.position}"] for n in ("quantity", "price", "note", "reject")},
            }
            for line in self.lines
        ]

    def answers(self) -> dict[str, LineAnswer]:
        """The answer to each line, by the order's line id."""
        data = self.cleaned_data
        return {
            line.line_id: LineAnswer(
                quantity=data.get(f"quantity_{line.position}"),
                price=data.get(f"price_{line.position}"),
                note=data.get(f"note_{line.position}", ""),
                reject=bool(data.get(f"reject_{line.position}")),
            )
            for line in self.lines
        }


class BillForm(forms.Form):
    """How much of each open line is invoiced, and when it was delivered."""

    delivered_on = DayField(label=_("Delivered on"))
    after = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, lines: Sequence[SalesLine], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lines = [line for line in lines if line.open]
        for line in self.lines:
            self.fields[f"quantity_{line.position}"] = QuantityField(
                label=line.name, least=0, most=line.open, initial=line.open, required=False
            )

    def quantities(self) -> dict[str, int]:
        """Scaled quantity by the order's line id."""
        given = {line.line_id: self.cleaned_data.get(f"quantity_{line.position}") for line in self.lines}
        return {line_id: quantity for line_id, quantity in given.items() if quantity}


class CreditForm(forms.Form):
    """What is credited of each line of an invoice: a quantity that comes back, or an amount off the price."""

    reason = forms.CharField(
        label=_("Why is it credited"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}), strip=True
    )
    after = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, lines: Sequence[BilledLine], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lines = [line for line in lines if line.quantity_left or line.net_left]
        for line in self.lines:
            name = line.line.name
            self.fields[f"quantity_{line.position}"] = QuantityField(
                label=_("Comes back: %(item)s") % {"item": name},
                least=0,
                most=line.quantity_left,
                required=False,
            )
            self.fields[f"amount_{line.position}"] = MoneyField(
                label=_("Off the price: %(item)s") % {"item": name},
                least=0,
                most=line.net_left,
                required=False,
            )

    def chosen(self) -> dict[int, Credit]:
        """What to credit by the invoice line's position."""
        data = self.cleaned_data
        given = {
            line.position: Credit(
                quantity=data.get(f"quantity_{line.position}") or 0,
                amount=data.get(f"amount_{line.position}") or 0,
            )
            for line in self.lines
        }
        return {position: one for position, one in given.items() if one.quantity or one.amount}


class AnswerChangeForm(forms.Form):
    """Which lines of a change are said no to, and words to the buyer."""

    note = forms.CharField(
        label=_("Message to the buyer"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        strip=True,
    )

    def __init__(self, *args: Any, lines: Sequence[AskedLine], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lines = list(lines)
        for line in self.lines:
            self.fields[f"decline_{line.position}"] = forms.BooleanField(
                label=_("No to this line"), required=False, initial=problem_of(line) is not None
            )

    def field_of(self, line: AskedLine) -> Any:
        """The field of a line; None where there is nothing to answer."""
        name = f"decline_{line.position}"
        return self[name] if name in self.fields else None

    def declined(self) -> dict[str, bool]:
        """The lines said no to, by the order's line id."""
        return {
            line.line_id: True for line in self.lines if self.cleaned_data.get(f"decline_{line.position}")
        }
