"""A line of the Wengert list as code: the user's own line, and its gate's rule for one operand. Both modes use it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from srcgrad.errors import SrcgradError, UnsettledError
from srcgrad.expr import BINARY, Expr, bare, constant, render, size, substitute, walk
from srcgrad.gate import FAMILY, Gate
from srcgrad.shape import NUMERIC, SCALAR, Dim, Facts, Shape
from srcgrad.staged import Assign, Branch, Step
from srcgrad.wengert import Block, If, Line, Pack, Value, Var, Wengert, leaves, reads

_ALWAYS = frozenset(("builtins", "math", "numpy", FAMILY))
"""The libraries that a rule may be written with: numpy and a family are for code that is written with them."""

_CHEAP = frozenset(("number", "var", "name", "neg", "paren", "compare", *BINARY))
_FREE = frozenset(("size", "arange", "numbers_from", "transposed"))
"""The gates that cost nothing."""

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


def opened(line: Assign) -> Step:
    """A line of a rule; one that waits for a condition as an if statement."""
    value = bare(line.value)
    if value.head != "if" or line.statement is None:
        return line
    then, test, orelse = value.operands
    one, two = (opened(replace(line, value=bare(arm))) for arm in (then, orelse))
    return Branch(bare(test), (one,), (two,), line.statement, False)


def cheap_temporaries(wengert: Wengert, active: frozenset[str], facts: Facts) -> dict[str, Expr]:
    """Temporaries that are as well written out again where a rule reads them: `2 * x`, a constant `0.5 * reg`.

    Of arrays, what costs nothing: `np.arange(N)`, `x.shape`.
    """
    found: dict[str, Expr] = {}
    bound = Counter(target.key for line in wengert.lines for target in line.targets)
    for line in wengert.lines:
        target = line.targets[0] if line.targets else None
        if target is None or not target.temporary or not line.pure or line.call or bound[target.key] > 1:
            continue
        expr = bare(substitute(line.expr, found))
        if line.gate is not None and line.gate.name in _FREE and _plain(expr):
            found[target.key] = expr
        elif not all(facts.get(var.key, SCALAR) in NUMERIC for var in (target, *reads(line))):
            continue
        elif all(node.head in _CHEAP for node in walk(expr)) and "\n" not in render(expr):
            with_number = expr.head == "neg" or any(constant(part) is not None for part in expr.operands)
            if size(expr) <= 2 if target.key not in active else size(expr) == 1 and with_number:
                found[target.key] = expr
    return found


def _plain(expr: Expr) -> bool:
    """Whether a call or an attribute is of names and numbers alone."""
    heads = {node.head for node in walk(expr)}
    return heads <= {"call", "arg", "attribute", "subscript", "var", "name", "number", "import", "paren"}


def sizes(wengert: Wengert, facts: Facts) -> dict[Dim, str]:
    """The variable of the user's that each dimension is: `N` of `N, D = x.shape`."""
    found: dict[Dim, str] = {}
    for step in wengert.body.steps:
        for target in step.targets if isinstance(step, Line) else ():
            value = facts[target.key].value if target.key in facts else None
            if value is not None and not isinstance(value, int) and not target.temporary and not target.path:
                found.setdefault(value, target.key)
    return found


def named(wengert: Wengert, facts: Facts) -> tuple[tuple[Shape, str], ...]:
    """The arrays that are parameters, or that the user names on every path, with their shapes.

    Of a name that is bound again its last value: to read an older one would keep it, under another name.
    """
    bases = [param.var.key for param in wengert.params]
    lines = [step for step in wengert.body.steps if isinstance(step, Line)]
    bases += [t.key for line in lines for t in line.targets if not t.temporary and not t.path]
    last = {key.rpartition("·")[0]: key for line in wengert.lines for t in line.targets for key in (t.base,)}
    bases = [key for key in bases if last.get(key.rpartition("·")[0], key) == key]
    shapes = ((facts.get(key), key) for key in bases)
    return tuple((shape, key) for shape, key in shapes if shape is not None and shape.kind == "array")


def check_gates(wengert: Wengert, active: frozenset[str], near: Callable[[Expr], str]) -> None:
    """Refuse a line that has no gate for what a gradient passes through, whatever shapes there may be.

    `near` says what in the book is like an expression, "" where nothing is.
    """
    for line in wengert.lines:
        handed = line.gate is not None and line.gate.algebra == "copy"
        if not handed and any(target.key in active for target in line.targets):
            _through(line, active, near)


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
    place: int | tuple[int, ...] | None
    var: Var


def operands(line: Line, active: frozenset[str]) -> list[Operand]:
    """The operands of a line that a gradient passes through, in the order in which the line reads them.

    Raises SrcgradError where the line has no gate for them.
    """
    found = _through(line, active)
    if line.gate is not None and not line.gate.stops:
        _check_counted(line)
    return found


def _through(line: Line, active: frozenset[str], near: Callable[[Expr], str] = lambda expr: "") -> list[Operand]:
    found: list[Operand] = []
    if line.gate is not None and line.gate.stops:  # its target may be one that another arm binds
        return found
    for name, value in line.args.items():
        nested = line.gate is not None and line.gate.form[0] in ("nested", "blocks")
        items = _places(value, nested) if isinstance(value, Pack) else [(None, value)]
        found += [Operand(name, i, item) for i, item in items if isinstance(item, Var) and item.key in active]
    through = [leaf for value in line.args.values() for leaf in leaves(value) if leaf.key in active]
    for operand in found:
        if line.gate and _unwritten(line.gate, operand.name):
            raise _no_line(line, operand)
    if through and not (len(found) == len(through) and line.gate and _fits(line, line.gate, found)):
        raise _no_gate(line, list(through), near(bare(line.expr)))
    return found


def _check_counted(line: Line) -> None:
    """Refuse the pieces of an array where their number is not known."""
    one = len(line.targets) == 1 and not line.targets[0].path and line.target.head == "var"
    if one and line.gate is not None and line.gate.cuts:
        raise UnsettledError(
            "srcgrad cannot tell how many pieces these are",
            line.statement.span(line.site),
            "write their number out, or unpack them: a, b = ...",
        )


def _places(pack: Pack, nested: bool) -> Iterator[tuple[int | tuple[int, ...], Value]]:
    """The items of many, each with its place; those of lists in it with all their places."""
    for i, item in enumerate(pack.items):
        if nested and isinstance(item, Pack):
            for place, inner in _places(item, True):
                yield (i, *(place if isinstance(place, tuple) else (place,))), inner
        else:
            yield i, item


def _fits(line: Line, gate: Gate, through: list[Operand]) -> bool:
    """Whether the gate's rule has a line for each of these operands; those of a loop are packs of one length."""
    if any(operand.name not in gate.operands for operand in through):
        return False
    many = [value for name, value in line.args.items() if gate.body.many(name)]
    packs = [value for name, value in line.args.items() if isinstance(value, Pack) and name in gate.operands]
    plain = all(isinstance(value, Pack) and value.kind != "dict" for value in many if not _one(gate, value))
    many = [value for value in many if isinstance(value, Pack)]
    return plain and len(many) == len(packs) and len({len(pack.items) for pack in packs}) < 2


def _unwritten(gate: Gate, operand: str) -> bool:
    """Whether an operand of a gate has no line: the order of a Bessel function, which no gradient passes through."""
    return operand in gate.operands and operand not in gate.body.gradients and not gate.body.many(operand)


def _one(gate: Gate, value: Value) -> bool:
    """Whether a value is read as a whole by a gate that takes one or many."""
    return not isinstance(value, Pack) and set(gate.operands) <= set(gate.body.gradients)


def _no_gate(line: Line, through: list[Value], near: str) -> SrcgradError:
    names = sorted({leaf.name for value in through for leaf in leaves(value) if not leaf.temporary})
    on = f"on {', '.join(names)} " if names else ""
    return SrcgradError(
        f"no gate for {_described(bare(line.site))}, and the gradient {on}must pass through it",
        line.statement.span(line.site),
        near or "write it with gates that srcgrad knows, or leave it out of wrt",
    )


def _no_line(line: Line, operand: Operand) -> SrcgradError:
    assert line.gate is not None
    if not line.gate.own:
        return _no_gate(line, [operand.var], f"there is no rule for {operand.name} in {line.spelling}: keep it fixed")
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
