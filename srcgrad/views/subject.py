"""A function to be checked: its forward pass, its derivative in both modes, run at one place."""

from __future__ import annotations

import cmath
import inspect
import math
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from types import CellType, FunctionType
from typing import Any

from srcgrad.arguments import shape_of
from srcgrad.chosen import Wrt
from srcgrad.derive import LaidOut, differentiated, laid_out
from srcgrad.errors import SrcgradError
from srcgrad.facts import Said
from srcgrad.scope import Scope
from srcgrad.source import Function
from srcgrad.staged import Detail, Mode
from srcgrad.views.play import play
from srcgrad.views.points import dot, floats, is_number, leaves, moved, normal, together
from srcgrad.views.seen import Space

Arguments = Mapping[str, Any]

_EPSILON = 2.0**-52
_IMAGINARY = 1e-30
"""The step along the imaginary axis: nothing is subtracted, so it may be as small as one likes."""


@dataclass(frozen=True, eq=False)
class Subject:
    """A function at one place, as a function of a step along a direction: weighed with an upstream gradient.

    `wrt` are the parameters that are differentiated, `gradients` what was derived for each of them by the text that a
    user gets: `grad` for a result that is a number, else `vjp`. `transposed` are those of `vjp` for the upstream
    gradient `random`, which is random for a number too. `tangent` is what `jvp` gives along a direction.
    """

    name: str
    arguments: Arguments
    wrt: tuple[str, ...]
    forward: FunctionType
    upstream: Any
    gradients: Arguments
    random: Any
    transposed: Arguments
    tangent: Callable[[Arguments], Any]

    def along(self, direction: Arguments, step: float) -> float:
        """The value after a step; nan where the function is not defined there."""
        import numpy as np

        try:
            with np.errstate(all="ignore"):
                return float(self._value(self.forward, direction, step))
        except (ArithmeticError, ValueError, AssertionError):
            return math.nan

    def imaginary(self, direction: Arguments) -> float | None:
        """The derivative by a step along the imaginary axis; None where the function takes no complex numbers."""
        import warnings

        import numpy as np

        try:
            with np.errstate(all="ignore"), warnings.catch_warnings():
                warnings.simplefilter("error", np.exceptions.ComplexWarning)
                value = complex(self._value(_twin(self.forward), direction, _IMAGINARY * 1j))
        except (TypeError, ValueError, ArithmeticError, AttributeError, AssertionError, np.exceptions.ComplexWarning):
            return None
        return value.imag / _IMAGINARY

    @cached_property
    def rounding(self) -> float:
        """The error of a value by rounding alone, as far as the result shows it."""
        import numpy as np

        result = called(self.forward, self.arguments)[0]
        dtypes = [item.dtype for item in leaves(result) if getattr(getattr(item, "dtype", None), "kind", "") == "f"]
        epsilon = max((float(np.finfo(dtype).eps) for dtype in dtypes), default=_EPSILON)
        return 4 * epsilon * float(dot(together(abs, self.upstream), together(abs, result)))

    def _value(self, forward: FunctionType, direction: Arguments, step: complex) -> Any:
        there = {name: moved(self.arguments[name], along, step) for name, along in direction.items()}
        return dot(self.upstream, called(forward, {**self.arguments, **there})[0])


def subject(
    function: Function,
    scope: Scope,
    arguments: Arguments,
    wrt: Wrt,
    said: Said,
    detail: Detail,
    space: Space,
    random: Any,
) -> Subject:
    """What is to be checked of `function` at these arguments; all that runs is what `space` makes of derived texts.

    Raises SrcgradError where a line of it, or of its reverse pass, raises.
    """
    names, args, said = _prepared(function, scope, arguments, wrt, said)

    def derived(mode: Mode) -> tuple[LaidOut, FunctionType]:
        laid = laid_out(function, scope, mode, names, said, detail=detail)
        made = space(laid)[1]
        assert isinstance(made, FunctionType)
        return laid, made

    every = laid_out(function, scope, Mode.VJP, names, said, detail=replace(detail, folded=False))
    if failed := play(every, *space(every), args).failed:
        raise failed
    laid, vjp = derived(Mode.VJP)
    forward, jvp = derived(Mode.SPLIT)[1], derived(Mode.JVP)[1]
    result = called(forward, args)[0]
    one = laid.wengert.outputs == (laid.wengert.result,)
    upstream = normal(result, random)
    transposed = called(vjp, args, (upstream,) if one else upstream)
    gradients, weights = transposed, upstream
    if one and is_number(result) and not getattr(result, "shape", ()):
        said = replace(said, assumed=True)  # it is a number
        gradients, weights = called(derived(Mode.GRAD)[1], args), 1.0
    return Subject(
        name=function.name,
        arguments=args,
        wrt=names,
        forward=forward,
        upstream=weights,
        gradients=dict(zip(names, gradients, strict=True)),
        random=upstream,
        transposed=dict(zip(names, transposed, strict=True)),
        tangent=partial(_tangent, jvp, args, names),
    )


def _prepared(
    function: Function, scope: Scope, arguments: Arguments, wrt: Wrt, said: Said
) -> tuple[tuple[str, ...], Arguments, Said]:
    """The parameters that are differentiated, the arguments with floats for these, and the shapes of all."""
    names, _ = differentiated(function, scope, wrt)
    missing = [name for name in names if name not in arguments]
    if missing:
        raise SrcgradError(
            f"{missing[0]} is differentiated, and has no value here", hint="give its value, not its default"
        )
    args = {name: floats(value) if name in names else value for name, value in arguments.items()}
    shapes = {name: shape_of(name, value) for name, value in args.items()}
    said = Said(said.shapes, {name: shape for name, shape in shapes.items() if name not in said.shapes})
    return names, args, said


def _tangent(jvp: FunctionType, arguments: Arguments, names: Sequence[str], direction: Arguments) -> Any:
    return called(jvp, arguments, [direction[name] for name in names])[1]


def called(function: FunctionType, arguments: Arguments, before: Sequence[Any] = ()) -> Any:
    """The result of a derived function: upstream gradients or tangents first, then the primal's arguments by name."""
    signature = inspect.signature(function)
    first = dict(zip(signature.parameters, before, strict=False))
    bound = inspect.BoundArguments(signature, OrderedDict({**first, **arguments}))
    return function(*bound.args, **bound.kwargs)


def _twin(function: FunctionType) -> FunctionType:
    """The same text for complex numbers: `cmath` has the functions of `math` that are analytic."""
    space = {name: cmath if value is math else value for name, value in function.__globals__.items()}
    cells = tuple(CellType(cmath) if _content(cell) is math else cell for cell in function.__closure__ or ())
    made = FunctionType(function.__code__, space, function.__name__, function.__defaults__, cells)
    made.__kwdefaults__ = function.__kwdefaults__
    return made


def _content(cell: CellType) -> Any:
    try:
        return cell.cell_contents
    except ValueError:  # a cell that nothing is in yet
        return None
