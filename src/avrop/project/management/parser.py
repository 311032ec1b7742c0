"""The command line's own parser: wrong use is one line in the person's language; none of Django's options."""

from __future__ import annotations

import argparse
import sys
from typing import Any, NoReturn

from django.core.management.base import CommandParser
from django.utils.translation import gettext, gettext_noop, ngettext

# argparse asks the system's gettext for its words. Avrop's language is chosen by AVROP_LANGUAGE, so it must
# ask Django's; the words are marked here for our catalogues.
vars(argparse).update(_=gettext, ngettext=ngettext)
WORDS = (
    gettext_noop("usage: "),
    gettext_noop("positional arguments"),
    gettext_noop("options"),
    gettext_noop("show this help message and exit"),
    gettext_noop("argument %(argument_name)s: %(message)s"),
    gettext_noop("unknown parser %(parser_name)r (choices: %(choices)s)"),
    gettext_noop("unrecognized arguments: %s"),
    gettext_noop("ignored explicit argument %r"),
    gettext_noop("the following arguments are required: %s"),
    gettext_noop("expected one argument"),
    gettext_noop("expected at least one argument"),
    gettext_noop("ambiguous option: %(option)s could match %(matches)s"),
    gettext_noop("invalid %(type)s value: %(value)r"),
    gettext_noop("invalid choice: %(value)r (choose from %(choices)s)"),
)
# What Django's commands take from its own options; nobody sets them here.
DJANGOS = {
    "verbosity": 1,
    "settings": None,
    "pythonpath": None,
    "traceback": False,
    "no_color": False,
    "force_color": False,
    "skip_checks": True,
}


class Parser(CommandParser):
    """Below `avrop COMMAND`. Wrong use is one line on stderr and status 2."""

    def __init__(self, **given: Any) -> None:
        given.setdefault("formatter_class", argparse.RawDescriptionHelpFormatter)
        super().__init__(**{**given, "allow_abbrev": False, "called_from_command_line": True})

    def error(self, message: str) -> NoReturn:
        """One line, and where to read more."""
        text = gettext("%(command)s: %(message)s. See “%(command)s --help”.")
        sys.stderr.write(" ".join((text % {"command": self.prog, "message": message}).split()) + "\n")
        sys.exit(2)
