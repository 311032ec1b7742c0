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
    transport = reports.Key("peppol-transport-as4-v2_0", "TP", "Peppol")
    providers = [reports.Key(one, "SP", "CertSubjectCN") for one in _different(making, "POP{:06}", 10**6)]
    parts = [reports.TransactionPart("PerTP", (transport,), incoming, outgoing)]
    coming, going = (_split(making, whole, len(providers)) for whole in (incoming, outgoing))
    for provider, each_in, each_out in zip(providers, coming, going, strict=True):
        keys = (provider, DOCUMENT, PROCESS)
        parts.append(reports.TransactionPart("PerSP-DT-PR", keys, each_in, each_out))
        countries = rng.sample(("NO", "SE", "DK", "DE"), rng.randint(1, 4))
        for country, share in zip(countries, _split(making, each_in, len(countries)), strict=True):
            ends = (reports.Key(country, "CC", "SenderCountry"), reports.Key("NO", "CC", "ReceiverCountry"))
            parts.append(reports.TransactionPart("PerSP-DT-PR-CC", (*keys, *ends), share, 0))
    return reports.TransactionStatistics(
        document.start,
        document.end,
        document.reporter,
        reports.Transactions(incoming, outgoing),
        tuple(parts),
    )


def _different(making: Making, form: str, most: int) -> list[str]:
    return [form.format(number) for number in making.rng.sample(range(most), making.rng.randint(1, 4))]


def _split(making: Making, whole: int, parts: int) -> list[int]:
    """`whole` in `parts` that sum to it; some may be nothing."""
    cuts = sorted(making.rng.randint(0, whole) for _ in range(parts - 1))
    return [after - before for before, after in zip((0, *cuts), (*cuts, whole), strict=True)]


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
