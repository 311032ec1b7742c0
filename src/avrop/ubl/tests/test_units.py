"""Every official unit case: a fragment and the rule it does or does not break, as stated in the test set."""

from __future__ import annotations

import json
from copy import deepcopy
from pathlib import Path

import pytest
from lxml import etree

from avrop.schematron.errors import RulesStopped
from avrop.ubl.gate import admit
from avrop.ubl.rulesets import Installed, Registry

NAMESPACE = "{http://difi.no/xsd/vefa/validator/1.0}"
CORPORA = ["peppol-billing-unit", "peppol-postaward-unit", "cen-unit"]


def _broken(fragment: etree._Element, sets: list[Installed], registry: Registry) -> set[str]:
    """Ids of every rule the fragment breaks. Fragments are not whole documents, so no XSD."""
    results = registry.run(etree.tostring(fragment, encoding="unicode"), sets)
    return {hit.id for result in results if not isinstance(result, RulesStopped) for hit in result}


@pytest.mark.shared
@pytest.mark.parametrize("corpus", CORPORA)
def test_every_official_unit_case_ends_as_its_test_set_states(
    registry: Registry, standards: Path, corpus: str
) -> None:
    listed = {entry.name: entry for entry in registry.listing() if entry.release == "2026.5"}
    rows = json.loads((standards / "expected.json").read_text())["files"]
    cases = errors = 0
    for row in rows:
        if row["corpus"] != corpus or row["expected"] != "unit":
            continue
        tests = admit((standards / row["path"]).read_bytes()).root.findall(f"{NAMESPACE}test")
        for case in row["tests"]:
            if not case.get("agrees_with_2026_5"):
                continue
            fragment = deepcopy(next(e for e in tests[case["test"]] if not str(e.tag).startswith(NAMESPACE)))
            fragment.tail = None
            broken = _broken(fragment, [listed[name] for name in case["ruleset"]], registry)
            stated = case["stated"]
            must = set(stated.get("error", [])) | set(stated.get("warning", []))
            assert must <= broken, (row["path"], case)
            assert not set(stated.get("success", [])) & broken, (row["path"], case)
            cases += 1
            errors += bool(must)
    assert cases > 200 and errors > 100
