"""Items of an array: by numbers, slices, masks and arrays of numbers.

Source: an item that is read gets the gradient of where it is read; one that is read several times, the sum.
"""

from srcgrad.gate import elementwise, linear


@linear("x[index]", shape="indexed(x, index)")
def index(y, x, index=...):
    if everything(index):
        dx = picked(dy, index)
    elif repeats(index):
        np.add.at(dx, index, dy)
    else:
        dx[index] += dy


@linear("np.take(x, indices, axis)", "x.take(indices, axis)", shape="taken(x, indices, axis)")
def take(y, x, indices=..., axis=None):
    if not along(x, axis):
        np.add.at(
            dx, np.unravel_index(np.take(np.arange(x.size).reshape(x.shape), indices, axis=axis), np.shape(x)), dy
        )
    elif repeats(indices):
        np.add.at(dx, across(x, indices, axis), dy)
    else:
        dx[across(x, indices, axis)] += dy


@linear("np.take_along_axis(x, indices, axis)", shape="picked(x, indices, axis)")
def take_along_axis(y, x, indices=..., axis=-1):
    if plane(x, axis):
        np.add.at(dx, beside(x, indices, axis), dy)
    else:
        np.add.at(
            dx,
            np.unravel_index(np.take_along_axis(np.arange(x.size).reshape(x.shape), indices, axis), x.shape),
            dy,
        )


@linear("np.compress(condition, x, axis)", "x.compress(condition, axis)", shape="loose(x, axis)")
def compress(y, x, condition=..., axis=None):
    if axis is None:
        dx[np.unravel_index(np.nonzero(condition)[0], x.shape)] += dy
    elif number(axis):
        dx[across(x, np.nonzero(condition)[0], axis)] += dy
    else:
        dx = refused(dy)


@linear("np.extract(condition, x)", shape="loose(x, None)")
def extract(y, x, condition=...):
    dx[np.unravel_index(np.nonzero(np.ravel(condition))[0], x.shape)] += dy


@linear("x.item()", "np.ndarray.item(x)", shape="scalar(x)")
def item(y, x):
    dx = np.ones_like(x) * dy


# Of the first of the conditions that holds. Kink: where a condition changes the slope is that of the side to which it
# gives the place.
@elementwise("np.select(cs, xs)")
def select(z, cs, xs):
    for i, (c, x) in enumerate(zip(cs, xs)):
        dc = 0 * dz
        dx = dz * (np.select(cs, range(len(cs)), -1) == i)


# Kink: as of select.
@elementwise("np.select(cs, xs, w)", "np.select(cs, xs, default=w)")
def select_or_default(z, cs, xs, w):
    dw = dz * (np.select(cs, range(len(cs)), -1) == -1)
    for i, (c, x) in enumerate(zip(cs, xs)):
        dc = 0 * dz
        dx = dz * (np.select(cs, range(len(cs)), -1) == i)


@elementwise("np.choose(c, xs)")
def choose(z, c, xs):
    dc = 0 * dz
    for i, x in enumerate(xs):
        dx = dz * (c == i)
