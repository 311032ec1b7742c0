"""The one command, `avrop`: people and programs use the same."""

from __future__ import annotations

import os
import sys


def main() -> None:
    """Run one command; see `avrop --help`."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "avrop.project.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line([os.path.basename(sys.argv[0]) or "avrop", *sys.argv[1:]])


if __name__ == "__main__":
    main()
