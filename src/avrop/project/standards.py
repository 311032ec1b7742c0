"""The official rule sets of this installation: one registry, filled from AVROP_STANDARDS at first use."""

from __future__ import annotations

import json
import logging
import threading
import zipfile
from pathlib import Path

from django.conf import settings

from avrop.kernel.finding import Refusal
from avrop.kernel.ports import today
from avrop.ubl import gate
from avrop.ubl.rulesets import Registry, Verdict

log = logging.getLogger("avrop.standards")

_lock = threading.Lock()
_registries: dict[Path, Registry] = {}
_unusable: dict[Path, str] = {}  # folders of AVROP_STANDARDS that gave nothing, and why (for `avrop doctor`)


def registry() -> Registry:
    """The registry in the data folder. Official releases that AVROP_STANDARDS names are imported once."""
    folder = Path(settings.AVROP_DIR) / "standards"
    with _lock:
        found = _registries.get(folder)
        if found is None:
            found = Registry(folder)
            _fill(found, folder / "imported.json")
            _registries[folder] = found
        return found


def judge_today(document: bytes) -> Verdict:
    """The gate, the schemas and the rules in force today, of a document that is about to leave. Raises GateRefused."""
    return registry().judge(gate.admit(document).root, on=today())


def unusable() -> dict[Path, str]:
    """Places in AVROP_STANDARDS that could not be imported, with the code of the reason."""
    registry()
    return dict(_unusable)


def _fill(found: Registry, note: Path) -> None:
    """Import what AVROP_STANDARDS names and the note does not hold yet. A bad place stops nothing else."""
    done = set(json.loads(note.read_text("utf-8"))) if note.is_file() else set()
    new = [path for path in settings.AVROP_STANDARDS if str(path.absolute()) not in done]
    for path in new:
        try:
            found.install(path)
        except (Refusal, OSError, zipfile.BadZipFile) as error:
            _unusable[path] = error.code if isinstance(error, Refusal) else "NOT_FOUND"
            log.warning("AVROP_STANDARDS: %s: %s", path, _unusable[path])
        else:
            done.add(str(path.absolute()))
    if new and done:
        note.parent.mkdir(parents=True, exist_ok=True)
        note.write_text(json.dumps(sorted(done)), encoding="utf-8")


def use(folder: Path, registry_: Registry) -> None:
    """Let a compiled registry serve another data folder too (tests compile once)."""
    with _lock:
        _registries[folder / "standards"] = registry_
