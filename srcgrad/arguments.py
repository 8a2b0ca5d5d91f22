"""The shapes of arguments, as far as they decide what is derived: which dimensions are 1, what kind of numbers."""

from __future__ import annotations

from numbers import Complex, Number, Real
from typing import Any

from srcgrad.errors import SrcgradError
from srcgrad.shape import SCALAR, Shape, Symbol, array

_DTYPES = {"f": "float", "i": "int", "u": "int", "b": "bool"}
"""The kinds of numbers in arrays, by numpy's letters."""


def shape_of(name: str, value: Any) -> Shape:
    """The shape of an argument; SrcgradError for complex numbers, and for an array of another kind than numpy's own."""
    if isinstance(value, (list, tuple)):
        kind = "list" if isinstance(value, list) else "tuple"
        if all(isinstance(item, Real) for item in value):
            return Shape(kind, len(value))
        return Shape(kind, len(value), items=tuple(shape_of(f"{name}[{i}]", item) for i, item in enumerate(value)))
    if isinstance(value, dict):
        if not all(isinstance(key, str) for key in value):
            return Shape("other")
        if all(isinstance(item, Real) for item in value.values()):
            return Shape("dict", len(value), tuple(value))
        items = tuple(shape_of(f"{name}[{key!r}]", item) for key, item in value.items())
        return Shape("dict", len(value), tuple(value), items=items)
    if isinstance(value, Complex) and not isinstance(value, Real):
        raise SrcgradError(f"{name} is a complex number, and srcgrad differentiates real ones", hint="pass its parts")
    if isinstance(value, Number) or value is None:  # None is what the function itself must ask for
        return SCALAR
    return _array(name, value) if hasattr(value, "shape") and hasattr(value, "dtype") else Shape("other")


def _array(name: str, value: Any) -> Shape:
    """The shape of an array: which of its dimensions are 1."""
    if type(value).__name__ not in ("ndarray", "memmap") or type(value).__module__ != "numpy":
        kind = f"{type(value).__module__}.{type(value).__name__}"
        raise SrcgradError(f"{name} is a {kind}, which may not work as an array does", hint="pass numpy.asarray of it")
    if value.dtype.kind == "c":
        raise SrcgradError(f"{name} is an array of complex numbers, and srcgrad differentiates real ones")
    if value.dtype.kind not in _DTYPES:
        raise SrcgradError(f"{name} is an array of {value.dtype}, which are no numbers", hint="pass an array of floats")
    dims = tuple(1 if size == 1 else Symbol(f"{name}.{i}", "seen") for i, size in enumerate(value.shape))
    return array(dims, _DTYPES[value.dtype.kind])
