"""A composite: what several lines of a Wengert list are together, written in the names of the gates.

    @across("log(p[index])", p="softmax(s, axis)", where="one_a_row(index, p, axis)", shape="drop(s, axis)")
    def log_likelihood(l, s, p=..., index=..., axis=None):
        ds = -p * np.expand_dims(dl, axis)
        ds[index] += dl

Operators stand for their gates, `x[i]` for `index`. A name is an operand of the rule, through which the gradient
passes, or a setting that it reads as it is; of a name with a pattern of its own the value is both: it is read, and no
gradient stops at it. `where` says what the facts must prove.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from srcgrad.gate import Gate

_OPERATORS: dict[type[ast.AST], str] = {
    ast.Add: "add", ast.Sub: "subtract", ast.Mult: "multiply", ast.Div: "divide", ast.USub: "negative",
}  # fmt: skip
COMMUTING = frozenset(("add", "multiply"))
"""The gates whose operands may stand in either order."""


@dataclass(frozen=True, eq=False)
class Applied:
    """A gate in a pattern: by its name, with the arguments by their places and by their names."""

    gate: str
    places: tuple[Pattern, ...]
    named: Mapping[str, Pattern]


Pattern = Applied | str | int | float | bool | None
"""A gate, a hole by its name, or a literal."""


@dataclass(frozen=True, eq=False)
class Composite:
    """One way to write a gate across lines: `parts` are the patterns of the names inside, `title` what it is called."""

    gate: Gate
    text: str
    parts: Mapping[str, str]
    where: str = ""
    cancels: str = ""
    title: str = ""

    @cached_property
    def pattern(self) -> Pattern:
        return _pattern(ast.parse(self.text, mode="eval").body)

    @cached_property
    def inside(self) -> Mapping[str, Pattern]:
        """The patterns of the names inside."""
        return {name: _pattern(ast.parse(text, mode="eval").body) for name, text in self.parts.items()}

    @cached_property
    def root(self) -> str:
        """The gate of its last line."""
        assert isinstance(self.pattern, Applied)
        return self.pattern.gate

    @cached_property
    def gates(self) -> frozenset[str]:
        """The gates that it is made of."""
        return frozenset(name for pattern in (self.pattern, *self.inside.values()) for name in _gates(pattern))


def _gates(pattern: Pattern) -> Iterator[str]:
    if isinstance(pattern, Applied):
        yield pattern.gate
        for part in (*pattern.places, *pattern.named.values()):
            yield from _gates(part)


def _pattern(node: ast.expr) -> Pattern:
    match node:
        case ast.BinOp(left, operator, right):
            return Applied(_OPERATORS[type(operator)], (_pattern(left), _pattern(right)), {})
        case ast.UnaryOp(operator, operand):
            return Applied(_OPERATORS[type(operator)], (_pattern(operand),), {})
        case ast.Subscript(value, index):
            return Applied("index", (_pattern(value), _pattern(index)), {})
        case ast.Call(ast.Name(gate), places, named):
            words = {word.arg: _pattern(word.value) for word in named if word.arg is not None}
            return Applied(gate, tuple(map(_pattern, places)), words)
        case ast.Name(name):
            return name
        case ast.Constant(int() | float() | bool() | None as value):
            return value
    raise AssertionError(f"no pattern: {ast.unparse(node)}")


Rule = Callable[..., object] | tuple[Composite, ...]


def across(
    *texts: str,
    where: str = "",
    cancels: str = "",
    shape: str = "",
    title: str = "",
    algebra: str = "general",
    **parts: str,
) -> Callable[[Rule], tuple[Composite, ...]]:
    """A gate that is written across lines, in any of the ways in `texts`; above another `across`, in more ways."""

    def made(rule: Rule) -> tuple[Composite, ...]:
        if isinstance(rule, tuple):
            first = rule[0]
            return (*written(first.gate, *texts, where=where, cancels=cancels, title=first.title, **parts), *rule)
        gate = Gate(rule.__name__, (), algebra, rule, shape=shape)
        return written(gate, *texts, where=where, cancels=cancels, title=title, **parts)

    return made


def written(
    gate: Gate, *texts: str, where: str = "", cancels: str = "", title: str = "", **parts: str
) -> tuple[Composite, ...]:
    """More ways to write `gate`, across lines."""
    return tuple(Composite(gate, text, parts, where, cancels, title) for text in texts)
