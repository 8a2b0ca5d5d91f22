"""The shape of what is an array in another layout: reshaped, permuted, joined, cut, indexed.

As in forms.py: what is known of the dimensions comes first; None where the shape can't be told.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import prod
from typing import Any

from srcgrad.shape import NUMERIC, Dim, Dims, Shape, Symbol, array, multiple, plus

Found = Shape | None

UNKNOWN = object()
"""The value of a setting that is computed."""


def reshaped(dims: Dims, x: Shape, shape: Any) -> Found:
    """`x` in another shape; what -1 stands for is worked out where it can be."""
    wanted = (shape,) if isinstance(shape, (int, Symbol)) else shape
    if not isinstance(wanted, tuple) or any(item is UNKNOWN for item in wanted):
        count = len(wanted) if isinstance(wanted, tuple) else None
        if count is None:
            return None
        wanted = tuple(dims.symbol() if item is UNKNOWN else item for item in wanted)
    if -1 in wanted:
        rest = [dims.find(dim) for dim in wanted if dim != -1]
        wanted = tuple(_left(dims, x, rest) if dim == -1 else dim for dim in wanted)
    return array(wanted, x.dtype)


def _left(dims: Dims, x: Shape, taken: list[Dim]) -> Dim:
    """The dimension that is left of all of `x` without those that are `taken`."""
    if x.kind != "array":
        return 1 if x in NUMERIC else dims.symbol()
    left = [dims.find(dim) for dim in x.dims]
    for dim in taken:
        if dim in left:
            left.remove(dim)
        elif dim != 1:
            return _numbers(dims, left, [dim])
    symbols = [dim for dim in left if isinstance(dim, Symbol)]
    if len(symbols) > 1 or (symbols and prod(dim for dim in left if isinstance(dim, int)) != 1):
        return dims.symbol()
    return symbols[0] if symbols else prod(dim for dim in left if isinstance(dim, int))


def _numbers(dims: Dims, left: Sequence[Dim], taken: Sequence[Dim]) -> Dim:
    numbers = [dim for dim in (*left, *taken) if isinstance(dim, int)]
    if len(numbers) < len(left) + len(taken) or not prod(numbers[len(left) :]):
        return dims.symbol()
    return prod(numbers[: len(left)]) // prod(numbers[len(left) :])


def raveled(dims: Dims, x: Shape) -> Found:
    if x in NUMERIC:
        return array((1,), x.dtype)
    if x.kind == "array" and len(x.dims) == 1:
        return x
    return array((_left(dims, x, []),), x.dtype)


def permuted(dims: Dims, x: Shape, axes: Any = None) -> Found:
    if x.kind != "array" or axes is UNKNOWN:
        return x if x in NUMERIC else None
    order = range(len(x.dims))[::-1] if axes is None else places(axes, len(x.dims), True)
    return array(tuple(x.dims[i] for i in order), x.dtype)


def swapped(dims: Dims, x: Shape, one: Any, two: Any) -> Found:
    if x.kind != "array" or not isinstance(one, int) or not isinstance(two, int):
        return None
    found = list(x.dims)
    found[one], found[two] = found[two], found[one]
    return array(tuple(found), x.dtype)


def moved(dims: Dims, x: Shape, source: Any, destination: Any) -> Found:
    if x.kind != "array" or UNKNOWN in (source, destination):
        return None
    here, there = (places(axis, len(x.dims), True) for axis in (source, destination))
    order = [i for i in range(len(x.dims)) if i not in here]
    for to, place in sorted(zip(there, here, strict=True)):
        order.insert(to, place)
    return array(tuple(x.dims[i] for i in order), x.dtype)


def squeezed(dims: Dims, x: Shape, axis: Any = None) -> Found:
    if x.kind != "array" or axis is UNKNOWN:
        return x if x in NUMERIC else None
    if axis is None and not all(isinstance(dim, int) or dim.origin == "seen" for dim in x.dims):
        return None
    gone = [i for i, dim in enumerate(x.dims) if dim == 1] if axis is None else places(axis, len(x.dims))
    return array(tuple(dim for i, dim in enumerate(x.dims) if i not in gone), x.dtype)


def expanded(dims: Dims, x: Shape, axis: Any) -> Found:
    if x.rank is None or axis is UNKNOWN:
        return None
    axes = axis if isinstance(axis, tuple) else (axis,)
    new = places(axes, x.rank + len(axes))
    rest = iter(x.dims)
    return array(tuple(1 if i in new else next(rest) for i in range(x.rank + len(axes))), x.dtype)


def at_least(dims: Dims, x: Shape, rank: Any) -> Found:
    if x.rank is None:
        return None
    missing = max(0, rank - x.rank)
    if rank == 3 and x.rank in (1, 2):
        return array((1, *x.dims, 1) if x.rank == 1 else (*x.dims, 1), x.dtype)
    return array((*(1,) * missing, *x.dims), x.dtype)


def joined(dims: Dims, xs: Any, axis: Any = 0) -> Found:
    """np.concatenate."""
    if axis is None and isinstance(xs, list) and None not in xs:
        xs, axis = [raveled(dims, shape) for shape in xs], 0
    shapes = _many(xs)
    if shapes is None or axis is UNKNOWN:
        return None
    place = places(axis, len(shapes[0].dims))[0]
    first = list(shapes[0].dims)
    total: Dim | None = first[place]
    for shape in shapes[1:]:
        for i, dim in enumerate(shape.dims):
            if i != place:
                first[i] = dims.equal(first[i], dim)
        total = _sum(total, shape.dims[place]) if total is not None else None
    first[place] = dims.symbol() if total is None else total
    return array(tuple(first), _dtype(shapes))


def _many(xs: Any) -> list[Shape] | None:
    """The shapes of many arrays of one rank, None where they can't be told."""
    if not isinstance(xs, list) or not xs or any(shape is None or shape.kind != "array" for shape in xs):
        return None
    if len({len(shape.dims) for shape in xs}) > 1:
        raise ValueError("they differ in rank: " + ", ".join(map(str, xs)))
    return xs


def _sum(one: Dim, two: Dim) -> Dim | None:
    if isinstance(two, int):
        return plus(one, two)
    return plus(two, one) if isinstance(one, int) else None


def _dtype(shapes: Sequence[Shape]) -> str:
    dtypes = {shape.dtype for shape in shapes}
    return dtypes.pop() if len(dtypes) == 1 else "float" if "float" in dtypes else ""


def stacked(dims: Dims, xs: Any, axis: Any = 0) -> Found:
    """np.stack: along a new axis."""
    if not isinstance(xs, list) or not xs or any(shape is None or shape.rank is None for shape in xs):
        return None
    shape = xs[0]
    for other in xs[1:]:
        if other.rank != shape.rank:
            raise ValueError(f"{shape} and {other} differ in rank")
        if shape.kind == "array":
            shape = dims.alike(shape, other) or shape
    if axis is UNKNOWN:
        return None
    place = places(axis, len(shape.dims) + 1)[0]
    return array((*shape.dims[:place], len(xs), *shape.dims[place:]), _dtype(xs))


def rows(dims: Dims, xs: Any) -> Found:
    """np.vstack."""
    known = isinstance(xs, list) and xs and all(shape is not None and shape.rank is not None for shape in xs)
    return joined(dims, [at_least(dims, shape, 2) for shape in xs], 0) if known else None


def columns(dims: Dims, xs: Any) -> Found:
    """np.hstack."""
    known = isinstance(xs, list) and xs and all(shape is not None and shape.rank is not None for shape in xs)
    flat = [at_least(dims, shape, 1) for shape in xs] if known else None
    return joined(dims, flat, 0 if flat[0].rank == 1 else 1) if flat and flat[0] else None


def cut(dims: Dims, x: Shape, axis: Any = -1, n: Any = 1) -> Found:
    """np.diff: `n` less along an axis."""
    if x.kind != "array" or axis is UNKNOWN or not isinstance(n, int):
        return None
    found = list(x.dims)
    place = places(axis, len(found))[0]
    dim = found[place]
    found[place] = max(0, dim - n) if isinstance(dim, int) else plus(dim, -n)
    return array(tuple(found), x.dtype)


def loose(dims: Dims, x: Shape, axis: Any = UNKNOWN) -> Found:
    """An array of the rank of `x`, of which one dimension is another; all of them without an axis."""
    if x.kind != "array" or axis is UNKNOWN:
        return array(tuple(dims.symbol() for _ in x.dims), x.dtype) if x.kind == "array" else None
    if axis is None:
        return array((dims.symbol(),), x.dtype)
    place = places(axis, len(x.dims))
    return array(tuple(dims.symbol() if i in place else dim for i, dim in enumerate(x.dims)), x.dtype)


def traced(dims: Dims, x: Shape) -> Found:
    """np.trace: without the first two dimensions."""
    return array(x.dims[2:], x.dtype) if x.kind == "array" else None


def indexed(dims: Dims, x: Shape, index: Any) -> Found:
    """`x[index]`: slices, numbers, None and `...`, and arrays of whole numbers or truth values."""
    items = list(index) if isinstance(index, tuple) else [index]
    if x.kind != "array" or UNKNOWN in items:
        return None
    taken = sum(len(item.dims) if _mask(item) else 1 for item in items if item is not None and item is not ...)
    if taken > len(x.dims):
        raise ValueError(f"{taken} indices for {x}")
    rest = [slice(None)] * (len(x.dims) - taken)
    place = items.index(...) if ... in items else len(items)
    items[place : place + 1] = rest
    left = list(x.dims)
    found: list[Dim] = []
    advanced: list[tuple[int, Shape]] = []
    for i, item in enumerate(items):
        if item is None:
            found.append(1)
        elif isinstance(item, slice):
            found.append(_sliced(dims, left.pop(0), item))
        elif isinstance(item, Shape) and item.kind == "array":
            for _ in item.dims if item.dtype == "bool" else (0,):
                left.pop(0)
            shape = array((dims.symbol(),)) if item.dtype == "bool" else item
            advanced.append((len(found) if _beside(items, i) else 0, shape))
        else:
            left.pop(0)
            if any(isinstance(other, Shape) and other.kind == "array" for other in items):
                advanced.append((len(found) if _beside(items, i) else 0, array(())))
    if advanced:
        start = min(where for where, _ in advanced)
        found[start:start] = dims.broadcast([shape for _, shape in advanced]).dims
    return array(tuple(found), x.dtype)


def _mask(item: object) -> bool:
    return isinstance(item, Shape) and item.dtype == "bool"


def _beside(items: Sequence[object], place: int) -> bool:
    """Whether no slice stands between the arrays and numbers of an index: their dimensions then stay in place."""
    here = [i for i, item in enumerate(items) if item is not None and not isinstance(item, slice)]
    return here == list(range(here[0], here[-1] + 1))


def _factors(dim: Symbol, *bounds: object) -> list[int] | None:
    """How often the name in `dim` is taken by each bound; None where one is no multiple of it."""
    if dim.offset or all(isinstance(bound, int) for bound in bounds):
        return None
    alike = [isinstance(one, Symbol) and one.name == dim.name and not one.offset for one in bounds]
    if not all(same or bound == 0 for same, bound in zip(alike, bounds, strict=True)):
        return None
    return [bound.factor if isinstance(bound, Symbol) else 0 for bound in bounds]


def _sliced(dims: Dims, dim: Dim, part: slice) -> Dim:
    """The length of a slice of `dim` items."""
    start, stop, step = part.start, part.stop, part.step
    if (start, stop, step) in ((None, None, None), (0, None, None), (None, None, 1), (None, None, -1)):
        return dim
    if isinstance(dim, int) and all(one is None or isinstance(one, int) for one in (start, stop, step)):
        return len(range(*slice(start, stop, step).indices(dim)))
    bounds = (0 if start is None else start, dim if stop is None else stop)
    if isinstance(dim, Symbol) and step in (None, 1) and (factors := _factors(dim, *bounds)):
        first, last = min(factors[0], dim.factor), min(factors[1], dim.factor)
        return multiple(replace(dim, factor=1), last - first) if last > first else 0
    if isinstance(dim, Symbol) and step in (None, 1):
        if stop is None and isinstance(start, int) and start > 0:
            return plus(dim, -start)
        if start in (None, 0) and isinstance(stop, int) and stop < 0:
            return plus(dim, stop)
        if isinstance(start, int) and isinstance(stop, int) and start > 0 > stop:
            return plus(dim, stop - start)
    return dims.symbol()


def places(axis: Any, rank: int, several: bool = False) -> tuple[int, ...]:
    """The axes that `axis` names, counted from the first; ValueError for one that is not there."""
    axes = tuple(axis) if isinstance(axis, (tuple, list)) else (axis,)
    for one in axes:
        if not isinstance(one, int) or not -rank <= one < rank:
            raise ValueError(f"there is no axis {one} in {rank} dimensions")
    return tuple(one % rank for one in axes)
