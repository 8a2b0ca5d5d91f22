"""Wengert -> Staged: the reverse pass, `=` for the first contribution to a gradient and `+=` for the later ones."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import replace
from functools import partial

from srcgrad.activity import active
from srcgrad.contributions import Contributions
from srcgrad.expr import Expr, bare, constant, number, subscript, substitute, var, walk
from srcgrad.extents import as_large, extent, fitted, numpy, spread, stripped
from srcgrad.gathered import gathered
from srcgrad.keys import adjoint, primal_of
from srcgrad.precision import typeless, untyped
from srcgrad.rules import Operand, operands, primal_steps
from srcgrad.shape import NUMERIC, SCALAR, Facts, Shape, smaller
from srcgrad.staged import Assign, Branch, Mode, Staged, Step
from srcgrad.wengert import Block, If, Line, Pack, Statement, Value, Var, Wengert


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


class _Reverse(Contributions):
    """The reverse pass while it is written."""

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
        """The reverse of a branch, on the same condition."""
        inside = {adjoint(t.key) for block in (step.then, step.orelse) for line in block.lines() for t in line.targets}
        then, orelse = (partial(self.block, block) for block in (step.then, step.orelse))
        self._fork(substitute(step.test, self.cheap), then, orelse, step.statement, inside)

    def _fork(
        self,
        test: Expr,
        then: Callable[[], None],
        orelse: Callable[[], None],
        statement: Statement,
        inside: Set[str] = frozenset(),
    ) -> None:
        """A branch whose arms are written by `then` and `orelse`: what one contributes to, the other gives a zero.

        What is `inside` the arms is nothing to what stands behind them.
        """
        before = dict(self.extents)
        arms = [self._arm(write, before) for write in (then, orelse)]
        kept = [key for key in dict.fromkeys(key for _, changed in arms for key in changed) if key not in inside]
        for lines, changed in arms:
            for key in kept:
                if key not in changed:
                    value = self._beside(key, before.get(key))
                    lines.append(Assign(var(key), "=", value, statement, False))
        for key in kept:
            self.read_as(key, var(key))
            self.extents.pop(key, None)
        one, two = (tuple(lines) for lines, _ in arms)
        if one or two:
            self.lines.append(Branch(test, one, two, statement, False))

    def _beside(self, key: str, size: Shape | None) -> Expr:
        """The gradient `key`, as large as `size`, in the arm that leaves it alone: whole, as it is in the other."""
        base = primal_of(key)
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

    def _arm(self, write: Callable[[], None], extents: Facts) -> tuple[list[Step], Mapping[str, Expr | None]]:
        """The reverse of one arm, and the gradients that it changes; what they were outside is put back."""
        outer = self.lines, self.replaced
        self.lines, self.replaced = [], {}
        self.extents.clear()
        self.extents.update(extents)
        self.depth += 1
        write()
        self.depth -= 1
        arm = self.lines, self.replaced
        for key, gradient in self.replaced.items():
            if gradient is None:
                del self.adjoints[key]
            else:
                self.adjoints[key] = gradient
        self.lines, self.replaced = outer
        return arm

    def step(self, line: Line) -> None:
        """The gradients on the operands of one line, in the order in which it reads them."""
        if line.gate is not None and line.gate.algebra == "copy":
            for target, value in zip(line.targets, line.args.values(), strict=True):
                upstream = self.adjoints.get(adjoint(target.key))
                if upstream is not None and isinstance(value, Var) and value.key in self.active:
                    size = self.extents.get(adjoint(target.key)) or self.facts.get(target.key)
                    self.contribute(value, upstream, size, line.statement, "handed on")
            return
        upstreams = [self.adjoints.get(adjoint(target.key)) for target in line.targets]
        if not any(upstreams) or not any(target.key in self.active for target in line.targets):
            return
        if line.title:
            line = replace(line, statement=replace(line.statement.root, title=line.title))
        for operand in operands(line, self.active):
            gradient, size = self._gradient(line, operand, upstreams)
            self._add(operand.var, gradient, size, line.statement, line.gate.reason if line.gate else "")

    def _add(self, value: Var, gradient: Expr, size: Shape | None, statement: Statement, reason: str) -> None:
        """What a line contributes, as it is written."""
        if gradient.head == "onto":
            self.onto(value, gradient, size, statement, reason)
        elif gradient.head in ("scatter", "scatter_at"):
            self.scatter(value, gradient, statement, reason)
        elif gradient.head == "if" and any(node.head.startswith("scatter") for node in walk(gradient)):
            one, test, two = gradient.operands
            then, orelse = (partial(self._add, value, bare(arm), size, statement, reason) for arm in (one, two))
            self._fork(bare(test), then, orelse, statement)
        else:
            self.contribute(value, gradient, size, statement, reason)

    def _gradient(self, line: Line, operand: Operand, upstreams: Sequence[Expr | None]) -> tuple[Expr, Shape | None]:
        """What a line contributes to the gradient on one operand, and how large that is."""
        gate, target = line.gate, line.targets[0]
        assert gate is not None
        made, to = self.facts.get(target.key), self.facts.get(operand.var.key)
        if made in NUMERIC and to in NUMERIC:
            return self._of_numbers(line, operand, upstreams), SCALAR
        whole = upstreams[0]
        if gate.form[0] == "nested" and to in NUMERIC and whole and self.known.shape(whole) in NUMERIC:
            return whole, SCALAR  # of many numbers that go into one array
        ranks = made is not None and to is not None and made.rank is not None and to.rank is not None
        if gate.algebra != "elementwise" and not (ranks and gate.form[0] in ("added", "drop", "broadcast")):
            upstreams = [
                one and self.full(target, one, line) for one, target in zip(upstreams, line.targets, strict=True)
            ]
        gradient = self.rules.gradient(line, operand, upstreams)
        if constant(gradient) == 0 or gradient.head == "onto":
            return gradient, to
        if gradient.head in ("scatter", "scatter_at"):
            raw = [self.adjoints.get(adjoint(target.key)) for target in line.targets]
            return self.rules.gradient(line, operand, raw), to
        if not gate.itemwise and not (gate.form[0] == "added" and operand.place is not None):  # an item is broadcast
            if gate.form[0] not in ("added", "drop", "same", "summed") or not (ranks or made in NUMERIC):
                return gradient, to
            gradient = stripped(gradient, self.known)
            return gradient, extent(gradient, self.known) or to
        masked = typeless(gradient, self.known)
        if not ranks and made == to and not masked and as_large(gradient, to, self.known):
            return gradient, to
        if extent(gradient, self.known) is None or (ranks and masked):
            # All of it, where that can't be told, and where the numbers and masks would not be of the operand's type.
            pairs = ((self.adjoints.get(adjoint(result.key)), result) for result in line.targets)
            gradient = self.rules.gradient(
                line, operand, [one and self.full(result, one, line) for one, result in pairs]
            )
        like = self.like(made, line) if made is not None else target.ref
        place = gate.operands.index(operand.name)
        return fitted(gradient, line, made, to, operand.var, like, place, self.known)

    def _of_numbers(self, line: Line, operand: Operand, upstreams: Sequence[Expr | None]) -> Expr:
        """What a line of numbers contributes to the gradient on one of them."""
        gradient = self.rules.gradient(line, operand, upstreams)
        if self.arrays and typeless(gradient, self.known) and untyped(gradient, self.lines):
            # A mask of numpy's times 1.0 is a float64, whatever the number is that it asks.
            typed = [one and spread(one, operand.var.ref) for one in upstreams]
            gradient = self.rules.gradient(line, operand, typed)
        return gradient
