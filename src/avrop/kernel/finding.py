"""What a check found: an id that people can look up, how bad it is, where, and the numbers compared."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

Severity = Literal["fatal", "warning", "information"]


@dataclass(frozen=True, slots=True)
class Finding:
    """`id` is the official rule id (BR-CO-15, PEPPOL-EN16931-R003, XSD) or one of our own codes."""

    id: str
    severity: Severity
    location: str = ""
    text: str = ""
    params: Mapping[str, str] = field(default_factory=dict)

    def as_dict(self) -> dict[str, object]:
        """The form the command line prints and the database keeps."""
        plain: dict[str, object] = {
            "id": self.id,
            "severity": self.severity,
            "location": self.location,
            "text": self.text,
        }
        if self.params:
            plain["params"] = dict(self.params)
        return plain


def any_fatal(findings: Iterable[Finding]) -> bool:
    """True when at least one finding is fatal."""
    return any(f.severity == "fatal" for f in findings)


class Refusal(Exception):
    """A named refusal: the operation did nothing, and `code` with `params` says why.

    Stations derive their own refusals from this; pages turn (code, params) into a sentence in the
    person's language. `str()` is English and for logs only.
    """

    code = "REFUSED"

    def __init__(self, code: str | None = None, **params: object) -> None:
        self.code = code or type(self).code
        self.params = params
        details = ", ".join(f"{k}={v}" for k, v in params.items())
        super().__init__(f"{self.code}({details})" if details else self.code)
