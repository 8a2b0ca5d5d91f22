"""How numbers are written in a view: as people read them, never longer than they are worth."""

from __future__ import annotations

from decimal import Decimal
from numbers import Integral, Real
from typing import Any

_WHOLE = 10**7
"""From here on a number is written with a power of ten, however many digits it has."""

_LONG = 30
"""What is no number is written out as far as here, else its type is."""


def figure(value: Any, digits: int = 4) -> str:
    """A number in `digits` significant digits; an array by its shape, range and norm; anything else as it is."""
    if getattr(value, "shape", None) == ():
        value = value.item()
    if value is None or isinstance(value, (bool, str)):
        return "" if value is None else str(value)
    if getattr(value, "shape", ()):
        return _array(value, digits)
    if isinstance(value, (list, tuple)):
        row = ", ".join(figure(item, digits) for item in value)
        return f"[{row}]" if isinstance(value, list) else f"({row}{',' * (len(value) == 1)})"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{name}: {figure(item, digits)}" for name, item in value.items()) + "}"
    if isinstance(value, Real):
        return number(value, digits)
    return str(value) if len(str(value)) <= _LONG else type(value).__name__


def number(value: Any, digits: int = 4) -> str:
    """A number in `digits` significant digits; a whole one without a point that says nothing."""
    if isinstance(value, Integral):
        return str(value) if -_WHOLE < int(value) < _WHOLE else f"{Decimal(int(value)):.{digits}g}"
    value = float(value) + 0.0  # no minus sign before a zero
    large = 10**digits <= abs(value) < _WHOLE or (value.is_integer() and abs(value) < _WHOLE)
    return f"{value:.0f}" if large else f"{value:.{digits}g}"


def fixed(value: Any) -> str:
    """A number with two digits behind the point, as the notes' circuits have it."""
    text = f"{float(value):.2f}"
    return "0.00" if text == "-0.00" else text


def _array(value: Any, digits: int) -> str:
    import numpy as np

    shape = f"({', '.join(map(str, value.shape))}{',' * (len(value.shape) == 1)})"
    if not value.size:
        return f"{shape} empty"
    if value.dtype.kind not in "fiub":
        return f"{shape} of {value.dtype}"
    low, high = figure(value.min(), digits), figure(value.max(), digits)
    with np.errstate(all="ignore"):
        largest = float(np.abs(value.astype(float)).max())
        norm = largest * float(np.linalg.norm(value / largest)) if 0 < largest < np.inf else largest
    return f"{shape} {low} .. {high}, norm {number(norm, digits)}"
