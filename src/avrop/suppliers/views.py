"""Suppliers, their bank accounts, and the questions that two persons answer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from avrop.kernel.finding import Refusal
from avrop.kernel.ports import OSLO, now, today
from avrop.suppliers import operations, permissions, queries, rules
from avrop.suppliers.facts import NEEDED, AccountFacts, ConfirmationFacts
from avrop.suppliers.forms import CallForm, LimitForm, RegisterForm, RejectForm, WithdrawForm
from avrop.suppliers.models import AccountConfirmation, BankAccount, SupplierRelation
from avrop.suppliers.texts import ACCOUNT_STATES, EVENTS, PROCESSES, SOURCES, STATES, TONES
from avrop.tenancy import queries as tenancy
from avrop.tenancy.doors import admit
from avrop.tenancy.results import Denied
from avrop.tenancy.scope import viewer
from avrop.tenancy.texts import role_name
from avrop.web.lists import Filter, listing
from avrop.web.refusals import act, explain, sentence
from avrop.web.spreadsheet import DAY, MOMENT, NUMBER, Column, spreadsheet


def suppliers(request: HttpRequest) -> HttpResponseBase:
    """Every supplier that the buyer deals with."""
    admit(permissions.may_see(viewer()))
    yes_no = [("True", _("Yes")), ("False", _("No"))]
    rows = listing(
        request,
        queries.all_relations(),
        search=("supplier__name", "supplier__orgnr", "supplier_no"),
        sort={
            "name": "supplier__name",
            "number": "supplier_no",
            "days": "payment_days",
            "process": ("process", "supplier__name"),
        },
        default="name",
        few=("name", "number", "days", "process"),
        filters=[
            Filter("process", _("Answers orders"), [(key, str(text)) for key, text in PROCESSES.items()]),
            Filter("blocked", _("Blocked"), yes_no),
            Filter("waits", _("Account to confirm"), yes_no),
            Filter("account", _("Has an account"), yes_no, "has_account"),
        ],
        exports=True,
    )
    if rows.export:
        return spreadsheet(rows, _COLUMNS, name=_("suppliers"), prepare=_with_accounts)
    page = {"rows": rows, "shown": _with_accounts(rows.rows), "tabs": _tabs("list")}
    return render(request, "suppliers/list.html", page)


def _with_accounts(rows: Sequence[SupplierRelation]) -> list[dict[str, Any]]:
    """Each relation with the supplier's confirmed accounts, in one statement for all of them."""
    accounts = queries.accounts_of(row.supplier_id for row in rows)
    return [
        {
            "row": row,
            "accounts": [one for one in accounts.get(row.supplier_id, []) if one.state == "confirmed"],
            "process": PROCESSES.get(row.process, row.process),
        }
        for row in rows
    ]


def _yes_no(value: bool) -> str:
    return _("Yes") if value else _("No")


_COLUMNS = (
    Column(gettext_lazy("Supplier"), "row__supplier__name", width=30),
    Column(gettext_lazy("Organisation number"), "row__supplier__orgnr"),
    Column(gettext_lazy("Number in accounting"), "row__supplier_no"),
    Column(
        gettext_lazy("Bank accounts"), lambda one: ", ".join(a.account for a in one["accounts"]), width=30
    ),
    Column(gettext_lazy("Account to confirm"), lambda one: _yes_no(one["row"].waits)),
    Column(gettext_lazy("Payment days"), "row__payment_days", NUMBER),
    Column(gettext_lazy("Answers orders"), "process", width=24),
    Column(gettext_lazy("Blocked"), lambda one: _yes_no(one["row"].blocked)),
)


def _tabs(active: str) -> list[dict[str, Any]]:
    slug = {"slug": viewer().slug}
    return [
        {
            "label": _("Suppliers"),
            "url": reverse("suppliers:list", kwargs=slug),
            "active": active == "list",
            "count": None,
        },
        {
            "label": _("Accounts to confirm"),
            "url": reverse("suppliers:questions", kwargs=slug),
            "active": active == "questions",
            "count": queries.waiting(),
        },
    ]


def supplier(request: HttpRequest, relation_id: UUID) -> HttpResponse:
    """One supplier: terms, accounts, questions and what has happened."""
    return _supplier_page(request, _relation(relation_id), RegisterForm())


def _relation(relation_id: UUID) -> SupplierRelation:
    admit(permissions.may_see(viewer()))
    try:
        return queries.relation_row(relation_id)
    except SupplierRelation.DoesNotExist:
        raise Http404 from None


def _supplier_page(request: HttpRequest, row: SupplierRelation, form: RegisterForm) -> HttpResponse:
    supplier_id = row.supplier_id
    told = queries.history(row.buyer_id, supplier_id)
    names = tenancy.person_names([one.actor for one in told])
    page = {
        "row": row,
        "process": PROCESSES.get(row.process, row.process),
        "accounts": [_shown(one) for one in queries.accounts_of([supplier_id]).get(supplier_id, [])],
        "questions": [{"one": one, "state": STATES[one.state]} for one in queries.questions_of(supplier_id)],
        "history": [
            {
                "one": one,
                "text": EVENTS.get(one.event, one.event),
                "tone": TONES.get(one.event, "neutral"),
                "who": names.get(one.actor, "") if one.actor else "",
                "account": one.payload.get("account", ""),
            }
            for one in told
        ],
        "may_keep": bool(permissions.may_keep(viewer())),
        "form": form,
    }
    return render(request, "suppliers/supplier.html", page)


def _shown(one: AccountFacts) -> dict[str, Any]:
    return {"one": one, "state": ACCOUNT_STATES[one.state], "sound": rules.sound(one.account)}


@require_POST
def register(request: HttpRequest, relation_id: UUID) -> HttpResponse:
    """An account that the supplier has told of: ask about it."""
    row = _relation(relation_id)
    form = RegisterForm(request.POST)
    if not form.is_valid():
        return _supplier_page(request, row, form)
    to = reverse("suppliers:supplier", kwargs={"slug": viewer().slug, "relation_id": row.id})
    return act(
        request,
        lambda: operations.register_account(supplier_id=row.supplier_id, **form.cleaned_data),
        done=_("The account now waits for two persons to confirm it."),
        to=to,
    )


def questions(request: HttpRequest) -> HttpResponseBase:
    """Bank accounts that somebody must confirm, and those that were answered."""
    admit(permissions.may_see(viewer()))
    rows = listing(
        request,
        queries.confirmations(),
        search=("supplier__name", "account", "invoices__number"),
        sort={"supplier": "supplier__name", "opened": "opened_at", "due": ("due", "opened_at")},
        default="due",
        few=("supplier", "opened", "due"),
        filters=[Filter("state", _("State"), [(key, str(one[0])) for key, one in STATES.items()])],
        exports=True,
    )
    if rows.export:
        return spreadsheet(rows, _QUESTION_COLUMNS, name=_("accounts to confirm"))
    page = {
        "rows": rows,
        "shown": [
            {"one": one, "state": STATES[one.state], "late": one.state == "open" and one.due < today()}
            for one in rows
        ],
        "tabs": _tabs("questions"),
        "needed": NEEDED,
    }
    return render(request, "suppliers/questions.html", page)


_QUESTION_COLUMNS = (
    Column(gettext_lazy("Account"), "account", width=20),
    Column(gettext_lazy("Supplier"), "supplier__name", width=30),
    Column(gettext_lazy("Invoices"), "named", NUMBER),
    Column(gettext_lazy("Asked"), "opened_at", MOMENT),
    Column(gettext_lazy("Deadline"), "due", DAY),
    Column(gettext_lazy("Confirmed by"), "signed", NUMBER),
    Column(gettext_lazy("State"), lambda one: STATES[one.state][0], width=20),
)


def question(request: HttpRequest, confirmation_id: UUID) -> HttpResponse:
    """One account: who asks, what was known, whether the check digits hold, who has called back."""
    asked = _asked(confirmation_id)
    moment = now().astimezone(OSLO)
    form = CallForm(initial={"called_on": moment.date(), "called_at": moment.time()})
    return _question_page(request, asked, form, RejectForm())


def _asked(confirmation_id: UUID) -> ConfirmationFacts:
    admit(permissions.may_see(viewer()))
    try:
        return queries.confirmation(confirmation_id)
    except AccountConfirmation.DoesNotExist:
        raise Http404 from None


def _question_page(
    request: HttpRequest, asked: ConfirmationFacts, form: CallForm, reject_form: RejectForm
) -> HttpResponse:
    handled = queries.who_handled(asked)
    signed = {one.person_id for one in asked.signatures}
    names = tenancy.person_names([*signed, *handled])
    answer = permissions.may_confirm(viewer(), handled=handled, signed=signed)
    sound = rules.sound(asked.account)
    is_open = asked.state == "open"
    page = {
        "asked": asked,
        "state": STATES[asked.state],
        "sound": sound,
        "iban": asked.account[:2].isalpha(),
        "signatures": [
            {
                "one": one,
                "who": names.get(one.person_id, ""),
                "role": role_name(one.role),
                "source": SOURCES.get(one.call.source, one.call.source),
            }
            for one in asked.signatures
        ],
        "handled": sorted(names[one] for one in handled if one in names),
        "missing": NEEDED - len(asked.signatures),
        "may_confirm": is_open and sound and bool(answer),
        "denied": explain(answer.reason, answer.params) if isinstance(answer, Denied) else "",
        "may_reject": is_open and bool(permissions.may_keep(viewer())),
        "is_open": is_open,
        "form": form,
        "reject_form": reject_form,
    }
    return render(request, "suppliers/question.html", page)


@require_POST
def confirm(request: HttpRequest, confirmation_id: UUID) -> HttpResponse:
    """One person's confirmation."""
    asked = _asked(confirmation_id)
    form = CallForm(request.POST)
    if not form.is_valid():
        return _question_page(request, asked, form, RejectForm())
    try:
        done = operations.confirm_account(confirmation_id=confirmation_id, call=form.call())
    except Refusal as refusal:
        messages.error(request, sentence(refusal))
    else:
        whole = _("The account is confirmed. Invoices that waited for it go on.")
        half = _("Your confirmation is kept. One more person must confirm.")
        messages.success(request, whole if done else half)
    return _to_question(confirmation_id)


@require_POST
def reject(request: HttpRequest, confirmation_id: UUID) -> HttpResponse:
    """The account is not the supplier's."""
    asked = _asked(confirmation_id)
    form = RejectForm(request.POST)
    if not form.is_valid():
        return _question_page(request, asked, CallForm(), form)
    return act(
        request,
        lambda: operations.reject_account(confirmation_id=confirmation_id, **form.cleaned_data),
        done=_("The account is stopped, and the invoice clerk is told."),
        to=_to_question(confirmation_id)["Location"],
    )


def _to_question(confirmation_id: UUID) -> HttpResponseRedirect:
    to = reverse("suppliers:question", kwargs={"slug": viewer().slug, "confirmation_id": confirmation_id})
    return HttpResponseRedirect(to)


def account(request: HttpRequest, account_id: UUID) -> HttpResponse:
    """One bank account: how it stands, and the ways to end it."""
    row = _account(account_id)
    initial = {"valid_to": row.valid_to}
    return _account_page(request, row, WithdrawForm(prefix="withdraw"), LimitForm(initial=initial))


def _account(account_id: UUID) -> BankAccount:
    admit(permissions.may_see(viewer()))
    return get_object_or_404(BankAccount.objects.select_related("supplier"), id=account_id)


def _account_page(
    request: HttpRequest, row: BankAccount, withdraw_form: WithdrawForm, limit_form: LimitForm
) -> HttpResponse:
    supplier_id = row.supplier_id
    known = queries.accounts_of([supplier_id])[supplier_id]
    relation = SupplierRelation.objects.filter(supplier_id=supplier_id).first()
    page = {
        "row": row,
        "relation": relation,
        "shown": _shown(next(one for one in known if one.id == row.id)),
        "questions": [
            {"one": one, "state": STATES[one.state]}
            for one in queries.questions_of(supplier_id)
            if one.account == row.account
        ],
        "may_keep": bool(permissions.may_keep(viewer())),
        "withdraw_form": withdraw_form,
        "limit_form": limit_form,
    }
    return render(request, "suppliers/account.html", page)


@require_POST
def withdraw(request: HttpRequest, account_id: UUID) -> HttpResponse:
    """The account is not to be paid to any more."""
    row = _account(account_id)
    form = WithdrawForm(request.POST, prefix="withdraw")
    if not form.is_valid():
        return _account_page(request, row, form, LimitForm(initial={"valid_to": row.valid_to}))
    return act(
        request,
        lambda: operations.withdraw_account(account_id=account_id, **form.cleaned_data),
        done=_("The account is withdrawn."),
        to=_to_account(account_id),
    )


@require_POST
def limit(request: HttpRequest, account_id: UUID) -> HttpResponse:
    """The account gets a last day, or loses it."""
    row = _account(account_id)
    form = LimitForm(request.POST)
    if not form.is_valid():
        return _account_page(request, row, WithdrawForm(prefix="withdraw"), form)
    return act(
        request,
        lambda: operations.limit_account(account_id=account_id, **form.cleaned_data),
        done=_("The account's last day is set."),
        to=_to_account(account_id),
    )


def _to_account(account_id: UUID) -> str:
    return reverse("suppliers:account", kwargs={"slug": viewer().slug, "account_id": account_id})
