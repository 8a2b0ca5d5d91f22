"""Wengert -> Staged: forward mode, each line followed by its tangent, from the same rules as the reverse pass."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from srcgrad.activity import active
from srcgrad.arithmetic import plus
from srcgrad.expr import Expr, display, number, subscript, substitute, var
from srcgrad.rules import applied, branch, cheap_temporaries, operands, primal, primal_steps
from srcgrad.shapes import Facts
from srcgrad.staged import Assign, Branch, Mode, Staged, Step, adjoint
from srcgrad.wengert import Block, If, Line, Pack, Value, Var, Wengert


def tangents(wengert: Wengert, facts: Facts, wrt: tuple[str, ...]) -> Staged:
    """The Jacobian-vector product of `wengert`, for tangents of the parameters `wrt`.

    Raises SrcgradError where a tangent must pass through a line that has no gate.
    """
    params = {param.name: param.var for param in wengert.params}
    forward = _Forward(wengert, active(wengert, frozenset(wrt)))
    extra: tuple[tuple[Expr, Value], ...] = tuple((var(adjoint(params[name].key)), params[name]) for name in wrt)
    forward.block(wengert.body)
    gradients = ((forward.tangent(wengert.result), wengert.result),)
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
    )


class _Forward:
    """The lines and their tangents while they are written."""

    def __init__(self, wengert: Wengert, active: frozenset[str]) -> None:
        self.active = active
        self.lines: list[Step] = []
        self.given = {param.var.base for param in wengert.params}
        self.cheap = cheap_temporaries(wengert, active)

    def tangent(self, value: Value) -> Expr:
        """The expression that reads the tangent of `value`."""
        if isinstance(value, Pack):
            return display(value.kind, tuple(map(self.tangent, value.items)), value.names)
        if not isinstance(value, Var) or value.key not in self.active:
            return number(0.0)
        if value.base not in self.given:
            return var(adjoint(value.key))
        expr = var(adjoint(value.base))
        for index in value.path:
            expr = subscript(expr, index)
        return expr

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
        for block in (step.then, step.orelse):
            self.lines = []
            self.block(block)
            arms.append(tuple(self.lines))
        self.lines = outer
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
        if not any(target.key in self.active for target in line.targets):
            return
        if line.gate is not None and line.gate.algebra == "copy":
            for target, value in zip(line.targets, line.args.values(), strict=True):
                if target.key in self.active:
                    self._assign(target, self.tangent(value), line)
            return
        for target in line.targets:
            total: Expr = number(0)
            for operand in operands(line, self.active):
                tangents = [self.tangent(operand.var) if result is target else None for result in line.targets]
                total = plus(total, applied(line, operand, tangents, self.cheap))
            self._assign(target, total, line)

    def _assign(self, target: Var, value: Expr, line: Line) -> None:
        temporary = target.temporary or bool(target.path)
        self.lines.append(Assign(var(adjoint(target.key)), "=", value, line.statement, False, temporary))
