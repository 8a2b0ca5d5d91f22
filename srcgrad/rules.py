"""A line of the Wengert list as code: the user's own line, and its gate's rule for one operand. Both modes use it."""

from __future__ import annotations

from collections.abc import Mapping

from srcgrad.errors import SrcgradError
from srcgrad.expr import BINARY, Expr, bare, constant, render, size, substitute, walk
from srcgrad.gate import instantiate
from srcgrad.staged import Assign, Branch, Step
from srcgrad.wengert import Block, If, Line, Value, Var, Wengert, leaves, ref

_CHEAP = frozenset(("number", "var", "name", "neg", "paren", "compare", *BINARY))
_NAMED = {"if": "a conditional expression", "subscript": "this index", "list": "a list", "tuple": "a tuple"}


def primal(line: Line) -> Assign:
    """A line of the user's, as it stands."""
    temporary = bool(line.targets) and all(target.temporary for target in line.targets)
    return Assign(line.target, "=", line.expr, line.statement, True, temporary, line.pure, line.call)


def primal_steps(block: Block) -> tuple[Step, ...]:
    """The lines of a block, branches included, as they stand."""
    return tuple(
        primal(step) if isinstance(step, Line) else branch(step, primal_steps(step.then), primal_steps(step.orelse))
        for step in block.steps
    )


def branch(step: If, then: tuple[Step, ...], orelse: tuple[Step, ...]) -> Branch:
    """A branch of the user's, with the arms that are given."""
    return Branch(step.test, then, orelse, step.statement, True, step.call, step.target)


def cheap_temporaries(wengert: Wengert, active: frozenset[str]) -> dict[str, Expr]:
    """Temporaries that are as well written out again where a rule reads them: `2 * x`, a constant `0.5 * reg`."""
    found: dict[str, Expr] = {}
    for line in wengert.lines:
        target = line.targets[0] if line.targets else None
        if target is None or not target.temporary or not line.pure or line.call:
            continue
        expr = bare(substitute(line.expr, found))
        if all(node.head in _CHEAP for node in walk(expr)) and "\n" not in render(expr):
            with_number = expr.head == "neg" or any(constant(part) is not None for part in expr.operands)
            if size(expr) <= 2 if target.key not in active else size(expr) == 1 and with_number:
                found[target.key] = expr
    return found


def operands(line: Line, active: frozenset[str]) -> list[tuple[str, Var]]:
    """The operands of a line that a gradient passes through, in the order in which the line reads them.

    Raises SrcgradError where the line has no gate for them.
    """
    through = [(name, leaf) for name, value in line.args.items() for leaf in leaves(value) if leaf.key in active]
    plain = all(isinstance(line.args[name], Var) for name, _ in through)
    if line.gate is None or not plain or any(name not in line.gate.operands for name, _ in through):
        raise _no_gate(line, [leaf for _, leaf in through])
    return through


def applied(line: Line, operand: str, upstream: Expr, cheap: Mapping[str, Expr]) -> Expr:
    """The rule of a line's gate for one operand: the local gradient times `upstream`."""
    assert line.gate is not None
    values = {name: substitute(ref(value), cheap) for name, value in line.args.items()}
    values[line.gate.parameters[0]] = line.targets[0].ref
    return instantiate(line.gate, operand, values, upstream, _flavour(line))


def _flavour(line: Line) -> str:
    """The module whose functions a rule is written in: that of the spelling, else math, for numbers."""
    return "numpy" if "np." in line.spelling else "math"


def _no_gate(line: Line, through: list[Value]) -> SrcgradError:
    names = sorted({leaf.name for value in through for leaf in leaves(value) if not leaf.temporary})
    on = f"on {', '.join(names)} " if names else ""
    return SrcgradError(
        f"no gate for {_described(bare(line.site))}, and the gradient {on}must pass through it",
        line.statement.span(line.site),
        "write it with gates that srcgrad knows, or leave it out of wrt",
    )


def _described(expr: Expr) -> str:
    if expr.head == "call":
        return render(expr.operands[0])
    if expr.head in BINARY or expr.head in ("and", "or", "~"):
        return f"the operator {expr.head}"
    return _NAMED.get(expr.head, "this expression")
