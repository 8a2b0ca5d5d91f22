"""The shape of what is made of matrices: their factors, what solves them, products in blocks, powers.

As in layouts.py: what is known of the dimensions comes first; None where the shape can't be told.
"""

from __future__ import annotations

from typing import Any

from srcgrad.layouts import UNKNOWN, Found
from srcgrad.shape import SCALAR, WHOLE, Dim, Dims, Shape, Symbol, array, mixed


def determined(dims: Dims, x: Shape) -> Found:
    """np.linalg.det: a number of each matrix."""
    return array(x.dims[:-2], "float") if x.kind == "array" else None


def covariances(dims: Dims, x: Shape, rows: Any = True) -> Found:
    """np.cov: every row with every other, or every column; of one row a number."""
    if x.kind != "array" or not isinstance(rows, bool) or len(x.dims) > 2:
        return None
    count = 1 if len(x.dims) == 1 else x.dims[0 if rows else 1]
    return SCALAR if count == 1 else array((count, count), "float")


def eigen(dims: Dims, x: Shape) -> Found:
    """np.linalg.eigh: numbers, and a vector for each."""
    return _several(array(x.dims[:-1], "float"), array(x.dims, "float")) if x.kind == "array" else None


def halved(dims: Dims, x: Shape) -> Found:
    """scipy.linalg.cho_factor: the factor, and which triangle has it."""
    return _several(x, WHOLE) if x.kind == "array" else None


def along_rows(dims: Dims, x: Shape) -> Found:
    """A number for each vector: the eigenvalues of a matrix, a density of each row."""
    if x.kind != "array":
        return None
    return array(x.dims[:-1], "float") if len(x.dims) > 1 else SCALAR


def singular(dims: Dims, x: Shape) -> Found:
    """np.linalg.svdvals."""
    return array((*x.dims[:-2], _shorter(dims, x)), "float") if x.kind == "array" and len(x.dims) > 1 else None


def factored(dims: Dims, x: Shape, full: Any) -> Found:
    """np.linalg.svd: as many vectors as singular values, or two squares."""
    if x.kind != "array" or len(x.dims) < 2:
        return None
    (*ahead, rows, columns), short = x.dims, _shorter(dims, x)
    one, two = (short, short) if full is False else (rows, columns)
    if full is UNKNOWN and rows != columns:
        one, two = dims.symbol(), dims.symbol()
    return _several(*(array((*ahead, *size), "float") for size in ((rows, one), (short,), (two, columns))))


def triangled(dims: Dims, x: Shape, mode: Any) -> Found:
    """np.linalg.qr, scipy.linalg.qr."""
    if x.kind != "array" or len(x.dims) < 2:
        return None
    *ahead, rows, columns = x.dims
    short = _shorter(dims, x) if mode == "economic" else rows if mode == "full" else dims.symbol()
    return _several(array((*ahead, rows, short), "float"), array((*ahead, short, columns), "float"))


def nearest(dims: Dims, a: Shape, b: Shape) -> Found:
    """np.linalg.lstsq: the solution, residuals, the rank, singular values."""
    if a.kind != "array" or b.kind != "array" or len(a.dims) != 2:
        return None
    dims.equal(a.dims[0], b.dims[0])
    one = array((dims.symbol(),), "float")
    return _several(array((a.dims[1], *b.dims[1:]), "float"), one, WHOLE, one)


def _several(*items: Shape) -> Shape:
    return Shape("tuple", len(items), items=items)


def _shorter(dims: Dims, x: Shape) -> Dim:
    """The shorter side of a matrix."""
    rows, columns = x.dims[-2:]
    if isinstance(rows, int) and isinstance(columns, int):
        return min(rows, columns)
    return rows if rows == columns else dims.symbol()


def behind(dims: Dims, a: Shape, b: Shape) -> Found:
    """np.linalg.tensorsolve: what a has behind the axes of b."""
    if a.kind != "array" or b.rank is None or len(a.dims) <= b.rank:
        return None
    return array(a.dims[b.rank :], "float")


def turned_over(dims: Dims, x: Shape, count: Any) -> Found:
    """np.linalg.tensorinv: the first axes behind the others."""
    if x.kind != "array" or not isinstance(count, int) or not 0 < count < len(x.dims):
        return None
    return array((*x.dims[count:], *x.dims[:count]), "float")


def beside_diagonally(dims: Dims, xs: list[Shape]) -> Found:
    """scipy.linalg.block_diag: of a row a block of one row."""
    if any(x.rank is None or x.rank > 2 for x in xs):
        return None
    sizes = [(1, 1, *x.dims)[-2:] for x in xs]
    return array(tuple(_total(dims, [size[axis] for size in sizes]) for axis in (0, 1)), "float")


def _total(dims: Dims, sizes: list[Dim]) -> Dim:
    known = [size for size in sizes if isinstance(size, int)]
    return sum(known) if len(known) == len(sizes) else dims.symbol()


def diagonals_of(dims: Dims, c: Shape, r: Shape) -> Found:
    """scipy.linalg.toeplitz, of its first column and row."""
    if c.kind != "array" or r.kind != "array" or not len(c.dims) == len(r.dims) == 1:
        return None
    return array((*c.dims, *r.dims), "float")


def slopes(dims: Dims, y: Shape, axis: Any = None) -> Found:
    """np.gradient: along one axis an array of as many items, along all of them such a one for each."""
    if y.kind != "array" or not (axis is None or isinstance(axis, int)):
        return None
    return y if isinstance(axis, int) or y.rank == 1 else array((len(y.dims), *y.dims), y.dtype)


def powers(dims: Dims, x: Shape, count: Any) -> Found:
    """np.vander."""
    if x.kind != "array":
        return None
    known = isinstance(count, (int, Symbol))
    return array((x.dims[0], x.dims[0] if count is None else count if known else dims.symbol()), "float")


def longer(dims: Dims, x: Shape, y: Shape) -> Found:
    """np.polyadd."""
    if x.rank != 1 or y.rank != 1:
        return None
    one, two = *x.dims, *y.dims
    size = max(one, two) if isinstance(one, int) and isinstance(two, int) else one if one == two else dims.symbol()
    return array((size,), mixed(x.dtype, y.dtype))


def coefficients(dims: Dims, y: Shape, degree: Any) -> Found:
    """np.polyfit."""
    if y.kind != "array":
        return None
    return array((degree + 1 if isinstance(degree, int) else dims.symbol(), *y.dims[1:]), "float")


def kronecker(dims: Dims, x: Shape, y: Shape) -> Found:
    """np.kron of two of one rank."""
    if x.kind != "array" or y.kind != "array" or len(x.dims) != len(y.dims):
        return None
    sizes = [
        one * two if isinstance(one, int) and isinstance(two, int) else dims.symbol()
        for one, two in zip(x.dims, y.dims, strict=True)
    ]
    return array(tuple(sizes), mixed(x.dtype, y.dtype))
