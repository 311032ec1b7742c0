"""What the clerk writes when deciding."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from avrop.invoicing.texts import REASONS


class AcceptForm(forms.Form):
    """Why a deviation is accepted."""

    comment = forms.CharField(
        label=_("Why it is accepted"), widget=forms.Textarea(attrs={"rows": 2}), max_length=500
    )


class RejectForm(forms.Form):
    """Why the invoice is rejected, in a way that the supplier's system understands."""

    reason_code = forms.ChoiceField(label=_("Reason"), choices=REASONS.items())
    reason = forms.CharField(
        label=_("Explanation to the supplier"),
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=500,
        required=False,
    )

    def clean(self) -> dict[str, object]:
        """Another reason than the list's needs words."""
        data = super().clean() or {}
        if data.get("reason_code") == "OTH" and not data.get("reason"):
            self.add_error("reason", _("Write what is wrong."))
        return data
