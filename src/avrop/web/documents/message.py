"""What became of a message, described: an answer of the network's, not of the trade (MLR T71, MLS)."""

from __future__ import annotations

from django.utils.translation import gettext as _

from avrop.ubl import places
from avrop.ubl.documents import message_level_response as mlr
from avrop.ubl.documents.message_level_status import FAILED_DELIVERY
from avrop.web.documents import parts, words
from avrop.web.documents.description import (
    Column,
    Description,
    Field,
    Notice,
    Row,
    Rows,
    Table,
    field,
    said,
    section,
    visible,
)
from avrop.web.findings import meaning_of


def describe(one: mlr.MessageLevelResponse, kind: str) -> Description:
    """Delivered, accepted or rejected; what was found, where, and what it means."""
    head = (
        field(_("Answer"), _answer(one.code)),
        field(_("Message id"), one.refers_to),
        field(_("Type"), one.document_type_code),
        field(_("Version"), one.version_id),
        field(_("Sender"), words.identifier(one.sender)),
        field(_("Recipient"), words.identifier(one.receiver)),
        field(_("Number"), one.id),
        field(_("Date"), words.when(one.issue_date, one.issue_time)),
    )
    issues = [(place.location, issue) for place in one.places for issue in place.issues]
    columns = (Column(_("What is wrong")), Column(_("Where")), Column(_("Kind")))
    table = Table(_("Findings"), columns, Rows(issues, _issue)) if issues else None
    empty = [place.location for place in one.places if not place.issues]
    return Description(
        kind=kind,
        number=visible(one.id),
        intro=visible(words.identifier(one.sender)),
        head=section(_("About the document"), head),
        lines=table,
        rest=said(
            section(_("Places"), [field(_("Where"), _where(place)) for place in empty]),
            parts.technical(one.customization_id, one.profile_id),
        ),
        notices=(_notice(one, issues),),
        lines_first=True,
    )


def _answer(code: str) -> str:
    known = {
        mlr.ACKNOWLEDGED: _("received"),
        mlr.ACCEPTED: _("accepted"),
        mlr.REJECTED: _("rejected"),
    }
    return f"{known[code]} ({code})" if code in known else code


def _notice(one: mlr.MessageLevelResponse, issues: list[tuple[str, mlr.Issue]]) -> Notice:
    """The verdict; a message that never reached its receiver is another thing than one with faults."""
    text = visible(one.description)
    if one.code == mlr.REJECTED:
        if any(issue.reason == FAILED_DELIVERY for _place, issue in issues):
            return Notice("danger", _("The message did not reach its receiver"), text)
        return Notice("danger", _("The receiver's system rejects the message"), text)
    if one.code == mlr.ACCEPTED:
        return Notice("success", _("The receiver's system accepts the message"), text)
    if one.code == mlr.ACKNOWLEDGED:
        return Notice("info", _("The receiver's system has received the message"), text)
    return Notice("info", _("The receiver's system has answered"), text)


def _where(place: str) -> str:
    """A place in words; no place is the whole message."""
    return places.in_words("/" if place == mlr.NOT_APPLICABLE else place, words.language()) or place


def _issue(pair: tuple[str, mlr.Issue]) -> Row:
    """In our words where we know the rule, the sender's own under it."""
    place, issue = pair
    kinds = {
        mlr.RULE_FATAL: _("a rule is broken"),
        mlr.RULE_WARNING: _("a rule is broken, a warning"),
        mlr.SYNTAX: _("the structure is broken"),
        FAILED_DELIVERY: _("it could not be delivered"),
    }
    ours = meaning_of(issue.description)
    path = "" if place == mlr.NOT_APPLICABLE else place
    more: tuple[Field, ...] = (
        field(_("The sender's words"), issue.description if ours else ""),
        field(_("Path"), path),
        field(_("Code"), issue.code),
    )
    kind = f"{kinds[issue.reason]} ({issue.reason})" if issue.reason in kinds else issue.reason
    cells = (visible(ours or issue.description), visible(_where(place)), visible(kind))
    return Row(cells, tuple(one for one in more if one.value))
