"""Paths and steps: from nodes to nodes."""

from __future__ import annotations

from dataclasses import replace

from avrop.schematron.compiler.axes import axis, every_branch
from avrop.schematron.compiler.code import Clauses, Code
from avrop.schematron.compiler.emitter import Emitter
from avrop.schematron.compiler.predicates import filtered, may_count
from avrop.schematron.compiler.scope import Scope
from avrop.schematron.compiler.sequences import clauses, in_order, named_clauses
from avrop.schematron.xpath import ast as x
from avrop.schematron.xpath.lexer import XPathRefused

TOP = x.Step("child", x.NameTest(None, None))
ANY_BELOW = x.Step("descendant-or-self", x.KindTest("node"))


def context_item(_e: Emitter, _tree: x.ContextItem, scope: Scope) -> Code:
    """`.`"""
    if scope.here is None:
        raise XPathRefused("the context item where there is none")
    return scope.here


def root(_e: Emitter, _tree: x.Root, _scope: Scope) -> Code:
    """`/`"""
    return Code("document", "1", "d.doc")


def step(e: Emitter, tree: x.Step, scope: Scope) -> Code:
    """A step from the context node. On a reverse axis the nearest is the first, as predicates count them."""
    if scope.here is None or not scope.here.nodes:
        raise XPathRefused("a step without a node to start from")
    return filtered(e, axis(e, tree, scope.here), tree.predicates, scope)


def filter_(e: Emitter, tree: x.Filter, scope: Scope) -> Code:
    """`(...)[p]`: the parentheses bring the nodes into document order before predicates count them."""
    base = e.code(tree.base, scope)
    return filtered(e, in_order(e, base) if tree.predicates else base, tree.predicates, scope)


def path(e: Emitter, tree: x.Path, scope: Scope) -> Code:
    """`left/right`"""
    left, right = tree.left, tree.right
    if left == x.Root() and right == TOP:
        return Code("element", "1", "d.top")
    if isinstance(left, x.Path) and left.right == ANY_BELOW:
        return _below(e, left.left, right, scope)
    return _from(e, e.code(left, scope), right, scope)


def _below(e: Emitter, left: x.Expression, right: x.Expression, scope: Scope) -> Code:
    """`left//right`"""
    if isinstance(right, x.Step) and right.axis == "child" and not may_count(right.predicates):
        # `//x` is `descendant::x` where no predicate counts positions.
        return path(e, x.Path(left, replace(right, axis="descendant")), scope)
    base = e.code(left, scope)
    if not base.nodes:
        raise XPathRefused("a path from what is no node")
    attribute = isinstance(right, x.Step) and right.axis == "attribute"
    cl, here = _focus(e, base)
    branches = every_branch(here, attribute, not _downwards(right))
    return _from(e, _join(e, base, cl, branches), right, scope)


def _downwards(tree: x.Expression) -> bool:
    """Whether an expression finds nothing from a text node, as the steps down from there."""
    match tree:
        case x.Step("child" | "attribute" | "descendant"):
            return True
        case x.Step("self" | "descendant-or-self", test):
            return isinstance(test, x.NameTest) or test.kind == "element"
        case x.Path(left, _) | x.Filter(left, _):
            return _downwards(left)
        case x.Combine(_, left, right):
            return _downwards(left) and _downwards(right)
    return False


def _from(e: Emitter, base: Code, right: x.Expression, scope: Scope) -> Code:
    if not base.nodes:
        raise XPathRefused("a path from what is no node")
    near = isinstance(right, x.Step) and right.axis in ("child", "parent", "attribute")
    if base.up and near:
        # Above the document lies an empty element: a step from there finds nothing, as it should.
        return e.code(right, Scope(Code("element", "1", base.py), scope.variables))
    cl, here = _focus(e, base)
    made = _join(e, base, cl, e.code(right, Scope(here, scope.variables)))
    if made.nodes or base.ordered or base.given:
        return made
    # `a/string()`: values come in the order of their nodes, and once for each.
    return _from(e, in_order(e, base), right, scope)


def _focus(e: Emitter, code: Code) -> tuple[Clauses, Code]:
    """The loop over what stands left of a `/`, and the context item of what stands right of it."""
    cl, item = named_clauses(e, code)
    return cl, Code(code.item, "1", item)


def _join(e: Emitter, base: Code, cl: Clauses, inner: Code) -> Code:
    """What `inner` gives for each item of the loop over `base`."""
    if not cl:
        return inner
    if inner.choice is not None:
        raise XPathRefused("a step to one type or another")
    if inner.lazy:
        before, first = (inner.loop[0], False) if inner.loop else ((), True)
        ordered = base.ordered and first and (base.peers or inner.attribute is not None)
        return replace(inner, card="*", loop=((*cl, *before), "None"), ordered=ordered, peers=True, plain="")
    more, item = clauses(e, inner)
    straight = base.peers and inner.down
    return Code(
        inner.item, "*", "", (cl + more, item),
        ordered=not inner.nodes or (straight and base.ordered and inner.ordered),
        peers=straight and inner.peers,
    )  # fmt: skip
