"""Approved invoices written straight to the tables, so that a test of the books needs no whole purchase."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from avrop.accounting import operations
from avrop.accounting.events import PostingMended
from avrop.accounting.models import Posting
from avrop.coding.facts import COMPENSATED, Coding, budget_key
from avrop.commitments import within as commitments
from avrop.commitments.facts import Move
from avrop.invoicing.models import Invoice
from avrop.journal.operation import operation
from avrop.journal.within import record
from avrop.kernel.ports import new_id, now, today
from avrop.matching.facts import Allocation
from avrop.matching.models import Match
from avrop.matching.rows import allocation_out
from avrop.tenancy.scope import as_system, viewing
from tests.world import World

SCHOOL = Coding("11000", "210", "20200", "", COMPENSATED)
NURSERY = Coding("11200", "220", "20100", "", COMPENSATED)
ACCOUNT = "86011117947"


def approved(
    world: World,
    number: str,
    net: int,
    *,
    coding: Coding = SCHOOL,
    credits: Sequence[UUID] = (),
    account: str = ACCOUNT,
    kind: str = "",
) -> UUID:
    """An invoice of `net` øre and 25 % VAT by the office supplier (a credit note where `credits` are given),
    approved and invoiced in the budget; its id. `net` is as the document writes it: positive.
    """
    invoice = document(world, number, net, credits=credits, account=account, kind=kind)
    sign = -1 if invoice.kind == "credit_note" else 1
    key = budget_key(coding, today().year)
    part = Allocation(coding, "S", 2500, sign * net, sign * invoice.vat, key, number)
    Match._base_manager.create(
        buyer=world.bremnes,
        invoice=invoice,
        stream=invoice.stream,
        state="approved",
        allocation=allocation_out([part]),
        approved_at=now(),
        matched_at=now(),
    )
    with as_system(world.bremnes.id):
        _bind(buyer_id=world.bremnes.id, move=Move(key=key, invoiced=part.cost))
    return invoice.id


def document(world: World, number: str, net: int, **more: Any) -> Invoice:
    """The invoice alone, as it stands when it has been taken in."""
    credits = more.pop("credits", ())
    kind = more.pop("kind", "") or ("credit_note" if credits else "invoice")
    vat = net // 4
    ident = new_id()
    return Invoice._base_manager.create(
        id=ident,
        buyer=world.bremnes,
        message_id=new_id(),
        sha256=ident.hex * 2,
        stream=f"purchase:{ident.hex}",
        kind=kind,
        number=number,
        issue_date=today(),
        due_date=today() + timedelta(days=30),
        currency="NOK",
        supplier=world.kontor,
        seller_name=world.kontor.name,
        seller_orgnr=world.kontor.orgnr,
        payment_reference="1234567897",
        bank_account=more.pop("account", ACCOUNT),
        line_total=net,
        net=net,
        vat=vat,
        gross=net + vat,
        payable=net + vat,
        credits=[one.hex for one in credits],
        state="valid",
        received_at=now(),
        **more,
    )


@operation
def _bind(*, buyer_id: UUID, move: Move) -> None:
    _, movements = commitments.move(buyer_id=buyer_id, source="test", moves=[move])
    event = PostingMended(new_id(), new_id())
    record(event, tenant=buyer_id, stream=f"test:{new_id().hex}", changed=movements)


def proposed(world: World, number: str, net: int, **more: Any) -> Posting:
    """An approved invoice with its posting, ready."""
    ident = approved(world, number, net, **more)
    with as_system(world.bremnes.id):
        operations.propose_posting(invoice_id=ident)
        return Posting.objects.get(invoice_id=ident)


def release(world: World, *postings: Posting) -> UUID:
    """The accountant releases these, or everything that can go."""
    with viewing(world.viewer("rekna")):
        ids = [one.id for one in postings] if postings else None
        return operations.release_batch(posting_ids=ids)


def fresh(posting: Posting) -> Posting:
    """The posting as it stands now."""
    return Posting._base_manager.get(id=posting.id)
