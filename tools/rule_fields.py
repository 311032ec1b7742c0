"""Read from official rule files which field each generated rule is about, for `ubl/tables/rule_fields.csv`.

    python tools/rule_fields.py FILE.sch...

Facts only: the rule's id, the element of its context, the element, attribute or code list of its test. The rules of
a data model ("must be there", "not allowed here", "from this list") say nothing else, so our own sentence is made
from these facts and the words of `tables/elements.csv`. The newest release is given last and wins.
"""

from __future__ import annotations

import csv
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from lxml import etree

SCH = "{http://purl.oclc.org/dsdl/schematron}"
TABLE = Path(__file__).resolve().parent.parent / "src/avrop/ubl/tables/rule_fields.csv"
HEAD = ("id", "kind", "under", "field", "list")
_GENERATED = re.compile(r"(PEPPOL-T\d+|EHF-\w+)-B\d+$")
_NAME = re.compile(r"(c[ab]c|ext):\w+$")
_COUNT = re.compile(r"^\(?count\((.+?)\) *<= *1\)?$")

Row = tuple[str, str, str, str, str]


def facts(file: Path) -> Iterator[Row]:
    """(id, kind, local name of the context, field, list or value) of every rule the file says that much of."""
    for check in etree.parse(file).iter(f"{SCH}assert"):
        parent = check.getparent()
        if parent is None:
            continue
        name, test = check.get("id") or "", " ".join((check.get("test") or "").split())
        context = " ".join((parent.get("context") or "").split())
        quoted = re.findall(r"'([^']*)'", "".join(str(part) for part in check.itertext()))
        if _GENERATED.match(name):
            found = _generated(test, quoted)
            under = "" if context.endswith("/*") else re.split(r"[/:]", context)[-1]
        else:
            found, under = _written(name, test, context), ""
        if found:
            yield (name, found[0], under, found[1], found[2])


def _generated(test: str, quoted: list[str]) -> tuple[str, str, str] | None:
    """A rule of the data model, by the form of its test."""
    if test == "false()":
        return ("extra", "", "")
    if "schemaLocation" in test:
        return ("schema", "", "")
    if _NAME.match(test):
        return ("present", test, "")
    if re.match(r"@\w+$", test):
        return ("attribute", test, "")
    attribute = re.match(r"not\((@\w+)\) or", test)
    if "satisfies" in test:
        return (
            "attribute_code" if attribute else "code",
            attribute[1] if attribute else "",
            " / ".join(quoted),
        )
    if quoted and (fixed := re.match(r"(?:not\(@\w+\) or )?(@\w+) *= *'", test)):
        return ("attribute_value", fixed[1], quoted[-1])
    if quoted and test.startswith("normalize-space(text())"):
        return ("value", "", quoted[-1])
    return None


def _written(name: str, test: str, context: str) -> tuple[str, str, str] | None:
    """The rules of EN 16931's syntax binding that only name a field; one with a condition has a text of its own."""
    if "[" in test:
        return None
    if name.startswith(("UBL-CR-", "UBL-DT-")) and (inside := re.match(r"^not\((.*)\)$", test)):
        return ("unused", path(inside[1]), "")
    if name.startswith("UBL-SR-") and (counted := _COUNT.match(test)):
        below = "" if context.startswith("/") else path(context.split(" | ")[0]) + "/"
        return ("once", below + path(counted[1]), "")
    return None


def path(expression: str) -> str:
    """A path without predicates; of alternatives the first."""
    plain = re.sub(r"\[[^\[\]]*\]", "", expression)
    plain = re.sub(r"\(([^|()]+)\|[^()]*\)", r"\1", plain).split("|")[0].strip()
    return re.sub(r"^/+", "", plain)


if __name__ == "__main__":
    table: dict[str, Row] = {}
    for argument in sys.argv[1:]:
        table.update({row[0]: row for row in facts(Path(argument))})
    with TABLE.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(HEAD)
        writer.writerows(table[name] for name in sorted(table))
    print(f"{len(table)} rules in {TABLE.name}")
