"""Each expression alone, ours against Saxon: a table of traps, and what the official sets ask."""

from __future__ import annotations

from pathlib import Path

import pytest

from avrop.schematron.tests import every_expression
from avrop.schematron.tests.oracle import Difference, compare, question
from avrop.schematron.tests.table import DOCUMENTS, LETS, SAMPLE, SPACES, expressions

SETS = (
    "peppol/billing/2026.5/sch/CEN-EN16931-UBL.sch",
    "peppol/billing/2026.5/sch/PEPPOL-EN16931-UBL.sch",
    "peppol/billing/2026.5/sch/PEPPOL-EN16931-UBL-SB.sch",
    "peppol/postaward/2026.5/sch/PEPPOLBIS-T01.sch",
    "peppol/postaward/2026.5/sch/PEPPOLBIS-T19.sch",
    "peppol/mls/1.0.1/sch/peppol-mls-1.0.1.sch",
)
# Saxon (12.x) forgets that a path gives each node once when only the truth of the names matters, and then stops
# at two of them; XPath 2.0, 3.2, has one. No official rule asks this. Their values are compared all the same.
TRUTH_DIFFERS = {
    "a/ancestor::*[1]/name()",
    ".//b/ancestor::*[1]/name()",
    ".//b/ancestor::*/name()",
    "(@x | a)/.. /name()",
}
# Saxon chooses the order of operands by a cost of its own, and so stops at two response codes where we, looking
# at the other operand, have an answer. UBL's schema allows one code.
ORDER_DIFFERS = ("SCH-MLS-20:",)
TABLE = [
    (context, test, told)
    for expression, telling in expressions()
    for context in ("/r", "//a")
    for test, told in ((expression, ""), ("true()", expression))
    if (telling or not told) and test not in TRUTH_DIFFERS
]


def _real(found: list[Difference]) -> list[Difference]:
    return [d for d in found if not (d.saxon == "error" and d.expression.startswith(ORDER_DIFFERS))]


@pytest.mark.parametrize(("context", "test", "told"), TABLE, ids=[f"{c} {t} {v}" for c, t, v in TABLE])
def test_an_expression_of_the_table_means_what_saxon_says(context: str, test: str, told: str) -> None:
    verdict = compare(question(context, test, told, SPACES, own=LETS), SAMPLE, f"{context}: {test} {told}")
    assert verdict.refused in ("", "static")
    assert not verdict.differences, str(verdict.differences[0])


@pytest.mark.slow
@pytest.mark.parametrize(("context", "test", "told"), TABLE, ids=[f"{c} {t} {v}" for c, t, v in TABLE])
def test_an_expression_of_the_table_means_it_of_every_document(context: str, test: str, told: str) -> None:
    verdict = compare(question(context, test, told, SPACES, own=LETS), DOCUMENTS, f"{context}: {test} {told}")
    assert not verdict.differences, str(verdict.differences[0])


@pytest.mark.shared
@pytest.mark.parametrize("name", SETS)
def test_a_sample_of_what_the_official_sets_ask_means_what_saxon_says(shared: Path, name: str) -> None:
    result = every_expression.run(every_expression.load(shared / "standards" / name), every=20, count=10)
    assert not result.refused
    assert not _real(result.differences), str(_real(result.differences)[0])


@pytest.mark.slow
@pytest.mark.shared
def test_everything_that_the_official_sets_ask_means_what_saxon_says(shared: Path) -> None:
    for path in every_expression.official(shared / "standards"):
        result = every_expression.run(every_expression.load(path))
        assert not result.refused, path
        assert not _real(result.differences), f"{path}: {_real(result.differences)[0]}"
