"""The code to be, as data: assignments that read and write, nothing of gates."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from srcgrad.expr import Expr, keys
from srcgrad.shapes import Facts
from srcgrad.wengert import Call, Parameter, Statement, Value


class Mode(Enum):
    """What is derived from a function."""

    GRAD = "grad"
    VALUE_AND_GRAD = "value_and_grad"
    VJP = "vjp"
    JVP = "jvp"
    SPLIT = "split"


def adjoint(key: str) -> str:
    """The key of the gradient on a variable (of its tangent, in forward mode)."""
    return "d·" + key


@dataclass(frozen=True, slots=True, eq=False)
class Assign:
    """`target op value`. `primal` lines are the user's own; the others are what srcgrad adds to them.

    `temporary` marks a line that may be folded into its reader, since no name of the user's stands for it.
    """

    target: Expr
    op: str
    value: Expr
    statement: Statement | None
    primal: bool = True
    temporary: bool = False
    pure: bool = True
    call: Call | None = None

    @property
    def bound(self) -> tuple[str, ...]:
        """The keys that it binds."""
        return tuple(keys(self.target))


@dataclass(frozen=True, slots=True, eq=False)
class Staged:
    """A forward pass and a reverse pass; in forward mode the tangents stand among the lines of the first.

    `extra` are the parameters that come before the function's own (upstream gradients or tangents), each with the
    value that it belongs to; `gradients` what is returned beside or instead of `result`, each with the parameter or
    output that it belongs to; `single` says that the one gradient is returned bare.
    """

    name: str
    mode: Mode
    params: tuple[Parameter, ...]
    forward: tuple[Assign, ...]
    backward: tuple[Assign, ...]
    result: Value
    extra: tuple[tuple[Expr, Value], ...]
    gradients: tuple[tuple[Expr, Value], ...]
    single: bool
    facts: Facts
    doc: str = ""

    @property
    def returns_value(self) -> bool:
        return self.mode not in (Mode.GRAD, Mode.VJP)
