"""Our own checks of an invoice: structure and arithmetic, named by the rules of EN 16931 they stand in for.

They run where no official rules are installed, and always before an invoice is matched. Rounding follows the
norm: sums are exact in øre, a line may differ by 0.02 (PEPPOL-EN16931-R120, a warning on an invoice that is
not Peppol's), a VAT amount at the standard rate by less than one krone (BR-CO-17, BR-S-08).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from avrop.kernel.finding import Finding
from avrop.kernel.identifiers import BadIdentifier, clean_orgnr
from avrop.ubl.arithmetic import LINE_SLACK, VAT_SLACK, net_price, share, to_ore
from avrop.ubl.documents.invoice import CUSTOMIZATION, Invoice, InvoiceLine
from avrop.ubl.documents.parts import AllowanceCharge, Party

_ZERO = Decimal(0)
_EXACT = Decimal("0.01")


def check_invoice(invoice: Invoice) -> tuple[Finding, ...]:
    """Fatal findings, in the order of the document; empty when nothing is wrong."""
    return (
        *_parties(invoice),
        *_references(invoice),
        *_lines(invoice),
        *_sums(invoice),
        *_vat(invoice),
    )


def _fatal(rule: str, location: str, **numbers: object) -> Finding:
    return Finding(rule, "fatal", location, "", {key: str(value) for key, value in numbers.items()})


def _root(invoice: Invoice) -> str:
    return "/CreditNote" if invoice.credit_note else "/Invoice"


def _parties(invoice: Invoice) -> Iterator[Finding]:
    peppol = invoice.customization_id.startswith(CUSTOMIZATION)
    seller_at = _root(invoice) + "/cac:AccountingSupplierParty/cac:Party"
    buyer_at = _root(invoice) + "/cac:AccountingCustomerParty/cac:Party"
    yield from _party(invoice.seller, seller_at, ("BR-06", "BR-08", "BR-09"))
    yield from _party(invoice.buyer, buyer_at, ("BR-07", "BR-10", "BR-11"))
    if peppol and invoice.seller.endpoint is None:
        yield _fatal("PEPPOL-EN16931-R020", seller_at)
    if peppol and invoice.buyer.endpoint is None:
        yield _fatal("PEPPOL-EN16931-R010", buyer_at)
    if peppol and not _norwegian_vat_is_right(invoice.seller):
        yield _fatal("NO-R-001", seller_at, value=invoice.seller.vat_id)


def _party(party: Party, at: str, rules: tuple[str, str, str]) -> Iterator[Finding]:
    name_rule, address_rule, country_rule = rules
    if not party.legal_name:
        yield _fatal(name_rule, at)
    if party.address is None:
        yield _fatal(address_rule, at)
    elif not party.address.country:
        yield _fatal(country_rule, at + "/cac:PostalAddress")


def _norwegian_vat_is_right(seller: Party) -> bool:
    """NO-R-001: NO, a valid organisation number, MVA. Only a number that starts with NO is Norwegian."""
    number = seller.vat_id
    if not number or not number.upper().startswith("NO"):
        return True
    if len(number) != 14 or not number.endswith("MVA") or not number[2:11].isascii():
        return False
    try:
        return clean_orgnr(number[2:11]) == number[2:11]
    except BadIdentifier:
        return False


def _references(invoice: Invoice) -> Iterator[Finding]:
    if invoice.customization_id.startswith(CUSTOMIZATION) and not (
        invoice.buyer_reference or invoice.order_reference
    ):
        yield _fatal("PEPPOL-EN16931-R003", _root(invoice))


def _lines(invoice: Invoice) -> Iterator[Finding]:
    name = "CreditNoteLine" if invoice.credit_note else "InvoiceLine"
    if not invoice.lines:
        yield _fatal("BR-16", _root(invoice))
    seen: set[str] = set()
    for number, line in enumerate(invoice.lines, 1):
        position = f"[{number}]" if len(invoice.lines) > 1 else ""
        at = f"{_root(invoice)}/cac:{name}{position}"
        if line.id in seen:
            yield _fatal("AVROP-LINE-ID", at, id=line.id)
        seen.add(line.id)
        peppol = invoice.customization_id.startswith(CUSTOMIZATION)
        for finding in _line(line, at):
            own = finding.id.startswith("PEPPOL-") and not peppol
            yield replace(finding, severity="warning") if own else finding


def _line(line: InvoiceLine, at: str) -> Iterator[Finding]:
    if not line.item.name:
        yield _fatal("BR-25", at)
    if line.item.tax is None or not line.item.tax.id:
        yield _fatal("BR-CO-04", at)
    if line.price.amount < 0:
        yield _fatal("BR-27", at, price=line.price.amount)
    base = line.price.base_quantity
    if base is not None and base.value <= 0:
        yield _fatal("PEPPOL-EN16931-R121", at, quantity=base.value)
        return
    expected = line.quantity.value * line.price.amount / (base.value if base else 1)
    expected += _signed(line.allowance_charges)
    if abs(line.line_extension_amount - expected) > LINE_SLACK:
        yield _fatal("PEPPOL-EN16931-R120", at, expected=to_ore(expected), amount=line.line_extension_amount)
    discount = line.price.discount
    if discount is not None and discount.base_amount is not None:
        net = net_price(discount.base_amount, discount.amount)
        if net != line.price.amount:
            yield _fatal("PEPPOL-EN16931-R046", at, expected=net, amount=line.price.amount)
    for charge in line.allowance_charges:
        yield from _share(charge, at)


def _share(charge: AllowanceCharge, at: str) -> Iterator[Finding]:
    """An allowance or charge by percentage is that part of its base (R040); the base must be given (R041)."""
    if charge.percent is None:
        return
    if charge.base_amount is None:
        yield _fatal("PEPPOL-EN16931-R041", at)
        return
    expected = share(charge.base_amount, charge.percent)
    if abs(charge.amount - expected) > LINE_SLACK:
        yield _fatal("PEPPOL-EN16931-R040", at, expected=expected, amount=charge.amount)


def _signed(charges: tuple[AllowanceCharge, ...]) -> Decimal:
    return sum((c.amount if c.charge else -c.amount for c in charges), _ZERO)


def _sums(invoice: Invoice) -> Iterator[Finding]:
    """BR-CO-10 to BR-CO-16: every total follows from what is above it, exactly in øre."""
    t, at = invoice.totals, _root(invoice) + "/cac:LegalMonetaryTotal"
    allowances = -_signed(tuple(c for c in invoice.allowance_charges if not c.charge))
    charges = _signed(tuple(c for c in invoice.allowance_charges if c.charge))
    tax = invoice.tax_total.amount if invoice.tax_total else _ZERO
    exclusive = t.tax_exclusive if t.tax_exclusive is not None else _ZERO
    inclusive = t.tax_inclusive if t.tax_inclusive is not None else _ZERO
    lines = sum((line.line_extension_amount for line in invoice.lines), _ZERO)
    if t.tax_exclusive is None:
        yield _fatal("BR-13", at)
    if t.tax_inclusive is None:
        yield _fatal("BR-14", at)
    allowed, charged = t.allowance_total or _ZERO, t.charge_total or _ZERO
    equations = (
        ("BR-CO-10", lines, t.line_extension),
        ("BR-CO-11", allowances, allowed),
        ("BR-CO-12", charges, charged),
        ("BR-CO-13", t.line_extension - allowed + charged, exclusive),
        ("BR-CO-15", exclusive + tax, inclusive),
        ("BR-CO-16", inclusive - (t.prepaid or _ZERO) + (t.rounding or _ZERO), t.payable),
    )
    for rule, expected, stated in equations:
        if to_ore(expected) != to_ore(stated):
            yield _fatal(rule, at, expected=to_ore(expected), amount=stated)


def _vat(invoice: Invoice) -> Iterator[Finding]:
    """BR-CO-14, -17, -18 and the bases per category and rate (BR-S-08 and its kin)."""
    at = _root(invoice) + "/cac:TaxTotal"
    total = invoice.tax_total
    if total is None or not total.subtotals:
        yield _fatal("BR-CO-18", at)
        return
    summed = sum((s.tax_amount for s in total.subtotals), _ZERO)
    if to_ore(summed) != to_ore(total.amount):
        yield _fatal("BR-CO-14", at, expected=to_ore(summed), amount=total.amount)
    bases = _bases(invoice)
    for subtotal in total.subtotals:
        percent, category = subtotal.category.percent or _ZERO, subtotal.category.id or ""
        expected = share(subtotal.taxable_amount, percent)
        if abs(expected - subtotal.tax_amount) >= VAT_SLACK:
            yield _fatal("BR-CO-17", at, expected=expected, amount=subtotal.tax_amount)
        base = bases.pop((category, percent), _ZERO)
        slack = VAT_SLACK if category == "S" else _EXACT
        if abs(base - subtotal.taxable_amount) >= slack and category in ("S", "E", "Z"):
            yield _fatal(f"BR-{category}-08", at, expected=to_ore(base), amount=subtotal.taxable_amount)
    for category in sorted({key[0] for key, base in bases.items() if base and key[0] in ("S", "E", "Z")}):
        if all((s.category.id or "") != category for s in total.subtotals):
            yield _fatal(f"BR-{category}-01", at)


def _bases(invoice: Invoice) -> dict[tuple[str, Decimal], Decimal]:
    """Net amount per VAT category and rate of lines, charges and (negative) allowances."""
    bases: dict[tuple[str, Decimal], Decimal] = {}
    rows = [(line.item.tax, line.line_extension_amount) for line in invoice.lines]
    rows += [(c.tax, c.amount if c.charge else -c.amount) for c in invoice.allowance_charges]
    for tax, amount in rows:
        if tax is not None:
            key = (tax.id or "", tax.percent or _ZERO)
            bases[key] = bases.get(key, _ZERO) + amount
    return bases
