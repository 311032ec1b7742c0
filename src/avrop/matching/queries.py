"""Reads of matches and deviations."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Max, Min, OuterRef, Q, Sum

from avrop.invoicing import queries as invoicing
from avrop.invoicing.facts import CREDIT_NOTE, InvoiceFacts
from avrop.invoicing.states import VALID
from avrop.kernel.ports import OSLO, now
from avrop.matching import rules, states
from avrop.matching.facts import Allocation, Check, LineMatch, MatchFacts
from avrop.matching.models import Deviation, Match, MatchOrder, PreApproval
from avrop.matching.rows import allocation_in, checks_in, lines_in, match_facts
from avrop.suppliers import queries as suppliers
from avrop.tenancy.scope import viewer


def match(match_id: UUID) -> MatchFacts:
    """One match with its deviations, in two statements. Raises Match.DoesNotExist."""
    names = {name: F(f"invoice__{name}") for name in ("credits", "credited_by", "looks_like")}
    vouches = suppliers.vouches(viewer().person_id, OuterRef("invoice_id"))
    row = Match.objects.annotate(**names, vouched=vouches).get(id=match_id)
    tied = tuple(UUID(one) for one in (*row.credits, *row.credited_by))
    found = match_facts(row, Deviation.objects.filter(match=row).order_by("line", "code"))
    return replace(found, tied=tied, looks_like=row.looks_like, vouched=row.vouched)


def of_invoices(invoice_ids: Iterable[UUID]) -> dict[UUID, MatchFacts]:
    """Matches with their deviations by invoice, in two statements."""
    rows = list(Match.objects.filter(invoice_id__in=set(invoice_ids)))
    mine: dict[UUID, list[Deviation]] = {}
    for one in Deviation.objects.filter(match__in=rows).order_by("line", "code") if rows else ():
        mine.setdefault(one.match_id, []).append(one)
    return {row.invoice_id: match_facts(row, mine.get(row.id, ())) for row in rows}


def of_invoice(invoice_id: UUID) -> MatchFacts | None:
    """The match of an invoice, if it has one."""
    return of_invoices([invoice_id]).get(invoice_id)


def of_orders(order_ids: Iterable[UUID]) -> list[MatchFacts]:
    """The matches that concern these orders, oldest first, without deviations."""
    ids = MatchOrder.objects.filter(order_id__in=set(order_ids)).values("match_id")
    return [match_facts(row) for row in Match.objects.filter(id__in=ids).order_by("matched_at", "id")]


def allocation(invoice_id: UUID) -> tuple[Allocation, ...]:
    """The costs of an approved invoice by coding and VAT rate; empty where it is not approved."""
    stored = Match.objects.filter(invoice_id=invoice_id, state=states.APPROVED).values_list(
        "allocation", flat=True
    )
    return allocation_in(next(iter(stored), ()))


def approved(invoice_id: UUID) -> tuple[InvoiceFacts, tuple[Allocation, ...]] | None:
    """An approved invoice (without its lines) and its costs, in one statement; None where it is not approved."""
    rows = Match.objects.filter(invoice_id=invoice_id, state=states.APPROVED).select_related("invoice")
    row = rows.defer("checks", "lines", "invoice__findings").first()
    return (invoicing.header_of(row.invoice), allocation_in(row.allocation)) if row else None


def allocations(invoice_ids: Iterable[UUID]) -> dict[UUID, tuple[Allocation, ...]]:
    """The costs of approved invoices, in one statement."""
    rows = Match.objects.filter(invoice_id__in=set(invoice_ids), state=states.APPROVED)
    return {
        invoice: allocation_in(stored) for invoice, stored in rows.values_list("invoice_id", "allocation")
    }


def open_deviations() -> Any:
    """Open deviations as a queryset with match and invoice, for a list."""
    heavy = ("match__lines", *(f"match__{name}" for name in _HEAVY))
    return Deviation.objects.filter(state="open").select_related("match", "match__invoice").defer(*heavy)


WAITS = (
    states.AWAITING_RECEIPT,
    states.WITHOUT_ORDER,
    states.DISPUTED,
    states.AWAITING_CREDIT,
    states.WITHOUT_ORIGINAL,
    states.AWAITING_ORIGINAL,
)
_HEAVY = ("checks", "allocation", "invoice__findings", "invoice__vat_breakdown", "invoice__document_charges")


def waiting_matches() -> Any:
    """Matches that wait for somebody or something else than a decision on deviations, with their invoices."""
    rows = Match.objects.exclude(state=states.APPROVED).filter(state__in=WAITS)
    return rows.select_related("invoice").defer("lines", *_HEAVY)


def clean_matches() -> Any:
    """Matches that wait for an approver's click, as a queryset with their invoices.

    A credit note of an invoice that waits as well is approved with it and has no row of its own.
    """
    rows = Match.objects.filter(state=states.MATCHED).select_related("invoice").defer(*_HEAVY)
    # Begins with the few credit notes that wait, not with every invoice that does.
    open_notes = Match.objects.filter(state=states.MATCHED, invoice__kind=CREDIT_NOTE).order_by()
    credits = dict(open_notes.values_list("invoice_id", "invoice__credits"))
    originals = states_of(UUID(one) for ids in credits.values() for one in ids)
    notes = [
        note
        for note, ids in credits.items()
        if any(originals.get(UUID(one)) in states.WAITING for one in ids)
    ]
    return rows.exclude(invoice_id__in=notes).order_by("matched_at", "id") if notes else rows


def notes_with(rows: Iterable[Any]) -> dict[UUID, list[Any]]:
    """Invoice id -> the open credit notes that are approved with it; no statement where there are none."""
    wanted = {UUID(ident): row.id for row in rows for ident in row.credited_by}
    if not wanted:
        return {}
    open_ones = Match.objects.filter(invoice_id__in=wanted, state=states.MATCHED).select_related("invoice")
    found: dict[UUID, list[Any]] = {}
    for one in open_ones.defer("lines", *_HEAVY):
        found.setdefault(wanted[one.invoice_id], []).append(one.invoice)
    return found


def states_of(invoice_ids: Iterable[UUID]) -> dict[UUID, str]:
    """Invoice id -> the state of its match, in one statement; none asked for, none read."""
    wanted = set(invoice_ids)
    return (
        dict(Match.objects.filter(invoice_id__in=wanted).values_list("invoice_id", "state")) if wanted else {}
    )


@dataclass(frozen=True, slots=True)
class ByCode:
    """Open deviations of one kind: how many, øre at stake, the first deadline."""

    code: str
    count: int
    amount: int
    due: Any


def deviations_by_code() -> list[ByCode]:
    """Open deviations by kind, the earliest deadline first, in one statement."""
    rows = Deviation.objects.filter(state="open").values("code")
    sums = rows.annotate(n=Count("code"), total=Sum("amount"), first=Min("due")).order_by()
    found = [ByCode(row["code"], row["n"], row["total"], row["first"]) for row in sums]
    return sorted(found, key=lambda one: (one.due, one.code))


@dataclass(frozen=True, slots=True)
class Share:
    """A share with its numerator and denominator; `basis_points` None where there is nothing to divide by."""

    part: int
    whole: int

    @property
    def basis_points(self) -> int | None:
        """The share in basis points, in whole per cent, rounded down."""
        return self.part * 100 // self.whole * 100 if self.whole else None


def touchless_since(start: datetime | None = None) -> Share:
    """Invoices matched since `start` (today's start in Norway) that were approved with no hand on them."""
    begin = start or now().astimezone(OSLO).replace(hour=0, minute=0, second=0, microsecond=0)
    counts = Match.objects.filter(matched_at__gte=begin).aggregate(
        whole=Count("state"), part=Count("state", filter=Q(state=states.APPROVED, touched=False))
    )
    return Share(counts["part"], counts["whole"])


def latest() -> datetime | None:
    """When the last invoice was matched."""
    found: datetime | None = Match.objects.aggregate(last=Max("matched_at"))["last"]
    return found


def preapprovals() -> list[PreApproval]:
    """The switches for touchless approval, the newest first."""
    return list(PreApproval.objects.order_by("-valid_from"))


def outcome(invoice_id: UUID) -> dict[str, Any]:
    """What became of an invoice, as the command line shows it. Ends are matched, deviation, awaiting_receipt,
    without_order, of credit notes without_original and awaiting_original, and for what is not to be matched
    duplicate, invalid, filed.
    """
    invoice = invoicing.header(invoice_id)
    row = Match.objects.filter(invoice_id=invoice_id).first()
    if row is None:
        state = "received" if invoice.state == VALID else invoice.state
        return {"state": state, "order": [], "lines": [], "reason": _reason(invoice_id, invoice.state)}
    lines, checks = lines_in(row.lines), checks_in(row.checks)
    shown = {
        states.APPROVED: "matched",
        states.CREDITED: "matched",
        states.REJECTED: "deviation",
        states.DISPUTED: "deviation",
        states.AWAITING_CREDIT: "deviation",
    }.get(row.state, row.state)
    reason = _ENDS.get(row.state, "")
    numbers = sorted({one.order for one in lines if one.order_line_id})
    return {"state": shown, "order": numbers, "lines": _lines(lines, checks), "reason": reason}


_ENDS = {
    states.WITHOUT_ORDER: "INVOICE_WITHOUT_ORDER",
    states.REJECTED: "REJECTED",
    states.WITHOUT_ORIGINAL: "CREDIT_WITHOUT_ORIGINAL",
    states.DISPUTED: "DISPUTED",
    states.AWAITING_CREDIT: "CREDIT_AWAITED",
}


def _reason(invoice_id: UUID, state: str) -> str:
    if state == VALID:
        return ""
    found = invoicing.findings(invoice_id)
    fatal = [str(one["id"]) for one in found if one.get("severity") == "fatal"]
    return " ".join(dict.fromkeys(fatal)) or state.upper()


def _lines(lines: tuple[LineMatch, ...], checks: tuple[Check, ...]) -> list[dict[str, Any]]:
    failed = [one for group in rules.failing(checks).values() for one in group]
    of_line: dict[str, list[Check]] = {}
    of_order: dict[str, list[Check]] = {}
    for check in failed:
        if check.line:
            of_line.setdefault(check.line, []).append(check)
        elif check.code == "UNKNOWN_ORDER":
            of_order.setdefault(check.order, []).append(check)
    result = []
    for one in lines:
        mine = [*(of_line.get(one.line, ()) if one.line else ()), *of_order.get(one.order, ())]
        result.append(_line(one.line, one.order, one.order_line, one.outcome, mine))
    rest = [c for c in failed if not c.line and c.code != "UNKNOWN_ORDER"]
    if rest:  # what concerns the whole document stands on a line without a number
        result.append(_line("", "", "", states.DEVIATION, rest))
    return result


def _line(line: str, order: str, order_line: str, outcome: str, failed: list[Check]) -> dict[str, Any]:
    deviations = [{"code": c.code, "expected": c.expected, "found": c.found} for c in failed]
    return {
        "line": line,
        "order": order,
        "order_line": order_line,
        "outcome": outcome,
        "deviations": deviations,
    }
