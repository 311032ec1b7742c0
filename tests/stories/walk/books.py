"""The accountant and the accounting system, which loses, delays, rejects and contradicts."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import rule

from avrop.accounting import double, jobs
from avrop.accounting import operations as accounting
from avrop.accounting.models import Posting, PostingBatch
from avrop.coding.facts import Coding
from tests.stories import holds
from tests.stories.walk.base import Base, which

FAULTS = (*double.FAULTS, "reject:1", "reject:2", "late:2")
RECODED = Coding("11200", "210", "20200", "", "compensated")


class Books(Base):
    """What leaves for the books, and what is said about it."""

    @rule(answered=st.booleans())
    def to_the_books(self, answered: bool) -> None:
        """The accountant releases; the accounting system may answer, twice."""
        self.attempt("rekna", accounting.release_batch)
        holds.paid_to_known_accounts(self.clock.at)
        self.idle()
        if answered:
            self.system()
            self.system()
            self.idle()

    @rule(index=which, who=st.sampled_from(("rekna", "rekna", "rekna", "fakta")))
    def release_one(self, index: int, who: str) -> None:
        """One ready posting (and what goes with it)."""
        posting = self.pick(Posting._base_manager.filter(state="ready").order_by("id"), index)
        if posting:
            self.attempt(who, accounting.release_batch, posting_ids=[posting.id])
            holds.paid_to_known_accounts(self.clock.at)

    @rule(fault=st.sampled_from(FAULTS))
    def system_errs(self, fault: str) -> None:
        """The accounting system deals with a batch, badly; half-written answers are looked at twice."""
        self.system(fault)
        self.system()

    @rule(index=which)
    def send_again(self, index: int) -> None:
        """The accountant sends a batch again."""
        batch = self.pick(
            PostingBatch._base_manager.filter(state__in=("released", "sent", "mismatch")).order_by("id"),
            index,
        )
        if batch:
            self.attempt("rekna", accounting.resend_batch, batch_id=batch.id, reason="Ikkje noko svar")

    @rule()
    def days_pass(self) -> None:
        """Two days without an answer; somebody is told."""
        self.clock.at += timedelta(days=2)
        jobs.find_late()

    @rule(index=which, how=st.sampled_from(("as it is", "recode", "number")))
    def mend(self, index: int, how: str) -> None:
        """The accountant mends what was rejected."""
        posting = self.pick(Posting._base_manager.filter(state="rejected").order_by("id"), index)
        if posting:
            self.attempt(
                "rekna", accounting.mend_posting, posting_id=posting.id, comment="Retta",
                codings={0: RECODED} if how == "recode" else None,
                supplier_no="7999" if how == "number" else None,
            )  # fmt: skip

    @rule(index=which, how=st.sampled_from(("recode", "number")))
    def reverse(self, index: int, how: str) -> None:
        """The accountant corrects what is posted."""
        posting = self.pick(Posting._base_manager.filter(state="posted").order_by("-posted_at", "id"), index)
        if posting:
            self.attempt(
                "rekna", accounting.reverse_posting, posting_id=posting.id, reason="Feil",
                codings={0: RECODED} if how == "recode" else None,
                supplier_no="7999" if how == "number" else None,
            )  # fmt: skip

    def system(self, *faults: str) -> None:
        """The accounting system's next look at what we sent, and ours at what it answered."""
        if jobs.folder().is_dir():
            double.answer_all(jobs.folder(), list(faults))
            jobs.read_answers()
