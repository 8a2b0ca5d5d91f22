"""Polynomials and the matrices of powers that they are evaluated and fitted by.

Source: the power rule; a polynomial is a sum of its coefficients times powers.
"""

from srcgrad.gate import gate, linear


@gate("np.polyval(p, x)", shape="replaced(x)")
def polyval(y, p, x):
    if np.ndim(p) == 1:
        if np.ndim(x) == 0:
            dp = (dy * np.vander([x], p.size)[0]).astype(p.dtype)
        else:
            dp = (np.ravel(dy) @ np.vander(np.ravel(x), p.size)).astype(p.dtype)
        slope = np.polyval(np.polyder(p), x)
        dx = slope * dy if np.ndim(x) == 0 else (slope * dy).astype(x.dtype)
        dy = (slope * dx + np.polyval(dp, x)).astype(y.dtype)
    else:
        dp = refused(dy)
        dx = refused(dy)
        dy = refused(dp) + refused(dx)


@gate("np.vander(x, N, increasing)", shape="powers(x, N)")
def vander(y, x, N=None, increasing=False):
    if not y.shape[1] > 1:
        dx = np.zeros_like(x) * np.sum(dy)
        dy = np.zeros_like(y) * np.sum(dx)
    elif increasing:
        slopes = np.vander(x, y.shape[1] - 1, True) * np.arange(1, y.shape[1])
        dx = np.sum(dy[:, 1:] * slopes, axis=1).astype(x.dtype)
        dy = np.pad(slopes * dx[:, None], ((0, 0), (1, 0)))
    else:
        slopes = np.vander(x, y.shape[1] - 1) * np.arange(y.shape[1] - 1, 0, -1)
        dx = np.sum(dy[:, :-1] * slopes, axis=1).astype(x.dtype)
        dy = np.pad(slopes * dx[:, None], ((0, 0), (0, 1)))


# The coefficients stand at the right of the longer row.
@linear("np.polyadd(x, y)", shape="longer(x, y)")
def polyadd(z, x, y):
    if np.ndim(x) == 1 and np.ndim(y) == 1:
        dx = dz[z.size - x.size :]
        dy = dz[z.size - y.size :]
    else:
        dx = refused(dz)
        dy = refused(dz)


@linear("np.polysub(x, y)", shape="longer(x, y)")
def polysub(z, x, y):
    if np.ndim(x) == 1 and np.ndim(y) == 1:
        dx = dz[z.size - x.size :]
        dy = -dz[z.size - y.size :]
    else:
        dx = refused(dz)
        dy = refused(dz)


# A convolution, of which numpy drops the zeros at the left.
@gate("np.polymul(x, y)", shape="loose(x, None)")
def polymul(z, x, y):
    if np.ndim(x) == 1 and np.ndim(y) == 1:
        dropped = x.size + y.size - 1 - z.size
        dx = np.convolve(np.pad(dz, (dropped, 0)), y[::-1], "valid")
        dy = np.convolve(np.pad(dz, (dropped, 0)), x[::-1], "valid")
        dz = np.convolve(dx, y)[dropped:] + np.convolve(x, dy)[dropped:]
    else:
        dx = refused(dz)
        dy = refused(dz)
        dz = refused(dx) + refused(dy)


# The points at which it is fitted get no gradient.
@gate("np.polyfit(x, y, deg)", shape="coefficients(y, deg)")
def polyfit(p, x, y, deg=...):
    if np.ndim(y) == 1:
        dx = refused(dp)
        dy = np.linalg.pinv(np.vander(x, deg + 1)).T @ dp
        dp = np.polyfit(x, dy, deg) + refused(dx)
    else:
        dx = refused(dp)
        dy = refused(dp)
        dp = refused(dx) + refused(dy)
