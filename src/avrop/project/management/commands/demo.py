"""`avrop demo`: fills a data folder with the demo region and serves it, or plays one purchase."""

from __future__ import annotations

import dataclasses
import os
import subprocess
import sys
import tempfile
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from avrop.demo import progress
from avrop.demo.fill import DEFAULT_SEED, fill, holds_real_work, is_filled
from avrop.journal.worker import keep_plans
from avrop.project import installation, serving
from avrop.project.management.base import AvropCommand, Unusable, port

INSIDE = "AVROP_DEMO_INSIDE"  # set for the process that works in the folder the first one made


class Command(AvropCommand):
    """The demo region, in its three forms."""

    help = gettext_lazy("fills a data folder with a made-up region and serves it on 127.0.0.1")
    example = "avrop demo --port 8000"
    needs_tables = False

    def arguments(self, parser: ArgumentParser) -> None:
        """`--play`, `--no-serve`, `--short`, `--seed`, `--port`."""
        parser.add_argument(
            "--play", action="store_true", help=_("play one purchase in a fresh folder, then end")
        )
        parser.add_argument("--no-serve", action="store_true", help=_("fill only, and list the logins"))
        parser.add_argument(
            "--short",
            action="store_true",
            help=_("only the purchases of the first pages, not the whole year"),
        )
        parser.add_argument("--seed", type=int, default=DEFAULT_SEED, help=_("another seed, another region"))
        parser.add_argument("--port", type=port, default=8000, help=_("the port (default: 8000)"))

    def run(self, options: dict[str, Any]) -> int:
        """Settings are read when the program starts, so a demo's own settings need a process of their own."""
        if os.environ.get(INSIDE) != "1":
            return self._again(options)
        if options["play"]:
            return self._play(options["seed"])
        if not options["no_serve"]:
            self.free("127.0.0.1", options["port"])
        self._fill(options["seed"], short=options["short"], whole=options["no_serve"])
        if options["no_serve"] or self.as_json:
            result = summary()
            self.give(result, logins_table(result))
            if options["no_serve"]:
                return 0
        else:
            self._welcome(options["port"])
        return serving.serve(options["port"], extra=[double()])

    def _again(self, options: dict[str, Any]) -> int:
        environment = {**os.environ, INSIDE: "1", "AVROP_DEMO": "1"}
        words = [sys.executable, "-m", "avrop.project.cli", "demo", *sys.argv[2:]]
        if not options["play"]:
            sys.stdout.flush()
            os.execve(sys.executable, words, environment)
        with tempfile.TemporaryDirectory(prefix="avrop-play-") as folder:
            environment |= {"AVROP_DIR": folder, "AVROP_DATABASE": f"sqlite:///{folder}/avrop.sqlite3"}
            return subprocess.run(words, env=environment, check=False).returncode

    def _fill(self, seed: int, *, short: bool, whole: bool) -> None:
        """All that must be there before somebody looks; the rest now (`whole`), in the worker, or not at all."""
        folder = Path(settings.AVROP_DIR)
        if installation.has_tables() and holds_real_work(folder):
            raise Unusable(
                _("The data folder %(folder)s holds real work; choose another one with AVROP_DIR.")
                % {"folder": settings.AVROP_DIR}
            )
        installation.prepare()
        if progress.read(folder) is None and is_filled():
            return
        self._fill_now(seed, until=progress.NOTHING if whole and not short else progress.REST)
        if short:
            progress.end(folder)

    def _fill_now(self, seed: int, until: str) -> None:
        from avrop.project.setup.write import apply

        folder = Path(settings.AVROP_DIR)
        fill(seed=seed, set_up=apply, progress=self.progress, until=until, folder=folder, lenient=True)
        keep_plans(filled=True)

    def _play(self, seed: int) -> int:
        from avrop.demo.play import play

        installation.prepare()
        self._fill_now(seed, until=progress.FIRST)
        count, state = 0, ""
        for step in play():
            count, state = count + 1, step.state
            self.give(
                dataclasses.asdict(step),
                f"{step.step:14} {step.document:14} {step.number:18} {step.state:12} {step.ms:6} ms",
            )
        self.give(
            {"result": state, "steps": count},
            _("%(steps)s steps: %(state)s") % {"steps": count, "state": state},
        )
        return 0 if state == "posted" else 1

    def _welcome(self, port: int) -> None:
        text = logins_table(summary())
        at = f"http://127.0.0.1:{port}/"
        line = _("Avrop runs on %(address)s. Choose whom to be on the first page; stop with Ctrl+C.") % {
            "address": at
        }
        self.stdout.write(f"{text}\n\n{line}")
        self.stdout.flush()


def double() -> list[str]:
    """The accounting system's stand-in, a process of its own."""
    from avrop.accounting.jobs import folder

    return [sys.executable, "-m", "avrop.accounting.double", str(folder())]


def summary() -> dict[str, Any]:
    """Who and what is in the demo."""
    from avrop.agreements.queries import all_agreements
    from avrop.demo.region import PASSWORD
    from avrop.tenancy import queries
    from avrop.tenancy.scope import everything

    with everything("the demo lists what is in it"):
        agreements = [{"ref": a.ref, "supplier": a.supplier_name} for a in all_agreements()]
    people: dict[tuple[str, str], dict[str, Any]] = {}
    for row in queries.everybodys_roles():
        login = people.setdefault(
            (row.login, row.organisation),
            {"login": row.login, "password": PASSWORD, "organisation": row.organisation, "roles": []},
        )
        if row.role not in login["roles"]:
            login["roles"].append(row.role)
    return {
        "buyers": [_party(p) for p in queries.list_parties("buyer")],
        "suppliers": [_party(p) for p in queries.list_parties("supplier")],
        "agreements": agreements,
        "logins": list(people.values()),
    }


def _party(party: Any) -> dict[str, str]:
    return {"slug": party.slug, "name": party.name, "orgnr": party.orgnr}


def logins_table(result: dict[str, Any]) -> str:
    """The logins for people, grouped by organisation."""
    from avrop.tenancy.texts import role_name

    lines, before = [], ""
    for one in result["logins"]:
        if one["organisation"] != before:
            before = one["organisation"]
            lines += ["", before]
        roles = ", ".join(role_name(role) for role in one["roles"])
        lines.append(f"  {one['login']:22} {one['password']:6} {roles}")
    return "\n".join(lines).lstrip("\n")
