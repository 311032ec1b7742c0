"""What was received and sent, as it was written: the same pages as the buyer's, of the seller's own messages."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from avrop.messaging.queries import content_of
from avrop.portal.views.common import invoice_or_404, order_or_404, to
from avrop.web.documents import pages


def order(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """The order as it came."""
    found = order_or_404(order_id)
    around = pages.Around(
        crumbs=(_("All orders"), to("orders"), found.number, to("order", order_id=order_id), _("Document")),
        pdf=to("order_document_pdf", order_id=order_id),
        original=to("order_original", order_id=order_id),
    )
    return pages.show(request, _content(found.message_id)[0], around)


def order_pdf(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """The order on paper, with the message inside."""
    raw, at = _content(order_or_404(order_id).message_id)
    return pages.paper(raw, at=at, page=to("order_document", order_id=order_id))


def order_original(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """The order's bytes exactly as they came."""
    found = order_or_404(order_id)
    return _file(_content(found.message_id)[0], found.message_id)


def invoice(request: HttpRequest, invoice_id: UUID) -> HttpResponse:
    """The invoice or credit note as it was sent."""
    found = invoice_or_404(invoice_id)
    here = to("invoice", invoice_id=invoice_id)
    around = pages.Around(
        crumbs=(_("Invoices and credit notes"), to("invoices"), found.number, here, _("Document")),
        pdf=to("invoice_document_pdf", invoice_id=invoice_id),
        original=to("invoice_original", invoice_id=invoice_id),
    )
    return pages.show(request, _content(found.message_id)[0], around)


def invoice_pdf(request: HttpRequest, invoice_id: UUID) -> HttpResponse:
    """The invoice on paper, with the message inside."""
    raw, at = _content(invoice_or_404(invoice_id).message_id)
    return pages.paper(raw, at=at, page=to("invoice_document", invoice_id=invoice_id))


def invoice_original(request: HttpRequest, invoice_id: UUID) -> HttpResponse:
    """The invoice's bytes exactly as they left."""
    found = invoice_or_404(invoice_id)
    return _file(_content(found.message_id)[0], found.message_id)


def _content(message_id: UUID) -> tuple[bytes, datetime]:
    try:
        return content_of(message_id)
    except KeyError:
        raise Http404 from None


def _file(content: bytes, message_id: UUID) -> HttpResponse:
    response = HttpResponse(content, content_type="application/octet-stream")
    response["Content-Disposition"] = f'attachment; filename="{message_id.hex}.xml"'
    response["X-Content-Type-Options"] = "nosniff"
    return response
