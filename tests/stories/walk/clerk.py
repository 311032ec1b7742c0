"""The buyer decides on invoices and credit notes: accepts, rejects, disputes, asks, tells twins apart."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.stateful import rule

from avrop.invoicing.models import Invoice
from avrop.matching import operations as matching
from avrop.matching.models import Match
from avrop.tenancy.scope import everything
from tests.stories.walk.base import Base, boss, clerk, which

HOLDS = ("dispute", "part", "amount", "whole", "resume", "resume")


class Clerk(Base):
    """The clerk's desk, and whoever else sits down at it."""

    @rule(index=which, who=boss, reject=st.sampled_from((False, False, True)))
    def judge(self, index: int, who: str, reject: bool) -> None:
        """Somebody accepts the deviations of an invoice, or rejects it."""
        match = self.undecided(index)
        if match and reject:
            self.attempt(
                who, matching.reject_invoice, match_id=match.id, reason_code="PRI", reason="For dyrt"
            )
        elif match:
            self.attempt(who, matching.accept_deviations, match_id=match.id, comment="Greitt")

    @rule(who=boss)
    def approve_clean(self, who: str) -> None:
        """One click for all clean invoices; where that is refused, one by one."""
        with everything("the walk looks"):
            ids = list(Match._base_manager.filter(state="matched").values_list("id", flat=True))
        if ids and not self.attempt(who, matching.approve_clean, match_ids=ids):
            for ident in ids[:3]:
                self.attempt(who, matching.approve_clean, match_ids=[ident])

    @rule(index=which, who=clerk, how=st.sampled_from(HOLDS))
    def hold(self, index: int, who: str, how: str) -> None:
        """Somebody disputes an invoice, asks for a credit note, or lets the invoice go on."""
        match = self.undecided(index)
        if match is None:
            return
        if how == "resume":
            self.attempt(who, matching.resume, match_id=match.id, comment="Avklart")
        elif how == "dispute":
            self.attempt(
                who, matching.dispute, match_id=match.id, code="UQ", reason_code="QUA", reason="Fuktig papir"
            )
        else:
            action = {"part": "CNP", "amount": "CNA", "whole": "CNF"}[how]
            amount = max(1, match.invoice.payable // 3)
            self.attempt(
                who, matching.ask_for_credit, match_id=match.id, reason_code="QTY", action=action,
                amount=amount, reason="For mykje",
            )  # fmt: skip

    @rule(index=which, who=clerk, how=st.sampled_from(("own", "own", "twin")))
    def tell_twins(self, index: int, who: str, how: str) -> None:
        """Somebody says whether an invoice that looks like another is one of its own."""
        match = self.undecided(index, invoice__looks_like__isnull=False)
        if match and how == "own":
            self.attempt(who, matching.not_a_duplicate, match_id=match.id, reason="To leveringar")
        elif match:
            self.attempt(who, matching.reject_duplicate, match_id=match.id)

    @rule(index=which, who=clerk, other=which, how=st.sampled_from(("choose", "both", "amount", "quantity")))
    def say_of_credit(self, index: int, who: str, other: int, how: str) -> None:
        """Somebody says what a credit note is for, or that goods are (not) credited by it."""
        match = self.undecided(index, invoice__kind="credit_note")
        if match is None:
            return
        if how in ("amount", "quantity"):
            self.attempt(who, matching.treat_credit, match_id=match.id, treatment=how, reason="Avtalt")
            return
        bills = Invoice._base_manager.filter(kind="invoice", state="valid").order_by("-received_at", "id")
        chosen = [self.pick(bills, other), self.pick(bills, other + 1)][: 2 if how == "both" else 1]
        ids = [one.id for one in chosen if one]
        self.attempt(who, matching.choose_originals, match_id=match.id, original_ids=ids, reason="Denne")

    def undecided(self, index: int, **more: object) -> Match | None:
        """One of the matches that are not decided."""
        waiting = Match._base_manager.exclude(state__in=("approved", "rejected", "credited"))
        rows = waiting.filter(**more).select_related("invoice").order_by("-matched_at", "id")
        found: Match | None = self.pick(rows, index)
        return found
