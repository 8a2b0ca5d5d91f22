"""Polynomials and the matrices of powers that they are evaluated and fitted by."""

from srcgrad.gate import gate


@gate("np.polyval(p, x)", shape="same(x)")
def polyval(y, p, x):
    if np.ndim(p) == 1:
        if np.ndim(x) > 0:
            dp = np.ravel(dy) @ np.vander(np.ravel(x), p.size).astype(y.dtype)
        else:
            dp = dy * np.vander([x], p.size)[0].astype(y.dtype)
        dx = np.polyval(np.polyder(p).astype(y.dtype), x) * dy
        dy = np.polyval(np.polyder(p).astype(y.dtype), x) * dx + np.polyval(dp, x)
    else:
        dp = refused(dy)
        dx = refused(dy)
        dy = refused(dp) + refused(dx)


@gate("np.vander(x, N)", shape="powers(x, N)")
def vander(y, x, N=None):
    if y.shape[1] == 1:
        dx = np.zeros_like(x) * np.sum(dy)
        dy = np.zeros_like(y) * np.sum(dx)
    else:
        slopes = np.vander(x, y.shape[1] - 1) * np.arange(y.shape[1] - 1, 0, -1, dtype=x.dtype)
        dx = np.sum(dy[:, :-1] * slopes, axis=1)
        dy = np.pad(slopes * dx[:, None], ((0, 0), (0, 1)))


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
