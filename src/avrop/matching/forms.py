"""What the clerk writes when deciding."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from avrop.invoicing.texts import REASONS
from avrop.matching.texts import CREDIT_ACTIONS, DISPUTES
from avrop.web.forms import DayField, MoneyField


def _words(label: Any, *, required: bool = True) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": 2})
    return forms.CharField(label=label, widget=widget, max_length=500, required=required)


class AcceptForm(forms.Form):
    """Why a deviation is accepted."""

    comment = _words(_("Why it is accepted"))


class CommentForm(forms.Form):
    """Why it goes on."""

    comment = _words(_("Why"))


class OwnForm(forms.Form):
    """Why an invoice that looks like another is one of its own."""

    reason = _words(_("Why"))


class RejectForm(forms.Form):
    """Why the invoice is rejected, in a way that the supplier's system understands."""

    reason_code = forms.ChoiceField(label=_("Reason"), choices=REASONS.items())
    reason = _words(_("Explanation to the supplier"), required=False)

    def clean(self) -> dict[str, object]:
        """Another reason than the list's needs words."""
        data = super().clean() or {}
        if data.get("reason_code") == "OTH" and not data.get("reason"):
            self.add_error("reason", _("Write what is wrong."))
        return data


class AskForm(forms.Form):
    """What a credit note is asked for, how much, and until when."""

    action = forms.ChoiceField(label=_("Credit note for"), choices=CREDIT_ACTIONS.items())
    amount = MoneyField(label=_("Amount incl. VAT"), least=1, required=False)
    reason_code = forms.ChoiceField(label=_("Reason"), choices=REASONS.items())
    reason = _words(_("Explanation to the supplier"))
    due = DayField(
        label=_("Deadline"), required=False, help_text=_("Ten working days unless you write another.")
    )

    def clean(self) -> dict[str, object]:
        """A part or an amount says how much."""
        data = super().clean() or {}
        data["amount"] = data.get("amount") or 0
        if data.get("action") != "CNF" and not data["amount"] and "amount" not in self.errors:
            self.add_error("amount", _("Write how much should be credited."))
        return data


class DisputeForm(forms.Form):
    """What is disputed, and until when the supplier has to answer."""

    code = forms.ChoiceField(label=_("What we say"), choices=DISPUTES.items())
    reason_code = forms.ChoiceField(label=_("Reason"), choices=REASONS.items())
    reason = _words(_("Explanation to the supplier"))
    due = DayField(
        label=_("Deadline"), required=False, help_text=_("Ten working days unless you write another.")
    )
