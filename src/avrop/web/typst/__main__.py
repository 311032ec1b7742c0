"""One document made in a process of its own: asked for on standard input, given on standard output."""

from __future__ import annotations

import json
import resource
import sys
from datetime import datetime

from avrop.web.typst import PATIENCE, PdfFailed, compiled

MEMORY = 4 * 1024**3  # bytes of address space; a document that wants more is not made


def main() -> int:
    """0 and the PDF, or 1 and typst's words."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (PATIENCE, PATIENCE))
    asked = json.loads(sys.stdin.buffer.read())
    at = datetime.fromisoformat(asked["at"]) if asked["at"] else None
    try:
        made = compiled(asked["template"], asked["inputs"], asked["standards"], at)
    except PdfFailed as problem:
        sys.stderr.write(str(problem))
        return 1
    sys.stdout.buffer.write(made)
    return 0


if __name__ == "__main__":
    sys.exit(main())
