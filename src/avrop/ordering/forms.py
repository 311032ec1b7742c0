"""What is to be otherwise on an order, and why."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from avrop.ordering.facts import ChangedLine, Details, OrderFacts, OrderLineFacts
from avrop.requisition.texts import measure
from avrop.tenancy.facts import AddressFacts
from avrop.web.forms import DayField, QuantityField, choose


class AgreedForm(forms.Form):
    """With whom and when it was agreed, where the supplier takes no messages about it."""

    agreed_with = forms.CharField(
        label=_("Agreed with"), max_length=200, help_text=_("Who at the supplier said yes.")
    )
    agreed_on = DayField(label=_("Agreed on"))


class AnswerForm(AgreedForm):
    """The supplier's answer as it was given on the telephone or by mail."""

    accepted = forms.ChoiceField(
        label=_("The supplier says"),
        choices=[("yes", _("Yes, it stands")), ("no", _("No, the order stands as it was"))],
        widget=forms.RadioSelect,
    )


class ReasonForm(forms.Form):
    """Why, for the supplier and for the log; and with whom it was agreed where nothing is sent."""

    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)
    reason = forms.CharField(
        label=_("Why"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("The supplier reads this. Never a person's name."),
    )

    def __init__(self, *args: Any, by_other_means: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if by_other_means:
            self.fields.update(AgreedForm().fields)


class ChangeForm(ReasonForm):
    """A quantity for each line that may change, lines to take out, and the delivery."""

    address_id = forms.ChoiceField(label=_("Delivery address"), required=False)
    marking = forms.CharField(
        label=_("Marking"),
        max_length=200,
        required=False,
        help_text=_("For example a room or a department. Never a person's name: the supplier reads it."),
    )
    wanted_by = DayField(label=_("Wanted by"), required=False)
    note = forms.CharField(
        label=_("Note to the supplier"), required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(
        self, *args: Any, order: OrderFacts, addresses: Iterable[AddressFacts] = (), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.order = order
        self.fields["reason"].required = False
        self.lines = [line for line in order.lines if not line.cancelled]
        for line in self.lines:
            self.fields[_quantity(line)] = QuantityField(
                label=line.name, required=False, least=0, initial=line.quantity, disabled=not _may_vary(line)
            )
            self.fields[_out(line)] = forms.BooleanField(
                label=_("Take out"), required=False, disabled=bool(line.kept)
            )
        places = [(str(a.id), f"{a.name}, {a.street}, {a.postal_zone} {a.city}") for a in addresses]
        choose(self, "address_id", places)
        now = {
            "address_id": str(order.address_id or ""),
            "marking": order.marking,
            "wanted_by": order.wanted_by,
            "note": order.note,
        }
        for name, value in now.items():
            self.fields[name].initial = value

    def rows(self) -> list[dict[str, Any]]:
        """Each line that stands with its two fields."""
        return [
            {
                "line": line,
                "quantity": self[_quantity(line)],
                "out": self[_out(line)],
                "measure": measure(line.unit_code, line.quantity),
                "fixed": not _may_vary(line),
            }
            for line in self.lines
        ]

    def changed_lines(self) -> list[ChangedLine]:
        """What becomes of the lines that are to be otherwise."""
        found = []
        for line in self.lines:
            quantity = self.cleaned_data.get(_quantity(line))
            if self.cleaned_data.get(_out(line)) or quantity == 0:
                found.append(ChangedLine(line.line_no, None))
            elif quantity is not None and quantity != line.quantity:
                found.append(ChangedLine(line.line_no, quantity))
        return found

    def details(self) -> Details:
        """What else is new; None for what stands."""
        given, order = self.cleaned_data, self.order
        address = given.get("address_id") or ""
        return Details(
            address_id=UUID(address) if address and address != str(order.address_id) else None,
            marking=given["marking"] if given["marking"] != order.marking else None,
            note=given["note"] if given["note"] != order.note else None,
            wanted_by=given["wanted_by"] if given["wanted_by"] != order.wanted_by else None,
        )


def _may_vary(line: OrderLineFacts) -> bool:
    return line.frame is None and not line.closed and line.kept < line.quantity


def _quantity(line: OrderLineFacts) -> str:
    return f"quantity_{line.line_no}"


def _out(line: OrderLineFacts) -> str:
    return f"out_{line.line_no}"
