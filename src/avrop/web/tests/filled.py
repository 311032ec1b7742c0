"""A document of every type with every field of its table filled, each with a value that stands nowhere else."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from avrop.ubl.documents import (
    catalogue,
    catalogue_response,
    despatch_advice,
    forward_billing,
    invoice,
    invoice_response,
    message_level_response,
    message_level_status,
    order,
    order_agreement,
    order_cancellation,
    order_change,
    order_response,
    order_response_advanced,
    payment_request,
    punch_out,
    receipt_advice,
    reminder,
    reports,
    self_billing,
)
from avrop.ubl.kinds import Identifier, Quantity
from avrop.ubl.shape import Row, Shape

SHAPES: dict[str, Shape] = {
    "order": order.ORDER,
    "order_change": order_change.ORDER_CHANGE,
    "order_cancellation": order_cancellation.ORDER_CANCELLATION,
    "order_response": order_response.ORDER_RESPONSE,
    "order_response_advanced": order_response_advanced.ORDER_RESPONSE_ADVANCED,
    "order_agreement": order_agreement.ORDER_AGREEMENT,
    "catalogue": catalogue.CATALOGUE,
    "catalogue_response": catalogue_response.CATALOGUE_RESPONSE,
    "punch_out": punch_out.SHOPPING_CART,
    "despatch_advice": despatch_advice.DESPATCH_ADVICE,
    "receipt_advice": receipt_advice.RECEIPT_ADVICE,
    "invoice": invoice.INVOICE,
    "credit_note": invoice.CREDIT_NOTE,
    "self_billed_invoice": self_billing.INVOICE,
    "forward_billing": forward_billing.SHAPE,
    "reminder": reminder.SHAPE,
    "payment_request": payment_request.SHAPE,
    "invoice_response": invoice_response.INVOICE_RESPONSE,
    "message_level_response": message_level_response.MESSAGE_LEVEL_RESPONSE,
    "message_level_status": message_level_status.MESSAGE_LEVEL_STATUS,
    "end_user_statistics": reports.END_USER_STATISTICS,
    "transaction_statistics": reports.TRANSACTION_STATISTICS,
}
# Named once in the head of the document, or said by form (yes or no; a file's own list shows its name and kind).
FIXED = {"currency": "NOK", "content": "JVBERi0xLjc="}
_KEPT = ("customization_id", "profile_id")


@dataclass
class Filler:
    """Gives every field its own value, and remembers what was given: (where, how it may be said)."""

    number: Iterator[int] = field(default_factory=lambda: count(1001))
    given: list[tuple[str, str]] = field(default_factory=list)

    def document(self, shape: Shape) -> Any:
        """A whole document; what it is stays as it is."""
        made = self.part(shape, "")
        defaults = {name: getattr(shape.cls, name, None) for name in _KEPT}
        plain = {f: v for f, v in _defaults(shape).items() if f in defaults}
        return replace(made, **plain)

    def part(self, shape: Shape, where: str) -> Any:
        values = {}
        for row in shape.rows:
            if row.field in _KEPT and not where:
                continue
            one = self.value(row, f"{where}/{row.field}")
            values[row.field] = (one,) if row.many else one
        return shape.cls(**values)

    def value(self, row: Row, where: str) -> Any:
        if row.shape is not None:
            return self.part(row.shape, where)
        if row.field in FIXED:
            return FIXED[row.field]
        n = next(self.number)
        if row.kind == "boolean":
            return True
        value, said = _made(row.kind, n)
        self.given += [(where, text) for text in said]
        return value


def _defaults(shape: Shape) -> dict[str, Any]:
    fields = shape.cls.__dataclass_fields__
    return {name: fields[name].default for name in _KEPT if name in fields}


def _made(kind: str, n: int) -> tuple[Any, tuple[str, ...]]:
    """(the value of a kind, how a page says it)."""
    if kind == "date":
        day = date(2001, 1, 1) + timedelta(days=n)
        return day, (f"{day:%d.%m.%Y}",)
    if kind in ("decimal", "amount", "price"):
        return Decimal(f"{n}.75"), (f"{n},75",)
    if kind == "quantity":
        return Quantity(Decimal(f"{n}.5"), f"unit{n}"), (f"{n},5", f"unit{n}")
    if kind == "identifier":
        return Identifier(f"id{n}", f"scheme{n}"), (f"id{n}", f"scheme{n}")
    if kind == "count":
        return n, (str(n),)
    return ("NOK", ("NOK",)) if kind == "currency" else (f"text{n}", (f"text{n}",))
