"""Peppol's envelope: the Standard Business Document Header around a document.

Source: Peppol Business Message Envelope (SBDH) 2.0: sender and receiver as ISO 6523 participants, document
type and process as scopes, COUNTRY_C1 the country of the sender's side, MLS_TO the service provider that wants
to hear what became of the message, MLS_TYPE whether of each or only of those that failed (Peppol MLS 1.0).
"""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass
from datetime import UTC, datetime
from xml.sax.saxutils import escape

from lxml import etree

from avrop.ubl.gate import plain_utf8
from avrop.ubl.mapping import DocumentRefused, text_of

NAMESPACE = "http://www.unece.org/cefact/namespaces/StandardBusinessDocumentHeader"
ACTOR = "iso6523-actorid-upis"
DOCUMENT_SCHEME = "busdox-docid-qns"
PROCESS_SCHEME = "cenbii-procid-ubl"
FAILURE_ONLY, ALWAYS_SEND = "FAILURE_ONLY", "ALWAYS_SEND"  # MLS_TYPE; without it the first is meant
_HEADER = f"{{{NAMESPACE}}}StandardBusinessDocumentHeader"


@dataclass(frozen=True, slots=True)
class Header:
    """Who sends what to whom. Participants as `0192:305218022`, ids without their scheme."""

    sender: str
    receiver: str
    document_type_id: str
    process_id: str
    instance_id: str
    created_at: datetime
    country_c1: str | None = "NO"
    mls_to: str | None = None  # a Service Provider ID, `0242:000123`
    document_scheme: str = DOCUMENT_SCHEME
    process_scheme: str = PROCESS_SCHEME
    mls_type: str | None = None  # FAILURE_ONLY or ALWAYS_SEND

    @property
    def standard(self) -> str:
        """The document's namespace."""
        return self.document_type_id.partition("::")[0]

    @property
    def type(self) -> str:
        """The document's root element."""
        return self.document_type_id.partition("::")[2].partition("##")[0]

    @property
    def type_version(self) -> str:
        """The UBL version in the document type identifier."""
        return self.document_type_id.rpartition("::")[2]


def wrap(payload_xml: bytes, header: Header) -> bytes:
    """The envelope, UTF-8. The payload's own text is kept character for character, less its declaration."""
    stamp = header.created_at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    scopes = _scope("DOCUMENTID", header.document_type_id, header.document_scheme)
    scopes += _scope("PROCESSID", header.process_id, header.process_scheme)
    if header.country_c1:
        scopes += _scope("COUNTRY_C1", header.country_c1, "")
    if header.mls_to:
        scopes += _scope("MLS_TO", header.mls_to, ACTOR)
    if header.mls_type:
        scopes += _scope("MLS_TYPE", header.mls_type, "")
    head = (
        f'<StandardBusinessDocument xmlns="{NAMESPACE}"><StandardBusinessDocumentHeader>'
        "<HeaderVersion>1.0</HeaderVersion>"
        f'<Sender><Identifier Authority="{ACTOR}">{escape(header.sender)}</Identifier></Sender>'
        f'<Receiver><Identifier Authority="{ACTOR}">{escape(header.receiver)}</Identifier></Receiver>'
        f"<DocumentIdentification><Standard>{escape(header.standard)}</Standard>"
        f"<TypeVersion>{escape(header.type_version)}</TypeVersion>"
        f"<InstanceIdentifier>{escape(header.instance_id)}</InstanceIdentifier>"
        f"<Type>{escape(header.type)}</Type><CreationDateAndTime>{stamp}</CreationDateAndTime>"
        f"</DocumentIdentification><BusinessScope>{scopes}</BusinessScope>"
        "</StandardBusinessDocumentHeader>"
    )
    payload = plain_utf8(payload_xml).strip()
    declaration = b'<?xml version="1.0" encoding="UTF-8"?>\n'
    return declaration + head.encode() + payload + b"</StandardBusinessDocument>\n"


def _scope(kind: str, value: str, scheme: str) -> str:
    identifier = f"<Identifier>{escape(scheme)}</Identifier>" if scheme else ""
    return (
        f"<Scope><Type>{kind}</Type><InstanceIdentifier>{escape(value)}</InstanceIdentifier>"
        f"{identifier}</Scope>"
    )


def unwrap(root: etree._Element) -> tuple[Header | None, etree._Element]:
    """(header, document) of an envelope; (None, root) where there is no envelope.

    The document is a root of its own. Raises DocumentRefused: MISSING (a header field), NO_PAYLOAD.
    """
    if root.tag == _HEADER:
        raise DocumentRefused("NO_PAYLOAD", "/StandardBusinessDocumentHeader")
    if root.tag != f"{{{NAMESPACE}}}StandardBusinessDocument":
        return None, root
    header = root.find(_HEADER)
    payload = next((child for child in root if child.tag != _HEADER), None)
    if header is None:
        raise DocumentRefused("MISSING", "/StandardBusinessDocument", path="StandardBusinessDocumentHeader")
    if payload is None:
        raise DocumentRefused("NO_PAYLOAD", "/StandardBusinessDocument")
    document = deepcopy(payload)
    document.tail = None
    return _read_header(header), document


def _read_header(header: etree._Element) -> Header:
    scopes: dict[str, tuple[str, str]] = {}
    for scope in header.iterfind(f"{{{NAMESPACE}}}BusinessScope/{{{NAMESPACE}}}Scope"):
        value, scheme = _find(scope, "InstanceIdentifier"), _find(scope, "Identifier")
        scopes[_find(scope, "Type") or ""] = (value or "", scheme or "")
    document, process = scopes.get("DOCUMENTID", ("", "")), scopes.get("PROCESSID", ("", ""))
    return Header(
        sender=_need(header, "Sender/Identifier"),
        receiver=_need(header, "Receiver/Identifier"),
        document_type_id=document[0] or _missing("Scope[DOCUMENTID]"),
        process_id=process[0] or _missing("Scope[PROCESSID]"),
        instance_id=_need(header, "DocumentIdentification/InstanceIdentifier"),
        created_at=_moment(_need(header, "DocumentIdentification/CreationDateAndTime")),
        country_c1=scopes.get("COUNTRY_C1", ("", ""))[0] or None,
        mls_to=scopes.get("MLS_TO", ("", ""))[0] or None,
        document_scheme=document[1] or DOCUMENT_SCHEME,
        process_scheme=process[1] or PROCESS_SCHEME,
        mls_type=scopes.get("MLS_TYPE", ("", ""))[0] or None,
    )


def _find(parent: etree._Element, path: str) -> str | None:
    found = parent.find("/".join(f"{{{NAMESPACE}}}{step}" for step in path.split("/")))
    return (text_of(found) or None) if found is not None else None


def _need(parent: etree._Element, path: str) -> str:
    return _find(parent, path) or _missing(path)


def _missing(path: str) -> str:
    raise DocumentRefused("MISSING", "/StandardBusinessDocument/StandardBusinessDocumentHeader", path=path)


def _moment(text: str) -> datetime:
    """The time of creation; one without an offset is taken as UTC."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise DocumentRefused("BAD_DATE", "/StandardBusinessDocument", value=text[:40]) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
