"""The axes: what lies beside, above and below a node, and which of it fits a test.

The tree keeps elements, attributes and text nodes. A test that would find anything else is refused.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from avrop.schematron.compiler.code import Code, is_name
from avrop.schematron.compiler.emitter import Emitter
from avrop.schematron.compiler.sequences import clauses, looped
from avrop.schematron.xpath import ast as x
from avrop.schematron.xpath.lexer import XPathRefused

Test = x.NameTest | x.KindTest


def axis(e: Emitter, step: x.Step, here: Code) -> Code:
    """The nodes of a step from the node `here`, without its predicates; a reverse axis gives the nearest first."""
    maker = _AXES.get(step.axis)
    if maker is None:
        raise XPathRefused(f"axis {step.axis}")
    return maker(e, step, here)


def _is_node(test: Test) -> bool:
    return isinstance(test, x.KindTest) and test.kind == "node"


def _child(e: Emitter, step: x.Step, here: Code) -> Code:
    if here.item in ("attribute", "text"):
        return Code("node", "0")
    if here.item == "node":
        return _of_branches(e, step, here)
    owner, test = here.py, step.test
    if isinstance(test, x.NameTest):
        return _elements(e, owner, test)
    if test.kind == "text":
        return Code("text", "*", f"text_nodes({owner})", texts=owner, down=True)
    if test.kind == "node":
        return Code("node", "*", f"all_kids({owner})", down=True)
    if test.kind == "element":
        return Code("element", "*", f"elems({owner})", down=True)
    raise XPathRefused(f"child::{test.kind}()")


def _elements(e: Emitter, owner: str, test: x.NameTest) -> Code:
    if test.tag is not None:
        name, key = e.fresh(), e.unit.constant(test.tag, "T")
        get = f"{owner}.get({key}, E)"
        return Code("element", "*", get, ((f"for {name} in {get}",), name), plain=get, down=True)
    source = f"elems({owner})"
    if test.uri is not None or test.local is not None:
        source = f"named({source}, {test.uri!r}, {test.local!r})"
    return Code("element", "*", source, down=True)


def _of_branches(e: Emitter, step: x.Step, here: Code) -> Code:
    """A step from what may be an attribute or text, below which there is nothing."""
    name = e.fresh()
    cl: tuple[str, ...] = (f"for {name} in ({here.py},)", f"if type({name}) is Node")
    inner = axis(e, step, Code("branch", "1", name))
    if inner.lazy:
        return replace(
            inner, card="*", loop=((*cl, *(inner.loop[0] if inner.loop else ())), "None"), plain=""
        )
    more, item = clauses(e, inner)
    return looped(inner, cl + more, item)


def _attribute(e: Emitter, step: x.Step, here: Code) -> Code:
    owner, test = here.py, step.test
    if here.item in ("attribute", "text", "document"):
        return Code("attribute", "0")
    if here.item == "node":
        return _of_branches(e, step, here)
    if isinstance(test, x.NameTest) and test.tag is not None:
        return Code(
            "attribute",
            "?",
            f"one(attr_nodes({owner}, {test.tag!r}))",
            attribute=(owner, test.tag),
            down=True,
        )
    if isinstance(test, x.NameTest) and (test.uri is not None or test.local is not None):
        name = e.fresh()
        cl = (f"for {name} in all_attrs({owner})", f"if {_fits(e, name, test)}")
        return Code("attribute", "*", loop=(cl, name), down=True)
    if isinstance(test, x.KindTest) and test.kind not in ("node", "attribute"):
        return Code("attribute", "0")
    return Code("attribute", "*", f"all_attrs({owner})", down=True)


def _self(e: Emitter, step: x.Step, here: Code) -> Code:
    if _is_node(step.test):
        return here
    if isinstance(step.test, x.KindTest) and step.test.kind != "element":
        raise XPathRefused(f"self::{step.test.kind}()")
    if here.item in ("text", "document", "attribute"):
        return Code(here.item, "0")
    if here.item == "node":
        return _of_branches(e, step, here)
    return fitting(e, Code(here.item, "?", here.py), step.test)


def _parent(e: Emitter, step: x.Step, here: Code) -> Code:
    if here.item == "document":
        return Code("branch", "0")
    if here.item in ("attribute", "text"):
        return fitting(e, Code("element", "1", f"{here.py}.parent"), step.test)
    if here.item == "node":
        # A leaf has no kids, and still is the parent of its attributes and its text.
        name, above = e.fresh(), e.fresh()
        real = f"if {above}.kids is not None or type({name}) is not Node"
        loop = (f"for {name} in ({here.py},)", f"for {above} in ({name}.parent,)", real), above
        return fitting(e, Code("branch", "*", loop=loop), step.test)
    py = f"{here.py}.parent" if is_name(here.py) else f"above({here.py})"
    return fitting(e, Code("branch", "?", py, up=True), step.test)


def _descendant(e: Emitter, step: x.Step, here: Code) -> Code:
    if here.item in ("attribute", "text") and step.axis == "descendant":
        return Code("node", "0")
    test, owner = step.test, here.py
    if isinstance(test, x.NameTest) and test.tag is not None and here.item == "document":
        # The document itself never has a name, so -or-self is the same here.
        return Code("element", "*", f"d.tags({test.tag!r})", peers=False, down=True)
    if isinstance(test, x.KindTest) and test.kind == "text":
        if here.item in ("attribute", "text", "node"):
            raise XPathRefused("text() below what may be no element")
        name = e.fresh()
        loop = (f"for {name} in descendants_or_self({owner})",), "None"
        return Code("text", "*", "", loop, texts=name, ordered=False)
    if isinstance(test, x.KindTest) and test.kind == "node":
        raise XPathRefused(f"{step.axis}::node() as a result")
    own = step.axis == "descendant-or-self"
    if here.item in ("attribute", "text", "node"):
        return _of_branches(e, step, here)
    source = f"descendants_or_self({owner})" if own else f"descendants({owner})"
    return fitting(e, Code("branch", "*", source, peers=False, down=True), test)


def every_branch(here: Code, attribute: bool, texts: bool) -> Code:
    """What lies between the two strokes of `//`: the node and the elements below it.

    `attribute`: the next step asks for attributes, of which the document has none. `texts`: it may lead somewhere
    from a text node, which is left out else.
    """
    if texts:
        return Code("node", "*", f"everything({here.py})", peers=False, down=True)
    if here.item == "document":
        return Code("branch", "*", "d.nodes" if attribute else "(d.doc, *d.nodes)", peers=False, down=True)
    item = here.item if here.item in ("attribute", "text", "node") else "branch"
    return Code(item, "*", f"descendants_or_self({here.py})", peers=False, down=True)


def _ancestor(e: Emitter, step: x.Step, here: Code) -> Code:
    if step.axis == "ancestor":
        return fitting(e, Code("branch", "*", f"ancestors({here.py})", ordered=False, peers=False), step.test)
    item = "branch" if here.item in ("element", "document", "branch") else "node"
    source = f"[{here.py}, *ancestors({here.py})]"
    return fitting(e, Code(item, "*", source, ordered=False, peers=False), step.test)


def _sibling(e: Emitter, step: x.Step, here: Code) -> Code:
    source = f"{step.axis.replace('-', '_')}s({here.py})"
    code = Code("element", "*", source, ordered=step.axis.startswith("f"))
    return fitting(e, code, _no_node(step))


def _beyond(e: Emitter, step: x.Step, here: Code) -> Code:
    test = _no_node(step)
    ordered = step.axis == "following"
    if isinstance(test, x.NameTest) and test.tag is not None:
        source = f"{step.axis}({here.py}, d.tags({test.tag!r}))"
        return Code("element", "*", source, ordered=ordered, peers=False)
    code = Code("element", "*", f"{step.axis}({here.py}, d.nodes)", ordered=ordered, peers=False)
    return fitting(e, code, test)


def _no_node(step: x.Step) -> Test:
    """The test of an axis that the runtime walks by elements only."""
    if _is_node(step.test):
        raise XPathRefused(f"{step.axis}::node()")
    return step.test


def fitting(e: Emitter, base: Code, test: Test) -> Code:
    """The nodes of `base` (elements or branches) that fit the test."""
    if isinstance(test, x.KindTest):
        if test.kind == "node" or (test.kind == "element" and base.item == "element"):
            return base
        if test.kind != "element":
            raise XPathRefused(f"{test.kind}() on this axis")
    cl, item = clauses(e, base)
    if not is_name(item) or not cl:
        name = e.fresh()
        cl, item = (*cl, f"for {name} in ({item},)"), name
    condition = _fits(e, item, test)
    if base.item == "node":
        condition = f"type({item}) is Node and {condition}"
    return looped(replace(base, item="element"), (*cl, f"if {condition}"), item)


def _fits(e: Emitter, item: str, test: Test) -> str:
    """A condition on a branch. The document's tag is empty, so it never passes."""
    if isinstance(test, x.KindTest):
        return f"{item}.tag"
    if test.tag is not None:
        return f"{item}.tag == {e.unit.constant(test.tag, 'T')}"
    if test.local is not None:
        return f"{item}.tag.rpartition('}}')[2] == {test.local!r}"
    if test.uri:
        return f"{item}.tag.startswith({'{' + test.uri + '}'!r})"
    return f"{item}.tag" if test.uri is None else f"({item}.tag and not {item}.tag.startswith('{{'))"


Maker = Callable[[Emitter, x.Step, Code], Code]
_AXES: dict[str, Maker] = {
    "child": _child,
    "attribute": _attribute,
    "self": _self,
    "parent": _parent,
    "descendant": _descendant,
    "descendant-or-self": _descendant,
    "ancestor": _ancestor,
    "ancestor-or-self": _ancestor,
    "following-sibling": _sibling,
    "preceding-sibling": _sibling,
    "following": _beyond,
    "preceding": _beyond,
}
