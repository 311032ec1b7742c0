"""Invoices that name an account, and calls back, for tests."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from avrop.kernel.ports import new_id, now
from avrop.suppliers import operations
from avrop.suppliers.facts import CallBack, NamingInvoice
from avrop.suppliers.models import AccountConfirmation
from avrop.tenancy.scope import as_system, everything, viewing
from tests.world import World, _person

UNKNOWN = "97105302049"  # right by modulus 11; nobody's account in the region


def keepers(world: World) -> None:
    """Two who keep the supplier master beside the accountant and the local administrator of the region."""
    with everything("a test's region"):
        _person(world, "ragnhild", world.bremnes, ("vendor_master", None))


def naming(number: str = "9001", stream: str = "purchase:1") -> NamingInvoice:
    """An invoice of 1 250,00."""
    return NamingInvoice(new_id(), number, 125_000, "NOK", now(), (stream,))


def asked(world: World, account: str = UNKNOWN, invoice: NamingInvoice | None = None) -> UUID:
    """An invoice by the office supplier names the account; the id of the question."""
    with as_system(world.bremnes.id):
        operations.ask_about_account(
            supplier_id=world.kontor.id, account=account, invoice=invoice or naming()
        )
        return AccountConfirmation.objects.get(account=account, state="open").id


def call(**other: object) -> CallBack:
    """A call ten minutes ago to the number in the register."""
    values: dict[str, object] = {
        "talked_to": "Økonomisjefen",
        "number": "53 40 00 00",
        "source": "register",
        "called_at": now() - timedelta(minutes=10),
        "said": "Ny bank frå 1. november",
    }
    return CallBack(**(values | other))


def confirm(world: World, login: str, question: UUID, **other: object) -> bool:
    """One person's confirmation."""
    with viewing(world.viewer(login)):
        return operations.confirm_account(confirmation_id=question, call=call(**other))
