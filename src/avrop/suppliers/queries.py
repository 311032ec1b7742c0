"""Reads of the viewer's relations to suppliers, of bank accounts and of the questions about them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q

from avrop.journal import queries as journal
from avrop.kernel.ports import today
from avrop.suppliers.facts import (
    AccountFacts,
    CallBack,
    ConfirmationFacts,
    NamingInvoice,
    Relation,
    Signature,
    accounts_stream,
)
from avrop.suppliers.models import (
    AccountConfirmation,
    BankAccount,
    ConfirmationInvoice,
    ConfirmationSignature,
    SupplierRelation,
)
from avrop.suppliers.rules import handlers, standing
from avrop.suppliers.states import OPEN
from avrop.tenancy import cache

_FIELDS = ("supplier_id", "supplier_no", "channel", "process", "payment_days", "blocked")
_ASKED = (
    *("id", "supplier_id", "supplier__name", "supplier__orgnr", "account", "state", "known"),
    *("opened_at", "due", "closed_at", "outcome"),
)


def relation(supplier_id: UUID) -> Relation | None:
    """The viewer's organisation's relation to one supplier, with the confirmed bank accounts."""
    return relations([supplier_id]).get(supplier_id)


def relations(supplier_ids: Iterable[UUID] | None = None, *, accounts: bool = True) -> dict[UUID, Relation]:
    """Relations by supplier (None: all of them), in two statements; in one without their bank accounts.

    Accounts are those that are good today. With them, number and terms are as `terms` gives them.
    """
    wanted = None if supplier_ids is None else set(supplier_ids)
    if accounts:
        known = confirmed_accounts(wanted)
        found = relations(accounts=False) if wanted is None else terms(wanted)
        return {key: replace(one, accounts=known.get(key, frozenset())) for key, one in found.items()}
    rows = SupplierRelation.objects.all()
    if wanted is not None:
        rows = rows.filter(supplier_id__in=wanted)
    return {row[0]: Relation(*row) for row in rows.values_list(*_FIELDS)} if wanted != set() else {}


def terms(supplier_ids: Iterable[UUID]) -> dict[UUID, Relation]:
    """Number, channel, process and terms by supplier, as they stood within the last seconds; no bank accounts.

    Not for a decision that must see a blocked supplier at once.
    """
    wanted = tuple(sorted(set(supplier_ids)))
    return cache.remembered(("terms", wanted), lambda: relations(wanted, accounts=False)) if wanted else {}


def confirmed_accounts(supplier_ids: Iterable[UUID] | None) -> dict[UUID, frozenset[str]]:
    """The accounts that are good today, by supplier (None: of all). One statement."""
    rows = BankAccount.objects.filter(_good())
    if supplier_ids is not None:
        wanted = set(supplier_ids)
        if not wanted:
            return {}
        rows = rows.filter(supplier_id__in=wanted)
    found: dict[UUID, set[str]] = {}
    for supplier, account in rows.values_list("supplier_id", "account"):
        found.setdefault(supplier, set()).add(account)
    return {supplier: frozenset(accounts) for supplier, accounts in found.items()}


def _good() -> Q:
    """What `rules.standing` calls confirmed, for the database."""
    lasting = Q(valid_to__isnull=True) | Q(valid_to__gt=today())
    return Q(confirmed_at__isnull=False, withdrawn_at__isnull=True, stopped_at__isnull=True) & lasting


def confirmers(supplier_id: UUID, account: str, invoice_id: UUID | None = None) -> frozenset[UUID]:
    """Who has confirmed this account; with `invoice_id` only where the question named that invoice.

    None of them may approve that invoice afterwards (Decision 5). One statement.
    """
    rows = ConfirmationSignature.objects.filter(
        confirmation__supplier_id=supplier_id, confirmation__account=account
    )
    if invoice_id is not None:
        rows = rows.filter(confirmation__invoices__invoice_id=invoice_id)
    return frozenset(rows.values_list("person_id", flat=True))


def vouched(person_id: UUID, invoice_ids: Iterable[UUID]) -> frozenset[UUID]:
    """Those of the invoices whose bank account this person has confirmed. One statement."""
    rows = ConfirmationSignature.objects.filter(
        person_id=person_id, confirmation__invoices__invoice_id__in=set(invoice_ids)
    )
    return frozenset(rows.values_list("confirmation__invoices__invoice_id", flat=True))


def vouches(person_id: UUID | None, invoice: Any) -> Exists:
    """The same as part of somebody's statement; `invoice` is an OuterRef to the invoice's id."""
    rows = ConfirmationSignature.objects.filter(
        person_id=person_id, confirmation__invoices__invoice_id=invoice
    )
    return Exists(rows)


def all_relations() -> Any:
    """Relations with their suppliers, the number of good accounts and whether one waits, for a list."""
    mine = BankAccount.objects.filter(_good(), supplier_id=OuterRef("supplier_id")).order_by()
    asked = AccountConfirmation.objects.filter(state=OPEN, supplier_id=OuterRef("supplier_id"))
    return SupplierRelation.objects.select_related("supplier").annotate(
        has_account=Exists(mine), waits=Exists(asked)
    )


def relation_row(relation_id: UUID) -> SupplierRelation:
    """A relation with its supplier. Raises SupplierRelation.DoesNotExist."""
    return SupplierRelation.objects.select_related("supplier").get(id=relation_id)


def accounts_of(supplier_ids: Iterable[UUID]) -> dict[UUID, list[AccountFacts]]:
    """Every account ever known, by supplier, the good ones first. One statement."""
    found: dict[UUID, list[AccountFacts]] = {}
    for row in BankAccount.objects.filter(supplier_id__in=set(supplier_ids)).order_by("account"):
        found.setdefault(row.supplier_id, []).append(_account(row))
    for rows in found.values():
        rows.sort(key=lambda one: one.state != "confirmed")
    return found


def _account(row: BankAccount) -> AccountFacts:
    state = standing(
        confirmed_at=row.confirmed_at,
        withdrawn_at=row.withdrawn_at,
        stopped_at=row.stopped_at,
        valid_to=row.valid_to,
        on=today(),
    )
    return AccountFacts(
        id=row.id,
        supplier_id=row.supplier_id,
        account=row.account,
        state=state,
        confirmed_at=row.confirmed_at,
        valid_to=row.valid_to,
        ended_at=row.stopped_at or row.withdrawn_at,
        reason=row.reason,
    )


def confirmations() -> Any:
    """Questions about bank accounts as a queryset for a list, with how many have signed and invoices."""
    return AccountConfirmation.objects.select_related("supplier").annotate(
        signed=Count("signatures", distinct=True), named=Count("invoices", distinct=True)
    )


def waiting() -> int:
    """How many questions are open. One statement."""
    return int(AccountConfirmation.objects.filter(state=OPEN).count())


def confirmation(confirmation_id: UUID) -> ConfirmationFacts:
    """One question with its invoices and signatures, in three statements.

    Raises AccountConfirmation.DoesNotExist.
    """
    row = AccountConfirmation.objects.values(*_ASKED).get(id=confirmation_id)
    named = ConfirmationInvoice.objects.filter(confirmation_id=confirmation_id).order_by("received_at", "id")
    signed = ConfirmationSignature.objects.filter(confirmation_id=confirmation_id).order_by("at", "id")
    return ConfirmationFacts(
        id=row["id"],
        supplier_id=row["supplier_id"],
        supplier_name=row["supplier__name"],
        supplier_orgnr=row["supplier__orgnr"],
        account=row["account"],
        state=row["state"],
        known=tuple(row["known"]),
        opened_at=row["opened_at"],
        due=row["due"],
        closed_at=row["closed_at"],
        outcome=row["outcome"],
        invoices=tuple(_named(one) for one in named),
        signatures=tuple(_signature(one) for one in signed),
    )


def _named(row: ConfirmationInvoice) -> NamingInvoice:
    return NamingInvoice(
        row.invoice_id, row.number, row.payable, row.currency, row.received_at, tuple(row.streams)
    )


def _signature(row: ConfirmationSignature) -> Signature:
    call = CallBack(row.talked_to, row.number, row.source, row.called_at, row.said)
    return Signature(row.person_id, row.role, call, row.at)


def questions_of(supplier_id: UUID) -> list[AccountConfirmation]:
    """Every question asked about a supplier's accounts, the latest first."""
    return list(confirmations().filter(supplier_id=supplier_id).order_by("-opened_at"))


def who_handled(asked: ConfirmationFacts) -> frozenset[UUID]:
    """Everybody who has had a hand on the invoices that name the account, by the journal. One statement."""
    streams = {stream for one in asked.invoices for stream in one.streams}
    if not streams:
        return frozenset()
    return handlers(journal.entries(streams), {one.invoice_id for one in asked.invoices})


def history(buyer_id: UUID, supplier_id: UUID) -> list[journal.EntryFacts]:
    """What has happened to the supplier's accounts, the latest first. One statement."""
    return journal.entries([accounts_stream(buyer_id, supplier_id)])[::-1]
