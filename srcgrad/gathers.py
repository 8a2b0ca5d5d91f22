"""What rules of indexing may call that is worked out while code is generated: indices, what is known of settings."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from srcgrad.cuts import reshaped, size_of
from srcgrad.expr import Expr, bare, call, number
from srcgrad.extents import numpy
from srcgrad.known import Known
from srcgrad.layouts import places
from srcgrad.shape import NUMERIC, Symbol
from srcgrad.sizes import of_expr


def above(args: list[Expr], known: Known) -> Expr | None:
    """`max(k, 0)`."""
    value = of_expr(args[0], known.facts)
    if isinstance(value, int):
        return number(max(value, 0))
    return call(Expr("import", ("builtins.max",)), args[0], number(0))


def across(args: list[Expr], known: Known) -> Expr | None:
    """The index of what np.take takes along an axis: `:, i`."""
    x, indices, axis = args[0], bare(args[1]), of_expr(args[2], known.facts)
    rank = known.rank(x)
    if axis is None:
        axis = 0
    if not isinstance(axis, int):
        return None
    axis = axis % rank if rank else axis
    marks: list[Expr | str] = [_colon()]
    if axis < 0:
        return _index([Expr("text", ("...",)), indices, *marks * (-axis - 1)])
    return _index([*marks * axis, indices]) if axis else indices


def _colon() -> Expr:
    return Expr("slice", (":",))


def _index(items: Sequence[Expr | str]) -> Expr:
    parts: list[Expr | str] = []
    for item in items:
        parts += ([", "] if parts else []) + [item]
    return Expr("index", tuple(parts))


def beside(args: list[Expr], known: Known) -> Expr | None:
    """The index of what np.take_along_axis takes of an array of one or two dimensions."""
    x, indices, axis = args[0], bare(args[1]), of_expr(args[2], known.facts)
    rank = known.rank(x)
    if rank not in (1, 2) or not isinstance(axis, int):
        return None
    if rank == 1:
        return indices
    axis = places(axis, rank)[0]
    others = numpy("arange", size_of(bare(x), 1 - axis, known))
    return _index([indices, others] if axis == 0 else [Expr("subscript", (others, "[:, None]")), indices])


def reshape(args: list[Expr], known: Known) -> Expr | None:
    """`np.reshape(dy, np.shape(x))` as a method, where `dy` is known to be an array."""
    if len(args) > 2:  # in another order
        return None
    value, like = bare(args[0]), bare(args[1])
    if like.head != "call" or like.operands[0].leaf != "numpy.shape":
        like = bare(like.operands[0]) if like.head == "attribute" else like
    else:
        like = bare(like.operands[1].operands[0])
    shape = known.whole(value)
    if shape is None or shape.kind != "array" or like.head in ("tuple", "list"):
        return None
    return reshaped(value, like, known)


def shape(args: list[Expr], known: Known) -> Expr | None:
    """`np.shape(x)` as an attribute, where `x` is known to be an array."""
    found = known.whole(args[0])
    return Expr("attribute", (bare(args[0]), ".shape")) if found is not None and found.kind == "array" else None


def _alike(args: list[Expr], known: Known) -> bool:
    """Whether two values are known to have one shape."""
    one, two = (known.whole(arg) for arg in args)
    return one is not None and (one == two or (one in NUMERIC and two in NUMERIC))


def _number(args: list[Expr], known: Known) -> bool:
    """Whether a value is known to be a number."""
    value = of_expr(args[0], known.facts)
    return isinstance(value, (int, float, Symbol)) or known.whole(args[0]) in NUMERIC


def _row(args: list[Expr], known: Known) -> bool:
    """Whether a setting is known to be a row of numbers."""
    found = of_expr(args[0], known.facts)
    shape = known.whole(args[0])
    if isinstance(found, tuple):
        return all(isinstance(item, (int, float)) for item in found)
    return shape is not None and shape.rank == 1


def _settled(args: list[Expr], known: Known) -> bool:
    """Whether a setting is known while code is generated: None, numbers, tuples of numbers."""
    return _plain(of_expr(args[0], known.facts))


def _plain(value: Any) -> bool:
    if isinstance(value, tuple):
        return all(map(_plain, value))
    return value is None or isinstance(value, int)


def _ranked(args: list[Expr], known: Known) -> bool:
    """Whether the number of dimensions of a value is known."""
    return known.rank(args[0]) is not None


def _along(args: list[Expr], known: Known) -> bool:
    """Whether np.take goes along an axis that is known, or there is one only."""
    axis = of_expr(args[1], known.facts)
    return isinstance(axis, int) or (axis is None and known.rank(args[0]) == 1)


def _plane(args: list[Expr], known: Known) -> bool:
    """Whether a value has two dimensions or, along one axis, one, and the axes are known and in their order."""
    rank, axes = known.rank(args[0]), [of_expr(arg, known.facts) for arg in args[1:]]
    if rank not in (1, 2) or not all(isinstance(axis, int) for axis in axes):
        return False
    return len(axes) == 1 or (rank == 2 and places(axes, rank, True) == (0, 1))


def _last_two(args: list[Expr], known: Known) -> bool:
    """Whether two axes are known to be the last ones, in their order."""
    rank, axes = known.rank(args[0]), [of_expr(arg, known.facts) for arg in args[1:]]
    if not all(isinstance(axis, int) for axis in axes):
        return False
    return axes == [-2, -1] or (rank is not None and places(axes, rank, True) == (rank - 2, rank - 1))


_FLOATS = ("float", "float16", "float32", "float64", "half", "single", "double", "longdouble", "floating")
_WHOLE = ("int", "bool", "bool_", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64", "intp")


def _dtype(expr: Expr) -> str:
    """The last name of a dtype, as it is written."""
    inner = bare(expr)
    if inner.head == "text":
        return inner.leaf.strip("'\"")
    if inner.head in ("name", "import"):
        return inner.leaf.rpartition(".")[2]
    return str(inner.parts[1]).strip(" .") if inner.head == "attribute" else ""


def _floating(args: list[Expr], known: Known) -> bool:
    """Whether a dtype is one of floats."""
    return _dtype(args[0]) in _FLOATS


def _whole(args: list[Expr], known: Known) -> bool:
    """Whether a dtype is one of whole numbers or booleans."""
    return _dtype(args[0]) in _WHOLE


HELPERS: dict[str, Callable[[list[Expr], Known], Expr | None]] = {
    "above": above,
    "across": across,
    "beside": beside,
    "numpy.reshape": reshape,
    "numpy.shape": shape,
}
QUESTIONS: dict[str, Callable[[list[Expr], Known], Any]] = {
    "alike": _alike,
    "number": _number,
    "row": _row,
    "settled": _settled,
    "ranked": _ranked,
    "along": _along,
    "plane": _plane,
    "last_two": _last_two,
    "floating": _floating,
    "whole": _whole,
}
