"""Norwegian identifiers. Check digits are python-stdnum's; participant ids are ISO 6523 (scheme 0192)."""

from __future__ import annotations

import re

from stdnum import iban, luhn
from stdnum.exceptions import ValidationError
from stdnum.no import kontonr, orgnr

SCHEME = "0192"


class BadIdentifier(ValueError):
    """Not a valid identifier of the kind asked for."""


def clean_orgnr(text: str) -> str:
    """An organisation number as nine digits, from `NO 305 218 022 MVA` and the like.

    Raises BadIdentifier when the check digit (mod 11) is wrong. A right checksum is not existence.
    """
    compact = re.sub(r"(?i)^(NO)|(MVA)$", "", re.sub(r"[\s\u00a0.]", "", text))
    try:
        valid: str = orgnr.validate(compact)
    except ValidationError as error:
        raise BadIdentifier(text[:40]) from error
    return valid


def participant(number: str) -> str:
    """The Peppol participant id of an organisation number: `0192:305218022`."""
    return f"{SCHEME}:{number}"


def orgnr_of(participant_id: str) -> str | None:
    """The organisation number in a participant id of scheme 0192, else None."""
    scheme, _, value = participant_id.partition(":")
    if scheme != SCHEME:
        return None
    try:
        return clean_orgnr(value)
    except BadIdentifier:
        return None


def clean_account(text: str) -> str:
    """A bank account as 11 digits, from BBAN or Norwegian IBAN; a foreign IBAN stays an IBAN.

    Raises BadIdentifier.
    """
    compact = re.sub(r"[\s\u00a0.]", "", text).upper()
    try:
        if compact.startswith("NO"):
            return str(kontonr.validate(iban.validate(compact)[4:]))
        if compact[:2].isalpha():
            return str(iban.validate(compact))
        return str(kontonr.validate(compact))
    except ValidationError as error:
        raise BadIdentifier(text[:40]) from error


def is_kid(text: str) -> bool:
    """True when `text` is a KID: 2-25 characters with a MOD10 or MOD11 check character. Never repaired."""
    if not re.fullmatch(r"\d{1,24}[\d-]", text, re.ASCII):
        return False
    if text.isdigit() and luhn.is_valid(text):
        return True
    total = sum(int(d) * (2 + i % 6) for i, d in enumerate(reversed(text[:-1])))
    check = (11 - total % 11) % 11
    return text[-1] == ("-" if check == 10 else str(check))
