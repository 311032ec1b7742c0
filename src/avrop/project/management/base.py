"""What every command shares: `--json`, exit status 0/1/2, one clear line on stderr, the person's language."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from typing import Any, ClassVar

from django.core.management.base import BaseCommand
from django.utils import translation

from avrop.kernel.finding import Refusal
from avrop.project import environment


class Unusable(Exception):
    """It could not be done: unreadable input or wrong use. Ends the command with status 2."""


class AvropCommand(BaseCommand):
    """`run` does the work and returns 0 (done and good) or 1 (done, but something was found)."""

    requires_system_checks: ClassVar[list[str]] = []  # type: ignore[misc]
    requires_migrations_checks = False
    suppressed_base_arguments: ClassVar[set[str]] = {
        "--version",
        "--settings",
        "--pythonpath",
        "--traceback",
        "--no-color",
        "--force-color",
        "--skip-checks",
        "--verbosity",
    }
    example = ""

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> Any:
        """The parser, with the example below."""
        return super().create_parser(prog_name, subcommand, epilog=f"Example: {self.example}", **kwargs)

    def add_arguments(self, parser: ArgumentParser) -> None:
        """`--json` for everybody; `arguments` adds the command's own."""
        parser.add_argument("--json", action="store_true", help="print one JSON object per input, nothing else")
        self.arguments(parser)

    def arguments(self, parser: ArgumentParser) -> None:
        """The command's own arguments."""

    def handle(self, *args: Any, **options: Any) -> None:
        """Run in the person's language and leave with the right status."""
        self.as_json = options["json"]
        with translation.override(environment.value("language", "nn")):
            try:
                status = self.run(options)
            except Unusable as error:
                self.fail(str(error))
            except Refusal as refusal:
                from avrop.web.refusals import sentence

                self.fail(sentence(refusal))
        sys.stdout.flush()
        sys.exit(status)

    def fail(self, text: str) -> None:
        """One line on stderr and status 2."""
        sys.stderr.write(text.splitlines()[0] + "\n" if text else "\n")
        sys.exit(2)

    def run(self, options: dict[str, Any]) -> int:
        """Do it."""
        raise NotImplementedError

    def give(self, result: dict[str, Any], text: str = "") -> None:
        """One result: the JSON object with `--json`, else the text for people."""
        if self.as_json:
            sys.stdout.write(json.dumps(result, ensure_ascii=False, default=str) + "\n")
        elif text:
            sys.stdout.write(text.rstrip("\n") + "\n")
        sys.stdout.flush()

    def progress(self, text: str) -> None:
        """A line of progress, to stderr and only on a terminal."""
        if sys.stderr.isatty():
            sys.stderr.write(text + "\n")
