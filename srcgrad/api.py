"""Live function -> derived function: what `grad`, `value_and_grad`, `vjp`, `jvp` and `split` do."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ParamSpec, Protocol, TypeVar, overload

from srcgrad.chosen import Wrt
from srcgrad.compiled import compiled
from srcgrad.derive import derive
from srcgrad.dispatch import checked, dispatchers, waiting
from srcgrad.errors import UnsettledError
from srcgrad.facts import Said
from srcgrad.live import live_function
from srcgrad.livetext import single
from srcgrad.staged import Mode, Remarks
from srcgrad.stated import shapes as stated

P = ParamSpec("P")
R = TypeVar("R")
T = TypeVar("T", covariant=True)
Shapes = Mapping[str, str] | None
"""What arrays the parameters are, as in `{"X": "N D", "b": "D", "s": ""}`: they are believed."""


class Derivative(Protocol[P, T]):
    """A derived function: called as any function, with its text as `.source`."""

    source: str
    __name__: str

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> T: ...


@overload
def grad(function: Callable[P, Any], /, *, wrt: str | int, shapes: Shapes = None) -> Derivative[P, Any]: ...
@overload
def grad(
    function: Callable[P, Any], /, *, wrt: tuple[str | int, ...], shapes: Shapes = None
) -> Derivative[P, tuple[Any, ...]]: ...
@overload
def grad(function: Callable[P, Any], /, *, wrt: None = None, shapes: Shapes = None) -> Derivative[P, Any]: ...
@overload
def grad(*, wrt: str | int, shapes: Shapes = None) -> Callable[[Callable[P, Any]], Derivative[P, Any]]: ...
@overload
def grad(
    *, wrt: tuple[str | int, ...], shapes: Shapes = None
) -> Callable[[Callable[P, Any]], Derivative[P, tuple[Any, ...]]]: ...
@overload
def grad(*, wrt: None = None, shapes: Shapes = None) -> Callable[[Callable[P, Any]], Derivative[P, Any]]: ...
def grad(function: Any = None, /, *, wrt: Wrt = None, shapes: Shapes = None) -> Any:
    """The gradient of a function whose result is a scalar.

    `wrt` names the parameters: one by name or position gives a bare gradient, a tuple gives a tuple in that order;
    without it, every differentiable parameter that has no default (bare where there is one). The function that comes
    back takes the same arguments and has its text as `.source`. Usable as `@grad` and as `@grad(wrt="x")`. `shapes`
    says what arrays the parameters are, as in `{"X": "N D", "b": "D", "s": ""}`.

    Raises SrcgradError where the function cannot be differentiated exactly.
    """
    return _derived(function, Mode.GRAD, wrt, shapes)


@overload
def value_and_grad(
    function: Callable[P, R], /, *, wrt: str | int, shapes: Shapes = None
) -> Derivative[P, tuple[R, Any]]: ...
@overload
def value_and_grad(
    function: Callable[P, R], /, *, wrt: tuple[str | int, ...], shapes: Shapes = None
) -> Derivative[P, tuple[R, tuple[Any, ...]]]: ...
@overload
def value_and_grad(
    function: Callable[P, R], /, *, wrt: None = None, shapes: Shapes = None
) -> Derivative[P, tuple[R, Any]]: ...
@overload
def value_and_grad(
    *, wrt: str | int, shapes: Shapes = None
) -> Callable[[Callable[P, R]], Derivative[P, tuple[R, Any]]]: ...
@overload
def value_and_grad(
    *, wrt: tuple[str | int, ...], shapes: Shapes = None
) -> Callable[[Callable[P, R]], Derivative[P, tuple[R, tuple[Any, ...]]]]: ...
@overload
def value_and_grad(
    *, wrt: None = None, shapes: Shapes = None
) -> Callable[[Callable[P, R]], Derivative[P, tuple[R, Any]]]: ...
def value_and_grad(function: Any = None, /, *, wrt: Wrt = None, shapes: Shapes = None) -> Any:
    """The value of a function and its gradient, as a pair; `wrt` as in `grad`."""
    return _derived(function, Mode.VALUE_AND_GRAD, wrt, shapes)


@overload
def vjp(function: Callable[..., Any], /, *, wrt: Wrt = None, shapes: Shapes = None) -> Derivative[..., Any]: ...
@overload
def vjp(*, wrt: Wrt = None, shapes: Shapes = None) -> Callable[[Callable[..., Any]], Derivative[..., Any]]: ...
def vjp(function: Any = None, /, *, wrt: Wrt = None, shapes: Shapes = None) -> Any:
    """The vector-Jacobian product: `bp(dout, *args)`, one upstream gradient for each output; `wrt` as in `grad`."""
    return _derived(function, Mode.VJP, wrt, shapes)


@overload
def jvp(function: Callable[..., R], /, *, wrt: Wrt = None, shapes: Shapes = None) -> Derivative[..., tuple[R, Any]]: ...
@overload
def jvp(*, wrt: Wrt = None, shapes: Shapes = None) -> Callable[[Callable[..., R]], Derivative[..., tuple[R, Any]]]: ...
def jvp(function: Any = None, /, *, wrt: Wrt = None, shapes: Shapes = None) -> Any:
    """The Jacobian-vector product: `tan(dx, dy, *args)` gives the value and its tangent; `wrt` as in `grad`."""
    return _derived(function, Mode.JVP, wrt, shapes)


Pair = tuple[Derivative[..., Any], Derivative[..., Any]]


@overload
def split(function: Callable[..., Any], /, *, wrt: Wrt = None, shapes: Shapes = None) -> Pair: ...
@overload
def split(*, wrt: Wrt = None, shapes: Shapes = None) -> Callable[[Callable[..., Any]], Pair]: ...
def split(function: Any = None, /, *, wrt: Wrt = None, shapes: Shapes = None) -> Any:
    """A pair: `out, cache = forward(*args)` and `backward(dout, cache)`; `wrt` as in `grad`."""
    return _derived(function, Mode.SPLIT, wrt, shapes)


def explain(function: Callable[..., Any], *, wrt: Wrt = None, shapes: Shapes = None) -> str:
    """The text of the gradient, with the reason for each line of the backward pass beside it."""
    found = text_of(function)
    return derive(*live_function(found), Mode.GRAD, wrt, _said(shapes), Remarks(reasons=True)).module()


def text_of(function: Any, *args: Any, **kwargs: Any) -> Any:
    """The function itself; for one that is derived anew for each kind of argument, that for these, or for numbers."""
    return function.specialize(*args, **kwargs) if hasattr(function, "specialize") else function


def _said(shapes: Shapes) -> Said:
    return Said(stated(shapes or {}), assumed=True)


def _derived(function: Any, mode: Mode, wrt: Wrt, shapes: Shapes) -> Any:
    if function is None:
        return lambda found: _derived(found, mode, wrt, shapes)
    said, function = _said(shapes), single(function)
    plain = text_of(function)
    try:
        derived = derive(*live_function(plain), mode, wrt, said)
    except UnsettledError as why:
        made = waiting(function, mode, wrt, said, why)
        return made if mode is Mode.SPLIT else made[0]
    made = compiled(derived, plain)
    open_ = derived.unproved and not (mode is Mode.SPLIT and derived.safe)
    if open_ or plain is not function:
        made = dispatchers(function, mode, wrt, said, made)
    elif any(shape.kind == "array" for shape in derived.shapes.values()):
        made = (checked(made[0], derived), *made[1:])
    return made if mode is Mode.SPLIT else made[0]
