"""Wengert -> Staged: forward mode, each line followed by its tangent, from the same rules as the reverse pass."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from srcgrad.activity import active
from srcgrad.apply import Pass
from srcgrad.arithmetic import plus
from srcgrad.expr import Expr, constant, display, number, subscript, substitute, var
from srcgrad.extents import extent, numpy, spread
from srcgrad.keys import adjoint
from srcgrad.rulebody import item
from srcgrad.rules import branch, named, opened, operands, primal, primal_steps, sizes
from srcgrad.shape import NUMERIC, SCALAR, Dim, Facts, Shape, broadcast, smaller
from srcgrad.staged import Assign, Branch, Mode, Staged, Step
from srcgrad.wengert import Block, If, Line, Pack, Value, Var, Wengert, leaves, reads, ref


def tangents(wengert: Wengert, facts: Facts, wrt: tuple[str, ...]) -> Staged:
    """The Jacobian-vector product of `wengert`, for tangents of the parameters `wrt`.

    Raises SrcgradError where a tangent must pass through a line that has no gate.
    """
    params = {param.name: param.var for param in wengert.params}
    forward = _Forward(wengert, facts, active(wengert, frozenset(wrt)))
    extra: tuple[tuple[Expr, Value], ...] = tuple((var(adjoint(params[name].key)), params[name]) for name in wrt)
    forward.block(wengert.body)
    gradients = ((forward.returned(wengert.result), wengert.result),)
    return Staged(
        wengert.name,
        Mode.JVP,
        wengert.params,
        tuple(forward.lines),
        (),
        wengert.result,
        extra,
        gradients,
        True,
        facts,
        wengert.doc,
        forward.extents,
    )


class _Forward(Pass):
    """The lines and their tangents while they are written."""

    def __init__(self, wengert: Wengert, facts: Facts, active: frozenset[str]) -> None:
        params = {param.var.key for param in wengert.params}
        arrays = tuple(pair for pair in named(wengert, facts) if pair[1] in params)
        self.sizes: dict[Dim, str] = {}
        self.read = {var.key for line in wengert.lines for var in reads(line)} | {v.key for v in leaves(wengert.result)}
        super().__init__(wengert, facts, active, self.sizes, arrays)
        self.given = {param.var.base for param in wengert.params}
        self.all_sizes = {key: dim for dim, key in sizes(wengert, facts).items()}

    def tangent(self, value: Value) -> Expr:
        """The expression that reads the tangent of `value`."""
        if isinstance(value, Pack):
            return display(value.kind, tuple(map(self.tangent, value.items)), value.names)
        if not isinstance(value, Var) or value.key not in self.active:
            return self._zero(value)
        if value.base not in self.given:
            return var(adjoint(value.key))
        expr = var(adjoint(value.base))
        for index in value.path:
            expr = subscript(expr, index)
        return expr

    def _zero(self, value: Value) -> Expr:
        """No tangent, in the shape of a value."""
        shape = self.facts.get(value.key) if isinstance(value, Var) else SCALAR
        return number(0.0) if shape is None or shape.rank == 0 else numpy("zeros_like", ref(value))

    def whole(self, value: Value) -> Expr:
        """The expression that reads the tangent of `value`, in the shape of it."""
        if isinstance(value, Pack):
            return display(value.kind, tuple(map(self.whole, value.items)), value.names)
        tangent = self.tangent(value)
        if not isinstance(value, Var) or tangent.head != "var":
            return tangent
        shape, size = self.facts.get(value.key), self.extents.get(tangent.leaf)
        if not smaller(size, shape):
            return tangent
        return spread(tangent, value.ref)

    def returned(self, value: Value) -> Expr:
        """What reads the tangent of the result, without an expression in it."""
        if isinstance(value, Pack):
            return display(value.kind, tuple(map(self.returned, value.items)), value.names)
        tangent = self.whole(value)
        if not isinstance(value, Var) or tangent.head in ("var", "number", "subscript"):
            return tangent
        key = var(adjoint(value.key))
        self.lines.append(Assign(key, "=", tangent, self.lines[-1].statement, False))
        return key

    def block(self, block: Block) -> None:
        """A block, every line of it with its tangent."""
        for step in block.steps:
            if isinstance(step, If):
                self.branch(step)
            else:
                self.step(step)

    def branch(self, step: If) -> None:
        """A branch, each arm with its tangents; behind a conditional expression they have a branch of their own."""
        outer, arms = self.lines, []
        self.depth += 1
        for block in (step.then, step.orelse):
            self.lines = []
            self.block(block)
            arms.append(tuple(self.lines))
        self.lines = outer
        self.depth -= 1
        if step.call is None:
            self.lines.append(branch(step, *arms))
            return
        self.lines.append(branch(step, primal_steps(step.then), primal_steps(step.orelse)))
        self.lines += self._added([branch(step, *arms)])

    def _added(self, steps: Iterable[Step]) -> Iterator[Step]:
        """The tangents among `steps`, those inside branches under a branch of their own."""
        for step in steps:
            if isinstance(step, Branch) and step.primal:
                then, orelse = tuple(self._added(step.then)), tuple(self._added(step.orelse))
                if then or orelse:
                    yield Branch(substitute(step.test, self.cheap), then, orelse, step.statement, False)
            elif not step.primal:
                yield step

    def step(self, line: Line) -> None:
        """A line and, where it has one, its tangent."""
        self.lines.append(primal(line))
        if not self.depth:
            self.held.add(line)
        self.sizes |= {
            self.all_sizes[target.key]: target.key for target in line.targets if target.key in self.all_sizes
        }
        if not any(target.key in self.active for target in line.targets):
            return
        if line.gate is not None and line.gate.algebra == "copy":
            for target, value in zip(line.targets, line.args.values(), strict=True):
                if target.key in self.active:
                    tangent = self.tangent(value)
                    self._assign(
                        target, tangent, line, self.extents.get(tangent.leaf) if tangent.head == "var" else None
                    )
            return
        for target in line.targets:
            if len(line.targets) > 1 and target.key not in self.read:
                continue
            total, size = self._tangent(line, target)
            self._assign(target, total, line, size)

    def _tangent(self, line: Line, target: Var) -> tuple[Expr, Shape | None]:
        """The tangent of a result of a line, and how large it is."""
        gate, through = line.gate, operands(line, self.active)
        if not through or gate is None:
            return self._zero(target), None
        if gate.cuts:
            return subscript(self._substituted(line, set()), line.targets.index(target)), None
        numeric = all(self.facts.get(var.key) in NUMERIC for var in (target, *reads(line)))
        if line.form is not None and gate.algebra in ("linear", "bilinear") and not numeric:
            return self._substituted(line, {operand.name for operand in through}), None
        if gate.body.tangents:
            tangents = {operand.name: self.whole(operand.var) for operand in through}
            written = self.rules.tangent(line, target, tangents)
            return (self._zero(target) if constant(written) == 0 else written), None
        total: Expr = number(0)
        sizes: list[Shape | None] = []
        for operand in through:
            tangents_ = [self.tangent(operand.var) if result is target else None for result in line.targets]
            part = self.rules.gradient(line, operand, tangents_)
            sizes.append(extent(part, self.known))
            total = plus(total, part)
        known = [size for size in sizes if size is not None]
        shape = self.facts.get(target.key)
        if shape is None or shape.kind != "array" or len(known) < len(sizes):
            return self._unproved(line, target, total), None
        size = broadcast(known)
        told = size.dims == shape.dims or smaller(size, shape)
        return (total, size) if told else (self._unproved(line, target, total), None)

    def _unproved(self, line: Line, target: Var, total: Expr) -> Expr:
        """A tangent in the shape of the result, where the facts do not tell whether something was broadcast."""
        shape = self.facts.get(target.key)
        if shape in NUMERIC:
            return total
        own = [operand.var for operand in operands(line, self.active)]
        if shape is not None and constant(total) is None and all(self.facts.get(var.key) == shape for var in own):
            return total
        return plus(total, numpy("zeros_like", target.ref))

    def _substituted(self, line: Line, through: set[str]) -> Expr:
        """The user's own expression over tangents; of a product a sum, in each term one operand's tangent."""
        gate = line.gate
        assert gate is not None
        assert line.form is not None
        plain = {name: substitute(ref(line.args[name]), {}) for name in gate.operands if name in line.args}
        if gate.algebra == "linear":
            return substitute(line.form, self._all_by_name(line, plain))
        total: Expr = number(0)
        for name in (name for name in plain if name in through):
            total = plus(total, substitute(line.form, {**plain, name: self._all(line.args[name])}))
        return total

    def _all_by_name(self, line: Line, names: Iterable[str]) -> dict[str, Expr]:
        """The tangents of operands, those of the items of many too."""
        found = {name: self._all(line.args[name]) for name in names}
        packs = {name: value for name in names if isinstance(value := line.args[name], Pack)}
        items = {item(name, i): one for name, pack in packs.items() for i, one in enumerate(pack.items)}
        return found | {name: self._all(one) for name, one in items.items()}

    def _all(self, value: Value) -> Expr:
        """The tangent of an operand in its shape; of many, that of each, zeros where it has none."""
        if isinstance(value, Pack):
            return display(value.kind, tuple(self._all(item) for item in value.items), value.names)
        if isinstance(value, Var) and value.key in self.active:
            return self.whole(value)
        return number(0.0) if constant(ref(value)) is not None else numpy("zeros_like", ref(value))

    def _assign(self, target: Var, value: Expr, line: Line, size: Shape | None = None) -> None:
        temporary = target.temporary or bool(target.path)
        key, shape = adjoint(target.key), self.facts.get(target.key)
        if shape is not None and shape.kind == "array":
            if smaller(size, shape) and self.depth:
                value, size = spread(value, target.ref), shape
            self.extents[key] = size if size is not None else shape
        self.lines.append(opened(Assign(var(key), "=", value, line.statement, False, temporary)))
