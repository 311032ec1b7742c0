"""`avrop doctor`."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy

from avrop.project import installation
from avrop.project.management.base import AvropCommand


class Command(AvropCommand):
    """What is installed, reachable, missing."""

    help = gettext_lazy("says what is installed, reachable and missing")
    example = "avrop doctor --json"
    needs_tables = False

    def run(self, options: dict[str, Any]) -> int:
        checks = installation.checks()
        result = {
            "checks": [{"name": c.name, "ok": c.ok, "detail": c.detail} for c in checks],
            "buyers": installation.buyers(),
        }
        width = max(len(c.name) for c in checks)
        lines = [f"{'ok ' if c.ok else '-- '} {c.name:<{width}}  {c.detail}" for c in checks]
        self.give(result, "\n".join(lines))
        return 0 if all(c.ok for c in checks) else 1
