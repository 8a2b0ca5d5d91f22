"""Linear algebra: inverses, linear systems, determinants, norms, the Cholesky factor.

Source: Giles, "An extended collection of matrix derivative results for forward and reverse mode automatic
differentiation" (2008).
"""

from srcgrad.gate import gate


@gate("np.linalg.inv(x)", "linalg.inv(x)", shape="replaced(x)")
def inverse_matrix(y, x):
    if np.ndim(x) == 2:
        dx = -y.T @ dy @ y.T
    else:
        dx = -np.swapaxes(y, -1, -2) @ dy @ np.swapaxes(y, -1, -2)
    dy = -y @ dx @ y


# A vector on the right is one of one dimension; any other is a stack of matrices.
@gate("np.linalg.solve(a, b)", "linalg.solve(a, b)", shape="solved(a, b)")
def solve(x, a, b):
    if np.ndim(b) == 1 and np.ndim(a) == 2:
        back = np.linalg.solve(a.T, dx)
        da = -np.outer(back, x)
        db = back
        dx = np.linalg.solve(a, db) - np.linalg.solve(a, da @ x)
    elif np.ndim(b) == 1:
        back = np.linalg.solve(np.swapaxes(a, -1, -2), dx[..., None])
        da = -back * x[..., None, :]
        db = back[..., 0]
        dx = np.linalg.solve(a, db) - np.linalg.solve(a, da @ x[..., None])[..., 0]
    elif np.ndim(b) == 2 and np.ndim(a) == 2:
        back = np.linalg.solve(a.T, dx)
        da = -back @ x.T
        db = back
        dx = np.linalg.solve(a, db) - np.linalg.solve(a, da @ x)
    else:
        back = np.linalg.solve(np.swapaxes(a, -1, -2), dx)
        da = -back @ np.swapaxes(x, -1, -2)
        db = back
        dx = np.linalg.solve(a, db) - np.linalg.solve(a, da @ x)


# A singular matrix has no inverse: LinAlgError.
@gate("np.linalg.det(x)", "linalg.det(x)", shape="determined(x)")
def determinant(d, x):
    if np.ndim(x) == 2:
        dx = (d * dd) * np.linalg.inv(x).T
        dd = d * np.trace(np.linalg.solve(x, dx))
    else:
        dx = (d * dd)[..., None, None] * np.swapaxes(np.linalg.inv(x), -1, -2)
        dd = d * np.trace(np.linalg.solve(x, dx), axis1=-2, axis2=-1)


@gate("np.linalg.slogdet(x)", shape="determined(x)")
def sign_and_log_determinant(z, x):
    sign, log = z
    if np.ndim(x) == 2:
        dx = dlog * np.linalg.inv(x).T
        dlog = np.trace(np.linalg.solve(x, dx))
    else:
        dx = np.expand_dims(dlog, (-1, -2)) * np.swapaxes(np.linalg.inv(x), -1, -2)
        dlog = np.trace(np.linalg.solve(x, dx), axis1=-2, axis2=-1)


# Of zeros a length has no gradient: 0 / 0, nan.
@gate("np.linalg.norm(x, ord, axis, keepdims=keepdims)", shape="drop(x, axis, keepdims)")
def norm(n, x, ord=None, axis=None, keepdims=False):
    if flat(x, ord, axis):
        if axis is None or keepdims:
            dx = x * (dn / n)
        else:
            dx = x * np.expand_dims(dn / n, axis)
        dn = np.sum(x * dx, axis=axis, keepdims=keepdims) / n
    elif along_one(x, ord, axis) == 1:
        if axis is None or keepdims:
            dx = np.sign(x) * dn
        else:
            dx = np.sign(x) * np.expand_dims(dn, axis)
        dn = np.sum(np.sign(x) * dx, axis=axis, keepdims=keepdims)
    elif along_one(x, ord, axis) == "inf":
        if axis is None or keepdims:
            mask = np.abs(x) == n
            dx = mask * np.sign(x) * (dn / np.sum(mask, axis=axis, keepdims=True, dtype=n.dtype))
        else:
            mask = np.abs(x) == np.expand_dims(n, axis)
            dx = mask * np.sign(x) * (np.expand_dims(dn, axis) / np.sum(mask, axis=axis, keepdims=True, dtype=n.dtype))
        dn = np.sum(mask * np.sign(x) * dx, axis=axis, keepdims=keepdims) / np.sum(
            mask, axis=axis, keepdims=keepdims, dtype=n.dtype
        )
    else:
        dx = refused(dn)
        dn = refused(dx)


# Only the lower triangle of x is read, and only it gets a gradient. Murray, "Differentiation of the Cholesky
# decomposition" (2016).
@gate("np.linalg.cholesky(x)", shape="replaced(x)")
def cholesky(l, x):
    if np.ndim(x) == 2:
        inner = np.tril(l.T @ dl)
        half = np.linalg.solve(l.T, inner - 0.5 * np.diag(np.diag(inner)))
        whole = np.linalg.solve(l.T, half.T)
        dx = np.tril(whole + whole.T) - np.diag(np.diag(whole))
        change = np.linalg.solve(l, np.linalg.solve(l, np.tril(dx) + np.tril(dx, -1).T).T)
        dl = l @ (np.tril(change) - 0.5 * np.diag(np.diag(change)))
    else:
        one = np.eye(x.shape[-1], dtype=l.dtype)
        inner = np.tril(np.swapaxes(l, -1, -2) @ dl) * (1 - 0.5 * one)
        half = np.linalg.solve(np.swapaxes(l, -1, -2), inner)
        whole = np.linalg.solve(np.swapaxes(l, -1, -2), np.swapaxes(half, -1, -2))
        dx = np.tril(whole + np.swapaxes(whole, -1, -2)) - whole * one
        change = np.linalg.solve(l, np.tril(dx) + np.swapaxes(np.tril(dx, -1), -1, -2))
        dl = l @ (np.tril(np.linalg.solve(l, np.swapaxes(change, -1, -2))) * (1 - 0.5 * one))
