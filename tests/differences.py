"""What derived functions should return, by central differences of their primal."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Sequence
from typing import Any

MODES = ("value_and_grad", "grad", "vjp", "jvp", "forward", "backward")
STEP = 1e-3

Function = Callable[..., Any]


def by_differences(mode: str, primal: Function, wrt: Sequence[str], outputs: int) -> Function:
    """What is called as the `mode` of `primal` is, for its parameters `wrt` and its so many `outputs`."""
    signature = inspect.signature(primal)

    def near(args: Any, kwargs: Any) -> tuple[list[Any], Function]:
        """The parameters of interest, and the primal as a function of their numbers."""
        bound = signature.bind(*args, **kwargs)
        bound.apply_defaults()
        point = [bound.arguments[name] for name in wrt]

        def function(numbers: Sequence[float]) -> Any:
            bound.arguments.update(zip(wrt, _shaped(point, iter(numbers)), strict=True))
            return primal(*bound.args, **bound.kwargs)

        return point, function

    def pull(upstream: Any, args: Any, kwargs: Any) -> Any:
        point, function = near(args, kwargs)
        gradients = _shaped(point, (_dot(_flat(upstream), column) for column in _columns(function, _flat(point))))
        return gradients[0] if len(wrt) == 1 else tuple(gradients)

    def push(tangents: Any, args: Any, kwargs: Any) -> Any:
        point, function = near(args, kwargs)
        value, rows = function(_flat(point)), zip(*_columns(function, _flat(point)), strict=True)
        return value, _shaped(value, (_dot(_flat(tangents), row) for row in rows))

    count = len(wrt)
    derived: dict[str, Function] = {
        "grad": lambda *args, **kwargs: pull(1.0, args, kwargs),
        "value_and_grad": lambda *args, **kwargs: (primal(*args, **kwargs), pull(1.0, args, kwargs)),
        "vjp": lambda *args, **kwargs: pull(args[:outputs], args[outputs:], kwargs),
        "jvp": lambda *args, **kwargs: push(args[:count], args[count:], kwargs),
        "forward": lambda *args, **kwargs: (primal(*args, **kwargs), (args, kwargs)),
        "backward": lambda *args: pull(args[:-1], *args[-1]),
    }
    return derived[mode]


def _columns(function: Function, point: list[float]) -> Iterator[list[float]]:
    """The derivatives of all outputs, for one input after the other."""
    for i, x in enumerate(point):
        rows = [_flat(function([*point[:i], x + k * STEP, *point[i + 1 :]])) for k in (-2, -1, 1, 2)]
        yield [(a - 8 * b + 8 * c - d) / (12 * STEP) for a, b, c, d in zip(*rows, strict=True)]


def _dot(left: Sequence[float], right: Sequence[float]) -> float:
    return sum(a * b for a, b in zip(left, right, strict=True))


def _flat(value: Any) -> list[float]:
    return [leaf for item in value for leaf in _flat(item)] if isinstance(value, (list, tuple)) else [value]


def _shaped(value: Any, numbers: Iterator[float]) -> Any:
    """`numbers` in the lists and tuples of `value`."""
    return type(value)(_shaped(item, numbers) for item in value) if isinstance(value, (list, tuple)) else next(numbers)
