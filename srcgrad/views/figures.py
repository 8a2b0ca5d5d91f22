"""How numbers are written in a view: as people read them, never longer than they are worth."""

from __future__ import annotations

from decimal import Decimal
from numbers import Integral, Real
from typing import Any

_LONGEST = 16
"""The longest text on a wire."""

_WHOLE = 10**7
"""From here on a number is written with a power of ten, however many digits it has."""

_LONG = 30
"""What is no number is written out as far as here, else its type is."""


def figure(value: Any, digits: int = 4) -> str:
    """A number in `digits` significant digits; an array by its shape, range and norm; an object by its type."""
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


def brief(value: Any, gradient: Any) -> str:
    """What stands on a wire: a number as the notes have it, where two digits say it; an array by its shape.

    A whole number that has no gradient is an index or a count.
    """
    shape = getattr(value, "shape", ())
    if shape:
        return f"({', '.join(map(str, shape))}{',' * (len(shape) == 1)})"
    if value is None or gradient is None or not _numeric(value):
        text = figure(value, 3)
        return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
    number_ = float(value)
    if number_ and not 0.005 <= abs(number_) < 1e6 and number_ - number_ == 0:
        return f"{number_:.1e}"
    return fixed(number_ + 0.0)


def _array(value: Any, digits: int) -> str:

    shape = f"({', '.join(map(str, value.shape))}{',' * (len(value.shape) == 1)})"
    if not value.size:
        return f"{shape} empty"
    if value.dtype.kind not in "fiub":
        return f"{shape} of {value.dtype}"
    low, high = figure(value.min(), digits), figure(value.max(), digits)
    return f"{shape} {low} .. {high}, norm {length(value, digits)}"


def length(value: Any, digits: int = 3) -> str:
    """The norm of an array."""
    import numpy as np

    with np.errstate(all="ignore"):
        largest = float(np.abs(value.astype(float)).max())
        norm = largest * float(np.linalg.norm(value / largest)) if 0 < largest < np.inf else largest
    return number(norm, digits)


def _numeric(value: Any) -> bool:
    """Whether a value is one number, Python's or numpy's."""
    return isinstance(value, (int, float)) or getattr(getattr(value, "dtype", None), "kind", "") in ("b", "i", "u", "f")
