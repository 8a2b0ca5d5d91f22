"""The same numbers in another layout: reshaped, transposed, repeated, padded, converted.

Source: each item of the result is one of the operand: its gradient goes back to its place.
"""

from srcgrad.gate import gate, linear


@linear(
    "x.reshape(shape)", "x.reshape(*shape)", "np.reshape(x, shape)",
    "x.reshape(shape, order='C')", "np.reshape(x, shape, order='C')",
    "x.reshape(shape, order='F') with order='F'", "np.reshape(x, shape, order='F') with order='F'",
    "np.reshape(x, shape, 'F') with order='F'",
    shape="reshaped(x, shape)",
)  # fmt: skip
def reshape(y, x, shape=..., order="C"):
    if order == "F":
        dx = np.sum(dy) if number(x) else np.reshape(dy, np.shape(x), order="F")
    else:
        dx = dy if alike(x, y) else np.sum(dy) if number(x) else np.reshape(dy, np.shape(x))


@linear(
    "x.ravel()", "x.flatten()", "np.ravel(x)",
    "x.ravel('F') with order='F'", "x.flatten('F') with order='F'", "np.ravel(x, 'F') with order='F'",
    "x.ravel(order='F') with order='F'", "x.flatten(order='F') with order='F'",
    "np.ravel(x, order='F') with order='F'",
    shape="raveled(x)",
)  # fmt: skip
def ravel(y, x, order="C"):
    if order == "F":
        dx = np.sum(dy) if number(x) else np.reshape(dy, np.shape(x), order="F")
    else:
        dx = dy if alike(x, y) else np.sum(dy) if number(x) else np.reshape(dy, np.shape(x))


@linear("np.expand_dims(x, axis)", shape="expanded(x, axis)")
def expand_dims(y, x, axis=...):
    if number(x):
        dx = np.sum(dy)
    else:
        dx = np.reshape(dy, np.shape(x))


@linear("np.squeeze(x, axis)", "x.squeeze(axis)", shape="squeezed(x, axis)")
def squeeze(y, x, axis=None):
    if alike(x, y):
        dx = dy
    else:
        dx = np.reshape(dy, np.shape(x))


@linear("np.atleast_1d(x)", "np.atleast_2d(x) with rank=2", "np.atleast_3d(x) with rank=3", shape="at_least(x, rank)")
def at_least(y, x, rank=1):
    dx = dy if alike(x, y) else np.sum(dy) if number(x) else np.reshape(dy, np.shape(x))


@linear("np.real(x)", "x.real", "np.real_if_close(x)", shape="replaced(x)")
def real(y, x):
    dx = dy


@linear("x.T", shape="permuted(x)")
def transposed(y, x):
    if number(x):
        dx = dy
    else:
        dx = dy.T


@linear("np.matrix_transpose(x)", "x.mT", "np.linalg.matrix_transpose(x)", shape="swapped(x, -2, -1)")
def matrix_transpose(y, x):
    dx = np.swapaxes(dy, -1, -2)


@linear(
    "x.transpose(axes)",
    "x.transpose(*axes)",
    "np.transpose(x, axes)",
    "np.permute_dims(x, axes)",
    shape="permuted(x, axes)",
)
def transpose(y, x, axes=None):
    if number(x):
        dx = dy
    elif axes is None:
        dx = dy.T
    elif settled(axes):
        dx = dy.transpose(inverse(axes, x))
    else:
        dx = np.moveaxis(dy, range(dy.ndim), axes)


@linear("np.swapaxes(x, axis1, axis2)", shape="swapped(x, axis1, axis2)")
def swapaxes(y, x, axis1=..., axis2=...):
    dx = np.swapaxes(dy, axis1, axis2)


@linear("x.swapaxes(axis1, axis2)", shape="swapped(x, axis1, axis2)")
def method_swapaxes(y, x, axis1=..., axis2=...):
    dx = dy.swapaxes(axis1, axis2)


@linear("np.moveaxis(x, source, destination)", shape="moved(x, source, destination)")
def moveaxis(y, x, source=..., destination=...):
    dx = np.moveaxis(dy, destination, source)


@linear("np.rollaxis(x, axis, start)", shape="rolled(x, axis, start)")
def rollaxis(y, x, axis=..., start=0):
    dx = np.moveaxis(dy, landing(x, axis, start), axis)


@linear("np.broadcast_to(x, shape)", shape="stretched(x, shape)")
def broadcast_to(y, x, shape=...):
    dx = dy


@linear("np.tile(x, reps)", shape="tiled(x, reps)")
def tile(y, x, reps=...):
    if number(x):
        dx = np.sum(dy)
    elif settled(reps) and ranked(x):
        dx = untiled(dy, x, reps)
    else:
        np.add.at(dx, np.unravel_index(np.tile(np.arange(x.size).reshape(x.shape), reps), x.shape), dy)


@linear("np.repeat(x, repeats, axis)", "x.repeat(repeats, axis)", shape="repeated(x, repeats, axis)")
def repeat(y, x, repeats=..., axis=None):
    if number(x):
        dx = np.sum(dy)
    elif number(repeats) and settled(axis):
        dx = unrepeated(dy, x, repeats, axis)
    else:
        np.add.at(dx, np.unravel_index(np.repeat(np.arange(x.size).reshape(x.shape), repeats, axis=axis), x.shape), dy)


@linear("np.flip(x, axis)", shape="replaced(x)")
def flip(y, x, axis=None):
    dx = np.flip(dy, axis=axis)


@linear("np.fliplr(x)", "np.flipud(x)", shape="replaced(x)")
def flip_of_rows(y, x):
    dx = itself(dy)


@linear("np.rot90(x, k, axes)", shape="turned(x, k, axes)")
def rot90(y, x, k=1, axes=None):
    if axes is None:
        dx = np.rot90(dy, negated(k))
    else:
        dx = np.rot90(dy, negated(k), axes)


@linear("np.roll(x, shift, axis)", shape="replaced(x)")
def roll(y, x, shift=..., axis=None):
    dx = np.roll(dy, negated(shift), axis=axis)


# Whatever is padded with is no function of x: its tangent is zero.
@gate(
    "np.pad(x, pad_width, constant_values=constant_values)",
    "np.pad(x, pad_width, 'constant', constant_values=constant_values)",
    "np.pad(x, pad_width, mode='constant', constant_values=constant_values)",
    shape="padded(x, pad_width)",
)
def pad(y, x, pad_width=..., constant_values=0):
    dx = unpadded(dy, x, pad_width)
    dy = np.pad(dx, pad_width)


# What is padded with are items of x.
@linear("np.pad(x, pad_width, mode)", shape="padded(x, pad_width)")
def pad_by_itself(y, x, pad_width=..., mode=...):
    if not (mode == "edge" or mode == "reflect" or mode == "symmetric" or mode == "wrap"):
        dx = refused(dy)
    elif np.ndim(x) == 1:
        np.add.at(dx, np.pad(np.arange(x.size), pad_width, mode), dy)
    else:
        np.add.at(dx, np.unravel_index(np.pad(np.arange(x.size).reshape(x.shape), pad_width, mode), x.shape), dy)


@linear("np.tril(x, k)", "np.triu(x, k)", shape="triangular(x)")
def triangle(y, x, k=0):
    if k == 0:
        dx = itself(dy)
    else:
        dx = itself(dy, k)


@linear("np.diag(x, k)", shape="diagonalised(x, k)")
def diag(y, x, k=0):
    if np.ndim(x) == 1:
        dx = np.diag(dy) if k == 0 else np.diag(dy, k)
    else:
        dx[np.arange(length(y)) + above(negated(k)), np.arange(length(y)) + above(k)] += dy


@linear("np.diagflat(x, k)", shape="diagonalised(x, k)")
def diagflat(y, x, k=0):
    if np.ndim(x) == 1:
        dx = np.diag(dy, k)
    else:
        dx = refused(dy)


@linear(
    "np.diagonal(x, offset, axis1, axis2)",
    "x.diagonal(offset, axis1, axis2)",
    "np.linalg.diagonal(x, offset=offset) with axis1=-2, axis2=-1",
    shape="diagonals(x, offset, axis1, axis2)",
)
def diagonal(y, x, offset=0, axis1=0, axis2=1):
    if plane(x, axis1, axis2):
        dx[np.arange(length(y)) + above(negated(offset)), np.arange(length(y)) + above(offset)] += dy
    elif last_two(x, axis1, axis2):
        dx[..., np.arange(y.shape[-1]) + above(negated(offset)), np.arange(y.shape[-1]) + above(offset)] += dy
    else:
        dx[np.unravel_index(np.diagonal(np.arange(x.size).reshape(x.shape), offset, axis1, axis2), x.shape)] += dy


@linear(
    "np.copy(x)",
    "x.copy()",
    "np.array(x, copy=True)",
    "np.array(x)",
    "np.asarray(x)",
    "np.ascontiguousarray(x)",
    shape="nested(x)",
)
def array(y, x):
    dx = dy
    for i, item in enumerate(x):
        ditem = dy[i]


@gate(
    "x.astype(dtype, copy=copy)",
    "np.array(x, dtype, copy=copy)",
    "np.asarray(x, dtype)",
    "np.astype(x, dtype)",
    "np.ascontiguousarray(x, dtype)",
    shape="replaced(x)",
)
def astype(y, x, dtype=..., copy=True):
    if floating(dtype):
        dx = dy.astype(x.dtype)
        dy = dx.astype(dtype)
    elif whole(dtype):
        dx = 0
        dy = np.zeros_like(y) * dx
    else:
        dx = dy.astype(x.dtype) if np.issubdtype(dtype, np.floating) else np.zeros_like(x)
        dy = dx.astype(dtype) if np.issubdtype(dtype, np.floating) else np.zeros_like(y)


@linear("np.float64(x)", "np.float32(x)", shape="replaced(x)")
def converted(y, x):
    if np.ndim(x) == 0:
        dx = dy
    else:
        dx = dy.astype(x.dtype)
