"""What the pages and the PDF show of an order, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol
from uuid import UUID

from django.utils.translation import pgettext

from avrop.coding.queries import code_names
from avrop.ordering import changing, rules
from avrop.ordering.facts import (
    ChangedLine,
    ChangeFacts,
    Details,
    OrderFacts,
    OrderLineFacts,
    ResponseFacts,
)
from avrop.ordering.texts import (
    ANSWER_TONES,
    ANSWERS,
    CHANGES,
    CODES,
    INVOICE,
    KINDS,
    RECEIPT,
    RESPONSE,
    SHOWN,
    TRANSPORT,
)
from avrop.requisition.texts import measure
from avrop.tenancy.scope import viewer


class Axes(Protocol):
    """An order's row or facts."""

    @property
    def transport_state(self) -> str: ...
    @property
    def response_state(self) -> str: ...
    @property
    def receipt_state(self) -> str: ...
    @property
    def invoice_state(self) -> str: ...
    @property
    def ended(self) -> str: ...


def whole_state(order: Axes) -> str:
    """One name for the whole: the key of `texts.SHOWN`."""
    if order.ended:
        return order.ended
    if order.transport_state == "failed":
        return "failed"
    if order.transport_state == "rejected":  # an MLR or MLS: no person at the supplier has seen it
        return "bounced"
    if order.response_state in ("rejected", "proposed"):
        return order.response_state
    if order.receipt_state == "full":
        return "invoiced" if order.invoice_state == "full" else "received"
    if order.receipt_state == "partial":
        return "partial"
    if order.transport_state == "queued":
        return "queued"
    return "awaited" if order.response_state == "awaited" else "confirmed"


def state(order: Axes) -> dict[str, Any]:
    """The whole state in words, with its tone."""
    label, tone = SHOWN[whole_state(order)]
    return {"label": label, "tone": tone}


def steps(order: OrderFacts) -> list[dict[str, Any]]:
    """The order's way: sent, answered, received, invoiced. The axes move independently."""
    sent, answer = order.transport_state, order.response_state
    answered = {"accepted": "done", "changed": "done", "none": "done", "rejected": "stopped"}
    done = {"full": "done", "partial": "current"}
    return [
        {"label": pgettext("purchase", "Approved"), "state": "done"},
        {
            "label": TRANSPORT[sent],
            "state": {"sent": "done", "failed": "stopped", "rejected": "stopped"}.get(sent, "current"),
        },
        {"label": RESPONSE[answer], "state": answered.get(answer, "current" if sent == "sent" else "todo")},
        {"label": RECEIPT[order.receipt_state], "state": done.get(order.receipt_state, "todo")},
        {"label": INVOICE[order.invoice_state], "state": done.get(order.invoice_state, "todo")},
    ]


def lines(order: OrderFacts) -> list[dict[str, Any]]:
    """The order's lines with unit of measure and coding in words."""
    parts = ("account", "responsibility", "function", "project")
    codes = code_names((part, getattr(line.coding, part)) for line in order.lines for part in parts)
    return [
        {
            "line": line,
            "measure": measure(line.unit_code, line.quantity),
            "coding": [
                {"code": code, "name": codes.get((part, code), "")}
                for part in parts
                if (code := getattr(line.coding, part))
            ],
        }
        for line in order.lines
    ]


def preview(order: OrderFacts, wanted: Sequence[ChangedLine], details: Details) -> dict[str, Any]:
    """What a change would make of the order, and what happens when it is asked for."""
    after = changing.after(order.lines, changing.as_of(order.lines, wanted))
    gross, net = rules.order_totals(after).gross, rules.order_totals(after).net
    free = viewer().person_id == order.requester_id and changing.only_less(order.lines, after, details)
    return {
        "gross": gross,
        "growth": gross - order.gross,
        "net": net,
        "binds": sum(changing.moved(old, new) for old, new in zip(order.lines, after, strict=True)),
        "approval": not free,
        "sent": order.process == changing.ADVANCED,
        "chased": order.process != changing.ORDER_ONLY,
    }


def doors(order: OrderFacts, found: Sequence[ChangeFacts]) -> dict[str, bool]:
    """What somebody who may change the order can do now."""
    waits = any(one.state in changing.WAITING for one in found)
    free = not order.ended and not waits and order.response_state not in ("rejected", "proposed")
    came = any(line.kept for line in order.lines)
    failed = order.transport_state == "failed"
    return {
        "change": free and not failed,
        "send": free and failed,
        "cancel": free and not came,
        "close": free and came and bool(changing.rest(order.lines)),
    }


def changes(
    order: OrderFacts, found: Sequence[ChangeFacts], names: Mapping[UUID, str]
) -> list[dict[str, Any]]:
    """The buyer's own changes, newest first, with what the viewer may do about each."""
    known = {line.line_no: line for line in order.lines}
    me = viewer().person_id
    return [
        {
            "change": one,
            "kind": KINDS[one.kind],
            "state": CHANGES[one.state][0],
            "tone": CHANGES[one.state][1],
            "who": names.get(one.proposed_by, "") if one.proposed_by else "",
            "approver": names.get(one.approved_by, "") if one.approved_by else "",
            "asked": [names.get(person, "") for person in one.candidates],
            "mine": me in (one.proposed_by, order.requester_id),
            "to_approve": one.state == "awaiting" and me in one.candidates,
            "lines": [
                {
                    "line": known[line.line_no],
                    "quantity": _to_be(known[line.line_no], line, one.state in changing.WAITING),
                    "before": known[line.line_no].quantity if one.state in changing.WAITING else None,
                    "measure": measure(known[line.line_no].unit_code, line.quantity or 0),
                    "declined": line.line_no in one.declined,
                }
                for line in one.lines
                if line.line_no in known
            ],
        }
        for one in reversed(found)
    ]


def _to_be(line: OrderLineFacts, asked: ChangedLine, waits: bool) -> int | None:
    """What is asked for, less what was returned for credit since."""
    if asked.quantity is None or not waits:
        return asked.quantity
    return max(0, asked.quantity - (line.returned - asked.returned))


def answers(
    order: OrderFacts,
    found: Sequence[ResponseFacts],
    names: Mapping[UUID, str],
    own: Sequence[ChangeFacts] = (),
) -> list[dict[str, Any]]:
    """The supplier's answers, newest first, to which change of ours; a proposal beside what was ordered."""
    numbers = {one.id: one.number for one in own}
    return [
        {
            "response": one,
            "to": numbers.get(one.change_id, "") if one.change_id else "",
            "code": CODES.get(one.code, one.code),
            "state": ANSWERS[one.state],
            "tone": ANSWER_TONES[one.state],
            "who": names.get(one.decided_by, "") if one.decided_by else "",
            "changes": _changes(order, one) if one.state == "proposed" else [],
            "total": _total(order, one) if one.state == "proposed" else None,
            "notes": [line for line in one.lines if line.note],
        }
        for one in reversed(found)
    ]


def _changes(order: OrderFacts, one: ResponseFacts) -> list[dict[str, Any]]:
    known = {line.line_no: line for line in order.lines}
    made = []
    for proposed in one.lines:
        line = known.get(proposed.line_no)
        if line is None:
            made.append({"line": None, "new": None, "proposed": proposed})
        elif rules.differs(line, proposed):
            made.append(_change(line, rules.changed_line(line, proposed), proposed.note))
    return made


def _change(line: OrderLineFacts, new: OrderLineFacts, note: str) -> dict[str, Any]:
    return {
        "line": line,
        "new": new,
        "note": note,
        "measure": measure(line.unit_code, line.quantity),
        "new_measure": measure(line.unit_code, new.quantity),
        "quantity": new.quantity != line.quantity,
        "price": (new.price, new.base_quantity) != (line.price, line.base_quantity),
        "item": new.seller_item_id != line.seller_item_id,
        "gone": new.cancelled,
    }


def _total(order: OrderFacts, one: ResponseFacts) -> dict[str, int]:
    new = rules.order_totals(rules.accepted_version(order.lines, {x.line_no: x for x in one.lines}))
    return {"gross": new.gross, "growth": new.gross - order.approved_gross}
