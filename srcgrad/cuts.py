"""What rules of layout may call that is worked out while code is generated: parts of a gradient, sums of them.

As in helpers.py: a helper gives an expression, None where the facts do not tell it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from srcgrad.arithmetic import simplify
from srcgrad.expr import Expr, bare, binary, call, constant, display, number, subscript
from srcgrad.extents import numpy
from srcgrad.known import Known
from srcgrad.layouts import UNKNOWN, places
from srcgrad.shape import NUMERIC
from srcgrad.sizes import of_expr
from srcgrad.spans import landing_of, pads


def size_of(x: Expr, axis: int, known: Known) -> Expr:
    """The length of `x` along an axis: a number, a variable of the user's that is it, else `x.shape[axis]`."""
    shape = known.shape(x)
    if shape is not None and -len(shape.dims) <= axis < len(shape.dims):
        found = known.lengths(shape.dims[axis])
        if found is not None:
            return found
    if x.head in ("list", "tuple") and axis == 0:
        return number(len(x.operands))
    if constant(x) is not None or x.head != "var":
        return subscript(numpy("shape", x), axis)
    return subscript(Expr("attribute", (x, ".shape")), axis)


def indexed(value: Expr, places_: Sequence[Expr | str]) -> Expr:
    """`value[a, b]`."""
    parts: list[Expr | str] = []
    for place in places_:
        parts += ([", "] if parts else []) + [Expr("text", (place,)) if isinstance(place, str) else place]
    if len(parts) == 1 and isinstance(parts[0], Expr):
        return Expr("subscript", (value, "[", parts[0], "]"))
    return Expr("subscript", (value, "[", Expr("index", tuple(parts)), "]"))


def bounds(first: Expr | None, last: Expr | None) -> Expr:
    """`first:last`."""
    return Expr("slice", (*(() if first is None else (first,)), ":", *(() if last is None else (last,))))


def product(sizes: Sequence[Expr]) -> Expr:
    found = sizes[0] if sizes else number(1)
    for size in sizes[1:]:
        found = simplify(binary("*", found, size))
    return found


def total(sizes: Sequence[Expr]) -> Expr | None:
    """The sum of sizes; None of none."""
    found: Expr | None = None
    for size in sizes:
        found = size if found is None else simplify(binary("+", found, size))
    return found


def stretch(sizes: Sequence[Expr], last: bool) -> Expr:
    """`a:b`: the places of an item along an axis, by its size and those before it; `a:` of the last of all."""
    return bounds(total(sizes[:-1]), None if last else total(sizes))


def part(args: list[Expr], known: Known) -> Expr | None:
    """The part of `dy` that belongs to the item at a place of many that were joined along an axis.

    A fourth number says to how many dimensions the items are raised first, -2 for columns.
    """
    dy, items, at, axis = args[0], bare(args[1]).operands, constant(args[2]), of_expr(args[3], known.facts)
    raised = constant(args[4]) if len(args) > 4 else None
    if not isinstance(at, int):
        return None
    ranks = [_rank(item, known) for item in items]
    if axis is None or (axis == 0 and raised == 1):
        return _flat_part(dy, items, at, known)
    if raised is not None and (not isinstance(raised, int) or None in ranks):
        return _raised_part(dy, items, at, int(axis), raised, known)
    if raised is not None and isinstance(raised, int):
        return _stacked_part(dy, items, at, axis, raised, known)
    if not isinstance(axis, int):
        sizes = [subscript_of(item, args[3]) for item in items[: at + 1]]
        return numpy("take", dy, _range(sizes), axis=args[3])
    rank = ranks[at]
    axis = axis % rank if rank else axis
    return _sliced(dy, axis, [size_of(bare(item), axis, known) for item in items[: at + 1]], at + 1 == len(items))


def _rank(item: Expr, known: Known) -> int | None:
    inner = bare(item)
    if inner.head in ("list", "tuple"):
        return 1
    return 0 if constant(inner) is not None else known.rank(inner)


def _keyword(name: str, value: Expr) -> Expr:
    return Expr("keyword", (f"{name}=", value))


def subscript_of(item: Expr, axis: Expr) -> Expr:
    shape = Expr("attribute", (item, ".shape")) if item.head == "var" else numpy("shape", item)
    return Expr("subscript", (shape, "[", axis, "]"))


def _range(sizes: Sequence[Expr]) -> Expr:
    """The places between the sum of all but the last size and the sum of all."""
    first, last = total(sizes[:-1]), total(sizes)
    assert last is not None
    return call(Expr("name", ("range",)), *(() if first is None else (first,)), last)


def _sliced(dy: Expr, axis: int, sizes: Sequence[Expr], last: bool) -> Expr:
    """`dy[:, a:b]` or, of an axis that is counted from the end, `dy[..., a:b, :]`."""
    cut = stretch(sizes, last)
    if axis < 0:
        return indexed(dy, ["...", cut, *[":"] * (-axis - 1)])
    return indexed(dy, [*[":"] * axis, cut])


def between(args: list[Expr], known: Known) -> Expr | None:
    """`:, 1:-1`: an index that leaves out as many at the beginning and the end of an axis as is said."""
    first, last = constant(args[1]), constant(args[2])
    return _mark(args[0], f"{first or ''}:{-last if last else ''}", args[3], known)


def span(args: list[Expr], known: Known) -> Expr | None:
    """`:, 1:2`: an index of the places that are written out, along an axis."""
    return _mark(args[0], bare(args[1]).leaf.strip("'\""), args[2], known)


def _mark(axis_: Expr, cut: str, x: Expr, known: Known) -> Expr | None:
    """The index that has `cut` along an axis of `x`."""
    axis = of_expr(axis_, known.facts)
    if not isinstance(axis, int):
        return None
    axis = axis % rank if (rank := known.rank(x)) else axis
    marks = ["...", cut, *[":"] * (-axis - 1)] if axis < 0 else [*[":"] * axis, cut]
    return Expr("text", (", ".join(marks),))


def _flat_part(dy: Expr, items: Sequence[Expr], at: int, known: Known) -> Expr:
    """The part of a flat gradient, in the shape of its item."""
    item = bare(items[at])
    sizes = [_count(bare(one), known) for one in items[: at + 1]]
    rank = _rank(item, known)
    if rank == 0:
        return indexed(dy, [total(sizes[:-1]) or number(0)])
    made = _sliced(dy, 0, sizes, at + 1 == len(items))
    return made if rank == 1 else reshaped(made, item, known)


def _count(item: Expr, known: Known) -> Expr:
    """How many items a value has."""
    rank = _rank(item, known)
    if rank == 0:
        return number(1)
    if rank == 1:
        return size_of(item, 0, known)
    return Expr("attribute", (item, ".size")) if rank is not None else numpy("size", item)


def reshaped(value: Expr, like: Expr, known: Known) -> Expr:
    """`value.reshape(x.shape)`; of what may be a number, by the functions of numpy."""
    shape = known.whole(like)
    if shape is not None and shape.kind == "array":
        return call(Expr("attribute", (value, ".reshape")), Expr("attribute", (like, ".shape")))
    return numpy("reshape", value, numpy("shape", like))


def _stacked_part(dy: Expr, items: Sequence[Expr], at: int, axis: Any, raised: int, known: Known) -> Expr:
    """The part that belongs to an item that was raised to so many dimensions, an index along each new one."""
    sizes, rank = [], _rank(items[at], known) or 0
    axis = axis % abs(raised) if axis < 0 and rank <= abs(raised) else axis
    for item in items[: at + 1]:
        own = _rank(item, known) or 0
        sizes.append(number(1) if own < abs(raised) else size_of(bare(item), axis, known))
    if rank >= abs(raised):
        return _sliced(dy, axis, sizes, at + 1 == len(items))
    place = total(sizes[:-1]) or number(0)
    if raised == -2:
        return indexed(dy, [":" if rank == 1 else number(0), place])
    if raised == 3:
        marks: list[Expr | str] = [":" if rank > 1 else number(0), ":" if rank else number(0), place]
        return indexed(dy, marks)
    return indexed(dy, [place] if rank == 1 else [place, number(0)])


_RAISED = {2: "atleast_2d", 3: "atleast_3d"}


def _raised_part(dy: Expr, items: Sequence[Expr], at: int, axis: int, raised: object, known: Known) -> Expr:
    """As above where the numbers of dimensions are not known."""
    sizes = []
    for item in items[: at + 1]:
        column = call(Expr("import", ("numpy.column_stack",)), display("list", (item,)))
        lifted = column if raised == -2 else numpy(_RAISED[raised if isinstance(raised, int) else 2], item)
        sizes.append(subscript(Expr("attribute", (lifted, ".shape")), axis))
    return reshaped(_sliced(dy, axis, sizes, at + 1 == len(items)), bare(items[at]), known)


def layer(args: list[Expr], known: Known) -> Expr | None:
    """The part of `dy` that belongs to the array `x` at a place of many that were stacked along a new axis."""
    dy, x, place, axis = args[0], args[1], args[2], of_expr(args[3], known.facts)
    if not isinstance(axis, int):
        return numpy("take", dy, place, axis=args[3])
    rank = _rank(x, known)
    axis = axis % (rank + 1) if rank is not None else axis
    return indexed(dy, ["...", place, *[":"] * (-axis - 1)] if axis < 0 else [*[":"] * axis, place])


def untiled(args: list[Expr], known: Known) -> Expr | None:
    """`dy` of np.tile, summed over the repetitions."""
    dy, x, reps = args[0], bare(args[1]), of_expr(args[2], known.facts)
    rank = known.rank(x)
    counts = list(reps) if isinstance(reps, tuple) else [reps]
    if rank is None or not all(isinstance(count, int) for count in counts):
        return None
    counts = [1] * (rank - len(counts)) + counts
    ahead = len(counts) - rank
    sizes: list[Expr] = [number(count) for count in counts[:ahead]]
    summed = list(range(ahead))
    for axis, count in enumerate(counts[ahead:]):
        if count != 1:
            summed.append(len(sizes))
            sizes.append(number(count))
        sizes.append(size_of(x, axis, known))
    if not summed:
        return dy
    split = any(count != 1 for count in counts[ahead:])
    made = call(Expr("attribute", (dy, ".reshape")), *sizes) if split else dy
    return _summed(made, summed)


def _summed(value: Expr, axes: Sequence[int]) -> Expr:
    text = str(axes[0]) if len(axes) == 1 else f"({', '.join(map(str, axes))})"
    return Expr("call", (Expr("attribute", (value, ".sum")), "(", _keyword("axis", Expr("text", (text,))), ")"))


def unrepeated(args: list[Expr], known: Known) -> Expr | None:
    """`dy` of np.repeat by one number, summed over the repetitions."""
    dy, x, repeats, axis = args[0], bare(args[1]), bare(args[2]), of_expr(args[3], known.facts)
    shape, rank = Expr("attribute", (x, ".shape")), known.rank(x)
    if axis is None or axis == -1 or (rank is not None and axis == rank - 1):
        if rank is not None:
            sizes = [*(size_of(x, i, known) for i in range(rank)), repeats]
            return _summed(call(Expr("attribute", (dy, ".reshape")), *sizes), [rank])
        once = Expr("paren", ("(", Expr("tuple", (repeats, ",")), ")"))
        return _summed(call(Expr("attribute", (dy, ".reshape")), binary("+", shape, once)), [-1])
    if not isinstance(axis, int):
        return None
    if rank is None:
        once = Expr("paren", ("(", Expr("tuple", (repeats, ",")), ")"))
        before, after = (Expr("subscript", (shape, text)) for text in (f"[:{axis + 1}]", f"[{axis + 1}:]"))
        made = binary("+", binary("+", before, once), after)
        return _summed(call(Expr("attribute", (dy, ".reshape")), made), [axis if axis < 0 else axis + 1])
    axis = places(axis, rank)[0]
    sizes = [size_of(x, i, known) for i in range(rank)]
    sizes.insert(axis + 1, repeats)
    return _summed(call(Expr("attribute", (dy, ".reshape")), *sizes), [axis + 1])


def unpadded(args: list[Expr], known: Known) -> Expr | None:
    """The part of `dy` that is not padding."""
    dy, x, width = args[0], bare(args[1]), of_expr(args[2], known.facts)
    rank = known.rank(x)
    if rank is None:
        rank = len(width) if isinstance(width, tuple) and len(width) > 1 and isinstance(width[0], tuple) else None
    if rank is None and isinstance(width, int) and width:
        every = call(Expr("name", ("slice",)), number(width), number(-width))
        once = Expr("paren", ("(", Expr("tuple", (every, ",")), ")"))
        return Expr("subscript", (dy, "[", binary("*", once, numpy("ndim", x)), "]"))
    number_ = width is UNKNOWN and known.whole(args[2]) in NUMERIC
    if rank is None or (width is UNKNOWN and not number_):
        return dy if width == 0 else None
    marks: list[Expr | str] = []
    for before, after in pads(width, rank):
        if not isinstance(before, int) or not isinstance(after, int):
            if isinstance(width, tuple):
                return None
            marks.append(bounds(args[2], binary("+", args[2], size_of(x, len(marks), known))))
            continue
        first = number(before) if before else None
        last = number(-after) if after else None
        marks.append(bounds(first, last) if before or after else ":")
    while marks and marks[-1] == ":":
        marks.pop()
    return indexed(dy, marks) if marks else dy


def landing(args: list[Expr], known: Known) -> Expr | None:
    """The place at which np.rollaxis puts an axis."""
    axis, start = (of_expr(arg, known.facts) for arg in args[1:3])
    place = landing_of(known.rank(args[0]), axis, start)
    return None if place is None else number(place)
