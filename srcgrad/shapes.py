"""Dimension analysis: Wengert list -> what is known of each variable's shape.

So far numbers, and lists or tuples of numbers. What is unknown is left out: nothing is assumed.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from srcgrad.errors import Span
from srcgrad.expr import Expr, bare, constant
from srcgrad.wengert import Line, Parameter, Var, Wengert, leaves


@dataclass(frozen=True, slots=True)
class Shape:
    """`kind` is "scalar", "whole" (a truth value, a count), "list", "tuple", "array" or "other".

    `length` counts the items of a list or tuple, `names` are those of a dict.
    """

    kind: str
    length: int | None = None
    names: tuple[str, ...] = ()

    @property
    def described(self) -> str:
        """The shape in a docstring's words."""
        if self.kind == "dict":
            return f"a dict of the numbers {', '.join(self.names)}"
        if self.kind in ("list", "tuple"):
            count = "numbers" if self.length is None else "1 number" if self.length == 1 else f"{self.length} numbers"
            return f"a {self.kind} of {count}"
        return {"scalar": "a scalar", "whole": "a whole number", "array": "an array"}.get(self.kind, "")


SCALAR = Shape("scalar")
WHOLE = Shape("whole")
_NUMERIC = (SCALAR, WHOLE)
Facts = Mapping[str, Shape]
"""What is known, by the key of a variable."""

_KEEPS_WHOLE = frozenset(
    ("add", "subtract", "multiply", "negative", "positive", "square", "maximum", "minimum", "relu")
)
"""The gates that make a whole number of whole numbers."""

_NO_NUMBERS = frozenset(("text", "fstring", "dict"))
"""What is copied and is no number."""

_NUMBERS = frozenset(("float", "int"))
_OTHERS = frozenset(("bool", "str", "bytes"))


def declared(param: Parameter) -> Shape | None:
    """What an annotation says; None where it says nothing that is known."""
    if not param.annotation:
        return None
    node: ast.expr = ast.parse(param.annotation, mode="eval").body
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        node = ast.Name(node.value)
    if isinstance(node, ast.Name):
        if node.id in _NUMBERS:
            return SCALAR
        return Shape("other") if node.id in _OTHERS else None
    if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name) and node.value.id in ("list", "tuple"):
        items = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        fixed = node.value.id == "tuple" and not any(isinstance(i, ast.Constant) for i in items)
        if all(isinstance(i, ast.Constant) or (isinstance(i, ast.Name) and i.id in _NUMBERS) for i in items):
            return Shape(node.value.id, len(items) if fixed else None)
    return None


def infer(wengert: Wengert, given: Mapping[str, Shape], numbers: bool, known: Facts) -> Facts:
    """Everything that follows from `given` (by parameter), the annotations, what is `known` of globals, and the gates.

    `numbers` says that the file speaks of numbers alone: then what has no gate is a number too, unless it is text.
    An elementwise gate of scalars gives a scalar, and a scalar result has scalar operands; functions of `math` take
    and give scalars.
    """
    facts = dict(known)
    for param in wengert.params:
        shape = given.get(param.name) or declared(param)
        if shape is not None:
            facts[param.var.key] = shape
        if shape is not None and shape.kind in ("list", "tuple", "dict"):
            facts.update((item.key, SCALAR) for item in param.items)
    lines = [part for line in wengert.lines for part in _copies(line)]
    readers, votes = _readers(lines), _votes(lines)
    work = list(lines)
    work.reverse()
    while work:
        line = work.pop()
        if all(var.key in facts for var in (*line.targets, *_operands(line))):
            continue
        for var, said in _conclusions(line, facts, numbers):
            now: Shape | None = said
            if var.key in votes and var in line.targets:
                votes[var.key][id(line)] = said
                now = _whichever(votes[var.key].values())
            if now is not None and var.key not in facts:
                facts[var.key] = now
                work.extend(readers[var.key])
    return facts


def _votes(lines: Sequence[Line]) -> dict[str, dict[int, Shape | None]]:
    """For each variable that several lines bind, on each path another, what each says of it: nothing yet."""
    found: dict[str, dict[int, Shape | None]] = {}
    for line in lines:
        for target in line.targets:
            found.setdefault(target.key, {})[id(line)] = None
    return {key: said for key, said in found.items() if len(said) > 1}


def _whichever(shapes: Iterable[Shape | None]) -> Shape | None:
    """The shape of what has one of `shapes`; None where that is not known yet, or where they are not alike."""
    distinct = {*shapes}
    if len(distinct) == 1:
        return distinct.pop()
    return SCALAR if distinct == {*_NUMERIC} else None


def _copies(line: Line) -> list[Line]:
    """A line that hands many values on as one line for each, so that what is said of one leaves the others alone."""
    if line.gate is None or line.gate.algebra != "copy" or len(line.targets) < 2:
        return [line]
    pairs = zip(line.targets, line.args.items(), strict=True)
    return [replace(line, targets=(target,), args=dict((arg,))) for target, arg in pairs]


def _readers(lines: Iterable[Line]) -> dict[str, list[Line]]:
    """For each variable the lines that have to do with it."""
    found: dict[str, list[Line]] = {}
    for line in lines:
        for var in (*line.targets, *_operands(line)):
            found.setdefault(var.key, []).append(line)
    return found


def _operands(line: Line) -> list[Var]:
    return [leaf for value in line.args.values() for leaf in leaves(value)]


def _conclusions(line: Line, facts: Facts, numbers: bool) -> list[tuple[Var, Shape]]:
    """What a line says of its variables, given the facts so far."""
    gate, operands = line.gate, _operands(line)
    if gate is None and not line.spelling:
        inner = bare(line.expr)
        shape = WHOLE if inner.head == "subscript" and _whole(inner.operands[0], facts) else SCALAR
        return [(target, shape) for target in line.targets] if numbers and line.expr.head not in _NO_NUMBERS else []
    if gate is None:
        return [(target, SCALAR) for target in line.targets]
    if gate.algebra == "copy":
        return _copied(line, facts)
    if gate.name == "stop_gradient":
        pairs = zip(line.targets, operands, strict=True)
        return [(target, facts[var.key]) for target, var in pairs if var.key in facts]
    if gate.stops:
        floats = gate.name == "sign" or (gate.name == "step" and not line.spelling)  # numpy's steps are floats
        return [(target, SCALAR if floats else WHOLE) for target in line.targets]
    everything = [(var, SCALAR) for var in (*line.targets, *operands)]
    if line.spelling and "math." in line.spelling:
        return everything
    shapes = [facts.get(var.key) for var in operands]
    literals = [value for value in line.args.values() if isinstance(value, Expr)]
    if all(shape == WHOLE for shape in shapes) and all(_whole(value, facts) for value in literals):
        return [(var, WHOLE if gate.name in _KEEPS_WHOLE else SCALAR) for var in line.targets]
    if all(shape in _NUMERIC for shape in shapes):
        return [(var, SCALAR) for var in line.targets]
    if any(shape is not None and shape.kind == "array" for shape in shapes):
        return [(var, Shape("array")) for var in line.targets]
    spread = gate.own and gate.algebra != "elementwise"  # one that may make a number of many
    return everything if facts.get(line.targets[0].key) == SCALAR and not spread else []


def _copied(line: Line, facts: Facts) -> list[tuple[Var, Shape]]:
    found = []
    for target, value in zip(line.targets, line.args.values(), strict=True):
        if not isinstance(value, Var):
            found.append((target, WHOLE if isinstance(value, Expr) and _whole(value, facts) else SCALAR))
        elif value.key in facts:
            found.append((target, facts[value.key]))
        elif target.key in facts:
            found.append((value, facts[target.key]))
    return found


def _whole(value: Expr, facts: Facts) -> bool:
    """Whether a literal or a global is an int."""
    named = value.head == "name" and (value.leaf in ("True", "False") or facts.get(value.leaf) == WHOLE)
    return named or isinstance(constant(value), int)


def unproved(wengert: Wengert, facts: Facts, active: frozenset[str]) -> bool:
    """Whether the facts leave the text open: an active variable of unknown shape, a list of unknown length."""
    return not numeric(wengert, facts, active) or _open_lists(wengert, facts, active)


def _open_lists(wengert: Wengert, facts: Facts, active: frozenset[str]) -> bool:
    for param in wengert.params:
        shape = facts.get(param.var.key)
        read = any(item.key in active for item in param.items)
        places = [index for item in param.items for index in item.path if isinstance(index, int)]
        counted = param.annotation and min(places, default=0) >= 0  # the text then counts the items that are not read
        if read and (shape is None or (shape.length is None and not counted)):
            return True
    return False


def numeric(wengert: Wengert, facts: Facts, active: frozenset[str]) -> bool:
    """Whether every active variable is known to be a number."""
    return next(doubtful(wengert, facts, active), None) is None


def doubtful(wengert: Wengert, facts: Facts, active: frozenset[str]) -> Iterator[Span]:
    """Where active variables stand that are not known to be numbers, the first one first."""
    yield from (p.span for p in wengert.params if p.var.key in active and facts.get(p.var.key) != SCALAR)
    for line in wengert.lines:
        if any(target.key in active and facts.get(target.key) != SCALAR for target in line.targets):
            yield line.statement.span(line.site)
