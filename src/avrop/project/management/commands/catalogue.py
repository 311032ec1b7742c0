"""`avrop catalogue import FILE --agreement REF` and `avrop catalogue search WORDS --as LOGIN`."""

from __future__ import annotations

import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any
from uuid import UUID

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from avrop.agreements.facts import AgreementFacts
from avrop.agreements.queries import all_agreements
from avrop.catalogue import operations, queries
from avrop.catalogue.facts import Facet
from avrop.catalogue.pricelist import operations as price_lists
from avrop.catalogue.pricelist.mapping import fields
from avrop.catalogue.texts import STATES, WARNINGS, in_words, reason_text
from avrop.kernel.finding import Refusal
from avrop.kernel.money import from_micro, quantity_from_micro
from avrop.project.management.base import AvropCommand, Unusable, read_bytes, whole
from avrop.project.management.commands.coding import SHOWN, more
from avrop.tenancy.facts import REQUISITIONER, UnitFacts
from avrop.tenancy.models import Person
from avrop.tenancy.queries import login_viewer, organisations_of, party, units, units_below, viewer_for
from avrop.tenancy.scope import Viewer, as_system, everything, viewing
from avrop.ubl.findings import from_refusal, text_for
from avrop.ubl.gate import GateRefused
from avrop.ubl.mapping import DocumentRefused
from avrop.web.refusals import explain


class Command(AvropCommand):
    """Supplier catalogues: in, and looked up."""

    help = gettext_lazy("brings a supplier's catalogue in, or searches as a person would")
    example = "avrop catalogue import catalogue.xml --agreement FI-2026-01"

    def arguments(self, parser: ArgumentParser) -> None:
        """`import` and `search`."""
        actions = self.actions(parser)
        importer = self.action(
            actions, "import", _("read FILE (Peppol Catalogue, xlsx or csv) into a new version")
        )
        importer.add_argument("file", type=Path, metavar="FILE")
        importer.add_argument("--agreement", required=True, metavar="REF", help=_("the framework agreement"))
        importer.add_argument(
            "--owner", metavar="SLUG", help=_("the agreement's owner, where several use the REF")
        )
        importer.add_argument(
            "--approve-as", metavar="LOGIN", help=_("let this contract owner approve it at once")
        )
        importer.add_argument(
            "--column",
            action="append",
            default=[],
            metavar="FIELD=HEADING",
            help=_("which column of a spreadsheet holds what: %(fields)s") % {"fields": ", ".join(fields())},
        )
        importer.add_argument(
            "--unit", default="", metavar="CODE", help=_("the unit of rows that do not say theirs")
        )
        importer.add_argument(
            "--vat", default="", metavar="PERCENT", help=_("the VAT rate of rows that do not say theirs")
        )
        shown = "avrop catalogue search kopipapir --as kari.bestillar"
        searcher = self.action(actions, "search", _("what this person would find and may order"), shown)
        searcher.add_argument("words", nargs="+", metavar="WORDS")
        searcher.add_argument("--as", dest="login", required=True, metavar="LOGIN", help=_("who searches"))
        searcher.add_argument(
            "--unit", metavar="CODE", help=_("the unit that buys (default: the person's first)")
        )
        searcher.add_argument("--limit", type=whole, default=20)

    def run(self, options: dict[str, Any]) -> int:
        """0 when done and good, 1 when lines or the whole version were rejected."""
        return self.take(options) if options["action"] == "import" else self.search(options)

    def take(self, options: dict[str, Any]) -> int:
        """Import, and approve where asked."""
        agreement = find_agreement(options["agreement"], options["owner"])
        raw = read_bytes(options["file"])
        judge = contract_owner(options["approve_as"], agreement) if options["approve_as"] else None
        columns = dict(column(text) for text in options["column"])
        self.progress(_("Reading %(file)s ...") % {"file": options["file"]})
        given: dict[str, Any] = {
            "agreement_id": agreement.id,
            "raw": raw,
            "source_name": options["file"].name,
        }
        with as_system(agreement.owner_id):
            try:
                if is_xml(raw):
                    result = operations.import_version(**given)
                else:
                    result = price_lists.take(
                        **given, columns=columns, unit=options["unit"].upper(), vat=options["vat"]
                    )
            except (GateRefused, DocumentRefused) as refused:
                raise Unusable(text_for(from_refusal(refused), get_language() or "nn")) from refused
            except Refusal as refusal:
                if refusal.code != "PRICE_LIST_COLUMNS":
                    raise
                raise Unusable(explain(refusal.code, in_words(refusal.params))) from refusal
        if judge is not None and result["state"] == "in_review":
            with viewing(judge):
                operations.approve_version(version_id=UUID(result["id"]))
            result["state"] = "active"
        self.give(result, imported_text(result))
        return 1 if result["rejected"] or result["state"] == "rejected" else 0

    def search(self, options: dict[str, Any]) -> int:
        """Search as the person, in the organisation where it may order."""
        who = as_requisitioner(options["login"])
        words = " ".join(options["words"])
        with viewing(who):
            unit = unit_of(who, options["unit"])
            started = time.perf_counter_ns()
            found = queries.search(words, unit=unit, limit=max(0, options["limit"]))
            spent = (time.perf_counter_ns() - started) // 1_000_000
        language = get_language() or "nn"
        items = [
            {
                "id": str(item.id),
                "name": item.name(language),
                "supplier": item.supplier_name,
                "agreement": item.agreement_ref,
                "price": str(from_micro(item.price)),
                "base_quantity": str(quantity_from_micro(item.base_quantity)),
                "unit": item.unit_code,
                "currency": item.currency,
                "item": item.seller_item_id,
            }
            for item in found.items
        ]
        facets = {name: facet_counts(values, language) for name, values in found.facets.items()}
        result = {"query": words, "total": found.total, "items": items, "facets": facets, "ms": spent}
        self.give(result, searched_text(result))
        return 0


def is_xml(raw: bytes) -> bool:
    """Whether a file is to be read as a Peppol Catalogue: it begins as XML, in any encoding."""
    return raw[:64].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").startswith(b"<")


def column(text: str) -> tuple[str, str]:
    """FIELD=HEADING. Raises Unusable."""
    name, sign, heading = text.partition("=")
    if not sign or name not in fields() or not heading.strip():
        raise Unusable(
            _("Write a column as FIELD=HEADING, with one of these fields: %(fields)s.")
            % {"fields": ", ".join(fields())}
        )
    return name, " ".join(heading.split())


def find_agreement(ref: str, owner: str | None) -> AgreementFacts:
    """The agreement with this reference, maybe of the owner with this short name. Raises Unusable."""
    with everything("a command names an agreement by its reference"):
        found = [one for one in all_agreements() if one.ref == ref]
        if owner:
            found = [one for one in found if party(one.owner_id).slug == owner]
    if not found:
        raise Unusable(_("There is no agreement “%(ref)s”.") % {"ref": ref})
    if len(found) > 1:
        raise Unusable(
            _("Several owners have an agreement “%(ref)s”; say which with --owner.") % {"ref": ref}
        )
    return found[0]


def contract_owner(login: str, agreement: AgreementFacts) -> Viewer:
    """The login as viewer of the agreement's owner. Raises Unusable."""
    person = Person.objects.filter(login=login).first()
    who = viewer_for(person, party(agreement.owner_id).slug) if person else None
    if who is None:
        raise Unusable(_("“%(login)s” has no role at the owner of the agreement.") % {"login": login})
    return who


def as_requisitioner(login: str) -> Viewer:
    """The login where it is a requisitioner, else where it has any role. Raises Unusable."""
    person = Person.objects.filter(login=login).first()
    for slug, _name, _kind in organisations_of(person.id) if person else ():
        who = viewer_for(person, slug) if person else None
        if who is not None and who.has(REQUISITIONER):
            return who
    who = login_viewer(login)
    if who is None:
        raise Unusable(_("There is no login “%(login)s” with a role.") % {"login": login})
    return who


def unit_of(who: Viewer, code: str | None) -> UnitFacts:
    """The unit with this code among the person's own, else the first of them. Raises Unusable."""
    every = units()
    mine = units_below(every, who.units(REQUISITIONER)) or list(every.values())
    chosen = [one for one in mine if code in (None, one.code)]
    if not chosen:
        raise Unusable(_("“%(login)s” has no such unit to buy for.") % {"login": who.name})
    return chosen[0]


def facet_counts(values: tuple[Facet, ...], language: str) -> dict[str, int]:
    """Label -> how many."""
    return {facet.name(language): facet.count for facet in values}


def imported_text(result: dict[str, Any]) -> str:
    """An import for people."""
    lines = [
        _(
            "Version %(version)s (%(state)s): %(lines)s items, %(added)s new, %(changed)s changed, "
            "%(removed)s removed."
        )
        % {**result, "state": STATES[result["state"]]}
    ]
    lines += [str(WARNINGS[one["code"]]) % one for one in result["warnings"]]
    for one in result["rejected"][:SHOWN]:
        why = reason_text(one)
        lines.append(_("Rejected line %(line)s: %(reason)s") % {**one, "reason": why})
    return "\n".join(lines + more(result["rejected"]))


def searched_text(result: dict[str, Any]) -> str:
    """A search for people."""
    lines = [_("%(total)s items") % result]
    lines += [
        f"{one['item']:14} {one['price']:>10} {one['unit']:4} {one['name']} ({one['supplier']})"
        for one in result["items"]
    ]
    return "\n".join(lines)
