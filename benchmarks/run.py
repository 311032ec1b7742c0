"""Runs every benchmark and writes what it said into benchmarks/RESULTS.md: figures, machine, versions, date.

    python benchmarks/run.py --quick

Each benchmark is a file beside this one that takes `--quick --json` and whose last line is one JSON object.
They run one after the other, each in a process of its own. Exit 1 if any failed.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
PARTS = ("django", "lxml", "saxonche", "granian", "typst")


def run(path: Path, quick: bool) -> dict[str, Any] | None:
    """The benchmark's last line as a dict; None when it failed (its own words are on stderr)."""
    command = [sys.executable, str(path), "--json", *(["--quick"] if quick else [])]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, cwd=HERE.parent, check=False)
    lines = [line for line in done.stdout.splitlines() if line.strip()]
    if done.returncode or not lines:
        return None
    result: dict[str, Any] = json.loads(lines[-1])
    return result


def machine() -> str:
    """What the figures were taken on."""
    model = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.is_file():
        names = [
            line.partition(":")[2].strip() for line in info.read_text().splitlines() if "model name" in line
        ]
        model = names[0] if names else model
    return f"{model}, {os.cpu_count()} cores, Python {platform.python_version()}"


def report(results: dict[str, dict[str, Any] | None], quick: bool, at: datetime) -> str:
    """The page as Markdown."""
    parts = ", ".join(f"{name} {version(name)}" for name in PARTS)
    lines = [
        "# Results",
        "",
        f"{at:%Y-%m-%d %H:%M} UTC, {'quick' if quick else 'full'} sizes.",
        f"{machine()}.",
        parts + ".",
        "",
    ]
    lines += ["Written by `make bench`. `null`: the peer is not installed on that machine.", ""]
    for name, figures in results.items():
        lines += [f"## {name}", ""]
        if figures is None:
            lines += ["Failed.", ""]
            continue
        lines += ["| figure | value |", "|---|---|"]
        lines += [f"| {key} | {json.dumps(value, ensure_ascii=False)} |" for key, value in figures.items()]
        lines.append("")
    return "\n".join(lines)


def main() -> int:
    """Command line; see the module's own words."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--quick", action="store_true")
    options = parser.parse_args()
    results: dict[str, dict[str, Any] | None] = {}
    for path in sorted(HERE.glob("*.py")):
        if path.name != Path(__file__).name and not path.name.startswith("_"):
            print(f"{path.name} ...", file=sys.stderr)
            results[path.stem] = run(path, options.quick)
    text = report(results, options.quick, datetime.now(UTC))
    (HERE / "RESULTS.md").write_text(text, encoding="utf-8")
    print(text)
    return 1 if any(figures is None for figures in results.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
