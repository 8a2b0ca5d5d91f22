"""A derived function run line by line: what every line binds, forward and then backward."""

from __future__ import annotations

import copy
import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from srcgrad.derive import LaidOut, check_alone
from srcgrad.errors import SrcgradError
from srcgrad.expr import Expr
from srcgrad.keys import adjoint
from srcgrad.staged import Assign, Step
from srcgrad.views.stops import finite, reached, refusal, unfit
from srcgrad.wengert import Parameter, Statement, Var, ref

RAISED = (ArithmeticError, AssertionError, AttributeError, IndexError, KeyError, TypeError, ValueError)
"""What lines raise of numbers that they cannot be run with."""


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
    """What ran: the moments in their order, `given` the values of the arguments by their keys.

    `seeds` are the upstream gradients, `taken` has the conditions of the branches that were come to, and what they
    were; `failed` says what a line raised, behind which nothing ran; `unfinished` are the keys that lines behind a stop
    would have bound.
    """

    laid: LaidOut
    moments: tuple[Moment, ...]
    given: Mapping[str, Any]
    seeds: Mapping[str, Any]
    taken: Mapping[Expr, bool]
    failed: SrcgradError | None = None
    unfinished: frozenset[str] = frozenset()

    @cached_property
    def values(self) -> Mapping[str, Any]:
        """The last value of every key, those of the arguments too."""
        return self.after(len(self.moments))

    def after(self, count: int) -> Mapping[str, Any]:
        """What every key was worth when as many lines had run."""
        bound = {**self.given, **self.seeds}
        for moment in self.moments[:count]:
            bound.update(moment.values)
        return bound

    @property
    def unfit(self) -> Parameter | None:
        """The first parameter that is differentiated and was given as nan or infinity."""
        chosen = {value.base for _, value in self.laid.staged.gradients if isinstance(value, Var)}
        params = (param for param in self.laid.staged.params if param.var.base in chosen)
        return next((param for param in params if not finite(self.given[param.var.base])), None)

    @cached_property
    def stopped(self) -> Moment | None:
        """The first line that gave nan or infinity; None where all are finite."""
        return next((moment for moment in self.moments if not moment.finite), None)

    @property
    def stop(self) -> SrcgradError | None:
        """Where it first came to nan or infinity, and from what; None where all is finite."""
        if self.unfit is not None:
            return unfit(self.unfit, self.given[self.unfit.var.base])
        if self.stopped is None:
            return None
        before = self.after(self.moments.index(self.stopped))
        return reached(self.laid, self.stopped.step, self.stopped.values, before)

    def halted(self) -> Played:
        """The same, as far as the first value that is nan or infinite."""
        if self.unfit is not None:
            return Played(self.laid, (), self.given, {}, {})
        if self.stopped is None:
            return self
        place = self.moments.index(self.stopped) + 1
        later = frozenset(key for moment in self.moments[place:] for key in moment.values)
        seeds = {} if self.stopped.primal else self.seeds
        return Played(self.laid, self.moments[:place], self.given, seeds, self.taken, None, later)

    def value(self, var: Var) -> Any:
        """What a variable was worth, which may be an item of what was bound; None where it has not been bound."""
        return _found(self.values, var.key, var.base, var.path)

    def gradient(self, var: Var) -> Any:
        """The gradient on a variable, as large as it is; None where none passes, or not all of it has yet."""
        if {adjoint(var.key), adjoint(var.base)} & self.unfinished:
            return None
        return whole(_found(self.values, adjoint(var.key), adjoint(var.base), var.path), self.value(var))


def play(
    laid: LaidOut,
    space: Mapping[str, Any],
    function: Callable[..., Any],
    args: Mapping[str, Any],
    known: Mapping[str, Any] | None = None,
) -> Played:
    """Run what is laid out, over the globals in `space`; `args` are those of the primal, by the names in `function`.

    Upstream gradients are ones; `known` has values, by their keys, that the text itself has no need to compute. What a
    line raises ends the run.
    """
    import numpy as np

    names = dict(space)
    for param in laid.staged.params:
        if param.name in args:
            names[param.name] = _copied(args[param.name])
        else:
            default = inspect.signature(function).parameters[param.name].default
            names[param.name] = () if param.kind == "*args" else default
    player = _Player(laid, names)
    given = player.keep([param.var.base for param in laid.staged.params])
    with np.errstate(all="ignore"):
        player.run(laid.staged.forward)
        seeds = player.seed(known) if player.failed is None else {}
        if len(seeds) == len(laid.staged.extra):
            player.run(laid.staged.backward)
    return Played(laid, tuple(player.moments), given, seeds, player.taken, player.failed)


def ones(value: Any) -> Any:
    """One for every number of a value, in its structure."""
    if isinstance(value, (list, tuple)):
        return type(value)(map(ones, value))
    if isinstance(value, dict):
        return {name: ones(item) for name, item in value.items()}
    if not hasattr(value, "dtype"):
        return 1.0
    import numpy as np

    return np.ones(value.shape, value.dtype if value.dtype.kind == "f" else float)[()]


def whole(gradient: Any, value: Any) -> Any:
    """A gradient in the shape of what it is the gradient on, where it is the same for all of it, and smaller."""
    if isinstance(value, (list, tuple)) and isinstance(gradient, (list, tuple)) and len(value) == len(gradient):
        return type(gradient)(map(whole, gradient, value))
    if isinstance(value, dict) and isinstance(gradient, dict):
        return {name: whole(item, value.get(name)) for name, item in gradient.items()}
    shape = getattr(value, "shape", ())
    if gradient is None or isinstance(gradient, (list, tuple, dict)) or getattr(gradient, "shape", ()) == shape:
        return gradient
    import numpy as np

    return np.broadcast_to(gradient, shape).copy() if shape else gradient


def file_space(laid: LaidOut) -> tuple[dict[str, Any], Callable[..., Any]]:
    """The names of the emitted module, imported and made anew, and the function: nothing else of the file runs."""
    check_alone(laid.derived, laid.wengert.name)
    space: dict[str, Any] = {"__name__": "srcgrad_emitted"}
    try:
        exec(compile(laid.derived.module(), "<emitted>", "exec"), space)
    except ImportError as error:
        said = f"the derived function of {laid.wengert.name} cannot be run: {error}"
        raise SrcgradError(said, laid.derived.span, "install it, or run srcgrad where it is found") from error
    return space, space[laid.derived.functions[0]]


def _copied(value: Any) -> Any:
    """A copy, which later lines do not change; the thing itself where there is none, as of a module."""
    try:
        return copy.deepcopy(value)
    except TypeError:
        return value


def _found(values: Mapping[str, Any], key: str, base: str, path: Sequence[int | str]) -> Any:
    """The value of a key; of an item, what stands in the value of its list."""
    if key in values:
        return values[key]
    return item_of(values.get(base), path)


def item_of(value: Any, path: Sequence[int | str]) -> Any:
    """An item of a list, or of what stands in it; None of nothing."""
    for place in path if value is not None else ():
        value = value[place]
    return value


class _Player:
    """Runs steps in the names of the derived function; `values` has copies of what they bound, by their keys."""

    def __init__(self, laid: LaidOut, names: dict[str, Any]) -> None:
        self.laid = laid
        self.names = names
        self.values: dict[str, Any] = {}
        self.moments: list[Moment] = []
        self.taken: dict[Expr, bool] = {}
        self.failed: SrcgradError | None = None

    def seed(self, known: Mapping[str, Any] | None) -> dict[str, Any]:
        """Ones for the upstream gradients, as far as they are known or what they belong to was computed."""
        seeds: dict[str, Any] = {}
        for expr, value in self.laid.staged.extra:
            if known is None or expr.leaf in known:
                upstream = ones(self._eval(ref(value))) if known is None else _copied(known[expr.leaf])
                self.names[self.laid.names.text(expr)] = upstream
                seeds |= self.keep((expr.leaf,))
        return seeds

    def run(self, steps: Sequence[Step]) -> None:
        """Every line, those of the arms that are taken too, until one raises."""
        for step in steps:
            if self.failed is not None:
                return
            try:
                if isinstance(step, Assign):
                    self.moments.append(self._line(step))
                    continue
                taken = self.taken[step.test] = bool(self._eval(step.test))
            except RAISED as error:
                self.failed = refusal(self.laid, step, error, self.values)
            else:
                self.run(step.then if taken else step.orelse)

    def _line(self, step: Assign) -> Moment:
        text = self.laid.text(step)
        contexts = step.statement.context if step.statement else ()
        rows = [f"{'    ' * i}with {self.laid.names.text(one)}:" for i, one in enumerate(contexts)]
        exec("\n".join([*rows, "    " * len(rows) + text]), self.names)
        return Moment(text, self.keep(step.bound), step, step.primal)

    def keep(self, keys: Sequence[str]) -> dict[str, Any]:
        """Copies of what these keys are bound to now, as far as they are."""
        named = {key: self.laid.names.variables.get(key, "") for key in keys}
        kept = {key: _copied(self.names[name]) for key, name in named.items() if name in self.names}
        self.values |= kept
        return kept

    def _eval(self, expr: Expr) -> Any:
        return eval(self.laid.names.text(expr), self.names)
