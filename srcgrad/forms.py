"""The helpers with which gates state the shape of their result, as in `shape="drop(x, axis, keepdims)"`.

Each takes what is known of the dimensions so far, then the shapes of operands and the values of settings (UNKNOWN
where one is no literal), and gives a shape, None where it can't be told; ValueError where numpy would refuse.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from srcgrad import layouts, matrices, spans, spectra
from srcgrad.expr import Expr, constant
from srcgrad.gate import Gate
from srcgrad.layouts import UNKNOWN, Found, places, raveled, swapped
from srcgrad.shape import NUMERIC, SCALAR, WHOLE, Dim, Dims, Facts, Shape, Symbol, array, mixed
from srcgrad.sizes import index, worth
from srcgrad.subscripts import expanded, rows
from srcgrad.wengert import Pack, Value, Var, ref


def same(dims: Dims, x: Shape) -> Found:
    return x


def replaced(dims: Dims, x: Shape) -> Found:
    """As many items, each of which is another: the gradient on all of them is read."""
    return x


def scalar(dims: Dims, *xs: object) -> Found:
    return SCALAR


def broadcast(dims: Dims, *xs: Shape | list[Shape]) -> Found:
    shapes = [shape for x in xs for shape in (x if isinstance(x, list) else [x])]
    return None if None in shapes else dims.broadcast(shapes)


def added(dims: Dims, xs: Any) -> Found:
    """The sum of the items of a list, or along the first axis of an array."""
    if isinstance(xs, list):
        return broadcast(dims, xs)
    return SCALAR if xs.kind in ("list", "tuple") and not xs.items else drop(dims, xs, 0)


def drop(dims: Dims, x: Shape, axis: Any = None, keepdims: Any = False) -> Found:
    """A reduction over `axis`."""
    if keepdims is UNKNOWN or axis is UNKNOWN:
        return SCALAR if axis is None and keepdims is False else None
    if axis is None and not keepdims:
        return SCALAR
    if x.kind != "array":
        return x if x in NUMERIC else None
    gone = range(len(x.dims)) if axis is None else places(axis, len(x.dims))
    kept = [(1 if i in gone else dim) for i, dim in enumerate(x.dims) if keepdims or i not in gone]
    return array(tuple(kept), x.dtype)


def dropped(dims: Dims, x: Shape, y: Shape, axis: Any = None, keepdims: Any = False) -> Found:
    """A reduction over `axis` of what two operands are broadcast to."""
    both = broadcast(dims, x, y)
    return None if both is None else drop(dims, both, axis, keepdims)


def quantiles(dims: Dims, x: Shape, q: Any, axis: Any = None, keepdims: Any = False) -> Found:
    """np.quantile: a reduction, of several places with an axis for them before the others."""
    found, places_ = drop(dims, x, axis, keepdims), q.dims if isinstance(q, Shape) else ()
    places_ = (len(q),) if isinstance(q, tuple) else places_
    if q is UNKNOWN or found is None or (isinstance(q, Shape) and q.rank is None):
        return None
    return array((*places_, *found.dims), "float") if places_ else found


def along(dims: Dims, x: Shape, axis: Any = None) -> Found:
    """What goes along an axis, the flat array without one."""
    return raveled(dims, x) if axis is None else x if axis is not UNKNOWN else None


def dot(dims: Dims, x: Shape, y: Shape) -> Found:
    if x in NUMERIC or y in NUMERIC:
        return dims.broadcast([x, y])
    if x.kind != "array" or y.kind != "array":
        return None
    inner = y.dims[-2] if len(y.dims) > 1 else y.dims[0]
    dims.equal(x.dims[-1], inner)
    return array((*x.dims[:-1], *y.dims[:-2], *y.dims[-1:][: len(y.dims) - 1]), mixed(x.dtype, y.dtype))


def matmul(dims: Dims, x: Shape, y: Shape) -> Found:
    if x.kind != "array" or y.kind != "array":
        return None
    inner = y.dims[-2] if len(y.dims) > 1 else y.dims[0]
    dims.equal(x.dims[-1], inner)
    ahead = dims.broadcast([array(x.dims[:-2]), array(y.dims[:-2])])
    last = (*x.dims[-2:-1], *(y.dims[-1:] if len(y.dims) > 1 else ()))
    return array((*ahead.dims, *last), mixed(x.dtype, y.dtype))


def matvec(dims: Dims, x: Shape, y: Shape) -> Found:
    """A matrix by a vector, each along the last axes of many."""
    if x.kind != "array" or y.kind != "array":
        return None
    dims.equal(x.dims[-1], y.dims[-1])
    ahead = dims.broadcast([array(x.dims[:-2]), array(y.dims[:-1])])
    return array((*ahead.dims, x.dims[-2]), mixed(x.dtype, y.dtype))


def vecmat(dims: Dims, x: Shape, y: Shape) -> Found:
    return matvec(dims, swapped(dims, y, -1, -2) or y, x)


def vecdot(dims: Dims, x: Shape, y: Shape, axis: Any = -1) -> Found:
    """The inner products of rows along an axis."""
    return drop(dims, dims.broadcast([x, y]), axis) if x.kind == y.kind == "array" else None


def inner(dims: Dims, x: Shape, y: Shape) -> Found:
    if x in NUMERIC or y in NUMERIC:
        return dims.broadcast([x, y])
    if x.kind != "array" or y.kind != "array":
        return None
    dims.equal(x.dims[-1], y.dims[-1])
    return array((*x.dims[:-1], *y.dims[:-1]), mixed(x.dtype, y.dtype))


def outer(dims: Dims, x: Shape, y: Shape) -> Found:
    one, two = (raveled(dims, shape) for shape in (x, y))
    return array((*one.dims, *two.dims), mixed(x.dtype, y.dtype)) if one and two else None


def contracted(dims: Dims, x: Shape, y: Shape, axes: Any = None) -> Found:
    """np.tensordot, over two axes where they are not given."""
    axes = 2 if axes is None else axes
    if x.kind != "array" or y.kind != "array" or axes is UNKNOWN:
        return None
    left: Sequence[int]
    right: Sequence[int]
    if isinstance(axes, tuple) and UNKNOWN in _flat(axes):
        return None
    if isinstance(axes, int):
        left, right = range(len(x.dims) - axes, len(x.dims)), range(axes)
    else:
        left, right = (places(one, len(shape.dims), True) for one, shape in zip(axes, (x, y), strict=True))
    for i, j in zip(left, right, strict=True):
        dims.equal(x.dims[i], y.dims[j])
    kept = [dim for i, dim in enumerate(x.dims) if i not in left]
    return array((*kept, *(dim for i, dim in enumerate(y.dims) if i not in right)), mixed(x.dtype, y.dtype))


def _flat(axes: tuple[Any, ...]) -> list[Any]:
    return [axis for one in axes for axis in (one if isinstance(one, tuple) else (one,))]


def summed(dims: Dims, subscripts: Any, *xs: Shape | list[Shape]) -> Found:
    """np.einsum."""
    shapes = [shape for x in xs for shape in (x if isinstance(x, list) else [x])]
    if not isinstance(subscripts, str) or any(shape.kind not in ("array", "scalar", "whole") for shape in shapes):
        return None
    letters, result = expanded(rows(subscripts, len(shapes)), [len(shape.dims) for shape in shapes])
    sizes: dict[str, Dim] = {}
    for letter, dim in (
        (a, b) for row, one in zip(letters, shapes, strict=True) for a, b in zip(row, one.dims, strict=True)
    ):
        sizes[letter] = dims.wider(sizes[letter], dim) if letter in sizes else dim
    dtypes = {shape.dtype for shape in shapes}
    return array(tuple(sizes[letter] for letter in result), dtypes.pop() if len(dtypes) == 1 else "")


def given(dims: Dims, shape: Any) -> Found:
    """A shape that is written out."""
    wanted = shape if isinstance(shape, tuple) else (shape,)
    if shape is UNKNOWN or not all(isinstance(item, (int, Symbol)) or item is UNKNOWN for item in wanted):
        return None
    return array(tuple(dims.symbol() if item is UNKNOWN else item for item in wanted), "float")


def solved(dims: Dims, a: Shape, b: Shape) -> Found:
    """np.linalg.solve: of a vector, or of a stack of matrices."""
    if a.kind != "array" or b.kind != "array":
        return None
    dims.equal(a.dims[-1], b.dims[-2] if len(b.dims) > 1 else b.dims[0])
    ahead = dims.broadcast([array(a.dims[:-2]), array(b.dims[:-2])])
    return array((*ahead.dims, *b.dims[-2:]), "float")


def crossed(dims: Dims, x: Shape, y: Shape) -> Found:
    """np.cross of vectors of three."""
    return dims.broadcast([x, y])


def beside(dims: Dims, x: Shape, y: Shape) -> Found:
    """np.multiply.outer: every item of one with every item of the other."""
    return array((*x.dims, *y.dims), mixed(x.dtype, y.dtype)) if None not in (x.rank, y.rank) else None


def chained(dims: Dims, *xs: Shape) -> Found:
    """np.linalg.multi_dot."""
    found: Found = xs[0]
    for x in xs[1:]:
        found = found and dot(dims, found, x)
    return found


FORMS: dict[str, Callable[..., Found]] = {
    form.__name__: form
    for form in (
        same, replaced, scalar, broadcast, added, drop, dropped, quantiles, along, dot, matmul, matvec, vecmat, vecdot,
        inner, outer, contracted, summed, given, solved, crossed, beside, chained,
        spectra.circular, spectra.as_long, spectra.passed, spectra.frequencies, matrices.slopes,
        matrices.determined, matrices.covariances, matrices.eigen, matrices.halved, matrices.along_rows,
        matrices.singular, matrices.factored, matrices.triangled, matrices.nearest, matrices.kronecker, matrices.behind,
        matrices.turned_over, matrices.beside_diagonally, matrices.diagonals_of, matrices.powers, matrices.longer,
        matrices.coefficients,
        layouts.reshaped, layouts.raveled, layouts.permuted, layouts.swapped, layouts.moved, layouts.squeezed,
        layouts.expanded, layouts.at_least, layouts.joined, layouts.stacked, layouts.rows, layouts.columns,
        layouts.cut, spans.flat_cut, layouts.loose, layouts.traced, layouts.indexed,
        spans.rolled, spans.stretched, spans.tiled, spans.repeated, spans.turned, spans.padded, spans.triangular,
        spans.diagonalised, spans.diagonals, spans.nested, spans.depths, spans.upright, spans.blocks, spans.windows,
        spans.appended, spans.taken,
        spans.picked, spans.pieces, spans.layers, spans.filled, spans.counted, spans.between, spans.overlapped,
        spans.joined_rows, spans.joined_columns, spans.crossing, spans.inserted,
    )
}  # fmt: skip


def shape_of(gate: Gate, args: Mapping[str, Value], facts: Facts, dims: Dims) -> Found:
    """The shape of the result of a gate, as the gate states it; that of an elementwise one is the broadcast."""
    name, wanted = gate.form
    if not name:
        if gate.algebra != "elementwise":
            return None
        name, wanted = "broadcast", tuple(operand for operand in gate.operands if operand in args)
    if any(isinstance(args.get(one), Pack) and not gate.body.many(one) for one in wanted if one in gate.operands):
        return None  # a list where an array is read
    values = [_argument(gate, one, args, facts, dims) for one in wanted]
    if any(value is None and one in gate.operands for value, one in zip(values, wanted, strict=False)):
        return None
    return FORMS[name](dims, *values)


def _argument(gate: Gate, name: str, args: Mapping[str, Value], facts: Facts, dims: Dims) -> Any:
    """What a helper gets for a parameter of the gate: a shape, several of them, or the value of a setting."""
    if name.lstrip("-").isdigit():
        return int(name)
    if name == "None":
        return None
    if name in gate.operands:
        value = args.get(name)
        if isinstance(value, Pack):
            return [_shapes(item, gate, facts, dims) for item in value.items]
        return None if value is None else _shape(value, facts, dims)
    if name not in args:
        return gate.settings.get(name)
    value = args[name]
    if name in ("index", "indices", "q"):
        return index(value if isinstance(value, Expr) else ref(value), facts)
    return worth(value, facts)


def _shapes(value: Value, gate: Gate, facts: Facts, dims: Dims) -> Any:
    """The shape of one of many operands; of a row of blocks those of the blocks."""
    if isinstance(value, Pack) and gate.form[0] == "blocks":
        return [_shape(item, facts, dims) for item in value.items]
    return _shape(value, facts, dims)


def _shape(value: Value, facts: Facts, dims: Dims) -> Shape | None:
    if isinstance(value, Var):
        shape = facts.get(value.key)
        return shape and dims.resolved(shape)
    if isinstance(value, Pack):
        inner = [_shape(item, facts, dims) for item in value.items]
        return FORMS["stacked"](dims, inner, 0)
    if value.head == "name" and value.leaf in facts:
        return dims.resolved(facts[value.leaf])
    return WHOLE if isinstance(constant(value), int) else SCALAR
