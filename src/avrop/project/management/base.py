"""What every command shares: `--json`, exit status 0/1/2, one clear line on stderr, the person's language."""

from __future__ import annotations

import json
import logging
import os
import sys
import unicodedata
from argparse import SUPPRESS, ArgumentParser, ArgumentTypeError
from datetime import date
from pathlib import Path
from typing import Any, ClassVar

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import Error as DatabaseError
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from avrop.kernel.finding import Refusal
from avrop.project import environment
from avrop.project.management.parser import DJANGOS, Parser

log = logging.getLogger("avrop.command")


class Unusable(Exception):
    """It could not be done: unreadable input or wrong use. Ends the command with status 2."""


class AvropCommand(BaseCommand):
    """`run` does the work and returns 0 (done and good) or 1 (done, but something was found)."""

    requires_system_checks: ClassVar[list[str]] = []  # type: ignore[misc]
    requires_migrations_checks = False
    example = ""
    needs_tables = True  # refuse where there is no installation yet
    help: str | Promise = ""  # type: ignore[assignment]

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> Any:
        """The parser, with the example below; none of Django's own options."""
        parser = Parser(prog=f"avrop {subcommand}", description=str(self.help), epilog=example(self.example))
        parser.set_defaults(**DJANGOS)
        self.add_arguments(parser)
        return parser

    def add_arguments(self, parser: ArgumentParser) -> None:
        """`--json` for everybody; `arguments` adds the command's own."""
        parser.add_argument(
            "--json", action="store_true", help=_("print one JSON object per input, nothing else")
        )
        self.arguments(parser)

    def arguments(self, parser: ArgumentParser) -> None:
        """The command's own arguments."""

    def actions(self, parser: ArgumentParser) -> Any:
        """Room for `avrop COMMAND ACTION`."""
        return parser.add_subparsers(dest="action", metavar=_("ACTION"), required=True)

    def action(self, actions: Any, name: str, text: str, shown: str = "") -> ArgumentParser:
        """One action, with its own help and example, and `--json` after its name too."""
        parser: ArgumentParser = actions.add_parser(
            name, help=text, description=text, epilog=example(shown or self.example)
        )
        text = _("print one JSON object per input, nothing else")
        parser.add_argument("--json", action="store_true", default=SUPPRESS, help=text)
        return parser

    def handle(self, *args: Any, **options: Any) -> None:
        """Run in the person's language and leave with the right status."""
        self.as_json = options["json"]
        with translation.override(environment.language()):
            status = self._run(options)
        sys.stdout.flush()
        sys.exit(status)

    def _run(self, options: dict[str, Any]) -> int:
        try:
            self._tables()
            return self.run(options)
        except Unusable as error:
            self.fail(str(error))
        except Refusal as refusal:
            from avrop.web.refusals import sentence

            self.fail(sentence(refusal))
        except BrokenPipeError:
            # Whoever read our output has seen enough (`avrop ... | head`); nothing more can be said there.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        except DatabaseError as error:
            self._unexpected(_("The database cannot be used: %(error)s"), error)
        except Exception as error:  # whatever it is, a person gets a line and not a stack trace
            self._unexpected(_("Something went wrong that should not (%(error)s)."), error)
        return 2

    def _tables(self) -> None:
        from avrop.project import installation

        if self.needs_tables and not installation.has_tables():
            raise Unusable(
                _(
                    "There is no installation in %(folder)s. Make one with “avrop setup import” or “avrop demo”."
                )
                % {"folder": settings.AVROP_DIR}
            )

    def _unexpected(self, text: str, error: Exception) -> None:
        log.debug("the command failed", exc_info=error)
        first = next(iter(str(error).splitlines()), "")
        self.fail(text % {"error": f"{type(error).__name__}: {first}" if first else type(error).__name__})

    def free(self, host: str, port: int) -> None:
        """Raises Unusable where nothing can listen on the address."""
        from avrop.project import serving

        if not serving.is_free(host, port):
            raise Unusable(
                _("%(address)s is taken, or not an address of this machine. Choose another port with --port.")
                % {"address": f"{host}:{port}"}
            )

    def say(self, text: str) -> None:
        """One line on stderr."""
        sys.stderr.write(one_line(text) + "\n")

    def fail(self, text: str) -> None:
        """One line on stderr and status 2."""
        sys.stdout.flush()
        self.say(text)
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


def example(text: str) -> str:
    """The last line of a `--help`."""
    return _("Example: %(example)s") % {"example": text}


def port(text: str) -> int:
    """A port number, for argparse."""
    return _number(text, 1, 65535)


def whole(text: str) -> int:
    """A number from 0, for argparse."""
    return _number(text, 0, 10_000_000)


def some(text: str) -> int:
    """A number from 1 to 64, for argparse."""
    return _number(text, 1, 64)


def day(text: str) -> date:
    """A date as 2026-01-31, for argparse."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(_("write the date as 2026-01-31, not %(text)s") % {"text": text}) from None


def _number(text: str, least: int, most: int) -> int:
    if text.isascii() and text.isdigit() and least <= int(text[:9]) <= most:
        return int(text)
    raise ArgumentTypeError(
        _("it must be a number from %(least)s to %(most)s, not %(text)s")
        % {"least": least, "most": most, "text": text}
    )


def one_line(text: str) -> str:
    """The text on one line, without characters that move a terminal's cursor."""
    return " ".join("".join(" " if unicodedata.category(c) == "Cc" else c for c in text).split())


def read_bytes(path: Path) -> bytes:
    """The bytes of a file. Raises Unusable."""
    try:
        return path.read_bytes()
    except (OSError, ValueError) as error:
        raise Unusable(_("%(file)s cannot be read.") % {"file": path}) from error
