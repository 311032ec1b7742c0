"""`avrop audit verify`."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from avrop.journal import audit
from avrop.project.management.base import AvropCommand


class Command(AvropCommand):
    """The whole audit chain."""

    help = gettext_lazy("checks the audit chain against itself, the tables and the heads kept outside")
    example = "avrop audit verify"

    def arguments(self, parser: ArgumentParser) -> None:
        self.action(self.actions(parser), "verify", str(self.help))

    def run(self, options: dict[str, Any]) -> int:
        report = audit.verify(settings.AVROP_DIR / "heads")
        result = {
            "entries": report.entries,
            "rows": report.rows,
            "ok": report.ok,
            "broken_at": report.broken_at,
            "places": list(report.places[:1000]),
        }
        if report.ok:
            text = _("The chain holds: %(entries)s entries, %(rows)s rows.") % {
                "entries": report.entries,
                "rows": report.rows,
            }
        else:
            text = "\n".join(report.places[:50])
        self.give(result, text)
        return 0 if report.ok else 1
