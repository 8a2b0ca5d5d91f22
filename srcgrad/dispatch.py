"""A function whose own text leaves the shapes of its arguments open is derived anew for each signature of them."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from numbers import Complex, Number, Real
from types import FunctionType
from typing import Any

from srcgrad.compiled import compiled
from srcgrad.derive import Wrt, derive
from srcgrad.errors import Span, SrcgradError
from srcgrad.live import live_function
from srcgrad.shapes import SCALAR, Shape
from srcgrad.staged import Mode


def dispatcher(primal: FunctionType, mode: Mode, wrt: Wrt, plain: FunctionType, index: int) -> FunctionType:
    """A plain function that passes its arguments on to the function derived for them.

    `plain` is the one derived for numbers, number `index` of those that the mode defines. `.source` shows what ran
    last; `.specialize(*args)` returns the function for these arguments, without arguments `plain` itself.
    """
    signature = inspect.signature(plain)
    kept = _Specials(primal, mode, wrt, plain, index)

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

    call.__dict__.update(source=plain.__dict__["source"], specialize=specialize, __signature__=signature)
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
    plain: FunctionType
    index: int
    known: dict[tuple[object, ...], FunctionType] = field(default_factory=dict)

    def find(self, arguments: Mapping[str, Any]) -> FunctionType:
        """The function for the shapes of `arguments`, derived at the first call with them."""
        if self.mode is Mode.SPLIT and self.index == 1:
            return self.plain
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
        for name, shape in given.items():
            if shape.kind == "array":
                raise self._refused(name, arguments[name], span)
        derived = derive(text, scope, self.mode, self.wrt, given)
        if derived.unproved:
            raise SrcgradError(
                f"{primal.__name__} is derived for numbers, and these arguments are not: "
                + ", ".join(f"{name} is a {type(value).__name__}" for name, value in arguments.items()),
                span,
                "pass numbers, or lists and tuples of numbers",
            )
        special = compiled(derived, primal)[self.index]
        if self.mode is Mode.SPLIT and _code(special) != _code(self.plain):
            raise SrcgradError(
                f"these arguments need another pair of functions than the text of {primal.__name__} tells",
                span,
                "annotate lists and tuples with their lengths, as in w: tuple[float, float]",
            )
        return special

    def _refused(self, name: str, value: Any, span: Span) -> SrcgradError:
        what = f"{name} is an array of shape {tuple(getattr(value, 'shape', ()))}"
        if self.mode in (Mode.GRAD, Mode.VALUE_AND_GRAD):
            message = f"the result of {self.primal.__name__} is not a scalar: {what}"
            return SrcgradError(message, span, "call it item by item")
        message = f"{self.primal.__name__} is derived for numbers, and {what}"
        return SrcgradError(message, span, "call it item by item")


def _code(function: FunctionType) -> str:
    """The text of a derived function without its docstrings, which name shapes."""
    return re.sub(r'"""[\s\S]*?"""', "", function.__dict__["source"])


def quick(value: Any) -> object:
    """What tells an argument of floats from others at little cost; None where that takes a closer look."""
    if type(value) is float:
        return float
    if type(value) in (list, tuple) and all(type(item) is float for item in value):
        return type(value), len(value)
    return None


def shape_of(name: str, value: Any) -> Shape:
    """The shape of an argument; SrcgradError for a complex number."""
    if isinstance(value, (list, tuple)):
        if all(isinstance(item, Real) for item in value):
            return Shape("list" if isinstance(value, list) else "tuple", len(value))
        return Shape("array") if any(hasattr(item, "shape") for item in value) else Shape("other")
    if isinstance(value, dict):
        plain = all(isinstance(key, str) and isinstance(item, Real) for key, item in value.items())
        return Shape("dict", len(value), tuple(value)) if plain else Shape("other")
    if isinstance(value, Complex) and not isinstance(value, Real):
        raise SrcgradError(f"{name} is a complex number, and srcgrad differentiates real ones", hint="pass its parts")
    if isinstance(value, Number) or value is None:  # None is what the function itself must ask for
        return SCALAR
    return Shape("array") if hasattr(value, "shape") else Shape("other")
