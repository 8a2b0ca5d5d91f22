"""What a rule computes and a line of the user's has computed already is read from there."""

from __future__ import annotations

from srcgrad.expr import BINARY, Expr, bare, constant, rebuild, render
from srcgrad.wengert import Line, Pack, Value, ref

Computed = tuple[str, ...]
"""A function of numpy or math, or an operator, and the text of what it is applied to."""

_OPERATORS = {"add": "+", "subtract": "-", "multiply": "*", "divide": "/"}


class Held:
    """The values that named lines of the user's hold."""

    def __init__(self) -> None:
        self._names: dict[Computed, Expr] = {}

    def add(self, line: Line) -> None:
        """A line that has been evaluated, on every path."""
        named = len(line.targets) == 1 and not line.targets[0].temporary and not line.targets[0].path
        computed = _by_gate(line) if named and line.pure and line.gate is not None else None
        if computed is not None:
            self._names.setdefault(computed, line.targets[0].ref)

    def reused(self, expr: Expr) -> Expr:
        """`expr`, with the names of what is held."""
        while self._names:
            made = rebuild(expr, self._name)
            if made is expr:
                break
            expr = made
        return expr

    def _name(self, node: Expr) -> Expr | None:
        inner = bare(node)
        computed = _by_text(inner) if inner.head == "call" or inner.head in BINARY else None
        return self._names.get(computed) if computed is not None else None


def _by_gate(line: Line) -> Computed | None:
    """What a line computes; None where that has no text of its own."""
    gate = line.gate
    assert gate is not None
    if any(isinstance(value, Pack) for value in line.args.values()):
        return None
    operands = [_text(line.args[name]) for name in gate.operands if name in line.args]
    if gate.name in _OPERATORS:
        return (_OPERATORS[gate.name], *operands)
    settings = [(name, line.args[name]) for name in gate.settings if name in line.args]
    given = (f"{name}={_text(value)}" for name, value in settings if not _default(value, gate.settings[name]))
    return (gate.name, *operands, *sorted(given))


def _by_text(node: Expr) -> Computed | None:
    """What an expression of a rule computes."""
    if node.head != "call":
        return (node.head, *(_text(operand) for operand in node.operands))
    function, *args = node.operands
    if function.head != "import":
        return None
    module, _, name = function.leaf.rpartition(".")
    if module not in ("numpy", "math"):
        return None
    places = [_text(arg.operands[0]) for arg in args if arg.head == "arg"]
    words = [f"{str(arg.parts[0]).strip()}{_text(arg.operands[0])}" for arg in args if arg.head == "keyword"]
    return (name, *places, *sorted(words))


def _text(value: Value | Expr) -> str:
    expr = bare(ref(value))
    number = constant(expr)
    return "".join(render(expr).split()) if number is None else repr(float(number))


def _default(value: Value, default: object) -> bool:
    literal = ref(value)
    number = constant(literal)
    return default is not ... and (number if number is not None else _text(value)) in (default, str(default))
