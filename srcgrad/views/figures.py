"""How numbers are written in a view: as people read them, never longer than they are worth."""

from __future__ import annotations

from typing import Any


def figure(value: Any, digits: int = 4) -> str:
    """A number in `digits` significant digits; an array by its shape, range and norm; anything else as it is."""
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
    return number(value, digits)


def number(value: Any, digits: int = 4) -> str:
    """A number in `digits` significant digits; a whole one without a point that says nothing."""
    if isinstance(value, int):
        return str(value)
    return f"{float(value):.{digits}g}"


def fixed(value: Any) -> str:
    """A number with two digits behind the point, as the notes' circuits have it."""
    return f"{float(value):.2f}"


def _array(value: Any, digits: int) -> str:
    shape = f"({', '.join(map(str, value.shape))}{',' * (len(value.shape) == 1)})"
    if not value.size:
        return f"{shape} empty"
    low, high = number(value.min(), digits), number(value.max(), digits)
    norm = float((value.astype(float) ** 2).sum()) ** 0.5
    return f"{shape} {low} .. {high}, norm {number(norm, digits)}"
