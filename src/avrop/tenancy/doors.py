"""What a page does with a permission's answer: let the person in, or say why not."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied

from avrop.tenancy.results import Answer, Denied
from avrop.web.refusals import explain


def admit(answer: Answer) -> None:
    """Raises PermissionDenied (403) with the reason in the person's language."""
    if isinstance(answer, Denied):
        raise PermissionDenied(why(answer))


def why(answer: Answer) -> str:
    """The reason of a denial in words; nothing where it is allowed."""
    return explain(answer.reason, answer.params) if isinstance(answer, Denied) else ""
