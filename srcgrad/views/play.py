"""A derived function run line by line: what every line binds, forward and then backward."""

from __future__ import annotations

import copy
import inspect
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from srcgrad.derive import LaidOut
from srcgrad.expr import Expr
from srcgrad.staged import Assign, Branch, Step
from srcgrad.wengert import Statement, ref


@dataclass(frozen=True, eq=False)
class Moment:
    """A line that has run: its text, the values that it bound by their keys, where it comes from and why it is so.

    `primal` lines are the user's own; `statement` is the user's statement, None for the seed.
    """

    text: str
    values: Mapping[str, Any]
    step: Assign
    primal: bool

    @property
    def statement(self) -> Statement | None:
        return self.step.statement

    @property
    def finite(self) -> bool:
        """Whether all numbers that it bound are finite."""
        return all(map(finite, self.values.values()))


@dataclass(frozen=True, eq=False)
class Played:
    """What ran: the moments in their order, and the last value of every key, those of the arguments too."""

    laid: LaidOut
    moments: tuple[Moment, ...]
    values: Mapping[str, Any]

    @property
    def stopped(self) -> Moment | None:
        """The first line that gave nan or infinity; None where all are finite."""
        return next((moment for moment in self.moments if not moment.finite), None)


def play(laid: LaidOut, space: Mapping[str, Any], function: Callable[..., Any], args: Mapping[str, Any]) -> Played:
    """Run what is laid out, over the globals in `space`; `args` are those of the primal, by the names in `function`.

    Upstream gradients are ones. Raises whatever the user's own lines raise.
    """
    names = dict(space)
    bound = inspect.signature(function).bind_partial(**args)
    bound.apply_defaults()
    names.update(bound.arguments)
    player = _Player(laid, names)
    for param in laid.staged.params:
        player.keep((param.var.base, *(item.key for item in param.items)))
    forward = tuple(player.run(laid.staged.forward))
    player.seed()
    return Played(laid, (*forward, *player.run(laid.staged.backward)), player.values)


def ones(value: Any) -> Any:
    """One for every number of a value, in its structure."""
    if isinstance(value, (list, tuple)):
        return type(value)(map(ones, value))
    if isinstance(value, dict):
        return {name: ones(item) for name, item in value.items()}
    return value * 0 + 1.0


def finite(value: Any) -> bool:
    """Whether a value has no nan and no infinity in it; what is no number has none."""
    if isinstance(value, (list, tuple)):
        return all(map(finite, value))
    if isinstance(value, dict):
        return all(map(finite, value.values()))
    if isinstance(value, (int, float)):
        return math.isfinite(value)
    kind = getattr(getattr(value, "dtype", None), "kind", "")
    return kind not in ("f", "c") or bool((abs(value) < math.inf).all())


class _Player:
    """Runs steps in the names of the derived function; `values` has copies of what they bound."""

    def __init__(self, laid: LaidOut, names: dict[str, Any]) -> None:
        self.laid = laid
        self.names = names
        self.values: dict[str, Any] = {}

    def seed(self) -> None:
        """Ones for the upstream gradients."""
        for expr, value in self.laid.staged.extra:
            self.names[self.laid.names.text(expr)] = ones(self._value(ref(value)))
            self.keep((expr.leaf,))

    def run(self, steps: Sequence[Step]) -> Iterator[Moment]:
        """Every line that runs, those of the arms that are taken too."""
        for step in steps:
            if isinstance(step, Branch):
                yield from self.run(step.then if self._value(step.test) else step.orelse)
            else:
                yield self._line(step)

    def _line(self, step: Assign) -> Moment:
        text = self.laid.text(step)
        contexts = step.statement.context if step.statement else ()
        rows = [f"{'    ' * i}with {self.laid.names.text(one)}:" for i, one in enumerate(contexts)]
        exec("\n".join([*rows, "    " * len(rows) + text]), self.names)
        self.keep(step.bound)
        values = {key: self.values[key] for key in step.bound if key in self.values}
        return Moment(text, values, step, step.primal)

    def keep(self, keys: Sequence[str]) -> None:
        """Copy what these keys are bound to now, as far as they are."""
        named = self.laid.names.variables
        for key in keys:
            base, bracket, path = key.partition("[")
            name = named.get(key) or named.get(base, "") + bracket + path
            if name.partition("[")[0] in self.names:
                self.values[key] = copy.deepcopy(eval(name, self.names))

    def _value(self, expr: Expr) -> Any:
        return eval(self.laid.names.text(expr), self.names)


def file_space(laid: LaidOut) -> tuple[dict[str, Any], Callable[..., Any]]:
    """The names of the emitted module, imported and made anew, and the function: nothing else of the file runs."""
    space: dict[str, Any] = {"__name__": "srcgrad_emitted"}
    exec(compile(laid.derived.module(), "<emitted>", "exec"), space)
    return space, space[laid.derived.functions[0]]
