"""Other engines that judge invoices, each in a process of its own: CPU milliseconds, or `NotThere` with the reason."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

SAXON_JAR = Path("/usr/share/java/Saxon-HE.jar")  # Debian's libsaxonhe-java
Figures = dict[int, tuple[float, float]]  # lines of the invoice -> (least, median or mean) ms


class NotThere(Exception):
    """A peer that cannot be measured on this machine; the text says why."""


def needed(*commands: str) -> None:
    """Raises NotThere unless all the commands are on the path."""
    missing = [command for command in commands if not shutil.which(command)]
    if missing:
        raise NotThere(f"not on the path: {', '.join(missing)}")


def run(words: list[str], folder: Path, talks: bool = False) -> str:
    """What a peer printed; NotThere with its first line when it failed. Its stderr is ours, but of one that `talks`."""
    also = subprocess.STDOUT if talks else None
    done = subprocess.run(words, cwd=folder, stdout=subprocess.PIPE, stderr=also, text=True, check=False)
    if done.returncode:
        first = next((line for line in done.stdout.splitlines() if line.strip()), "")
        raise NotThere(f"{Path(words[0]).name} ended with {done.returncode}. {first[:200]}".strip())
    return done.stdout


def jvm(shared: Path, data: Path, sheets: list[Path], folder: Path) -> Figures:
    """Saxon-HE on a warm JVM: the CPU time of the thread that judges, without those that compile and collect.

    `data` holds inv1.xml, inv20.xml and inv2000.xml. The second figure is the mean of the later half.
    """
    program = shared / "peers" / "BenchSaxonJ.java"
    needed("javac", "java")
    for file in (SAXON_JAR, program):
        if not file.is_file():
            raise NotThere(f"{file.name} is not there")
    run(["javac", "-cp", str(SAXON_JAR), "-d", str(folder), str(program)], folder)
    path = f"{SAXON_JAR}{os.pathsep}{folder}"
    said = run(["java", "-cp", path, "BenchSaxonJ", str(data), *map(str, sheets)], folder)
    found = re.findall(r"(\d+) lines: cpu mean\(2nd half\) ([\d.,]+) ms, min ([\d.,]+)", said)
    number = lambda text: float(text.replace(",", "."))  # noqa: E731
    return {int(lines): (number(least), number(mean)) for lines, mean, least in found}


def _measured(python: str, shared: Path, data: Path, what: str, folder: Path) -> Figures:
    said = run([python, str(shared / "peers" / "bench_peers.py"), str(data), what], folder)
    found = re.findall(r"(\d+) lines cpu med ([\d.]+) min ([\d.]+)", said)
    if not found:  # the script says so and ends well
        raise NotThere((said.splitlines() or [""])[0][:200])
    return {int(lines): (float(least), float(median)) for lines, median, least in found}


def package(name: str, environment: Path | None, shared: Path, data: Path, folder: Path) -> Figures:
    """A Python validator that is installed in a virtual environment of its own."""
    if environment is None:
        raise NotThere("no --peers FOLDER")
    python = environment / "bin" / "python"
    if not python.is_file():
        raise NotThere("--peers FOLDER is no virtual environment")
    return _measured(str(python), shared, data, name, folder)


def official_sheets(shared: Path, sources: list[Path], folder: Path) -> list[Path]:
    """The sets as SchXslt compiles them, where SCHXSLT names the folder of its stylesheets."""
    if not os.environ.get("SCHXSLT"):
        raise NotThere("SCHXSLT is not set")
    sheets = [folder / f"official{number}.xslt" for number in range(len(sources))]
    for source, sheet in zip(sources, sheets, strict=True):
        run([sys.executable, str(shared / "peers" / "compile_rules.py"), str(source), str(sheet)], folder)
    return sheets


def saxonche(shared: Path, data: Path, sheets: list[Path], folder: Path) -> Figures:
    """saxonche with other stylesheets than ours."""
    return _measured(sys.executable, shared, data, f"saxon:{','.join(map(str, sheets))}", folder)
