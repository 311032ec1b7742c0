"""Purchases that do not go as planned: changed, cancelled, short, damaged, credited, disputed, doubled, stopped."""

from __future__ import annotations

from avrop.demo import foreign, remedies, steps
from avrop.demo.drive import Steps
from avrop.demo.people import ACCOUNTANTS, CLERKS, KEEPERS
from avrop.demo.region import bank_account
from avrop.demo.tale import Story
from avrop.demo.usual import posted

# --- The order is changed


def changing(s: Story, more: int, decision: str, note: str = "") -> Steps:
    """The requester asks for more or fewer; more needs an approval; the supplier answers."""
    yield from s.answered()
    yield s.at(2, 9)
    why = "Det kom fleire påmeldingar." if more > 0 else "Vi fann nokre på lageret."
    remedies.ask_for_more(s.it.town, s.it.login, s.orders[0], more, why)
    if more > 0:
        yield s.at(3, 9)
        remedies.agree_change(s.it.town, s.orders[0])
    yield s.at(3, 14)
    remedies.answer_change(s.orders[0], decision, note)


def extended(s: Story) -> Steps:
    yield from changing(s, 10, "accept")
    yield from s.finished(8)


def extension_declined(s: Story) -> Steps:
    yield from changing(s, 10, "decline", "Vi har ikkje fleire før over nyttår.")
    yield from s.finished(8)


def reduced(s: Story) -> Steps:
    yield from changing(s, -1, "accept")
    yield from s.finished(8)


def extension_waits(s: Story) -> Steps:
    yield from s.answered()
    yield s.at(2, 9)
    remedies.ask_for_more(s.it.town, s.it.login, s.orders[0], 20, "Vi treng til begge avdelingane.")


def reduction_asked(s: Story) -> Steps:
    yield from s.answered()
    yield s.at(2, 9)
    remedies.ask_for_more(s.it.town, s.it.login, s.orders[0], -2, "Vi fann to på lageret.")


def cancelled(s: Story) -> Steps:
    yield from s.answered()
    yield s.at(2, 9)
    remedies.cancel(s.it.town, s.it.login, s.orders[0], "Arrangementet er avlyst.")
    yield s.at(2, 13)
    remedies.answer_change(s.orders[0])


def cancelled_too_late(s: Story) -> Steps:
    yield from s.answered()
    yield s.at(2, 9)
    remedies.cancel(s.it.town, s.it.login, s.orders[0], "Vi bestilte feil storleik.")
    yield s.at(2, 13)
    remedies.answer_change(s.orders[0], "decline", "Vara er alt send frå lageret.")
    yield from s.finished(6)


# --- The goods are not what they should be


def short_and_closed(s: Story) -> Steps:
    yield from s.answered()
    yield s.at(5, 11)
    remedies.receive_all_but(s.it.town, s.it.login, s.orders[0], 4)
    yield s.at(7, 13)
    steps.bill(s.orders[0], fewer=4)
    yield from s.clicked(8)
    yield s.at(14, 9)
    remedies.close_rest(s.it.town, s.it.login, s.orders[0], "Resten er utselt hos leverandøren.")
    yield s.at(14, 14)
    remedies.answer_change(s.orders[0])


def short(s: Story) -> Steps:
    """Fewer came than the invoice says: it stops until somebody has found out."""
    yield from s.answered()
    yield s.at(5, 11)
    remedies.receive_all_but(s.it.town, s.it.login, s.orders[0], 4)
    yield from s.billed(7)


def damaged(s: Story) -> Steps:
    yield from s.answered()
    yield s.at(5, 11)
    remedies.receive_all_but(s.it.town, s.it.login, s.orders[0], 2, "damaged", "Våte kartongar.")
    yield from s.finished(9)


def replaced(s: Story) -> Steps:
    yield from s.answered()
    yield from s.received()
    yield s.at(6, 9)
    back(s, 1, "wrong_item", "replacement", "Feil farge.")
    yield from s.finished(10)


def back(s: Story, count: int, code: str, expects: str, note: str) -> None:
    """So many of the first line go back."""
    remedies.send_back(s.it.town, s.it.login, s.orders[0], count, code=code, expects=expects, note=note)


def returned_and_credited(s: Story) -> Steps:
    yield from posted(s)
    yield s.at(12, 9)
    back(s, 2, "poor_quality", "credit", "Glidelåsen rauk første dagen.")
    yield s.at(14, 13)
    remedies.credit(s.orders[0], "Retur av to stk.", count=2)
    yield from s.clicked(15)


# --- The invoice is not what it should be


def price_credited(s: Story) -> Steps:
    yield from posted(s)
    yield s.at(15, 13)
    remedies.credit(s.orders[0], "Prisen vart sett ned før levering.", kroner=40)
    yield from s.clicked(16)


def asked(s: Story) -> Steps:
    """Too few came, all are invoiced, and a credit note is asked for."""
    yield from short(s)
    yield s.at(8, 9)
    net = remedies.worth(s.orders[0], 4)
    clerk = CLERKS[s.it.town]
    remedies.ask_for_credit(s.it.town, clerk, s.orders[0], net, "DEL", "Fire pakkar mangla i leveringa.")


def credit_awaited(s: Story) -> Steps:
    yield from asked(s)


def credit_came(s: Story) -> Steps:
    yield from asked(s)
    yield s.at(11, 13)
    remedies.credit(s.orders[0], "Fire pakkar vart ikkje leverte.", count=4)
    yield from s.clicked(12)
    yield s.at(13, 9)
    remedies.close_rest(s.it.town, s.it.login, s.orders[0], "Kreditert, vi kjøper ikkje resten.")
    yield s.at(13, 14)
    remedies.answer_change(s.orders[0])


def fee_stopped(s: Story) -> Steps:
    """The invoice with the fee goes back, and one without it comes."""
    yield from s.answered()
    yield from s.received()
    yield s.at(7, 13)
    foreign.bill(s.orders[0], s.number(), fee=True)
    yield s.at(8, 9)
    why = "Fakturagebyr på 49 kr er ikkje avtalt. Send fakturaen utan gebyr."
    remedies.reject_open(s.it.town, CLERKS[s.it.town], s.orders[0], "PRI", why)
    yield from s.billed(10)
    yield from s.clicked(11)


def disputed(s: Story) -> Steps:
    yield from s.answered()
    yield from s.received()
    yield s.at(7, 13)
    foreign.bill(s.orders[0], s.number(), dearer=12)
    yield s.at(8, 9)
    why = "Prisen er tolv prosent over avtalen. Kva er grunnen?"
    remedies.dispute(s.it.town, CLERKS[s.it.town], s.orders[0], "PRI", why)


def dispute_settled(s: Story) -> Steps:
    yield from disputed(s)
    yield s.at(12, 9)
    clerk = CLERKS[s.it.town]
    remedies.resume(s.it.town, clerk, s.orders[0], "Leverandøren viste til varsla prisauke.")
    yield s.at(12, 13)
    steps.accept_deviations(s.it.town, s.approver, s.orders[0], "Prisauken er varsla og godteken.")
    yield from s.clicked(13)


def duplicate(s: Story) -> Steps:
    """The same invoice once more from the supplier's other system, with letters before the number."""
    yield from s.answered()
    yield from s.received()
    yield s.at(7, 13)
    foreign.bill(s.orders[0], s.number())
    yield from s.clicked()
    yield s.at(11, 13)
    foreign.bill(s.orders[0], f"INV-0{s.number()}")


def duplicate_rejected(s: Story) -> Steps:
    yield from duplicate(s)
    yield s.at(12, 9)
    clerk = CLERKS[s.it.town]
    remedies.reject_open(s.it.town, clerk, s.orders[0], "OTH", "Same faktura er motteken og betalt før.")


# --- The money would go somewhere else


def account_stop(s: Story) -> Steps:
    """The invoice names an account that nobody knows."""
    yield from s.answered()
    yield from s.received()
    yield s.at(7, 13)
    foreign.bill(s.orders[0], s.number(), account=bank_account(6_512_000_000 + s.days))


def account_confirmed(s: Story) -> Steps:
    yield from account_stop(s)
    first, second = KEEPERS[s.it.town]
    yield s.at(8, 10)
    remedies.confirm_account(s.it.town, first, "Dagleg leiar")
    yield s.at(9, 10)
    remedies.confirm_account(s.it.town, second, "Rekneskapssjefen")
    yield from s.clicked(10)


def account_fraud(s: Story) -> Steps:
    yield from account_stop(s)
    yield s.at(8, 10)
    why = "Leverandøren kjenner ikkje kontoen. Meldt til banken."
    remedies.stop_account(s.it.town, KEEPERS[s.it.town][0], why)
    yield s.at(8, 13)
    remedies.reject_open(s.it.town, CLERKS[s.it.town], s.orders[0], "PAY", "Feil kontonummer.")


def rebooked(s: Story) -> Steps:
    """After it was posted the accountant sees that it went on the wrong account."""
    yield from posted(s)
    yield s.at(45, 10)
    accountant = ACCOUNTANTS[s.it.town]
    remedies.reverse(s.it.town, accountant, s.orders[0], "11000", "Ført på feil konto.")


# --- The budget


def december(s: Story) -> Steps:
    """4,000 kroner are left and the basket costs more: it comes back, gets smaller, and passes."""
    yield s.at(1, 10)
    steps.may_approve(s.it.town, s.basket)
    yield s.at(1, 12)
    steps.send_back(s.it.town, s.basket, "Det er 4 000 kr att på budsjettet. Ta det viktigaste.")
    yield s.at(2, 9)
    steps.make_smaller(s.it.town, s.it.login, s.basket, 10)
    yield s.at(2, 10)
    steps.submit(s.it.town, s.it.login, s.basket)
    yield from s.answered(later=3)
    yield from s.received(later=8)
    yield from s.billed(later=10)
    yield from s.clicked(later=11)


ENDINGS = {
    story.__name__: story
    for story in (
        extended, extension_declined, extension_waits, reduced, reduction_asked, cancelled, cancelled_too_late,
        short_and_closed, short, damaged, replaced, returned_and_credited, price_credited, credit_awaited,
        credit_came, fee_stopped, disputed, dispute_settled, duplicate, duplicate_rejected, account_stop,
        account_confirmed, account_fraud, rebooked, december,
    )
}  # fmt: skip
