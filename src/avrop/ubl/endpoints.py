"""Who sent a bare document and who it is for, read from the document itself (no envelope around it)."""

from __future__ import annotations

from lxml import etree

from avrop.ubl.location import CAC, CBC

# document type -> (sender's party, receiver's party); sources: the Peppol BIS of each transaction.
_SELLER_BUYER = ("SellerSupplierParty/Party", "BuyerCustomerParty/Party")
_INVOICE = ("AccountingSupplierParty/Party", "AccountingCustomerParty/Party")
_PARTIES = {
    "order": (_SELLER_BUYER[1], _SELLER_BUYER[0]),
    "order_change": (_SELLER_BUYER[1], _SELLER_BUYER[0]),
    "order_cancellation": (_SELLER_BUYER[1], _SELLER_BUYER[0]),
    "order_response": _SELLER_BUYER,
    "order_response_advanced": _SELLER_BUYER,
    "order_agreement": _SELLER_BUYER,
    "invoice": _INVOICE,
    "credit_note": _INVOICE,
    # The same roots under other names: reminders and the like go the invoice's way, self-billing the other way.
    "legacy_invoice": _INVOICE,
    "legacy_credit_note": _INVOICE,
    "forward_billing": _INVOICE,
    "reminder": _INVOICE,
    "payment_request": _INVOICE,
    "self_billed_invoice": _INVOICE[::-1],
    "self_billed_credit_note": _INVOICE[::-1],
    "despatch_advice": ("DespatchSupplierParty/Party", "DeliveryCustomerParty/Party"),
}
_DEFAULT = ("SenderParty", "ReceiverParty")
_CATALOGUE = ("ProviderParty", "ReceiverParty")


def endpoints(root: etree._Element, document_type: str | None) -> tuple[str, str]:
    """(sender, receiver) as `scheme:value`, empty where the document does not say."""
    found = [
        (_endpoint(root, sender), _endpoint(root, receiver)) for sender, receiver in _pairs(document_type)
    ]
    return next((pair for pair in found if any(pair)), ("", ""))


def sender_name(root: etree._Element, document_type: str | None) -> str:
    """The sender's name as the document gives it (registered, else trading), at most 200 characters."""
    for sender, _receiver in _pairs(document_type):
        for name in ("PartyLegalEntity/RegistrationName", "PartyName/Name"):
            above, _slash, last = f"{sender}/{name}".rpartition("/")
            found = root.find("/".join(f"{{{CAC}}}{step}" for step in above.split("/")) + f"/{{{CBC}}}{last}")
            text = " ".join((found.text or "").split()) if found is not None else ""
            if text:
                return text[:200]
    return ""


def _pairs(document_type: str | None) -> list[tuple[str, str]]:
    if document_type is None:  # a kind we do not know may still name its parties in one of the known ways
        return [_INVOICE, _SELLER_BUYER, _DEFAULT, _CATALOGUE]
    return [_PARTIES.get(document_type, _CATALOGUE if document_type == "catalogue" else _DEFAULT)]


def _endpoint(root: etree._Element, path: str) -> str:
    steps = "/".join(f"{{{CAC}}}{step}" for step in path.split("/"))
    found = root.find(f"{steps}/{{{CBC}}}EndpointID")
    if found is None:
        return ""
    text = "".join(str(part) for part in found.itertext()).strip()
    scheme = found.get("schemeID") or ""
    return f"{scheme}:{text}" if scheme and text else ""


_ANSWERED = f"{{{CAC}}}DocumentResponse/{{{CAC}}}DocumentReference/{{{CBC}}}ID"


def document_number(root: etree._Element, document_type: str | None = None) -> str:
    """The document's own ID (BT-1 and its kind), at most 100 characters, empty where there is none.

    Of an invoice response the number of the invoice that it answers: its own says nothing to anybody.
    """
    answered = root.findtext(_ANSWERED) if document_type == "invoice_response" else None
    return (answered or root.findtext(f"{{{CBC}}}ID") or "").strip()[:100]
