"""Sorting and what is read off a sorted array: each item of the result is one of the operand, or lies between two.

Source: sorting is a permutation, which is undone; what lies between two items is a sum of both.
"""

from srcgrad.gate import gate


# Kink: of tied items either gets it.
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


# The places are found by sorting both: those that np.argpartition gives need not be those of np.partition. Kink: of
# tied items either gets it.
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


# What is left out are zeros, at one end or at both.
@gate("np.trim_zeros(x, trim)", shape="loose(x, None)")
def trim_zeros(y, x, trim="fb"):
    if trim == "b":
        first = 0
    else:
        first = x.size - np.trim_zeros(x, "f").size
    if np.ndim(x) == 1:
        dx[first : first + y.size] += dy
        dy = dx[first : first + y.size]
    else:
        dx = refused(dy)
        dy = refused(dx)


# Kink: of equal items the first gets it all.
@gate("np.unique(x)", shape="loose(x, None)")
def unique(y, x):
    dx[np.unravel_index(np.unique(x, return_index=True)[1], np.shape(x))] += dy
    dy = np.ravel(dx)[np.unique(x, return_index=True)[1]]


# The share of an item falls linearly with the distance of its rank from the place that is asked for; of the median that
# is the middle, half of each of two. What is no number is sorted last. Several places are the first axis of y. Kink: of
# tied items either gets it; where the place is that of an item, the item gets it all.
@gate(
    "np.quantile(x, q, axis, keepdims=keepdims)", "np.percentile(x, q, axis, keepdims=keepdims)",
    "np.median(x, axis, keepdims=keepdims)",
    "np.nanquantile(x, q, axis, keepdims=keepdims)", "np.nanpercentile(x, q, axis, keepdims=keepdims)",
    "np.nanmedian(x, axis, keepdims=keepdims)",
    shape="quantiles(x, q, axis, keepdims)",
)  # fmt: skip
def quantile(y, x, q=0.5, axis=None, keepdims=False):
    if axis is None and row(x):
        rank = np.argsort(np.argsort(x))
    elif axis is None:
        rank = np.reshape(np.argsort(np.argsort(np.ravel(x))), np.shape(x))
    elif number(axis):
        rank = np.argsort(np.argsort(x, axis=axis), axis=axis)
    else:
        rank = refused(axis)
    if itself is np.nanquantile or itself is np.nanpercentile or itself is np.nanmedian:
        last = np.sum(~np.isnan(x), axis, keepdims=True) - 1
    elif number(q):
        last = count(x, axis, y) - 1
    else:
        last = np.max(rank, axis, keepdims=True)
    if itself is np.percentile or itself is np.nanpercentile:
        place = q / 100 * last if number(q) else np.multiply.outer(np.divide(q, 100), last)
    else:
        place = q * last if number(q) else np.multiply.outer(q, last)
    if number(q):
        share = np.maximum(1 - np.abs(rank - place), 0).astype(x.dtype)
    elif row(q):
        share = np.maximum(1 - np.abs(rank - place), 0)
    else:
        share = refused(q)
    if number(q) and (axis is None or keepdims):
        dx = share * dy
    elif number(q):
        dx = share * np.expand_dims(dy, axis)
    else:
        dx = np.sum(share * dy.reshape(-1, *last.shape), axis=0).astype(x.dtype)
    if number(q):
        dy = np.sum(share * dx, axis=axis, keepdims=keepdims)
    elif axis is None:
        dy = np.sum((share * dx).reshape(-1, np.size(x)), axis=1).reshape(y.shape)
    elif axis < 0:
        dy = np.sum(share * dx, axis=axis, keepdims=keepdims)
    else:
        dy = np.sum(share * dx, axis=axis + 1, keepdims=keepdims)
