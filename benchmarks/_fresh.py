"""What a process that has done nothing before needs: start, memory, and the making of the compiled sets."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

_OPEN = """
import json, sys
from pathlib import Path
from avrop.ubl.rulesets import Registry
registry = Registry(Path(sys.argv[1]))
document, engine, names = Path(sys.argv[2]).read_text(), sys.argv[3], sys.argv[4].split(",")
def entries(): return [e for e in registry.listing() if e.title in names]
"""
_RULES = _OPEN + "registry.run(document, entries(), engine)"
_ALL = """
import sys
from pathlib import Path
from avrop.ubl import gate
from avrop.ubl.rulesets import Registry
verdict = Registry(Path(sys.argv[1])).judge(gate.admit(Path(sys.argv[2]).read_bytes()).root, engine=sys.argv[3])
assert verdict.valid, verdict
"""
_MEMORY = (
    _OPEN
    + """
def field(name):
    return next(int(l.split()[1]) / 1024 for l in open("/proc/self/status") if l.startswith(name))
entries()
before = field("VmRSS")
registry.run(document, entries(), engine)
loaded = field("VmRSS")
for path in sys.argv[5:]:
    results = registry.run_file(Path(path), [e for e in entries() if "T19" in e.name])
    assert results == [[]], results
print(json.dumps({"before": round(before, 1), "loaded": round(loaded, 1), "peak": round(field("VmHWM"), 1)}))
"""
)
_COMPILE = """
import json, sys, tempfile, time
from pathlib import Path
from avrop.schematron import program, schema
from avrop.schematron.compiler.module import compile_schema
from avrop.schematron.library import Library
from avrop.schematron.source import parse
from avrop.ubl.rulesets import Registry
folder, names = Path(sys.argv[1]), sys.argv[2].split(",")
library, found = Library(Path(tempfile.mkdtemp(dir=sys.argv[3])), module=None), {}
def clock(run):
    before = time.process_time(); result = run()
    return round(time.process_time() - before, 2), result
for entry in Registry(folder).listing():
    if entry.title in names:
        source = lambda: parse((folder / "content" / entry.content).read_bytes())
        fast, rules = clock(lambda: library.get(entry.content, source))
        exact, _ = clock(lambda: library.compile(entry.content, source))
        made = compile_schema(schema.read(source()))
        native, _ = clock(lambda: program.program(schema.read(source())))
        found[entry.title] = {"native_s": native, "checks": made.asserts, "by_path_alone": made.alarms, "fast_s": fast,
                              "exact_s": exact, "fallbacks": len(rules.refused)}
print(json.dumps(found))
"""


def _child(code: str, *words: object) -> tuple[float, float, str]:
    """(CPU seconds, seconds on the clock, last line) of a fresh interpreter."""
    before, clock = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", code, *map(str, words)],
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
    )
    after, clock = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter() - clock
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return cpu, clock, (done.stdout.splitlines() or [""])[-1]


def cold_start(folder: Path, document: Path, engine: str, titles: list[str], times: int) -> dict[str, float]:
    """Least CPU and clock seconds from starting Python to the verdict by rules, and by gate, schemas and rules."""
    rules = [_child(_RULES, folder, document, engine, ",".join(titles)) for _ in range(times)]
    whole = [_child(_ALL, folder, document, engine) for _ in range(times)]
    return {
        "cpu_s": round(min(cpu for cpu, _, _ in rules), 2),
        "clock_s": round(min(clock for _, clock, _ in rules), 2),
        "with_gate_and_schemas_cpu_s": round(min(cpu for cpu, _, _ in whole), 2),
    }


def memory(
    folder: Path, document: Path, engine: str, titles: list[str], judged: list[Path]
) -> dict[str, float]:
    """Resident MiB before any set, with the sets loaded (each has judged `document`), and at most over the
    catalogues `judged`, which are judged from their files."""
    return dict(json.loads(_child(_MEMORY, folder, document, engine, ",".join(titles), *judged)[2]))


def compile_times(folder: Path, titles: list[str], scratch: Path) -> dict[str, Any]:
    """For each set its checks, CPU seconds to compile, and patterns that are left to Saxon."""
    return dict(json.loads(_child(_COMPILE, folder, ",".join(titles), scratch)[2]))
