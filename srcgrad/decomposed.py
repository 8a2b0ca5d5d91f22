"""The shape of what scipy makes of matrices: their factors, blocks of them, what is convolved.

As in layouts.py: what is known of the dimensions comes first; None where the shape can't be told.
"""

from __future__ import annotations

from typing import Any

from srcgrad.layouts import UNKNOWN, Found
from srcgrad.shape import SCALAR, Dim, Dims, Shape, array


def along_rows(dims: Dims, x: Shape) -> Found:
    """A number for each vector: a density of each row, the eigenvalues of a matrix."""
    if x.kind != "array":
        return None
    return array(x.dims[:-1], "float") if len(x.dims) > 1 else SCALAR


def eigen_pair(dims: Dims, x: Shape) -> Found:
    """The eigenvalues of a matrix and its eigenvectors."""
    return _together(array(x.dims[:-1], "float"), x) if x.kind == "array" else None


def singular_factors(dims: Dims, x: Shape, vectors: Any = True) -> Found:
    """The singular values of a matrix; with `vectors` the factors, as many vectors as values where it is square."""
    if x.kind != "array" or len(x.dims) != 2:
        return None
    few = _smaller(dims, x)
    values = array((few,), "float")
    if vectors is False:
        return values
    full = vectors is True and x.dims[0] != x.dims[1]
    one, two = (dims.symbol(), dims.symbol()) if full or vectors is UNKNOWN else (few, few)
    return _together(array((x.dims[0], one), "float"), values, array((two, x.dims[1]), "float"))


def orthogonal(dims: Dims, x: Shape) -> Found:
    """The factors of a matrix of no more columns than rows."""
    return _together(x, array((x.dims[1], x.dims[1]), "float")) if x.kind == "array" and len(x.dims) == 2 else None


def _smaller(dims: Dims, x: Shape) -> Dim:
    one, two = x.dims
    if isinstance(one, int) and isinstance(two, int):
        return min(one, two)
    return one if one == two else dims.symbol()


def _together(*shapes: Shape) -> Shape:
    return Shape("tuple", length=len(shapes), items=shapes)


def beside_diagonally(dims: Dims, x: Shape, y: Shape) -> Found:
    """scipy.linalg.block_diag of two matrices."""
    if x.kind != "array" or y.kind != "array" or not len(x.dims) == len(y.dims) == 2:
        return None
    return array(tuple(_summed(dims, one, two) for one, two in zip(x.dims, y.dims, strict=True)), "float")


def square(dims: Dims, c: Shape) -> Found:
    return array((*c.dims, *c.dims), "float") if c.kind == "array" and len(c.dims) == 1 else None


def convolved(dims: Dims, x: Shape, y: Shape, mode: Any) -> Found:
    """scipy.signal.convolve, along every axis."""
    if x.kind != "array" or y.kind != "array" or len(x.dims) != len(y.dims):
        return None
    if mode == "same":
        return array(x.dims, "float")
    pairs = list(zip(x.dims, y.dims, strict=True))
    if mode == "full":
        return array(tuple(_summed(dims, one, two, -1) for one, two in pairs), "float")
    return array(tuple(dims.symbol() for _ in pairs), "float")


def _summed(dims: Dims, one: Dim, two: Dim, offset: int = 0) -> Dim:
    return one + two + offset if isinstance(one, int) and isinstance(two, int) else dims.symbol()
