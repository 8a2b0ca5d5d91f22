"""Arrays that are joined to one, and one that is cut into several: slices of a gradient, and gradients joined.

Source: each item of the result is one of an operand: its gradient goes back to its place.
"""

from srcgrad.gate import elementwise, gate, linear


@linear("np.concatenate(xs, axis)", "np.concat(xs, axis)", shape="joined(xs, axis)")
def concatenate(y, xs, axis=0):
    for i, x in enumerate(xs):
        dx = part(dy, xs, i, axis)


@linear("np.stack(xs, axis)", shape="stacked(xs, axis)")
def stack(y, xs, axis=0):
    for i, x in enumerate(xs):
        dx = layer(dy, x, i, axis)


@linear("np.hstack(xs)", shape="columns(xs)")
def hstack(y, xs):
    for i, x in enumerate(xs):
        dx = part(dy, xs, i, 0, 1) if np.ndim(y) == 1 else part(dy, xs, i, 1)


@linear("np.vstack(xs)", "np.row_stack(xs)", shape="rows(xs)")
def vstack(y, xs):
    for i, x in enumerate(xs):
        dx = part(dy, xs, i, 0, 2)


@linear("np.dstack(xs)", shape="depths(xs)")
def dstack(y, xs):
    for i, x in enumerate(xs):
        dx = part(dy, xs, i, 2, 3)


@linear("np.column_stack(xs)", shape="upright(xs)")
def column_stack(y, xs):
    for i, x in enumerate(xs):
        dx = part(dy, xs, i, 1, -2)


# Matrices in rows and columns.
@linear("np.block(xs)", shape="blocks(xs)")
def block(y, xs):
    for i, x in enumerate(xs):
        dx = block_part(dy, xs, i)


@linear("np.append(x, z, axis)", shape="appended(x, z, axis)")
def append(y, x, z, axis=None):
    dx = part(dy, [x, z], 0, axis)
    dz = part(dy, [x, z], 1, axis)


# Of np.array_split the first pieces may be longer.
@linear(
    "np.split(x, indices_or_sections, axis)", "np.array_split(x, indices_or_sections, axis) with uneven=True",
    "np.vsplit(x, indices_or_sections)", "np.dsplit(x, indices_or_sections) with axis=2",
    shape="pieces(x, indices_or_sections, axis, uneven)",
)  # fmt: skip
def split(ys, x, indices_or_sections=..., axis=0, uneven=False):
    dx = np.concatenate(dys, axis=axis)


@linear("np.hsplit(x, indices_or_sections)", shape="pieces(x, indices_or_sections, None)")
def hsplit(ys, x, indices_or_sections=...):
    dx = np.hstack(dys)


# Unpacking an array, as in `x, y = points.T`, is this too.
@linear("np.unstack(x, axis=axis)", shape="layers(x, axis)")
def unstack(ys, x, axis=0):
    if axis == 0:
        dx = np.array(dys, dtype=x.dtype) if row(x) else np.stack(dys)
    else:
        dx = np.stack(dys, axis=axis)


# Joined where a single row or number would stand.
@linear("np.r_[x, y]", shape="joined_rows(x, y)")
def joined_rows(z, x, y):
    if np.ndim(z) == 1:
        dx = part(dz, [x, y], 0, 0, 1)
        dy = part(dz, [x, y], 1, 0, 1)
    else:
        dx = part(dz, [x, y], 0, 0)
        dy = part(dz, [x, y], 1, 0)


@linear("np.c_[x, y]", shape="joined_columns(x, y)")
def joined_columns(z, x, y):
    dx = part(dz, [x, y], 0, -1, -2)
    dy = part(dz, [x, y], 1, -1, -2)


# Along a row of the first and a column of the second.
@gate(
    "np.meshgrid(x, y)", "np.meshgrid(x, y, indexing='xy')", "np.meshgrid(x, y, indexing='ij') with rows=True",
    shape="crossing(x, y, rows)",
)  # fmt: skip
def meshgrid(z, x, y, rows=False):
    a, b = z
    if np.ndim(x) != 1 or np.ndim(y) != 1:
        dx = refused(da)
        dy = refused(db)
        da = refused(dx)
        db = refused(dy)
    else:
        dx = np.sum(da, axis=1 if rows else 0)
        dy = np.sum(db, axis=0 if rows else 1)
        da = np.ones_like(a) * (dx[:, None] if rows else dx)
        db = np.ones_like(b) * (dy if rows else dy[:, None])


@elementwise("np.broadcast_arrays(x, y)")
def broadcast_arrays(z, x, y):
    a, b = z
    dx = da
    dy = db


# One item. A place that is counted from the end is one further from that of the result.
@linear("np.insert(x, place, v, axis)", shape="inserted(x, place, axis)")
def insert(y, x, v, place=..., axis=None):
    if np.ndim(x) == 1 and number(place) and number(v):
        dx = np.delete(dy, place if place >= 0 else place - 1)
        dv = dy[place if place >= 0 else place - 1]
    elif number(axis) and number(place) and number(v):
        dx = np.delete(dy, place if place >= 0 else place - 1, axis=axis)
        dv = np.sum(np.take(dy, place if place >= 0 else place - 1, axis=axis))
    else:
        dx = refused(dy)
        dv = refused(dy)


@linear("np.delete(x, places, axis)", shape="loose(x, axis)")
def delete(y, x, places=..., axis=None):
    if np.ndim(x) == 1:
        dx[np.delete(np.arange(x.size), places)] += dy
    elif number(axis):
        dx[across(x, np.delete(np.arange(x.shape[axis]), places), axis)] += dy
    else:
        dx[np.unravel_index(np.delete(np.arange(x.size), places), x.shape)] += dy


# Repeated as often as need be, and cut.
@linear("np.resize(x, new_shape)", shape="stretched(x, new_shape)")
def resize(y, x, new_shape=...):
    if number(x):
        dx = np.sum(dy)
    else:
        np.add.at(dx, np.unravel_index(np.resize(np.arange(np.size(x)), new_shape), np.shape(x)), dy)
