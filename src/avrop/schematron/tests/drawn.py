"""Faults drawn at random: small changes of the engine's syntax, chosen by the hash of what they change.

So an edit elsewhere leaves the draw as it is, and nobody chooses the faults that are easily seen. `SAME` are those
that change no verdict, each with the reason; they are not counted.

    python -m avrop.schematron.tests.drawn

prints the draw, and how many there are of each file.
"""

from __future__ import annotations

import ast
import hashlib
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
# What makes a verdict. Reading a release from its files, the folder of compiled sets and the oracle have tests
# of their own.
FILES = ("contexts.py", "plans.py", "ruleset.py", "schema.py", "steps.py", "tree.py")
FOLDERS = ("compiler", "compiler/library", "runtime", "xpath")
DRAWN = 150

_TURNED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt,
    ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In,
}  # fmt: skip
_CALCULATED: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Add, ast.BitOr: ast.BitAnd, ast.BitAnd: ast.BitOr,
}  # fmt: skip
# In the pieces of Python that the compiler writes: the first of these that is found is turned.
_WRITTEN = (
    (" is not None", " is None"), (" is None", " is not None"), (" not in ", " in "), ("not ", ""), (" and ", " or "),
    (" or ", " and "), (" == ", " != "), (" != ", " == "), ("any(", "all("), ("if ", "if not "), ("[-1:]", "[:1]"),
    ("True", "False"), ("False", "True"), ("0", "1"), ("1", "2"), ("_or_self", ""), ("ancestors", "descendants"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Drawn:
    """The change number `at` in the file, in the order of `_sites`."""

    name: str
    file: str
    at: int

    def spoil(self, text: str) -> str:
        """The source with the fault."""
        tree = ast.parse(text)
        for at, site in enumerate(_sites(tree)):
            if at == self.at:
                site.change()
                return ast.unparse(tree)
        raise ValueError(f"{self.name}: not in {self.file}")


@dataclass(slots=True)
class _Site:
    """A node that can be changed: the function it stands in, and what is done with it."""

    within: str
    kind: str
    node: ast.AST

    def change(self) -> None:
        _KINDS[self.kind](self.node)


def _sites(tree: ast.Module) -> Iterator[_Site]:
    """All changes of a file, in the order of its text. A node may be changed in more than one way."""
    yield from _below(tree, "")


def _below(node: ast.AST, within: str) -> Iterator[_Site]:
    for name, value in ast.iter_fields(node):
        if name in (
            "annotation",
            "returns",
            "decorator_list",
            "bases",
            "type_params",
            "keywords",
        ) and isinstance(node, ast.FunctionDef | ast.ClassDef | ast.arg | ast.AnnAssign):
            continue
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST) and not _of_no_account(child):
                yield from (_Site(within, kind, child) for kind in _kinds(child))
                inner = child.name if isinstance(child, ast.FunctionDef | ast.ClassDef) else ""
                yield from _below(child, f"{within}.{inner}".strip(".") if inner else within)


def _of_no_account(node: ast.AST) -> bool:
    """Texts for people: docstrings and errors. Names that stand for types."""
    return (
        isinstance(node, ast.Raise | ast.Import | ast.ImportFrom)
        or (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))
        or (isinstance(node, ast.Assign) and isinstance(node.value, ast.Subscript | ast.BinOp))
        or (isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") in ("__slots__", "__hash__"))
    )


def _kinds(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.Compare():
            yield "turned"
        case ast.BoolOp():
            yield "and-or"
            yield "shorter"
        case ast.UnaryOp(op=ast.Not()):
            yield "not"
        case ast.If():
            yield "if"
        case ast.IfExp():
            yield "branches"
        case ast.comprehension(ifs=[_, *_]):
            yield "unfiltered"
        case ast.Constant(value=bool()):
            yield "constant"
        case ast.Constant(value=int()):
            yield "one more"
        case ast.BinOp(left=left, op=op) if type(op) in _CALCULATED and not isinstance(
            left, ast.JoinedStr | ast.Constant
        ):
            yield "operator"
        case ast.JoinedStr() if _written(node) is not None:
            yield "written"
        case ast.Dict(values=[_, _, *_]) if all(isinstance(v, ast.Constant | ast.Name) for v in node.values):
            yield "swapped"
        case (
            ast.Expr(value=ast.Call() | ast.Yield() | ast.YieldFrom())
            | ast.AugAssign()
            | ast.Continue()
            | ast.Break()
        ):
            yield "left out"


def _written(node: ast.JoinedStr) -> tuple[ast.Constant, str] | None:
    for old, new in _WRITTEN:
        for part in node.values:
            if isinstance(part, ast.Constant) and re.search(rf"(?<![\w]){re.escape(old)}", str(part.value)):
                return part, str(part.value).replace(old, new, 1)
    return None


def _turn(node: ast.Compare) -> None:
    node.ops[0] = _TURNED[type(node.ops[0])]()


def _and_or(node: ast.BoolOp) -> None:
    node.op = ast.Or() if isinstance(node.op, ast.And) else ast.And()


def _shorter(node: ast.BoolOp) -> None:
    node.values.pop()


def _no_longer_not(node: ast.UnaryOp) -> None:
    node.op, node.operand = ast.Not(), ast.UnaryOp(ast.Not(), node.operand)


def _if(node: ast.If) -> None:
    node.test = ast.UnaryOp(ast.Not(), node.test)


def _branches(node: ast.IfExp) -> None:
    node.body, node.orelse = node.orelse, node.body


def _unfiltered(node: ast.comprehension) -> None:
    node.ifs.pop()


def _constant(node: ast.Constant) -> None:
    node.value = not node.value


def _one_more(node: ast.Constant) -> None:
    node.value += 1  # type: ignore[operator]


def _operator(node: ast.BinOp) -> None:
    node.op = _CALCULATED[type(node.op)]()


def _write(node: ast.JoinedStr) -> None:
    found = _written(node)
    assert found is not None
    found[0].value = found[1]


def _swap(node: ast.Dict) -> None:
    node.values[0], node.values[1] = node.values[1], node.values[0]


def _leave_out(node: ast.stmt) -> None:
    for name in node._fields:
        if hasattr(node, name):
            delattr(node, name)
    node.__class__ = ast.Pass  # type: ignore[assignment]


_KINDS = {
    "turned": _turn, "and-or": _and_or, "shorter": _shorter, "not": _no_longer_not, "if": _if, "branches": _branches,
    "unfiltered": _unfiltered, "constant": _constant, "one more": _one_more, "operator": _operator,
    "written": _write, "swapped": _swap, "left out": _leave_out,
}  # fmt: skip


def _short(node: ast.AST) -> str:
    if isinstance(node, ast.comprehension):
        node = node.ifs[-1]
    return " ".join(ast.unparse(node.test if isinstance(node, ast.If) else node).split())[:90]


@cache
def everything() -> tuple[Drawn, ...]:
    """All changes there are, in the order of their hashes."""
    found: dict[str, Drawn] = {}
    files = [
        *FILES,
        *(f"{folder}/{p.name}" for folder in FOLDERS for p in sorted((ROOT / folder).glob("*.py"))),
    ]
    for file in files:
        for at, site in enumerate(_sites(ast.parse((ROOT / file).read_text("utf-8")))):
            name = base = f"{file} {site.within}: {site.kind}: {_short(site.node)}"
            number = 1
            while name in found:
                number += 1
                name = f"{base} ({number})"
            found[name] = Drawn(name, file, at)
    return tuple(sorted(found.values(), key=lambda one: hashlib.sha256(one.name.encode()).digest()))


def draw() -> tuple[Drawn, ...]:
    """The faults that are drawn."""
    return everything()[:DRAWN]


SAME: dict[str, str] = {
    "compiler/library/sequences.py _key: shorter: literal(name) or ''": "no key is named None either",
    "compiler/library/strings.py _code_list: one more: 1 (2)": (
        "a list with an empty word would be looked up too, and holds what contains() finds: `among` asks the text "
        "for what is empty"
    ),
    "compiler/grammar.py _membership: turned: side != x.Variable(name)": "the quick way is not taken, the other is",
    "plans.py Planner.__init__: branches: last.test.tag if last.test else None": (
        "all alarms are filed under any name: more are tried at a new place, the same are heard"
    ),
    "compiler/library/strings.py _code_list: if: parts[0] == parts[-1] == '' and len(parts) > 4 and all(parts[1:-1])": (
        "a look-up is right for any list: only what stands between two spaces is looked up"
    ),
    "compiler/top.py _count: left out: found[tree] += 1": "more is kept for a document than is asked for twice",
    "compiler/scope.py Unit.fresh: one more: 1": "names are numbered by twos",
    "compiler/scope.py Unit: constant: False": "every tree is read with its prefixes: slower, and the same tree",
    "compiler/scope.py of_whole: shorter: isinstance(tree, x.Root) or (isinstance(tree, x.Call) and tree.name == 'fn:key')": (  # noqa: E501
        "what key() finds is looked up again and not kept"
    ),
    "compiler/axes.py _child: constant: True (2)": "children in order are brought into order once more",
    "tree.py : one more: 2": "the order of the void above a document, which is compared with nothing",
}


def main() -> None:
    """The programme."""
    for fault in draw():
        print(fault.name)
    print(len(everything()), dict(Counter(fault.file for fault in draw())))


if __name__ == "__main__":
    main()
