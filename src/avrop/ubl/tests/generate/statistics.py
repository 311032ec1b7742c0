"""Monthly reports to OpenPeppol: parts that fit the whole."""

from __future__ import annotations

from calendar import monthrange
from typing import Any

from avrop.ubl.documents import reports
from avrop.ubl.kinds import Identifier
from avrop.ubl.tests.generate import values
from avrop.ubl.tests.generate.maker import Fields, Kind, Making, enter

DOCUMENT = reports.Key(
    "urn:oasis:names:specification:ubl:schema:xsd:Order-2::Order##urn:fdc:peppol.eu:poacc:trns:order:3::2.1",
    "DT",
    "busdox-docid-qns",
)
PROCESS = reports.Key("urn:fdc:peppol.eu:poacc:bis:ordering:3", "PR", "cenbii-procid-ubl")


def month(making: Making, given: Fields) -> None:
    """From the first to the last day of a month."""
    day = values.day(making.rng).replace(day=1)
    given["start"], given["end"] = day, day.replace(day=monthrange(day.year, day.month)[1])
    given["reporter"] = Identifier(f"PNO{making.rng.randint(0, 999999):06}", reports.REPORTER_SCHEME)


def _count(making: Making) -> int:
    return making.rng.choice((0, 1, making.rng.randint(2, 1000), making.rng.randint(0, 10**9)))


def users(making: Making, document: Any) -> Any:
    """Each part of the end users says no more than the whole."""
    rng = making.rng
    sending, receiving = _count(making), _count(making)
    either = rng.randint(max(sending, receiving), sending + receiving)
    numbers = (sending, receiving, either)
    country = reports.Key(rng.choice(("NO", "SE", "DK")), "CC", "EndUserCountry")
    every = (("PerDT-PR", (DOCUMENT, PROCESS)), ("PerDT-PR-EUC", (DOCUMENT, PROCESS, country)))
    every += (("PerDT-EUC", (DOCUMENT, country)), ("PerEUC", (country,)))
    parts = tuple(reports.EndUserPart(name, keys, *numbers) for name, keys in every if either)
    return reports.EndUserStatistics(
        document.start, document.end, document.reporter, reports.EndUsers(*numbers), parts
    )


def transactions(making: Making, document: Any) -> Any:
    """Each grouping adds up to the total."""
    rng = making.rng
    incoming, outgoing = _count(making), _count(making)
    provider = reports.Key(f"POP{rng.randint(0, 999999):06}", "SP", "CertSubjectCN")
    countries = (
        reports.Key(rng.choice(("NO", "SE")), "CC", "SenderCountry"),
        reports.Key(rng.choice(("NO", "SE")), "CC", "ReceiverCountry"),
    )
    transport = reports.Key("peppol-transport-as4-v2_0", "TP", "Peppol")
    every: list[tuple[str, tuple[reports.Key, ...]]] = [
        ("PerTP", (transport,)),
        ("PerSP-DT-PR", (provider, DOCUMENT, PROCESS)),
        ("PerSP-DT-PR-CC", (provider, DOCUMENT, PROCESS, *countries)),
    ]
    parts = tuple(
        reports.TransactionPart(name, keys, incoming, 0 if "CC" in name else outgoing) for name, keys in every
    )
    return reports.TransactionStatistics(
        document.start, document.end, document.reporter, reports.Transactions(incoming, outgoing), parts
    )


KINDS = (
    Kind("end_user_statistics", reports, reports.END_USER_STATISTICS, mends={"": month}, finish=users),
    Kind(
        "transaction_statistics",
        reports,
        reports.TRANSACTION_STATISTICS,
        mends={"": month},
        finish=transactions,
    ),
)
enter(*KINDS)
