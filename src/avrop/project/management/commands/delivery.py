"""`avrop delivery receive ORDER [--line N=QTY ...] --as LOGIN`."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any
from uuid import UUID

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from avrop.delivery import operations, queries
from avrop.delivery.facts import ReceiptFacts
from avrop.kernel.finding import Refusal
from avrop.kernel.money import NotANumber, parse_norwegian, quantity_from_micro, to_micro
from avrop.ordering import queries as ordering
from avrop.project.management.base import AvropCommand, Unusable
from avrop.tenancy import queries as tenancy
from avrop.tenancy.models import Person
from avrop.tenancy.scope import Viewer, viewing
from avrop.ubl.codes import name_of
from avrop.web.refusals import sentence


class Command(AvropCommand):
    """Registers a goods receipt as a person would on the page."""

    help = gettext_lazy("registers that the goods of an order came: everything open, or the lines named")
    example = "avrop delivery receive 2026-00017 --line 1=6 --line 2=2,5 --as berit"

    def arguments(self, parser: ArgumentParser) -> None:
        parser = self.action(self.actions(parser), "receive", str(self.help))
        parser.add_argument("order", metavar="ORDER", help=_("the order's number"))
        parser.add_argument(
            "--line", action="append", default=[], metavar="N=QTY", help=_("how much of a line")
        )
        parser.add_argument("--as", dest="login", required=True, metavar="LOGIN", help=_("who receives"))
        parser.add_argument("--note", default="", help=_("a note on the receipt"))
        parser.add_argument("--exception", default="", help=_("why the approver of the purchase receives"))

    def run(self, options: dict[str, Any]) -> int:
        quantities = dict(_line(text) for text in options["line"]) or None
        who, order_id = _find(options["login"], options["order"])
        with viewing(who):
            try:
                ident = operations.receive(
                    order_id=order_id,
                    quantities=quantities,
                    note=options["note"],
                    exception=options["exception"],
                )
            except Refusal as refusal:
                return self._refused(options["order"], refusal)
            receipt = queries.receipt(ident)
        assert receipt is not None
        self.give(_plain(options["order"], receipt), _text(receipt))
        return 0

    def _refused(self, order: str, refusal: Refusal) -> int:
        why = sentence(refusal)
        if self.as_json:
            self.give({"order": order, "receipt": None, "lines": [], "refused": refusal.code, "reason": why})
        else:
            self.say(why)
        return 1


def _line(text: str) -> tuple[int, int]:
    number, _sign, quantity = text.partition("=")
    try:
        return int(number), to_micro(parse_norwegian(quantity))
    except (ValueError, NotANumber):
        raise Unusable(
            _("Write a line as NUMBER=QUANTITY, for example 1=2,5; not %(text)s.") % {"text": text}
        ) from None


def _find(login: str, number: str) -> tuple[Viewer, UUID]:
    """The person as a viewer of the organisation that has the order."""
    person = Person.objects.filter(login=login).first()
    if person is None:
        raise Unusable(_("Nobody has the login %(login)s.") % {"login": login})
    for slug, _name, _kind in tenancy.organisations_of(person.id):
        who = tenancy.viewer_for(person, slug)
        if who is None:
            continue
        with viewing(who):
            found = ordering.orders_by_numbers([number]).get(number)
        if found is not None:
            return who, found.id
    raise Unusable(_("%(login)s has no order %(number)s.") % {"login": login, "number": number})


def _plain(order: str, receipt: ReceiptFacts) -> dict[str, Any]:
    lines = [
        {
            "line": line.line_no,
            "name": line.name,
            "quantity": format(quantity_from_micro(line.quantity), "f"),
            "ordered": format(quantity_from_micro(line.ordered), "f"),
            "unit": line.unit_code,
        }
        for line in receipt.lines
    ]
    return {"order": order, "receipt": receipt.number, "received_by": receipt.received_by, "lines": lines}


def _text(receipt: ReceiptFacts) -> str:
    language = get_language() or "nn"
    lines = []
    for line in receipt.lines:
        unit = name_of("unit", line.unit_code, language)
        lines.append(f"  {line.line_no}  {quantity_from_micro(line.quantity):f} {unit}  {line.name}")
    return "\n".join([_("Receipt %(number)s") % {"number": receipt.number}, *lines])
