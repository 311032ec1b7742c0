"""Forms of the approver."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class ReturnForm(forms.Form):
    """Why it is sent back."""

    comment = forms.CharField(
        label=_("Why do you send it back?"),
        help_text=_("The requester reads this and can change the requisition."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )
