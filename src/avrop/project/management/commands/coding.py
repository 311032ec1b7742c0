"""`avrop coding import FILE --buyer SLUG`."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from avrop.coding import kostra, operations
from avrop.coding.texts import DIMENSIONS, REASONS, WARNINGS
from avrop.project.management.base import AvropCommand, Unusable, read_bytes
from avrop.tenancy.queries import party_by_slug
from avrop.tenancy.scope import as_system

SHOWN = 20  # warnings and rejected lines that are told one by one to people


class Command(AvropCommand):
    """Chart of accounts and budget from a file."""

    help = gettext_lazy("brings chart of accounts and budget in from a file")
    example = "avrop coding import budget.csv --buyer bremnes --kind budget --year 2026"

    def arguments(self, parser: ArgumentParser) -> None:
        """`import FILE`."""
        actions = self.actions(parser)
        importer = self.action(actions, "import", _("read FILE; the same file again changes nothing"))
        importer.add_argument("file", type=Path, metavar="FILE")
        importer.add_argument("--buyer", required=True, metavar="SLUG")
        importer.add_argument(
            "--kind", choices=[operations.CHART, operations.BUDGET], default=operations.BUDGET
        )
        importer.add_argument("--year", type=int, help=_("the budget year (default: the latest in the file)"))
        importer.add_argument(
            "--kostra", type=Path, help=_("folder with kostra-art.csv and kostra-funksjon.csv")
        )

    def run(self, options: dict[str, Any]) -> int:
        """0 when every line was taken (warnings too), 1 when some were rejected."""
        buyer = party_by_slug(options["buyer"])
        if buyer is None or buyer.kind != "buyer":
            raise Unusable(_("There is no buyer “%(slug)s”.") % {"slug": options["buyer"]})
        raw = read_bytes(options["file"])
        places = [options["kostra"]] if options["kostra"] else []
        codes = kostra.in_force([*places, *settings.AVROP_STANDARDS])
        with as_system(buyer.id):
            if options["kind"] == operations.CHART:
                result = operations.import_chart(raw=raw, codes=codes)
            else:
                result = operations.import_budget(raw=raw, year=options["year"], codes=codes)
        self.give(result, as_text(result))
        return 1 if result["rejected"] else 0


def as_text(result: dict[str, Any]) -> str:
    """The result for people."""
    lines = [
        _(
            "%(lines)s lines, %(accounts)s accounts, %(responsibilities)s responsibilities, "
            "%(functions)s functions."
        )
        % result
    ]
    if result["year"]:
        lines.append(_("Budget %(year)s: %(sum_positive)s and %(sum_negative)s kroner.") % result)
    for one in result["warnings"][:SHOWN]:
        what = {**one, "dimension": DIMENSIONS[one["dimension"]], "warning": WARNINGS[one["warning"]]}
        lines.append(_("Warning: %(dimension)s %(code)s %(name)s: %(warning)s") % what)
    lines += more(result["warnings"])
    for one in result["rejected"][:SHOWN]:
        lines.append(_("Rejected line %(line)s: %(reason)s") % {**one, "reason": REASONS[one["reason"]]})
    return "\n".join(lines + more(result["rejected"]))


def more(rows: list[Any]) -> list[str]:
    """A line that says how many are not shown, if any."""
    hidden = len(rows) - SHOWN
    return [_("... and %(count)s more") % {"count": hidden}] if hidden > 0 else []
