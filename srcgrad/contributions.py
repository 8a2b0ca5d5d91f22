"""Contributions to gradients: the first is `=`, later ones `+=`, parts are added at their places."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from srcgrad.apply import Pass
from srcgrad.arithmetic import plus, times
from srcgrad.expr import Expr, bare, call, constant, render, substitute, var
from srcgrad.extents import numpy, spread
from srcgrad.keys import adjoint, is_adjoint
from srcgrad.precision import untyped
from srcgrad.rules import named, opened, sizes
from srcgrad.shape import NUMERIC, Facts, Shape, broadcast, smaller
from srcgrad.staged import Assign, flat
from srcgrad.wengert import Line, Statement, Var, Wengert, reads


class Contributions(Pass):
    """The gradients while they are written. `adjoints` has the expression that reads each so far.

    `extents` are the shapes of those that are smaller than what they are the gradients on, `replaced` has what stood
    there before the arm at hand, to be put back behind it.
    """

    def __init__(self, wengert: Wengert, facts: Facts, active: frozenset[str]) -> None:
        super().__init__(wengert, facts, active, sizes(wengert, facts), named(wengert, facts))
        for step in wengert.body.steps:
            if isinstance(step, Line):
                self.held.add(step)
        self.adjoints: dict[str, Expr] = {}
        self.replaced: dict[str, Expr | None] = {}
        self.arrays = any(shape.kind in ("array", "any") for shape in facts.values())
        self.items = {item.key: item.ref for param in wengert.params for item in param.items}
        self.whole = _whole(wengert, facts, active)
        self.readers = Counter(v.key for line in wengert.lines for v in {*reads(line)})
        self.readers.update({param.var.key: 2 for param in wengert.params})
        self.sure = {v.key for step in wengert.body.steps if isinstance(step, Line) for v in reads(step)}

    def read_as(self, key: str, gradient: Expr) -> None:
        self.replaced.setdefault(key, self.adjoints.get(key))
        self.adjoints[key] = gradient

    def full(self, value: Var, gradient: Expr, line: Line | None = None) -> Expr:
        """`gradient`, of a value, in the shape of the value."""
        shape, size = self.facts.get(value.key), self.extents.get(adjoint(value.key))
        if not smaller(size, shape) or shape is None:
            return gradient
        return spread(gradient, self.like(shape, line) if line and len(line.targets) == 1 else value.ref)

    def like(self, shape: Shape, line: Line) -> Expr:
        """A variable of this shape, of those that a line reads, else what it binds."""
        same = (v for v in reads(line) if self.facts.get(v.key) == shape and not v.temporary)
        found = [v for v in same if self.facts[v.key].dtype not in ("bool", "int", "range")]  # ones of these are none
        return found[0].ref if found else self.known.named(shape) or line.targets[0].ref

    def scatter(self, value: Var, gradient: Expr, statement: Statement, reason: str) -> None:
        """`dx[index] += dy`, into zeros where it is the first contribution."""
        key = adjoint(value.key)
        index, part = gradient.operands
        known = self.adjoints.get(key)
        if known is None or known.leaf != key:
            zeros = numpy("zeros_like", value.ref) if known is None else known
            self.assign(value, zeros, self.facts.get(value.key), statement, reason)
        elif (whole := self.full(value, known)) is not known:
            whole = self._instead(key, whole)
            self.assign(value, whole, self.facts.get(value.key), statement, reason)
        place = Expr("subscript", (var(key), "[", index, "]"))
        if gradient.head == "scatter":
            op = "=" if known is None else "+="
            self.lines.append(Assign(place, op, part, statement, False, reason=reason))
        else:
            at = call(Expr("attribute", (Expr("import", ("numpy.add",)), ".at")), var(key), _bracketed(index), part)
            self.lines.append(Assign(var(key), "at", at, statement, False, reason=reason))

    def _instead(self, key: str, whole: Expr) -> Expr:
        """What a gradient is set to, in place of the line that has set it last, where nothing has read that yet."""
        touching = (any(key in (*line.bound, *line.reads) for line in flat((step,))) for step in self.lines)
        places = [i for i, touches in enumerate(touching) if touches]
        last = self.lines[places[-1]] if places else None
        if not isinstance(last, Assign) or not last.binds or last.bound != (key,):
            return whole
        del self.lines[places[-1]]
        return substitute(whole, {key: last.value})

    def _is_atom(self, key: str) -> bool:
        """Whether a gradient so far is a number, or what another name stands for, with or without a sign."""
        lines = [line for line in self.lines if isinstance(line, Assign) and key in line.bound]
        value = bare(lines[-1].value) if lines else None
        value = bare(value.operands[0]) if value is not None and value.head == "neg" else value
        return value is not None and value.head in ("var", "number")

    def onto(self, value: Var, gradient: Expr, size: Shape | None, statement: Statement, reason: str) -> None:
        """`dx = ...`, `dx[index] += dy`, and `dx *= ...`; beside other contributions each with the factor in it."""
        first, *rest = gradient.operands
        key = adjoint(value.key)
        factors = [one.operands[0] for one in rest if one.head == "factor"]
        if factors and key in self.adjoints:
            owner = bare(first.operands[0]).operands[0] if first.head == "call" else first
            first, *rest = _scaled(Expr("onto", (owner, *rest)), factors[0]).operands
            factors = []
        if first.head in ("scatter", "scatter_at"):
            self.scatter(value, first, statement, reason)
        else:
            self.contribute(value, first, size, statement, reason)
        for one in rest:
            if one.head in ("scatter", "scatter_at"):
                self.scatter(value, one, statement, reason)
        self.lines += [Assign(var(key), "*=", factor, statement, False, reason=reason) for factor in factors]

    def contribute(self, value: Var, gradient: Expr, size: Shape | None, statement: Statement, reason: str) -> None:
        key = adjoint(value.key)
        known = self.adjoints.get(key)
        if constant(gradient) == 0:
            return
        if known is None:
            # A mask, or whole numbers, of which the gradient 1.0 makes no floats once it is left out.
            counted = size is not None and size.dtype in ("bool", "int", "range") and untyped(gradient, self.lines)
            counted = counted or self._counted(value, gradient, size)
            self.assign(value, spread(gradient, value.ref) if counted else gradient, size, statement, reason)
            return
        before, shape = self.extents.get(key), self.facts.get(value.key)
        small = smaller(before, shape) and size != before
        if known.head == "var" and known.leaf == key and not small:
            fork = f"{reason}; fork: gradients add"
            self.lines.append(opened(Assign(known, "+=", gradient, statement, False, value.temporary, reason=fork)))
        else:
            sizes_ = [before or shape, size or shape]
            both = broadcast([one for one in sizes_ if one is not None]) if None not in sizes_ else None
            atom = self._is_atom(key)
            total = self._instead(key, plus(gradient, known)) if atom else plus(known, gradient)
            self.assign(value, total, both, statement, f"{reason}; fork: gradients add")

    def _counted(self, value: Var, gradient: Expr, size: Shape | None) -> bool:
        """Whether a gradient on a fork or a parameter may be of whole numbers, to which floats do not add."""
        if size in NUMERIC or self.readers[value.key] < 2 or not untyped(gradient, self.lines):
            return False
        nodes = [*_parts(gradient)]
        fixed = [node.leaf for node in nodes if node.head == "var" and not is_adjoint(node)]
        ranged = any(node.head == "call" and render(node.operands[0]).endswith("arange") for node in nodes)
        floats = any(node.head == "/" or isinstance(constant(node), float) for node in nodes)
        return not floats and (ranged or bool(fixed)) and self.whole.issuperset(fixed)

    def assign(
        self, value: Var, gradient: Expr, size: Shape | None, statement: Statement | None, reason: str = ""
    ) -> None:
        """The gradient on a value, as large as `size`."""
        target = var(adjoint(value.key))
        shape = self.facts.get(value.key)
        small = smaller(size, shape)
        if small and self.depth:
            gradient, small = spread(gradient, value.ref), False
        if small and size is not None:
            self.extents[target.leaf] = size
        else:
            self.extents.pop(target.leaf, None)
        if not small and shape is not None and shape.kind == "array":
            self.extents[target.leaf] = shape
        self.read_as(target.leaf, target)
        temporary = value.temporary or bool(value.path)
        self.lines.append(opened(Assign(target, "=", gradient, statement, False, temporary, reason=reason)))


def _bracketed(index: Expr) -> Expr:
    """An index as an argument: several places as a tuple, `np.s_[:, i]` where slices are among them."""
    if any(part.head == "slice" for part in (index, *index.operands)):
        return Expr("subscript", (Expr("import", ("numpy.s_",)), "[", index, "]"))
    return Expr("paren", ("(", Expr("tuple", index.parts), ")")) if index.head == "index" else index


def _scaled(onto: Expr, factor: Expr) -> Expr:
    """What is added in several lines, each times a factor."""
    first, *rest = onto.operands
    parts = (one.operands for one in rest if one.head == "scatter")
    scatters = [Expr("scatter", (index, " ", times(part, factor))) for index, part in parts]
    return Expr("onto", (times(first, factor), *scatters))


def _parts(expr: Expr) -> Iterator[Expr]:
    """The nodes of an expression that are worth something in it: not those of which only the shape is asked."""
    stack = [expr]
    while stack:
        node = stack.pop()
        asks = node.head == "call" and render(node.operands[0]).endswith((".shape", ".size", "len"))
        if not asks and not (node.head == "attribute" and str(node.parts[1]).strip() in (".shape", ".size")):
            yield node
            stack.extend(node.operands)


def _whole(wengert: Wengert, facts: Facts, active: frozenset[str]) -> frozenset[str]:
    """The variables that may be arrays of whole numbers: what is given and fixed, and what is made of that alone."""
    found = {param.var.key for param in wengert.params} - active
    for line in wengert.lines:
        gate = line.gate
        keeps = gate is None or gate.stops or gate.name in ("array", "multiply") or gate.algebra in _KEEPING
        if keeps and found.issuperset(v.key for v in reads(line)):
            found |= {target.key for target in line.targets}
    known = {key for key, shape in facts.items() if shape in NUMERIC or shape.dtype == "float"}
    return frozenset(found - active - known)


_KEEPING = ("linear", "bilinear", "copy")
"""The algebras of what may make whole numbers of whole numbers."""
