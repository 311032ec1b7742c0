"""Every document of the collection, as it is and spoiled, gets the findings from us that it gets from Saxon."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random
from typing import Any

import pytest

from avrop.schematron.tests.mutate import apply, mutate
from avrop.schematron.tests.official import Example, Judges, examples

pytestmark = pytest.mark.shared
# Larger ones take their time and have no more kinds of elements.
LARGEST = 200_000
FAST, LONG, CHUNK = 500, 20_000, 500
CHUNKS = 10
FOUND = json.loads((Path(__file__).parent / "differences.json").read_text("utf-8"))


@pytest.fixture(scope="module")
def judges(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Judges:
    return Judges(shared / "standards", tmp_path_factory.mktemp("rules"))


def spoiled(standards: Path, seed: int) -> tuple[Example, tuple[str, ...], bytes, list[Any]]:
    """A document, the sets to ask, and what became of the document. The same seed gives the same."""
    rng = Random(f"{seed}")
    pool = [example for example in examples(standards) if len(example.content) < LARGEST]
    whole = [example for example in pool if example.case < 0]
    example = rng.choice(whole if rng.random() < 0.6 else pool)
    sets = (rng.choice(example.sets),) if rng.random() < 0.5 else example.sets[:2]
    content, steps = mutate(example.content, seed)
    return example, sets, content, steps


def told(judges: Judges, standards: Path, seed: int) -> str:
    """The difference that a seed shows, in the form of differences.json; "" for none."""
    example, sets, content, steps = spoiled(standards, seed)
    found = judges.differences(content, sets)
    if not found:
        return ""
    case = {
        "source": example.path,
        "case": example.case,
        "sha256": example.sha256,
        "sets": sets,
        "steps": steps,
    }
    return f"seed {seed}: {'; '.join(found)}\n{json.dumps(case, ensure_ascii=False)}"


def _all_agree(judges: Judges, standards: Path, seeds: range) -> None:
    found = [difference for seed in seeds if (difference := told(judges, standards, seed))]
    assert not found, f"{len(found)} of {len(seeds)}:\n" + "\n".join(found[:5])


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_five_hundred_spoiled_documents_get_the_same_findings(
    judges: Judges, shared: Path, chunk: int
) -> None:
    size = FAST // CHUNKS
    _all_agree(judges, shared / "standards", range(chunk * size, (chunk + 1) * size))


@pytest.mark.slow
@pytest.mark.parametrize("start", range(FAST, FAST + LONG, CHUNK))
def test_twenty_thousand_spoiled_documents_get_the_same_findings(
    judges: Judges, shared: Path, start: int
) -> None:
    _all_agree(judges, shared / "standards", range(start, start + CHUNK))


@pytest.mark.slow
@pytest.mark.parametrize("part", range(CHUNKS))
def test_every_document_as_it_is_gets_the_same_findings(judges: Judges, shared: Path, part: int) -> None:
    found = []
    for example in examples(shared / "standards")[part::CHUNKS]:
        different = judges.differences(example.content, example.sets)
        found += [f"{example.path}#{example.case}: {text}" for text in different]
    assert not found, "\n".join(found[:10])


@pytest.mark.parametrize("known", FOUND, ids=[f"{at}-{known['why']}" for at, known in enumerate(FOUND)])
def test_a_difference_once_found_stays_away(judges: Judges, shared: Path, known: dict[str, Any]) -> None:
    (example,) = (
        one
        for one in examples(shared / "standards")
        if (one.path, one.case) == (known["source"], known["case"])
    )
    assert example.sha256 == known["sha256"], f"{known['source']} is another file now"
    content = apply(example.content, known["steps"])
    assert content != example.content
    assert not judges.differences(content, known["sets"])


def test_the_same_steps_spoil_the_same_document_again(shared: Path) -> None:
    for seed in range(50):
        example, _, content, steps = spoiled(shared / "standards", seed)
        assert apply(example.content, json.loads(json.dumps(steps))) == content
