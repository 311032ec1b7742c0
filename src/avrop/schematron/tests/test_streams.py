"""Judging line by line says what judging the whole tree says: for official sets, and for rules drawn at random."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest
from lxml import etree

from avrop.schematron import schema, source
from avrop.schematron.compiler.module import compile_schema
from avrop.schematron.errors import DynamicError, NotPlainXml, RulesStopped
from avrop.schematron.hits import Hit
from avrop.schematron.library import Library, Rules, judge
from avrop.schematron.ruleset import RuleSet
from avrop.schematron.source import SCH
from avrop.schematron.streams import form, pieces
from avrop.schematron.streams.cuts import OnDisk
from avrop.schematron.tests import mutate, official, random_rules
from avrop.schematron.tree import read
from avrop.schematron.xpath.lexer import XPathRefused
from benchmarks import _documents

_CAC = "{urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2}"
LINES = frozenset(
    f"{_CAC}{name}Line" for name in ("Invoice", "CreditNote", "Order", "Catalogue", "Despatch", "Receipt")
)
T01, T19 = (f"peppol/postaward/2026.5/sch/PEPPOLBIS-{name}.sch" for name in ("T01", "T19"))
# Every line a piece; some lines a piece; a few pieces.
SIZES = (1, 2_500, 6_000)


class ByLine(official.Judges):
    """The official sets, with their forms for lines."""

    def __init__(self, standards: Path, folder: Path) -> None:
        super().__init__(standards, folder)
        self._library = Library(folder, LINES)


@pytest.fixture(scope="module")
def sets(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> ByLine:
    return ByLine(shared / "standards", tmp_path_factory.mktemp("rules"))


def _of_lines(standards: Path) -> list[official.Example]:
    """The documents of the collection with two lines or more."""
    return [
        example
        for example in official.examples(standards)
        if sum(child.tag in LINES for child in etree.fromstring(example.content)) > 1
    ]


def _whole(rules: Rules, content: bytes) -> list[Hit] | None:
    try:
        with read(content, prefixes=rules.prefixes) as tree:
            return rules.judge(tree, content)
    except (RulesStopped, NotPlainXml):
        return None


def _by_line(rules: list[Rules], content: bytes, size: int) -> list[list[Hit]] | None:
    prefixes = any(one.prefixes for one in rules)
    return pieces.judge(content, [one.form for one in rules if one.form], size, prefixes)


def test_every_official_example_is_judged_the_same_line_by_line(sets: ByLine, shared: Path) -> None:
    examples = _of_lines(shared / "standards")
    fitting = 0
    for number, example in enumerate(examples):
        rules = [sets.rules(name) for name in example.sets]
        found = _by_line(rules, example.content, SIZES[number % 3])
        if found is not None:
            fitting += 1
            assert found == [_whole(one, example.content) for one in rules], example.path
    assert len(examples) > 200
    assert fitting > 0.9 * len(examples)


def test_every_official_set_whose_documents_have_lines_is_judged_by_line(sets: ByLine) -> None:
    of_lines = {
        name for root, names in official.SETS.items() if root != "ApplicationResponse" for name in names
    }
    assert {name for name in of_lines if sets.rules(name).form is None} == set()


def _spoiled(sets: ByLine, standards: Path, seeds: range) -> Iterator[bool]:
    examples = _of_lines(standards)
    for seed in seeds:
        example = examples[Random(seed).randrange(len(examples))]
        content, steps = mutate.mutate(example.content, seed)
        # One set alone: what others want to have kept would hide what it forgets.
        rules = sets.rules(example.sets[seed % len(example.sets)])
        found = _by_line([rules], content, SIZES[seed % 3])
        if found is not None:
            assert found == [_whole(rules, content)], (example.path, example.case, steps)
        yield found is not None


def test_five_hundred_spoiled_documents_are_judged_the_same(sets: ByLine, shared: Path) -> None:
    fitting = sum(_spoiled(sets, shared / "standards", range(500)))
    assert fitting > 400


@pytest.mark.slow
def test_ten_thousand_spoiled_documents_are_judged_the_same(sets: ByLine, shared: Path) -> None:
    fitting = sum(_spoiled(sets, shared / "standards", range(1_000, 11_000)))
    assert fitting > 8_000


def _random(seeds: range) -> Iterator[bool]:
    for seed in seeds:
        rng = Random(seed)
        try:
            drawn = schema.read(random_rules.schema(rng))
            made = compile_schema(drawn)
        except XPathRefused:
            continue
        if made.refused:
            continue
        rules = RuleSet(compile(made.source, "<drawn>", "exec"))
        by_line = form.loaded(form.written(drawn, random_rules.LINES), random_rules.LINES, rules)
        for _ in range(6 if by_line else 0):
            content = random_rules.document(rng)
            found = pieces.judge(content, [by_line], rng.choice((1, 1, 60)), rules.prefixes)
            with read(content, prefixes=rules.prefixes) as tree:
                try:
                    whole = rules.judge(tree)
                except DynamicError:
                    assert found is None, (seed, content)
                    continue
            assert found in (None, [whole]), (seed, content)
            yield bool(found and whole)


def test_rules_drawn_at_random_find_the_same_line_by_line() -> None:
    assert sum(_random(range(600))) > 50


@pytest.mark.slow
def test_thousands_of_rules_drawn_at_random_find_the_same_line_by_line() -> None:
    assert sum(_random(range(50_000, 65_000))) > 2_000


# A check, and whether lines can be judged one at a time with it: as (context, test, whether).
FITTING = (
    ("line", "a", True),
    ("line", "a = ../head/b", True),
    ("line", "/root/head/b", True),
    ("line/a", "../../head", True),
    ("/root", "line", True),
    ("/root", "sum(line/number(.)) = 3", True),
    ("/root", "count(//a) = 2", True),
    ("line", "count(key('k', @k)) = 1", True),
    ("line", "not(preceding-sibling::line/@k = @k)", True),
    ("line", "count(//a) = 2", True),
    ("/root", "string-length() > 3", False),
    ("/root", "text()", False),
    ("/root", "//a//following::b", False),
    ("line[2]", "a", False),
    ("line/a/text()", "true()", False),
    ("/", "normalize-space(.) = ''", False),
)


@pytest.mark.parametrize(("context", "test", "fits"), FITTING)
def test_what_can_be_judged_by_lines_is(context: str, test: str, fits: bool) -> None:
    tree = etree.fromstring(
        f'<schema xmlns="{SCH}" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">'
        '<xsl:key name="k" match="line" use="@k"/>'
        f'<pattern><rule context="{context}"><assert id="c" test="{test}"/></rule></pattern></schema>'
    )
    read_schema = schema.read(tree)
    rules = RuleSet(compile(compile_schema(read_schema).source, "<set>", "exec"))
    found = form.loaded(form.written(read_schema, random_rules.LINES), random_rules.LINES, rules)
    assert (found is not None) is fits
    content = (
        b"<root><head><b>1</b></head><line k='1'><a>1</a></line><line k='2'>2</line><line k='1'/></root>"
    )
    if found:
        with read(content) as whole:
            assert pieces.judge(content, [found], 1) == [rules.judge(whole)]


def _order(count: int) -> bytes:
    return _documents.an_order(count)


def test_two_lines_far_apart_with_one_number_are_both_found(sets: ByLine) -> None:
    content = _order(60)
    twice = content.replace(b"<cbc:ID>59</cbc:ID>", b"<cbc:ID>2</cbc:ID>")
    assert twice != content
    rules = sets.rules(T01)
    assert _by_line([rules], content, 1) == [[]]
    (hits,) = _by_line([rules], twice, 1) or [[]]
    assert [hit.id for hit in hits] == ["PEPPOL-T01-R001"] * 2
    assert [hit.at.partition("OrderLine")[2] for hit in hits] == [
        f"[{line}]/Q{{{_CAC[1:-1]}}}LineItem[1]" for line in (2, 59)
    ]


def test_a_sum_that_one_line_in_the_middle_spoils_is_found(sets: ByLine, shared: Path) -> None:
    rules = [sets.rules(name) for name in official.INVOICE[:2]]
    content = _documents.invoice(shared, 50)
    assert _by_line(rules, content, 1) == [[], []]
    start = content.index(b"<cbc:ID>25</cbc:ID>")
    at = content.index(b"</cbc:LineExtensionAmount>", start) - 1
    digit = b"1" if content[at : at + 1] != b"1" else b"2"
    wrong = content[:at] + digit + content[at + 1 :]
    found = _by_line(rules, wrong, 1)
    assert found is not None
    assert "BR-CO-10" in {hit.id for hit in found[0]}
    assert found == [_whole(one, wrong) for one in rules]


def test_rules_that_stop_in_the_last_line_stop_a_large_document(sets: ByLine) -> None:
    content = _order(20)
    at = content.rindex(b"</cbc:LineExtensionAmount>")
    spoiled = content[:at] + b"x" + content[at:]
    (found,) = judge(spoiled, [sets.rules(T01)], large=1)
    (expected,) = judge(spoiled, [sets.rules(T01)])
    assert isinstance(found, RulesStopped)
    assert str(found) == str(expected)


def test_a_head_that_goes_on_after_the_lines_is_judged_as_a_whole(sets: ByLine) -> None:
    content = _order(5)
    late = content.replace(b"</Order>", b"<cbc:Note>late</cbc:Note></Order>")
    assert late != content
    rules = sets.rules(T01)
    assert _by_line([rules], late, 1) is None
    assert judge(late, [rules], large=1) == [_whole(rules, late)]


def test_a_large_document_is_judged_where_the_source_of_the_rules_is_gone(
    shared: Path, tmp_path: Path
) -> None:
    def gone() -> etree._Element:
        raise FileNotFoundError

    file = shared / "standards" / T01
    Library(tmp_path).get(
        "key", lambda: source.load(file.name, lambda name: (file.parent / name).read_bytes()).schema
    )
    rules = Library(tmp_path, LINES).get("key", gone)
    assert judge(_order(10), [rules], large=1) == [[]]
    assert rules.form is None


def test_a_set_compiled_before_the_native_engine_came_is_judged_though_its_source_is_gone(
    shared: Path, tmp_path: Path
) -> None:
    def gone() -> etree._Element:
        raise FileNotFoundError

    file = shared / "standards" / T01
    Library(tmp_path, module=None).get(
        "key", lambda: source.load(file.name, lambda name: (file.parent / name).read_bytes()).schema
    )
    assert judge(_order(10), [Library(tmp_path).get("key", gone)]) == [[]]


def test_a_document_that_breaks_off_is_refused(sets: ByLine) -> None:
    content = _order(50)
    with pytest.raises(NotPlainXml):
        judge(content[:-200], [sets.rules(T01)], large=1)


def test_a_file_is_judged_without_being_read_as_a_whole(sets: ByLine, tmp_path: Path) -> None:
    content = _documents.a_catalogue(300).replace(b"<cbc:ID>299</cbc:ID>", b"<cbc:ID/>")
    path = tmp_path / "catalogue.xml"
    path.write_bytes(content)
    rules = sets.rules(T19)
    with OnDisk(path) as file:
        found = judge(file, [rules], large=1)
        assert pieces.judge(file, [rules.form] if rules.form else []) == found
    assert found == [_whole(rules, content)]
    assert found != [[]]
