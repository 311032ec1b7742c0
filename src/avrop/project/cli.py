"""The one command, `avrop`: people and programs use the same."""

from __future__ import annotations

import difflib
import io
import os
import sys
from importlib import metadata

# In the order in which somebody meets them.
COMMANDS = (
    "demo",
    "setup",
    "coding",
    "standards",
    "catalogue",
    "serve",
    "worker",
    "doctor",
    "validate",
    "receive",
    "ordering",
    "delivery",
    "audit",
)


def main() -> None:
    """Run one command; see `avrop --help`."""
    try:
        sys.exit(run(sys.argv[1:]))
    except KeyboardInterrupt:  # also while it starts
        sys.exit(130)


def run(words: list[str]) -> int:
    """Run what the words name. Returns the exit status: 2 for wrong use, with one line on stderr."""
    for stream in (sys.stdout, sys.stderr):
        # A name that the terminal's character set lacks is shown with a stand-in, not as a failure.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "avrop.project.settings")
    words = _plain(words)
    if words == ["--version"]:
        print(f"avrop {metadata.version('avrop')}")
        return 0
    try:
        _start()
    except Exception as error:  # settings that cannot be used: avrop.toml, AVROP_DATABASE ...
        first = next(iter(str(error).splitlines()), type(error).__name__)
        sys.stderr.write(f"avrop: {first}\n")
        return 2
    if not words:
        return _list()
    return _run(words) if words[0] in COMMANDS else _unknown(words[0])


def _plain(words: list[str]) -> list[str]:
    """`avrop help X` is `avrop X --help`; `avrop help` and `avrop --help` are `avrop`."""
    if words[:1] == ["help"]:
        return [*words[1:2], "--help"] if words[1:] else []
    return [] if words[:1] in (["--help"], ["-h"]) else words


def _start() -> None:
    import django
    from django.utils import translation

    from avrop.project import environment

    django.setup()
    translation.activate(environment.language())


def _run(words: list[str]) -> int:
    from django.core.management import load_command_class

    try:
        command = load_command_class("avrop.project", words[0])
        command.handle(**vars(command.create_parser("avrop", words[0]).parse_args(words[1:])))
    except KeyboardInterrupt:
        return 130
    return 0


def _list() -> int:
    from django.core.management import load_command_class
    from django.utils.translation import gettext as _

    print(_("usage: ") + "avrop " + _("COMMAND ..."))
    print("\n" + _("From need to payment for municipalities, on real messages. Commands:") + "\n")
    for name in COMMANDS:
        print(f"  {name:<10} {load_command_class('avrop.project', name).help}")
    print("\n" + _("“avrop COMMAND --help” says more and gives an example. Example: avrop demo"))
    print(_("Settings: AVROP_DIR, AVROP_DATABASE, AVROP_STANDARDS, AVROP_LANGUAGE (nn, nb, en), avrop.toml."))
    return 0


def _unknown(word: str) -> int:
    from django.utils.translation import gettext as _

    near = difflib.get_close_matches(word, COMMANDS, n=1)
    text = _("avrop: there is no command “%(word)s”.") % {"word": word[:60]}
    more = _("Did you mean “%(near)s”?") % {"near": near[0]} if near else _("“avrop --help” lists them.")
    sys.stderr.write(" ".join(f"{text} {more}".split()) + "\n")
    return 2


if __name__ == "__main__":
    main()
