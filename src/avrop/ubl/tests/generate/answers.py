"""Answers to invoices, catalogues and messages."""

from __future__ import annotations

from random import Random
from typing import Any

from avrop.ubl.documents import (
    catalogue_response,
    invoice_response,
    message_level_response,
    message_level_status,
)
from avrop.ubl.kinds import Identifier
from avrop.ubl.tests.generate import common, values
from avrop.ubl.tests.generate.common import one_of
from avrop.ubl.tests.generate.maker import Fields, Kind, Making, enter

REASONS = ["NON", "REF", "LEG", "REC", "QUA", "DEL", "PRI", "QTY", "ITM", "PAY", "UNR", "FIN", "PPD", "OTH"]
ACTIONS = ["NOA", "PIN", "NIN", "CNF", "CNP", "CNA", "OTH"]


def reasoned(making: Making, given: Fields) -> None:
    """A code belongs to the list it is said to be of."""
    listed = making.rng.choice((invoice_response.REASON_LIST, invoice_response.ACTION_LIST))
    given["list_id"] = listed
    given["code"] = making.rng.choice(REASONS if listed == invoice_response.REASON_LIST else ACTIONS)
    if given["code"] in ("OTH", "PPD"):  # T111-R002, -R004
        given["reason"] = values.text(making.rng)


def answered(making: Making, given: Fields) -> None:
    """Reasons are given for what is not plainly accepted (T111-R001 and on)."""
    status = invoice_response.Status
    if given["code"] in ("RE", "UQ", "CA"):
        first = status(code=making.rng.choice(REASONS[:-2]), list_id=invoice_response.REASON_LIST)
        given["statuses"] = (first, *given.get("statuses", ()))


def message(failures: tuple[str, ...]) -> Any:
    """A rejection says why and where, and something in it is a failure (SCH-MLS-20 to -25); no other answer does."""

    def mend(making: Making, given: Fields) -> None:
        rng = making.rng
        if given["code"] != message_level_response.REJECTED:
            given.pop("places", None)
            return
        given.setdefault("description", values.text(rng))
        made = given.get("places") or (message_level_response.Place(message_level_response.NOT_APPLICABLE),)
        issue = message_level_response.Issue(values.text(rng), rng.choice(failures))
        given["places"] = tuple(
            message_level_response.Place(place.location, (issue, *place.issues)) for place in made
        )

    return mend


def _place(rng: Random) -> str:
    return rng.choice(
        ("NA", "/Order/cac:OrderLine[2]/cbc:Note", "/*:Invoice[1]/@x", "/:CreditNote[1]/cbc:ID[1]")
    )


VALUES = common.VALUES | {
    "id": values.identifier,
    "Party.ids": common.party_ids,
    "places.location": _place,
    "places.issues.code": one_of("AB", "AP", "RE"),
    "document_type_code": one_of("380", "220", "9"),
}
_FAILURES = (message_level_response.RULE_FATAL, message_level_response.SYNTAX)
_ANY = (*_FAILURES, message_level_response.RULE_WARNING)
_CODES = one_of("AB", "AP", "RE", "RE")


def _provider(rng: Random) -> Identifier:
    return Identifier(str(rng.randint(100000, 999999)), message_level_status.SCHEME)


def _uuid(rng: Random) -> str:
    text = f"{rng.getrandbits(128):032x}"
    return f"{text[:8]}-{text[8:12]}-4{text[13:16]}-a{text[17:20]}-{text[20:]}"


KINDS = (
    Kind(
        "catalogue_response",
        catalogue_response,
        catalogue_response.CATALOGUE_RESPONSE,
        values=VALUES | {"answers.code": one_of("AP", "RE", "AB")},
        mends=common.MENDS,
        always=frozenset({"sender.endpoint", "receiver.endpoint", "answers"}),
        most={"answers": 1},
    ),
    Kind(
        "invoice_response",
        invoice_response,
        invoice_response.INVOICE_RESPONSE,
        values=VALUES
        | {
            "profile_id": one_of(invoice_response.PROFILE, "urn:peppol:bis:billing_with_response"),
            "code": one_of("AB", "IP", "UQ", "CA", "RE", "AP", "PD"),
            "invoice_type_code": one_of("380", "381", "384", "389"),
            "statuses.conditions.attribute_id": one_of("BT-48", "BT-13", "BT-146"),
        },
        mends=common.MENDS | {"statuses": reasoned, "": answered},
        always=frozenset(
            {"sender.endpoint", "receiver.endpoint", "sender.legal_name", "receiver.legal_name"}
        ),
    ),
    Kind(
        "message_level_response",
        message_level_response,
        message_level_response.MESSAGE_LEVEL_RESPONSE,
        values=VALUES | {"code": _CODES, "places.issues.reason": one_of(*_ANY), "refers_to": _uuid},
        mends=common.MENDS | {"": message(_FAILURES)},
    ),
    Kind(
        "message_level_status",
        message_level_status,
        message_level_status.MESSAGE_LEVEL_STATUS,
        values=VALUES
        | {
            "code": _CODES,
            "places.issues.reason": one_of(*_ANY, message_level_status.FAILED_DELIVERY),
            "sender": _provider,
            "receiver": _provider,
            "refers_to": _uuid,
            "issue_time": one_of("12:00:00Z", "23:59:59+01:00", "00:00:00.123-05:00"),
        },
        mends=common.MENDS | {"": message((*_FAILURES, message_level_status.FAILED_DELIVERY))},
        always=frozenset({"issue_time"}),
    ),
)
enter(*KINDS)
