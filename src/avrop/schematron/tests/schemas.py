"""Small schemas that look for what is easily got wrong beside expressions: contexts, order of rules, variables,
functions, keys, messages. Each is asked of all documents below.
"""

from __future__ import annotations

from avrop.schematron.source import SCH, XSL

DOCUMENTS = (
    "<r x='1'><a x='1'>1</a><a x='2'><b>2</b><b>3</b></a><c><a><b x='9'>1</b></a></c><b>7</b></r>",
    "<r><a>1</a><a>2</a><a>3</a><a>1 </a><a/><b>x</b></r>",
    "<r><a><a x='1'><a><b>1</b></a></a><b>2</b></a><d><b><b>y</b></b></d></r>",
    "<a x='3'><r><a>te<!--c-->xt</a><b>2</b></r>t<b/>u</a>",
    "<r xmlns:p='u'><p:a p:x='1' x='2'>1</p:a><a xmlns='u'><b>1</b></a><xa>1</xa><p:xb/><b p:x='3'/></r>",
    "<r><a><b>1</b><b>2</b></a><a><b>2</b><b>1</b></a><a><b>1</b></a><a/></r>",
    "<r y='2'><c x='1'/><c x='2'><b>1</b></c><c x='1'><b>1</b><a>5</a></c><a x='1'>NaN</a><a>9</a></r>",
    "<q><r><a x='1'><b>1</b></a></r><b>1<c/>2</b><b>1</b></q>",
    "<r><a x=' 1'>2.50</a><b>2.5</b><b>-1</b><a x='k'>abc</a><c><c><c/><b/></c></c></r>",
    "<r/>",
)


def _rules(*rules: str) -> str:
    return f"<pattern>{''.join(rules)}</pattern>"


def _rule(context: str, *body: str) -> str:
    context = context.replace("<", "&lt;").replace('"', "&quot;")
    return f'<rule context="{context}">{"".join(body)}</rule>'


def _no(id_: str, test: str, text: str = "") -> str:
    """An assert."""
    test = test.replace("<", "&lt;").replace('"', "&quot;")
    return f'<assert id="{id_}" test="{test}">{text}</assert>'


def _yes(id_: str, test: str = "true()", text: str = "") -> str:
    """A report."""
    return _no(id_, test, text).replace("assert", "report")


def _say(select: str) -> str:
    return f'<value-of select="{select}"/>'


def _let(name: str, value: str) -> str:
    return f'<let name="{name}" value="{value}"/>'


def _function(name: str, params: str, body: str, kind: str = "") -> str:
    """`params`: name, or name as type, parted by commas."""
    made = []
    for param in filter(None, (p.strip() for p in params.split(","))):
        title, _, of = param.partition(" as ")
        made.append(f'<xsl:param name="{title}"{f" as={chr(34)}{of}{chr(34)}" if of else ""}/>')
    gives = f' as="{kind}"' if kind else ""
    return f'<xsl:function name="u:{name}"{gives}>{"".join(made)}{body}</xsl:function>'


def _give(select: str) -> str:
    return f'<xsl:sequence select="{select}"/>'


# A node that one context takes is lost for the next rule, so each of these stands before one that takes the rest.
CONTEXTS = """
a; /r; /; //a; /r/a; r//b; a/b; *; p:*; *:a; a|b; (a|b)[@x]; (a|b)/c; (a|c)/b; (a|c)//b; @x; a/@x; @*; @p:x; @*:x
text(); a/text(); a//text(); r/text(); a[1]; a[2]; a[2]/b; a[b]/b; a[@x='1'][b]; r[a]/b[.='2']; a[not(parent::a)]
descendant::a; /descendant::b; /r/*; /*; /*/*[b]; r//b[@x]; //@x; //a/@x; a//@x; element(); r/element(); p:a; p:a/p:b
*[ends-with(name(), 'b')]; *[ends-with(local-name(), 'a')]; *[not(ends-with(local-name(), 'a'))]
*[ends-with(local-name(), 'a') and @x]; *[ends-with(local-name(), 'a') or @x]; *[ends-with(local-name(), 'a')][. = '1']
a[. castable as xs:decimal]; a[xs:decimal(.) > 1]; a[xs:decimal(.) > 1 or @x]; b[preceding-sibling::b]; b[../@x]
b[count(preceding-sibling::b) = 1]; a[count(b) = 2]; a[string-length(.) > 1]; a/a/a; a//a; r/*/b; /r//b; /a/r/a
a[b = '1']; a[b[. = '1']]; a[b[1] = '1']; a[@x = '1' or @x = '2']; b[parent::a]; b[ancestor::c]; b[..]; *[*]; *[not(*)]
r/a[1]/b; r[1]/a[1]; c[c]/c; a[normalize-space(.) = '1']; a[normalize-space(.)]; a[number(.) = 1]
@x[. = '1']; @x[parent::a]; @x[../b]; a/@x[. > 1]; text()[. = '1']; a/text()[../@x]; /*/text(); c/@*; a[$seen = '1']
a[$all = .]; b[. = $all]; a[$none]; a[@x = $seen]; a[not($none)][@x]; *[self::a]; *[self::a or self::b][. = '1']
*[local-name() = 'a']; *[name() = 'a']; a[following-sibling::b]; *[. is /*]; *[. is /*/*[1]]; a[. = '1'] | b[. = '1']
a[text()]; c[@x = '1']/b; c[@x = '1'][b]/a; a/b[. = '2'] | c/b; (a | c)[b]; (a | c)[b][@x]; (a/b | c)[. = '1']
(a[1] | c[1])[@x]; /r/a[@x] | /a; //c/@x | //a[b]; a/text() | b
a[b]/@x; a[@x = '2']/@x; c[@x]/b/@x; a[b]/text(); r[a]/a/@x; b[@x]/text(); a[@x] | a[b]; a[b]//b; a[@x]//b; r[c] | r[d]
*[a]//b[. = '1']; r[a][b]//@x; *[a]//a[b]/@x; a[a]//text(); c[b]/b/text() | @x; q/r; q//b
""".replace("\n", "; ").split("; ")

_PATHS = """
a; b; a/b; .//b; @x; a/@x; a | b; a | @x; /r/a; //b; ../b; *; @*; p:*; *:b; p:a; b/b; .//@x; a//b; c/*; c/*/b; a/a
a[1]; a[@x]; text(); .; ..; .//a/b; descendant::b; self::a; a/.; r/a; @p:x; @*:x; a/text(); a/..; (a, b); (a | b)/c
element(); *:a/*:b; /*; /*/b; /; //@x; /r/@x
""".replace("\n", "; ").split("; ")


def _contexts() -> list[tuple[str, str]]:
    top = _let("seen", "//b[1]/text()[1]") + _let("all", "//b") + _let("none", "//nothing")
    return [
        (
            f"context {context}",
            top
            + _rules(
                _rule(context, _yes("m", text=f"{_say('name()')} {_say('.')}")),
                _rule("*", _yes("rest")),
                _rule("@*", _yes("rest2")),
            ),
        )
        for context in (c.strip() for c in CONTEXTS)
        if context
    ]


def _forbidden() -> list[tuple[str, str]]:
    """Checks that a path alone decides, under contexts of several kinds, before and behind other rules."""
    found = []
    for path in (p.strip() for p in _PATHS if p.strip()):
        for form in ("not({})", "empty({})", "not(exists({}))"):
            check = _no("f", form.format(path), "no")
            rules = [
                _rules(_rule("a[@x]", _yes("x")), _rule("a", check), _rule("*", check, _no("o", "b"))),
                _rules(_rule("/*", check, check.replace('"f"', '"t"').replace(">no<", f">{_say('.')}<"))),
                _rules(_rule("c/a | a[b = '1'] | q", check), _rule("@x | b", check)),
                _rules(_rule("r[a]//a", check.replace("assert", "report"))),
                _rules(_rule("/r", check), _rule("/a", check)),
            ]
            found.append((f"forbidden {form.format(path)}", "".join(rules)))
    return found


_FUNCTIONS = (
    _function("twice", "n as xs:decimal", _give("$n * 2"), "xs:decimal")
    + _function("loose", "n", _give("$n"))
    + _function("text", "t as xs:string?", '<xsl:value-of select="concat($t, \'!\', string-length($t))"/>')
    + _function("many", "n as item()*", _give("count($n)"), "xs:integer")
    + _function("node", "n as node()?", _give("$n/@x"))
    + _function(
        "kind",
        "n as xs:string",
        '<xsl:choose><xsl:when test="$n = \'1\'"><xsl:text>one</xsl:text></xsl:when>'
        '<xsl:when test="starts-with($n, \'2\')"><xsl:text>two</xsl:text></xsl:when>'
        "<xsl:otherwise><xsl:value-of select=\"concat('other', $n)\"/></xsl:otherwise></xsl:choose>",
    )
    + _function(
        "vars",
        "n as xs:string",
        '<xsl:variable name="l" select="string-length($n)"/><xsl:variable name="k">kk</xsl:variable>'
        '<xsl:variable name="s" as="xs:string"><xsl:sequence select="concat($n, $k)"/></xsl:variable>'
        + _give("concat($s, $l, $k)"),
        "xs:string",
    )
    + _function(
        "down",
        "n as xs:integer",
        '<xsl:choose><xsl:when test="$n &lt;= 1">' + _give("1") + "</xsl:when><xsl:otherwise>"
        + _give("$n * u:down($n - 1)") + "</xsl:otherwise></xsl:choose>",
        "xs:integer",
    )
    + _function("yes", "v as xs:string?", _give("$v = ('1', 'x')"), "xs:boolean")
    + _function("sum", "a as xs:double, b as xs:double?", _give("$a + $b"), "xs:double?")
    + _function("none", "", _give("7"))
    + _function("exact", "n as node()?", _give("$n"), "xs:decimal?")
)  # fmt: skip
_CALLS = """
u:twice(2); u:twice(1.5); u:twice(xs:decimal('1.10')); u:twice(xs:integer(count(*))); u:twice(b[1]); u:twice(zz)
u:loose(a); u:loose((b, a)); u:loose(a)/b; u:loose(1); u:loose(a)[1]; count(u:loose(())); u:text(a[1]); u:text(())
u:text(a); u:text(string(b[1])); u:many(a); u:many(()); u:node(a[1]); u:node(.); u:node(b/..); u:kind(a[1])
u:kind('1'); u:kind(string(b[1])); u:kind('22'); u:vars(a[1]); u:vars('xyz'); u:down(5); u:down(count(*)); u:down(0)
u:exact(a[1]); u:exact(b[1]) + 0.1; u:exact(())
u:yes(a[1]); u:yes(()); u:yes('x'); u:sum(1, 2); u:sum(1.5, ()); u:sum(count(*), 1e0); u:sum(a[1], b[1]); u:none()
u:none() + u:twice(1); u:kind(zz); u:loose(a) = '1'; u:loose(a | b)[2]; u:loose(@x)
""".replace("\n", "; ").split("; ")


def _calls() -> list[tuple[str, str]]:
    return [
        (
            f"call {call}",
            _FUNCTIONS + _rules(_rule("/r | a", _yes("v", text=_say(call)), _yes("t", f"boolean({call})"))),
        )
        for call in (c.strip() for c in _CALLS)
        if call
    ]


_KEYS = (
    '<xsl:key name="x" match="a" use="@x"/><xsl:key name="b" match="a | c" use="b"/>'
    '<xsl:key name="p" match="a[b]/b | b[@x]" use="string(.)"/><xsl:key name="n" match="//a//b" use="name(..)"/>'
    '<xsl:key name="w" match="r/a" use="tokenize(normalize-space(.), \' \')"/>'
)
MADE: list[tuple[str, str]] = [
    (
        "the first rule that matches is asked, pattern by pattern",
        _rules(_rule("a[@x]", _yes("1")), _rule("a[b]", _yes("2")), _rule("a", _yes("3")))
        + _rules(_rule("a[b]", _yes("4")), _rule("a[@x]", _yes("5"))) + _rules(_rule("*", _yes("6"))),
    ),
    (
        "a rule without checks takes its nodes",
        _rules(_rule("a[@x]"), _rule("a", _yes("1"))) + _rules(_rule("a"), _rule("*", _yes("2")))
        + _rules(_rule("b"), _rule("*", _no("3", "not(b)"))) + _rules(_rule("*", _yes("4")), _rule("a")),
    ),
    (
        "one value and many texts",
        _rules(
            _rule("a[. = '1']", _yes("1")), _rule("a[. = '2']", _yes("2")), _rule("a[. = '1'][@x]", _yes("3")),
            _rule("a[. = '3'] | a[. = '5']", _yes("4")), _rule("a[b = '1'][@x]", _yes("5")),
            _rule("a[b = '2']", _yes("6")), _rule("a[b = '1']", _yes("7")), _rule("a", _yes("8")),
        ) + _rules(_rule("a[b = '1']"), _rule("a[b = '2']", _yes("9")), _rule("a[b = '3']", _yes("10")),
                _rule("a", _yes("13"))),
    ),
    (
        "one value and many texts, and further questions",
        _rules(
            _rule("c[@x = '1'][b]", _yes("1")), _rule("c[@x = '1']", _yes("2")), _rule("c[@x = '2'][b]", _yes("3")),
            _rule("c[@x = '2']", _yes("4")), _rule("c", _yes("5")),
        ) + _rules(
            _rule("a[normalize-space(.) = '1']", _yes("6")), _rule("a[normalize-space(.) = '2']", _yes("7")),
            _rule("a[normalize-space(@x) = '1']", _yes("8")), _rule("*", _yes("9")),
        ) + _rules(_rule("r/a[. = '1']", _yes("10")), _rule("a[. = '1']", _yes("11")), _rule("a[. = '2']", _yes("12"))),
    ),
    (
        "a value that is an error, and a rule that stands behind it",
        _rules(
            _rule("a[xs:decimal(.) = 1]", _yes("1")), _rule("a[string(xs:decimal(.)) = '2']", _yes("2")),
            _rule("a[string(xs:decimal(.)) = '3']", _yes("3")), _rule("a", _yes("4")),
        ),
    ),
    (
        "variables of schema, pattern and rule, one behind the other",
        _let("s", "count(//a)") + _let("t", "$s + 1") + _let("u", "//b")
        + _rules(
            _let("p", "$t * 2"), _let("q", "$p"),
            _rule("a", _let("l", "b"), _let("m", "count($l)"), _let("s", "'own'"),
                  _yes("1", text=_say("concat($s, $t, $p, $q, $m)")), _no("2", "$l = $u"), _no("3", "string($m) = $s")),
            _rule("*", _yes("4", text=_say("$s")), _no("5", "$u[. = '1']")),
        )
        + _rules(_rule("*", _yes("6", text=_say("$p"))), _rule("@x", _no("7", ". = $u"))),
    ),
    (
        "one name in two patterns",
        _rules(_let("v", "'1'"), _rule("a[. = $v]", _yes("1", text=_say("$v"))))
        + _rules(_let("v", "'2'"), _rule("a[. = $v]", _yes("2", text=_say("$v")))),
    ),
    (
        "one name in two patterns, and a third that asks for it",
        _rules(_let("v", "'1'"), _rule("a", _yes("1", text=_say("$v"))))
        + _rules(_let("v", "'2'"), _rule("a", _yes("2", text=_say("$v"))))
        + _rules(_rule("a", _yes("3", text=_say("$v")))),
    ),
    (
        "a variable whose type depends",
        _rules(_rule("*", _let("v", "if (b) then 1 else 'x'"), _let("w", "if (@x) then @x else b"),
                     _yes("1", text=_say("$v")), _no("2", "$v = 1"), _no("3", "$w = '1'"),
                     _yes("4", text=_say("count($w)")), _no("5", "$w[2]"), _no("6", "$w/.."))),
    ),
    (
        "a variable that ends in an error, which few ask for",
        _rules(_rule("a", _let("d", "xs:decimal(.)"), _no("1", "@x or $d > 1"), _no("2", "b and $d = 1"),
                     _yes("3", "not(@x) and . castable as xs:decimal and $d >= 2")))
        + _rules(_rule("r", _let("e", "xs:decimal(b)"), _yes("4", "c and count(b) = 1 and $e > 1"))),
    ),
    (
        "nodes in another order than the document's",
        _let("n", "(//b, //a)") + _rules(_rule("/*", _let("o", "(b, a)"), _yes("1", text=_say("$o")),
        _yes("2", text=_say("$o[1]")), _yes("3", text=_say("$n[2]")), _yes("4", text=_say("count($n/..)")),
        _yes("5", text=_say("$o/name()")), _yes("6", text=_say("($n | $o)[1]")), _no("7", "$o[. = '1']"))),
    ),
    (
        "the document element asks what others ask",
        _rules(_rule("/*", _no("1", "count(a) = count(//a)"), _no("2", "count(a) = 3"), _no("3", "a[b = '1']"),
                     _no("4", "a[b = '2']/b"), _no("5", "sum(//b[. castable as xs:decimal]) = 3"),
                     _no("6", "//a[@x = '1']"), _no("7", "//a[@x = '2']"), _no("8", "//a[@x = '1']/b"),
                     _no("9", "(a | b)[. = '1']"), _no("10", "every $i in a satisfies $i/b"), _no("11", ". = //b")),
               _rule("a", _no("12", "//a[@x = '1']"), _no("13", "@x = //b"), _no("14", "/*/a[b = '2']/b = b"),
                     _no("15", "count(/*/a) = 3"), _no("16", "//c/@x = @x"), _no("17", "/*/a[1] is ."),
                     _no("18", "some $i in //b satisfies $i = ."), _no("19", "//c[@x = '1'][b]"))),
    ),
    (
        "messages",
        _rules(_rule("a", _yes("1", text=f" {{x}} <name/> is\n {_say('.')}, {_say('b')} &lt;here&gt; "),
                     _yes("2", text="<name path='..'/>"), _yes("3", text="in <emph>bold <b>text</b></emph> and so"),
                     _yes("4", text=_say("'a'") + " " + _say("'b'") + _say("@x") + _say("b, @x")),
                     _no("5", "b", text=_say("count(b) + 0.5")), _yes("6", text="  "), _yes("7"))),
    ),
    (
        "flags and roles",
        _rules(_rule("/*", *(
            _yes(str(n)).replace(' id="', f" {flag} id=\"") for n, flag in enumerate((
                "flag='fatal'", "flag='warning'", "role='error'", "role='info'", "flag='WARN'",
                "flag='warning' role='error'", "flag='hint'", "role='Warning'",
            ))
        ))),
    ),
    (
        "keys",
        _KEYS + _rules(_rule("*", *(
            _yes(str(n), text=_say(asked)) for n, asked in enumerate((
                "count(key('x', '1'))", "key('x', @x)/name(..)", "count(key('b', b))", "count(key('b', ('1', '2')))",
                "key('p', '1')/name(..)", "count(key('p', '2'))", "count(key('n', 'a'))", "count(key('n', 'c'))",
                "key('w', '1')/@x", "count(key('w', ('1', '2', '3')))", "key('x', ('2', '1'))/name()",
            ))
        ))) + _rules(_rule("a[count(key('x', @x)) = 1]", _yes("k"))),
    ),
    (
        "reports and asserts of one test",
        _rules(_rule("*", _no("1", "a"), _yes("2", "a"), _no("3", "not(a)"), _yes("4", "not(a)"),
                     _yes("5", "empty(a)"))),
    ),
    (
        "attributes and texts of one pattern",
        _rules(_rule("a/@x", _yes("1", text=_say(".")), _no("2", ". = '1'")), _rule("@x", _yes("3")),
               _rule("a/text()", _yes("4", text=_say("."))), _rule("text()", _yes("5", text=_say("."))),
               _rule("a", _yes("6")), _rule("@*", _yes("7", text=_say("name()"))))
        + _rules(_rule("@x[. = '1']", _no("8", "../b")), _rule("a//@x", _yes("9")), _rule("/*/@*", _yes("10"))),
    ),
    (
        "a document of its own and its element",
        _rules(_rule("/", _no("1", "r"), _yes("2", "*/a"), _no("3", "not(.//c)"), _yes("4", text=_say("count(//*)"))),
               _rule("/*", _no("5", "self::r"), _yes("6", "a | b"))),
    ),
    (
        "names with the document's prefixes",
        _rules(_rule("*", _yes("1", text=_say("name()")), _yes("2", text=_say("name(@*[1])")),
                     _yes("3", text=_say("local-name()")), _yes("4", text=_say("namespace-uri()")),
                     _no("5", "name() = 'p:a'"), _no("6", "*/name() = 'p:a'"))),
    ),
]  # fmt: skip
# Abstract patterns and rules, and the same written out.
ABSTRACT = (
    (
        '<pattern abstract="true" id="t"><let name="v" value="$path/b"/>' + _let("pathway", "'w'")
        + '<rule context="$path[$cond]">'
        + _no("1", "$v = $want", _say("$path")) + '</rule><rule context="$pathology">' + _yes("2", "$want = '1'")
        + _yes("3", "$pathway = 'w'")
        + '</rule></pattern><pattern is-a="t" id="i1"><param name="path" value="a"/><param name="cond" value="@x"/>'
        '<param name="want" value="\'2\'"/><param name="pathology" value="b"/></pattern>'
        '<pattern is-a="t" id="i2"><param name="path" value="c"/><param name="cond" value="*"/>'
        '<param name="want" value="(\'1\', \'3\')"/><param name="pathology" value="a"/></pattern>',
        _rules(_let("v", "a/b"), _rule("a[@x]", _no("1", "a/b = '2'", _say("a"))),
               _rule("b", _yes("2", "'2' = '1'"), _yes("3")))
        + _rules(_let("v", "c/b"), _rule("c[*]", _no("1", "/c/b = ('1', '3')", _say("c"))),
                 _rule("a", _yes("2", "('1', '3') = '1'"), _yes("3"))),
    ),
    (
        '<pattern><rule abstract="true" id="ar">' + _let("n", "count(b)") + _no("1", "b") + _yes("2", "$n = 1")
        + '</rule><rule abstract="true" id="more"><extends rule="ar"/>' + _no("3", "@x")
        + '</rule><rule context="a">' + _yes("4", "@x") + '<extends rule="more"/>' + _yes("5", "$n = 2")
        + '</rule><rule context="c"><extends rule="ar"/></rule></pattern>',
        _rules(_rule("a", _let("n", "count(b)"), _yes("4", "@x"), _no("1", "b"), _yes("2", "$n = 1"), _no("3", "@x"),
                     _yes("5", "$n = 2")),
               _rule("c", _let("n", "count(b)"), _no("1", "b"), _yes("2", "$n = 1"))),
    ),
)  # fmt: skip


def schema(body: str) -> str:
    """The text of a schema."""
    return (
        f'<schema xmlns="{SCH}" xmlns:xsl="{XSL}" xmlns:u="functions" queryBinding="xslt2">'
        f'<ns prefix="p" uri="u"/><ns prefix="u" uri="functions"/>'
        f'<ns prefix="xs" uri="http://www.w3.org/2001/XMLSchema"/>{body}</schema>'
    )


def schemas() -> list[tuple[str, str]]:
    """(what it is about, its text)."""
    return [(name, schema(body)) for name, body in (*_contexts(), *_forbidden(), *_calls(), *MADE)]
