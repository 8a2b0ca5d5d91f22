"""Dimension analysis: Wengert list -> what is known of each variable's shape.

Every value begins as a number or array of a form of its own; each line says what its gate makes of its operands, and
what it asks of them, until nothing more is learnt. Nothing is assumed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from srcgrad.errors import SrcgradError
from srcgrad.expr import Expr, bare, constant, keys
from srcgrad.forms import shape_of
from srcgrad.layouts import UNKNOWN
from srcgrad.made import asks, compared, each, made, truths
from srcgrad.shape import NUMERIC, SCALAR, WHOLE, Dims, Facts, Shape, Symbol, array, item_of
from srcgrad.sizes import of_expr
from srcgrad.wengert import Line, Parameter, Var, Wengert, leaves

_BY_ITEMS = frozenset(("condition", "comparison", "predicate", "rounding", "step", "sign", "whole", "quotient"))
"""The gates that ask something of each item."""

_KEEPS_WHOLE = frozenset(
    ("add", "subtract", "multiply", "negative", "positive", "square", "maximum", "minimum", "relu", "sum", "extreme",
     "prod", "cumsum", "cumprod", "dot", "matmul", "inner", "outer", "trace", "diff")
)  # fmt: skip
"""The gates that make whole numbers of whole numbers."""

_SIZES = Shape("sizes", length=0)
"""The dimensions of an array of unknown rank."""

_NO_NUMBERS = frozenset(("text", "fstring", "dict"))
"""What is copied and is no number."""


def infer(wengert: Wengert, given: Mapping[str, Shape], numbers: bool, known: Facts, scalar: bool = False) -> Facts:
    """Everything that follows from what is `given` of parameters and `known` of globals, and from the gates.

    `numbers` says that the file speaks of numbers alone: then what has no gate is a number too, unless it is text.
    A scalar result of an elementwise gate has scalar operands, and functions of `math` are of scalars. `scalar` says
    that the result is one. SrcgradError where two shapes do not fit.
    """
    return _Inference(wengert, given, numbers, known, scalar).facts


class _Inference:
    """The facts while they are found out: `own` has the form that each variable begins as."""

    def __init__(self, wengert: Wengert, given: Mapping[str, Shape], numbers: bool, known: Facts, scalar: bool) -> None:
        self.numbers = numbers
        self.dims = Dims()
        self.own: dict[str, Shape] = {}
        self.facts: dict[str, Shape] = {}
        self.before: dict[int, tuple[object, list[Shape | None]]] = {}
        lines = [part for line in wengert.lines for part in _copies(line)]
        bound: dict[str, int] = {}
        for target in (target for line in lines for target in line.targets):
            bound[target.key] = bound.get(target.key, 0) + 1
        self.several = {key for key, count in bound.items() if count > 1}
        if scalar and isinstance(wengert.result, Var):
            self.become(wengert.result, SCALAR)
        while True:
            before = self.dims.learnt
            self.facts = {**known, **dict(self._begun(wengert.params, given))}
            for line in lines:
                self._forward(line)
            for line in reversed(lines):
                self._backward(line)
            if self.dims.learnt == before:
                break
        found = ((key, self.dims.resolved(shape)) for key, shape in self.facts.items())
        self.facts = {key: shape for key, shape in found if not (numbers and shape.kind == "any")}

    def _begun(self, params: Sequence[Parameter], given: Mapping[str, Shape]) -> Iterator[tuple[str, Shape]]:
        """What the parameters are, and their items."""
        for param in params:
            shape = given.get(param.name)
            yield param.var.key, shape or self.shape(param.var)
            for item in param.items:
                yield item.key, item_of(shape, item.path) or self.shape(item)

    def shape(self, var: Var) -> Shape:
        """What is known of a variable so far."""
        if var.key not in self.own:
            self.own[var.key] = self.dims.any()
        return self.dims.resolved(self.facts.get(var.key, self.own[var.key]))

    def become(self, var: Var, shape: Shape) -> None:
        """A variable of unknown shape is of this one."""
        self.dims.become(self.shape(var), shape)
        self.dims.become(self.own[var.key], shape)

    def _forward(self, line: Line) -> None:
        try:
            found = self._again(line)
        except ValueError as error:
            raise self._contradiction(line, str(error)) from None
        for target, shape in zip(line.targets, found, strict=True):
            now = shape and self.dims.resolved(shape)
            if now is None or (now.kind == "any" and now.form not in self._forms(line)):
                self.shape(target)
                now = self.dims.resolved(self.own[target.key])
            wanted = self.dims.resolved(self.own[target.key]) if target.key in self.own else now
            if now.kind == "any" != wanted.kind:
                if target.key not in self.several:  # what comes from one arm says nothing of the other's
                    self.dims.become(now, wanted)
                now = wanted
            if target.key in self.several and target.key in self.facts:
                now = self._either(self.facts[target.key], now) or self.own.setdefault(target.key, self.dims.any())
            self.facts[target.key] = now

    def _forms(self, line: Line) -> set[int]:
        return {self.shape(var).form for var in _operands(line)}

    def _either(self, one: Shape, two: Shape) -> Shape | None:
        """The shape of what is one or the other; None where that can't be told."""
        one, two = self.dims.resolved(one), self.dims.resolved(two)
        if one == two:
            return one
        return SCALAR if {one, two} == {*NUMERIC} else None

    def _contradiction(self, line: Line, why: str) -> SrcgradError:
        """Two shapes that can't be alike, in the manner of the notes' dimension analysis."""
        shapes = " and ".join(str(shape) for shape in map(self.shape, _operands(line)) if shape.kind == "array")
        return SrcgradError(
            f"these shapes do not fit, {shapes}: {why}",
            line.statement.span(line.site),
            "look at the axes, or say other shapes",
        )

    def _again(self, line: Line) -> list[Shape | None]:
        """What a line makes of what it reads: what it made of the same before, or new symbols would never end."""
        read = sorted({*keys(line.expr), *(var.key for var in _operands(line))} & self.facts.keys())
        asked = [(key, s, s.dtype, s.value) for key in read for s in (self.dims.resolved(self.facts[key]),)]
        if id(line) not in self.before or self.before[id(line)][0] != asked:
            self.before[id(line)] = asked, self._made(line)
        return self.before[id(line)][1]

    def _made(self, line: Line) -> list[Shape | None]:
        """What a line says of its targets, given the facts so far."""
        gate, count = line.gate, len(line.targets)
        if gate is None or gate.stops or gate.form[0] == "counted":  # made of numbers, whether they are active or not
            return self._stopped(line)
        if gate.algebra == "copy":
            return [self._copied(value) for value in line.args.values()]
        if line.spelling and "math." in line.spelling:
            return [SCALAR] * count
        operands = [self.shape(var) for var in _operands(line)]
        sizes = bool(operands) and all(shape.kind in ("sizes", "whole") for shape in operands)
        if sizes and (size := self._size(line)):
            return size
        literals = [value for value in line.args.values() if isinstance(value, Expr)]
        whole = all(_is_whole(shape) for shape in operands) and all(_whole(value, self.facts) for value in literals)
        numeric = all(self.facts.get(value.leaf, SCALAR) in NUMERIC for value in literals if value.head == "name")
        if numeric and all(shape in NUMERIC for shape in operands) and gate.form[0] in ("", "broadcast"):
            return [WHOLE if whole and gate.name in _KEEPS_WHOLE else SCALAR] * count
        if gate.own and not gate.shape and gate.algebra != "elementwise":
            return [None] * count
        for var in _operands(line):
            self.facts.setdefault(var.key, self.shape(var))
        shape = shape_of(gate, line.args, self.facts, self.dims)
        if shape is not None and shape.kind == "tuple" and (gate.cuts or gate.body.results):
            items = shape.items * (1 if shape.length is not None else count)
            return [*items] if len(items) == count else [None] * count
        if shape is not None and shape.kind == "array" and asks(line):
            return [replace(shape, dtype="bool")] * count
        return [self._typed(shape, whole and gate.name in _KEEPS_WHOLE)] * count

    def _typed(self, shape: Shape | None, whole: bool) -> Shape | None:
        """A shape with the type of numbers that the gate makes."""
        if shape in NUMERIC:
            return WHOLE if whole else SCALAR
        if shape is not None and shape.dtype in ("int", "bool"):
            return replace(shape, dtype="int" if whole else "float")
        return shape

    def _stopped(self, line: Line) -> list[Shape | None]:
        """What a line without a gradient says of its targets."""
        gate, count = line.gate, len(line.targets)
        if gate is not None and gate.name == "stop_gradient":
            return [self.shape(var) for var in _operands(line)]
        if size := self._size(line):
            return size
        if found := made(line, self.facts, self.dims):
            return [found] * count
        if gate is None and not line.spelling:
            inner = bare(line.expr)
            if not self.numbers or inner.head in _NO_NUMBERS:
                return [None] * count
            whole = inner.head == "subscript" and _whole(inner.operands[0], self.facts)
            return [WHOLE if whole else SCALAR] * count
        if gate is None or line.spelling.startswith("math."):
            return [SCALAR if gate is None else WHOLE] * count
        shape = SCALAR if self.numbers else compared(line.expr, self.facts, self.dims)
        floats = gate.name == "sign" or (gate.name == "step" and not line.spelling)  # numpy's steps are floats
        if not (gate.name in _BY_ITEMS or (gate.name == "masks" and truths(line.expr, self.facts))):
            return [WHOLE if self.numbers or gate.name == "size" else None] * count
        if shape is None or shape in NUMERIC:
            return [None if shape is None else SCALAR if floats else WHOLE] * count
        dtype = "float" if floats else "int" if gate.name in ("rounding", "whole", "quotient") else "bool"
        return [each(line, replace(shape, dtype=dtype))] * count

    def _size(self, line: Line) -> list[Shape | None] | None:
        """What a line that asks for a size says of its targets, and of the array that it asks."""
        expr = bare(line.expr)
        asked = expr.operands[0] if expr.head == "attribute" and str(expr.parts[1]).strip() == ".shape" else None
        unpacked = len(line.targets) > 1 or line.target.head in ("tuple", "list")
        if asked is not None and bare(asked).head == "var" and unpacked:
            var = next((var for var in _operands(line) if var.key == bare(asked).leaf), None)
            if var is not None and self.shape(var).kind == "any":
                self.become(var, Shape("array", dims=tuple(self.dims.symbol(one.name) for one in line.targets)))
            shape = self.shape(var) if var is not None else None
            if shape is not None and shape.rank is not None and shape.rank != len(line.targets):
                raise ValueError(f"{len(line.targets)} names for {shape.rank} dimensions")
        found = of_expr(expr, self.facts) if expr.head != "var" else UNKNOWN
        if found is UNKNOWN and (asked is not None or self._counts(expr)):
            return [WHOLE if unpacked or asked is None else _SIZES] * len(line.targets)
        if found is UNKNOWN or isinstance(found, (bool, str, float)) or found is None:
            return None
        if isinstance(found, tuple):
            if len(line.targets) == len(found) and (unpacked or line.targets[0].path):
                return [Shape("whole", value=dim) for dim in found]
            return [Shape("sizes", dims=found)]
        return [Shape("whole", value=found)] if isinstance(found, (int, Symbol)) else None

    def _counts(self, expr: Expr) -> bool:
        """Whether an expression is a size of something: `x.size`, `len(x)`, `shape[0]`."""
        if expr.head == "subscript":
            base = self.facts.get(bare(expr.operands[0]).leaf) if bare(expr.operands[0]).head == "var" else None
            return base is not None and base.kind == "sizes" and constant(expr.operands[1]) is not None
        if expr.head == "attribute":
            return str(expr.parts[1]).strip() in (".size", ".ndim")
        return False

    def _copied(self, value: object) -> Shape | None:
        if isinstance(value, Var):
            return self.shape(value)
        said = self.facts.get(value.leaf) if isinstance(value, Expr) and value.head == "name" else None
        return said or (WHOLE if isinstance(value, Expr) and _whole(value, self.facts) else SCALAR)

    def _backward(self, line: Line) -> None:
        """What a line says of its operands, given its targets."""
        gate = line.gate
        if gate is None or gate.stops:
            return
        if gate.algebra == "copy":
            for target, value in zip(line.targets, line.args.values(), strict=True):
                # One value or the other, by the path: that does not make these alike.
                if isinstance(value, Var) and target.key not in self.several:
                    self.become(value, self.shape(target))
            return
        operands = [var for var in _operands(line) if self.shape(var).kind == "any"]
        if not operands:
            return
        elementwise = gate.algebra == "elementwise" or gate.shape.startswith("broadcast(")
        spread = gate.own and gate.algebra != "elementwise"  # one that may make a number of many
        known = elementwise and not spread and all(self.shape(target) in NUMERIC for target in line.targets)
        if known or (line.spelling and "math." in line.spelling):
            for var in operands:
                self.become(var, SCALAR)
        if gate.form[0] == "matmul" and self.shape(line.targets[0]) in NUMERIC:  # the product of two vectors
            for var in operands:
                self.become(var, array((self.dims.symbol(),)))


def _copies(line: Line) -> list[Line]:
    """A line that hands many values on as one line for each, so that what is said of one leaves the others alone."""
    if line.gate is None or line.gate.algebra != "copy" or len(line.targets) < 2:
        return [line]
    pairs = zip(line.targets, line.args.items(), strict=True)
    return [replace(line, targets=(target,), args=dict((arg,))) for target, arg in pairs]


def _operands(line: Line) -> list[Var]:
    return [leaf for value in line.args.values() for leaf in leaves(value)]


def _is_whole(shape: Shape) -> bool:
    return shape == WHOLE or (shape.kind == "array" and shape.dtype in ("int", "bool"))


def _whole(value: Expr, facts: Facts) -> bool:
    """Whether a literal or a global is an int."""
    named = value.head == "name" and (value.leaf in ("True", "False") or facts.get(value.leaf) == WHOLE)
    return named or isinstance(constant(value), int)
