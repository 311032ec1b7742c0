"""phive, the validator in Java that Peppol's own services use, by the rule sets that it brings of the same release.

Maven fetches what `peers/pom.xml` names; `peers/Phive.java` judges each document from bytes to findings on a warm JVM.
Measured only where peers are asked for, for it is a download of some 25 MB.
"""

from __future__ import annotations

import os
import re
import sys
from collections import Counter
from pathlib import Path
from typing import NamedTuple

from benchmarks._peers import NotThere, needed, run

HERE = Path(__file__).parent / "peers"
GROUP = "eu.peppol.bis3"
# Our set that is the nearest to the document, and phive's name for it and all that comes before it.
NAMES = {"PEPPOL-EN16931-UBL": "invoice", "PEPPOLBIS-T01": "order", "PEPPOLBIS-T19": "catalogue"}
_SPENT = r"mean ([\d.]+) min ([\d.]+)"
_LINE = re.compile(rf"^(.+): rules {_SPENT}; whole {_SPENT}; found(.*)$", re.MULTILINE)


class Judged(NamedTuple):
    """One document: CPU milliseconds by the rules alone and with the schemas first, and the findings' rule ids."""

    ms: float
    mean_ms: float
    with_schemas_ms: float
    with_schemas_mean_ms: float
    ids: Counter[str]


MILLISECONDS = tuple(name for name in Judged._fields if name != "ids")


def program(environment: Path | None, folder: Path) -> str:
    """The class path of our driver and of phive with all that it needs. Raises NotThere."""
    if environment is None:
        raise NotThere("no --peers FOLDER")
    needed("mvn", "javac", "java")
    listed, made = folder / "phive.classpath", folder / "phive-classes"
    goal = ["dependency:build-classpath", f"-Dmdep.outputFile={listed}", "-Dstyle.color=never"]
    try:
        run(["mvn", "--batch-mode", "--quiet", "--file", str(HERE / "pom.xml"), *goal], folder)
    except NotThere as why:
        print(why, file=sys.stderr)
        raise NotThere("Maven cannot fetch it") from why
    path = listed.read_text().strip()
    run(["javac", "-cp", path, "-d", str(made), str(HERE / "Phive.java")], folder)
    return f"{made}{os.pathsep}{path}"


def judge(path: str, rules: str, release: str, files: list[tuple[Path, int]]) -> dict[str, Judged]:
    """The documents, each so and so often, by file name. Raises NotThere where phive has no such release."""
    words = [word for file, times in files for word in (str(file), str(times))]
    said = run(["java", "-cp", path, "Phive", f"{GROUP}:{NAMES[rules]}:{release}", *words], HERE)
    found = {}
    for name, mean, least, whole_mean, whole_least, ids in _LINE.findall(said):
        counts = {one: int(count) for one, _, count in (word.partition("=") for word in ids.split())}
        by_rules, whole = (float(least), float(mean)), (float(whole_least), float(whole_mean))
        found[name] = Judged(*by_rules, *whole, Counter(counts))
    return found
