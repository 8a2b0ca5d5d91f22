"""A function whose own text leaves the shapes of its arguments open is derived anew for each signature of them."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import wraps
from types import FunctionType
from typing import Any

from srcgrad.arguments import shape_of
from srcgrad.chosen import Wrt
from srcgrad.compiled import compiled
from srcgrad.derive import derive, differentiated
from srcgrad.errors import SrcgradError
from srcgrad.facts import Said
from srcgrad.live import live_function
from srcgrad.scope import Scope
from srcgrad.shape import Shape
from srcgrad.source import Function
from srcgrad.staged import Mode


def dispatchers(
    primal: FunctionType, mode: Mode, wrt: Wrt, said: Said, made: Sequence[FunctionType]
) -> tuple[FunctionType, ...]:
    """Plain functions that pass their arguments on to what is derived for them.

    `made` is what the mode defines, derived for numbers. `.source` shows what ran last; `.specialize(*args)` returns
    the function for these arguments, without arguments the one derived for numbers.
    """
    first = _dispatcher(made[0], _Specials(primal, mode, wrt, said))
    return (first, _backward(made[1])) if mode is Mode.SPLIT else (first,)


def _dispatcher(plain: FunctionType, kept: _Specials) -> FunctionType:
    signature = inspect.signature(plain)

    def bound(*args: Any, **kwargs: Any) -> Mapping[str, Any]:
        arguments = signature.bind(*args, **kwargs)
        arguments.apply_defaults()
        return arguments.arguments

    def call(*args: Any, **kwargs: Any) -> Any:
        key = tuple(map(quick, args))
        special = None if kwargs else kept.known.get(key)
        if special is None:
            special = kept.find(bound(*args, **kwargs))
            if not kwargs and None not in key:
                kept.known[key] = special
        call.__dict__["source"] = special.__dict__["source"]
        return special(*args, **kwargs)

    def specialize(*args: Any, **kwargs: Any) -> FunctionType:
        return kept.find(bound(*args, **kwargs)) if args or kwargs else plain

    return _dressed(call, plain, specialize)


class _Cache(tuple[Any, ...]):
    """What a forward pass keeps for `backward`, the backward pass that was derived with it."""

    backward: Any


def _keeping(forward: FunctionType, backward: FunctionType) -> FunctionType:
    """`forward`, with a cache that knows its `backward`."""

    def call(*args: Any, **kwargs: Any) -> tuple[Any, _Cache]:
        value, kept = forward(*args, **kwargs)
        cache = _Cache(kept)
        cache.backward = backward
        return value, cache

    made: Any = wraps(forward)(call)
    assert isinstance(made, FunctionType)
    return made


def _backward(plain: FunctionType) -> FunctionType:
    """The backward pass that belongs to the cache that it is called with."""
    signature = inspect.signature(plain)

    def specialize(*args: Any, **kwargs: Any) -> FunctionType:
        if not args and not kwargs:
            return plain
        cache = [*signature.bind(*args, **kwargs).arguments.values()][-1]
        if not isinstance(cache, _Cache):
            raise SrcgradError(
                f"{plain.__name__} takes the cache that its own forward pass returns",
                hint=f"call it with the second result of {plain.__name__.removesuffix('backward')}forward",
            )
        found = cache.backward
        assert isinstance(found, FunctionType)
        return found

    def call(*args: Any, **kwargs: Any) -> Any:
        special = specialize(*args, **kwargs)
        call.__dict__["source"] = special.__dict__["source"]
        return special(*args, **kwargs)

    return _dressed(call, plain, specialize)


def _dressed(call: Any, plain: FunctionType, specialize: Callable[..., FunctionType]) -> FunctionType:
    """`call` with the name, the text and the signature of `plain`."""
    call.__dict__.update(source=plain.__dict__["source"], specialize=specialize, __signature__=inspect.signature(plain))
    for name in ("__name__", "__qualname__", "__module__", "__doc__"):
        setattr(call, name, getattr(plain, name))
    assert isinstance(call, FunctionType)
    return call


@dataclass(frozen=True, slots=True, eq=False)
class _Specials:
    """The functions derived so far, by the shapes of the primal's arguments."""

    primal: FunctionType
    mode: Mode
    wrt: Wrt
    said: Said
    known: dict[tuple[object, ...], FunctionType] = field(default_factory=dict)

    def find(self, arguments: Mapping[str, Any]) -> FunctionType:
        """The function for the shapes of `arguments`, derived at the first call with them."""
        own = {name: arguments[name] for name in inspect.signature(self.primal).parameters if name in arguments}
        shapes = tuple(shape_of(name, own[name]) if name in own else None for name in own)
        found = self.known.get(shapes)
        if found is None:
            found = self.known[shapes] = self._derive(own, dict(zip(own, shapes, strict=True)))
        return found

    def _derive(self, arguments: Mapping[str, Any], shapes: Mapping[str, Shape | None]) -> FunctionType:
        narrowed: Callable[..., FunctionType] | None = getattr(self.primal, "specialize", None)
        primal = narrowed(**arguments) if narrowed else self.primal
        text, scope = live_function(primal)
        span = text.source.span(text.node)
        given = {name: shape for name, shape in shapes.items() if shape is not None}
        self._check_arrays(text, scope, given)
        derived = derive(text, scope, self.mode, self.wrt, replace(self.said, given=given, assumed=False))
        if derived.unproved and scope.numbers_only and not any(shape.kind == "array" for shape in given.values()):
            raise SrcgradError(
                f"{primal.__name__} is derived for numbers, and these arguments are not: "
                + ", ".join(f"{name} is a {type(value).__name__}" for name, value in arguments.items()),
                span,
                "pass numbers, or lists and tuples of numbers",
            )
        made = compiled(derived, primal)
        return _keeping(*made) if self.mode is Mode.SPLIT else made[0]

    def _check_arrays(self, text: Function, scope: Scope, given: Mapping[str, Shape]) -> None:
        """Refuse arrays of whole numbers that are differentiated."""
        span = text.source.span(text.node)
        arrays = {name: shape for name, shape in given.items() if shape.kind == "array"}
        for name in differentiated(text, scope, self.wrt):
            if name in arrays and arrays[name].dtype in ("int", "bool"):
                raise SrcgradError(
                    f"{name} is an array of whole numbers, and its gradient is asked for",
                    span,
                    f"pass {name}.astype(float), or leave {name} out of wrt",
                )


def quick(value: Any) -> object:
    """What tells an argument of floats or an array from others at little cost; None where that takes a closer look."""
    if type(value) is float:
        return float
    if type(value).__name__ == "ndarray":
        return value.dtype.char, *(size == 1 for size in value.shape)
    if type(value) in (list, tuple) and all(type(item) is float for item in value):
        return type(value), len(value)
    return None
