"""Wengert -> Staged: forward mode, each line followed by its tangent, from the same rules as the reverse pass."""

from __future__ import annotations

from srcgrad.arithmetic import plus
from srcgrad.expr import Expr, display, number, subscript, var
from srcgrad.rules import applied, cheap_temporaries, operands, primal
from srcgrad.shapes import Facts
from srcgrad.staged import Assign, Mode, Staged, adjoint
from srcgrad.wengert import Line, Pack, Value, Var, Wengert, active


def tangents(wengert: Wengert, facts: Facts, wrt: tuple[str, ...]) -> Staged:
    """The Jacobian-vector product of `wengert`, for tangents of the parameters `wrt`.

    Raises SrcgradError where a tangent must pass through a line that has no gate.
    """
    forward = _Forward(wengert, active(wengert, frozenset(wrt)))
    extra: tuple[tuple[Expr, Value], ...] = tuple(
        (var(adjoint(param.var.key)), param.var) for param in wengert.params if param.name in wrt
    )
    for line in wengert.body.lines:
        forward.step(line)
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
        self.lines: list[Assign] = []
        self.given = {param.var.base for param in wengert.params}
        self.cheap = cheap_temporaries(wengert, active)

    def tangent(self, value: Value) -> Expr:
        """The expression that reads the tangent of `value`."""
        if isinstance(value, Pack):
            return display(value.kind, tuple(map(self.tangent, value.items)))
        if not isinstance(value, Var) or value.key not in self.active:
            return number(0.0)
        if value.base not in self.given:
            return var(adjoint(value.key))
        expr = var(adjoint(value.base))
        for index in value.path:
            expr = subscript(expr, index)
        return expr

    def step(self, line: Line) -> None:
        """A line and, where it is active, its tangent."""
        self.lines.append(primal(line))
        if not any(target.key in self.active for target in line.targets):
            return
        if line.gate is not None and line.gate.algebra == "copy":
            for target, value in zip(line.targets, line.args.values(), strict=True):
                if target.key in self.active:
                    self._assign(target, self.tangent(value), line)
            return
        total: Expr = number(0)
        for name, value in operands(line, self.active):
            total = plus(total, applied(line, name, self.tangent(value), self.cheap))
        self._assign(line.targets[0], total, line)

    def _assign(self, target: Var, value: Expr, line: Line) -> None:
        temporary = target.temporary or bool(target.path)
        self.lines.append(Assign(var(adjoint(target.key)), "=", value, line.statement, False, temporary))
