"""Live function -> derived function: what `grad`, `value_and_grad`, `vjp`, `jvp`, `split` and `trace` do."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from numbers import Complex, Number, Real
from types import FunctionType
from typing import Any, ParamSpec, TypeVar, overload

from srcgrad.compiled import compiled
from srcgrad.derive import Derived, Wrt, derive, listed
from srcgrad.errors import SrcgradError
from srcgrad.live import live_function
from srcgrad.shapes import SCALAR, Shape
from srcgrad.show import Listing
from srcgrad.staged import Mode

P = ParamSpec("P")
R = TypeVar("R")


@overload
def grad(function: Callable[P, Any], /, *, wrt: str | int) -> Callable[P, Any]: ...
@overload
def grad(function: Callable[P, Any], /, *, wrt: tuple[str | int, ...]) -> Callable[P, tuple[Any, ...]]: ...
@overload
def grad(function: Callable[P, Any], /, *, wrt: None = None) -> Callable[P, Any]: ...
@overload
def grad(*, wrt: str | int) -> Callable[[Callable[P, Any]], Callable[P, Any]]: ...
@overload
def grad(*, wrt: tuple[str | int, ...]) -> Callable[[Callable[P, Any]], Callable[P, tuple[Any, ...]]]: ...
@overload
def grad(*, wrt: None = None) -> Callable[[Callable[P, Any]], Callable[P, Any]]: ...
def grad(function: Any = None, /, *, wrt: Wrt = None) -> Any:
    """The gradient of a function whose result is a scalar.

    `wrt` names the parameters: one by name or position gives a bare gradient, a tuple gives a tuple in that order;
    without it, every differentiable parameter that has no default (bare where there is one). The function that comes
    back takes the same arguments and has its text as `.source`. Usable as `@grad` and as `@grad(wrt="x")`.

    Raises SrcgradError where the function cannot be differentiated exactly.
    """
    return _derived(function, Mode.GRAD, wrt)


@overload
def value_and_grad(function: Callable[P, R], /, *, wrt: str | int) -> Callable[P, tuple[R, Any]]: ...
@overload
def value_and_grad(
    function: Callable[P, R], /, *, wrt: tuple[str | int, ...]
) -> Callable[P, tuple[R, tuple[Any, ...]]]: ...
@overload
def value_and_grad(function: Callable[P, R], /, *, wrt: None = None) -> Callable[P, tuple[R, Any]]: ...
@overload
def value_and_grad(*, wrt: Wrt = None) -> Callable[[Callable[P, R]], Callable[P, tuple[R, Any]]]: ...
def value_and_grad(function: Any = None, /, *, wrt: Wrt = None) -> Any:
    """The value of a function and its gradient, as a pair; `wrt` as in `grad`."""
    return _derived(function, Mode.VALUE_AND_GRAD, wrt)


@overload
def vjp(function: Callable[..., Any], /, *, wrt: Wrt = None) -> Callable[..., Any]: ...
@overload
def vjp(*, wrt: Wrt = None) -> Callable[[Callable[..., Any]], Callable[..., Any]]: ...
def vjp(function: Any = None, /, *, wrt: Wrt = None) -> Any:
    """The vector-Jacobian product: `bp(dout, *args)`, one upstream gradient for each output; `wrt` as in `grad`."""
    return _derived(function, Mode.VJP, wrt)


@overload
def jvp(function: Callable[..., R], /, *, wrt: Wrt = None) -> Callable[..., tuple[R, Any]]: ...
@overload
def jvp(*, wrt: Wrt = None) -> Callable[[Callable[..., R]], Callable[..., tuple[R, Any]]]: ...
def jvp(function: Any = None, /, *, wrt: Wrt = None) -> Any:
    """The Jacobian-vector product: `tan(dx, dy, *args)` gives the value and its tangent; `wrt` as in `grad`."""
    return _derived(function, Mode.JVP, wrt)


Pair = tuple[Callable[..., Any], Callable[..., Any]]


@overload
def split(function: Callable[..., Any], /, *, wrt: Wrt = None) -> Pair: ...
@overload
def split(*, wrt: Wrt = None) -> Callable[[Callable[..., Any]], Pair]: ...
def split(function: Any = None, /, *, wrt: Wrt = None) -> Any:
    """A pair: `out, cache = forward(*args)` and `backward(dout, cache)`; `wrt` as in `grad`."""
    return _derived(function, Mode.SPLIT, wrt)


def trace(function: Callable[..., Any]) -> Listing:
    """The Wengert list of a function; printed, its lines with their gates."""
    return listed(*live_function(_plain(function)))


def _plain(function: Any) -> FunctionType:
    return function  # type: ignore[no-any-return]  # live_function refuses what is no function


def _derived(function: Any, mode: Mode, wrt: Wrt) -> Any:
    if function is None:
        return lambda found: _derived(found, mode, wrt)
    text, scope = live_function(function)
    derived = derive(text, scope, mode, wrt)
    plain = compiled(derived, function)
    result = tuple(_Dispatcher(function, mode, wrt, derived, i).function(made) for i, made in enumerate(plain))
    if not derived.unproved:
        result = plain
    return result if mode is Mode.SPLIT else result[0]


class _Dispatcher:
    """Derives a function anew for each signature of arguments, where its own text leaves their shapes open."""

    def __init__(self, primal: FunctionType, mode: Mode, wrt: Wrt, derived: Derived, index: int) -> None:
        self.primal, self.mode, self.wrt, self.derived, self.index = primal, mode, wrt, derived, index
        self.known: dict[tuple[Shape | None, ...], FunctionType] = {}
        self.names = list(inspect.signature(primal).parameters)

    def function(self, plain: FunctionType) -> FunctionType:
        """A plain function that passes its arguments to the one derived for them."""
        signature = inspect.signature(plain)

        def dispatcher(*args: Any, **kwargs: Any) -> Any:
            special = self.specialize(plain, signature.bind(*args, **kwargs).arguments)
            dispatcher.source = special.source  # type: ignore[attr-defined]
            return special(*args, **kwargs)

        def specialize(*args: Any, **kwargs: Any) -> FunctionType:
            """The plain function that is derived for these arguments."""
            return self.specialize(plain, signature.bind(*args, **kwargs).arguments)

        dispatcher.__dict__.update(source=plain.source, specialize=specialize, __signature__=signature)  # type: ignore[attr-defined]
        dispatcher.__name__, dispatcher.__qualname__ = plain.__name__, plain.__qualname__
        dispatcher.__module__, dispatcher.__doc__ = plain.__module__, plain.__doc__
        assert isinstance(dispatcher, FunctionType)
        return dispatcher

    def specialize(self, plain: FunctionType, arguments: dict[str, Any]) -> FunctionType:
        """The function for the shapes of `arguments`, derived at the first call with them."""
        shapes = tuple(shape_of(name, arguments[name]) if name in arguments else None for name in self.names)
        found = self.known.get(shapes)
        if found is None:
            found = self.known[shapes] = self._special(plain, dict(zip(self.names, shapes, strict=True)), arguments)
        return found

    def _special(self, plain: FunctionType, shapes: dict[str, Shape | None], arguments: dict[str, Any]) -> FunctionType:
        text, scope = live_function(self.primal)
        given = {name: shape for name, shape in shapes.items() if shape is not None}
        arrays = [name for name, shape in given.items() if shape.kind == "array"]
        if arrays:
            raise self._arrays(arrays[0], getattr(arguments[arrays[0]], "shape", ()))
        derived = derive(text, scope, self.mode, self.wrt, given)
        if self.mode is Mode.SPLIT and derived.text != self.derived.text:
            raise SrcgradError(
                f"these arguments need another pair of functions than {self.primal.__name__}'s text tells",
                text.source.span(text.node),
                "annotate lists and tuples with their lengths, as in w: tuple[float, float]",
            )
        return plain if derived.text == self.derived.text else compiled(derived, self.primal)[self.index]

    def _arrays(self, name: str, shape: Sequence[int]) -> SrcgradError:
        text, _ = live_function(self.primal)
        span = text.source.span(text.node)
        what = f"{name} is an array of shape {tuple(shape)}"
        if self.mode in (Mode.GRAD, Mode.VALUE_AND_GRAD):
            message = f"the result of {self.primal.__name__} is not a scalar: {what}"
            return SrcgradError(message, span, "vjp takes an upstream gradient of the result's shape")
        message = f"{self.primal.__name__} is derived for numbers, and {what}"
        return SrcgradError(message, span, "call it item by item")


def shape_of(name: str, value: Any) -> Shape:
    """The shape of an argument; SrcgradError for a complex number."""
    if isinstance(value, (list, tuple)):
        if all(isinstance(item, Real) for item in value):
            return Shape("list" if isinstance(value, list) else "tuple", len(value))
        return Shape("array") if any(hasattr(item, "shape") for item in value) else Shape("other")
    if isinstance(value, Complex) and not isinstance(value, Real):
        raise SrcgradError(f"{name} is a complex number, and srcgrad differentiates real ones", hint="pass its parts")
    if isinstance(value, Number):
        return SCALAR
    return Shape("array") if hasattr(value, "shape") else Shape("other")
