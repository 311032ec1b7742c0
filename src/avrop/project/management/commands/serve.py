"""`avrop serve`: web and worker together."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from avrop.project import environment, installation, serving
from avrop.project.management.base import AvropCommand, Unusable, port, some

LOOPBACK = ("127.0.0.1", "localhost", "::1")


class Command(AvropCommand):
    """Web and worker together."""

    help = gettext_lazy("serves the installation in the data folder: web server and worker together")
    example = "avrop serve --port 8000"
    needs_tables = False

    def arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=port, default=8000, help=_("the port (default: 8000)"))
        host = environment.value("host", "127.0.0.1")
        parser.add_argument("--host", default=host, help=_("where to listen (default: this machine only)"))
        parser.add_argument("--processes", type=some, default=2, metavar="N", help=_("web processes"))

    def run(self, options: dict[str, Any]) -> int:
        if settings.AVROP_DEMO and options["host"] not in LOOPBACK:
            raise Unusable(_("A demo listens on 127.0.0.1 only: everybody knows its passwords."))
        self.free(options["host"], options["port"])
        installation.prepare()
        try:
            installation.ensure_safe()
        except installation.MayNotStart as reason:
            raise Unusable(str(reason)) from reason
        self.progress(f"http://{options['host']}:{options['port']}/")
        return serving.serve(options["port"], host=options["host"], processes=options["processes"])
