"""Other engines that judge invoices, each in a process of its own: CPU milliseconds, None where one is not there."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

SAXON_JAR = Path("/usr/share/java/Saxon-HE.jar")  # Debian's libsaxonhe-java
Figures = dict[int, tuple[float, float]]  # lines of the invoice -> (least, median or mean) ms


def _run(words: list[str], folder: Path, **env: str) -> str | None:
    """What a peer printed; None when it failed (its own words go to stderr)."""
    done = subprocess.run(
        words, cwd=folder, env={**os.environ, **env}, stdout=subprocess.PIPE, text=True, check=False
    )
    return None if done.returncode else done.stdout


def jvm(shared: Path, data: Path, sheets: list[Path], folder: Path) -> Figures | None:
    """Saxon-HE on a warm JVM: the CPU time of the thread that judges, without those that compile and collect.

    `data` holds inv1.xml, inv20.xml and inv2000.xml. The second figure is the mean of the later half.
    """
    program = shared / "peers" / "BenchSaxonJ.java"
    if not (
        sheets
        and SAXON_JAR.is_file()
        and program.is_file()
        and shutil.which("javac")
        and shutil.which("java")
    ):
        return None
    if _run(["javac", "-cp", str(SAXON_JAR), "-d", str(folder), str(program)], folder) is None:
        return None
    path = f"{SAXON_JAR}{os.pathsep}{folder}"
    said = _run(["java", "-cp", path, "BenchSaxonJ", str(data), *map(str, sheets)], folder)
    found = re.findall(r"(\d+) lines: cpu mean\(2nd half\) ([\d.,]+) ms, min ([\d.,]+)", said or "")
    number = lambda text: float(text.replace(",", "."))  # noqa: E731
    return {int(lines): (number(least), number(mean)) for lines, mean, least in found} or None


def _measured(python: str, shared: Path, data: Path, what: str, folder: Path) -> Figures | None:
    said = _run([python, str(shared / "peers" / "bench_peers.py"), str(data), what], folder)
    found = re.findall(r"(\d+) lines cpu med ([\d.]+) min ([\d.]+)", said or "")
    return {int(lines): (float(least), float(median)) for lines, median, least in found} or None


def package(name: str, environment: Path | None, shared: Path, data: Path, folder: Path) -> Figures | None:
    """A Python validator that is installed in a virtual environment of its own."""
    python = environment / "bin" / "python" if environment else None
    if python is None or not python.is_file():
        return None
    return _measured(str(python), shared, data, name, folder)


def official_sheets(shared: Path, sources: list[Path], folder: Path) -> list[Path]:
    """The sets as SchXslt compiles them, where SCHXSLT names the folder of its stylesheets; else nothing."""
    if not os.environ.get("SCHXSLT"):
        return []
    sheets = []
    for number, source in enumerate(sources):
        sheets.append(folder / f"official{number}.xslt")
        words = [sys.executable, str(shared / "peers" / "compile_rules.py"), str(source), str(sheets[-1])]
        if _run(words, folder) is None:
            return []
    return sheets


def saxonche(shared: Path, data: Path, sheets: list[Path], folder: Path) -> Figures | None:
    """saxonche with other stylesheets than ours."""
    if not sheets:
        return None
    return _measured(sys.executable, shared, data, f"saxon:{','.join(map(str, sheets))}", folder)
