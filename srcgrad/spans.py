"""The shape of what is an array repeated, padded, stacked otherwise, taken from, cut in pieces.

As in layouts.py: what is known of the dimensions comes first; None where the shape can't be told.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from srcgrad.layouts import UNKNOWN, Found, at_least, cut, joined, moved, places, raveled, stacked
from srcgrad.shape import Dim, Dims, Shape, Symbol, array, plus


def rolled(dims: Dims, x: Shape, axis: Any, start: Any = 0) -> Found:
    """np.rollaxis."""
    place = landing_of(x.rank, axis, start)
    return None if place is None else moved(dims, x, axis, place)


def landing_of(rank: int | None, axis: Any, start: Any) -> int | None:
    """The place at which np.rollaxis puts an axis."""
    if not isinstance(axis, int) or not isinstance(start, int):
        return None
    if rank is not None:
        axis, start = axis % rank if -rank <= axis < rank else axis, start + rank if start < 0 else start
    if axis < 0 or start < 0:
        return 0 if start == 0 else None
    found: int = start - (axis < start)
    return found


def stretched(dims: Dims, x: Shape, shape: Any) -> Found:
    """np.broadcast_to, np.full."""
    wanted = (shape,) if isinstance(shape, (int, Symbol)) else shape
    if not isinstance(wanted, tuple):
        return None
    return array(tuple(dims.symbol() if item is UNKNOWN else item for item in wanted), x.dtype)


def counted(dims: Dims) -> Shape | None:
    """np.arange from one number to another."""
    return array((dims.symbol(),), "range")


def between(dims: Dims, first: Shape, last: Shape, num: Any) -> Shape | None:
    """np.linspace between two numbers."""
    if first.rank != 0 or last.rank != 0:
        return None
    return array((num if isinstance(num, (int, Symbol)) else dims.symbol(),), "float")


def joined_rows(dims: Dims, x: Shape, y: Shape) -> Found:
    """np.r_: of numbers and rows a row, of arrays one that is longer."""
    if x.rank is None or y.rank is None:
        return None
    return joined(dims, [at_least(dims, shape, 1) for shape in (x, y)], 0)


def joined_columns(dims: Dims, x: Shape, y: Shape) -> Found:
    """np.c_."""
    if x.rank in (1, 2) and y.rank in (1, 2):
        return upright(dims, [x, y])
    return joined(dims, [x, y], -1) if x.rank == y.rank and x.kind == "array" else None


def crossing(dims: Dims, x: Shape, y: Shape, rows: Any = False) -> Found:
    """np.meshgrid of two rows: both results have a row for each item of the second, or, with `rows`, of the first."""
    if x.kind != "array" or y.kind != "array":
        return None
    found = array((*x.dims, *y.dims) if rows else (*y.dims, *x.dims), "float")
    return Shape("tuple", 2, items=(found, found))


def inserted(dims: Dims, x: Shape, place: Any, axis: Any = None) -> Found:
    """np.insert of one item."""
    if x.kind != "array" or not isinstance(place, int) or not (isinstance(axis, int) or len(x.dims) == 1):
        return None
    (at,) = places(axis or 0, len(x.dims))
    return array(tuple(plus(dim, 1) if i == at else dim for i, dim in enumerate(x.dims)), x.dtype)


def overlapped(dims: Dims, x: Shape, y: Shape, mode: Any) -> Found:
    """A convolution, along every axis. In mode "same" numpy goes by the longer one, scipy by x."""
    if x.kind != "array" or y.kind != "array" or len(x.dims) != len(y.dims):
        return None
    return array(tuple(_overlap(dims, *pair, mode) for pair in zip(x.dims, y.dims, strict=True)), "float")


def _overlap(dims: Dims, one: Dim, two: Dim, mode: Any) -> Dim:
    if not isinstance(one, int) or not isinstance(two, int) or (mode == "same" and one < two):
        return dims.symbol()
    sizes = {"full": one + two - 1, "same": one, "valid": max(one, two) - min(one, two) + 1}
    return sizes.get(mode, dims.symbol())


def filled(dims: Dims, z: Shape) -> Found:
    """np.full_like."""
    return z


def times(dims: Dims, dim: Dim, count: Any) -> Dim:
    if count == 1:
        return dim
    return dim * count if isinstance(dim, int) and isinstance(count, int) else dims.symbol()


def tiled(dims: Dims, x: Shape, reps: Any) -> Found:
    counts = reps if isinstance(reps, tuple) else (reps,)
    if x.rank is None or (reps is UNKNOWN):
        return None
    rank = max(x.rank, len(counts))
    sizes = (1,) * (rank - x.rank) + x.dims
    counts = (1,) * (rank - len(counts)) + tuple(counts)
    return array(tuple(times(dims, size, count) for size, count in zip(sizes, counts, strict=True)), x.dtype)


def repeated(dims: Dims, x: Shape, repeats: Any, axis: Any = None) -> Found:
    if axis is None:
        flat = raveled(dims, x)
        return flat and array((times(dims, flat.dims[0], repeats),), x.dtype)
    if x.kind != "array" or not isinstance(axis, int):
        return array(tuple(dims.symbol() for _ in x.dims), x.dtype) if x.kind == "array" else None
    place = places(axis, len(x.dims))[0]
    return array((*x.dims[:place], times(dims, x.dims[place], repeats), *x.dims[place + 1 :]), x.dtype)


def turned(dims: Dims, x: Shape, k: Any = 1, axes: Any = None) -> Found:
    """np.rot90."""
    if x.kind != "array" or not isinstance(k, int) or axes is UNKNOWN:
        return array(tuple(dims.symbol() for _ in x.dims), x.dtype) if x.kind == "array" else None
    one, two = places((0, 1) if axes is None else axes, len(x.dims), True)
    found = list(x.dims)
    if k % 2:
        found[one], found[two] = found[two], found[one]
    return array(tuple(found), x.dtype)


def pads(width: Any, rank: int) -> Iterator[tuple[Any, Any]]:
    """How much is padded before and after along each axis."""
    nested = isinstance(width, tuple) and any(isinstance(pair, tuple) for pair in width)
    pairs = [pair if isinstance(pair, tuple) else (pair,) for pair in (width if nested else (width,))]
    if len(pairs) == 1:
        pairs = pairs * rank
    if len(pairs) != rank or any(len(pair) not in (1, 2) for pair in pairs):
        raise ValueError(f"{width} for {rank} dimensions")
    for pair in pairs:
        yield pair[0], pair[-1]


def padded(dims: Dims, x: Shape, width: Any) -> Found:
    if x.kind != "array" or width is UNKNOWN:
        return array(tuple(dims.symbol() for _ in x.dims), x.dtype) if x.kind == "array" else None
    found: list[Dim] = []
    for dim, (before, after) in zip(x.dims, pads(width, len(x.dims)), strict=True):
        known = isinstance(before, int) and isinstance(after, int)
        found.append(plus(dim, before + after) if known else dims.symbol())
    return array(tuple(found), x.dtype)


def triangular(dims: Dims, x: Shape) -> Found:
    """np.tril of rows is a square."""
    if x.kind != "array":
        return None
    return array((*x.dims, *x.dims), x.dtype) if len(x.dims) == 1 else x


def diagonalised(dims: Dims, x: Shape, k: Any = 0) -> Found:
    if x.kind != "array":
        return None
    if len(x.dims) == 1:
        size = plus(x.dims[0], abs(k)) if isinstance(k, int) else dims.symbol()
        return array((size, size), x.dtype)
    return array((x.dims[0] if x.dims[0] == x.dims[1] and k == 0 else dims.symbol(),), x.dtype)


def diagonals(dims: Dims, x: Shape, offset: Any = 0, axis1: Any = 0, axis2: Any = 1) -> Found:
    if x.kind != "array" or UNKNOWN in (axis1, axis2):
        return array(tuple(dims.symbol() for _ in x.dims[1:]), x.dtype) if x.kind == "array" else None
    one, two = places((axis1, axis2), len(x.dims), True)
    square = x.dims[one] == x.dims[two] and offset == 0
    rest = tuple(dim for i, dim in enumerate(x.dims) if i not in (one, two))
    return array((*rest, x.dims[one] if square else dims.symbol()), x.dtype)


def nested(dims: Dims, x: Any) -> Found:
    """np.array of an array, or of many, in lists of lists."""
    return stacked(dims, x, 0) if isinstance(x, list) else x


def depths(dims: Dims, xs: Any) -> Found:
    """np.dstack."""
    known = isinstance(xs, list) and xs and all(shape is not None and shape.rank is not None for shape in xs)
    return joined(dims, [at_least(dims, shape, 3) for shape in xs], 2) if known else None


def upright(dims: Dims, xs: Any) -> Found:
    """np.column_stack."""
    known = isinstance(xs, list) and xs and all(shape is not None and shape.rank is not None for shape in xs)
    if not known:
        return None
    return joined(dims, [x if len(x.dims) > 1 else array((x.dims[0] if x.dims else 1, 1), x.dtype) for x in xs], 1)


def blocks(dims: Dims, xs: Any) -> Found:
    """np.block: rows of matrices, or one row."""
    rows = xs if isinstance(xs, list) and xs and isinstance(xs[0], list) else [xs]
    known = (isinstance(x, Shape) and x.rank == 2 for row in rows if isinstance(row, list) for x in row)
    if not all(isinstance(row, list) for row in rows) or not all(known):
        return None
    return joined(dims, [joined(dims, row, 1) for row in rows], 0)


def windows(dims: Dims, x: Shape, window: Any, axis: Any = None) -> Found:
    """np.lib.stride_tricks.sliding_window_view along one axis."""
    if x.kind != "array" or not isinstance(window, int) or (axis is None and len(x.dims) != 1):
        return None
    if not (axis is None or isinstance(axis, int)):
        return None
    place = places(axis or 0, len(x.dims))[0]
    size = x.dims[place]
    left = size - window + 1 if isinstance(size, int) else plus(size, 1 - window)
    return array((*x.dims[:place], left, *x.dims[place + 1 :], window), x.dtype)


def appended(dims: Dims, x: Shape, z: Shape, axis: Any = None) -> Found:
    return joined(dims, [x, z], axis)


def taken(dims: Dims, x: Shape, indices: Any, axis: Any = None) -> Found:
    """np.take."""
    if axis is None and x.kind == "array" and len(x.dims) > 1:
        x, axis = raveled(dims, x) or x, 0
    axis = 0 if axis is None else axis
    if x.kind != "array" or not isinstance(axis, int):
        return None
    place = places(axis, len(x.dims))[0]
    if isinstance(indices, (int, Symbol)):
        middle: tuple[Dim, ...] = ()
    elif isinstance(indices, Shape) and indices.rank is not None:
        middle = indices.dims
    else:
        return None
    return array((*x.dims[:place], *middle, *x.dims[place + 1 :]), x.dtype)


def picked(dims: Dims, x: Shape, indices: Any, axis: Any = -1) -> Found:
    """np.take_along_axis."""
    if not isinstance(indices, Shape) or indices.kind != "array":
        return None
    if axis is None or not isinstance(axis, int):
        return array(indices.dims, x.dtype) if axis is None else None
    place = places(axis, len(indices.dims))[0]
    known = x.dims if x.kind == "array" else [dims.symbol() for _ in indices.dims]
    rest = [dims.symbol() if i == place else dim for i, dim in enumerate(known)]
    sizes = [dim if i == place else dims.wider(dim, rest[i]) for i, dim in enumerate(indices.dims)]
    return array(tuple(sizes), x.dtype)


def flat_cut(dims: Dims, x: Shape) -> Found:
    """np.ediff1d: one less, of an array of any rank flat."""
    return cut(dims, x) if x.rank == 1 else array((dims.symbol(),), x.dtype) if x.kind == "array" else None


def pieces(dims: Dims, x: Shape, sections: Any, axis: Any, uneven: Any = False) -> Found:
    """np.split: a tuple of arrays that differ along one axis only; `uneven` says that a number of them may."""
    if x.kind != "array" or axis is UNKNOWN or sections is UNKNOWN or isinstance(sections, Symbol):
        return None
    place = places(axis if axis is not None else min(1, len(x.dims) - 1), len(x.dims))[0]
    whole = x.dims[place]
    if isinstance(sections, tuple):
        sizes = [_between(dims, *pair, whole) for pair in zip((0, *sections), (*sections, None), strict=True)]
    elif uneven:
        sizes = [dims.symbol() for _ in range(sections)]
    else:
        sizes = [whole // sections if isinstance(whole, int) else dims.symbol()] * sections
    items = (array((*x.dims[:place], size, *x.dims[place + 1 :]), x.dtype) for size in sizes)
    return Shape("tuple", len(sizes), items=tuple(items))


def layers(dims: Dims, x: Shape, axis: Any = 0) -> Found:
    """np.unstack: a tuple of arrays that are alike; of one item, where their number is not known."""
    if x.kind != "array" or not isinstance(axis, int):
        return None
    place = places(axis, len(x.dims))[0]
    count = x.dims[place]
    item = array((*x.dims[:place], *x.dims[place + 1 :]), x.dtype)
    if isinstance(count, int):
        return Shape("tuple", count, items=(item,) * count)
    return Shape("tuple", None, items=(item,))


def _between(dims: Dims, first: Any, last: Any, whole: Dim) -> Dim:
    """The length of a slice between two places that are written out."""
    if not isinstance(whole, int) or not isinstance(first, int) or not (last is None or isinstance(last, int)):
        return dims.symbol()
    return len(range(*slice(first, last).indices(whole)))
