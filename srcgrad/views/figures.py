"""How numbers are written in a view: as people read them, never longer than they are worth."""

from __future__ import annotations

from typing import Any

_LONGEST = 16


def figure(value: Any, digits: int = 4) -> str:
    """A number in `digits` significant digits; an array by its shape, range and norm; an object by its type."""
    if value is None:
        return ""
    if isinstance(value, (bool, str)):
        return str(value)
    if getattr(value, "shape", ()):
        return _array(value, digits)
    if isinstance(value, (list, tuple)):
        row = ", ".join(figure(item, digits) for item in value)
        return f"[{row}]" if isinstance(value, list) else f"({row})"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{name}: {figure(item, digits)}" for name, item in value.items()) + "}"
    return number(value, digits) if _numeric(value) else type(value).__name__


def number(value: Any, digits: int = 4) -> str:
    """A number in `digits` significant digits; a whole one without a point that says nothing."""
    if isinstance(value, int) or getattr(getattr(value, "dtype", None), "kind", "") in ("b", "i", "u"):
        return str(value)
    return f"{float(value):.{digits}g}"


def fixed(value: Any) -> str:
    """A number with two digits behind the point, as the notes' circuits have it."""
    return f"{float(value):.2f}"


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
    if value.dtype.kind not in "biuf":
        return f"{shape} {value.dtype}"
    low, high = number(value.min(), digits), number(value.max(), digits)
    return f"{shape} {low} .. {high}, norm {length(value, digits)}"


def length(value: Any, digits: int = 3) -> str:
    """The norm of an array."""
    return number(float((value.astype(float) ** 2).sum()) ** 0.5, digits)


def _numeric(value: Any) -> bool:
    """Whether a value is one number, Python's or numpy's."""
    return isinstance(value, (int, float)) or getattr(getattr(value, "dtype", None), "kind", "") in ("b", "i", "u", "f")
