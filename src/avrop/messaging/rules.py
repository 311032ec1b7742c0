"""Which refused messages are answered, how, and with which codes. Pure; docs/decisions/0003 says why."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from avrop.messaging.facts import Judged, MessageFacts
from avrop.tenancy import facts as roles
from avrop.ubl.documents import message_level_response as mlr
from avrop.ubl.documents import message_level_status as mls
from avrop.ubl.rulesets import RULES_STOPPED, Verdict

MLR, MLS = "message_level_response", "message_level_status"
ANSWERS = (MLR, MLS)
BARE = "sha256:"  # the instance id of a file that came without an envelope
# The id belongs to another message, which a rejection would hit: no answer can tell the two apart.
SILENT = ("INSTANCE_REUSED",)
_UNDELIVERED = ("NO_RECEIVER", "UNKNOWN_RECEIVER")
# What a reader could not read: the document's form is wrong, not its content.
_FORM = (
    "XSD",
    "UNKNOWN_DOCUMENT",
    "BAD_NUMBER",
    "BAD_DATE",
    "BAD_BOOLEAN",
    "BAD_BINARY",
    "BAD_CHARACTER",
    "MISSING",
    "REPEATED",
    "CURRENCY_MIXED",
    "WRONG_ROOT",
    "NO_PAYLOAD",
)
_SPIS = re.compile(r"0242:[0-9]{6}(-[0-9A-Z_]{3,12}(\.[0-9A-Z\-._~]{3,24})?)?", re.ASCII | re.IGNORECASE)
_SCHEME = re.compile(r"[0-9]{4}", re.ASCII)
_REMOVED = ("9908",)  # Norwegian organisation numbers before 0192 (Peppol code lists: removed)
# Among an inbound message's params: its sender wants to hear of it also where nothing is wrong (MLS_TYPE ALWAYS_SEND).
ALWAYS = "answer_always"
NOT_LEFT = "NOT_LEFT"  # a document of ours that the official rules refuse
MOST = 100  # issues in one answer; what is left out is counted in a last one


def is_service_provider(ident: str) -> bool:
    """True for a Peppol Service Provider ID with its scheme, `0242:000123` (SCH-MLS-09, -11)."""
    return _SPIS.fullmatch(ident) is not None


def answerable(question: MessageFacts) -> bool:
    """True where a refused inbound message is answered: one with an envelope, a sender, and no answer itself."""
    return (
        is_address(question.sender)
        and not question.instance_id.startswith(BARE)
        and question.reason not in SILENT
        and not is_answer(question.document_type, question.document_type_id)
    )


def positive_code(question: MessageFacts) -> str:
    """What a sender that wants to hear in any case is told of a message with nothing wrong; "" for nothing.

    AP: a station here has taken it. AB: it lies here to be read, and no system acts on it.
    """
    if not question.params.get(ALWAYS) or not answerable(question):
        return ""
    if question.outcome.get("state") == "invalid":
        return ""  # set aside for its faults: it gets its rejection
    return {"routed": mlr.ACCEPTED, "filed": mlr.ACKNOWLEDGED}.get(question.state, "")


def is_address(endpoint: str) -> bool:
    """True for what Peppol can send to: `0192:312345678`, not a removed scheme (9908) nor a name of ours."""
    scheme, _colon, value = endpoint.partition(":")
    return bool(_SCHEME.fullmatch(scheme)) and scheme not in _REMOVED and bool(value)


def is_answer(document_type: str, document_type_id: str) -> bool:
    """True for an MLR or MLS of any version, and for a response of a kind we do not know: it may be one."""
    if document_type in ANSWERS:
        return True
    return not document_type and "::ApplicationResponse##" in document_type_id


def kind_of_answer(mls_to: str, own: str) -> str:
    """MLS where both sides' service providers are known and differ, else MLR between the participants."""
    between = is_service_provider(mls_to) and is_service_provider(own) and mls_to.lower() != own.lower()
    return MLS if between else MLR


def reason_code(finding: str, severity: str, kind: str) -> str:
    """The status reason of one finding. MLR has no code for what could not be delivered: it breaks a rule."""
    if severity != "fatal":
        return mlr.RULE_WARNING
    if finding in _FORM:
        return mlr.SYNTAX
    if finding in _UNDELIVERED and kind == MLS:
        return mls.FAILED_DELIVERY
    return mlr.RULE_FATAL


def told(findings: Sequence[Mapping[str, object]]) -> list[Mapping[str, object]]:
    """The findings that a sender is told of; neither answer has a code for mere information."""
    return [one for one in findings if one["severity"] != "information"]


def places(
    kind: str, findings: Sequence[Mapping[str, object]], refusal: str, said: str
) -> tuple[mlr.Place, ...]:
    """One line response per finding; for a refusal without findings, one for the refusal itself.

    At least one is a failure, as SCH-MLS-24 wants: the refusal is named first where no finding is fatal. Without a
    refusal (`refusal` "": all is well) there is none (SCH-MLS-25): the warnings alone are told.
    """
    shown = sorted(told(findings), key=lambda f: f["severity"] != "fatal")
    found = [_place(kind, finding) for finding in shown[:MOST]]
    if len(shown) > MOST:
        found.append(_one(mlr.NOT_APPLICABLE, f"and {len(shown) - MOST} more findings", mlr.RULE_WARNING))
    if refusal and not any(finding["severity"] == "fatal" for finding in findings):
        found.insert(0, _one(mlr.NOT_APPLICABLE, said, reason_code(refusal, "fatal", kind)))
    return tuple(found)


def _place(kind: str, finding: Mapping[str, object]) -> mlr.Place:
    ident, severity = str(finding["id"]), str(finding["severity"])
    text = str(finding.get("text") or "")
    # The official texts begin with their id already.
    said = text if ident in text else f"[{ident}] {text}".strip()
    place = str(finding.get("location") or "") or mlr.NOT_APPLICABLE
    return _one(place, said, reason_code(ident, severity, kind))


def _one(place: str, text: str, reason: str) -> mlr.Place:
    plain = " ".join(text.split())[:500]
    return mlr.Place(place, (mlr.Issue(plain, reason),))


def rejected_because(findings: Sequence[Mapping[str, object]]) -> str:
    """Our code for a rejection, by the first fatal reason that the other side gives (SV, FD, else a broken rule)."""
    first = next((str(one["id"]) for one in findings if one["severity"] == "fatal"), "")
    return {mlr.SYNTAX: "REJECTED_UNREADABLE", mls.FAILED_DELIVERY: "REJECTED_UNDELIVERED"}.get(
        first, "REJECTED_BY_RECEIVER"
    )


def before_leaving(verdict: Verdict) -> Judged:
    """What is kept of the verdict on a document of ours. Rules that stopped stop nobody: see docs/decisions/0003."""
    kept = tuple(
        {**one.as_dict(), "severity": "warning"} if one.id == RULES_STOPPED else one.as_dict()
        for one in verdict.told
    )
    return Judged(verdict.rule_set, kept)


def why_it_stays(judged: Judged, number: str) -> dict[str, object]:
    """What is said of a document that does not leave: how many faults it has, and the first of them."""
    first = judged.faults[0]
    ident, text = str(first["id"]), str(first.get("text") or "")
    said = text if ident in text else f"[{ident}] {text}"
    return {"number": number, "count": len(judged.faults), "first": ident, "said": said}


def owner_of_rejected(kind: str, document_type: str) -> str:
    """Who looks after our message that the receiver's side rejected. `kind`: of our organisation."""
    if kind == "supplier":
        return roles.SUPPLIER_USER
    if kind == "platform":
        return roles.PLATFORM_OPERATOR
    return roles.INVOICE_CLERK if document_type == "invoice_response" else roles.BUYER_ADMIN


def findings_of(places_: Sequence[mlr.Place]) -> list[dict[str, object]]:
    """The issues of an answer as findings: the reason is the id, the sender's sentence the text."""
    return [
        {
            "id": issue.reason,
            "severity": "warning" if issue.reason == mlr.RULE_WARNING else "fatal",
            "location": "" if place.location == mlr.NOT_APPLICABLE else place.location[:300],
            "text": issue.description[:500],
        }
        for place in places_
        for issue in place.issues
    ]


def may_answer_for(answer_sender: str, question_receiver: str, kind: str) -> bool:
    """True where the answer comes from the one we wrote to, or, as an MLS, from a service provider."""
    if kind == MLS:
        return is_service_provider(answer_sender)
    return answer_sender.lower() == question_receiver.lower()
