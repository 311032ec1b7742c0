"""Peppol reporting: end user statistics (EUSR 1.1) and transaction statistics (TSR 1.0), monthly, to OpenPeppol.

Sent by a service provider (`reporter`, CertSubjectCN: `PNO000123`) about the month `start` to `end`. A part counts
for one combination of keys, named by its `type` (`PerDT-PR`: document type and process). They are not UBL: their
elements are in the namespace of the report.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from lxml import etree

from avrop.ubl.mapping import (
    Context,
    DocumentRefused,
    Identifier,
    Part,
    Row,
    Shape,
    read_shape,
    write_document,
)

EUSR = "urn:fdc:peppol:end-user-statistics-report:1.1"
TSR = "urn:fdc:peppol:transaction-statistics-report:1.0"
PROFILE = "urn:fdc:peppol.eu:edec:bis:reporting:1.0"
REPORTER_SCHEME = "CertSubjectCN"


@dataclass(frozen=True, slots=True)
class Key(Part):
    """One of the keys of a part: `meta` says which (DT, PR, CC, TP, SP), `scheme` whose codes `value` is in."""

    value: str
    meta: str
    scheme: str


@dataclass(frozen=True, slots=True)
class EndUsers(Part):
    """How many different end users sent, received, or did either."""

    sending: int
    receiving: int
    either: int


@dataclass(frozen=True, slots=True)
class EndUserPart(Part):
    """The same numbers for one combination of keys."""

    type: str
    keys: tuple[Key, ...]
    sending: int
    receiving: int
    either: int


@dataclass(frozen=True, slots=True)
class EndUserStatistics(Part):
    """End user statistics report (EUSR)."""

    start: date
    end: date
    reporter: Identifier
    total: EndUsers
    parts: tuple[EndUserPart, ...] = ()
    customization_id: str = "urn:fdc:peppol.eu:edec:trns:end-user-statistics-report:1.1"
    profile_id: str = PROFILE


@dataclass(frozen=True, slots=True)
class Transactions(Part):
    """How many transactions came in and went out."""

    incoming: int
    outgoing: int


@dataclass(frozen=True, slots=True)
class TransactionPart(Part):
    """The same numbers for one combination of keys."""

    type: str
    keys: tuple[Key, ...]
    incoming: int
    outgoing: int


@dataclass(frozen=True, slots=True)
class TransactionStatistics(Part):
    """Transaction statistics report (TSR)."""

    start: date
    end: date
    reporter: Identifier
    total: Transactions
    parts: tuple[TransactionPart, ...] = ()
    customization_id: str = "urn:fdc:peppol.eu:edec:trns:transaction-statistics-reporting:1.0"
    profile_id: str = PROFILE


Report = EndUserStatistics | TransactionStatistics
_KEY = (Row("meta", "@metaSchemeID"), Row("scheme", "@schemeID"), Row("value", ""))
_HEAD = (
    Row("customization_id", "CustomizationID"),
    Row("profile_id", "ProfileID"),
    Row("start", "Header/ReportPeriod/StartDate", "date"),
    Row("end", "Header/ReportPeriod/EndDate", "date"),
    Row("reporter", "Header/ReporterID", "identifier"),
)
_USERS = (
    Row("sending", "SendingEndUsers", "count"),
    Row("receiving", "ReceivingEndUsers", "count"),
    Row("either", "SendingOrReceivingEndUsers", "count"),
)
_COUNTS = (Row("incoming", "Incoming", "count"), Row("outgoing", "Outgoing", "count"))


def _part(cls: type[Part], rows: tuple[Row, ...], namespace: str) -> Shape:
    keys = Row("keys", "Key", many=True, shape=Shape(Key, *_KEY, namespace=namespace))
    return Shape(cls, Row("type", "@type"), keys, *rows, namespace=namespace)


END_USER_STATISTICS = Shape(
    EndUserStatistics,
    *_HEAD,
    Row("total", "FullSet", shape=Shape(EndUsers, *_USERS, namespace=EUSR)),
    Row("parts", "Subset", many=True, shape=_part(EndUserPart, _USERS, EUSR)),
    namespace=EUSR,
)
TRANSACTION_STATISTICS = Shape(
    TransactionStatistics,
    *_HEAD,
    Row("total", "Total", shape=Shape(Transactions, *_COUNTS, namespace=TSR)),
    Row("parts", "Subtotal", many=True, shape=_part(TransactionPart, _COUNTS, TSR)),
    namespace=TSR,
)
_BY_ROOT = {
    f"{{{EUSR}}}EndUserStatisticsReport": END_USER_STATISTICS,
    f"{{{TSR}}}TransactionStatisticsReport": TRANSACTION_STATISTICS,
}


def read(root: etree._Element) -> Report:
    """The report in `root`, of either kind. Raises DocumentRefused."""
    shape = _BY_ROOT.get(str(root.tag))
    if shape is None:
        names = "EndUserStatisticsReport TransactionStatisticsReport"
        raise DocumentRefused("WRONG_ROOT", "/" + etree.QName(root).localname, expected=names)
    report: Report = read_shape(root, shape, Context())
    return report


def write(report: Report) -> bytes:
    """The report in UTF-8. Raises DocumentRefused."""
    if isinstance(report, EndUserStatistics):
        return write_document(report, END_USER_STATISTICS, "EndUserStatisticsReport", None)
    return write_document(report, TRANSACTION_STATISTICS, "TransactionStatisticsReport", None)
