"""Where a run stops: at the first value that is nan or infinite, or where a line raises; with the user's line."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any

from srcgrad.derive import LaidOut
from srcgrad.errors import Span, SrcgradError
from srcgrad.expr import keys
from srcgrad.keys import primal_of
from srcgrad.staged import Assign, Step
from srcgrad.views.figures import figure
from srcgrad.wengert import Parameter

_MOST = 4
"""Of so many values that a line reads it is said what they are."""


def finite(value: Any) -> bool:
    """Whether a value has no nan and no infinity in it; what is no number has none."""
    if isinstance(value, (list, tuple)):
        return all(map(finite, value))
    if isinstance(value, dict):
        return all(map(finite, value.values()))
    if isinstance(value, float):
        return math.isfinite(value)
    kind = getattr(getattr(value, "dtype", None), "kind", "")
    return kind not in ("f", "c") or bool((abs(value) < math.inf).all())


def unfit(param: Parameter, value: Any) -> SrcgradError:
    """That a parameter was given as nan or infinity."""
    return SrcgradError(f"{param.name} is {_not_finite(value)}", param.span, "give it finite numbers")


def reached(laid: LaidOut, step: Assign, values: Mapping[str, Any], known: Mapping[str, Any]) -> SrcgradError:
    """That a line gave nan or infinity, among these values, and from which it did."""
    found = [(key, value) for key, value in values.items() if not finite(value)]
    what = ", ".join(f"{_called(laid, key)} is {_not_finite(value)}" for key, value in found)
    return SrcgradError(what, _where(laid, step), _there(laid, step.reads, known))


def refusal(laid: LaidOut, step: Step, error: Exception, known: Mapping[str, Any]) -> SrcgradError:
    """What a line raised, as a report: with the line, and the values that it reads."""
    read = step.reads if isinstance(step, Assign) else tuple(keys(step.test))
    said = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
    found = SrcgradError(f"this line cannot be run: {said}", _where(laid, step), _there(laid, read, known))
    found.__cause__ = error
    return found


def _where(laid: LaidOut, step: Step) -> Span | None:
    """The part of the user's statement that a step comes from."""
    if isinstance(step, Assign) and step.primal:
        line = next((line for line in laid.wengert.lines if line.expr is step.value), None)
        if line is not None:
            return line.statement.span(line.site)
    return step.statement.span(step.statement.tree) if step.statement else None


def _there(laid: LaidOut, read: Iterable[str], known: Mapping[str, Any]) -> str:
    """What the values are that a line reads."""
    found = [f"{_called(laid, key)} is {figure(known[key])}" for key in dict.fromkeys(read) if key in known]
    return f"there {', '.join(found[:_MOST])}" if found else ""


def _called(laid: LaidOut, key: str) -> str:
    """What a value is called in the list, beside all others; a gradient by what it is on."""
    base = primal_of(key)
    name = laid.versions.variables.get(base) or laid.names.variables.get(base, base.partition("·")[0])
    return name if base == key else f"the gradient on {name}"


def _not_finite(value: Any) -> str:
    """A value with nan or infinity in it."""
    if getattr(value, "shape", ()):
        import numpy as np

        place = np.argwhere(~np.isfinite(value))[0].tolist()
        return f"{figure(value[tuple(place)])} at [{', '.join(map(str, place))}]"
    return figure(value)
