"""XPath 2.0 text to its tree, by precedence climbing. What is outside the grammar is refused, never guessed."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from avrop.schematron.xpath.ast import (
    Arithmetic,
    Call,
    Cast,
    Combine,
    Comparison,
    ContextItem,
    Expression,
    Filter,
    For,
    If,
    KindTest,
    Literal,
    Logic,
    NameTest,
    Negative,
    Path,
    Quantified,
    Range,
    Root,
    Sequence,
    Step,
    Variable,
)
from avrop.schematron.xpath.lexer import Token, XPathRefused, tokens

XS = "http://www.w3.org/2001/XMLSchema"
FN = "http://www.w3.org/2005/xpath-functions"
AXES = frozenset((
    "child", "descendant", "attribute", "self", "descendant-or-self", "following-sibling", "following",
    "parent", "ancestor", "preceding-sibling", "preceding", "ancestor-or-self",
))  # fmt: skip
_KINDS = frozenset(
    ["node", "text", "comment", "processing-instruction", "element", "attribute", "document-node"]
)
_GENERAL = frozenset(("=", "!=", "<", "<=", ">", ">="))
_VALUE = frozenset(("eq", "ne", "lt", "le", "gt", "ge"))
_ANY_NODE = Step("descendant-or-self", KindTest("node"))


def parse(expression: str, namespaces: Mapping[str, str]) -> Expression:
    """The tree of `expression`; prefixes are resolved by `namespaces`. Raises XPathRefused."""
    parser = _Parser(tokens(expression), namespaces)
    tree = parser.expression()
    if parser.here.kind != "end":
        raise XPathRefused(f"unexpected {parser.here.text!r}")
    return tree


class _Parser:
    def __init__(self, stream: list[Token], namespaces: Mapping[str, str]) -> None:
        self._stream = stream
        self._at = 0
        self._namespaces = namespaces

    @property
    def here(self) -> Token:
        """The token that comes next."""
        return self._stream[self._at]

    def _ahead(self, by: int = 1) -> Token:
        return self._stream[min(self._at + by, len(self._stream) - 1)]

    def _next(self) -> Token:
        token = self.here
        self._at += 1
        return token

    def _is(self, *texts: str) -> bool:
        return self.here.kind in ("symbol", "operator") and self.here.text in texts

    def _take(self, *texts: str) -> str:
        return self._next().text if self._is(*texts) else ""

    def _need(self, text: str) -> None:
        if self.here.text != text or self.here.kind in ("string", "end"):
            raise XPathRefused(f"expected {text!r}, found {self.here.text!r}")
        self._next()

    # From the loosest binding to the tightest.

    def expression(self) -> Expression:
        """`a, b`"""
        items = [self._single()]
        while self._take(","):
            items.append(self._single())
        return items[0] if len(items) == 1 else Sequence(tuple(items))

    def _single(self) -> Expression:
        word, after = self.here, self._ahead()
        if word.kind == "name" and after.kind == "variable" and word.text in ("for", "some", "every"):
            return self._binding(self._next().text)
        if word.kind == "name" and word.text == "if" and after.text == "(" and after.kind == "symbol":
            return self._if()
        return self._or()

    def _binding(self, word: str) -> Expression:
        bindings = []
        while True:
            if self.here.kind != "variable":
                raise XPathRefused("expected a variable")
            name = self._next().text
            self._need("in")
            bindings.append((name, self._single()))
            if not self._take(","):
                break
        self._need("return" if word == "for" else "satisfies")
        body = self._single()
        if word == "for":
            return For(tuple(bindings), body)
        return Quantified(word, tuple(bindings), body)

    def _if(self) -> Expression:
        self._next()
        self._need("(")
        test = self.expression()
        self._need(")")
        self._need("then")
        then = self._single()
        self._need("else")
        return If(test, then, self._single())

    def _or(self) -> Expression:
        operands = [self._and()]
        while self._take("or"):
            operands.append(self._and())
        return operands[0] if len(operands) == 1 else Logic("or", tuple(operands))

    def _and(self) -> Expression:
        operands = [self._comparison()]
        while self._take("and"):
            operands.append(self._comparison())
        return operands[0] if len(operands) == 1 else Logic("and", tuple(operands))

    def _comparison(self) -> Expression:
        left = self._range()
        if op := self._take(*_GENERAL):
            return Comparison("general", op, left, self._range())
        if op := self._take(*_VALUE):
            return Comparison("value", op, left, self._range())
        if op := self._take("is", "<<", ">>"):
            return Comparison("node", op, left, self._range())
        return left

    def _range(self) -> Expression:
        first = self._additive()
        return Range(first, self._additive()) if self._take("to") else first

    def _additive(self) -> Expression:
        left = self._multiplicative()
        while op := self._take("+", "-"):
            left = Arithmetic(op, left, self._multiplicative())
        return left

    def _multiplicative(self) -> Expression:
        left = self._union()
        while self.here.kind == "operator" and (op := self._take("*", "div", "idiv", "mod")):
            left = Arithmetic(op, left, self._union())
        return left

    def _union(self) -> Expression:
        left = self._intersect()
        while self._take("|", "union"):
            left = Combine("union", left, self._intersect())
        return left

    def _intersect(self) -> Expression:
        left = self._cast()
        while op := self._take("intersect", "except"):
            left = Combine(op, left, self._cast())
        return left

    def _cast(self) -> Expression:
        operand = self._unary()
        while word := self._take("castable", "cast", "instance", "treat"):
            if word in ("instance", "treat"):
                raise XPathRefused(f"{word} is not covered")
            self._need("as")
            name = self._next()
            if name.kind != "name":
                raise XPathRefused("expected a type")
            operand = Cast(operand, self._type(name.text), bool(self._take("?")), word == "castable")
        return operand

    def _unary(self) -> Expression:
        negative = False
        while op := self._take("-", "+"):
            negative ^= op == "-"
        operand = self._path()
        return Negative(operand) if negative else operand

    def _path(self) -> Expression:
        left: Expression
        if self._take("//"):
            left = Path(Path(Root(), _ANY_NODE), self._step())
        elif self._take("/"):
            if not self._starts_step():
                return Root()
            left = Path(Root(), self._step())
        else:
            left = self._step()
        while op := self._take("/", "//"):
            if op == "//":
                left = Path(left, _ANY_NODE)
            left = Path(left, self._step())
        return left

    def _starts_step(self) -> bool:
        here = self.here
        if here.kind in ("name", "variable", "string", "number"):
            return True
        return here.kind == "symbol" and here.text in ("*", "@", ".", "..", "(")

    def _step(self) -> Expression:
        step = self._axis_step() or self._primary()
        predicates = []
        while self._take("["):
            predicates.append(self.expression())
            self._need("]")
        if not predicates:
            return step
        if isinstance(step, Step):
            return Step(step.axis, step.test, tuple(predicates))
        return Filter(step, tuple(predicates))

    def _axis_step(self) -> Step | None:
        here, after = self.here, self._ahead()
        if self._take(".."):
            return Step("parent", KindTest("node"))
        if self._take("@"):
            return Step("attribute", self._test(attribute=True))
        if here.kind == "name" and after.kind == "symbol" and after.text == "::":
            if here.text not in AXES:
                raise XPathRefused(f"axis {here.text}")
            self._next()
            self._next()
            return Step(here.text, self._test(attribute=here.text == "attribute"))
        if here.kind == "name" and after.text == "(" and after.kind == "symbol":
            if here.text not in _KINDS:
                return None
            axis = "attribute" if here.text == "attribute" else "child"
            return Step(axis, self._test())
        if here.kind == "name" or (here.kind == "symbol" and here.text == "*"):
            return Step("child", self._test())
        return None

    def _test(self, attribute: bool = False) -> NameTest | KindTest:
        token = self._next()
        if token.kind == "symbol" and token.text == "*":
            return NameTest(None, None)
        if token.kind != "name":
            raise XPathRefused(f"expected a name, found {token.text!r}")
        if token.text in _KINDS and self._is("("):
            self._next()
            if not self._is(")"):
                raise XPathRefused(f"{token.text}() with a name is not covered")
            self._next()
            return KindTest(token.text)
        prefix, _, local = token.text.rpartition(":")
        if prefix == "*":
            return NameTest(None, local)
        uri = self._uri(prefix) if prefix else ""
        return NameTest(uri, None if local == "*" else local)

    def _uri(self, prefix: str) -> str:
        if prefix == "xml":
            return "http://www.w3.org/XML/1998/namespace"
        if prefix not in self._namespaces:
            raise XPathRefused(f"prefix {prefix!r} is not bound")
        return self._namespaces[prefix]

    def _primary(self) -> Expression:
        token = self._next()
        if token.kind == "string":
            return Literal(token.text)
        if token.kind == "number":
            return Literal(_number(token.text))
        if token.kind == "variable":
            return Variable(token.text)
        if token.kind == "symbol" and token.text == ".":
            return ContextItem()
        if token.kind == "symbol" and token.text == "(":
            if self._take(")"):
                return Sequence(())
            inner = self.expression()
            self._need(")")
            return inner if not isinstance(inner, Step) else Filter(inner, ())
        if token.kind == "name" and self._is("("):
            return self._call(token.text)
        raise XPathRefused(f"unexpected {token.text!r}")

    def _call(self, name: str) -> Expression:
        self._need("(")
        arguments = []
        if not self._is(")"):
            arguments.append(self._single())
            while self._take(","):
                arguments.append(self._single())
        self._need(")")
        return Call(self._type(name, "fn"), tuple(arguments))

    def _type(self, name: str, default: str = "xs") -> str:
        """A function's or type's name: `fn:x`, `xs:x` or a Clark name."""
        prefix, _, local = name.rpartition(":")
        if not prefix:
            return f"{default}:{local}"
        if prefix == "fn" and prefix not in self._namespaces:
            return f"fn:{local}"
        uri = XS if prefix == "xs" and prefix not in self._namespaces else self._uri(prefix)
        return {XS: f"xs:{local}", FN: f"fn:{local}"}.get(uri, f"{{{uri}}}{local}")


def _number(text: str) -> int | Decimal | float:
    if "e" in text or "E" in text:
        return float(text)
    return Decimal(text) if "." in text else int(text)
