"""`avrop setup import FILE`."""

from __future__ import annotations

import tomllib
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from avrop.project import installation
from avrop.project.management.base import AvropCommand, Unusable, read_bytes
from avrop.project.setup.plan import Plan
from avrop.project.setup.texts import SENTENCES


class Command(AvropCommand):
    """Organisations, units, people, roles and mandates from a readable TOML file; repeatable."""

    help = gettext_lazy("brings organisations, units, people, roles and agreements in from a TOML file")
    example = "avrop setup import region.toml --json"
    needs_tables = False  # makes them, once the file can be read

    def arguments(self, parser: ArgumentParser) -> None:
        """`import FILE`."""
        actions = self.actions(parser)
        importer = self.action(actions, "import", _("read FILE; the same file again changes nothing"))
        importer.add_argument("file", type=Path, metavar="FILE")

    def run(self, options: dict[str, Any]) -> int:
        """0 when everything was taken, 1 when something was rejected."""
        from avrop.project.setup.write import apply

        raw = read_bytes(options["file"])
        try:
            document = tomllib.loads(raw.decode("utf-8"))
        except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            raise Unusable(
                _("%(file)s is not valid TOML: %(error)s") % {"file": options["file"], "error": error}
            ) from error
        if not installation.has_tables():
            installation.prepare()
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
