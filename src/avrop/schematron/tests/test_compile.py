"""The compiler keeps Schematron's meaning, and rule sets reach nothing but the document."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from avrop.schematron.errors import RulesStopped
from avrop.schematron.hits import Hit
from avrop.schematron.oracle.saxon import Engine
from avrop.schematron.oracle.xslt import count_asserts, to_xslt
from avrop.schematron.source import SchematronRefused, load, parse

HEAD = '<schema xmlns="http://purl.oclc.org/dsdl/schematron" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"'


@pytest.fixture(scope="module")
def engine() -> Engine:
    return Engine()


def _hits(engine: Engine, body: str, document: str) -> list[tuple[str, str, str, str]]:
    xslt = to_xslt(parse(f'{HEAD} queryBinding="xslt2">{body}</schema>'.encode()))
    engine.compile(xslt, xslt)
    (result,) = engine.run(document, [xslt])
    assert not isinstance(result, RulesStopped), result
    return [(hit.id, hit.flag, hit.at, hit.text) for hit in result]


def test_of_a_pattern_only_the_first_rule_that_matches_a_node_fires(engine: Engine) -> None:
    body = """
    <pattern><rule context="b[@x]"><assert id="1" test="false()">one</assert></rule>
             <rule context="b"><assert id="2" test="false()">two</assert></rule></pattern>
    <pattern><rule context="b"><assert id="3" test="false()">three</assert></rule></pattern>"""
    found = [(h[0], h[2]) for h in _hits(engine, body, '<a><b x=""/><b/></a>')]
    assert sorted(found) == [
        ("1", "/Q{}a[1]/Q{}b[1]"),
        ("2", "/Q{}a[1]/Q{}b[2]"),
        ("3", "/Q{}a[1]/Q{}b[1]"),
        ("3", "/Q{}a[1]/Q{}b[2]"),
    ]


def test_nodes_below_a_matched_node_are_visited_too(engine: Engine) -> None:
    body = '<pattern><rule context="b"><report id="r" test="true()">r</report></rule></pattern>'
    assert [h[2] for h in _hits(engine, body, "<a><b><c><b/></c></b></a>")] == [
        "/Q{}a[1]/Q{}b[1]",
        "/Q{}a[1]/Q{}b[1]/Q{}c[1]/Q{}b[1]",
    ]


def test_attributes_and_text_are_contexts_where_a_rule_says_so(engine: Engine) -> None:
    body = """<pattern><rule context="@unit"><assert id="u" test=". = 'EA'">u</assert></rule></pattern>
    <pattern><rule context="q/text()"><assert id="t" test="number(.) gt 1">t</assert></rule></pattern>"""
    assert [h[0] for h in _hits(engine, body, '<a><q unit="EA">1</q><q unit="XX">2</q></a>')] == ["u", "t"]


def test_flags_become_three_severities_and_a_missing_one_is_fatal(engine: Engine) -> None:
    body = "".join(
        f'<pattern><rule context="/*"><assert id="{n}" {flag} test="false()">x</assert></rule></pattern>'
        for n, flag in enumerate(['flag="fatal"', 'flag="warning"', 'role="error"', 'role="info"', ""])
    )
    flags = [h[1] for h in _hits(engine, body, "<a/>")]
    assert flags == ["fatal", "warning", "fatal", "information", "fatal"]


def test_variables_of_schema_pattern_and_rule_are_seen_where_they_hold(engine: Engine) -> None:
    body = """<let name="limit" value="/a/@limit"/>
    <pattern><let name="kind" value="'first'"/>
      <rule context="b"><let name="double" value="number(.) * 2"/>
        <assert id="1" test="$double le number($limit)"><value-of select="$kind"/>
        <value-of select="' '"/><value-of select="$double"/>
        <value-of select="' over '"/><value-of select="$limit"/></assert></rule></pattern>
    <pattern><let name="kind" value="'second'"/>
      <rule context="b[$kind = 'second']">
        <report id="2" test="true()"><value-of select="$kind"/></report></rule>
    </pattern>"""
    assert [(h[0], h[3]) for h in _hits(engine, body, '<a limit="5"><b>2</b><b>3</b></a>')] == [
        ("1", "first 6 over 5"),
        ("2", "second"),
        ("2", "second"),
    ]


def test_functions_and_keys_pass_through(engine: Engine) -> None:
    body = """<ns prefix="u" uri="utils"/>
    <xsl:key name="k" match="b" use="@id"/>
    <xsl:function name="u:twice"><xsl:param name="n"/><xsl:sequence select="$n * 2"/></xsl:function>
    <pattern><rule context="b"><assert id="dup" test="count(key('k', @id)) = 1">dup</assert>
    <assert id="two" test="u:twice(2) = 4">two</assert></rule></pattern>"""
    found = _hits(engine, body, '<a><b id="1"/><b id="1"/><b id="2"/></a>')
    assert [h[0] for h in found] == ["dup", "dup"]


def test_a_message_shows_values_names_and_braces_as_text(engine: Engine) -> None:
    body = """<pattern><rule context="b"><assert id="a{b}" test="false()">{x} <name/> is
    <value-of select="."/> &lt;here&gt;</assert></rule></pattern>"""
    ((name, _, _, text),) = _hits(engine, body, "<a><b>1 &amp; 2</b></a>")
    assert (name, text) == ("a{b}", "{x} b is 1 & 2 <here>")


def test_a_dynamic_error_stops_that_set_only(engine: Engine) -> None:
    rule = "<pattern><rule context='/*'><assert id='g' test='{test}'>g</assert></rule></pattern></schema>"
    for key, test in (("bad", "xs:date(.) gt xs:date(.)"), ("good", "false()")):
        engine.compile(key, to_xslt(parse(f"{HEAD}>{rule.format(test=test)}".encode())))
    stopped, found = engine.run("<a>never</a>", ["bad", "good"])
    assert isinstance(stopped, RulesStopped)
    assert found == [Hit("g", "fatal", "/Q{}a[1]", "g")]


FORK = """
import os
from avrop.schematron.oracle.saxon import engine
engine().compile("x", '<s:stylesheet version="3.0" xmlns:s="http://www.w3.org/1999/XSL/Transform"/>')
child = os.fork()
if child == 0:
    try:
        engine()
    except RuntimeError:
        os._exit(7)
    os._exit(0)
print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""


def test_a_process_forked_after_rules_were_run_is_told_so_and_does_not_crash() -> None:
    result = subprocess.run([sys.executable, "-c", FORK], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "7"


@pytest.mark.parametrize(
    "expression",
    [
        "doc('file:///etc/hostname')",
        "fn:doc('x')",
        "document('x')",
        "unparsed-text('x')",
        "collection()",
        "environment-variable('HOME')",
        "Q{http://www.w3.org/2005/xpath-functions}doc('x')",
        "for $f in doc#1 return $f('x')",
        "transform(map{})",
    ],
)
def test_a_rule_that_reaches_outside_the_document_refuses_the_set(expression: str) -> None:
    body = f'<pattern><rule context="/*"><assert test="{expression}">x</assert></rule></pattern>'
    with pytest.raises(SchematronRefused) as refused:
        to_xslt(parse(f"{HEAD}>{body}</schema>".encode()))
    assert refused.value.code == "NOT_SUPPORTED"


@pytest.mark.parametrize(
    "element",
    [
        '<xsl:import href="x.xsl"/>',
        '<xsl:include href="x.xsl"/>',
        '<xsl:template match="/"/>',
        '<xsl:function name="u:f" xmlns:u="u"><xsl:result-document href="x"/></xsl:function>',
        '<pattern is-a="other"/>',
        '<pattern abstract="true"/>',
    ],
)
def test_what_the_compiler_does_not_know_refuses_the_set_and_is_named(element: str) -> None:
    with pytest.raises(SchematronRefused) as refused:
        to_xslt(parse(f"{HEAD}>{element}</schema>".encode()))
    assert refused.value.code == "NOT_SUPPORTED" and refused.value.name


def test_even_a_stylesheet_that_asks_gets_no_file_and_no_doctype(engine: Engine, tmp_path: Path) -> None:
    canary = tmp_path / "canary.xml"
    canary.write_text("<c>canary 4711</c>")
    uri = canary.as_uri()
    for number, call in enumerate([f"unparsed-text('{uri}')", f"doc('{uri}')", f"json-doc('{uri}')"]):
        key = f"reach{number}"
        engine.compile(
            key,
            '<xsl:stylesheet version="3.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">'
            f'<xsl:template match="/"><f><xsl:value-of select="{call}"/></f></xsl:template>'
            "</xsl:stylesheet>",
        )
        (result,) = engine.run("<a/>", [key])
        assert isinstance(result, RulesStopped) and "canary 4711" not in str(result)
    (result,) = engine.run(f'<!DOCTYPE a [<!ENTITY x SYSTEM "{uri}">]><a>&x;</a>', ["reach0"])
    assert isinstance(result, RulesStopped) and "canary 4711" not in str(result)


def test_a_set_that_does_not_compile_is_refused_by_its_name(engine: Engine) -> None:
    body = '<pattern><rule context="/*"><assert test="no-such-function()">x</assert></rule></pattern>'
    with pytest.raises(SchematronRefused) as refused:
        engine.compile("broken", to_xslt(parse(f"{HEAD}>{body}</schema>".encode())))
    assert (refused.value.code, refused.value.name) == ("NOT_COMPILED", "broken")


SCH = 'xmlns="http://purl.oclc.org/dsdl/schematron"'
FILES = {
    "sch/main.sch": f'{HEAD} xmlns:xi="http://www.w3.org/2001/XInclude"><include href="parts/one.sch"/>'
    '<xi:include href="../shared/two.sch"/></schema>',
    "sch/parts/one.sch": f'<pattern {SCH}><include href="rule.sch"/></pattern>',
    "sch/parts/rule.sch": f'<rule {SCH} context="/*"><assert test="1"/></rule>',
    "shared/two.sch": '<pattern xmlns="http://purl.oclc.org/dsdl/schematron"/>',
    "circle.sch": f'{HEAD}><include href="circle.sch"/></schema>',
    "doctype.sch": '<!DOCTYPE a SYSTEM "x"><schema/>',
    "other.sch": "<pattern/>",
}


def _read(name: str) -> bytes:
    return FILES[name].encode()


def test_includes_of_both_kinds_are_followed_from_the_file_they_stand_in() -> None:
    loaded = load("sch/main.sch", _read)
    assert loaded.files == ("sch/main.sch", "sch/parts/one.sch", "sch/parts/rule.sch", "shared/two.sch")
    assert count_asserts(loaded.schema) == 1


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("circle.sch", "INCLUDE_DEPTH"),
        ("doctype.sch", "DOCTYPE"),
        ("other.sch", "NOT_SCHEMATRON"),
        ("absent.sch", "INCLUDE_MISSING"),
    ],
)
def test_a_set_that_cannot_be_read_whole_is_refused(path: str, code: str) -> None:
    with pytest.raises(SchematronRefused) as refused:
        load(path, _read)
    assert refused.value.code == code


@pytest.mark.parametrize(
    "href", ["../../x.sch", "/x.sch", "file:///x.sch", "http://x/y.sch", "", "..\\x.sch"]
)
def test_an_include_outside_the_release_is_refused(href: str) -> None:
    files = {"sch/a.sch": f'{HEAD}><include href="{href}"/></schema>'.encode()}
    with pytest.raises(SchematronRefused) as refused:
        load("sch/a.sch", files.__getitem__)
    assert refused.value.code == "INCLUDE_OUTSIDE"
