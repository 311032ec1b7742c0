"""`avrop ordering import FILE... --approved-by LOGIN`."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from avrop.journal.worker import keep_plans
from avrop.kernel.finding import Refusal
from avrop.kernel.money import from_minor
from avrop.kernel.ports import originals
from avrop.ordering.takeover import operations
from avrop.ordering.takeover.parties import find_parties
from avrop.ordering.takeover.texts import WARNINGS, in_words
from avrop.project.management.base import AvropCommand, Unusable, read_bytes
from avrop.tenancy.models import Person
from avrop.tenancy.queries import viewer_for
from avrop.tenancy.scope import viewing
from avrop.ubl import gate, sbdh
from avrop.ubl.documents import order as t01
from avrop.ubl.findings import from_refusal, text_for
from avrop.ubl.mapping import DocumentRefused
from avrop.web.refusals import explain

MANY = 20  # files after which the database is told how its tables are filled


class Command(AvropCommand):
    """Open orders of another system, as sent."""

    help = gettext_lazy("takes open orders of another system over, so that their invoices match")
    example = "avrop ordering import order-1.xml order-2.xml --approved-by radmann"

    def arguments(self, parser: ArgumentParser) -> None:
        """`import FILE...`."""
        text = _(
            "read each FILE (Peppol Order XML); nothing is sent, and the same file again changes nothing"
        )
        importer = self.action(self.actions(parser), "import", text)
        importer.add_argument("files", nargs="+", type=Path, metavar="FILE")
        importer.add_argument(
            "--approved-by",
            required=True,
            metavar="LOGIN",
            help=_("who answers for the orders: somebody with a mandate for each of them"),
        )

    def run(self, options: dict[str, Any]) -> int:
        """0 when every order was taken over, 1 when one was refused, 2 when a file could not be read."""
        person = Person.objects.filter(login=options["approved_by"], is_active=True).first()
        if person is None:
            raise Unusable(_("Nobody has the login %(login)s.") % {"login": options["approved_by"]})
        status = 0
        for place, path in enumerate(options["files"], 1):
            self.progress(f"{place}/{len(options['files'])}  {path}")
            status = max(status, self._one(path, person))
        if len(options["files"]) >= MANY:
            keep_plans(filled=True)
        return status

    def _one(self, path: Path, person: Person) -> int:
        empty: dict[str, Any] = {"file": str(path), "order": None, "lines": 0, "total": None}
        try:
            done = _take(path, person)
        except Unusable as error:
            self.give({**empty, "reason": str(error)})
            self.say(str(error))
            return 2
        except Refusal as refusal:
            why = explain(refusal.code, in_words(refusal.code, refusal.params))
            self.give({**empty, "refused": refusal.code, "reason": why})
            self.say(f"{path}: {why}")
            return 1
        result = {
            "file": str(path),
            "order": done.number,
            "lines": done.lines,
            "total": str(from_minor(done.gross)),
            "uncoded": done.uncoded,
            "warnings": list(done.warnings),
            "again": done.again,
        }
        self.give(result, _text(result))
        return 0


def _take(path: Path, person: Person) -> operations.Result:
    raw = read_bytes(path)
    sha256 = originals().put(raw)
    try:
        _header, root = sbdh.unwrap(gate.admit(raw).root)
        document = t01.read(root)
    except (gate.GateRefused, DocumentRefused) as refused:
        text = text_for(from_refusal(refused), get_language() or "nn")
        raise Unusable(_("%(file)s cannot be read: %(why)s") % {"file": path, "why": text}) from refused
    buyer = find_parties(document).buyer
    who = viewer_for(person, buyer.slug)
    if who is None:
        raise Refusal("TAKEOVER_OTHER_BUYER", number=document.id, buyer=buyer.name)
    with viewing(who):
        return operations.take_over(document=document, sha256=sha256, size=len(raw), source_name=path.name)


def _text(result: dict[str, Any]) -> str:
    lines = [_("%(file)s: order %(order)s, %(lines)s lines, %(total)s kr with VAT") % result]
    if result["again"]:
        lines.append("  " + _("It was taken over before; nothing is changed."))
    if result["uncoded"]:
        text = ngettext(
            "%(uncoded)s line lacks its coding and waits for the accountant.",
            "%(uncoded)s lines lack their coding and wait for the accountant.",
            result["uncoded"],
        )
        lines.append("  " + text % result)
    lines += [f"  {WARNINGS[code]}" for code in result["warnings"]]
    return "\n".join(lines)
