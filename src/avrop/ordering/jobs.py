"""Steps outside any transaction."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from avrop.kernel.finding import Refusal
from avrop.ordering.facts import OrderFacts, OrderLineFacts
from avrop.ordering.queries import order as order_facts
from avrop.requisition.texts import measure
from avrop.tenancy import queries as tenancy
from avrop.tenancy.facts import Party
from avrop.web.format import day, money, money_kr, orgnr, percent, quantity, unit_price
from avrop.web.typst import render_pdf

TEMPLATE = "ordering/typst/order.typ"


def order_pdf(order_id: UUID) -> bytes:
    """The order as PDF/UA-1 in the reader's language, as it stands now. Raises Refusal ORDER_UNKNOWN."""
    order = order_facts(order_id)
    if order is None:
        raise Refusal("ORDER_UNKNOWN")
    parties = tenancy.parties({order.buyer_id, order.supplier_id})
    data = pdf_data(order, parties[order.buyer_id], parties[order.supplier_id])
    return render_pdf(TEMPLATE, data, at=order.issued_at.replace(microsecond=0))


def pdf_data(order: OrderFacts, buyer: Party, seller: Party) -> dict[str, Any]:
    """Everything the template writes, as text."""
    place = order.delivery
    return {
        "language": (get_language() or "nn")[:2],
        "title": _("Order %(number)s") % {"number": order.number},
        "buyer": buyer.name,
        "footer": _("State the order number %(number)s on the invoice.") % {"number": order.number},
        "facts": [
            [_("Order number"), order.number],
            [_("Date"), day(order.issued_at)],
            [_("Buyer"), f"{buyer.name} ({orgnr(buyer.orgnr)})"],
            [_("Supplier"), f"{seller.name} ({orgnr(seller.orgnr)})"],
            [_("Agreement"), order.agreement_ref],
            [_("For"), order.unit_name],
            [
                _("Delivery address"),
                f"{place['name']}, {place['street']}, {place['postal_zone']} {place['city']}",
            ],
            [_("Marking"), order.marking],
        ],
        "header": [_("Line"), _("Item"), _("Quantity"), _("Price"), _("VAT"), _("Sum")],
        "lines": [_line(line) for line in order.lines if not line.cancelled],
        "totals": [[_("Without VAT"), money(order.net)], [_("VAT"), money(order.vat)]],
        "total": [_("Total with VAT"), money_kr(order.gross)],
    }


def _line(line: OrderLineFacts) -> list[str]:
    price = unit_price(line.price)
    if line.frame is not None and line.net == line.frame:
        price = _("up to %(price)s") % {"price": price}
    name = f"{line.name} ({line.seller_item_id})" if line.seller_item_id else line.name
    amount = f"{quantity(line.quantity)} {measure(line.unit_code, line.quantity)}"
    return [str(line.line_no), name, amount, price, percent(line.vat_rate), money(line.net)]
