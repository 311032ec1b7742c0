"""Rules and their checks: a function for each rule, a table entry for what a path alone can decide."""

from __future__ import annotations

from dataclasses import dataclass, field

from avrop.schematron.compiler.code import Code
from avrop.schematron.compiler.emitter import Emitter
from avrop.schematron.compiler.lets import Parse, local
from avrop.schematron.compiler.patterns import tested
from avrop.schematron.compiler.scope import Scope
from avrop.schematron.compiler.top import at_root, from_top
from avrop.schematron.compiler.truth import truth
from avrop.schematron.compiler.values import said
from avrop.schematron.compiler.xslt import Variables
from avrop.schematron.contexts import Alternative, alternatives
from avrop.schematron.schema import Check, Pattern, Rule
from avrop.schematron.xpath import ast as x
from avrop.schematron.xpath.lexer import XPathRefused

Found = tuple[Alternative, ...]


@dataclass(slots=True)
class Tables:
    """What the engine reads: rules in order, and the checks they refer to by number."""

    rules: list[str] = field(default_factory=list)
    checks: list[str] = field(default_factory=list)
    alarms: int = 0

    def state(self) -> tuple[int, int, int]:
        """A mark to return to."""
        return len(self.rules), len(self.checks), self.alarms

    def back_to(self, mark: tuple[int, int, int]) -> None:
        """Forget what was added since."""
        del self.rules[mark[0] :], self.checks[mark[1] :]
        self.alarms = mark[2]


def pattern(e: Emitter, parse: Parse, pattern: Pattern, variables: Variables, tables: Tables) -> None:
    """Write the rules of a pattern. Raises XPathRefused, with the tables half written."""
    for rule in pattern.rules:
        _rule(e, parse, pattern.place, rule, variables, tables)


def _rule(e: Emitter, parse: Parse, place: int, rule: Rule, variables: Variables, tables: Tables) -> None:
    found = alternatives(parse(rule.context))
    tests = [tested(e, alternative, variables) for alternative in found]
    kinds = {alternative.parts[-1].kind for alternative in found}
    top = at_root(found)
    e.often = not top
    scope = Scope(Code(kinds.pop() if len(kinds) == 1 else "node", "1", "n"), variables.new_child())
    lines: list[str] = []
    for let in rule.lets:
        scope.variables[let.name] = local(e, e.code(parse(let.value), scope), lines)
    asked = len(lines)
    alarms = []
    for check in rule.checks:
        line, alarm = _check(e, check, parse, scope, found, tables)
        lines.extend(line)
        alarms.extend(alarm)
    body = "None"
    if len(lines) > asked:
        body = e.fresh("r")
        e.unit.lines.append("\n".join([f"def {body}(d, n):", *lines]))
    tables.rules.append(
        f"Rule({place}, ({', '.join(tests)},), {body}, ({''.join(a + ', ' for a in alarms)}))"
    )


def _check(
    e: Emitter, check: Check, parse: Parse, scope: Scope, found: Found, tables: Tables
) -> tuple[list[str], list[str]]:
    """The line that asks, or else the alarm."""
    number, test = len(tables.checks), parse(check.test)
    told = _message(e, check, parse, scope)
    plain = "None" if told else repr("".join(text for text, _ in check.message).strip())
    tables.checks.append(f"Message({check.id!r}, {check.flag!r}, {plain})")
    if check.negate and not told:
        targets = _unwanted(test, found)
        if targets:
            tables.alarms += 1
            return [], [f"Alarm({number}, {targets!r})"]
    condition = truth(e, from_top(test) if at_root(found) else test, scope)
    hit = f"d.hit({number}, n, {told})" if told else f"d.hit({number}, n)"
    return [f"    if {'not ' if check.negate else ''}{condition}: {hit}"], []


def _unwanted(test: x.Expression, found: Found) -> Found:
    """The paths of `not(path)`: nothing to ask of a document that lacks them. () where more must be asked."""
    match test:
        case x.Call("fn:not", (x.Call("fn:exists", (inner,)),)) | x.Call("fn:empty" | "fn:not", (inner,)):
            pass
        case _:
            return ()
    try:
        targets = alternatives(inner)
    except XPathRefused:
        return ()
    if any(alternative.parts[-1].kind != "element" for alternative in found):
        return ()
    if any(
        part.predicates or part.kind in ("text", "document") for target in targets for part in target.parts
    ):
        return ()
    if any(target.rooted for target in targets) and not at_root(found):
        return ()
    return targets


def _message(e: Emitter, check: Check, parse: Parse, scope: Scope) -> str:
    """The text of a finding as Python; empty where it is the same for every document."""
    if all(not select for _, select in check.message):
        return ""
    parts = []
    for text, select in check.message:
        if text:
            parts.append(repr(text))
        if select:
            parts.append(said(e, e.code(parse(select), scope)))
    return " + ".join(parts)
