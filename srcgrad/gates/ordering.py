"""Sorting and what is read off a sorted array: each item of the result is one of the operand, or lies between two."""

from srcgrad.gate import gate


@gate("np.sort(x, axis, kind=kind)", shape="along(x, axis)")
def sort(y, x, axis=-1, kind=None):
    if axis is None:
        order = np.argsort(np.ravel(x))
        dx = np.reshape(dy[np.argsort(order)], np.shape(x))
        dy = np.ravel(dx)[order]
    else:
        order = np.argsort(x, axis=axis)
        dx = np.take_along_axis(dy, np.argsort(order, axis=axis), axis=axis)
        dy = np.take_along_axis(dx, order, axis=axis)


# The places are found by sorting both: those that np.argpartition gives need not be those of np.partition.
@gate("np.partition(x, kth, axis)", shape="along(x, axis)")
def partition(y, x, kth=..., axis=-1):
    if axis is None:
        place = np.argsort(y)[np.argsort(np.argsort(np.ravel(x)))]
        dx = np.reshape(dy[place], np.shape(x))
        dy = np.ravel(dx)[np.argsort(place)]
    else:
        place = np.take_along_axis(np.argsort(y, axis=axis), np.argsort(np.argsort(x, axis=axis), axis=axis), axis=axis)
        dx = np.take_along_axis(dy, place, axis=axis)
        dy = np.take_along_axis(dx, np.argsort(place, axis=axis), axis=axis)


# Of equal items the first is taken.
@gate("np.unique(x)", shape="loose(x, None)")
def unique(y, x):
    dx[np.unravel_index(np.unique(x, return_index=True)[1], np.shape(x))] += dy
    dy = np.ravel(dx)[np.unique(x, return_index=True)[1]]


# The share of an item falls linearly with the distance of its rank from the place that is asked for.
@gate("np.quantile(x, q, axis, keepdims=keepdims)", shape="asked(x, q, axis, keepdims)")
def quantile(y, x, q=..., axis=None, keepdims=False):
    if axis is None and number(q):
        rank = np.reshape(np.argsort(np.argsort(np.ravel(x))), np.shape(x))
    elif number(axis) and number(q):
        rank = np.argsort(np.argsort(x, axis=axis), axis=axis)
    else:
        rank = refused(axis)
    share = np.maximum(1 - np.abs(rank - q * (count(x, axis, y) - 1)), 0).astype(x.dtype)
    if axis is None or keepdims:
        dx = share * dy
    else:
        dx = share * np.expand_dims(dy, axis)
    dy = np.sum(share * dx, axis=axis, keepdims=keepdims)


@gate("np.percentile(x, q, axis, keepdims=keepdims)", shape="asked(x, q, axis, keepdims)")
def percentile(y, x, q=..., axis=None, keepdims=False):
    if axis is None and number(q):
        rank = np.reshape(np.argsort(np.argsort(np.ravel(x))), np.shape(x))
    elif number(axis) and number(q):
        rank = np.argsort(np.argsort(x, axis=axis), axis=axis)
    else:
        rank = refused(axis)
    share = np.maximum(1 - np.abs(rank - q / 100 * (count(x, axis, y) - 1)), 0).astype(x.dtype)
    if axis is None or keepdims:
        dx = share * dy
    else:
        dx = share * np.expand_dims(dy, axis)
    dy = np.sum(share * dx, axis=axis, keepdims=keepdims)


# The item in the middle, half of each of two.
@gate("np.median(x, axis, keepdims=keepdims)", shape="drop(x, axis, keepdims)")
def median(m, x, axis=None, keepdims=False):
    if axis is None:
        rank = np.reshape(np.argsort(np.argsort(np.ravel(x))), np.shape(x))
    elif number(axis):
        rank = np.argsort(np.argsort(x, axis=axis), axis=axis)
    else:
        rank = refused(axis)
    share = np.maximum(1 - np.abs(rank - (count(x, axis, m) - 1) / 2), 0).astype(x.dtype)
    if axis is None or keepdims:
        dx = share * dm
    else:
        dx = share * np.expand_dims(dm, axis)
    dm = np.sum(share * dx, axis=axis, keepdims=keepdims)
