"""`avrop standards import PATH` and `avrop standards list`."""

from __future__ import annotations

import zipfile
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from avrop.project.management.base import AvropCommand, Unusable, day
from avrop.project.standards import registry
from avrop.project.texts import rule_set_text
from avrop.ubl.identify import document_types_of
from avrop.ubl.installed import Installed, Term
from avrop.ubl.releases import UNKNOWN

STATUSES = {
    "installed": gettext_lazy("installed"),
    "already": gettext_lazy("was there"),
    "dated": gettext_lazy("new date"),
    "replaced": gettext_lazy("replaced"),
}


class Command(AvropCommand):
    """Official releases in, and what is in force when."""

    help = gettext_lazy("imports official rule releases that you have, and lists what is in force when")
    example = "avrop standards import ../peppol-2026.5 --valid-from 2026-08-17"
    needs_tables = False

    def arguments(self, parser: ArgumentParser) -> None:
        actions = self.actions(parser)
        take = self.action(actions, "import", _("read an official release: a folder, a zip or one .sch file"))
        take.add_argument("path", type=Path, metavar="PATH")
        take.add_argument(
            "--valid-from",
            type=day,
            metavar="DATE",
            help=_("the first day it applies (default: by its name)"),
        )
        self.action(actions, "list", _("what is installed, from which day"), "avrop standards list --json")

    def run(self, options: dict[str, Any]) -> int:
        return self._list() if options["action"] == "list" else self._import(options)

    def _import(self, options: dict[str, Any]) -> int:
        path: Path = options["path"]
        try:
            got = registry().install(
                path, options["valid_from"], lambda name, done, total: self.progress(f"{done}/{total} {name}")
            )
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
            "document_types": sorted({kind for item in kept for kind in document_types_of(item.name)}),
            "asserts": asserts,
            "compiled": len([item for item in kept if item.asserts]),
            "fallback": sum(item.fallbacks for item in kept),
            "sets": [
                {"name": i.name, "release": i.release, "asserts": i.asserts, "status": i.status} for i in kept
            ],
            "refused": [
                {"name": i.name, "release": i.release, "reason": rule_set_text(i.reason)} for i in refused
            ],
        }
        lines = [f"{STATUSES[i.status]!s:<16} {_called(i)} ({i.asserts})" for i in kept]
        lines += [_("refused") + f" {_called(i)}: {rule_set_text(i.reason)}" for i in refused]
        self.give(result, "\n".join(lines))

    def _list(self) -> int:
        items, terms = registry().listing(), registry().terms()
        if registry().index.spoiled:
            raise Unusable(
                _("%(file)s is spoiled. Import your releases again.")
                % {"file": registry().folder / "index.json"}
            )
        rows = [
            {
                "name": item.name,
                "release": item.release,
                "edition": item.edition,
                **_days(item),
                "asserts": item.asserts,
                "sha256": item.sha256,
            }
            for item in items
        ]
        documents = [
            {
                "document_type": term.document_type,
                "customization": term.customization,
                "profiles": list(term.profiles),
                "rule_sets": list(term.rule_sets),
                "release": term.release,
                **_days(term),
            }
            for term in terms
        ]
        lines = [_line(r["name"], r["release"], r["valid_from"], r["valid_to"], r["asserts"]) for r in rows]
        if rows:
            heads = (_("rule set"), _("release"), _("first day"), _("last day"), _("rules"))
            lines.insert(0, _line(*heads))
        self.give(
            {"installed": rows, "documents": documents},
            "\n".join(lines) or _("No official rule sets are installed."),
        )
        return 0


def _called(item: Installed) -> str:
    release = _("of an unknown release") if item.release == UNKNOWN else item.release
    return f"{item.name} {release}"


def _days(of: Installed | Term) -> dict[str, str | None]:
    first, last = of.valid_from, of.valid_to
    return {
        "valid_from": first.isoformat() if first else None,
        "valid_to": last.isoformat() if last else None,
    }


def _line(name: Any, release: Any, first: Any, last: Any, rules: Any) -> str:
    return f"{name!s:<36} {release!s:<12} {first or '-'!s:<12} {last or '-'!s:<12} {rules}"
