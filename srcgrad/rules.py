"""A line of the Wengert list as code: the user's own line, and its gate's rule for one operand. Both modes use it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from srcgrad.errors import SrcgradError
from srcgrad.expr import BINARY, Expr, bare, constant, number, render, size, substitute, walk
from srcgrad.gate import Gate, instantiate
from srcgrad.rulebody import item
from srcgrad.staged import Assign, Branch, Step
from srcgrad.wengert import Block, If, Line, Pack, Value, Var, Wengert, leaves, ref

_ALWAYS = frozenset(("builtins", "math", "numpy"))
"""The libraries that a rule may be written with: numpy is for code that is written with it."""

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
    bound = Counter(target.key for line in wengert.lines for target in line.targets)
    for line in wengert.lines:
        target = line.targets[0] if line.targets else None
        if target is None or not target.temporary or not line.pure or line.call or bound[target.key] > 1:
            continue
        expr = bare(substitute(line.expr, found))
        if all(node.head in _CHEAP for node in walk(expr)) and "\n" not in render(expr):
            with_number = expr.head == "neg" or any(constant(part) is not None for part in expr.operands)
            if size(expr) <= 2 if target.key not in active else size(expr) == 1 and with_number:
                found[target.key] = expr
    return found


def check_imports(wengert: Wengert, active: frozenset[str], imported: Callable[[str], bool]) -> None:
    """Refuse a line whose gradient takes a function of a library that the user's code does not import."""
    wanting: dict[Gate, str | None] = {}
    for line in wengert.lines:
        gate = line.gate
        if gate is None or gate.rule is None or gate.own or not any(target.key in active for target in line.targets):
            continue
        if gate not in wanting:
            missing = (path for path in sorted(gate.body.imports) if path.partition(".")[0] not in _ALWAYS)
            wanting[gate] = next((path for path in missing if not imported(path.partition(".")[0])), None)
        path = wanting[gate]
        if path is not None:
            library = path.partition(".")[0]
            raise SrcgradError(
                f"the gradient of {_described(bare(line.site))} is written with {path}, and {library} is not imported",
                line.statement.span(line.site),
                f"write import {path.rpartition('.')[0]} beside the other imports, or leave it out of wrt",
            )


@dataclass(frozen=True, slots=True)
class Operand:
    """An operand of a line that a gradient passes through: its name in the rule, its place among many, its variable."""

    name: str
    place: int | None
    var: Var


def operands(line: Line, active: frozenset[str]) -> list[Operand]:
    """The operands of a line that a gradient passes through, in the order in which the line reads them.

    Raises SrcgradError where the line has no gate for them.
    """
    found: list[Operand] = []
    if line.gate is not None and line.gate.stops:  # its target may be one that another arm binds
        return found
    for name, value in line.args.items():
        items = enumerate(value.items) if isinstance(value, Pack) else [(None, value)]
        found += [Operand(name, i, item) for i, item in items if isinstance(item, Var) and item.key in active]
    through = [leaf for value in line.args.values() for leaf in leaves(value) if leaf.key in active]
    for operand in found:
        if line.gate and line.gate.own and operand.name in {*line.gate.operands} - {*line.gate.body.gradients}:
            raise _no_line(line, operand)
    if through and not (len(found) == len(through) and line.gate and _fits(line, line.gate, found)):
        raise _no_gate(line, list(through))
    return found


def _fits(line: Line, gate: Gate, through: list[Operand]) -> bool:
    """Whether the gate's rule has a line for each of these operands; those of a loop are packs of one length."""
    if any(operand.name not in gate.operands for operand in through):
        return False
    many = [value for name, value in line.args.items() if gate.body.many(name)]
    packs = [value for value in line.args.values() if isinstance(value, Pack)]
    plain = all(isinstance(value, Pack) and value.kind != "dict" for value in many)
    return plain and len(many) == len(packs) and len({len(pack.items) for pack in packs}) < 2


def applied(line: Line, operand: Operand, upstreams: Sequence[Expr | None], cheap: Mapping[str, Expr]) -> Expr:
    """The rule of a line's gate for one operand: the local gradient times the upstream gradient.

    There is an upstream gradient for each result of the line, None where nothing depends on it.
    """
    assert line.gate is not None
    body = line.gate.body
    values: dict[str, Expr] = {}
    count = 0
    for name, value in line.args.items():
        if isinstance(value, Pack):
            count = len(value.items)
            values |= {item(name, i): substitute(ref(part), cheap) for i, part in enumerate(value.items)}
        else:
            values[name] = substitute(ref(value), cheap)
    results = body.results or line.gate.parameters[:1]
    given = {f"d{name}" for name, upstream in zip(results, upstreams, strict=True) if upstream is not None}
    for name, target, upstream in zip(results, line.targets, upstreams, strict=True):
        values |= {name: target.ref, f"d{name}": upstream or number(0)}
    rule = body.gradient(operand.name, operand.place, count)
    if not any(node.head == "var" and node.leaf in given for node in walk(rule)):  # linear in what is given
        return number(0)
    return instantiate(line.gate, rule, values, _flavour(line))


def _flavour(line: Line) -> str:
    """The module whose functions a rule is written in: that of the spelling, else math, for numbers."""
    own = line.gate is not None and line.gate.own and "math." not in line.spelling
    return "numpy" if own or "np." in line.spelling else "math"


def _no_gate(line: Line, through: list[Value]) -> SrcgradError:
    names = sorted({leaf.name for value in through for leaf in leaves(value) if not leaf.temporary})
    on = f"on {', '.join(names)} " if names else ""
    return SrcgradError(
        f"no gate for {_described(bare(line.site))}, and the gradient {on}must pass through it",
        line.statement.span(line.site),
        "write it with gates that srcgrad knows, or leave it out of wrt",
    )


def _no_line(line: Line, operand: Operand) -> SrcgradError:
    assert line.gate is not None
    return SrcgradError(
        f"the gate {line.gate.name} has no line d{operand.name} = ..., and the gradient must pass through it",
        line.statement.span(line.site),
        f"add the line, or leave what {operand.name} is here out of wrt",
    )


def _described(expr: Expr) -> str:
    if expr.head == "call":
        return render(expr.operands[0])
    if expr.head in BINARY or expr.head in ("and", "or", "~"):
        return f"the operator {expr.head}"
    return _NAMED.get(expr.head, "this expression")
