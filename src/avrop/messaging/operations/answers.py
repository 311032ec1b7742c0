"""Answers to messages: ours to what we refused, and those of others to what we sent."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.db.models import Model
from django.utils import translation

from avrop.journal.operation import operation
from avrop.journal.within import label, lock_stream, open_case, record
from avrop.kernel.finding import Refusal
from avrop.kernel.ports import new_id, now
from avrop.messaging import documents, rules
from avrop.messaging.events import MessageAnswered
from avrop.messaging.models import Message
from avrop.messaging.queries import facts_of
from avrop.messaging.within import enqueue, settle
from avrop.tenancy import queries as tenancy
from avrop.ubl.documents.message_level_response import REJECTED, MessageLevelResponse
from avrop.web.refusals import explain


@operation
def answer_refusal(*, message_id: UUID | None = None, refers_to: str = "") -> None:
    """Tell the sender that their message was refused, once; nothing where it is not to be answered.

    The message is named by its id, or by what it became (`invoicing.Invoice:...`). See `rules.answerable`.
    """
    asked = {"id": message_id} if message_id else {"refers_to": refers_to}
    question = Message.objects.defer("body").filter(direction=Message.IN, **asked).first()
    if question is None or not rules.answerable(facts_of(question)):
        return
    lock_stream(question.stream)
    # A bill that was set aside has no refusal of its own: its findings are why.
    _answer(question, REJECTED, _sentence(question), question.reason or "INVALID_DOCUMENT")


@operation
def answer_taken(*, message_id: UUID) -> None:
    """Tell the sender's service provider, once, that all is well, where it wants to hear that (MLS_TYPE).

    Only as an MLS: nobody owes a positive MLR. See `rules.positive_code`.
    """
    question = Message.objects.defer("body").filter(direction=Message.IN, id=message_id).first()
    if question is None:
        return
    code = rules.positive_code(facts_of(question))
    if code and rules.kind_of_answer(question.answer_to, settings.AVROP_SPIS) == rules.MLS:
        lock_stream(question.stream)
        _answer(question, code, "", "")


def _answer(question: Message, code: str, said: str, refusal: str) -> None:
    """Queue the one answer to a message; nothing where it has one, or where there is no address to answer from."""
    if Message.objects.filter(direction=Message.OUT, refers_to=label(question)).exists():
        return
    kind = rules.kind_of_answer(question.answer_to, settings.AVROP_SPIS)
    sender, receiver = _ends(question, kind)
    if not rules.is_address(sender):  # an operator that nobody has set up yet has no address to answer from
        return
    ident = new_id()
    answer = documents.answer_to(
        kind=kind,
        code=code,
        ident=f"{'MLS' if kind == rules.MLS else 'MLR'}-{ident.hex[-12:]}",
        at=now(),
        sender=sender,
        receiver=receiver,
        refers_to=question.instance_id,
        said=said,
        places=rules.places(kind, question.findings, refusal, said),
    )
    enqueue(
        owner_id=question.owner_id,
        sender=sender,
        receiver=receiver,
        document_type=kind,
        document_type_id=answer.document_type_id,
        process_id=answer.process_id,
        number=answer.number,
        refers_to=label(question),
        stream=question.stream,
        body=answer.body,
        ident=ident,
        answers=code,
        receiver_name=question.other_name,
    )


def _ends(question: Message, kind: str) -> tuple[str, str]:
    """Our address and theirs: service providers in an MLS, participants in an MLR."""
    if kind == rules.MLS:
        return settings.AVROP_SPIS, question.answer_to
    return tenancy.party(question.owner_id).endpoint, question.sender


def _sentence(question: Message) -> str:
    """Why, in English: messages between systems are read in many countries."""
    with translation.override("en"):
        if question.reason:
            return explain(question.reason, question.params)
        fatal = [f for f in question.findings if f["severity"] == "fatal"]
        params = {"count": len(rules.told(question.findings)), "first": fatal[0]["id"] if fatal else "–"}
        return explain("INVALID_DOCUMENT", params)


@operation
def take_answer(*, message_id: UUID, document: MessageLevelResponse) -> None:
    """Lay an MLR or MLS beside the message of ours that it answers; a rejection becomes a case with an owner.

    Raises Refusal: ANSWER_UNKNOWN (we sent no such message), ANSWER_NOT_FROM_RECEIVER.
    """
    question = _question(document)
    lock_stream(question.stream)
    # Read again: whoever held the stream before us may have changed it.
    question = Message.objects.select_for_update().get(id=question.id)
    found = rules.findings_of(document.places)
    outcome = {"answer": document.code, "said": (document.description or "")[:500]}
    answer = settle(message_id=message_id, refers_to=label(question), outcome=outcome, findings=found)
    if answer is None:
        return
    if not rules.may_answer_for(answer.sender, question.receiver, answer.document_type):
        raise Refusal("ANSWER_NOT_FROM_RECEIVER", sender=answer.sender, receiver=question.receiver)
    changed: list[Model] = [answer, *(_reject(question, answer) if document.code == REJECTED else [])]
    record(
        MessageAnswered(question.id, answer.id, document.code, question.document_type, question.refers_to),
        tenant=question.owner_id,
        stream=question.stream,
        subject=question,
        changed=changed,
    )


def _question(document: MessageLevelResponse) -> Message:
    found = Message.objects.filter(direction=Message.OUT, instance_id=document.refers_to).first()
    if found is None or rules.is_answer(found.document_type, found.document_type_id):
        raise Refusal("ANSWER_UNKNOWN", instance=document.refers_to[:100])
    return found


def _reject(question: Message, answer: Message) -> list[Model]:
    """Our message was refused at the other end: its state says so, and somebody must deal with it."""
    if question.state == "rejected":
        return []
    first = next((f["text"] for f in answer.findings if f["severity"] == "fatal"), "")
    said = str(answer.outcome.get("said") or "") or first
    question.state, question.reason = "rejected", rules.rejected_because(answer.findings)
    question.params = {"number": question.number, "said": said[:200] or "–", "first": first[:200]}
    question.save(update_fields=["state", "reason", "params"])
    kind = tenancy.party(question.owner_id).kind
    case = open_case(
        tenant=question.owner_id,
        kind="rejected_message",
        subject=label(question),
        reason=question.reason,
        params=question.params,
        owner_role=rules.owner_of_rejected(kind, question.document_type),
    )
    return [case]
