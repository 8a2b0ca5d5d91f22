"""What a rule may call that is worked out while code is generated: counts, inverse permutations, parts of an array.

A helper gives an expression, None where the facts do not tell it; a question is answered, and decides an `if`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from srcgrad import cuts, gathers
from srcgrad.blocks import block_part, diagonal_part
from srcgrad.contractions import contracted_back, summed_back
from srcgrad.cuts import product, size_of
from srcgrad.expr import Expr, bare, binary, call, constant, display, number, render, var, walk
from srcgrad.extents import extent, stripped, undone, unknown
from srcgrad.known import Known
from srcgrad.layouts import UNKNOWN, places
from srcgrad.shape import NUMERIC, Shape
from srcgrad.sizes import index, of_expr


def _restored(args: list[Expr], known: Known) -> Expr | None:
    """`np.expand_dims(ds, axis)`: what a reduction has left, so that it broadcasts against what was reduced."""
    value, axis, shape = bare(args[0]), of_expr(args[1], known.facts), extent(args[0], known)
    ranks = [known.rank(node) for node in walk(value) if node.head == "var"]
    left = None if None in ranks else max((rank for rank in ranks if rank is not None), default=None)
    if left is None or shape is None or axis is UNKNOWN or axis is None or shape.rank is None:
        return None
    gone = places(axis, left + (len(axis) if isinstance(axis, tuple) else 1))
    rank = left + len(gone)
    there = [i for i in range(rank) if i not in gone][left - shape.rank :]
    marks = [":" if i in there else "None" for i in range(there[0] if there else rank, rank)]
    if "None" not in marks:
        return value
    owner = value if value.head in ("var", "call", "subscript") else Expr("paren", ("(", value, ")"))
    return Expr("subscript", (owner, f"[{', '.join(marks)}]"))


def _count(args: list[Expr], known: Known) -> Expr | None:
    """How many items a reduction of `x` over `axis` takes together; `s` is what it makes of them."""
    x, axis, s = bare(args[0]), of_expr(args[1], known.facts), args[2]
    shape = known.shape(x)
    if constant(x) is not None:
        return number(1)
    if axis is None:
        if shape is not None and shape.rank == 0:
            return number(1)
        if shape is not None and len(shape.dims) == 1 and shape.dims[0] in known.sizes:
            return var(known.sizes[shape.dims[0]])
        if shape is not None and all(isinstance(dim, int) for dim in shape.dims):
            return product([number(dim) for dim in shape.dims if isinstance(dim, int)])
        like = known.named(shape) if shape is not None else None
        if like is not None:
            return Expr("attribute", (like, ".size"))
        return (
            Expr("attribute", (x, ".size"))
            if shape is not None and shape.rank
            else call(Expr("import", ("numpy.size",)), x)
        )
    if axis is UNKNOWN:
        size = Expr("import", ("numpy.size",))
        return binary("/", call(size, x), call(size, s))
    axes = axis if isinstance(axis, tuple) else (axis,)
    return product([size_of(x, place, known) for place in axes])


def _length(args: list[Expr], known: Known) -> Expr:
    """How many items a row has: a variable of the user's that says it, else `x.shape[0]`."""
    return size_of(bare(args[0]), 0, known)


def _counted(args: list[Expr], known: Known) -> Expr | None:
    """How many items a list has that is written out."""
    whole = bare(args[0])
    return number(len(whole.operands)) if whole.head in ("list", "tuple") else None


def _inverse(args: list[Expr], known: Known) -> Expr | None:
    """The axes that undo a transposition."""
    axes, rank = of_expr(args[0], known.facts), known.rank(args[1])
    axes = (axes,) if isinstance(axes, int) else axes
    if not isinstance(axes, tuple) or any(not isinstance(axis, int) for axis in axes):
        return None
    places_ = places(axes, rank if rank is not None else len(axes))
    found = sorted(range(len(places_)), key=lambda i: places_[i])
    return display("tuple", tuple(number(i) for i in found))


def _negated(args: list[Expr], known: Known) -> Expr | None:
    """Every number of a setting with the other sign."""
    value = of_expr(args[0], known.facts)
    if isinstance(value, tuple) and all(isinstance(item, int) for item in value):
        return display("tuple", tuple(number(-item) for item in value))
    if isinstance(value, int):
        return number(-value)
    shape = known.facts.get(bare(args[0]).leaf) if bare(args[0]).head == "var" else None
    return Expr("neg", ("-", args[0])) if shape in NUMERIC else call(Expr("import", ("numpy.negative",)), args[0])


def _repeats(args: list[Expr], known: Known) -> bool:
    """Whether an index may name one place twice: arrays of numbers may, slices and masks and `np.arange` don't."""
    found = index(args[0], known.facts)
    items = found if isinstance(found, tuple) else (found,)
    arrays = [item for item in items if isinstance(item, Shape) and item.kind == "array" and item.dtype != "bool"]
    if UNKNOWN in items:
        return True
    ranges = [item.dims for item in arrays if item.dtype == "range"]
    distinct = any(all(item.dims == dims for item in arrays) for dims in ranges)  # a row of one would be repeated
    return bool(arrays) and not distinct


def _large(args: list[Expr], known: Known) -> bool:
    """Whether a value may be an array."""
    shape = known.facts.get(bare(args[0]).leaf) if bare(args[0]).head == "var" else None
    return shape is not None and shape.kind in ("array", "any")


def _single(args: list[Expr], known: Known) -> bool:
    """Whether an upstream gradient is one number for all items."""
    return known.shape(args[0]) in NUMERIC


def _flat(args: list[Expr], known: Known) -> Any:
    """Whether np.linalg.norm is the root of a sum of squares."""
    order, vector = of_expr(args[1], known.facts), _along_one(args, known)
    if order is None:
        return True
    return UNKNOWN if vector is UNKNOWN else order == 2 if vector is not None else order == "fro"


def _along_one(args: list[Expr], known: Known) -> Any:
    """The `ord` of np.linalg.norm where it is taken of vectors, None where of matrices."""
    x, order, axis = bare(args[0]), bare(args[1]), of_expr(args[2], known.facts)
    rank = known.rank(x)
    if axis is UNKNOWN or (axis is None and rank is None):
        return UNKNOWN
    if isinstance(axis, tuple) or (axis is None and rank != 1):
        return None
    return _order(order, known)


def _order(order: Expr, known: Known) -> Any:
    """What an `ord` is, "inf" for the infinite one."""
    infinite = render(order) in ("np.inf", "numpy.inf", "math.inf")
    return "inf" if infinite else of_expr(order, known.facts)


def _powered(args: list[Expr], known: Known) -> bool:
    """Whether np.linalg.norm is the root of a sum of powers."""
    order = _along_one(args, known)
    return isinstance(order, (int, float)) and order != 0


def _of_matrix(args: list[Expr], known: Known) -> Any:
    """The `ord` of np.linalg.norm where it is taken of one matrix, None where of anything else."""
    axes = of_expr(args[2], known.facts)
    return _order(bare(args[1]), known) if known.rank(bare(args[0])) == 2 and axes in (None, (0, 1), (-2, -1)) else None


def _is_square(args: list[Expr], known: Known) -> Any:
    """Whether a matrix has as many rows as columns, as far as its shape says."""
    shape = known.shape(args[0])
    return UNKNOWN if shape is None or len(shape.dims) < 2 else shape.dims[-2] == shape.dims[-1]


def _is_high(args: list[Expr], known: Known) -> bool:
    """Whether a matrix is known to have no fewer rows than columns."""
    shape = known.shape(args[0])
    rows, columns = shape.dims[-2:] if shape is not None and len(shape.dims) > 1 else (0, 1)
    return rows == columns or (isinstance(rows, int) and isinstance(columns, int) and rows > columns)


_REVERSED = slice(None, None, -1)


def _everything(args: list[Expr], known: Known) -> bool:
    """Whether an index takes all items, each axis in its order or from its end."""
    found = index(args[0], known.facts)
    items = found if isinstance(found, tuple) else (found,)
    return all(item is None or item is ... or item in (slice(None), _REVERSED) for item in items)


def _picked(args: list[Expr], known: Known) -> Expr | None:
    """`dy[:, 0]`, what `x[:, None]` has of `x`, for an index that takes everything."""
    found = index(args[1], known.facts)
    items = found if isinstance(found, tuple) else (found,)
    marks = ["0" if item is None else "..." if item is ... else "::-1" if item == _REVERSED else ":" for item in items]
    while marks and marks[-1] in (":", "...") and "..." not in marks[:-1]:  # which leaves the last places open
        marks.pop()
    return Expr("subscript", (args[0], f"[{', '.join(marks)}]")) if marks else args[0]


def _undone(args: list[Expr], known: Known) -> Expr:
    """A gradient summed over the axes along which its operand was broadcast."""
    made, to = extent(args[0], known), known.shape(args[1])
    if made is None or to is None:
        return unknown(args[0], args[1])
    plain = stripped(args[0], known)
    return undone(plain if extent(plain, known) == made else args[0], made, to, args[1])


def _refused(args: list[Expr], known: Known) -> None:
    """No line is written: what is asked here is refused."""


HELPERS: dict[str, Callable[[list[Expr], Known], Expr | None]] = {
    "numpy.expand_dims": _restored,
    "count": _count,
    "length": _length,
    "builtins.len": _counted,
    "inverse": _inverse,
    "picked": _picked,
    "negated": _negated,
    "part": cuts.part,
    "between": cuts.between,
    "span": cuts.span,
    "layer": cuts.layer,
    "untiled": cuts.untiled,
    "unrepeated": cuts.unrepeated,
    "unpadded": cuts.unpadded,
    "landing": cuts.landing,
    **gathers.HELPERS,
    "block_part": block_part,
    "diagonal_part": diagonal_part,
    "undone": _undone,
    "refused": _refused,
    "summed_back": summed_back,
    "contracted_back": contracted_back,
}
QUESTIONS: dict[str, Callable[[list[Expr], Known], Any]] = {
    "repeats": _repeats,
    "large": _large,
    "single": _single,
    "everything": _everything,
    **gathers.QUESTIONS,
    "flat": _flat,
    "along_one": _along_one,
    "powered": _powered,
    "of_matrix": _of_matrix,
    "is_square": _is_square,
    "is_high": _is_high,
}
