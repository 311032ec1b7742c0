"""Credit notes: the clerk's in the portal, and those of the supplier's own system, right and wrong."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from avrop.invoicing.models import Invoice, InvoiceLine
from avrop.kernel.money import MICRO, from_micro
from avrop.portal import operations as portal
from avrop.portal.facts import Credit
from avrop.portal.models import SalesInvoice
from tests.stories.purchase import Line, invoice_xml
from tests.stories.walk.base import Base, count, which
from tests.stories.walk.seller import account_of

WHAT = ("whole", "whole", "goods", "goods", "price", "price", "more", "stray")
NAMED = ("it", "it", "it", "nothing", "another", "two")


def _line(row: InvoiceLine, what: str, n: int) -> Line:
    """A credited line of this line: all of it, n of it, n kroner off it, or more than it."""
    quantity, price = Decimal(row.quantity) / MICRO, from_micro(row.price)
    if what == "goods":
        quantity = min(Decimal(n), quantity)
    elif what == "price":
        quantity, price = Decimal(1), Decimal(n)
    elif what == "more":
        quantity += n
    return Line(
        format(quantity, "f"),
        format(price, "f"),
        "99-9999" if what == "stray" else row.seller_item_id,
        name="Prisavslag" if what in ("price", "stray") else row.name,
        order_line=row.order_line_reference or None if what != "stray" else None,
        rate=str(row.vat_rate // 100),
    )


class Credits(Base):
    """Money and goods the other way."""

    @rule(
        index=which,
        what=st.sampled_from(("all", "all", "goods", "goods", "price")),
        line=st.integers(1, 3),
        n=count,
    )
    def credit(self, index: int, what: str, line: int, n: int) -> None:
        """The clerk credits an invoice in the portal: all that is left, n of a line, or n kroner off it."""
        sold = SalesInvoice._base_manager.filter(kind="invoice").select_related("seller")
        invoice = self.pick(sold.order_by("-created_at", "id"), index)
        if invoice:
            part = Credit(quantity=n * MICRO) if what == "goods" else Credit(amount=n * 100)
            self.attempt(
                self.clerk(invoice.seller.slug), portal.credit_invoice, invoice.seller.slug,
                sales_invoice_id=invoice.id, lines=None if what == "all" else {line: part}, reason="Avtalt",
            )  # fmt: skip

    @rule(index=which, what=st.sampled_from(WHAT), named=st.sampled_from(NAMED), at=which, n=count)
    def own_credit(self, index: int, what: str, named: str, at: int, n: int) -> None:
        """The supplier's own system credits an invoice that has come, or something like it."""
        bills = Invoice._base_manager.filter(kind="invoice", supplier__isnull=False).select_related(
            "supplier"
        )
        bills = bills.order_by("-received_at", "id")
        invoice = self.pick(bills, index)
        if invoice is None:
            return
        rows = list(InvoiceLine._base_manager.filter(invoice_id=invoice.id).order_by("position"))
        chosen = rows if what == "whole" else [rows[at % len(rows)]]
        raw = invoice_xml(
            invoice.supplier,
            self.world.bremnes,
            [_line(row, what, n) for row in chosen],
            number=f"K{len(self.bills)}",
            order=invoice.order_reference or None,
            account=account_of(invoice.supplier.slug),
            credit_note=True,
            preceding=self._named(invoice, named, bills),
            issued=self.clock.at.date(),
        )
        self.bills.append(raw)
        self.receive_bytes(raw)

    def _named(self, invoice: Invoice, named: str, bills: Any) -> list[tuple[str, Any]]:
        other = self.pick(bills, 1)
        chosen = {"it": [invoice], "nothing": [], "another": [other], "two": [invoice, other]}[named]
        return [(one.number, one.issue_date) for one in chosen]

    @precondition(lambda self: self.bills)
    @rule(index=which, how=st.sampled_from(("-", "0", " ", "same")))
    def disguise(self, index: int, how: str) -> None:
        """A bill comes once more under a number that looks otherwise, or as another bill with its number."""
        raw = self.bills[index % len(self.bills)]
        start = raw.index(b"<cbc:ID>") + len(b"<cbc:ID>")
        end = raw.index(b"<", start)
        number = raw[start:end].decode()
        other = {"-": f"{number[0]}-{number[1:]}", "0": f"{number[0]}0{number[1:]}", " ": number.lower()}
        new = raw[:start] + other.get(how, number).encode() + raw[end:]
        self.receive_bytes(new.replace(b"Vare", b"Varer") if how == "same" else new)
