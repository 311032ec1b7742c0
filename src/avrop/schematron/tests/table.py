"""Expressions and documents that look for what is easily got wrong."""

from __future__ import annotations

POISON = (
    "", " ", "abc", "1_000", "٣", "\u00a05", "INF", "NaN", "1e3", "-0", "007", "2026-02-30", "2026-02-28", "true",
    "0", "1", "2", "1.0", " 12 ", "-1.50", "0.1", "+5", ".5", "5.", "9" * 20, "ß", "A B", "a\u00a0b",
)  # fmt: skip


def _documents() -> list[str]:
    made = [
        "<r x='2' y='2'><a x='1' y='1'>1</a><b>1</b><b>1.0</b></r>",
        "<r/>",
        "<r>t<a/>u</r>",
        "<r><a><b>1</b></a><a><b>2</b></a><b>3</b><a x='1' y='2'><c/><b>0</b><b>0</b></a></r>",
        "<r><b>1</b><a>2</a><b>3</b><a>1</a><if>x</if><in>y</in><then/><return>z</return></r>",
        "<r><a x='p'><a x='q'><a x='s'><b>5</b></a></a><b>6</b></a><b>7</b></r>",
        "<r x='1'><a x='2'/><a/><a x='3'>4</a></r>",
        "<r><a>te<!--c-->xt</a><b>te<![CDATA[x]]>t</b></r>",
        "<r><a>2 3</a><b>  x   y </b><a>x  y\u00a0z</a><a>1</a></r>",
        "<r xmlns:p='u'><p:a>1</p:a><a>2</a><p:b p:x='9'/></r>",
        "<r xmlns:p='u' xmlns:q='v' q:y='1' p:x='2'><q:a q:x='3'>1</q:a><p:a x='1'>2</p:a><p:a/><b/></r>",
        "<r>t<a>x<b>1</b></a><b><c/>y</b></r>",
        "<r><b>1<c/>2<a x='1'>7<c/>3<!--c-->8</a>4<!--d-->9</b>5</r>",
        "<r><a>tExT</a><a>٣</a><b>12\n</b><c>x&#13;y</c><d>2026-02-28</d></r>",
    ]
    escaped = [value.replace("<", "&lt;") for value in POISON]
    for at, value in enumerate(escaped):
        other = escaped[(at * 7 + 3) % len(escaped)]
        made.append(f"<r><a>{value}</a></r>")
        made.append(f"<r><a>{value}</a><b>{other}</b></r>")
        made.append(f"<r><a x='{value}' y='{other}'>{other}</a><b>{value}</b><b>{other}</b></r>")
    return made


DOCUMENTS = _documents()
# For the fast programmes: what was made by hand, and some of the rest.
SAMPLE = (*DOCUMENTS[:14], *DOCUMENTS[14::5])

# Values, told item by item.
VALUES = """
a[1]; (a | b)[1]; (a | b)[2]; (b | a)[last()]; (b, a)[1]; (a, b)[2]; (b, a)/name(); (a, a)/name()
(b, a)[. = '1']; count((a, a)); count((a | a)); string-join((b, a), ','); string-join((b | a), ',')
string-join(b); string-join(for $i in (b, a) return $i, ','); for $i in a return $i/b
(for $i in (b, a) return $i)[1]; count(a/b/..); .//b[1]; (.//b)[1]; //b[1]; //r[1]/@x; //*[1]/name()
//*[last()]/name(); //@x; (//@x)[2]; (a/@x)[2]; a/@x[1]; a[2]/@x; a/ancestor::*[1]/name()
.//b/ancestor::*[1]/name(); .//b/ancestor::*/name(); (.//b/ancestor::*)[1]/name(); .//b/parent::a/@x
count(.//..); string-join(.//../local-name(), ','); count(//ancestor::a); count(.//following-sibling::*)
count(.//preceding-sibling::b); count(.//preceding::a); count(//following::*[1]); count(.//(../b))
a/preceding-sibling::*[1]/name(); (a/preceding-sibling::*)[1]/name(); b/preceding-sibling::a[last()]
b/following-sibling::*[1]; b/preceding::a[1]; (b/preceding::a)[1]; b/following::*[1]/name()
.//b/preceding::b; .//a[b]/@x; a[b][2]/b; a[b = '2'][1]/b; a[position() = 2]; a[position() = last()]
a[position() > 1]; a[last() - 1]; a[count(b)]; b[. = preceding-sibling::a]; a[number(.) = 2]; a[@x][1]/@x
a[@x and b]; *[self::a or self::b][2]; *[self::a][2]; self::r/name(); self::a; ..[a]; ../r/a[1]
a/self::a[1]; a/.[. = '2']; a/text(); (a/text())[1]; string(text()[1]); .//text(); count(.//text())
a/descendant-or-self::*/name(); count(a/descendant::*); (a | @x); (a | @x)[1]; (a | .)/name()
(@x | a)/.. /name(); (a | @x)/b; a intersect b; (a | b) except b; count((a | b) intersect a); a/b; a//b
.//a/b; a/*; *:a; *:b/@*:x; count(a) + 1; a[1] + 1; -a[1]; -(1); - -1; -number(a[1]); -0e0; 1 div 3
10 div 4; 7 idiv 2; -7 idiv 2; -7 mod 3; 7.5 mod 2; 0.1 + 0.2; 0.1e0 + 0.2; a[1] * 2; a[1] div 2; 2 - b[1]
round(2.5); round(-2.5); round(-2.5e0); round(a[1]); floor(a[1]); ceiling(-1.5); abs(a[1]); abs(-1.5)
sum(a); sum(()); -(sum(zz)); -1e0 * xs:decimal('-0')
sum(zz) + 0.1 + 0.2; sum((1, 2.5)); max(a); min((1, 2, 0.5)); max((1, 2)); number(a[1])
number('1e3'); number(true()); xs:decimal(a[1]); xs:integer(a[1]); xs:double(a[1]); xs:date(a[1])
xs:boolean(a[1]); xs:string(a[1]); xs:decimal(1e0); xs:integer(2.9); xs:decimal(1.10); xs:string(1e6)
xs:string(1e-7); xs:string(123456.7e0); a[1] castable as xs:decimal; a[1] castable as xs:integer
a[1] castable as xs:double; a[1] castable as xs:date; zz castable as xs:date?; zz castable as xs:date
a castable as xs:decimal; a[1] cast as xs:decimal; zz cast as xs:decimal?; zz cast as xs:decimal
string(a[1]); string(1.50); string(zz); string(); concat(a[1], '-', b[1], 1, true()); concat(1000000, 1e6)
string-length(a[1]); string-length(); normalize-space(a[1]); normalize-space(); upper-case(a[1])
lower-case('ÆØÅ'); contains(a[1], ''); contains(zz, ''); starts-with(a[1], '-'); ends-with(a[1], '0')
substring(a[1], 2); substring(a[1], 0, 3); substring(a[1], 1.5, 2); substring('12345', 2, 3)
substring('12345', -1, 4); substring-after(a[1], '0'); substring-before(a[1], '0')
translate(a[1], '0123', 'abc'); string-to-codepoints(a[1]); codepoints-to-string((65, 66))
codepoints-to-string(reverse(string-to-codepoints('abc'))); tokenize(a[1], '0'); tokenize(a[1])
tokenize('a,b', ',')[2]; replace(a[1], '[0-9]', 'x'); matches(a[1], '^[0-9]+$'); matches(a[1], '^\\d+$')
matches(a[1], '\\s'); matches(a[1], 'B$'); matches(a[1], '^(te|TE).t$', 'i'); distinct-values((a, b))
distinct-values(a); count(distinct-values(*)); reverse((1, 2, 3)); reverse(a); reverse((b, a))[1]; 1 to 3
(1 to 3)[2]; (1, 2, 3)[. > 1]; ('x', 'y')[2]; count(()); count((1, 2)); exists(()); empty(zz); data(a)
data(a)[1]; data(a)[. = '2']; data(@x); local-name(a[1]); name(zz); local-name(..); namespace-uri(*[1])
name(*[2]); exactly-one(r); zero-or-one(zz); if (a) then a else b; if (a) then 1 else 'x'
(if (a) then 1 else 'x') = 1; string(if (b) then 1 else 'x'); count(if (b) then a else ())
if (a) then (b, a) else (); (if (a) then (b, a) else b)[1]; (if (b) then 1 else 2.5) + 1
if (zz) then 1 else 2; if; in; if/.. /name(); return; a/then; (: a comment :) a[1]; a (: (: nested :) :) [1]
for $in in in return $in; some $i in a satisfies $i = '1'; every $i in a satisfies $i/b
every $i in zz satisfies false(); some $i in a, $j in b satisfies $i = $j
some $i in ('1', '2') satisfies $i = a; some $i in tokenize('1,2', ',') satisfies normalize-space(a[1]) = $i
for $i in a, $j in b return concat($i, $j); for $i in 1 to 3 return $i * 2
(for $i in a return number($i))[1]; sum(for $i in a return number($i)); number('INF'); number(' -INF ')
number('x'); substring('12345', 3)
substring(concat(a[1], '12345'), 3); substring('12345', 2, 1.5); substring('12345', 2, 2.4)
translate('abcab', 'aba', 'xyz')
substring-after('a-b-c', '-'); substring-before('abc', '-'); tokenize('a-b-c', '-'); tokenize('a-b-', '-')
7 mod -3; -7 mod 3
substring('12345', string-length(a[1]))
1 div xs:decimal(a[1]); 10 div count(zz); xs:decimal('1.005') * 100; xs:decimal('.5'); xs:decimal('+5')
round(xs:decimal('2.5')); round(0.5e0); round(1.5e0); round(-1.5e0)
1 div 3 * 3; 1e6 * 10; xs:string(1.10); sum((1, 2, 3)); max((1, 3, 2)); min((3, 1, 2)); min(b); max(b)
sum(b); string-length(normalize-space(a[1])); string-length(normalize-space(b[1]))
string-length(normalize-space(a[2]))
xs:date('2024-02-29'); xs:date(' 2026-02-28 '); xs:boolean('1'); xs:boolean('0'); a/following-sibling::*
a[2]/preceding-sibling::*; p:*; count(p:*); p:*/name(); p:a[2]; @p:*; count(@p:*); */@p:x; .//p:*; *:a; @*:x
zero-or-one(a); zero-or-one(b); zero-or-one(a[1]); exactly-one(a); exactly-one(a[1]); exactly-one(zz); count(@x)
count(a/@x); count(@*); count(a/@*); count(a/text()); count(text()); count(zz); count(a[1]); count((a, @x))
exists(max(a)); exists(zz + 1); empty(a[1] + 1); exists(@x); empty(@x); exists(a/@x); exists(a/text()); empty(text())
exists(a/b); empty(a/b); exists(.//b); exists(//b); exists(a[1]); exists(string(a[1])); exists(data(a)); exists(())
string(text()); normalize-space(text()); a[1]/string(text()); concat(text(), '!'); number(text()); text() = 't'
contains(text(), 't'); string-length(text()); a/text() = 'x'; a[text() = 'x']/b; b/text(); text()[1]; text()[. = 't']/..
matches(b[1], '^[0-9]+$'); matches(a[2], '^\\d+$'); matches(a[2], '^[0-9]$'); matches(b[1], '^.+$')
matches(a[1], '\\D'); round(10 div 4)
floor(10 div 4); (10 div 4) mod 1; (10 div 4) * 2; xs:integer(10 div 4); count(../..); ../..; ../../a
count(../../*); (. | @x)[1]/name(); (a/@x | a)[1]; (a/@x | a)[2]; (a | a/@x)[last()]
a[1]/following::*/name(); a/following::b; count(a[1]/following::*); string-join((text() | .//*)/string(.), '-')
(if (a) then (b | a) else (b, a))[1]; string-join(if (a) then (b | a) else (a, b), ','); number(()); string(number(()))
number(()) = 0; sum(-0e0); sum((-0e0, -0e0)); 1 div sum(-0e0)
matches(c, '^x.y$'); matches(c, '^x\\sy$'); replace(c, '.', 'z'); 'it\'\'s'; concat('a\'\'b', "c""d")
count(a/ancestor-or-self::*); string-join(a[1]/ancestor-or-self::*/name(), '/'); count(.//b/ancestor-or-self::a)
ancestor-or-self::r; count(@x/ancestor-or-self::*); a[1]/ancestor-or-self::*[1]; tokenize(' a  b ')
count(tokenize(a[1])); a = max(zz); a != @x; a < max(zz); a < @x; a[1] = xs:date('2026-02-28'); count((//b)[. = $nodes])
//a[string(position()) = '1']; string-join(for $i in //b return concat($i, @x), ',')
not(some $i in //b satisfies $i = @x); count(../../following::*); d = xs:date('2026-02-28')
d < xs:date('2026-03-01');  count(../../preceding::*)
""".replace("\n", "; ").split("; ")

# Conditions, in addition to the truth of every value.
CONDITIONS = """
a = b; a != b; a < b; a <= b; a > 1; a >= 1.5; 1 < a; a = 1; a = 1e0; a = '1'; () = (); zz = zz
not(zz = zz); a = (1, 2); a = ('1', '2'); a[1] eq '1'; a[1] eq b[1]; a[1] eq 1; zz eq '1'; zz eq 1; a eq '1'
number(a[1]) eq 1; xs:decimal(a[1]) = xs:decimal(b[1]); a[1] lt b[1]; xs:date(a[1]) <= xs:date(b[1])
xs:date(a[1]) lt xs:date('2026-03-01'); true() = a; a = true(); boolean(a) = true(); @x = a; a/@x = b
a/@x = '1'; a[1] is a[1]; a[1] is b[1]; a[1] << b[1]; a[1] >> b[1]; zz is a; not(a[1] = b[1]) and a
a and xs:decimal(a[1]) > 1; xs:decimal(a[1]) > 1 or true(); false() and xs:decimal('x')
true() or xs:decimal('x'); xs:decimal(a[1]) > 1 or b; not(a) or xs:integer(a[1]) > 0; sum(a) = sum(b)
sum(zz) = 0; a + b = 2; a[1] + b[1] = 3; normalize-space(a); normalize-space(a[1]) = ''; string(a[1])
a[1][. castable as xs:decimal]; contains(' 1 2 3 4 ', concat(' ', a[1], ' '))
contains(' 1 2 3 4 ', concat(' ', normalize-space(a[1]), ' ')); ('a', 'b') = 'b'; ('a', 'b'); (1, 2); 'x'
''; 0; 0.0; 0e0; number('x'); tokenize(a[1], '0')[1] = ('1', 'x'); tokenize('x-1', '-')[2] = ('1', '2')
$list = a; $list = ('1', 'p'); $list[2] = ('p', 'q'); $nodes = a; $nodes = ('1', '2'); count($nodes) = 2
$nodes[1] = '1'; $mixed = 1; $mixed = 'x'; $up/name() = 'r'; exists($up); exists(..); exists(parent::r)
exists(parent::zz); exists(../zz); not(..); exists(a/../b); a/parent::r/b = '3'
a[1] < b[1]; a[1] <= b[1]; a[1] > b[1]; a[1] >= b[1]; a[1] != b[1]; @x = b[1]; a[1]/@x < b[1]; a[1]/@x >= b[1]
@x < @y; @x <= @y; @x > @y; @x >= @y; @x = @y; @x != @y; xs:decimal(a[1]) < xs:decimal(b[1])
xs:decimal(a[1]) <= xs:decimal(b[1]); xs:decimal(a[1]) >= xs:decimal(b[1]); xs:date(a[1]) < xs:date(b[1])
a <= 1; a < 1; a >= 1; 1 <= a[1]; 1 >= @x; @x > 2; @x <= 2; a[1] <= 1.5; b = 1; b != 1
xs:decimal(a[1]) > 1 and zz; zz and xs:decimal(a[1]) > 1; '1e3' castable as xs:decimal
'٣' castable as xs:decimal; '5.' castable as xs:decimal
'.5' castable as xs:decimal; '+5' castable as xs:decimal; '1.0' castable as xs:integer
' 12 ' castable as xs:decimal; ' 2026-02-28 ' castable as xs:date
'2026-02-30' castable as xs:date; '2024-02-29' castable as xs:date; '2000-02-29' castable as xs:date
'1900-02-29' castable as xs:date
'26-01-01' castable as xs:date; '2026-01-01+01:00' castable as xs:date
xs:date('2026-01-01+01:00') < xs:date('2026-01-01Z'); xs:date('2026-01-01+01:00') < xs:date('2026-01-01')
xs:date('2026-01-02+14:00') > xs:date('2026-01-01Z'); xs:date('2026-01-01Z') = xs:date('2026-01-01')
 xs:date('2026-01-01-01:00') <= xs:date('2026-01-01')
normalize-space(a[1]) = 'x y'; normalize-space(b[1]) = 'x y'; normalize-space(a[2]) = 'x y'
a[. = '1' or . = '2 3']; (1, 2) = (3, 2); ('a', 'b') != 'a'
""".replace("\n", "; ").split("; ")

LETS = (
    ("list", "tokenize(normalize-space(a[1]), '-')"),
    ("nodes", "(b, a)"),
    ("mixed", "if (a) then 1 else 'x'"),
    ("up", ".."),
)
SPACES = {"p": "u", "xs": "http://www.w3.org/2001/XMLSchema"}


def expressions() -> list[tuple[str, bool]]:
    """(expression, whether its value is told as well as its truth)."""
    return [(e.strip(), True) for e in VALUES if e.strip()] + [
        (e.strip(), False) for e in CONDITIONS if e.strip()
    ]
