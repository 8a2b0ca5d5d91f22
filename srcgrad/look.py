"""Views of live functions, over their own globals."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from types import FunctionType
from typing import Any, overload

from srcgrad.api import text_of
from srcgrad.chosen import Wrt
from srcgrad.compiled import compiled, spaces
from srcgrad.derive import LaidOut, listed
from srcgrad.live import live_function
from srcgrad.show import Listing
from srcgrad.views import table
from srcgrad.views.check import Checked, check as checked
from srcgrad.views.drawing import Drawing, drawing
from srcgrad.views.seen import Seen, seen
from srcgrad.views.table import Table


def draw(
    function: Callable[..., Any],
    /,
    *args: Any,
    wrt: Wrt = None,
    composites: bool = True,
    width: int = 1200,
    **kwargs: Any,
) -> Drawing:
    """The circuit of a function, with values and gradients on its wires where arguments are given.

    The result shows itself in a notebook; its `.svg`, `.html`, `.dot` and `.mermaid` are texts, `.save(path)` writes
    one. The circuit goes on below where it is wider than `width`, 0 for never; without `composites` every gate stands
    by itself.
    """
    return drawing(looked_at(function, args, kwargs, wrt, composites, by_hand=False), width)


def check(
    function: Callable[..., Any], /, *args: Any, wrt: Wrt = None, composites: bool = True, **kwargs: Any
) -> Checked:
    """Hold the derivative of a function against differences, at these arguments.

    What comes back prints as a table; its `.ok` says whether nothing is wrong, its `.rows` are the derivatives. Without
    `composites` every gate is checked by itself. Raises SrcgradError where the function is refused, or not defined at
    the arguments.
    """
    found = text_of(function, *args, **kwargs)
    return checked(
        *live_function(found), _bound(found, args, kwargs), wrt, composites=composites, space=partial(_space, found)
    )


def looked_at(
    function: Callable[..., Any],
    args: Sequence[Any],
    kwargs: Mapping[str, Any],
    wrt: Wrt = None,
    composites: bool = True,
    by_hand: bool = True,
) -> Seen:
    """A live function, with values where arguments are given, or where it takes none; `by_hand` as `seen` has it."""
    found = text_of(function, *args, **kwargs)
    at = _bound(found, args, kwargs) if args or kwargs else None
    return seen(*live_function(found), at, wrt, composites=composites, space=partial(_space, found), by_hand=by_hand)


def _bound(function: FunctionType, args: Sequence[Any], kwargs: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments of a call, by the parameters."""
    return dict(inspect.signature(function).bind(*args, **kwargs).arguments)


@overload
def trace(function: Callable[..., Any], /, *, composites: bool = True) -> Listing: ...
@overload
def trace(
    function: Callable[..., Any],
    /,
    *args: Any,
    wrt: Wrt = None,
    backward: bool = False,
    composites: bool = True,
    **kwargs: Any,
) -> Table: ...
def trace(
    function: Callable[..., Any],
    /,
    *args: Any,
    wrt: Wrt = None,
    backward: bool = False,
    composites: bool = True,
    **kwargs: Any,
) -> Listing | Table:
    """The Wengert list of a function; printed, its lines with their gates.

    With arguments, as in `trace(f, -2.0, 5.0)`, the value of every line and the gradient on it, for the parameters
    `wrt`; `backward` gives the emitted reverse pass so, `composites=False` every gate by itself. What comes first to
    nan or infinity ends it, and is its `.stopped`. Raises SrcgradError where a line of the function raises.
    """
    if not args and not kwargs:
        return listed(*live_function(text_of(function)), composites)
    seen = looked_at(function, args, kwargs, wrt, composites)
    return table.backward(seen) if backward else table.forward(seen)


def _space(function: FunctionType, laid: LaidOut) -> tuple[dict[str, Any], Callable[..., Any]]:
    """The names that what is derived from a live function reads (globals, cells, constants of other modules)."""
    made = compiled(laid.derived, function)[0]
    cells = zip(made.__code__.co_freevars, made.__closure__ or (), strict=True)
    elsewhere = {name: space[key] for name, (space, key) in spaces(laid.derived).items()}
    return {**made.__globals__, **{name: cell.cell_contents for name, cell in cells}, **elsewhere}, made
