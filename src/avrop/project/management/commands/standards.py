"""`avrop standards import PATH` and `avrop standards list`."""

from __future__ import annotations

import zipfile
from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from avrop.kernel.finding import Refusal
from avrop.project.management.base import AvropCommand, Unusable
from avrop.project.standards import registry
from avrop.ubl.rulesets import Installed
from avrop.web.refusals import sentence


class Command(AvropCommand):
    """Official releases in, and what is in force when."""

    help = "Imports official rule releases that the operator has, and lists what is in force when."
    example = "avrop standards import ../peppol-2026.5 --valid-from 2026-08-17"

    def arguments(self, parser: ArgumentParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        take = actions.add_parser("import", help="read an official release: a folder or a zip")
        take.add_argument("path", type=Path)
        take.add_argument("--valid-from", type=date.fromisoformat, metavar="DATE")
        take.add_argument("--json", action="store_true", default=False)
        show = actions.add_parser("list", help="what is installed")
        show.add_argument("--json", action="store_true", default=False)

    def run(self, options: dict[str, Any]) -> int:
        return self._list() if options["action"] == "list" else self._import(options)

    def _import(self, options: dict[str, Any]) -> int:
        path: Path = options["path"]
        if not path.exists():
            raise Unusable(_("%(file)s cannot be read.") % {"file": path})
        try:
            got = registry().install(
                path, options["valid_from"], lambda name, done, total: self.progress(f"{done}/{total} {name}")
            )
        except Refusal as refusal:
            raise Unusable(sentence(refusal)) from refusal
        except (OSError, zipfile.BadZipFile) as error:
            raise Unusable(_("%(file)s cannot be read.") % {"file": path}) from error
        self._give(got)
        return 1 if any(item.status == "refused" for item in got) else 0

    def _give(self, items: list[Installed]) -> None:
        kept = [item for item in items if item.status != "refused"]
        refused = [item for item in items if item.status == "refused"]
        releases = sorted({item.release for item in items})
        asserts = sum(item.asserts for item in kept)
        result = {
            "release": ", ".join(releases),
            "document_types": sorted({item.name for item in kept}),
            "asserts": asserts,
            "compiled": len([item for item in kept if item.asserts]),
            "fallback": 0,
            "sets": [{"name": i.name, "release": i.release, "asserts": i.asserts, "status": i.status} for i in kept],
            "refused": [{"name": i.name, "release": i.release, "reason": i.reason} for i in refused],
        }
        lines = [f"{i.status:<10} {i.name} {i.release} ({i.asserts})" for i in kept]
        lines += [_("refused") + f" {i.name} {i.release}: {i.reason}" for i in refused]
        self.give(result, "\n".join(lines))

    def _list(self) -> int:
        items = registry().listing()
        rows = [
            {
                "name": item.name,
                "release": item.release,
                "valid_from": item.valid_from.isoformat() if item.valid_from else None,
                "asserts": item.asserts,
                "sha256": item.sha256,
            }
            for item in items
        ]
        lines = [f"{r['name']:<28} {r['release']:<12} {r['valid_from'] or '-':<12} {r['asserts']}" for r in rows]
        self.give({"installed": rows}, "\n".join(lines) or _("No official rule sets are installed."))
        return 0
