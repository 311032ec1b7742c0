"""Draws every station's states from its own table: `python tools/states.py` writes docs/states/*.mmd.

With `--check` it only compares, and ends with status 1 where a drawing is out of date.
"""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "docs" / "states"


def tables() -> dict[str, frozenset[tuple[str, str]]]:
    """Drawing name -> pairs, from every `states` module under src/avrop."""
    found = {}
    for path in sorted((ROOT / "src" / "avrop").glob("*/states.py")):
        room = path.parent.name
        module = importlib.import_module(f"avrop.{room}.states")
        for name, value in sorted(vars(module).items()):
            if name.isupper() and isinstance(value, frozenset) and value and _pairs(value):
                suffix = "" if name == "TRANSITIONS" else f"-{name.lower()}"
                found[f"{room}{suffix}"] = value
    return found


def _pairs(value: frozenset[object]) -> bool:
    return all(isinstance(v, tuple) and len(v) == 2 for v in value)


def draw(pairs: frozenset[tuple[str, str]]) -> str:
    """A mermaid state diagram; states that nothing leads to begin, those that lead nowhere end."""
    sources, targets = {a for a, _ in pairs}, {b for _, b in pairs}
    lines = ["stateDiagram-v2"]
    lines += [f"    [*] --> {s}" for s in sorted(sources - targets)]
    lines += [f"    {a} --> {b}" for a, b in sorted(pairs)]
    lines += [f"    {t} --> [*]" for t in sorted(targets - sources)]
    return "\n".join(lines) + "\n"


def main() -> int:
    """Write or compare. Returns the exit status."""
    wanted = {FOLDER / f"{name}.mmd": draw(pairs) for name, pairs in tables().items()}
    stale = [p for p, text in wanted.items() if not p.is_file() or p.read_text() != text]
    extra = [p for p in FOLDER.glob("*.mmd") if p not in wanted]
    if "--check" in sys.argv:
        for path in [*stale, *extra]:
            print(f"out of date: {path.relative_to(ROOT)}")
        return 1 if stale or extra else 0
    FOLDER.mkdir(parents=True, exist_ok=True)
    for path in extra:
        path.unlink()
    for path in stale:
        path.write_text(wanted[path])
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
