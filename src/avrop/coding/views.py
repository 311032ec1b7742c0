"""Chart of accounts and budget, read only."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from avrop.coding import queries
from avrop.coding.budget import by_responsibility, cost_lines
from avrop.coding.permissions import may_see_budget
from avrop.coding.texts import DIMENSION_NAMES, MODES, WARNINGS
from avrop.commitments.queries import responsibility_balances, year_balances, years
from avrop.kernel.ports import today
from avrop.tenancy.doors import admit
from avrop.tenancy.scope import Viewer, viewer
from avrop.web.lists import Filter, listing
from avrop.web.spreadsheet import MONEY, NUMBER, Column, spreadsheet


def _allowed() -> Viewer:
    admit(may_see_budget(viewer()))
    return viewer()


def _tabs(who: Viewer, here: str) -> list[dict[str, Any]]:
    names = (
        ("coding:budget", _("Budget")),
        ("coding:chart", _("Chart of accounts")),
        (
            "ordering:uncoded",
            _("Orders without coding"),
        ),  # its place is here, though orders are a later room's
    )
    return [
        {"label": label, "url": reverse(name, kwargs={"slug": who.slug}), "active": name == f"coding:{here}"}
        for name, label in names
    ]


@require_GET
def budget(request: HttpRequest) -> HttpResponseBase:
    """Left of the budget by responsibility. Only our own orders are counted until actuals are imported."""
    who = _allowed()
    known = years()
    first, year = _year("", known), _year(request.GET.get("year", ""), known)
    everything = request.GET.get("costs") == "all"
    sums = by_responsibility(cost_lines(year_balances(year), purchases=not everything))
    names = queries.code_names(("responsibility", one.responsibility) for one in sums)
    rows = listing(
        request,
        [
            {
                "code": one.responsibility,
                "name": names.get(("responsibility", one.responsibility), ""),
                "lines": one.lines,
                "limit": one.limit,
                "bound": one.bound,
                "left": one.left,
            }
            for one in sums
        ],
        search=("code", "name"),
        sort={
            "code": "code",
            "limit": ("limit", "code"),
            "bound": ("bound", "code"),
            "left": ("left", "code"),
        },
        default="code",
        filters=[
            Filter("year", _("Year"), [(str(y), str(y)) for y in known if y != first], _all, str(first)),
            _costs(),
        ],
        exports=True,
    )
    if rows.export:
        return spreadsheet(rows, _BUDGET, name=f"{_('budget')} {year}")
    context = {
        "tabs": _tabs(who, "budget"),
        "rows": rows,
        "year": year,
        "years": known,
        "everything": everything,
        "limit": sum(one.limit for one in sums),
        "bound": sum(one.bound for one in sums),
        "left": sum(one.left for one in sums),
        "mode": MODES[queries.policy().mode],
    }
    return render(request, "coding/budget.html", context)


_BUDGET = (
    Column(gettext_lazy("Responsibility"), "code"),
    Column(gettext_lazy("Name"), "name", width=30),
    Column(gettext_lazy("Lines"), "lines", NUMBER, 8),
    Column(gettext_lazy("Budget"), "limit", MONEY),
    Column(gettext_lazy("Bound"), "bound", MONEY),
    Column(gettext_lazy("Left"), "left", MONEY),
)


def _all(rows: Any, _value: str) -> Any:
    """What is chosen decides which rows are made; all of them are shown."""
    return rows


def _costs() -> Filter:
    return Filter("costs", _("Costs"), [("all", _("All costs"))], _all, _("Goods and services"))


def _year(asked: str, known: list[int]) -> int:
    chosen = int(asked) if asked.isascii() and asked.isdigit() and len(asked) == 4 else today().year
    return chosen if chosen in known or not known else known[0]


@require_GET
def responsibility(request: HttpRequest, year: int, responsibility: str) -> HttpResponseBase:
    """The budget lines of one responsibility, bucket by bucket."""
    who = _allowed()
    found = responsibility_balances(year, responsibility)
    if not found:
        raise Http404
    everything = request.GET.get("costs") == "all"
    lines = cost_lines(found, purchases=not everything)
    codes = {("responsibility", responsibility)}
    for key, _balance in lines:
        codes |= {("account", key.account), ("function", key.function)}
    names = queries.code_names(codes)
    rows = listing(
        request,
        [
            {
                "key": key,
                "account": key.account,
                "account_name": names.get(("account", key.account), ""),
                "function_name": names.get(("function", key.function), ""),
                "balance": one,
                "limit": one.limit,
                "left": one.left,
            }
            for key, one in lines
        ],
        search=("account", "account_name", "function_name"),
        sort={
            "account": _KEY,
            "function": ("key__function", *_KEY),
            "limit": ("limit", *_KEY),
            "left": ("left", *_KEY),
        },
        default="account",
        filters=[_costs()],
        exports=True,
    )
    if rows.export:
        return spreadsheet(rows, _LINES, name=f"{_('budget')} {year} {responsibility}")
    context = {
        "tabs": _tabs(who, "budget"),
        "rows": rows,
        "year": year,
        "everything": everything,
        "code": responsibility,
        "name": names.get(("responsibility", responsibility), responsibility),
    }
    return render(request, "coding/responsibility.html", context)


_KEY = ("account", "key__function", "key__project")
_LINES = (
    Column(gettext_lazy("Account"), "account"),
    Column(gettext_lazy("Name"), "account_name", width=30),
    Column(gettext_lazy("Function"), "key__function"),
    Column(gettext_lazy("Name of the function"), "function_name", width=30),
    Column(gettext_lazy("Project"), "key__project"),
    Column(gettext_lazy("Budget"), lambda one: one["limit"] if one["balance"].limit_known else None, MONEY),
    Column(gettext_lazy("Asked for"), "balance__reserved", MONEY),
    Column(gettext_lazy("Ordered"), "balance__committed", MONEY),
    Column(gettext_lazy("Received"), "balance__accrued", MONEY),
    Column(gettext_lazy("Invoiced"), "balance__invoiced", MONEY),
    Column(gettext_lazy("Posted"), "balance__posted", MONEY),
    Column(gettext_lazy("Left"), "left", MONEY),
)


@require_GET
def chart(request: HttpRequest) -> HttpResponseBase:
    """The codes of every dimension, with what is wrong with them."""
    who = _allowed()
    rows = listing(
        request,
        queries.codes(),
        search=("code", "name"),
        sort={"code": "code", "name": "name", "dimension": ("dimension", "code")},
        default="dimension",
        few=("code", "name"),
        exports=True,
        filters=[
            Filter("dimension", _("Dimension"), [(d, str(text)) for d, text in DIMENSION_NAMES.items()]),
            Filter("warning", _("Remark"), [(w, str(text)) for w, text in WARNINGS.items()]),
        ],
    )
    if rows.export:
        return spreadsheet(rows, _CODES, name=_("chart of accounts"))
    shown = [
        {"row": row, "dimension": DIMENSION_NAMES[row.dimension], "warning": WARNINGS.get(row.warning, "")}
        for row in rows
    ]
    context = {"tabs": _tabs(who, "chart"), "rows": rows, "shown": shown}
    return render(request, "coding/chart.html", context)


_CODES = (
    Column(gettext_lazy("Code"), "code"),
    Column(gettext_lazy("Name"), "name", width=40),
    Column(gettext_lazy("Dimension"), lambda row: DIMENSION_NAMES[row.dimension], width=20),
    Column(gettext_lazy("Remark"), lambda row: WARNINGS.get(row.warning, ""), width=40),
)
