"""What the clerk says when an invoice is sent back."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from avrop.invoicing.texts import REASONS


class AnswerForm(forms.Form):
    """A reason that an Invoice Response can carry, and words to go with it."""

    reason_code = forms.ChoiceField(label=_("Reason"), choices=[("", "–"), *REASONS.items()])
    reason = forms.CharField(
        label=_("Explanation to the supplier"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=500,
        required=False,
    )

    def clean(self) -> dict[str, object]:
        """Another reason than the list's needs words."""
        data = super().clean() or {}
        if data.get("reason_code") == "OTH" and not data.get("reason"):
            self.add_error("reason", _("Write what is wrong."))
        return data
