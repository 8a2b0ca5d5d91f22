"""Matrices in factors: eigenvalues, singular values, QR; what is made from them: pseudo-inverses, least squares."""

from srcgrad.gate import bilinear, gate, linear


# Only the lower triangle of x is read, and only it gets a gradient. Of equal eigenvalues the vectors have none.
@gate("np.linalg.eigh(x)", shape="eigen(x)")
def eigh(z, x):
    w, v = z
    one = np.eye(x.shape[-1], dtype=v.dtype)
    if np.ndim(x) == 2:
        gaps = 1 / (w - w[:, None] + one) - one
        turned = v @ (gaps * (v.T @ dv)) @ v.T
        whole = np.tril(dx) + np.tril(dx, -1).T
        dx = np.tril((2 - one) * ((v * dw) @ v.T)) + np.tril((1 - 0.5 * one) * (turned + turned.T))
        dw = np.sum(v * (whole @ v), axis=0)
        dv = v @ (gaps * (v.T @ whole @ v))
    else:
        vt = np.swapaxes(v, -1, -2)
        gaps = 1 / (w[..., None, :] - w[..., None] + one) - one
        turned = v @ (gaps * (vt @ dv)) @ vt
        whole = np.tril(dx) + np.swapaxes(np.tril(dx, -1), -1, -2)
        dx = np.tril((2 - one) * ((v * dw[..., None, :]) @ vt)) + np.tril(
            (1 - 0.5 * one) * (turned + np.swapaxes(turned, -1, -2))
        )
        dw = np.sum(v * (whole @ v), axis=-2)
        dv = v @ (gaps * (vt @ whole @ v))


@gate("np.linalg.eigvalsh(x)", shape="spectrum(x)")
def eigvalsh(w, x):
    v = np.linalg.eigh(x)[1]
    if np.ndim(x) == 2:
        dx = np.tril((2 - np.eye(x.shape[0], dtype=v.dtype)) * ((v * dw) @ v.T))
        dw = np.sum(v * ((np.tril(dx) + np.tril(dx, -1).T) @ v), axis=0)
    else:
        dx = np.tril((2 - np.eye(x.shape[-1], dtype=v.dtype)) * ((v * dw[..., None, :]) @ np.swapaxes(v, -1, -2)))
        dw = np.sum(v * ((np.tril(dx) + np.swapaxes(np.tril(dx, -1), -1, -2)) @ v), axis=-2)


@gate("np.linalg.svdvals(x)", "np.linalg.svd(x, compute_uv=False)", shape="singular(x)")
def singular_values(s, x):
    factors = np.linalg.svd(x, full_matrices=False)
    if np.ndim(x) == 2:
        dx = (factors[0] * ds) @ factors[2]
        ds = np.sum(factors[0] * (dx @ factors[2].T), axis=0)
    else:
        dx = (factors[0] * ds[..., None, :]) @ factors[2]
        ds = np.sum(factors[0] * (dx @ np.swapaxes(factors[2], -1, -2)), axis=-2)


# Townsend, "Differentiating the singular value decomposition" (2016). Of equal singular values the vectors have none.
@gate("np.linalg.svd(x, full_matrices)", shape="thin(x)")
def svd(z, x, full_matrices=True):
    u, s, vt = z
    if np.ndim(x) == 2 and (not full_matrices or x.shape[0] == x.shape[1]):
        one = np.eye(s.size, dtype=s.dtype)
        gaps = 1 / (s**2 - s[:, None] ** 2 + one) - one
        left = u.T @ du
        right = vt @ dvt.T
        inside = u.T @ dx @ vt.T
        dx = (
            (u * ds) @ vt
            + (u @ (gaps * (left - left.T)) * s + (du - u @ left) / s) @ vt
            + (u * s) @ (gaps * (right - right.T)) @ vt
            + (u / s) @ (dvt - right.T @ vt)
        )
        ds = np.sum(u * (dx @ vt.T), axis=0)
        du = u @ (gaps * (inside * s + s[:, None] * inside.T)) + (dx - u @ (u.T @ dx)) @ vt.T / s
        dvt = (gaps * (inside.T * s + s[:, None] * inside)).T @ vt + u.T @ (dx - dx @ vt.T @ vt) / s[:, None]
    else:
        dx = refused(du) + refused(ds) + refused(dvt)
        du = refused(dx)
        ds = refused(dx)
        dvt = refused(dx)


# Of a matrix that is wider than high r is no square: LinAlgError.
@gate("np.linalg.qr(x)", shape="triangled(x)")
def qr(z, x):
    q, r = z
    if np.ndim(x) == 2:
        inner = r @ dr.T - dq.T @ q
        turned = np.linalg.solve(r.T, dx.T).T
        skew = np.tril(q.T @ turned, -1)
        dx = np.linalg.solve(r, dq.T).T + np.linalg.solve(r, (q @ (np.tril(inner) + np.tril(inner, -1).T)).T).T
        dq = turned - q @ (q.T @ turned) + q @ (skew - skew.T)
        dr = (q.T @ turned - skew + skew.T) @ r
    else:
        dx = refused(dq) + refused(dr)
        dq = refused(dx)
        dr = refused(dx)


# Golub and Pereyra (1973).
@gate("np.linalg.pinv(x)", shape="swapped(x, -2, -1)")
def pinv(y, x):
    if np.ndim(x) == 2:
        dx = -y.T @ dy @ y.T + (dy.T - x @ y @ dy.T) @ y @ y.T + y.T @ y @ (dy.T - dy.T @ y @ x)
        dy = -y @ dx @ y + y @ y.T @ (dx.T - dx.T @ x @ y) + (dx.T - y @ x @ dx.T) @ y.T @ y
    else:
        back = np.swapaxes(y, -1, -2)
        up = np.swapaxes(dy, -1, -2)
        change = np.swapaxes(dx, -1, -2)
        dx = -back @ dy @ back + (up - x @ y @ up) @ y @ back + back @ y @ (up - up @ y @ x)
        dy = -y @ dx @ y + y @ back @ (change - change @ x @ y) + (change - y @ x @ change) @ back @ y


# By the pseudo-inverse.
@gate("np.linalg.lstsq(a, b, rcond)", shape="nearest(a, b)")
def lstsq(z, a, b, rcond=None):
    x, residuals, rank, s = z
    p = np.linalg.pinv(a)
    back = p.T @ dx
    if np.ndim(a) == 2 and np.ndim(b) == 1:
        da = (
            -np.outer(back, x)
            + np.outer(b - a @ x, p @ back)
            + np.outer(p.T @ x, dx - a.T @ back)
            + refused(dresiduals)
            + refused(ds)
        )
        dx = (
            p @ db - p @ (da @ x) + p @ (p.T @ (da.T @ (b - a @ x))) + (da.T @ (p.T @ x) - p @ (a @ (da.T @ (p.T @ x))))
        )
    elif np.ndim(a) == 2 and np.ndim(b) == 2:
        da = (
            -back @ x.T + (b - a @ x) @ (p @ back).T + p.T @ x @ (dx - a.T @ back).T + refused(dresiduals) + refused(ds)
        )
        dx = (
            p @ db - p @ (da @ x) + p @ (p.T @ (da.T @ (b - a @ x))) + (da.T @ (p.T @ x) - p @ (a @ (da.T @ (p.T @ x))))
        )
    else:
        da = refused(dx) + refused(dresiduals) + refused(ds)
        dx = refused(da) + refused(db)
    db = back + refused(dresiduals)
    dresiduals = refused(da) + refused(db)
    ds = refused(da)


# The upper right block of a power of the block matrix is the derivative: Mathias (1996).
@gate("np.linalg.matrix_power(x, n)", shape="replaced(x)")
def matrix_power(y, x, n=...):
    if np.ndim(x) == 2 and n == 2:
        dx = dy @ x.T + x.T @ dy
        dy = dx @ x + x @ dx
    elif np.ndim(x) == 2:
        dx = np.linalg.matrix_power(np.block([[x.T, dy], [np.zeros_like(x), x.T]]), n)[: x.shape[0], x.shape[0] :]
        dy = np.linalg.matrix_power(np.block([[x, dx], [np.zeros_like(x), x]]), n)[: x.shape[0], x.shape[0] :]
    else:
        back = np.swapaxes(x, -1, -2)
        both = np.linalg.matrix_power(np.block([[back, dy], [np.zeros_like(x), back]]), n)
        dx = both[..., : x.shape[-1], x.shape[-1] :]
        change = np.linalg.matrix_power(np.block([[x, dx], [np.zeros_like(x), x]]), n)
        dy = change[..., : x.shape[-1], x.shape[-1] :]


# The largest singular value by the smallest.
@gate("np.linalg.cond(x)", shape="determined(x)")
def condition_number(c, x):
    if np.ndim(x) == 2:
        factors = np.linalg.svd(x, full_matrices=False)
        first = np.outer(factors[0][:, 0], factors[2][0]) / factors[1][0]
        last = np.outer(factors[0][:, -1], factors[2][-1]) / factors[1][-1]
        dx = (first - last) * (c * dc)
        dc = c * np.sum((first - last) * dx)
    else:
        dx = refused(dc)
        dc = refused(dx)


@bilinear("np.linalg.multi_dot([x, y, w])", "np.linalg.multi_dot((x, y, w))", shape="chained(x, y, w)")
def product_of_three(z, x, y, w):
    if np.ndim(x) == 2 and np.ndim(w) == 2:
        dx = np.linalg.multi_dot([dz, w.T, y.T])
        dy = np.linalg.multi_dot([x.T, dz, w.T])
        dw = np.linalg.multi_dot([y.T, x.T, dz])
    else:
        dx = refused(dz)
        dy = refused(dz)
        dw = refused(dz)


@bilinear("np.linalg.multi_dot([x, y])", "np.linalg.multi_dot((x, y))", shape="chained(x, y)")
def product_of_two(z, x, y):
    if np.ndim(x) == 2 and np.ndim(y) == 2:
        dx = dz @ y.T
        dy = x.T @ dz
    else:
        dx = refused(dz)
        dy = refused(dz)


@bilinear("np.linalg.multi_dot([x, y, v, w])", "np.linalg.multi_dot((x, y, v, w))", shape="chained(x, y, v, w)")
def product_of_four(z, x, y, v, w):
    if np.ndim(x) == 2 and np.ndim(w) == 2:
        dx = np.linalg.multi_dot([dz, w.T, v.T, y.T])
        dy = np.linalg.multi_dot([x.T, dz, w.T, v.T])
        dv = np.linalg.multi_dot([y.T, x.T, dz, w.T])
        dw = np.linalg.multi_dot([v.T, y.T, x.T, dz])
    else:
        dx = refused(dz)
        dy = refused(dz)
        dv = refused(dz)
        dw = refused(dz)


# Each item of one times the whole of the other, in blocks.
@bilinear("np.kron(x, y)", shape="kronecker(x, y)")
def kron(z, x, y):
    if np.ndim(x) == 1 and np.ndim(y) == 1:
        dx = dz.reshape(x.size, y.size) @ y
        dy = x @ dz.reshape(x.size, y.size)
    elif np.ndim(x) == 2 and np.ndim(y) == 2:
        blocks = dz.reshape(x.shape[0], y.shape[0], x.shape[1], y.shape[1])
        dx = np.einsum("ikjl,kl->ij", blocks, y)
        dy = np.einsum("ikjl,ij->kl", blocks, x)
    else:
        dx = refused(dz)
        dy = refused(dz)


@linear("np.linalg.trace(x, offset=offset)", shape="determined(x)")
def trace_of_last(t, x, offset=0):
    if np.ndim(x) == 2:
        dx = np.eye(x.shape[0], x.shape[1], offset, dtype=x.dtype) * dt
    else:
        dx = np.eye(x.shape[-2], x.shape[-1], offset, dtype=x.dtype) * np.expand_dims(dt, (-2, -1))


@linear("np.linalg.diagonal(x, offset=offset)", shape="diagonals(x, offset, -2, -1)")
def diagonal_of_last(y, x, offset=0):
    dx[..., np.arange(y.shape[-1]) + above(negated(offset)), np.arange(y.shape[-1]) + above(offset)] += dy


@gate("np.linalg.vector_norm(x, axis=axis, keepdims=keepdims)", shape="drop(x, axis, keepdims)")
def vector_norm(n, x, axis=None, keepdims=False):
    if axis is None or keepdims:
        dx = x * (dn / n)
    else:
        dx = x * np.expand_dims(dn / n, axis)
    dn = np.sum(x * dx, axis=axis, keepdims=keepdims) / n


@gate("np.linalg.matrix_norm(x)", "np.linalg.matrix_norm(x, ord='fro')", shape="determined(x)")
def matrix_norm(n, x):
    if np.ndim(x) == 2:
        dx = x * (dn / n)
    else:
        dx = x * np.expand_dims(dn / n, (-2, -1))
    dn = np.sum(x * dx, axis=(-2, -1)) / n
