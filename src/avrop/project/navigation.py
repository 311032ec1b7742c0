"""What the frame of the page shows: who is looking, where they are, where they can go."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from avrop.tenancy import facts as f
from avrop.tenancy.models import Person
from avrop.tenancy.permissions import SETUP_READERS
from avrop.tenancy.queries import organisations_of
from avrop.tenancy.scope import Viewer
from avrop.tenancy.texts import role_name
from avrop.web.context import Frame, NavItem

BUYER, COOPERATION, SUPPLIER, PLATFORM = "buyer", "cooperation", "supplier", "platform"
PURCHASERS = (f.REQUISITIONER, f.APPROVER, f.RECEIVER, f.INVOICE_CLERK, f.BUYER_ADMIN, f.AUDITOR)
SHOWN_ROLES = 3  # more do not fit beside the name


@dataclass(frozen=True)
class Door:
    """One place of the main menu: below which address, for which roles, in which kinds of organisation."""

    path: str
    label: str | Promise
    roles: tuple[str, ...]
    kinds: tuple[str, ...] = (BUYER,)

    def open_to(self, who: Viewer) -> bool:
        """True when the viewer has business there."""
        return who.kind in self.kinds and who.has(*self.roles)


DOORS = (
    Door("katalog/", _("Catalogue"), (f.REQUISITIONER, f.APPROVER, f.CONTRACT_OWNER, f.AUDITOR)),
    Door("katalog/", _("Catalogue"), (f.CONTRACT_OWNER, f.COOP_ADMIN, f.AUDITOR), (COOPERATION,)),
    Door("korg/", _("Basket"), (f.REQUISITIONER,)),
    Door("tilvising/", _("To approve"), (f.APPROVER,)),
    Door("ordrar/", _("Orders"), PURCHASERS),
    Door("varemottak/", _("Goods receipt"), (f.RECEIVER, f.REQUISITIONER)),
    Door("fakturaer/", _("Invoices"), (f.INVOICE_CLERK, f.ACCOUNTANT, f.APPROVER, f.AUDITOR)),
    Door("avvik/", _("Deviations"), (f.INVOICE_CLERK, f.APPROVER, f.AUDITOR)),
    Door("rekneskap/", _("Accounting"), (f.ACCOUNTANT, f.AUDITOR)),
    Door(
        "leverandorar/",
        _("Suppliers"),
        (f.VENDOR_MASTER, f.ACCOUNTANT, f.BUYER_ADMIN, f.INVOICE_CLERK, f.AUDITOR),
    ),
    Door(
        "avtalar/",
        _("Agreements"),
        (f.CONTRACT_OWNER, f.COOP_ADMIN, f.BUYER_ADMIN, f.AUDITOR),
        (BUYER, COOPERATION),
    ),
    Door("kontering/", _("Coding and budget"), (f.ACCOUNTANT, f.BUYER_ADMIN, f.AUDITOR)),
    Door("sal/", _("Sales"), (f.SUPPLIER_USER,), (SUPPLIER,)),
    Door(
        "meldingar/",
        _("Messages"),
        (f.PLATFORM_OPERATOR, f.AUDITOR, f.INVOICE_CLERK, f.BUYER_ADMIN, f.SUPPLIER_USER),
        (BUYER, SUPPLIER, PLATFORM),
    ),
    Door("saker/", _("Cases"), (f.SUPPLIER_USER, f.BUYER_ADMIN, f.AUDITOR), (BUYER, SUPPLIER)),
    Door("oppsett/", _("Set-up"), SETUP_READERS, (BUYER, COOPERATION, SUPPLIER, PLATFORM)),
)


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context processor: no statement below /o/<slug>/, where the middleware has read the person's roles."""
    user = getattr(request, "user", None)
    if not isinstance(user, Person):
        return {"viewer": None, **Frame(login_url="/login/").as_context()}
    who: Viewer | None = getattr(request, "viewer", None)
    homes = getattr(request, "homes", None) or organisations_of(user.id)
    here = who.slug if who else ""
    home_url = f"/o/{here}/" if here else "/"
    shown = Frame(
        viewer_name=user.name,
        viewer_role=roles_in_words(who) if who else "",
        organisation=next((name for slug, name, _kind in homes if slug == here), ""),
        organisations=[NavItem(name, f"/o/{slug}/", slug == here) for slug, name, _kind in homes],
        nav=doors(who, request.path) if who else [],
        home_url=home_url,
        logout_url="/logout/",
    )
    return {"viewer": who, **shown.as_context()}


def doors(who: Viewer, path: str) -> list[NavItem]:
    """The main menu of this viewer; the place where `path` is, is marked."""
    base = f"/o/{who.slug}/"
    items = [NavItem(str(_("First page")), base, path == base)]
    for door in DOORS:
        if door.open_to(who):
            items.append(NavItem(str(door.label), base + door.path, path.startswith(base + door.path)))
    return items


def roles_in_words(who: Viewer) -> str:
    """The viewer's roles here, the first few of them."""
    held = [role for role in f.ROLES if who.has(role)]
    more = " …" if len(held) > SHOWN_ROLES else ""
    return ", ".join(role_name(role) for role in held[:SHOWN_ROLES]) + more
