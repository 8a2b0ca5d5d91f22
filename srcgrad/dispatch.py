"""A function whose own text leaves the shapes of its arguments open is derived anew for each signature of them."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import wraps
from types import FunctionType
from typing import Any

from srcgrad.arguments import check_floats, check_stated, exact, quick, shape_of
from srcgrad.chosen import Wrt
from srcgrad.compiled import compiled
from srcgrad.derive import Derived, derive, differentiated
from srcgrad.errors import SrcgradError, UnsettledError
from srcgrad.facts import Said
from srcgrad.live import live_function
from srcgrad.shape import Shape
from srcgrad.staged import Mode


def dispatchers(
    primal: FunctionType, mode: Mode, wrt: Wrt, said: Said, made: Sequence[FunctionType]
) -> tuple[Callable[..., Any], ...]:
    """Plain functions that pass their arguments on to what is derived for them.

    `made` is what the mode defines, derived for numbers. `.source` shows what ran last; `.specialize(*args)` returns
    the function for these arguments, without arguments the one derived for numbers.
    """
    first = _dispatcher(made[0], _Specials(primal, mode, wrt, said))
    return (first, _backward(made[1])) if mode is Mode.SPLIT else (first,)


def waiting(
    primal: FunctionType, mode: Mode, wrt: Wrt, said: Said, why: UnsettledError
) -> tuple[Callable[..., Any], ...]:
    """The same where no text is right for anything, which is `why` `.source` is refused before the first call."""
    chosen, count = differentiated(*live_function(primal), wrt)
    signature = inspect.signature(primal)
    upstreams = ["dout"] if count == 1 else [f"dout{i}" for i in range(1, count + 1)]
    tangents = [f"d{name}" for name in chosen]
    if mode is not Mode.SPLIT:
        before = {Mode.VJP: upstreams, Mode.JVP: tangents}.get(mode, [])
        made = [_stand_in(f"{primal.__name__}_{mode.value}", primal, _behind(before, signature), why)]
    else:
        made = [_stand_in(f"{primal.__name__}_forward", primal, signature, why)]
        cached = _behind([*upstreams, "cache"], inspect.Signature())
        made.append(_stand_in(f"{primal.__name__}_backward", primal, cached, why))
    return tuple(_Waiting(one) for one in dispatchers(primal, mode, wrt, said, made))


def _behind(names: Sequence[str], signature: inspect.Signature) -> inspect.Signature:
    """`signature` with arguments in front of it, which are given by place."""
    free = [name + "_" * (name in signature.parameters) for name in names]
    before = [inspect.Parameter(name, inspect.Parameter.POSITIONAL_ONLY) for name in free]
    return signature.replace(parameters=[*before, *signature.parameters.values()])


def _stand_in(name: str, primal: FunctionType, signature: inspect.Signature, why: UnsettledError) -> FunctionType:
    """What stands for the function that is derived for anything, where that is refused."""

    def refused(*args: Any, **kwargs: Any) -> Any:
        raise UnsettledError(why.message, why.span, _WAITING)

    refused.__dict__["__signature__"] = signature
    refused.__name__, refused.__doc__ = name, None
    refused.__module__, refused.__qualname__ = primal.__module__, primal.__qualname__
    assert isinstance(refused, FunctionType)
    return refused


_WAITING = "call it first, or take .specialize(*args); or say the shapes, as in shapes={'x': 'N D'}"


class _Waiting:
    """A dispatcher whose text nobody knows before its first call: to read `source` until then is refused."""

    def __init__(self, call: Callable[..., Any]) -> None:
        self._call = call
        names = ("__name__", "__qualname__", "__module__", "__doc__")
        self.__dict__.update({name: getattr(call, name) for name in names})
        self.__signature__ = inspect.signature(call)
        self.specialize = call.__dict__["specialize"]

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self._call(*args, **kwargs)

    def __reduce__(self) -> str:
        return str(self.__dict__["__qualname__"])

    @property
    def source(self) -> str:
        return str(self._call.__dict__["source"] or self.specialize())


def checked(plain: FunctionType, derived: Derived) -> FunctionType:
    """`plain`, whose arrays are what is said of them: what was seen to be so once is not looked at again."""
    signature = inspect.signature(plain)
    known = set[tuple[object, ...]]()

    def check(*args: Any, **kwargs: Any) -> None:
        arguments = signature.bind(*args, **kwargs)
        arguments.apply_defaults()
        given = {name: arguments.arguments[name] for name in derived.shapes}
        check_stated(given, derived.shapes, derived.span)
        check_floats(derived.wrt, {name: shape_of(name, given[name]) for name in derived.wrt}, derived.span)

    def call(*args: Any, **kwargs: Any) -> Any:
        key = tuple(map(exact, args))
        if kwargs or key not in known:
            check(*args, **kwargs)
            if not kwargs and None not in key:
                known.add(key)
        return plain(*args, **kwargs)

    def specialize(*args: Any, **kwargs: Any) -> FunctionType:
        if args or kwargs:
            check(*args, **kwargs)
        return plain

    call.__dict__["plain"] = plain
    return _dressed(call, plain, specialize)


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
        return kept.find(bound(*args, **kwargs)) if args or kwargs else _whole(plain)

    return _dressed(call, plain, specialize)


def _whole(plain: FunctionType) -> FunctionType:
    """What is derived for anything; SrcgradError where a function stands for it that refuses."""
    if "source" not in plain.__dict__:
        plain()
    return plain


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
            return _whole(plain)
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
    source = plain.__dict__.get("source")
    call.__dict__.update(source=source, specialize=specialize, __signature__=inspect.signature(plain))
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
        check_floats(differentiated(text, scope, self.wrt)[0], given, span)
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
