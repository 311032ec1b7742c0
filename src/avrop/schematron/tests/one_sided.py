"""Checks that cannot be seen both ways, by set and side, each with the reason.

`name+` cannot hold, `name-` cannot fail; the name is the rule id, with `#2` for the second of that id in the set. Not
listed: what says only false() or true() (`constant`).
"""

from __future__ import annotations

from avrop.schematron.tests.both_ways import Check

# What is doubled, and the check that cannot read it then; the test sees both engines stop.
_PARTY = "cac:Accounting{}Party/cac:Party/cac:PartyLegalEntity/cbc:RegistrationName"
STOPS = {
    "UBL-SR-09-": (_PARTY.format("Supplier"), "BR-06"),
    "UBL-SR-15-": (_PARTY.format("Customer"), "BR-07"),
    "UBL-SR-22-": ("cac:TaxRepresentativeParty/cac:PartyName/cbc:Name", "BR-18"),
    "UBL-SR-27-": ("cac:PaymentMeans/cbc:PaymentMeansCode", "BR-61"),
}
_TWO = "two of them stop the rules: another check of the same node takes the text of the one ({})"
_STOPS = {name: _TWO.format(other) for name, (_, other) in STOPS.items()}
_MEANS = {"UBL-SR-27-": _STOPS["UBL-SR-27-"]}
ARGUED: dict[str, dict[str, str]] = {
    "CEN-EN16931-UBL": _STOPS,
    "REMINDER-CEN-EN16931-UBL": _MEANS,
    "FORWARD-BILLING-CEN-EN16931-UBL": _MEANS,
    "PEPPOLBIS-T111": {"PEPPOL-T111-R005-": "exists() of a comparison: true or false, it exists"},
    "peppol-transaction-statistics-reporting-1.0.5": {
        "SCH-TSR-37+": "the types that its list names are taken by the rules before it"
    },
}


def constant(check: Check) -> str:
    """The side that a check has not, because its test says nothing but true or false; "" if it says more."""
    return {"false()": "+", "true()": "-"}.get("".join(check.test.split()), "")


def argued(stem: str, check: Check) -> set[str]:
    """The sides of a check that need not be shown."""
    return {sign for sign in "+-" if sign == constant(check) or f"{check.name}{sign}" in ARGUED.get(stem, {})}
