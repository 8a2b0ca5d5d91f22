"""Items of an array: by numbers, slices, masks and arrays of numbers."""

from srcgrad.gate import linear


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
