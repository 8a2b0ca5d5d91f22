"""The shape of what is made of matrices: their factors, what solves them, products in blocks, powers.

As in layouts.py: what is known of the dimensions comes first; None where the shape can't be told.
"""

from __future__ import annotations

from typing import Any

from srcgrad.layouts import Found
from srcgrad.shape import SCALAR, WHOLE, Dim, Dims, Shape, Symbol, array, mixed


def determined(dims: Dims, x: Shape) -> Found:
    """np.linalg.det: a number of each matrix."""
    return array(x.dims[:-2], "float") if x.kind == "array" else None


def paired(dims: Dims, x: Shape, rows: Any = True) -> Found:
    """np.cov: every row with every other, or every column; of one row a number."""
    if x.kind != "array" or not isinstance(rows, bool) or len(x.dims) > 2:
        return None
    count = 1 if len(x.dims) == 1 else x.dims[0 if rows else 1]
    return SCALAR if count == 1 else array((count, count), "float")


def eigen(dims: Dims, x: Shape) -> Found:
    """np.linalg.eigh: numbers, and a vector for each."""
    return _several(array(x.dims[:-1], "float"), array(x.dims, "float")) if x.kind == "array" else None


def spectrum(dims: Dims, x: Shape) -> Found:
    """np.linalg.eigvalsh."""
    return array(x.dims[:-1], "float") if x.kind == "array" else None


def singular(dims: Dims, x: Shape) -> Found:
    """np.linalg.svdvals."""
    return array((*x.dims[:-2], _shorter(dims, x)), "float") if x.kind == "array" and len(x.dims) > 1 else None


def thin(dims: Dims, x: Shape) -> Found:
    """np.linalg.svd with factors that are no larger than they must be, or of a square."""
    if x.kind != "array" or len(x.dims) < 2:
        return None
    (*ahead, rows, columns), short = x.dims, _shorter(dims, x)
    sizes = ((rows, short), (short,), (short, columns))
    return _several(*(array((*ahead, *size), "float") for size in sizes))


def triangled(dims: Dims, x: Shape) -> Found:
    """np.linalg.qr."""
    if x.kind != "array" or len(x.dims) < 2:
        return None
    (*ahead, rows, columns), short = x.dims, _shorter(dims, x)
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
