"""Fill a room's catalogues from a small table, so that both Norwegians are written side by side.

    python tools/translate.py ROOM TABLE

TABLE is a Python file with `T = {"English": ("nynorsk", "bokmål")}`; for a plural the key is the singular and
each translation a pair. First extracts the room's texts; then fills in; then says what is left. The table is
a working paper and is not kept: the catalogues are what counts.
"""

from __future__ import annotations

import runpy
import sys
from pathlib import Path

import messages


def fill(room: Path, table: dict[str, tuple[object, object]]) -> list[str]:
    """Write the table's translations into the room's nn and nb;

    Keys that the room does not use are returned.
    """
    messages.update(room)
    used = set()
    for column, language in enumerate(messages.LANGUAGES):
        path = messages.po_path(room, language)
        catalog = messages.read(path, language)
        for message in catalog:
            key = message.id if isinstance(message.id, str) else message.id[0]
            if key and key in table:
                message.string = table[key][column]
                message.flags.discard("fuzzy")
                used.add(key)
        path.write_text(messages.as_text(catalog, language), encoding="utf-8")
    return sorted(set(table) - used)


if __name__ == "__main__":
    root = Path(__file__).resolve().parent.parent
    room = root / "src" / "avrop" / sys.argv[1]
    unused = fill(room, runpy.run_path(sys.argv[2])["T"])
    messages.compile_all(root)
    print("\n".join([f"not used: {key!r}" for key in unused] + messages.faults(room)))
