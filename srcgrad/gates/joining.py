"""Arrays that are joined to one, and one that is cut into several: slices of a gradient, and gradients joined."""

from srcgrad.gate import linear


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


@linear("np.vstack(xs)", shape="rows(xs)")
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


@linear("np.append(x, z, axis)", shape="appended(x, z, axis)")
def append(y, x, z, axis=None):
    dx = part(dy, [x, z], 0, axis)
    dz = part(dy, [x, z], 1, axis)


@linear("np.split(x, indices_or_sections, axis)", shape="pieces(x, indices_or_sections, axis)")
def split(ys, x, indices_or_sections=..., axis=0):
    dx = np.concatenate(dys, axis=axis)


# The first of these pieces may be longer.
@linear("np.array_split(x, indices_or_sections, axis)", shape="pieces(x, indices_or_sections, axis, 1)")
def array_split(ys, x, indices_or_sections=..., axis=0):
    dx = np.concatenate(dys, axis=axis)


@linear("np.hsplit(x, indices_or_sections)", shape="pieces(x, indices_or_sections, None)")
def hsplit(ys, x, indices_or_sections=...):
    dx = np.hstack(dys)


@linear("np.vsplit(x, indices_or_sections)", shape="pieces(x, indices_or_sections, 0)")
def vsplit(ys, x, indices_or_sections=...):
    dx = np.concatenate(dys)
