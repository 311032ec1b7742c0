"""`avrop setup import FILE`."""

from __future__ import annotations

import tomllib
from argparse import SUPPRESS, ArgumentParser
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from avrop.project.management.base import AvropCommand, Unusable
from avrop.project.setup.plan import Plan
from avrop.project.setup.texts import SENTENCES


class Command(AvropCommand):
    """Organisations, units, people, roles and mandates from a readable TOML file; repeatable."""

    help = "organisations, units, persons, roles, mandates, suppliers and agreements from a TOML file"
    example = "avrop setup import region.toml --json"

    def arguments(self, parser: ArgumentParser) -> None:
        """`import FILE`."""
        below = parser.add_subparsers(dest="what", required=True)
        importer = below.add_parser("import", help="read FILE; the same file again changes nothing")
        importer.add_argument("file", type=Path)
        importer.add_argument("--json", action="store_true", default=SUPPRESS)

    def run(self, options: dict[str, Any]) -> int:
        """0 when everything was taken, 1 when something was rejected."""
        from avrop.project.setup.write import apply

        try:
            document = tomllib.loads(options["file"].read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError) as error:
            raise Unusable(
                _("%(file)s cannot be read: %(error)s") % {"file": options["file"], "error": error}
            ) from error
        except tomllib.TOMLDecodeError as error:
            raise Unusable(
                _("%(file)s is not valid TOML: %(error)s") % {"file": options["file"], "error": error}
            ) from error
        plan = apply(document)
        result = summary(plan)
        self.give(result, as_text(result))
        return 1 if plan.rejected else 0


def summary(plan: Plan) -> dict[str, Any]:
    """The counts of what the file holds and was taken, and what was rejected."""
    people = {person.login for section in plan.sections for person in section.people}
    return {
        "organisations": len(plan.sections),
        "units": sum(len(section.units) for section in plan.sections),
        "persons": len(people),
        "mandates": sum(len(p.mandates) for section in plan.sections for p in section.people),
        "agreements": sum(len(section.agreements) for section in plan.sections),
        "rejected": [
            {"entry": one.entry, "code": one.code, "reason": str(SENTENCES[one.code]) % {"value": one.value}}
            for one in plan.rejected
        ],
    }


def as_text(result: dict[str, Any]) -> str:
    """The same for people."""
    lines = [
        _(
            "%(organisations)s organisations, %(units)s units, %(persons)s people, %(mandates)s mandates, "
            "%(agreements)s agreements."
        )
        % result
    ]
    lines += [_("Left out: %(entry)s. %(reason)s") % one for one in result["rejected"]]
    return "\n".join(lines)
