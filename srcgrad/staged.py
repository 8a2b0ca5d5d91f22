"""The code to be, as data: assignments that read and write, nothing of gates."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import Enum

from srcgrad.expr import Expr, keys
from srcgrad.shape import Facts
from srcgrad.wengert import Call, Parameter, Statement, Value

UNBROADCAST = "·unbroadcast"
"""The path of the function that is included in a text which undoes broadcasts that the facts do not tell."""


class Mode(Enum):
    """What is derived from a function."""

    GRAD = "grad"
    VALUE_AND_GRAD = "value_and_grad"
    VJP = "vjp"
    JVP = "jvp"
    SPLIT = "split"


@dataclass(frozen=True, slots=True)
class Remarks:
    """What stands beside the lines: why a gradient is what it is, what shapes they have."""

    reasons: bool = False
    shapes: bool = False


NO_REMARKS = Remarks()


@dataclass(frozen=True, slots=True)
class Detail:
    """How much is a line: whether temporaries fold back into their readers, whether several gates may be one."""

    folded: bool = True
    composites: bool = True


AS_BY_HAND = Detail()


@dataclass(frozen=True, slots=True, eq=False)
class Assign:
    """`target op value`. `primal` lines are the user's own; the others are what srcgrad adds to them.

    `op` is "=", "+=", "-=", "*=" or "/="; "at" for a value that is the call of `np.add.at` on the target. A target may
    be a part of what it is bound to, as in `dx[index] = dy`. `temporary` marks a line that may be folded into its
    reader, since no name of the user's stands for it; `reason` says in the notes' words why a gradient is what it is;
    `bound` and `reads` are the keys that it binds and those that its value reads.
    """

    target: Expr
    op: str
    value: Expr
    statement: Statement | None
    primal: bool = True
    temporary: bool = False
    pure: bool = True
    call: Call | None = None
    reason: str = ""
    bound: tuple[str, ...] = field(init=False)
    reads: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        bound, reads = tuple(keys(self.target)), tuple(keys(self.value))
        if self.target.head == "subscript":
            bound, reads = bound[:1], (*bound, *reads)
        object.__setattr__(self, "bound", bound)
        object.__setattr__(self, "reads", reads)

    @property
    def binds(self) -> bool:
        """Whether it binds its target anew, and does not change what that is bound to."""
        return self.op == "=" and self.target.head != "subscript"


@dataclass(frozen=True, slots=True, eq=False)
class Branch:
    """One of two arms, by `test`; that of a conditional expression may be bound to `target` by its `call` instead."""

    test: Expr
    then: tuple[Step, ...]
    orelse: tuple[Step, ...]
    statement: Statement
    primal: bool
    call: Call | None = None
    target: Expr | None = None


Step = Assign | Branch


def flat(steps: Iterable[Step]) -> Iterator[Assign]:
    """Every assignment, those inside branches too, in the order of the text."""
    stack = list(reversed(tuple(steps)))
    while stack:
        step = stack.pop()
        if isinstance(step, Assign):
            yield step
        else:
            stack.extend(reversed((*step.then, *step.orelse)))


def branches(steps: Iterable[Step]) -> Iterator[Branch]:
    """Every branch, the outer ones first."""
    stack = list(reversed(tuple(steps)))
    while stack:
        step = stack.pop()
        if isinstance(step, Branch):
            yield step
            stack.extend(reversed((*step.then, *step.orelse)))


def evaluated(steps: Iterable[Step]) -> Iterator[Expr]:
    """Every expression that is evaluated, the context managers around the lines too."""
    steps = tuple(steps)
    lines = tuple(flat(steps))
    yield from (line.value for line in lines)
    yield from (line.target for line in lines if line.target.head == "subscript")
    yield from (branch.test for branch in branches(steps))
    entered = (expr for line in lines if line.statement for expr in line.statement.context)
    yield from {id(expr): expr for expr in entered}.values()


@dataclass(frozen=True, slots=True, eq=False)
class Staged:
    """A forward pass and a reverse pass; in forward mode the tangents stand among the lines of the first.

    `extra` are the parameters that come before the function's own (upstream gradients or tangents), each with the
    value that it belongs to; `gradients` what is returned beside or instead of `result`, each with the parameter or
    output that it belongs to; `single` says that the one gradient is returned bare. `extents` are the shapes of
    gradients that are smaller than what they are gradients on.
    """

    name: str
    mode: Mode
    params: tuple[Parameter, ...]
    forward: tuple[Step, ...]
    backward: tuple[Step, ...]
    result: Value
    extra: tuple[tuple[Expr, Value], ...]
    gradients: tuple[tuple[Expr, Value], ...]
    single: bool
    facts: Facts
    doc: str = ""
    extents: Facts = field(default_factory=dict)

    @property
    def returns_value(self) -> bool:
        return self.mode not in (Mode.GRAD, Mode.VJP)
