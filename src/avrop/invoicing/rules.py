"""What kind of thing came in: something to pay, to read, or to set aside; and whether we have it already. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from avrop.invoicing.facts import Reference, Seen
from avrop.invoicing.states import DUPLICATE, FILED, INVALID, VALID
from avrop.ubl.documents.invoice import Invoice

# Specifications whose documents use the invoice's root but ask for no payment of their own (Decision 16).
_READ_ONLY = ("forward-billing", "reminder", "selfbilling")
_NOISE = re.compile(r"[^0-9A-Z\u00c0-\u024f]+")
# Words that people and systems put before a number without making it another one.
_WORDS = re.compile(
    r"^(FAKTURANUMMER|FAKTURANR|FAKTURA|FAKT|FAK|FA|F|INVOICENUMBER|INVOICENO|INVOICE|INV|NUMMER|NR|NO|N)(?=\d)"
)
_ZEROS = re.compile(r"^(\D*)0+(?=\d)")
# Some sellers begin again at 1 each January: further apart, the same number is another invoice.
_SAME_SERIES = timedelta(days=180)


def only_to_read(document: Invoice) -> bool:
    """True for what is shown but not routed as payable: forward billing, reminders."""
    return any(name in document.customization_id for name in _READ_ONLY)


def state_of(*, fatal: bool, to_read: bool, duplicate: bool) -> str:
    """The state of an incoming invoice. A fault counts first, then that we have it already."""
    if fatal:
        return INVALID
    if duplicate:
        return DUPLICATE
    return FILED if to_read else VALID


def number_key(number: str) -> str:
    """A number without what people disguise it with: case, spaces, signs, leading zeros, a word before it.

    INV-001, inv 001, INV001 and 1 have one key. At most 100 characters; never empty for a number that is not.
    """
    plain = _NOISE.sub("", unicodedata.normalize("NFKC", number).upper())
    plain = _ZEROS.sub(r"\1", _WORDS.sub("", plain))
    return (plain or number.strip().upper())[:100]


def same_again(new: Seen, earlier: Iterable[Seen]) -> bool:
    """True for the same seller's number, date and amount; not after our rejection (Decision 10)."""
    return any(
        (one.kind, one.number, one.issue_date, one.payable)
        == (new.kind, new.number, new.issue_date, new.payable)
        and one.response_code != "RE"
        for one in earlier
    )


def looks_like(new: Seen, earlier: Iterable[Seen]) -> UUID | None:
    """The earlier document that the new one may be once more, under the same number or one in disguise.

    Same key, and the same amount or the same date. Not one that we have rejected, nor one that is credited in
    full: then a new one is what was to come. Monthly invoices of one amount have different keys.
    """
    for one in earlier:
        if one.kind != new.kind or one.key != new.key or one.response_code == "RE":
            continue
        if one.payable > 0 and one.credited >= one.payable:
            continue
        alike = one.payable == new.payable or one.issue_date == new.issue_date
        if alike and abs(one.issue_date - new.issue_date) <= _SAME_SERIES:
            return one.id
    return None


def referred(reference: Reference, candidates: Iterable[Seen]) -> UUID | None:
    """The invoice that BT-25 (and BT-26, where given) names; one that we rejected only if there is no other.

    The number as written goes before a disguised one; two that fit equally leave it to a person.
    """
    for exact in (True, False):
        fits = [
            one
            for one in candidates
            if (one.number == reference.number if exact else one.key == number_key(reference.number))
            and (reference.date is None or reference.date == one.issue_date)
        ]
        fits = [one for one in fits if one.response_code != "RE"] or fits
        if len(fits) == 1:
            return fits[0].id
    return None
