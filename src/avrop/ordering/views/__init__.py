"""Pages of orders: the orders themselves, and what the buyer changes of them."""

from avrop.ordering.views.changing import answer, approve, cancel, change, close, send_again, withdraw
from avrop.ordering.views.orders import decide, document, document_pdf, orders, pdf, purchase, show, xml

__all__ = [
    "answer",
    "approve",
    "cancel",
    "change",
    "close",
    "decide",
    "document",
    "document_pdf",
    "orders",
    "pdf",
    "purchase",
    "send_again",
    "show",
    "withdraw",
    "xml",
]
