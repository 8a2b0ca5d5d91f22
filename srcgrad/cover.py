"""Where a pattern covers an expression: what stands in its holes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from srcgrad.expr import LEAVES, Expr, bare, constant, display, same
from srcgrad.gate import FINITE, MODULES, NUMBERS, Gate
from srcgrad.purity import Meaning, keyword, pure

COMMUTATIVE = frozenset(("+", "*"))
_SYMMETRIC = frozenset(("builtins.max", "builtins.min", "numpy.maximum", "numpy.minimum"))

TRUTHS = {"builtins.True": "1", "builtins.False": "0"}
CONSTANTS = NUMBERS | {*TRUTHS}

Holes = Mapping[str, tuple[Expr, ...]]
"""What stands in each hole: every occurrence, as it was written."""


def covers(pattern: Expr, expr: Expr, found: Holes, gate: Gate, meaning: Meaning) -> Iterator[Holes]:
    """Every way in which `pattern` covers `expr`, given the holes found so far."""
    pattern, inner = bare(pattern), bare(expr)
    if pattern.head == "name" and pattern.leaf in gate.parameters:
        yield from _filled(pattern.leaf, expr, found, gate, meaning)
        return
    value = constant(pattern)
    if value is not None:
        if constant(inner) == value:
            yield found
        return
    if pattern.head in ("name", "attribute", "import") and library(pattern):
        if meaning(inner) == library(pattern):
            yield found
        return
    if pattern.head == inner.head == "text" and pattern.leaf.strip("'\"") == inner.leaf.strip("'\""):
        yield found
        return
    if pattern.head != inner.head or pattern.head in LEAVES:
        return
    yield from _operands(pattern, inner, found, gate, meaning)


def _filled(hole: str, expr: Expr, found: Holes, gate: Gate, meaning: Meaning) -> Iterator[Holes]:
    """A hole with `expr` in it, where that may be: an operand is a value, a setting anything, a number written out."""
    path = meaning(bare(expr))
    if hole in found:
        if same(found[hole][0], expr) and pure(expr, meaning):
            yield {**found, hole: (*found[hole], expr)}
    elif gate.literal(hole):
        if path in FINITE or constant(expr) is not None:
            yield {**found, hole: (expr,)}
    elif hole in gate.settings or path is None or path in CONSTANTS:
        yield {**found, hole: (expr,)}


def _operands(pattern: Expr, expr: Expr, found: Holes, gate: Gate, meaning: Meaning) -> Iterator[Holes]:
    wanted, given = pattern.operands, expr.operands
    if wanted and wanted[-1].head == "star" and len(given) > len(wanted):
        # `*xs` stands for two or more arguments, read as one list.
        plain, rest = given[: len(wanted) - 1], given[len(wanted) - 1 :]
        if any(arg.head != "arg" for arg in rest):
            return
        items = display(_kind(wanted[-1], gate), tuple(arg.operands[0] for arg in rest))
        wanted, given = (*wanted[:-1], *wanted[-1].operands), (*plain, items)
    if pattern.head in ("attribute", "keyword", "compare") and _words(pattern) != _words(expr):
        return
    if pattern.head == "call" and any(_optional(arg, gate) for arg in wanted):
        yield from _signed(wanted, given, found, gate, meaning)
        return
    if pattern.head == "call" and any(name for name in map(_setting, wanted) if name in gate.settings):
        yield from _called(wanted, given, found, gate, meaning)
        return
    if len(wanted) != len(given):
        return
    orders = [given]
    if pattern.head in COMMUTATIVE:
        orders.append(given[::-1])
    elif pattern.head == "call" and len(given) == 3 and library(wanted[0]) in _SYMMETRIC:
        orders.append((given[0], given[2], given[1]))
    for order in orders:
        states: list[Holes] = [found]
        for want, have in zip(wanted, order, strict=True):
            states = [after for state in states for after in covers(want, have, state, gate, meaning)]
        yield from states


def _kind(star: Expr, gate: Gate) -> str:
    """What several arguments are read as: settings as a tuple, operands as a list."""
    return "tuple" if bare(star.operands[0]).leaf in gate.settings else "list"


def _setting(arg: Expr) -> str:
    """The name of the hole that an argument of a pattern is; "" for what is none."""
    inner = bare(arg.operands[0]) if arg.head in ("arg", "keyword") else arg
    return inner.leaf if arg.head in ("arg", "keyword") and inner.head == "name" else ""


def _called(
    wanted: tuple[Expr, ...], given: tuple[Expr, ...], found: Holes, gate: Gate, meaning: Meaning
) -> Iterator[Holes]:
    """A call with settings: each by its place, its name, or left out; one written `keepdims=keepdims` by name only."""
    states = list(covers(wanted[0], given[0], found, gate, meaning))
    places = [arg for arg in wanted[1:] if arg.head == "arg"]
    named = {keyword(arg): arg.operands[0] for arg in wanted[1:] if arg.head == "keyword"}
    named |= {_setting(arg): arg.operands[0] for arg in places if _setting(arg) in gate.settings}
    filled: set[str] = set()
    for i, arg in enumerate(given[1:]):
        if arg.head == "arg" and i < len(places):
            want = places[i].operands[0]
        elif arg.head == "keyword" and keyword(arg) in named and keyword(arg) not in filled:
            want = named[keyword(arg)]
        else:
            return
        filled.add(keyword(arg) or _setting(places[i]))
        have = arg.operands[0]
        hole = bare(want).leaf if bare(want).head == "name" else ""
        if arg.head == "keyword" and hole in gate.parameters and hole not in found:
            states = [{**state, hole: (have,)} for state in states]
        else:
            states = [after for state in states for after in covers(want, have, state, gate, meaning)]
    left = [_setting(arg) for arg in places if _setting(arg) not in filled]
    fixed = {keyword(arg) for arg in wanted[1:] if arg.head == "keyword" and _setting(arg) not in gate.settings}
    if fixed <= filled and all(name in gate.settings and gate.settings[name] is not ... for name in left):
        yield from states


def _optional(arg: Expr, gate: Gate) -> bool:
    """Whether an argument of a pattern is an operand that may be left out: `loc=0`."""
    return keyword(arg) in gate.operands and constant(arg.operands[0]) is not None


def _signed(
    wanted: tuple[Expr, ...], given: tuple[Expr, ...], found: Holes, gate: Gate, meaning: Meaning
) -> Iterator[Holes]:
    """A call of a signature, `logpdf(x, df=v, loc=0, scale=1)`: each by its place or by its name, or left out."""
    states = list(covers(wanted[0], given[0], found, gate, meaning))
    names = [keyword(arg) or _setting(arg) for arg in wanted[1:]]
    if len(given) > len(wanted) or any(arg.head not in ("arg", "keyword") for arg in given[1:]):
        return
    said = [keyword(arg) or names[i] for i, arg in enumerate(given[1:])]
    values = dict(zip(said, (arg.operands[0] for arg in given[1:]), strict=True))
    if len(values) < len(said) or not {*said} <= {*names}:
        return
    for name, arg in zip(names, wanted[1:], strict=True):
        hole = Expr("name", (name,)) if _optional(arg, gate) else arg.operands[0]
        if name not in values and not _optional(arg, gate):
            return
        have = values.get(name, arg.operands[0])
        states = [after for state in states for after in covers(hole, have, state, gate, meaning)]
    yield from states


def _words(expr: Expr) -> str:
    """The text of a node between its operands, spaces apart."""
    return "".join("".join(part.split()) if isinstance(part, str) else "·" for part in expr.parts)


def library(pattern: Expr) -> str | None:
    """The path that a pattern's name stands for: `np.exp` is numpy.exp, `abs` is builtins.abs."""
    if pattern.head == "import":
        return pattern.leaf
    if pattern.head == "name":
        return MODULES.get(pattern.leaf) or f"builtins.{pattern.leaf}"
    if pattern.head == "attribute":
        first, text = pattern.parts
        assert isinstance(first, Expr)
        assert isinstance(text, str)
        module = (
            MODULES.get(first.leaf) if first.head == "name" else library(first) if first.head == "attribute" else None
        )
        return module and module + text.strip()
    return None


def part(expr: Expr) -> bool:
    """Whether `expr` is an attribute that only goes on with a library's name: `math.exp` counts as one."""
    return expr.head == "attribute" and library(expr) is not None


def dotted(expr: Expr) -> str | None:
    """The text of a name, or of attributes of one; None for anything else."""
    attributes: list[str] = []
    while expr.head == "attribute":
        text = expr.parts[1]
        assert isinstance(text, str)
        attributes.append("".join(text.split()))
        expr = expr.operands[0]
    return expr.leaf + "".join(reversed(attributes)) if expr.head == "name" else None
