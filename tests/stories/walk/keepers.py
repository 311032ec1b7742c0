"""Those who keep the suppliers' bank accounts, and those who would like to."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import rule

from avrop.suppliers import operations as suppliers
from avrop.suppliers.facts import CallBack
from avrop.suppliers.models import AccountConfirmation, BankAccount
from tests.stories.walk.base import Base, keeper, which

ELSEWHERE = "12345678903"  # where an odd bill asks to be paid
NEW = "97105302049"


class Keepers(Base):
    """Two persons make an account good, one makes it bad."""

    @rule(index=which, who=keeper, yes=st.sampled_from((True, True, True, False)))
    def say_of_account(self, index: int, who: str, yes: bool) -> None:
        """Somebody calls the supplier and signs, or says that it is fraud."""
        asked = self.pick(AccountConfirmation._base_manager.filter(state="open").order_by("id"), index)
        if asked and yes:
            call = CallBack(
                "Kari", "53 40 00 00", "register", self.clock.at - timedelta(hours=1), "Det er vår konto"
            )
            self.attempt(who, suppliers.confirm_account, confirmation_id=asked.id, call=call)
        elif asked:
            self.attempt(who, suppliers.reject_account, confirmation_id=asked.id, reason="Svindel")

    @rule(who=keeper, supplier=st.sampled_from(("kontor", "storhus")))
    def tell_of_account(self, who: str, supplier: str) -> None:
        """A supplier tells of a new account before any invoice does."""
        one = getattr(self.world, supplier)
        for account in (NEW, ELSEWHERE):
            self.attempt(
                who, suppliers.register_account, supplier_id=one.id, account=account, reason="Brev frå dei"
            )

    @rule(index=which, who=keeper, how=st.sampled_from(("withdraw", "limit", "open")))
    def end_account(self, index: int, who: str, how: str) -> None:
        """A known account is withdrawn, or good for some days only."""
        account = self.pick(
            BankAccount._base_manager.filter(confirmed_at__isnull=False).order_by("id"), index
        )
        if account and how == "withdraw":
            self.attempt(who, suppliers.withdraw_account, account_id=account.id, reason="Ikkje lenger")
        elif account:
            last = self.clock.at.date() + timedelta(days=3)
            self.attempt(
                who, suppliers.limit_account, account_id=account.id,
                valid_to=last if how == "limit" else None, reason="Ny bank",
            )  # fmt: skip
