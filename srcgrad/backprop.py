"""Wengert -> Staged: the reverse pass, `=` for the first contribution to a gradient and `+=` for the later ones."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from srcgrad.activity import active
from srcgrad.apply import Pass
from srcgrad.arithmetic import plus
from srcgrad.expr import Expr, call, constant, number, subscript, substitute, var
from srcgrad.extents import extent, fitted, numpy, of_ones, spread, stripped, typeless
from srcgrad.gathered import gathered
from srcgrad.rules import Operand, named, opened, operands, primal_steps, sizes
from srcgrad.shape import NUMERIC, SCALAR, Dims, Facts, Shape, smaller
from srcgrad.staged import Assign, Branch, Mode, Staged, Step, adjoint
from srcgrad.wengert import Block, If, Line, Pack, Statement, Value, Var, Wengert, reads


def backprop(wengert: Wengert, facts: Facts, mode: Mode, wrt: tuple[str, ...], single: bool) -> Staged:
    """The staged gradient of `wengert` with respect to the parameters `wrt`, returned bare where `single`.

    Raises SrcgradError where a gradient must pass through a line that has no gate.
    """
    params = {param.name: param for param in wengert.params}
    reverse = _Reverse(wengert, facts, active(wengert, frozenset(wrt)))
    extra: tuple[tuple[Expr, Value], ...] = ()
    if mode in (Mode.GRAD, Mode.VALUE_AND_GRAD):
        reverse.seed(wengert.result)
    else:
        extra = tuple(_upstreams(wengert))
        reverse.adjoints.update(item for expr, output in extra for item in _parts(expr, output))
    reverse.block(wengert.body)
    gradients = tuple((gathered(reverse, params[name], facts), params[name].var) for name in wrt)
    forward = primal_steps(wengert.body)
    backward = tuple(reverse.lines)
    return Staged(
        wengert.name,
        mode,
        wengert.params,
        forward,
        backward,
        wengert.result,
        extra,
        gradients,
        single,
        facts,
        wengert.doc,
        reverse.extents,
    )


def _upstreams(wengert: Wengert) -> Iterator[tuple[Expr, Value]]:
    """An upstream gradient for each output, named after it."""
    outputs = wengert.outputs
    for i, output in enumerate(outputs, 1):
        holder = output.var if isinstance(output, Pack) else output
        name = "out" if len(outputs) == 1 else f"out{i}"
        yield var(adjoint(holder.key if isinstance(holder, Var) else f"{name}·0")), output


def _parts(expr: Expr, value: Value) -> Iterator[tuple[str, Expr]]:
    """The part of an upstream gradient that belongs to each variable of an output."""
    if isinstance(value, Var):
        yield adjoint(value.key), expr
    elif isinstance(value, Pack):
        for place, item in zip(value.places(), value.items, strict=True):
            yield from _parts(subscript(expr, place), item)


class _Reverse(Pass):
    """The reverse pass while it is written. `adjoints` has the expression that reads each gradient so far.

    `extents` are the shapes of those that are smaller than what they are the gradients on, `replaced` has what stood
    there before the arm at hand, to be put back behind it.
    """

    def __init__(self, wengert: Wengert, facts: Facts, active: frozenset[str]) -> None:
        super().__init__(wengert, facts, active, sizes(wengert, facts), named(wengert, facts))
        self.adjoints: dict[str, Expr] = {}
        self.replaced: dict[str, Expr | None] = {}
        self.arrays = any(shape.kind in ("array", "any") for shape in facts.values())
        self.items = {item.key: item.ref for param in wengert.params for item in param.items}
        self.sure = {v.key for step in wengert.body.steps if isinstance(step, Line) for v in reads(step)}

    def seed(self, result: Value) -> None:
        """The gradient of the result with respect to itself."""
        assert isinstance(result, Var)
        self.assign(result, number(1.0), SCALAR, None)

    def block(self, block: Block) -> None:
        """The reverse of a block, its last step first."""
        for step in reversed(block.steps):
            if isinstance(step, If):
                self.branch(step)
            else:
                self.step(step)

    def branch(self, step: If) -> None:
        """The reverse of a branch, on the same condition: what one arm contributes to, the other gives a zero."""
        before = dict(self.extents)
        arms = [self._arm(block, before) for block in (step.then, step.orelse)]
        inside = {adjoint(t.key) for block in (step.then, step.orelse) for line in block.lines() for t in line.targets}
        kept = [key for key in dict.fromkeys(key for _, changed in arms for key in changed) if key not in inside]
        for lines, changed in arms:
            for key in kept:
                if key not in changed:
                    value = self._beside(key, before.get(key))
                    lines.append(Assign(var(key), "=", value, step.statement, False))
        for key in kept:
            self._read_as(key, var(key))
            self.extents.pop(key, None)
        then, orelse = (tuple(lines) for lines, _ in arms)
        if then or orelse:
            self.lines.append(Branch(substitute(step.test, self.cheap), then, orelse, step.statement, False))

    def _beside(self, key: str, size: Shape | None) -> Expr:
        """The gradient `key`, as large as `size`, in the arm that leaves it alone: whole, as it is in the other."""
        base = key.removeprefix("d·")
        value = self.adjoints.get(key)
        if value is None:
            return self._zero(base)
        return spread(value, self._read(base)) if smaller(size, self.facts.get(base)) else value

    def _zero(self, key: str) -> Expr:
        """No gradient, in the shape of a variable."""
        shape = self.facts.get(key)
        return number(0.0) if shape is None or shape.rank == 0 else numpy("zeros_like", self._read(key))

    def _read(self, key: str) -> Expr:
        """What reads a variable, or an item of a parameter."""
        return self.items.get(key) or var(key)

    def _arm(self, block: Block, extents: Facts) -> tuple[list[Step], Mapping[str, Expr | None]]:
        """The reverse of one arm, and the gradients that it changes; what they were outside is put back."""
        outer = self.lines, self.replaced
        self.lines, self.replaced = [], {}
        self.extents.clear()
        self.extents.update(extents)
        self.depth += 1
        self.block(block)
        self.depth -= 1
        arm = self.lines, self.replaced
        for key, gradient in self.replaced.items():
            if gradient is None:
                del self.adjoints[key]
            else:
                self.adjoints[key] = gradient
        self.lines, self.replaced = outer
        return arm

    def _read_as(self, key: str, gradient: Expr) -> None:
        self.replaced.setdefault(key, self.adjoints.get(key))
        self.adjoints[key] = gradient

    def step(self, line: Line) -> None:
        """The gradients on the operands of one line, in the order in which it reads them."""
        if line.gate is not None and line.gate.algebra == "copy":
            for target, value in zip(line.targets, line.args.values(), strict=True):
                upstream = self.adjoints.get(adjoint(target.key))
                if upstream is not None and isinstance(value, Var) and value.key in self.active:
                    size = self.extents.get(adjoint(target.key)) or self.facts.get(target.key)
                    self._contribute(value, upstream, size, line.statement, "handed on")
            return
        upstreams = [self.adjoints.get(adjoint(target.key)) for target in line.targets]
        if not any(upstreams) or not any(target.key in self.active for target in line.targets):
            return
        for operand in operands(line, self.active):
            gradient, size = self._gradient(line, operand, upstreams)
            reason = line.gate.reason if line.gate else ""
            if gradient.head in ("scatter", "scatter_at"):
                self._scatter(operand.var, gradient, line.statement, reason)
            else:
                self._contribute(operand.var, gradient, size, line.statement, reason)

    def _gradient(self, line: Line, operand: Operand, upstreams: Sequence[Expr | None]) -> tuple[Expr, Shape | None]:
        """What a line contributes to the gradient on one operand, and how large that is."""
        gate, target = line.gate, line.targets[0]
        assert gate is not None
        made, to = self.facts.get(target.key), self.facts.get(operand.var.key)
        if made in NUMERIC and to in NUMERIC:
            gradient = self.rules.gradient(line, operand, upstreams)
            if self.arrays and typeless(gradient, self.known) and of_ones(gradient, self.lines):
                # A mask of numpy's times 1.0 is a float64, whatever the number is that it asks.
                ones = numpy("ones_like", operand.var.ref)
                gradient = self.rules.gradient(line, operand, [one and ones for one in upstreams])
            return gradient, SCALAR
        ranks = made is not None and to is not None and made.rank is not None and to.rank is not None
        if gate.algebra != "elementwise" and not (ranks and gate.form[0] in ("drop", "broadcast", "same")):
            upstreams = [
                one and self.full(target, one, line) for one, target in zip(upstreams, line.targets, strict=True)
            ]
        gradient = self.rules.gradient(line, operand, upstreams)
        if constant(gradient) == 0:
            return gradient, to
        if gradient.head in ("scatter", "scatter_at"):
            raw = [self.adjoints.get(adjoint(target.key)) for target in line.targets]
            return self.rules.gradient(line, operand, raw), to
        if not gate.itemwise:
            if not ranks or gate.form[0] not in ("drop", "same", "summed"):
                return gradient, to
            gradient = stripped(gradient, self.known)
            return gradient, extent(gradient, self.known) or to
        if extent(gradient, self.known) is None or (ranks and typeless(gradient, self.known)):
            # All of it, where that can't be told, and where the numbers and masks would not be of the operand's type.
            pairs = zip(upstreams, line.targets, strict=True)
            whole = [one and self.full(result, one, line) for one, result in pairs]
            gradient = self.rules.gradient(line, operand, whole)
        like = self._like(made, line) if made is not None else target.ref
        return fitted(gradient, line, made, to, operand.var, like, self.known)

    def full(self, value: Var, gradient: Expr, line: Line | None = None) -> Expr:
        """`gradient`, of a value, in the shape of the value."""
        shape, size = self.facts.get(value.key), self.extents.get(adjoint(value.key))
        if not smaller(size, shape) or shape is None:
            return gradient
        return spread(gradient, self._like(shape, line) if line and len(line.targets) == 1 else value.ref)

    def _like(self, shape: Shape, line: Line) -> Expr:
        """A variable of this shape, of those that a line reads, else what it binds."""
        found = [v for v in reads(line) if self.facts.get(v.key) == shape and not v.temporary]
        return found[0].ref if found else self.known.named(shape) or line.targets[0].ref

    def _scatter(self, value: Var, gradient: Expr, statement: Statement, reason: str) -> None:
        """`dx[index] += dy`, into zeros where it is the first contribution."""
        key = adjoint(value.key)
        index, part = gradient.operands
        known = self.adjoints.get(key)
        if known is None or known.leaf != key:
            zeros = numpy("zeros_like", value.ref) if known is None else known
            self.assign(value, zeros, self.facts.get(value.key), statement, reason)
        elif (whole := self.full(value, known)) is not known:
            self.assign(value, whole, self.facts.get(value.key), statement, reason)
        place = Expr("subscript", (var(key), "[", index, "]"))
        if gradient.head == "scatter":
            op = "=" if known is None else "+="
            self.lines.append(Assign(place, op, part, statement, False, reason=reason))
        else:
            at = call(Expr("attribute", (Expr("import", ("numpy.add",)), ".at")), var(key), _bracketed(index), part)
            self.lines.append(Assign(var(key), "at", at, statement, False, reason=reason))

    def _contribute(self, value: Var, gradient: Expr, size: Shape | None, statement: Statement, reason: str) -> None:
        key = adjoint(value.key)
        known = self.adjoints.get(key)
        if constant(gradient) == 0:
            return
        if known is None:
            # A mask, or whole numbers, of which the gradient 1.0 makes no floats once it is left out.
            counted = size is not None and size.dtype in ("bool", "int", "range") and of_ones(gradient, self.lines)
            self.assign(value, spread(gradient, value.ref) if counted else gradient, size, statement, reason)
            return
        before, shape = self.extents.get(key), self.facts.get(value.key)
        small = smaller(before, shape) and size != before
        if known.head == "var" and known.leaf == key and not small:
            fork = f"{reason}; fork: gradients add"
            self.lines.append(opened(Assign(known, "+=", gradient, statement, False, value.temporary, reason=fork)))
        else:
            sizes_ = [before or shape, size or shape]
            both = Dims().broadcast([one for one in sizes_ if one is not None]) if None not in sizes_ else None
            self.assign(value, plus(known, gradient), both, statement, f"{reason}; fork: gradients add")

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
        self._read_as(target.leaf, target)
        temporary = value.temporary or bool(value.path)
        self.lines.append(opened(Assign(target, "=", gradient, statement, False, temporary, reason=reason)))


def _bracketed(index: Expr) -> Expr:
    """An index as an argument: several places as a tuple, `np.s_[:, i]` where slices are among them."""
    if any(part.head == "slice" for part in (index, *index.operands)):
        return Expr("subscript", (Expr("import", ("numpy.s_",)), "[", index, "]"))
    return Expr("paren", ("(", Expr("tuple", index.parts), ")")) if index.head == "index" else index
