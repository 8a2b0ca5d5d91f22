"""Sums, means, products, extremes and spreads over axes; running sums and products.

Source: the cs231n notes on backpropagation: add distributes, max routes.
"""

from srcgrad.gate import gate, linear


@linear(
    "np.sum(x, axis, keepdims=keepdims)",
    "x.sum(axis, keepdims=keepdims)",
    "np.add.reduce(x, axis, keepdims=keepdims) with axis=0",
    shape="drop(x, axis, keepdims)",
)
def sum(s, x, axis=None, keepdims=False):
    if axis is None or keepdims:
        dx = np.ones_like(x) * ds
    else:
        dx = np.ones_like(x) * np.expand_dims(ds, axis)


@linear(
    "np.mean(x, axis, keepdims=keepdims)",
    "np.average(x, axis, keepdims=keepdims)",
    "x.mean(axis, keepdims=keepdims)",
    shape="drop(x, axis, keepdims)",
)
def mean(m, x, axis=None, keepdims=False):
    if axis is None or keepdims:
        dx = np.ones_like(x) * (dm / count(x, axis, m))
    else:
        dx = np.ones_like(x) * (np.expand_dims(dm, axis) / count(x, axis, m))


# Kink: tied entries share the gradient, so that the sum of it is that of one.
@gate(
    "np.max(x, axis, keepdims=keepdims)",
    "np.amax(x, axis, keepdims=keepdims)",
    "x.max(axis, keepdims=keepdims)",
    "np.min(x, axis, keepdims=keepdims)",
    "np.amin(x, axis, keepdims=keepdims)",
    "x.min(axis, keepdims=keepdims)",
    "np.nanmax(x, axis, keepdims=keepdims)",
    "np.nanmin(x, axis, keepdims=keepdims)",
    "np.maximum.reduce(x, axis, keepdims=keepdims) with axis=0",
    "np.minimum.reduce(x, axis, keepdims=keepdims) with axis=0",
    shape="drop(x, axis, keepdims)",
)
def extreme(m, x, axis=None, keepdims=False):
    if axis is None or keepdims:
        mask = x == m
        dx = (dm / np.sum(mask, axis=axis, keepdims=True, dtype=m.dtype)) * mask
    else:
        mask = x == np.expand_dims(m, axis)
        dx = (np.expand_dims(dm, axis) / np.sum(mask, axis=axis, keepdims=True, dtype=m.dtype)) * mask
    dm = np.sum(mask * dx, axis=axis, keepdims=keepdims) / np.sum(mask, axis=axis, keepdims=keepdims, dtype=m.dtype)


@gate(
    "np.var(x, axis, ddof=ddof, keepdims=keepdims)",
    "x.var(axis, ddof=ddof, keepdims=keepdims)",
    shape="drop(x, axis, keepdims)",
)
def var(v, x, axis=None, ddof=0, keepdims=False):
    if axis is None or keepdims:
        dx = (x - np.mean(x, axis=axis, keepdims=True)) * (2 * dv / (count(x, axis, v) - ddof))
    else:
        dx = (x - np.mean(x, axis=axis, keepdims=True)) * (2 * np.expand_dims(dv, axis) / (count(x, axis, v) - ddof))
    dv = np.sum(2 * (x - np.mean(x, axis=axis, keepdims=True)) * dx, axis=axis, keepdims=keepdims) / (
        count(x, axis, v) - ddof
    )


# Kink: where all are equal the spread is 0 and has no derivative: 0 / 0, nan.
@gate(
    "np.std(x, axis, ddof=ddof, keepdims=keepdims)",
    "x.std(axis, ddof=ddof, keepdims=keepdims)",
    shape="drop(x, axis, keepdims)",
)
def std(s, x, axis=None, ddof=0, keepdims=False):
    if axis is None or keepdims:
        dx = (x - np.mean(x, axis=axis, keepdims=True)) * (ds / (s * (count(x, axis, s) - ddof)))
    else:
        dx = (x - np.mean(x, axis=axis, keepdims=True)) * (
            np.expand_dims(ds, axis) / (np.expand_dims(s, axis) * (count(x, axis, s) - ddof))
        )
    ds = np.sum((x - np.mean(x, axis=axis, keepdims=True)) * dx, axis=axis, keepdims=keepdims) / (
        s * (count(x, axis, s) - ddof)
    )


@linear(
    "np.cumsum(x, axis)",
    "x.cumsum(axis)",
    "np.cumulative_sum(x, axis=axis)",
    "np.add.accumulate(x, axis) with axis=0",
    shape="along(x, axis)",
)
def cumsum(y, x, axis=None):
    if axis is None:
        dx = np.cumsum(dy[::-1])[::-1] if alike(x, y) else np.cumsum(dy[::-1])[::-1].reshape(np.shape(x))
    else:
        dx = np.flip(np.cumsum(np.flip(dy, axis), axis), axis)


@linear(
    "np.trace(x, offset, axis1, axis2)", "x.trace(offset, axis1, axis2)",
    "np.linalg.trace(x, offset=offset) with axis1=-2, axis2=-1",
    shape="traced(x, axis1, axis2)",
)  # fmt: skip
def trace(t, x, offset=0, axis1=0, axis2=1):
    if plane(x, axis1, axis2) and offset == 0:
        dx = np.eye(x.shape[0], x.shape[1], dtype=x.dtype) * dt
    elif plane(x, axis1, axis2):
        dx = np.eye(x.shape[0], x.shape[1], offset, dtype=x.dtype) * dt
    elif last_two(x, axis1, axis2):
        dx = np.eye(x.shape[-2], x.shape[-1], offset, dtype=x.dtype) * np.expand_dims(dt, (-2, -1))
    elif axis1 == 0 and axis2 == 1:
        dx = np.eye(x.shape[0], x.shape[1], offset, dtype=x.dtype).reshape(x.shape[:2] + (1,) * (x.ndim - 2)) * dt
    else:
        dx = refused(dt)


@linear("np.diff(x, n, axis)", shape="cut(x, axis, n)")
def diff(y, x, n=1, axis=-1):
    if n == 1:
        dx[between(axis, 1, 0, x)] += dy
        dx[between(axis, 0, 1, x)] -= dy
    elif n == 2:
        dx[between(axis, 2, 0, x)] += dy
        dx[between(axis, 1, 1, x)] -= 2 * dy
        dx[between(axis, 0, 2, x)] += dy
    else:
        dx = refused(dy)


# The product of the others: without a zero that of all by x; that of the rest, where x is the only zero.
@gate(
    "np.prod(x, axis, keepdims=keepdims)",
    "x.prod(axis, keepdims=keepdims)",
    "np.multiply.reduce(x, axis, keepdims=keepdims) with axis=0",
    shape="drop(x, axis, keepdims)",
)
def prod(p, x, axis=None, keepdims=False):
    zero = x == 0
    rest = np.where(zero, 1, x)
    others = np.prod(rest, axis=axis, keepdims=True) / rest * (np.sum(zero, axis=axis, keepdims=True) == zero)
    if axis is None or keepdims:
        dx = others * dp
    else:
        dx = others * np.expand_dims(dp, axis)
    dp = np.sum(others * dx, axis=axis, keepdims=keepdims)


# Kink: of a zero in x the quotient is 0 / 0, nan.
@gate(
    "np.cumprod(x, axis)",
    "x.cumprod(axis)",
    "np.cumulative_prod(x, axis=axis)",
    "np.multiply.accumulate(x, axis) with axis=0",
    shape="along(x, axis)",
)
def cumprod(y, x, axis=None):
    if axis is None:
        dx = np.cumsum((dy * y)[::-1])[::-1].reshape(np.shape(x)) / x
    else:
        dx = np.flip(np.cumsum(np.flip(dy * y, axis), axis), axis) / x
    dy = y * np.cumsum(dx / x, axis)


# Kink: the last of tied entries stands for those behind it.
@gate("np.maximum.accumulate(x, axis)", "np.minimum.accumulate(x, axis)", shape="along(x, axis)")
def running_extreme(y, x, axis=0):
    if np.ndim(x) == 1:
        place = np.maximum.accumulate(np.where(x == y, np.arange(x.size), 0))
        np.add.at(dx, place, dy)
        dy = dx[place]
    else:
        steps = np.cumsum(np.ones_like(x, dtype=int), axis=axis) - 1
        place = np.maximum.accumulate(np.where(x == y, steps, 0), axis=axis)
        np.add.at(dx, beside(x, place, axis), dy)
        dy = np.take_along_axis(dx, place, axis)


# Kink: as of the largest and the smallest: tied entries share.
@gate("np.ptp(x, axis, keepdims=keepdims)", shape="drop(x, axis, keepdims)")
def peak_to_peak(y, x, axis=None, keepdims=False):
    top = x == np.max(x, axis=axis, keepdims=True)
    bottom = x == np.min(x, axis=axis, keepdims=True)
    tops = np.sum(top, axis=axis, keepdims=True, dtype=y.dtype)
    bottoms = np.sum(bottom, axis=axis, keepdims=True, dtype=y.dtype)
    if axis is None or keepdims:
        dx = (top / tops - bottom / bottoms) * dy
    else:
        dx = (top / tops - bottom / bottoms) * np.expand_dims(dy, axis)
    dy = np.sum((top / tops - bottom / bottoms) * dx, axis=axis, keepdims=keepdims)


# Weights of the shape of x, or a row of them along an axis.
@gate("np.average(x, axis, weights=w, keepdims=keepdims)", "np.average(x, axis, w)", shape="drop(x, axis, keepdims)")
def weighted_mean(a, x, w, axis=None, keepdims=False):
    if axis is None or np.ndim(x) == np.ndim(w):
        total = np.sum(w, axis=axis, keepdims=True)
        if axis is None or keepdims:
            dx = w * (da / total)
            dw = (x - a) * (da / total)
            da = np.sum((w * dx + (x - a) * dw) / total, axis=axis, keepdims=keepdims)
        else:
            dx = w * (np.expand_dims(da, axis) / total)
            dw = (x - np.expand_dims(a, axis)) * (np.expand_dims(da, axis) / total)
            da = np.sum((w * dx + (x - np.expand_dims(a, axis)) * dw) / total, axis=axis)
    elif np.ndim(w) == 1 and number(axis) and not keepdims:
        total = np.sum(w)
        distance = np.moveaxis(x, axis, -1) - a[..., None]
        dx = np.moveaxis(np.multiply.outer(da / total, w), -1, axis)
        dw = np.tensordot(da / total, distance, np.ndim(a))
        da = (np.moveaxis(dx, axis, -1) @ w + distance @ dw) / total
    else:
        dx = refused(da)
        dw = refused(da)
        da = refused(dx) + refused(dw)
