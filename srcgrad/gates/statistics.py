"""Sums, means and spreads of what is a number among nan; covariances.

Source: as of all numbers; what is no number is left out.
"""

from srcgrad.gate import gate


@gate("np.nansum(x, axis, keepdims=keepdims)", shape="drop(x, axis, keepdims)")
def sum_of_numbers(s, x, axis=None, keepdims=False):
    if axis is None or keepdims:
        dx = np.where(np.isnan(x), 0, np.ones_like(x) * ds)
    else:
        dx = np.where(np.isnan(x), 0, np.ones_like(x) * np.expand_dims(ds, axis))
    ds = np.sum(~np.isnan(x) * dx, axis=axis, keepdims=keepdims)


@gate("np.nanmean(x, axis, keepdims=keepdims)", shape="drop(x, axis, keepdims)")
def mean_of_numbers(m, x, axis=None, keepdims=False):
    numbers = ~np.isnan(x)
    if axis is None or keepdims:
        dx = numbers * (dm / np.sum(numbers, axis=axis, keepdims=True, dtype=x.dtype))
    else:
        dx = numbers * (np.expand_dims(dm, axis) / np.sum(numbers, axis=axis, keepdims=True, dtype=x.dtype))
    dm = np.sum(numbers * dx, axis=axis, keepdims=keepdims) / np.sum(
        numbers, axis=axis, keepdims=keepdims, dtype=x.dtype
    )


@gate("np.nanprod(x, axis, keepdims=keepdims)", shape="drop(x, axis, keepdims)")
def product_of_numbers(p, x, axis=None, keepdims=False):
    zero = x == 0
    rest = np.where(zero | np.isnan(x), 1, x)
    others = np.where(
        np.isnan(x) | (np.sum(zero, axis=axis, keepdims=True) != zero),
        0,
        np.prod(rest, axis=axis, keepdims=True) / rest,
    )
    if axis is None or keepdims:
        dx = others * dp
    else:
        dx = others * np.expand_dims(dp, axis)
    dp = np.sum(others * dx, axis=axis, keepdims=keepdims)


@gate("np.nanvar(x, axis, ddof=ddof, keepdims=keepdims)", shape="drop(x, axis, keepdims)")
def variance_of_numbers(v, x, axis=None, ddof=0, keepdims=False):
    centred = np.where(np.isnan(x), 0, x - np.nanmean(x, axis=axis, keepdims=True))
    if axis is None or keepdims:
        dx = centred * (2 * dv / (np.sum(~np.isnan(x), axis=axis, keepdims=True, dtype=x.dtype) - ddof))
    else:
        dx = centred * (
            2 * np.expand_dims(dv, axis) / (np.sum(~np.isnan(x), axis=axis, keepdims=True, dtype=x.dtype) - ddof)
        )
    dv = np.sum(2 * centred * dx, axis=axis, keepdims=keepdims) / (
        np.sum(~np.isnan(x), axis=axis, keepdims=keepdims, dtype=x.dtype) - ddof
    )


# Kink: where all are equal: 0 / 0, nan.
@gate("np.nanstd(x, axis, ddof=ddof, keepdims=keepdims)", shape="drop(x, axis, keepdims)")
def spread_of_numbers(s, x, axis=None, ddof=0, keepdims=False):
    centred = np.where(np.isnan(x), 0, x - np.nanmean(x, axis=axis, keepdims=True))
    if axis is None or keepdims:
        dx = centred * (ds / (s * (np.sum(~np.isnan(x), axis=axis, keepdims=True, dtype=x.dtype) - ddof)))
    else:
        dx = centred * (
            np.expand_dims(ds / s, axis) / (np.sum(~np.isnan(x), axis=axis, keepdims=True, dtype=x.dtype) - ddof)
        )
    ds = np.sum(centred * dx, axis=axis, keepdims=keepdims) / (
        s * (np.sum(~np.isnan(x), axis=axis, keepdims=keepdims, dtype=x.dtype) - ddof)
    )


# Each row is a variable. The centred rows sum to zero, and so does each row of the gradient.
@gate("np.cov(x, rowvar=rowvar, ddof=ddof)", shape="covariances(x, rowvar)")
def covariance(c, x, rowvar=True, ddof=1):
    if number(c):
        centred = x - np.mean(x)
        dx = (centred * (2 * dc / (x.size - ddof))).astype(x.dtype)
        dc = np.sum(centred * dx) * 2 / (x.size - ddof)
    elif np.ndim(x) == 2 and rowvar:
        centred = x - np.mean(x, axis=1, keepdims=True)
        dx = (np.dot(dc + dc.T, centred) / (x.shape[1] - ddof)).astype(x.dtype)
        dc = (np.squeeze(dx @ centred.T + centred @ dx.T) / (x.shape[1] - ddof)).astype(c.dtype)
    elif np.ndim(x) == 2:
        centred = x - np.mean(x, axis=0)
        dx = (np.dot(centred, dc + dc.T) / (x.shape[0] - ddof)).astype(x.dtype)
        dc = (np.squeeze(dx.T @ centred + centred.T @ dx) / (x.shape[0] - ddof)).astype(c.dtype)
    else:
        dx = refused(dc)
        dc = refused(dx)


# The products of the centred rows, each divided by its length.
@gate("np.corrcoef(x, rowvar=rowvar)", shape="covariances(x, rowvar)")
def correlation(c, x, rowvar=True):
    if number(c):
        dx = np.zeros_like(x) * dc
        dc = np.zeros_like(c) * np.sum(dx)
    elif np.ndim(x) == 2 and rowvar:
        centred = x - np.mean(x, axis=1, keepdims=True)
        length = np.sqrt(np.sum(centred**2, axis=1, keepdims=True))
        row = centred / length
        drow = np.dot(dc + dc.T, row)
        change = (dx - np.mean(dx, axis=1, keepdims=True) - row * np.sum(row * dx, axis=1, keepdims=True)) / length
        dx = ((drow - row * np.sum(row * drow, axis=1, keepdims=True)) / length).astype(x.dtype)
        dc = np.squeeze(change @ row.T + row @ change.T).astype(c.dtype)
    elif np.ndim(x) == 2:
        centred = x - np.mean(x, axis=0)
        length = np.sqrt(np.sum(centred**2, axis=0))
        row = centred / length
        drow = np.dot(row, dc + dc.T)
        change = (dx - np.mean(dx, axis=0) - row * np.sum(row * dx, axis=0)) / length
        dx = ((drow - row * np.sum(row * drow, axis=0)) / length).astype(x.dtype)
        dc = np.squeeze(change.T @ row + row.T @ change).astype(c.dtype)
    else:
        dx = refused(dc)
        dc = refused(dx)
