"""Journal entries and rows -> what is told on the time-line. Pure: dictionaries in, Moments out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

from avrop.desk.facts import CheckRow, Moment, Paper
from avrop.matching.facts import check_in

Row = dict[str, Any]
# What the machinery does between the steps that people know; said elsewhere on the line, or to nobody.
UNTOLD = frozenset(
    {
        "approval.ApprovalOpened",
        "invoicing.CreditLinked",
        "messaging.MessageQueued",
        "messaging.MessageStored",
        "ordering.OrderChanged",
        "ordering.OrderProgressed",
        "requisition.RequisitionApproved",
    }
)

_MESSAGE = frozenset({"messaging.MessageSent", "messaging.MessageFailed", "messaging.MessageAnswered"})


def of(rows: Any) -> Iterator[Moment]:
    """Every moment worth telling. `rows` is `queries.thread.Rows`."""
    for entry in rows.entries:
        if entry["event"] in UNTOLD or _is_told_elsewhere(entry):
            continue
        tell = _TELL.get(entry["event"], _plain)
        yield tell(entry, rows)
    yield from _books(rows)


def _is_told_elsewhere(entry: Row) -> bool:
    """Of messages only an order's way out is a step of its own; an answer is told with what it answers."""
    if entry["event"] == "messaging.MessageAnswered" and entry["payload"].get("code") != "RE":
        return True  # that a system took an order in is no news to people
    return entry["event"] in _MESSAGE and entry["payload"].get("document_type") != "order"


def _moment(entry: Row, *papers: Paper, **more: Any) -> Moment:
    return Moment(entry["at"], entry["event"], entry["who"] or "", entry["reason"] or "", papers, **more)


def _id(entry: Row, name: str) -> UUID:
    return UUID(entry["payload"][name])


def _plain(entry: Row, rows: Any) -> Moment:
    return _moment(entry)


def _basket(entry: Row, rows: Any) -> Moment:
    if rows.basket is None:
        return _moment(entry)
    ident = rows.basket["id"]
    return _moment(entry, Paper("requisition", rows.basket["number"], ("requisition:requisition", ident)))


def _approval(entry: Row, rows: Any) -> Moment:
    """Who approved what: the task says for which responsibility and amount."""
    tasks = [
        task
        for task in rows.tasks.values()
        if task["decided_at"] is not None and task["decided_at"] == entry["at"]
    ]
    values = (
        {"responsibilities": [t["responsibility"] for t in tasks], "amount": tasks[0]["amount"]}
        if tasks
        else {}
    )
    comment = next((task["comment"] for task in tasks if task["comment"]), "")
    told = _moment(entry, values=values)
    return Moment(told.at, told.event, told.who, told.reason or comment, told.papers, values=values)


def _order_paper(row: Row) -> Paper:
    return Paper("order", row["number"], ("ordering:order", row["id"]), ("ordering:xml", row["id"]))


def _orders(entry: Row, rows: Any) -> Moment:
    found = [rows.orders[UUID(one)] for one in entry["payload"]["orders"] if UUID(one) in rows.orders]
    papers = [_order_paper(row) for row in found]
    return _moment(entry, *papers, values={"suppliers": [row["supplier__name"] for row in found]})


def _order(entry: Row, rows: Any) -> Moment:
    row = rows.orders.get(_id(entry, "order_id"))
    values = {"supplier": row["supplier__name"]} if row else {}
    return _moment(entry, *([_order_paper(row)] if row else []), values=values)


def _order_left(entry: Row, rows: Any) -> Moment:
    ident = entry["payload"]["refers_to"].partition(":")[2]
    row = rows.orders.get(UUID(ident)) if ident else None
    values = {"supplier": row["supplier__name"]} if row else {}
    return _moment(entry, *([_order_paper(row)] if row else []), values=values)


def _answered(entry: Row, rows: Any) -> Moment:
    answer = rows.responses.get(_id(entry, "response_id"))
    order = rows.orders.get(_id(entry, "order_id"))
    if answer is None or order is None:
        return _moment(entry)
    original = ("messaging:original", answer["message_id"])
    paper = Paper("order_response", answer["number"], ("ordering:order", order["id"]), original)
    values = {"supplier": order["supplier__name"], "code": answer["code"], "state": answer["state"]}
    told = _moment(entry, paper, values=values)
    return Moment(
        told.at, told.event, told.who or values["supplier"], answer["note"], told.papers, values=values
    )


def _decided(entry: Row, rows: Any) -> Moment:
    told = _order(entry, rows)
    values = {**told.values, "accepted": bool(entry["payload"].get("accepted"))}
    return Moment(told.at, told.event, told.who, told.reason, told.papers, values=values)


def _own_change(entry: Row, rows: Any) -> Moment:
    """A change of the buyer's: what kind, and whether it stands."""
    told = _order(entry, rows)
    payload = entry["payload"]
    values = {**told.values, "kind_of_change": payload.get("kind", "change")}
    if "accepted" in payload:
        values["accepted"] = bool(payload["accepted"])
    return Moment(told.at, told.event, told.who, told.reason, told.papers, values=values)


def _returned(entry: Row, rows: Any) -> Moment:
    told = _received(entry, rows)
    values = {"credit_expected": bool(entry["payload"].get("credit_expected"))}
    return Moment(told.at, told.event, told.who, told.reason, told.papers, values=values)


def _received(entry: Row, rows: Any) -> Moment:
    receipt = rows.receipts.get(_id(entry, "receipt_id"))
    values = {"complete": bool(entry["payload"].get("complete"))}
    if receipt is None:
        return _moment(entry, values=values)
    paper = Paper("receipt", receipt["number"], ("delivery:receipt", receipt["id"]))
    reason = entry["reason"] or receipt["note"]
    return Moment(entry["at"], entry["event"], entry["who"] or "", reason, (paper,), values=values)


def _invoice_paper(row: Row) -> Paper:
    return Paper(
        "invoice", row["number"], ("invoicing:invoice", row["id"]), ("invoicing:original", row["id"])
    )


def _invoice(entry: Row, rows: Any) -> Moment:
    row = rows.invoices.get(_id(entry, "invoice_id"))
    if row is None:
        return _moment(entry)
    who = entry["who"] or row["seller_name"]
    values = {"payable": row["payable"], "kind": row["kind"], "rule_set": row["rule_set"]}
    values["findings"] = len(row["findings"])
    return Moment(
        entry["at"], entry["event"], who, entry["reason"] or "", (_invoice_paper(row),), values=values
    )


def _matched(entry: Row, rows: Any) -> Moment:
    """Every check with its numbers stands at the last verdict; earlier ones say only what came out."""
    row = rows.invoices.get(_id(entry, "invoice_id"))
    match = rows.matches.get(_id(entry, "invoice_id"))
    if row is None or match is None:
        return _moment(entry)
    last = _last_verdict(rows, _id(entry, "invoice_id")) is entry
    return _moment(
        entry,
        _invoice_paper(row),
        checks=_checks(match) if last else (),
        deviations=tuple(rows.deviations.get(match["id"], ())) if last else (),
        values={"codes": entry["payload"].get("codes", []), "preapproval": match["preapproval"]},
    )


def _accepted(entry: Row, rows: Any) -> Moment:
    match = next((m for m in rows.matches.values() if m["id"] == _id(entry, "match_id")), None)
    papers = [_invoice_paper(rows.invoices[match["invoice_id"]])] if match else []
    return _moment(entry, *papers, values={"codes": entry["payload"].get("codes", [])})


def _about(entry: Row, rows: Any) -> Moment:
    """What a person did to an invoice, with the reason given."""
    row = rows.invoices.get(_id(entry, "invoice_id"))
    return _moment(entry, *([_invoice_paper(row)] if row else []))


def _original(entry: Row, rows: Any) -> Moment:
    row = rows.invoices.get(_id(entry, "credit_id"))
    found = [rows.invoices.get(UUID(one)) for one in entry["payload"]["originals"]]
    return _moment(entry, *(_invoice_paper(one) for one in (row, *found) if one))


def _last_verdict(rows: Any, invoice_id: UUID) -> Row | None:
    found = [
        entry
        for entry in rows.entries
        if _TELL.get(entry["event"]) is _matched and UUID(entry["payload"]["invoice_id"]) == invoice_id
    ]
    return found[-1] if found else None


def _checks(match: Row) -> tuple[CheckRow, ...]:
    names = CheckRow.__dataclass_fields__
    found = (check_in(one) for one in match["checks"])
    return tuple(CheckRow(**{name: getattr(one, name) for name in names}) for one in found)


def _answer_sent(entry: Row, rows: Any) -> Moment:
    """Our Invoice Response: its message was queued in the same breath."""
    row = rows.invoices.get(_id(entry, "invoice_id"))
    sent = [m for m in rows.messages.values() if m["document_type"] == "invoice_response"]
    papers = [_invoice_paper(row)] if row else []
    papers += [Paper("invoice_response", m["number"], None, ("messaging:original", m["id"])) for m in sent]
    return _moment(entry, *papers, values={"code": entry["payload"].get("code", "")})


def _posting(entry: Row, rows: Any) -> Moment:
    posting = rows.postings.get(_id(entry, "invoice_id"))
    return _moment(entry, values={"payable": posting["payable"]} if posting else {})


def _books(rows: Any) -> Iterator[Moment]:
    """The batch has a stream of its own; here it is told where its invoice is."""
    for posting in rows.booked:
        if posting["batch_id"] is None:
            continue
        paper = Paper("batch", posting["batch__number"], ("accounting:batch", posting["batch_id"]))
        steps = (
            ("accounting.BatchReleased", posting["batch__released_at"], posting["releaser"] or ""),
            ("accounting.BatchSent", posting["batch__sent_at"], ""),
            ("accounting.BatchPosted", posting["posted_at"], ""),
        )
        if posting["state"] == "rejected":
            at, why = posting["batch__answered_at"], posting["rejection"]
            yield Moment(at, "accounting.PostingRejected", "", why, (paper,))
        for event, at, who in steps:
            if at is not None:
                values = {"voucher": posting["voucher"]} if event == "accounting.BatchPosted" else {}
                yield Moment(at, event, who, "", (paper,), values=values)


_TELL: dict[str, Callable[[Row, Any], Moment]] = {
    "requisition.RequisitionChanged": _basket,
    "requisition.RequisitionSubmitted": _basket,
    "requisition.RequisitionWithdrawn": _basket,
    "requisition.RequisitionReturned": _basket,
    "approval.ApprovalGiven": _approval,
    "approval.ApprovalCompleted": _approval,
    "approval.ApprovalReturned": _approval,
    "ordering.OrdersPlaced": _orders,
    "messaging.MessageSent": _order_left,
    "messaging.MessageFailed": _order_left,
    "messaging.MessageAnswered": _order_left,
    "ordering.OrderAnswered": _answered,
    "ordering.OrderTakenOver": _order,
    "ordering.OrderLinesCoded": _order,
    "ordering.OrderChangeDecided": _decided,
    "ordering.ChangeProposed": _own_change,
    "ordering.ChangeWithdrawn": _own_change,
    "ordering.ChangeSent": _own_change,
    "ordering.ChangeAnswered": _own_change,
    "delivery.GoodsReceived": _received,
    "delivery.GoodsReturned": _returned,
    "invoicing.InvoiceReceived": _invoice,
    "invoicing.InvoiceSetAside": _invoice,
    "invoicing.InvoiceAnswered": _answer_sent,
    "matching.InvoiceMatched": _matched,
    "matching.InvoiceApproved": _matched,
    "matching.InvoiceAwaitsReceipt": _matched,
    "matching.InvoiceDeviates": _matched,
    "matching.InvoiceWithoutOrder": _matched,
    "matching.InvoiceRejected": _matched,
    "matching.DeviationsAccepted": _accepted,
    "matching.CreditNoteWaits": _matched,
    "matching.InvoiceCredited": _matched,
    "matching.InvoiceResumed": _about,
    "matching.CreditTreated": _about,
    "matching.CreditAsked": _about,
    "matching.InvoiceDisputed": _about,
    "matching.OriginalChosen": _original,
    "accounting.PostingProposed": _posting,
}
