"""The arguments of a call: what tells them apart, their shapes, and whether they are what a text was derived for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from numbers import Complex, Number, Real
from typing import Any

from srcgrad.errors import Span, SrcgradError
from srcgrad.shape import SCALAR, Dim, Shape, Symbol, array


def quick(value: Any) -> object:
    """What tells an argument of floats or an array from others at little cost; None where that takes a closer look."""
    if type(value) is float:
        return float
    if type(value).__name__ == "ndarray":
        return value.dtype.char, _square(value.shape), *(size == 1 for size in value.shape)
    if type(value) in (list, tuple) and all(type(item) is float for item in value):
        return type(value), len(value)
    return None


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
    """The shape of an array: which of its dimensions are 1, and whether it is of square matrices."""
    if type(value).__name__ not in ("ndarray", "memmap") or type(value).__module__ != "numpy":
        kind = f"{type(value).__module__}.{type(value).__name__}"
        raise SrcgradError(f"{name} is a {kind}, which may not work as an array does", hint="pass numpy.asarray of it")
    if value.dtype.kind == "c":
        raise SrcgradError(f"{name} is an array of complex numbers, and srcgrad differentiates real ones")
    if value.dtype.kind not in _DTYPES:
        raise SrcgradError(f"{name} is an array of {value.dtype}, which are no numbers", hint="pass an array of floats")
    dims = tuple(1 if size == 1 else Symbol(f"{name}.{i}", "seen") for i, size in enumerate(value.shape))
    if _square(value.shape):
        dims = (*dims[:-1], dims[-2])
    return array(dims, _DTYPES[value.dtype.kind])


def _square(shape: tuple[int, ...]) -> bool:
    """Whether an array is a square matrix, or many of them."""
    return len(shape) > 1 and shape[-1] == shape[-2]


def check_floats(names: Iterable[str], shapes: Mapping[str, Shape], span: Span) -> None:
    """Refuse arrays of whole numbers among those that are differentiated."""
    for name in names:
        shape = shapes.get(name)
        if shape is not None and shape.kind == "array" and shape.dtype in ("int", "bool"):
            raise SrcgradError(
                f"{name} is an array of whole numbers, and its gradient is asked for",
                span,
                f"pass {name}.astype(float), or leave {name} out of wrt",
            )


def exact(value: Any) -> object:
    """What tells an argument from others by its very shape, at little cost; None where that takes a closer look."""
    if type(value).__name__ == "ndarray":
        return value.dtype.char, value.shape
    return type(value) if type(value) in (float, int, bool) else None


def check_stated(arguments: Mapping[str, Any], stated: Mapping[str, Shape], span: Span) -> None:
    """Refuse arguments that are not what a text was derived for."""
    sizes: dict[str, int] = {}
    for name, wanted in stated.items():
        if name not in arguments or wanted.rank is None:
            continue
        found = getattr(arguments[name], "shape", ())
        expected = "a number" if wanted.kind != "array" else wanted.counted
        if shape_of(name, arguments[name]).rank != wanted.rank:
            raise _contradicted(name, expected, arguments[name], span)
        for dim, size in zip(wanted.dims, found, strict=True):
            known = _size(dim, size, sizes)
            if known is None:
                where = f", where {dim} is {_shown(dim, sizes)}" if isinstance(dim, Symbol) else ""
                raise _contradicted(name, expected + where, arguments[name], span)


def _size(dim: Dim, size: int, sizes: dict[str, int]) -> int | None:
    """The size that a dimension has, one that is new is noted in `sizes`; None where that contradicts what is known."""
    if isinstance(dim, int):
        return size if size == dim else None
    whole, rest = divmod(size - dim.offset, dim.factor)
    return size if not rest and sizes.setdefault(dim.name, whole) == whole else None


def _shown(dim: Symbol, sizes: Mapping[str, int]) -> str:
    whole = sizes.get(dim.name)
    return f"a multiple of {dim.factor}" if whole is None else str(whole * dim.factor + dim.offset)


def _contradicted(name: str, expected: str, value: Any, span: Span) -> SrcgradError:
    shape = getattr(value, "shape", None)
    given = f"an array of shape {shape}" if shape else f"a {type(value).__name__}"
    return SrcgradError(
        f"{name} is to be {expected}, and is {given}",
        span,
        "pass what the annotations, the docstring or shapes= say, or say something else there",
    )
