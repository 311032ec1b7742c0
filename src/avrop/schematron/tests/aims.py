"""Edits that may make an expression true or false, drawn from what it says.

Nothing here evaluates XPath: an aim is a guess, and the rules themselves tell whether it hit.
"""

from __future__ import annotations

from typing import Any

from avrop.schematron.compiler.scope import parts
from avrop.schematron.tests import edits
from avrop.schematron.tests.places import Env, Places, Target
from avrop.schematron.tests.words import NUMBERS, fitting, leaves, literals
from avrop.schematron.xpath import ast as x


class Aim(Places):
    """One attempt at making an expression true or false."""

    def text(self, target: Target) -> str:
        """What stands at a place."""
        element, attribute = target
        if element is None:
            return ""
        return element.get(attribute, "") if attribute else element.text or ""

    def put(self, target: Target, text: str) -> None:
        """Another text at a place."""
        element, attribute = target
        if element is not None and (attribute or not len(element)):
            self.do("set", edits.path(element, attribute), text)

    def value(self, tree: Any, text: str, here: Target, env: Env) -> None:
        """Make an expression give a text."""
        match tree:
            case x.Call("fn:concat", arguments):
                inner = [a for a in arguments if not isinstance(a, x.Literal)]
                if inner:
                    self.value(self.rng.choice(inner), text.strip(" ,|"), here, env)
            case x.Call("fn:substring" | "fn:substring-before", arguments):
                start = arguments[1] if len(arguments) > 1 else None
                before = (
                    "0" * (start.value - 1)
                    if isinstance(start, x.Literal) and isinstance(start.value, int)
                    else ""
                )
                self.value(arguments[0], before + text + self.rng.choice(("", "1", "123456789")), here, env)
            case x.Call("fn:substring-after", (subject, x.Literal(said))):
                self.value(subject, f"1{said}{text}", here, env)
            case x.Call("fn:string-length", arguments):
                self.value(arguments[0], "7" * self._number(text, 3, 400), here, env)
            case x.Call("fn:count", arguments):
                self.times(arguments[0], self._number(text, 1, 12), here, env)
            case x.Call(_, arguments) if arguments:
                self.value(self.rng.choice(arguments[:1] if self.chance(0.7) else arguments), text, here, env)
            case x.Variable(name) if name in env and env[name].ends is None:
                self.value(env[name].tree, text, env[name].here, env[name].env)
            case x.If(test, then, otherwise):
                first = self.chance(0.5)
                self.aim(test, first, here, env)
                self.value(then if first else otherwise, text, here, env)
            case x.Arithmetic(_, left, right):
                self.value(self.rng.choice((left, right)), text, here, env)
            case x.Cast(operand):
                self.value(operand, text, here, env)
            case _:
                found = self.ends(tree, here, env, True)
                for one in found if self.chance(0.5) else found[:1]:
                    self.put(one, text)

    def _number(self, text: str, default: int, most: int) -> int:
        try:
            return max(0, min(int(float(text)), most))
        except ValueError:
            return default

    def times(self, tree: Any, count: int, here: Target, env: Env) -> None:
        """Make a path give so many nodes."""
        if count == 0:
            self.exist(tree, False, here, env)
            return
        found = self.ends(tree, here, env, True)
        for _ in range(count - len(found)):
            if found and found[0][0] is not None:
                above = found[0][0].getparent()
                whole = above is not None and self.chance(0.3)
                self.do("again", edits.path(above if whole and above is not None else found[0][0]))
        for one in found[count:]:
            self._remove(one)

    def _remove(self, target: Target) -> None:
        element, attribute = target
        if element is not None and (attribute or element.getparent() is not None):
            self.do("remove", edits.path(element, attribute))

    def said(self, tree: Any, env: Env) -> list[str]:
        """The texts that an expression names, through its variables."""
        if isinstance(tree, x.Variable) and tree.name in env and env[tree.name].ends is None:
            return self.said(env[tree.name].tree, env[tree.name].env)
        return (
            list(literals(tree)) + [word for part in parts(tree) for word in self.said(part, env) if word]
            if (not isinstance(tree, x.Literal))
            else list(literals(tree))
        )

    def exist(self, tree: Any, want: bool, here: Target, env: Env) -> None:
        """Make a path give nodes or none."""
        if want:
            for one in self.ends(tree, here, env, True)[:1]:
                if not self.text(one).strip() and one[0] is not None and not len(one[0]) and self.chance(0.5):
                    self.put(one, self.word())
            return
        predicates = tree.predicates if isinstance(tree, x.Step | x.Filter) else ()
        if isinstance(tree, x.Path) and isinstance(tree.right, x.Step):
            predicates = tree.right.predicates
        found = self.ends(tree, here, env, False)
        if predicates and self.chance(0.6):
            for one in found:
                self.aim(self.rng.choice(predicates), False, one, env)
            return
        for one in reversed(found):
            self._remove(one)

    def aim(self, tree: Any, want: bool, here: Target, env: Env) -> None:
        """Make an expression true, or false."""
        self._depth += 1
        if self._depth < 60:
            self._aim(tree, want, here, env)
        self._depth -= 1

    def _aim(self, tree: Any, want: bool, here: Target, env: Env) -> None:
        match tree:
            case x.Logic(op, operands):
                if (op == "and") == want:
                    for one in operands:
                        self.aim(one, want, here, env)
                else:
                    self.aim(self.rng.choice(operands), want, here, env)
            case x.Call("fn:not" | "fn:empty", (inner,)):
                self.aim(inner, not want, here, env)
            case x.Call("fn:boolean" | "fn:exists", (inner,)):
                self.aim(inner, want, here, env)
            case x.Call("fn:contains" | "fn:starts-with" | "fn:ends-with" | "fn:matches" as name, arguments):
                self._text_test(arguments, name == "fn:matches", want, here, env)
            case x.Comparison(_, op, left, right):
                self._compare(op, left, right, want, here, env)
            case x.Quantified(kind, bindings, body):
                if (kind == "every") == want and self.chance(0.3):
                    self.exist(bindings[0][1], False, here, env)
                else:
                    self.aim(body, want, here, self._bind(bindings, here, env, True))
            case x.If(test, then, otherwise):
                first = self.chance(0.5)
                self.aim(test, first, here, env)
                self.aim(then if first else otherwise, want, here, env)
            case x.Variable(name) if name in env and env[name].ends is None:
                self.aim(env[name].tree, want, env[name].here, env[name].env)
            case x.Path() | x.Step() | x.Filter() | x.Variable() | x.Combine() | x.ContextItem():
                self.exist(tree, want, here, env)
            case x.Cast(operand):
                self.value(operand, self.word(), here, env)
            case x.Call(name, (inner, *_)) if name.startswith("{"):
                self.value(inner, self.rng.choice(NUMBERS) if self.chance(0.7) else self.word(), here, env)
            case _:
                self._anyhow(tree, here, env)

    def _anyhow(self, tree: Any, here: Target, env: Env) -> None:
        paths = list(leaves(tree))
        if paths:
            self.value(self.rng.choice(paths), self.word(), here, env)

    def _text_test(self, arguments: Any, pattern: bool, want: bool, here: Target, env: Env) -> None:
        subject, other = arguments[:2]
        if not any(True for _ in leaves(subject)) or (any(True for _ in leaves(other)) and self.chance(0.4)):
            subject, other = other, subject
        words = self.said(other, env) or [self.text(one) for one in self.ends(other, here, env, True)]
        text = self.rng.choice(words) if words and want and self.chance(0.6) else self.word()
        if pattern and words and want:
            text = fitting(words[0], self.rng)
        self.value(subject, text.strip("^$ ") if self.chance(0.8) else self.rng.choice(NUMBERS), here, env)

    def _compare(self, op: str, left: Any, right: Any, want: bool, here: Target, env: Env) -> None:
        if self.chance(0.08):
            # Sums come out right where everything is nothing.
            for path in leaves((left, right)):
                self.value(path, "0", here, env)
            return
        sides = [(a, b) for a, b in ((left, right), (right, left)) if any(True for _ in leaves(a))]
        if not sides:
            return
        subject, other = self.rng.choice(sides)
        words = self.said(other, env)
        if not words or (any(True for _ in leaves(other)) and self.chance(0.6)):
            words = [self.text(one) for one in self.ends(other, here, env, True)] or words
        text = self.rng.choice(words) if words else self.word()
        if op not in ("=", "eq") or not want:
            draw = self.rng.random()
            if draw < 0.5:
                text = self._beside(text)
            elif draw < 0.8:
                text = self.word()
        self.value(subject, text, here, env)

    def _beside(self, text: str) -> str:
        """A number a little more or less; of another text another."""
        try:
            number = float(text)
        except ValueError:
            return self.rng.choice(("zzz", text + "x", "2001-01-01", "2031-01-01", "5", "0"))
        return f"{number + self.rng.choice((-1000, -1, -0.5, 0.5, 1, 1000)):g}"
