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
from srcgrad.views.seen import Seen, seen
from srcgrad.views.table import Table


def looked_at(
    function: Callable[..., Any],
    args: Sequence[Any],
    kwargs: Mapping[str, Any],
    wrt: Wrt = None,
    composites: bool = True,
) -> Seen:
    """A live function, with values where arguments are given, or where it takes none."""
    found = text_of(function, *args, **kwargs)
    text, scope = live_function(found)
    at = dict(inspect.signature(found).bind(*args, **kwargs).arguments) if args or kwargs else None
    return seen(text, scope, at, wrt, composites=composites, space=partial(_space, found))


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
