"""`avrop serve`: web and worker together."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from avrop.project import environment, installation, serving
from avrop.project.management.base import AvropCommand, Unusable


class Command(AvropCommand):
    """Web and worker together."""

    help = "Serves the installation in the data folder: web server and worker together."
    example = "avrop serve --port 8000"

    def arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--host", default=environment.value("host", "127.0.0.1"))
        parser.add_argument("--processes", type=int, default=2, metavar="N", help="web processes")

    def run(self, options: dict[str, Any]) -> int:
        installation.prepare()
        try:
            installation.ensure_safe()
        except installation.MayNotStart as reason:
            raise Unusable(str(reason)) from reason
        self.progress(f"http://{options['host']}:{options['port']}/")
        return serving.serve(options["port"], host=options["host"], processes=options["processes"])
