"""What a keeper of bank accounts writes."""

from __future__ import annotations

from datetime import datetime

from django import forms
from django.utils.translation import gettext_lazy as _

from avrop.kernel.ports import OSLO
from avrop.suppliers.facts import CallBack
from avrop.suppliers.texts import SOURCES
from avrop.web.forms import DayField


class CallForm(forms.Form):
    """The record of a call back."""

    talked_to = forms.CharField(label=_("Whom did you talk to?"), max_length=100)
    number = forms.CharField(label=_("Which number did you call?"), max_length=40)
    source = forms.ChoiceField(
        label=_("Where is the number from?"),
        help_text=_("Never from the invoice: whoever forged it has written their own number there."),
        choices=SOURCES.items(),
        widget=forms.RadioSelect,
    )
    called_on = DayField(label=_("Which day did you call?"))
    called_at = forms.TimeField(
        label=_("At what time?"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    said = forms.CharField(
        label=_("What was said?"), widget=forms.Textarea(attrs={"rows": 3}), max_length=1000
    )

    def call(self) -> CallBack:
        """What was written, as facts; the time is Norway's."""
        data = self.cleaned_data
        when = datetime.combine(data["called_on"], data["called_at"], tzinfo=OSLO)
        return CallBack(data["talked_to"], data["number"], data["source"], when, data["said"])


class RejectForm(forms.Form):
    """Why the account is not the supplier's."""

    reason = forms.CharField(
        label=_("Why is it not the supplier's?"), widget=forms.Textarea(attrs={"rows": 2}), max_length=500
    )


class RegisterForm(forms.Form):
    """An account that the supplier has told of."""

    account = forms.CharField(label=_("Bank account"), max_length=42)
    reason = forms.CharField(label=_("How do you know of it?"), max_length=500)


class WithdrawForm(forms.Form):
    """Why an account is not to be used any more."""

    reason = forms.CharField(label=_("Why?"), max_length=500)


class LimitForm(WithdrawForm):
    """The first day on which an account is not good any more; empty: no such day."""

    valid_to = DayField(label=_("Not in use from"), required=False)
