"""Writes on bank accounts. Two persons make one good; any one of them may make one worse. Nothing is deleted."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from avrop.journal.models import Case
from avrop.journal.operation import operation, work
from avrop.journal.within import lock_stream, open_case, record
from avrop.kernel.finding import Refusal
from avrop.kernel.identifiers import BadIdentifier, clean_account
from avrop.kernel.ports import OSLO
from avrop.kernel.workdays import add_workdays
from avrop.suppliers import permissions, queries, rules
from avrop.suppliers.events import (
    AccountConfirmed,
    AccountExpirySet,
    AccountRejected,
    AccountSigned,
    AccountWithdrawn,
    ConfirmationOpened,
    StoppedAccountNamed,
)
from avrop.suppliers.facts import DAYS, NEEDED, CallBack, ConfirmationFacts, NamingInvoice, accounts_stream
from avrop.suppliers.models import (
    AccountConfirmation,
    BankAccount,
    ConfirmationInvoice,
    ConfirmationSignature,
    SupplierRelation,
)
from avrop.suppliers.states import CONFIRMED, OPEN, REJECTED
from avrop.tenancy.facts import INVOICE_CLERK, VENDOR_MASTER
from avrop.tenancy.results import demand
from avrop.tenancy.scope import viewer


@operation
def ask_about_account(*, supplier_id: UUID, account: str, invoice: NamingInvoice) -> None:
    """An invoice names an account that is not known as the supplier's: open the question, or add the invoice to it.

    Known by now, or asked by this invoice before: nothing. An account that was stopped as fraud is not asked
    about again; the keeper gets a case.
    """
    buyer_id = _buyer()
    lock_stream(accounts_stream(buyer_id, supplier_id))
    row = BankAccount.objects.filter(supplier_id=supplier_id, account=account).first()
    if account in queries.confirmed_accounts([supplier_id]).get(supplier_id, ()):
        return
    if row is not None and row.stopped_at is not None:
        _alarm(buyer_id, row, invoice)
        return
    asked = AccountConfirmation.objects.filter(supplier_id=supplier_id, account=account, state=OPEN).first()
    asked = asked or _open(buyer_id, supplier_id, account)
    named, fresh = ConfirmationInvoice.objects.get_or_create(
        confirmation=asked,
        invoice_id=invoice.invoice_id,
        defaults={
            "buyer_id": buyer_id,
            "number": invoice.number,
            "payable": invoice.payable,
            "currency": invoice.currency,
            "received_at": invoice.received_at,
            "streams": sorted(set(invoice.streams)),
        },
    )
    if fresh:
        _record(asked, ConfirmationOpened(asked.id, supplier_id, account), [asked, named])


def _alarm(buyer_id: UUID, row: BankAccount, invoice: NamingInvoice) -> None:
    subject = f"invoicing.Invoice:{invoice.invoice_id.hex}"
    if Case.objects.filter(subject=subject, kind="account_stopped").exists():
        return
    case = open_case(
        tenant=buyer_id,
        kind="account_stopped",
        subject=subject,
        reason="STOPPED_ACCOUNT_AGAIN",
        params={"number": invoice.number, "account": row.account},
        owner_role=VENDOR_MASTER,
        workdays=1,
    )
    event = StoppedAccountNamed(row.supplier_id, row.account, invoice.invoice_id)
    stream = accounts_stream(buyer_id, row.supplier_id)
    record(event, tenant=buyer_id, stream=stream, subject=row, changed=[case])


@operation
def register_account(*, supplier_id: UUID, account: str, reason: str) -> UUID:
    """The supplier has told of an account before any invoice names it: open the question. Returns its id.

    Raises Refusal: ACCOUNT_KEEPERS_ONLY, REASON_NEEDED, ACCOUNT_CHECK_DIGIT, ACCOUNT_KNOWN, ACCOUNT_ASKED;
    SupplierRelation.DoesNotExist.
    """
    demand(permissions.may_keep(viewer()))
    buyer_id = _buyer()
    SupplierRelation.objects.get(supplier_id=supplier_id)
    if not reason.strip():
        raise Refusal("REASON_NEEDED")
    try:
        account = clean_account(account)
    except BadIdentifier:
        raise Refusal("ACCOUNT_CHECK_DIGIT", account=account[:40]) from None
    lock_stream(accounts_stream(buyer_id, supplier_id))
    if account in queries.confirmed_accounts([supplier_id]).get(supplier_id, ()):
        raise Refusal("ACCOUNT_KNOWN", account=account)
    if AccountConfirmation.objects.filter(supplier_id=supplier_id, account=account, state=OPEN).exists():
        raise Refusal("ACCOUNT_ASKED", account=account)
    asked = _open(buyer_id, supplier_id, account)
    _record(asked, ConfirmationOpened(asked.id, supplier_id, account), [asked], reason)
    return UUID(str(asked.id))


def _open(buyer_id: UUID, supplier_id: UUID, account: str) -> AccountConfirmation:
    known = sorted(queries.confirmed_accounts([supplier_id]).get(supplier_id, ()))
    at = work().at
    return AccountConfirmation.objects.create(
        buyer_id=buyer_id,
        supplier_id=supplier_id,
        account=account,
        known=known,
        opened_at=at,
        opened_by=viewer().person_id,
        due=add_workdays(at.astimezone(OSLO).date(), DAYS),
    )


@operation
def confirm_account(*, confirmation_id: UUID, call: CallBack) -> bool:
    """One person's confirmation with the record of the call back. True when it was the second: the account is
    known from now on, and what was stopped for it goes on.

    Raises Refusal: ACCOUNT_KEEPERS_ONLY, ACCOUNT_SIGNED_BEFORE, ACCOUNT_HANDLED_INVOICE, CONFIRMATION_CLOSED,
    ACCOUNT_CHECK_DIGIT, CALL_INCOMPLETE, CALL_SOURCE, CALL_IN_FUTURE; AccountConfirmation.DoesNotExist.
    """
    row, asked = _locked(confirmation_id)
    signed = {one.person_id for one in asked.signatures}
    demand(permissions.may_confirm(viewer(), handled=queries.who_handled(asked), signed=signed))
    if not rules.sound(row.account):
        raise Refusal("ACCOUNT_CHECK_DIGIT", account=row.account)
    rules.demand_call(call, work().at)
    signature = _sign(row, call)
    if len(signed) + 1 < NEEDED:
        _record(row, AccountSigned(row.id, row.supplier_id, row.account), [row, signature], call.said)
        return False
    _close(row, CONFIRMED, call.said)
    account = _account(row)
    account.confirmed_at, account.reason = work().at, ""
    account.withdrawn_at = account.stopped_at = account.valid_to = None
    account.save()
    event = AccountConfirmed(row.supplier_id, row.account)
    _record(row, event, [row, signature, account], call.said)
    return True


def _sign(row: AccountConfirmation, call: CallBack) -> ConfirmationSignature:
    return ConfirmationSignature.objects.create(
        buyer_id=row.buyer_id,
        confirmation=row,
        person_id=viewer().person_id,
        role=permissions.role_of(viewer()),
        talked_to=call.talked_to.strip(),
        number=call.number.strip(),
        source=call.source,
        called_at=call.called_at,
        said=call.said.strip(),
        at=work().at,
    )


@operation
def reject_account(*, confirmation_id: UUID, reason: str) -> None:
    """The account is not the supplier's: it is stopped, and each invoice that names it is a case for its owner.

    One person is enough. Raises Refusal: ACCOUNT_KEEPERS_ONLY, CONFIRMATION_CLOSED, REASON_NEEDED;
    AccountConfirmation.DoesNotExist.
    """
    demand(permissions.may_keep(viewer()))
    row, asked = _locked(confirmation_id)
    if not reason.strip():
        raise Refusal("REASON_NEEDED")
    _close(row, REJECTED, reason)
    account = _account(row)
    account.stopped_at, account.reason = work().at, reason.strip()[:500]
    account.save()
    cases = [
        open_case(
            tenant=row.buyer_id,
            kind="account_stopped",
            subject=f"invoicing.Invoice:{one.invoice_id.hex}",
            reason="ACCOUNT_REJECTED",
            params={"number": one.number, "account": row.account, "supplier": asked.supplier_name},
            owner_role=INVOICE_CLERK,
            workdays=1,
        )
        for one in asked.invoices
    ]
    _record(row, AccountRejected(row.supplier_id, row.account), [row, account, *cases], reason)


@operation
def withdraw_account(*, account_id: UUID, reason: str) -> None:
    """A known account is not to be paid to any more. Raises Refusal: ACCOUNT_KEEPERS_ONLY, ACCOUNT_NOT_GOOD,
    REASON_NEEDED; BankAccount.DoesNotExist.
    """
    account = _good_account(account_id, reason)
    account.withdrawn_at, account.reason = work().at, reason.strip()[:500]
    account.save()
    _record(account, AccountWithdrawn(account.supplier_id, account.account), [account], reason)


@operation
def limit_account(*, account_id: UUID, valid_to: date | None, reason: str) -> None:
    """A known account gets the first day on which it is not good any more, or none (None).

    Raises Refusal: ACCOUNT_KEEPERS_ONLY, ACCOUNT_NOT_GOOD (also where it has run out: that takes two persons),
    REASON_NEEDED; BankAccount.DoesNotExist.
    """
    account = _good_account(account_id, reason)
    account.valid_to = valid_to
    account.save(update_fields=["valid_to"])
    _record(account, AccountExpirySet(account.supplier_id, account.account), [account], reason)


def _good_account(account_id: UUID, reason: str) -> BankAccount:
    demand(permissions.may_keep(viewer()))
    seen = BankAccount.objects.get(id=account_id)
    lock_stream(accounts_stream(seen.buyer_id, seen.supplier_id))
    row = BankAccount.objects.select_for_update().get(id=account_id)
    if row.account not in queries.confirmed_accounts([row.supplier_id]).get(row.supplier_id, ()):
        raise Refusal("ACCOUNT_NOT_GOOD", account=row.account)
    if not reason.strip():
        raise Refusal("REASON_NEEDED")
    return row


def _locked(confirmation_id: UUID) -> tuple[AccountConfirmation, ConfirmationFacts]:
    seen = AccountConfirmation.objects.get(id=confirmation_id)
    lock_stream(accounts_stream(seen.buyer_id, seen.supplier_id))
    row = AccountConfirmation.objects.select_for_update().get(id=confirmation_id)
    if row.state != OPEN:
        raise Refusal("CONFIRMATION_CLOSED", account=row.account)
    return row, queries.confirmation(confirmation_id)


def _account(row: AccountConfirmation) -> BankAccount:
    key = {"supplier_id": row.supplier_id, "account": row.account}
    found = BankAccount.objects.filter(**key).first()
    return found or BankAccount(buyer_id=row.buyer_id, **key)


def _close(row: AccountConfirmation, state: str, outcome: str) -> None:
    row.state, row.outcome = state, outcome.strip()[:500]
    row.closed_at, row.closed_by = work().at, viewer().person_id
    row.save(update_fields=["state", "outcome", "closed_at", "closed_by"])


def _record(subject: Any, event: object, changed: Sequence[Any], reason: str = "") -> None:
    stream = accounts_stream(subject.buyer_id, subject.supplier_id)
    record(
        event,
        tenant=subject.buyer_id,
        stream=stream,
        subject=subject,
        changed=changed,
        reason=reason.strip(),
    )


def _buyer() -> UUID:
    buyer_id = viewer().organisation_id
    assert buyer_id is not None
    return buyer_id
