"""What must hold whatever anybody did. Used by `walk`.

Expected values are computed here from documents and rows, not by the rules under test.
"""

from __future__ import annotations

from collections.abc import Collection

from avrop.journal import audit
from avrop.journal.models import Delivery
from avrop.tenancy.scope import everything
from tests.stories.holds import approval, books, matches, open_things, sides
from tests.stories.holds.books import paid_to_known_accounts
from tests.stories.holds.budget import budget
from tests.world import World

__all__ = ["at_the_end", "nothing_failed", "paid_to_known_accounts", "when_idle"]


def nothing_failed() -> None:
    """No handler met an error (a refusal of a message is not one)."""
    failed = list(Delivery.objects.exclude(error="").values_list("handler", "error"))
    assert not failed, failed


def when_idle(world: World, told_otherwise: Collection[str] = ()) -> None:
    """What holds whenever the workers have nothing left to do.

    `told_otherwise`: numbers of orders that were spoken of past the portal, so that it knows less.
    """
    with everything("the test checks"):
        assert not Delivery.objects.exclude(state="done").exists()
        approval.approvals_and_messages()
        approval.two_persons()
        matches.states()
        matches.paid_goods()
        matches.paid_prices()
        matches.credits()
        books.postings()
        books.batches()
        books.ledger()
        books.credits_after_originals()
        books.two_for_an_account()
        budget(world)
        open_things.owned(world)
        open_things.receipts_told()
        sides.invoices(world)
        sides.orders(world, told_otherwise)
        matches.told(world)


def at_the_end(world: World) -> None:
    """The dear checks, once."""
    report = audit.verify(covered=False)
    assert report.ok, report.places
