"""Rows of samples: interpolation, integrals and derivatives on a grid.

Source: each is a sum of its samples; back goes the transposed one.
"""

from srcgrad.gate import bilinear, gate, linear


# Between two points the line that joins them, outside the value at the end. Kink: at a point the slope is that to its
# right, at the last that to its left.
@gate("np.interp(x, xs, ys)", shape="same(x)")
def interp(y, x, xs, ys):
    i = np.clip(np.searchsorted(xs, x, side="right") - 1, 0, len(xs) - 2)
    share = np.clip((x - xs[i]) / (xs[i + 1] - xs[i]), 0, 1)
    slope = (x >= xs[0]) * (x <= xs[-1]) * (ys[i + 1] - ys[i]) / (xs[i + 1] - xs[i])
    if np.ndim(x) == 0:
        dx = slope * dy
    else:
        dx = (slope * dy).astype(x.dtype)
    np.add.at(dys, i, (1 - share) * dy)
    np.add.at(dys, i + 1, share * dy)
    np.add.at(dxs, i, -slope * (1 - share) * dy)
    np.add.at(dxs, i + 1, -slope * share * dy)
    change = (
        slope * dx + ((1 - share) * dys[i] + share * dys[i + 1]) - slope * ((1 - share) * dxs[i] + share * dxs[i + 1])
    )
    dy = change.astype(y.dtype)


# Each interval gives half of its length to both its ends.
@linear("np.trapezoid(y, dx=step, axis=axis)", "np.trapezoid(y, None, step, axis)", shape="drop(y, axis)")
def trapezoid(t, y, step=1.0, axis=-1):
    dy[between(axis, 1, 0, y)] += 0.5 * step * np.expand_dims(dt, axis)
    dy[between(axis, 0, 1, y)] += 0.5 * step * np.expand_dims(dt, axis)


# Places along the last axis.
@bilinear("np.trapezoid(y, x)", "np.trapezoid(y, x=x)", shape="drop(y, -1)")
def trapezoid_between(t, y, x):
    if np.ndim(y) == 1 and np.ndim(x) == 1:
        dy[1:] += 0.5 * np.diff(x) * dt
        dy[:-1] += 0.5 * np.diff(x) * dt
        dx[1:] += 0.5 * (y[1:] + y[:-1]) * dt
        dx[:-1] -= 0.5 * (y[1:] + y[:-1]) * dt
    elif np.ndim(x) == 1:
        dy[..., 1:] += 0.5 * np.diff(x) * dt[..., None]
        dy[..., :-1] += 0.5 * np.diff(x) * dt[..., None]
        dx = refused(dt)
    else:
        dy = refused(dt)
        dx = refused(dt)


# Central differences, and at the ends those to the neighbour. The points at which they are taken get no gradient.
@linear("np.gradient(y, step, axis=axis)", shape="replaced(y)")
def gradient(g, y, step=1.0, axis=None):
    if number(axis) and number(step):
        dy[between(axis, 2, 0, y)] += dg[between(axis, 1, 1, y)] / (2 * step)
        dy[between(axis, 0, 2, y)] -= dg[between(axis, 1, 1, y)] / (2 * step)
        dy[span(axis, ":1", y)] -= dg[span(axis, ":1", y)] / step
        dy[span(axis, "1:2", y)] += dg[span(axis, ":1", y)] / step
        dy[span(axis, "-2:-1", y)] -= dg[span(axis, "-1:", y)] / step
        dy[span(axis, "-1:", y)] += dg[span(axis, "-1:", y)] / step
    elif np.ndim(y) == 1 and axis is None and number(step):
        dy[2:] += dg[1:-1] / (2 * step)
        dy[:-2] -= dg[1:-1] / (2 * step)
        dy[0] -= dg[0] / step
        dy[1] += dg[0] / step
        dy[-2] -= dg[-1] / step
        dy[-1] += dg[-1] / step
    elif np.ndim(y) == 1 and axis is None and np.ndim(step) == 1:
        steps = np.diff(step)
        inner = dg[1:-1] / (steps[:-1] * steps[1:] * (steps[:-1] + steps[1:]))
        dy[2:] += steps[:-1] ** 2 * inner
        dy[1:-1] += (steps[1:] ** 2 - steps[:-1] ** 2) * inner
        dy[:-2] -= steps[1:] ** 2 * inner
        dy[0] -= dg[0] / steps[0]
        dy[1] += dg[0] / steps[0]
        dy[-2] -= dg[-1] / steps[-1]
        dy[-1] += dg[-1] / steps[-1]
    else:
        dy = refused(dg)


@linear("np.ediff1d(x)", shape="cut(x, 0)")
def ediff1d(y, x):
    if np.ndim(x) == 1:
        dx[1:] += dy
        dx[:-1] -= dy
    else:
        dx = refused(dy)


# Each item stands in several windows.
@linear("np.lib.stride_tricks.sliding_window_view(x, window_shape, axis)", shape="windows(x, window_shape, axis)")
def windows(y, x, window_shape=..., axis=None):
    if np.ndim(x) == 1:
        np.add.at(dx, np.lib.stride_tricks.sliding_window_view(np.arange(x.size), window_shape), dy)
    else:
        np.add.at(
            dx,
            np.unravel_index(
                np.lib.stride_tricks.sliding_window_view(np.arange(x.size).reshape(x.shape), window_shape, axis),
                x.shape,
            ),
            dy,
        )


# What is added are whole turns. Kink: a jump of just half a turn has the slope of the side that its value is on.
@gate("np.unwrap(x, discont, axis, period=period)", shape="replaced(x)")
def unwrap(y, x, discont=None, axis=-1, period=0):
    dx = dy
    dy = dx
