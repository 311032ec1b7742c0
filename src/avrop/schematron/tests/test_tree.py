"""Places: what is known of paths serves the next document, and odd documents do not stand in its way."""

from __future__ import annotations

from avrop.schematron import schema
from avrop.schematron.compiler.module import compile_schema
from avrop.schematron.ruleset import RuleSet
from avrop.schematron.tests.oracle import question
from avrop.schematron.tree import Places, location, read


def test_a_document_with_too_many_paths_is_forgotten_at_the_next_one() -> None:
    places = Places(most=3)
    read(b"<a><b/><c/><d/><e/></a>", places=places)
    full = places.start()
    assert dict(full) == {}  # begun anew
    with read(b"<a><b/></a>", places=places) as first, read(b"<a><b/><b/></a>", places=places) as second:
        assert [node.place for node in second.nodes] == [
            *(n.place for n in first.nodes),
            first.nodes[1].place,
        ]


def test_a_path_that_is_not_kept_is_judged_like_any_other() -> None:
    rules = RuleSet(compile(compile_schema(schema.read(question("b", "x"))).source, "rules", "exec"))
    places = Places(most=1)
    with read(b"<a><b><x/></b><b/><b><x/></b></a>", places=places) as tree:
        assert [(hit.id, hit.at) for hit in rules.judge(tree)] == [
            ("e", "/Q{}a[1]/Q{}b[1]"),
            ("n", "/Q{}a[1]/Q{}b[2]"),
            ("e", "/Q{}a[1]/Q{}b[3]"),
        ]


def test_a_location_counts_siblings_of_the_same_name_alone() -> None:
    known: dict[tuple[int, str], dict[int, int]] = {}
    with read(b'<a xmlns:n="u"><b/><c/><b><n:d/></b><!-- --><b/></a>') as tree:
        assert [location(node, known) for node in tree.nodes] == [
            "/Q{}a[1]",
            "/Q{}a[1]/Q{}b[1]",
            "/Q{}a[1]/Q{}c[1]",
            "/Q{}a[1]/Q{}b[2]",
            "/Q{}a[1]/Q{}b[2]/Q{u}d[1]",
            "/Q{}a[1]/Q{}b[3]",
        ]
        assert [location(node) for node in tree.nodes] == [location(node, known) for node in tree.nodes]


def test_a_long_text_is_one_text_and_a_comment_parts_it() -> None:
    """Longer than what the parser hands over at once."""
    long = "x" * 200_000
    with read(f"<a><!-- -->{long}<b>{long}</b>{long}<!-- -->{long}</a>".encode()) as tree:
        top, leaf = tree.nodes
        assert [kid if isinstance(kid, str) else kid.tag for kid in top.kids or ()] == [long, "b", long, long]
        assert (leaf.kids, leaf.text) == (None, long)


def test_findings_come_in_the_document_s_order_whatever_that_of_the_rules() -> None:
    tree = question("c", "true()")
    tree.append(question("b | a/@x", "true()")[-1])
    tree.append(question("a", "not(d)")[-1])
    rules = RuleSet(compile(compile_schema(schema.read(tree)).source, "rules", "exec"))
    with read(b'<a x="1"><b/><c><d/></c><b/></a>') as document:
        assert [hit.at.replace("Q{}", "") for hit in rules.judge(document)] == [
            "/a[1]", "/a[1]/@x", "/a[1]/b[1]", "/a[1]/c[1]", "/a[1]/b[2]",
        ]  # fmt: skip
