"""The fraudster's account: an invoice that looks right asks to be paid somewhere else (Decision 5)."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from avrop.invoicing import queries as invoicing
from avrop.journal.models import Case
from avrop.journal.worker import run_until_idle
from avrop.kernel.finding import Refusal
from avrop.kernel.ports import now
from avrop.matching import operations as matching
from avrop.matching import queries as matches
from avrop.matching.models import Deviation, Match, PreApproval
from avrop.suppliers import operations as suppliers
from avrop.suppliers import queries as kept
from avrop.suppliers.facts import CallBack
from avrop.suppliers.models import AccountConfirmation, BankAccount
from avrop.tenancy.scope import as_system, everything, viewing
from tests.stories.purchase import Line, Purchase, deliver, invoice_xml, ordered
from tests.world import World, _person

pytestmark = pytest.mark.django_db
NEW = "97105302049"


@pytest.fixture
def purchase(world: World) -> Purchase:
    """Ten packs of paper, ordered, answered and received."""
    with everything("a test's region"):
        _person(world, "ragnhild", world.bremnes, ("vendor_master", None))
    bought = ordered(world, ("papir", 10))
    bought.answer()
    bought.receive()
    return bought


def bill(world: World, purchase: Purchase, account: str = NEW, number: str = "9001") -> UUID:
    """The invoice, right to the øre, but for where the money is to go."""
    lines = [Line("10", "52.90", "40-2210", order_line="1")]
    deliver(
        invoice_xml(world.kontor, world.bremnes, lines, number=number, order=purchase.number, account=account)
    )
    with as_system(world.bremnes.id):
        (one,) = [i for i in invoicing.in_streams([purchase.order().stream]) if i.number == number]
    return one.id


def question(world: World) -> UUID:
    with as_system(world.bremnes.id):
        return AccountConfirmation.objects.get(state="open").id


def calls_back(world: World, login: str, ident: UUID) -> bool:
    call = CallBack(
        "Kari på rekneskap", "53 40 00 00", "register", now() - timedelta(hours=1), "Vi har ny bank"
    )
    with viewing(world.viewer(login)):
        done = suppliers.confirm_account(confirmation_id=ident, call=call)
    run_until_idle()
    return done


def test_the_invoice_stops_and_two_persons_are_asked(world, purchase) -> None:
    bill(world, purchase)
    assert purchase.states() == ["deviation"]
    with as_system(world.bremnes.id):
        asked = kept.confirmation(question(world))
    assert (asked.account, asked.known) == (NEW, ("86011117947",))
    assert [one.number for one in asked.invoices] == ["9001"]
    assert asked.invoices[0].payable == 66_125


def test_the_clerk_cannot_wave_it_through(world, purchase) -> None:
    ident = bill(world, purchase)
    with as_system(world.bremnes.id):
        match = matches.of_invoice(ident)
    with viewing(world.viewer("fakta")), pytest.raises(Refusal, match="HARD_STOP_BANK_ACCOUNT"):
        matching.accept_deviations(match_id=match.id, comment="Ser greitt ut")


def test_fraud_is_called_out_and_nothing_is_paid(world, purchase) -> None:
    ident = bill(world, purchase)
    with viewing(world.viewer("ragnhild")):
        suppliers.reject_account(confirmation_id=question(world), reason="Kontorvarer har ikkje bytt bank")
    run_until_idle()
    with as_system(world.bremnes.id):
        case = Case.objects.get(kind="account_stopped")
        assert (case.owner_role, case.params["number"]) == ("invoice_clerk", "9001")
        assert BankAccount.objects.get(account=NEW).stopped_at is not None
        match = matches.of_invoice(ident)
    with viewing(world.viewer("fakta")):
        matching.reject_invoice(match_id=match.id, reason_code="PAY", reason="Svindel")
    run_until_idle()
    assert purchase.states() == ["rejected"]
    # the true invoice, with the account that is known, goes through untouched
    bill(world, purchase, account="86011117947", number="9002")
    assert purchase.states() == ["rejected", "approved"]


def test_a_real_new_account_takes_two_calls_and_then_the_invoice_goes_by_itself(world, purchase) -> None:
    bill(world, purchase)
    asked = question(world)
    assert calls_back(world, "rekna", asked) is False
    assert purchase.states() == ["deviation"]
    assert calls_back(world, "ragnhild", asked) is True
    assert purchase.states() == ["approved"]
    with as_system(world.bremnes.id):
        assert Deviation.objects.get(code="BANK_ACCOUNT").state == "resolved"
    purchase.to_the_books()
    assert purchase.vouchers() == ["B000001"]


def test_an_invoice_without_order_stops_for_its_account_before_anybody_codes_it(world, purchase) -> None:
    lines = [Line("1", "900.00", "X-7", name="Hoppeslott")]
    deliver(invoice_xml(world.kontor, world.bremnes, lines, number="9007", account=NEW))
    with as_system(world.bremnes.id):
        (match,) = Match.objects.all()
        assert (match.state, match.orders) == ("deviation", [])
        assert Deviation.objects.get().code == "BANK_ACCOUNT"
        assert not Case.objects.filter(kind="invoice_without_order").exists()
    asked = question(world)
    with as_system(world.bremnes.id):
        assert [one.number for one in kept.confirmation(asked).invoices] == ["9007"]
    with viewing(world.viewer("fakta")), pytest.raises(Refusal, match="HARD_STOP_BANK_ACCOUNT"):
        matching.accept_deviations(match_id=match.id, comment="Ser greitt ut")
    calls_back(world, "rekna", asked)
    calls_back(world, "ragnhild", asked)
    with as_system(world.bremnes.id):
        match.refresh_from_db()
        assert match.state == "without_order"
        assert Case.objects.get(kind="invoice_without_order").state == "open"
        account = BankAccount.objects.get(account=NEW)
    # known no more: it stops again, and the clerk's case waits with it
    with viewing(world.viewer("ragnhild")):
        suppliers.withdraw_account(account_id=account.id, reason="Dei ringde og åtvara oss")
    run_until_idle()
    with as_system(world.bremnes.id):
        match.refresh_from_db()
        assert match.state == "deviation"
        assert Case.objects.get(kind="invoice_without_order").state == "closed"


def test_whoever_answered_the_invoice_confirms_no_account_for_it(world, purchase) -> None:
    """The clerk of a small municipality keeps the accounts too, and has rejected the first invoice."""
    with everything("a test's region"):
        _person(world, "fakta", world.bremnes, ("accountant", None))
    ident = bill(world, purchase)
    with as_system(world.bremnes.id):
        match = matches.of_invoice(ident)
    with viewing(world.viewer("fakta")):
        matching.reject_invoice(match_id=match.id, reason_code="PAY", reason="Ukjend konto")
    run_until_idle()
    with pytest.raises(Refusal, match="ACCOUNT_HANDLED_INVOICE"):
        calls_back(world, "fakta", question(world))


def test_a_confirmer_does_not_approve_that_invoice_afterwards(world, purchase) -> None:
    """Førehandstilvising is off, so an approver must click; the one who vouched for the account may not."""
    with everything("a test's region"):
        PreApproval.objects.all().delete()
        _person(world, "radmann", world.bremnes, ("accountant", None))
    ident = bill(world, purchase)
    asked = question(world)
    calls_back(world, "radmann", asked)
    calls_back(world, "ragnhild", asked)
    assert purchase.states() == ["matched"]
    with as_system(world.bremnes.id):
        match = matches.of_invoice(ident)
    with viewing(world.viewer("radmann")), pytest.raises(Refusal) as refused:
        matching.approve_clean(match_ids=[match.id])
    assert "ACCOUNT" in refused.value.code or "CONFIRMED" in refused.value.code
    with viewing(world.viewer("fakta")):
        matching.approve_clean(match_ids=[match.id])
    assert purchase.states() == ["approved"]


def test_the_next_invoice_to_the_new_account_needs_nobody(world, purchase) -> None:
    bill(world, purchase)
    asked = question(world)
    calls_back(world, "rekna", asked)
    calls_back(world, "ragnhild", asked)
    again = ordered(world, ("papir", 10))
    again.answer()
    again.receive()
    bill(world, again, number="9002")
    assert again.states() == ["approved"]


def test_an_account_withdrawn_while_the_invoice_waits_for_its_click_stops_it(world, purchase) -> None:
    with everything("a test's region"):
        PreApproval.objects.all().delete()
    ident = bill(world, purchase, account="86011117947")
    assert purchase.states() == ["matched"]
    with as_system(world.bremnes.id):
        known = BankAccount.objects.get(supplier=world.kontor)
        match = matches.of_invoice(ident)
    with viewing(world.viewer("lokal")):
        suppliers.withdraw_account(account_id=known.id, reason="Leverandøren har bytt bank")
    run_until_idle()
    assert purchase.states() == ["deviation"]
    with as_system(world.bremnes.id):
        asked = kept.confirmation(question(world))
    assert (asked.account, asked.known) == ("86011117947", ())
    assert [one.invoice_id for one in asked.invoices] == [ident]
    with viewing(world.viewer("radmann")), pytest.raises(Refusal):
        matching.approve_clean(match_ids=[match.id])
