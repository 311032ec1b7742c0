"""The native engine, where it is certain, says what the Python form says: the same findings, places, flags and words.

That Python says what Saxon says is what the other programmes hold. Here a difference is a fault of one of the two.
"""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from lxml import etree

from avrop.schematron import native, program, schema
from avrop.schematron.source import SCH
from avrop.schematron.tests import every_expression, official, schemas
from avrop.schematron.tests.beside import DRAWN, MISSING, Beside, Small, drawn
from avrop.schematron.tests.both_ways import doubled, stored
from avrop.schematron.tests.oracle import Difference, Verdict
from avrop.schematron.tests.table import DOCUMENTS, LETS, SPACES
from avrop.schematron.tests.test_differential import spoiled
from avrop.schematron.tests.test_expressions import SETS, TABLE, question

pytestmark = pytest.mark.skipif(native.MODULE is None, reason=MISSING)
# Of the answers that Python gives about official documents, at least so many are given natively.
CERTAIN = 0.95
PARTS = 10
FEW, MANY, CHUNK = 300, 20_000, 1_000
# Everything of a document: each name, attribute, text and place, by code points.
CODES = "string-join(for $c in string-to-codepoints(string(.)) return string($c), ' ')"
WHOLE = f"""<schema xmlns="{SCH}" queryBinding="xslt2">
<pattern><rule context="/"><report id="d" test="true()"><value-of select="{CODES}"/></report></rule></pattern>
<pattern><rule context="*"><report id="e" test="true()" flag="warning"><value-of
 select="concat(namespace-uri(), '|', local-name(), '|', count(@*), '|', count(text()), '|', {CODES})"/></report>
 </rule></pattern>
<pattern><rule context="@*"><report id="a" test="true()"><value-of
 select="concat(namespace-uri(), '|', local-name(), '|', {CODES})"/></report></rule></pattern>
<pattern><rule context="text()"><report id="t" test="true()"><value-of select="{CODES}"/></report></rule></pattern>
</schema>"""
ALIKE = (
    "<r/>",
    "<r></r>\n",
    "\ufeff<r>\u00e5\U0001f600</r>",
    "<?xml version='1.0'?><r/>",
    '<?xml version="1.0" encoding="utf-8" standalone="yes" ?>\r\n<!--c--><?p i?>\n<r/><!--d--><?q?>',
    "<r>a<![CDATA[b]]>c<!--d-->e<?pi f?>g<a/>h&#13;&#x41;&lt;&amp;&#x1F600;</r>",
    "<r>a<!--b--><![CDATA[]]><!--c-->d<![CDATA[]]>e<![CDATA[<&]]></r>",
    "<r a='x&#9;y\tz\r\nw&#10;&quot;&#xd;'><b>\r\n\r\n</b>\t</r>",
    "<r xml:lang='no' xml:space='preserve'> <a xml:lang='se'/> </r>",
    "<r xmlns='u'><a xmlns='v'><b xmlns='u'/></a><b/></r>",
    "<p:r xmlns:p='u' p:x='1' x='2'><p:a xmlns:p='v' p:x='3'/><q:a xmlns:q='u' q:x='4'/></p:r>",
    "<p:r xmlns:p='u' xmlns:q='u' xmlns='u'><q:a/><a/><p:a/></p:r>",
    "<r xmlns:p='a b' p:x='&#x85;'><_a.b-c1/><A/><xmlfoo xmlfoo='1'/></r>",
    "<r><b>1<c/>2<a x='1'>7<c/>3<!--c-->8</a>4<!--d-->9</b>5</r>",
    "<r>" + "".join(f"<n{at} a{at}='{at}'>{at % 7}</n{at}>" for at in range(3_000)) + "</r>",
    "<r>" + "<a/><b/>" * 3_000 + "</r>",
    "<a>" * 900 + "x" + "</a>" * 900,
)
# What the native engine leaves to Python, which mostly refuses it.
LEFT = (
    "", " ", "x", "<r>", "<r/><r/>", "<r/>x", "<!DOCTYPE r><r/>", "<!DOCTYPE r [<!ENTITY e 'x'>]><r>&e;</r>",
    "<r>\x00</r>", "<r>&#0;</r>", "<r>&#1;</r>", "<r>&#xD800;</r>", "<r>&#xFFFE;</r>", "<r>&#x110000;</r>",
    "<r>\ufffe</r>", "<r>&#;</r>", "<r>&#x;</r>", "<r>&#+65;</r>", "<r>&foo;</r>", "<r>&</r>", "<r>]]></r>",
    "<r a='<'/>", "<r a='1' a='2'/>", "<r a='1'b='2'/>", "<r a=1/>", "<r><!-- -- --></r>", "<r><!--a---></r>",
    "<r xmlns:p='u' xmlns:q='u' p:a='1' q:a='2'/>", "<p:r/>", "<r p:a='1'/>", "<:r/>", "<r :a='1'/>", "<a:b:c/>",
    "<p:a xmlns:p='u' xmlns:q='u'></q:a>", "<r xmlns:q=''/>", "<r xmlns:xmlns='u'/>", "<r xmlns:xml='u'/>",
    "<r xmlns='http://www.w3.org/2000/xmlns/'/>", "<r xmlns='a}b'/>", "<r xmlns='u' xmlns='v'/>", "<r q:xmlns='u'/>",
    "<r>a\rb</r>", "<r>a\r&lt;</r>", "<\u2118/>", "<\u0132/>", "<r a\u0132='1'/>", "<r><?xml version='1.0'?></r>",
    "<r/><?XML x?>", "<r><?p:i x?></r>", "<r><?p<?></r>", "<?xml version='1.1'?><r/>",
    "<?xml version='1.0' x='1'?><r/>",
    "<?xml version='1.0' encoding='ISO-8859-1'?><r>\u00e5</r>", "<?xml version='1.0' encoding='US-ASCII'?><r/>",
    "<?xml version='1.0' encoding='UTF-16'?><r/>", "<?xml version='1.0' encoding='UF-8'?><r/>",
    "<?xml encoding='UTF-8'?><r/>", "<?xml version='1.0'encoding='UTF-8'?><r/>", " <?xml version='1.0'?><r/>",
    "<a>" * 100_000 + "</a>" * 100_000, "<a>" * 1_000_000,
)  # fmt: skip

# Told of `<r x=' 1 '><a>2</a><a>10</a><b>\u00e6\u00a0x</b></r>`.
VALUES = (
    "1e6", "1e7", "1.5e8", "1e-7", "-0e0", "xs:boolean('1')", "xs:boolean(@x)", "xs:boolean('0')", "round(-2.5)",
    "round(2.5e0)", "round(-2.5e0)", "1 div 3", "2 div 3", "-2 div 3", "xs:decimal('1.50')", "7 mod 0e0", "-7.5 mod 2",
    "1e0 div 0", "0.1 + 0.2", "0.1e0 + 0.2", "sum(a)", "max(a)", "min(a)", "sum((1, 2.5))", "max((1, 2, 0.5))",
    "substring('abcdef', 2.5, 2)", "substring('abc', 0, 2)", "substring-after('a-b-c', '-')", "string-length(b)",
    "translate('abca', 'ab', 'x')", "tokenize('a,b,,', ',')[2]", "count(tokenize('a,b,', ','))", "normalize-space(b)",
    "replace('abc', 'b', 'xx')", "upper-case('\u00df')", "lower-case('\u03a3\u03a3')", "xs:date('2024-02-29')",
    "xs:date('2026-02-28+01:00') &lt; xs:date('2026-02-28')", "xs:date('2026-02-28Z') = xs:date('2026-02-28')",
    "xs:date('2026-02-28-01:00') &gt; xs:date('2026-02-28')", "'2023-02-29' castable as xs:date", "a = 2", "a &lt; '2'",
    "number('x') = number('x')", "number('x') != 1", "1 &lt; 1", "2 &gt; a", "string-join(a, ',')", "a[last()]",
    "@x + 1",
    "xs:integer(' 7 ') idiv 2", "(a, b)[3]", "a/following-sibling::b", "b/preceding-sibling::*[1]",
    "(//text())[last()]",
)  # fmt: skip


@pytest.fixture(scope="module")
def beside(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Beside:
    return Beside(shared / "standards", tmp_path_factory.mktemp("rules"))


@pytest.fixture(scope="module")
def whole() -> Small:
    return Small(etree.fromstring(WHOLE))


def _rules(*bodies: str) -> str:
    return "".join(f"<pattern>{body}</pattern>" for body in bodies)


def _small(text: str) -> Small:
    return Small(etree.fromstring(schemas.schema(text)))


@pytest.mark.parametrize("told", VALUES)
def test_a_value_is_told_as_python_tells_it(told: str) -> None:
    small = _small(
        _rules(f'<rule context="r"><report id="x" test="true()"><value-of select="{told}"/></report></rule>')
    )
    assert not small.differences(("<r x=' 1 '><a>2</a><a>10</a><b>\u00e6\u00a0x</b></r>",))
    assert small.certain


def test_an_element_of_many_children_knows_them_by_name() -> None:
    told = "concat(count(a), ' ', a[1], ' ', a[last()], ' ', a[. = '7'], ' ', count(b))"
    report = f'<report id="x" test="true()"><value-of select="{told}"/></report>'
    small = _small(_rules(f'<rule context="r">{report}</rule>'))
    found = small.native(f"<r>{''.join(f'<a>{at}</a><b/>' for at in range(60))}</r>".encode())
    assert found is not None and found[0].text == "60 0 59 7 60"


# Documents of the collection.


@pytest.mark.shared
@pytest.mark.parametrize("part", range(PARTS))
def test_official_documents_get_the_same_findings(beside: Beside, shared: Path, part: int) -> None:
    beside.answered = beside.certain_of_them = 0
    found = [
        f"{one.path}#{one.case}: {difference}"
        for one in official.examples(shared / "standards")[part::PARTS]
        for name in one.sets
        if (difference := beside.difference(one.content, name))
    ]
    print(f"certain of {beside.certain_of_them} of {beside.answered} answers")
    assert not found, "\n".join(found[:5])
    assert beside.certain_of_them >= CERTAIN * beside.answered > 0


@pytest.mark.shared
def test_documents_that_say_so_are_all_read(shared: Path) -> None:
    assert all(native.read(one.content) is not None for one in official.examples(shared / "standards"))


@pytest.mark.shared
@pytest.mark.parametrize(
    "start", [pytest.param(at, marks=pytest.mark.slow) for at in range(500, 20_500, CHUNK)]
)
def test_spoiled_documents_get_the_same_findings(beside: Beside, shared: Path, start: int) -> None:
    found = []
    for seed in range(start, start + CHUNK):
        _, sets, content, _ = spoiled(shared / "standards", seed)
        found += [f"{seed}: {one}" for name in sets if (one := beside.difference(content, name))]
    assert not found, "\n".join(found[:5])


class _Doubled(Beside):
    """With each check in both forms, so that what holds is told as well."""

    def _tree(self, name: str) -> etree._Element:
        return doubled(super()._tree(name))


@pytest.mark.slow
@pytest.mark.shared
def test_documents_that_show_each_check_get_the_same_findings(shared: Path, tmp_path: Path) -> None:
    both = [Beside(shared / "standards", tmp_path / "a"), _Doubled(shared / "standards", tmp_path / "b")]
    found = []
    for shown in stored():
        content = shown.content(shared / "standards")
        asked = [(one, name) for one in both for name in shown.sets]
        found += [f"{shown.source}: {text}" for one, name in asked if (text := one.difference(content, name))]
    assert not found, "\n".join(found[:5])


# Expressions and whole schemas.


@pytest.mark.parametrize("name", [name for name, _ in schemas.schemas()])
def test_a_schema_finds_the_same_in_any_document(name: str) -> None:
    small = Small(etree.fromstring(dict(schemas.schemas())[name]))
    assert not small.differences((*schemas.DOCUMENTS, *DOCUMENTS))


def test_an_expression_of_the_table_tells_the_same_in_any_document() -> None:
    found, certain = [], 0
    for context, test, told in TABLE[::4]:
        small = Small(question(context, test, told, SPACES, own=LETS))
        found += [f"{context}: {test} {told}: {one}" for one in small.differences(DOCUMENTS[::3])]
        certain += small.certain
    assert not found, "\n".join(found[:5])
    assert certain


def _asked(tree: etree._Element, documents: list[str], expression: str) -> Verdict:
    """Where the others ask Saxon."""
    found = Small(tree).differences(documents)
    return Verdict([Difference(expression, one, "", "") for one in found])


@pytest.mark.shared
@pytest.mark.parametrize("name", SETS)
def test_a_sample_of_what_the_official_sets_ask_gets_the_same_answer(shared: Path, name: str) -> None:
    result = every_expression.run(every_expression.load(shared / "standards" / name), 20, 10, _asked)
    assert result.asked and not result.differences, str(result.differences[0])


@pytest.mark.slow
@pytest.mark.shared
def test_everything_that_the_official_sets_ask_gets_the_same_answer(shared: Path) -> None:
    for path in every_expression.official(shared / "standards"):
        result = every_expression.run(every_expression.load(path), ask=_asked)
        assert not result.differences, f"{path}: {result.differences[0]}"


def _drawn_agree(kind: str, seeds: range) -> int:
    found, certain = [], 0
    for seed in seeds:
        if made := drawn(kind, seed):
            small, documents = made
            found += [f"{seed}: {one}" for one in small.differences(text.decode() for text in documents)]
            certain += small.certain
    assert not found, "\n".join(found[:5])
    return certain


@pytest.mark.parametrize("kind", DRAWN)
def test_rules_and_expressions_drawn_at_random_find_the_same(kind: str) -> None:
    assert _drawn_agree(kind, range(FEW)) > FEW / 2


@pytest.mark.slow
@pytest.mark.parametrize("start", range(FEW, MANY, CHUNK))
@pytest.mark.parametrize("kind", DRAWN)
def test_many_rules_and_expressions_drawn_at_random_find_the_same(kind: str, start: int) -> None:
    assert _drawn_agree(kind, range(start, start + CHUNK))


# XML.


@pytest.mark.parametrize("text", ALIKE, ids=range(len(ALIKE)))
def test_a_document_is_read_alike_to_its_last_text(whole: Small, text: str) -> None:
    assert whole.native(text.encode()) == whole.python(text.encode()) != []


@pytest.mark.parametrize("text", LEFT, ids=range(len(LEFT)))
def test_what_python_may_refuse_or_read_otherwise_is_left_to_it(text: str) -> None:
    assert native.read(text.encode()) is None


@pytest.mark.parametrize(
    "content", [b"\xff\xfe<\x00r\x00/\x00>\x00", b"<r>\xed\xa0\x80</r>", b"<r>\xe5</r>", b"\x00"]
)
def test_what_is_no_utf_8_is_left_to_python(content: bytes) -> None:
    assert native.read(content) is None


def test_fifty_megabytes_of_text_and_a_million_elements_are_judged(whole: Small) -> None:
    none = _small(_rules('<rule context="a"><report id="x" test="string-length() &lt; 9"/></rule>'))
    assert none.native(b"<a>" + b"x" * 50_000_000 + b"</a>") == []
    assert len(none.native(b"<r>" + b"<a/>" * 1_000_000 + b"</r>") or ()) == 1_000_000


# Places, order and words.


def test_findings_stand_in_document_order_then_in_that_of_the_rules(whole: Small) -> None:
    text = "<r y='1' x='2'>t<a z='1'>u<b/>v</a>w</r>"
    found = whole.native(text.encode())
    assert found is not None and found == whole.python(text.encode())
    assert [(hit.id, hit.flag, hit.at) for hit in found] == [
        ("d", "fatal", "/"),
        ("e", "warning", "/Q{}r[1]"),
        ("a", "fatal", "/Q{}r[1]/@y"),
        ("a", "fatal", "/Q{}r[1]/@x"),
        ("t", "fatal", "/Q{}r[1]/text()[1]"),
        ("e", "warning", "/Q{}r[1]/Q{}a[1]"),
        ("a", "fatal", "/Q{}r[1]/Q{}a[1]/@z"),
        ("t", "fatal", "/Q{}r[1]/Q{}a[1]/text()[1]"),
        ("e", "warning", "/Q{}r[1]/Q{}a[1]/Q{}b[1]"),
        ("t", "fatal", "/Q{}r[1]/Q{}a[1]/text()[2]"),
        ("t", "fatal", "/Q{}r[1]/text()[2]"),
    ]


def test_what_a_finding_says_is_what_python_says() -> None:
    small = _small(_rules(
        '<rule context="a"><let name="v" value="@x"/><report id="one" test="true()"> Of\n <value-of select="$v"/>, '
        '<value-of select="count(*) div 3"/> and <value-of select="b"/>; <value-of select="1e9"/> \u00a0</report>'
        '<assert id="two" test="false()" flag="warning">  Plain\t text </assert><report id="three" test="b"/></rule>',
        '<rule context="@x"><report id="four" test=". = \'1\'"><value-of select="../b[1]"/></report></rule>',
    ))  # fmt: skip
    documents = ("<r><a x='1'><b>p</b><b>q</b></a><a x='&lt;'/><a><b> \u00a0</b></a></r>", "<a/>", "<b/>")
    assert not small.differences(documents)
    assert small.certain == len(documents)


@pytest.mark.parametrize(
    ("test", "certain"),
    [
        ("a[1] = 9007199254740991", True),
        ("a[1] = 9007199254740992", False),
        ("number(a[1]) mod 0e0 = 0", True),
        ("a[1] castable as xs:date", True),
        ("upper-case(a[1]) = 'A'", True),
        ("matches(a[1], '[a-z]', 'i')", True),
        ("matches(a[1], '^[0-9]$')", True),
        ("string-join(a, b) = ''", False),
    ],
)
def test_odd_values_are_seen_as_python_sees_them_or_left(test: str, certain: bool) -> None:
    texts = (
        "9007199254740993",
        "0000-02-29",
        "0000-12-31Z",
        "\u10d0",
        "\ua7cb",
        "\u0131",
        "\u212a",
        "\U0001d7cf",
        "a",
    )
    small = _small(_rules(f'<rule context="r"><report id="x" test="{test}"/></rule>'))
    assert not small.differences(f"<r><a>{text}</a></r>" for text in texts)
    assert bool(small.certain) is certain


# Threads, and what is no end.


def test_threads_judge_with_the_same_rules_while_others_are_loaded() -> None:
    texts = [text for _, text in schemas.schemas()[:40]]
    known = [Small(etree.fromstring(text)) for text in texts]
    right = [[one.native(document.encode()) for document in schemas.DOCUMENTS] for one in known]

    def again(turn: int) -> bool:
        at = turn % len(known)
        if turn % 5 == 0:
            # Names that no document had when it was read.
            odd = _small(_rules(f'<rule context="n{turn}"><report id="x" test="m{turn}"/></rule>'))
            return odd.native(f"<n{turn}><m{turn}/></n{turn}>".encode()) != []
        return [known[at].native(document.encode()) for document in schemas.DOCUMENTS] == right[at]

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(again, range(800)))


def test_a_document_that_was_read_before_the_rules_is_left_to_python() -> None:
    document = native.read(b"<later0815/>")
    small = _small(_rules('<rule context="later0815"><report id="x" test="true()"/></rule>'))
    assert small.rules is not None and small.rules.judge(document) is None
    assert len(small.native(b"<later0815/>") or ()) == 1


@pytest.mark.parametrize(("depth", "certain"), [(4, True), (100_000, False)])
def test_a_function_without_end_does_not_end_the_process(depth: int, certain: bool) -> None:
    body = f"if ($n = 0) then 0 else {'concat(' * 20}u:f($n - 1){', 1)' * 20}"
    function = f'<xsl:function name="u:f"><xsl:param name="n"/><xsl:sequence select="{body}"/></xsl:function>'
    text = schemas.schema(
        _rules(f'<rule context="r"><report id="x" test="string-length(u:f({depth})) = 0"/></rule>')
    )
    made = schema.read(etree.fromstring(text.replace("<pattern>", function + "<pattern>", 1)))
    rules = native.NativeRules(native.MODULE, json.dumps(program.program(made)))
    assert (rules.judge(native.read(b"<r/>")) is not None) is certain
