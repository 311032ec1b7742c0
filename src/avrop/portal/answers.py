"""Sales order -> order response: T76, or T116 under advanced ordering."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from avrop.portal.documents import participant, price_of, quantity_of
from avrop.portal.facts import CHANGE, REFUSE, UNCHANGED, SalesChangeFacts, SalesLine, SalesOrderFacts
from avrop.portal.rules.selling import ADVANCED, ANSWERS
from avrop.tenancy.facts import Party as OwnParty
from avrop.ubl.build import norwegian_party, plain_party
from avrop.ubl.documents import order_response, order_response_advanced
from avrop.ubl.documents import parts as p


def response(
    facts: SalesOrderFacts, seller: OwnParty, *, number: str, code: str, note: str, issued: date
) -> order_response.OrderResponse:
    """The answer to an order: T76, or T116 where the order came under advanced ordering.

    Lines only with CA: rules PEPPOL-T76-R007 to R010, the same in T116.
    """
    customization, profile = ANSWERS[facts.profile_id]
    lines = tuple(_response_line(line) for line in facts.lines) if code == "CA" else ()
    return _answer_type(advanced=profile == ADVANCED)(
        id=number,
        issue_date=issued,
        order_reference=facts.number,
        seller=plain_party(norwegian_party(seller.orgnr, seller.name)),
        buyer=_plain_buyer(facts),
        code=code,
        currency=facts.currency,
        lines=lines,
        customization_id=customization,
        profile_id=profile,
        notes=(note,) if note else (),
        customer_reference=facts.buyer_reference or None,
    )


def _answer_type(*, advanced: bool) -> type[order_response.OrderResponse]:
    return order_response_advanced.OrderResponseAdvanced if advanced else order_response.OrderResponse


def change_response(
    facts: SalesOrderFacts,
    seller: OwnParty,
    change: SalesChangeFacts,
    *,
    number: str,
    code: str,
    judged: Mapping[str, str],
    note: str,
    issued: date,
) -> order_response_advanced.OrderResponseAdvanced:
    """The answer (T116) to a change or cancellation; `facts` are the order's as it stands with the answer.

    A change is named by its number; a cancellation has no reference of its own (BIS Advanced Ordering 3). Lines
    only with CA, and then all of them: 5 as it was asked, 3 with the quantity and price that stand where the
    seller says no, 7 where a line was not added.
    """
    lines = _change_lines(facts, change, judged) if code == "CA" else ()
    return order_response_advanced.OrderResponseAdvanced(
        id=number,
        issue_date=issued,
        order_reference=facts.number,
        order_change_reference=None if change.is_cancellation else change.number,
        seller=plain_party(norwegian_party(seller.orgnr, seller.name)),
        buyer=_plain_buyer(facts),
        code=code,
        currency=facts.currency,
        lines=lines,
        notes=(note,) if note else (),
        customer_reference=facts.buyer_reference or None,
    )


def _change_lines(
    facts: SalesOrderFacts, change: SalesChangeFacts, judged: Mapping[str, str]
) -> tuple[order_response.OrderResponseLine, ...]:
    standing = {line.line_id for line in facts.lines}
    lines = [_standing_line(line, judged.get(line.line_id, UNCHANGED)) for line in facts.lines]
    lines += [
        order_response.OrderResponseLine(
            id=str(len(facts.lines) + at),
            item=p.Item(name=line.name, sellers_id=line.seller_item_id or None),
            order_line_id=line.line_id,
            status_code=REFUSE,
        )
        for at, line in enumerate((one for one in change.lines if one.line_id not in standing), 1)
        if judged.get(line.line_id) == REFUSE
    ]
    return tuple(lines)


def _standing_line(line: SalesLine, judged: str) -> order_response.OrderResponseLine:
    told = line.agreed_quantity > 0
    accepted = UNCHANGED if told or line.cancelled else REFUSE
    declined = CHANGE if told else REFUSE
    return order_response.OrderResponseLine(
        id=str(line.position),
        item=p.Item(name=line.name, sellers_id=line.seller_item_id or None),
        order_line_id=line.line_id,
        status_code=declined if judged == REFUSE else accepted,
        quantity=quantity_of(line.agreed_quantity, line) if told else None,
        price=price_of(line, line.agreed_price) if told else None,
    )


def _plain_buyer(facts: SalesOrderFacts) -> p.Party:
    return p.Party(
        endpoint=participant(facts.buyer_endpoint),
        ids=(participant(facts.buyer_endpoint),),
        legal_name=facts.buyer_name or None,
    )


def _response_line(line: SalesLine) -> order_response.OrderResponseLine:
    """A line of a conditional acceptance; it says both quantity and price, so neither is in doubt."""
    told = not line.refused
    return order_response.OrderResponseLine(
        id=str(line.position),
        item=p.Item(name=line.name, sellers_id=line.seller_item_id or None),
        order_line_id=line.line_id,
        status_code=line.answer,
        note=line.answer_note or None,
        quantity=quantity_of(line.agreed_quantity, line) if told else None,
        price=price_of(line, line.agreed_price) if told else None,
    )
