"""Moments as the page and the JSON show them: words in the reader's language, addresses, numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from avrop.accounting import permissions as accounting_doors
from avrop.desk.facts import CheckRow, DeviationRow, Moment, Paper, Thread
from avrop.desk.texts import EVENTS, PAPERS, STEPS, UNKNOWN
from avrop.invoicing import permissions as invoicing_doors
from avrop.kernel.money import parse_decimal, to_micro, to_minor
from avrop.matching import texts as matching
from avrop.ordering import permissions as ordering_doors
from avrop.ordering.texts import CODES as ANSWER_CODES
from avrop.ordering.texts import KINDS as CHANGE_KINDS
from avrop.requisition import permissions as requisition_doors
from avrop.tenancy.results import Answer
from avrop.tenancy.scope import Viewer
from avrop.tenancy.texts import role_name
from avrop.web.format import money, money_kr, quantity, unit_price

KINDS = ("price", "money", "quantity")
MESSAGE = "messaging:original"  # served here: whoever may see the purchase may see what was said in it
MESSAGE_SHOWN = "messaging:document"
_SHOWN_BY = {
    MESSAGE: MESSAGE_SHOWN,
    "invoicing:original": "invoicing:document",
    "ordering:xml": "ordering:document",
}


def moment(one: Moment, thread: Thread, who: Viewer) -> dict[str, Any]:
    """One moment of the thread for the template."""
    title, tone, icon = EVENTS.get(one.event, UNKNOWN)
    return {
        "title": title,
        "tone": tone,
        "icon": icon,
        "at": one.at,
        "who": one.who or "Avrop",
        "reason": one.reason,
        "state": _state(one),
        "details": list(_details(one)),
        "papers": [paper(p, thread, who) for p in one.papers],
        "checks": [check(c) for c in one.checks],
        "passed": sum(c.passed for c in one.checks),
        "failed": any(not c.passed for c in one.checks),
        "deviations": [deviation(d) for d in one.deviations],
    }


def _state(one: Moment) -> str:
    values = one.values
    if one.event == "ordering.OrderAnswered":
        return str(ANSWER_CODES.get(values.get("code", ""), ""))
    if one.event == "delivery.GoodsReceived":
        return _("Complete") if values["complete"] else _("Partial")
    if one.event == "delivery.GoodsReturned":
        return _("To be credited") if values.get("credit_expected") else _("To come again")
    if one.event in ("ordering.OrderChangeDecided", "ordering.ChangeAnswered"):
        return _("Accepted") if values["accepted"] else _("Declined")
    return ""


def _details(one: Moment) -> Iterator[str]:
    values = one.values
    if values.get("supplier") and one.event != "ordering.OrderAnswered":
        yield _("To %(supplier)s") % {"supplier": values["supplier"]}
    if values.get("responsibilities"):
        yield _("For responsibility %(codes)s, %(amount)s with VAT") % {
            "codes": ", ".join(values["responsibilities"]),
            "amount": money_kr(values["amount"]),
        }
    if values.get("payable") is not None:
        yield _("%(amount)s to pay") % {"amount": money_kr(values["payable"])}
    if "rule_set" in values:
        yield _judged(values)
    if values.get("preapproval") and one.event == "matching.InvoiceApproved":
        yield _("Approved without a hand under %(reference)s") % {"reference": values["preapproval"]}
    if values.get("codes"):
        yield ", ".join(str(matching.CODES.get(code, code)) for code in values["codes"])
    if values.get("kind_of_change"):
        yield str(CHANGE_KINDS.get(values["kind_of_change"], ""))
    if values.get("voucher"):
        yield _("Voucher %(number)s") % {"number": values["voucher"]}


def _judged(values: Any) -> str:
    if not values["rule_set"] or values["rule_set"] == "not installed":
        return _("Official rules are not installed; Avrop's own checks were run.")
    return _("Judged by %(rules)s: %(count)s findings") % {
        "rules": values["rule_set"],
        "count": values["findings"],
    }


def paper(one: Paper, thread: Thread, who: Viewer) -> dict[str, str]:
    """A document with its addresses; no address where the viewer would be turned away."""
    return {
        "label": str(PAPERS.get(one.kind, one.kind)),
        "kind": one.kind,
        "number": one.number,
        "url": _address(one.page, thread, who),
        "original": _address(one.original, thread, who),
        "document": _address(_document(one.original), thread, who),
    }


_ARGUMENTS = {
    "requisition:requisition": "requisition_id",
    "ordering:order": "order_id",
    "ordering:xml": "order_id",
    "ordering:document": "order_id",
    "delivery:receipt": "receipt_id",
    "invoicing:invoice": "invoice_id",
    "invoicing:original": "invoice_id",
    "invoicing:document": "invoice_id",
    "accounting:batch": "batch_id",
}
_DOORS: dict[str, Callable[[Viewer], Answer]] = {
    "ordering": ordering_doors.may_see_orders,
    "invoicing": invoicing_doors.may_see,
    "accounting": accounting_doors.may_see,
}


def _document(original: tuple[str, Any] | None) -> tuple[str, Any] | None:
    """Where an original is shown for people: a page of the same room."""
    if original is None or original[0] not in _SHOWN_BY:
        return None
    return _SHOWN_BY[original[0]], original[1]


def _address(place: tuple[str, Any] | None, thread: Thread, who: Viewer) -> str:
    if place is None:
        return ""
    name, ident = place
    if name in (MESSAGE, MESSAGE_SHOWN):
        return reverse(
            name.replace("messaging", "desk"),
            kwargs={"slug": who.slug, "stream": thread.stream, "message_id": ident},
        )
    if name == "requisition:requisition" and not _may_see_requisition(thread, who):
        return ""
    door = _DOORS.get(name.partition(":")[0])
    if door is not None and not door(who):
        return ""
    return reverse(name, kwargs={"slug": who.slug, _ARGUMENTS[name]: ident})


def _may_see_requisition(thread: Thread, who: Viewer) -> bool:
    return requisition_doors.reads_all(who) or who.person_id == thread.requester_id


def check(one: CheckRow) -> dict[str, Any]:
    """A check as a sentence with its numbers."""
    sentences = matching.CHECKS.get((one.code, one.kind))
    shown = {"expected": value(one.expected, one.kind), "found": value(one.found, one.kind)}
    text = str(sentences[0 if one.passed else 1]) % shown if sentences else ""
    return {
        "code": one.code,
        "name": str(matching.CODES.get(one.code, one.code)),
        "line": one.line,
        "text": text,
        "passed": one.passed,
        **shown,
    }


def value(text: str, kind: str) -> str:
    """A stored value as Norwegians write it."""
    if not text or kind not in KINDS:
        return text
    try:
        number = parse_decimal(text)
    except ValueError:
        return text
    if kind == "money":
        return money(to_minor(number))
    return unit_price(to_micro(number)) if kind == "price" else quantity(to_micro(number))


def deviation(one: DeviationRow) -> dict[str, Any]:
    """A deviation with its owner, deadline and decision."""
    label, tone = matching.DEVIATION_STATES.get(one.state, (one.state, "neutral"))
    return {
        "name": str(matching.CODES.get(one.code, one.code)),
        "line": one.line,
        "amount": one.amount,
        "owner": role_name(one.owner_role),
        "due": one.due,
        "state": label,
        "tone": tone,
        "who": one.decided_by,
        "at": one.decided_at,
        "comment": one.comment,
    }


def steps(one: Thread) -> list[dict[str, Any]]:
    """How far it has come, for the stepper."""
    found, current = [], False
    for key, label in STEPS:
        done = key in one.reached
        state = "done" if done else ("todo" if current else "current")
        current = current or not done
        found.append({"label": label, "state": state})
    return found


def as_json(one: Thread, who: Viewer) -> dict[str, Any]:
    """The thread for programs: codes, not words; amounts in øre; times in UTC."""
    return {
        "stream": one.stream,
        "number": one.number,
        "need": one.need,
        "requester": one.requester,
        "unit": one.unit,
        "suppliers": list(one.suppliers),
        "reached": list(one.reached),
        "net": one.net,
        "gross": one.gross,
        "moments": [_moment_json(m, one, who) for m in one.moments],
    }


def _moment_json(one: Moment, thread: Thread, who: Viewer) -> dict[str, Any]:
    papers = [paper(p, thread, who) for p in one.papers]
    return {
        "at": one.at.isoformat(),
        "event": one.event,
        "who": one.who,
        "reason": one.reason,
        "documents": [
            {"kind": p["kind"], "number": p["number"], "url": p["url"], "original": p["original"]}
            for p in papers
        ],
        "checks": [
            {n: getattr(c, n) for n in ("code", "line", "order", "expected", "found", "passed")}
            for c in one.checks
        ],
        "deviations": [
            {
                "code": d.code,
                "line": d.line,
                "state": d.state,
                "decided_by": d.decided_by,
                "comment": d.comment,
            }
            for d in one.deviations
        ],
        "values": dict(one.values),
    }
