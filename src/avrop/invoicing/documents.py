"""An incoming invoice as our rows, and our answer to it as a T111 document."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from avrop.invoicing.facts import Reference
from avrop.kernel.finding import Finding
from avrop.kernel.identifiers import BadIdentifier, clean_account, clean_orgnr
from avrop.kernel.money import BASIS, MICRO, to_micro, to_minor
from avrop.tenancy.facts import Party
from avrop.ubl.build import norwegian_party, plain_party
from avrop.ubl.documents import invoice_response as t111
from avrop.ubl.documents import parts as p
from avrop.ubl.documents.invoice import Invoice, InvoiceLine, Preceding
from avrop.ubl.mapping import Identifier

_MOST = 2**63 - 1  # what a BIGINT column holds
_MOST_REFERENCES = 100  # of BT-25 in one document; a collective credit note has a dozen
TOO_LARGE = "AVROP-TOO-LARGE"
# OPStatusAction: no action, more information, a new invoice, credit note in full, in part, of an amount, other
ACTIONS = ("NOA", "PIN", "NIN", "CNF", "CNP", "CNA", "OTH")
BUYER_REASONS = ("REF", "LEG", "REC", "QUA", "DEL", "PRI", "QTY", "ITM", "PAY", "UNR", "FIN", "OTH")


@dataclass
class Reading:
    """The fields of the rows; `too_large` collects where a number does not fit and was left at zero."""

    header: dict[str, Any] = field(default_factory=dict)
    lines: list[dict[str, Any]] = field(default_factory=list)
    too_large: list[str] = field(default_factory=list)

    @property
    def findings(self) -> list[Finding]:
        """One fatal finding for each number that does not fit."""
        return [Finding(TOO_LARGE, "fatal", where, "The number is too large.") for where in self.too_large]

    def money(self, amount: Decimal | None, where: str) -> int:
        """Kroner as øre."""
        return self._fit(to_minor(amount or Decimal(0)), where)

    def micro(self, value: Decimal, where: str) -> int:
        """A quantity or unit price scaled by 10^6."""
        return self._fit(to_micro(value), where)

    def _fit(self, number: int, where: str) -> int:
        if abs(number) > _MOST:
            self.too_large.append(where)
            return 0
        return number


def read_invoice(document: Invoice) -> Reading:
    """The header's and the lines' columns. Texts are cut to the columns' length; the original keeps all."""
    reading = Reading()
    reading.header = {
        **_who(document),
        **_references(document),
        **_totals(document, reading),
        "document_charges": [_charge(one, reading) for one in document.allowance_charges],
        "vat_breakdown": _vat(document, reading),
    }
    reading.lines = [_line(one, i, reading) for i, one in enumerate(document.lines, 1)]
    return reading


def seller_orgnr(party: p.Party) -> str:
    """A party's organisation number (the seller's BT-30, else BT-34, else BT-31); else as written."""
    endpoint = party.endpoint.value if party.endpoint and party.endpoint.scheme == "0192" else ""
    written = [party.legal_id.value if party.legal_id else "", endpoint, party.vat_id or ""]
    for text in written:
        try:
            return clean_orgnr(text)
        except BadIdentifier:
            continue
    return next((text for text in written if text), "")[:40]


def clean_bank_account(text: str | None) -> str:
    """BT-84 as 11 digits or IBAN; as written (without spaces) where it is neither."""
    if not text:
        return ""
    try:
        return clean_account(text)
    except BadIdentifier:
        return "".join(text.split())[:34]


def _who(document: Invoice) -> dict[str, Any]:
    seller = document.seller
    return {
        "seller_name": (seller.legal_name or seller.name or "")[:200],
        "seller_orgnr": seller_orgnr(seller),
        "seller_endpoint": str(seller.endpoint or "")[:80],
        "payment_reference": (document.kid or "")[:100],
        "bank_account": clean_bank_account(document.account),
    }


def _references(document: Invoice) -> dict[str, Any]:
    return {
        "kind": "credit_note" if document.credit_note else "invoice",
        "number": document.id[:100],
        "issue_date": document.issue_date,
        "due_date": document.pay_by,
        "currency": document.currency[:3],
        "order_reference": (document.order_reference or "").strip()[:100],
        "buyer_reference": (document.buyer_reference or "")[:100],
        "contract_reference": (document.contract_reference or "")[:100],
        "preceding": (document.preceding[0].id if document.preceding else "").strip()[:100],
        "preceding_all": [_preceding(one) for one in document.preceding[:_MOST_REFERENCES]],
        "buyer_orgnr": seller_orgnr(document.buyer),
    }


def _preceding(one: Preceding) -> dict[str, str]:
    day = one.issue_date.isoformat() if one.issue_date else ""
    return {"number": one.id.strip()[:100], "date": day}


def reference(stored: Mapping[str, str]) -> Reference:
    """One of `preceding_all` as facts."""
    day = date.fromisoformat(stored["date"]) if stored["date"] else None
    return Reference(stored["number"], day)


def _totals(document: Invoice, reading: Reading) -> dict[str, int]:
    totals, tax = document.totals, document.tax_total
    net = totals.tax_exclusive if totals.tax_exclusive is not None else totals.line_extension
    vat = tax.amount if tax else Decimal(0)
    gross = totals.tax_inclusive if totals.tax_inclusive is not None else net + vat
    amounts = {
        "line_total": totals.line_extension,
        "allowances": totals.allowance_total,
        "charges": totals.charge_total,
        "net": net,
        "vat": vat,
        "gross": gross,
        "prepaid": totals.prepaid,
        "rounding": totals.rounding,
        "payable": totals.payable,
    }
    return {name: reading.money(amount, name) for name, amount in amounts.items()}


def _rate(percent: Decimal | None) -> int:
    basis = int((percent or Decimal(0)) * 100)
    return basis if abs(basis) <= BASIS * 100 else 0


def _charge(one: p.AllowanceCharge, reading: Reading) -> dict[str, Any]:
    tax = one.tax or p.TaxCategory()
    return {
        "charge": one.charge,
        "code": (one.reason_code or "")[:10],
        "reason": (one.reason or "")[:200],
        "amount": reading.money(one.amount, "AllowanceCharge"),
        "vat_category": (tax.id or "")[:2],
        "vat_rate": _rate(tax.percent),
    }


def _vat(document: Invoice, reading: Reading) -> list[dict[str, Any]]:
    return [
        {
            "category": (part.category.id or "")[:2],
            "rate": _rate(part.category.percent),
            "base": reading.money(part.taxable_amount, "TaxSubtotal"),
            "vat": reading.money(part.tax_amount, "TaxSubtotal"),
        }
        for part in (document.tax_total.subtotals if document.tax_total else ())
    ]


def _line(line: InvoiceLine, position: int, reading: Reading) -> dict[str, Any]:
    where = f"line {position}"
    item, tax = line.item, line.item.tax or p.TaxCategory()
    base = line.price.base_quantity.value if line.price.base_quantity else Decimal(1)
    own = [(one.charge, reading.money(one.amount, where)) for one in line.allowance_charges]
    return {
        "position": position,
        "line_id": line.id[:60],
        "order_reference": (line.order_id or "").strip()[:100],
        "order_line_reference": (line.order_line or "").strip()[:60],
        "seller_item_id": (item.sellers_id or "")[:100],
        "standard_item_id": (item.standard_id.value if item.standard_id else "")[:40],
        "name": (item.name or item.description or "")[:300],
        "quantity": reading.micro(line.quantity.value, where),
        "unit_code": (line.quantity.unit or "")[:3],
        "price": reading.micro(line.price.amount, where),
        "base_quantity": reading.micro(base, where) or MICRO,
        "net": reading.money(line.line_extension_amount, where),
        "allowances": sum(amount for charge, amount in own if not charge),
        "charges": sum(amount for charge, amount in own if charge),
        "vat_category": (tax.id or "")[:2],
        "vat_rate": _rate(tax.percent),
    }


def response_document(
    *,
    ident: UUID,
    on: date,
    buyer: Party,
    seller_endpoint: str,
    seller_name: str,
    invoice_number: str,
    invoice_date: date,
    credit_note: bool,
    code: str,
    reasons: Iterable[tuple[str, str]] = (),
    action: str = "",
) -> bytes:
    """An Invoice Response (T111): `code` is AB IP UQ CA RE AP PD, `reasons` (OPStatusReason code, text).

    CA, UQ and RE need at least one reason (PEPPOL-T111-R001). `action` is an OPStatusAction: what the seller
    should do, for example CNP, send a partial credit note.
    """
    scheme, _, value = seller_endpoint.partition(":")
    response = t111.InvoiceResponse(
        id=str(ident),
        issue_date=on,
        sender=plain_party(norwegian_party(buyer.orgnr, buyer.name)),
        receiver=p.Party(endpoint=Identifier(value, scheme), legal_name=seller_name or value),
        code=code,
        invoice_id=invoice_number,
        invoice_issue_date=invoice_date,
        invoice_type_code="381" if credit_note else "380",
        statuses=(
            *(
                t111.Status(code=reason, list_id=t111.REASON_LIST, reason=text or None)
                for reason, text in reasons
            ),
            *([t111.Status(code=action, list_id=t111.ACTION_LIST)] if action else []),
        ),
    )
    return t111.write(response)
