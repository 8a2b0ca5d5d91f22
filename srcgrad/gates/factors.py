"""Matrices in factors: Cholesky, eigenvalues, singular values, QR, LU.

Where eigenvalues or singular values are equal their vectors have no gradient, and the infinity shows it.

Source: Giles, "An extended collection of matrix derivative results for forward and reverse mode automatic
differentiation" (2008).
"""

from srcgrad.gate import gate


# Only the triangle that is read gets a gradient. Source: Murray, "Differentiation of the Cholesky decomposition"
# (2016).
@gate(
    "np.linalg.cholesky(x) with lower=True", "np.linalg.cholesky(x, upper=False) with lower=True",
    "np.linalg.cholesky(x, upper=True)", "linalg.cholesky(x, lower, check_finite=check_finite)",
    shape="replaced(x)",
)  # fmt: skip
def cholesky(l, x, lower=False, check_finite=True):
    if np.ndim(x) == 2 and lower:
        inner = np.tril(l.T @ dl)
        half = np.linalg.solve(l.T, inner - 0.5 * np.diag(np.diag(inner)))
        whole = np.linalg.solve(l.T, half.T)
        dx = np.tril(whole + whole.T) - np.diag(np.diag(whole))
        change = np.linalg.solve(l, np.linalg.solve(l, np.tril(dx) + np.tril(dx, -1).T).T)
        dl = l @ (np.tril(change) - 0.5 * np.diag(np.diag(change)))
    elif np.ndim(x) == 2:
        inner = np.tril(l @ dl.T)
        half = np.linalg.solve(l, inner - 0.5 * np.diag(np.diag(inner)))
        whole = np.linalg.solve(l, half.T)
        dx = np.triu(whole + whole.T) - np.diag(np.diag(whole))
        change = np.linalg.solve(l.T, np.linalg.solve(l.T, np.triu(dx) + np.triu(dx, 1).T).T)
        dl = (np.triu(change) - 0.5 * np.diag(np.diag(change))) @ l
    elif lower:
        one = np.eye(x.shape[-1], dtype=l.dtype)
        inner = np.tril(np.swapaxes(l, -1, -2) @ dl) * (1 - 0.5 * one)
        half = np.linalg.solve(np.swapaxes(l, -1, -2), inner)
        whole = np.linalg.solve(np.swapaxes(l, -1, -2), np.swapaxes(half, -1, -2))
        dx = np.tril(whole + np.swapaxes(whole, -1, -2)) - whole * one
        change = np.linalg.solve(l, np.tril(dx) + np.swapaxes(np.tril(dx, -1), -1, -2))
        dl = l @ (np.tril(np.linalg.solve(l, np.swapaxes(change, -1, -2))) * (1 - 0.5 * one))
    else:
        one = np.eye(x.shape[-1], dtype=l.dtype)
        half = np.linalg.solve(l, np.tril(l @ np.swapaxes(dl, -1, -2)) * (1 - 0.5 * one))
        whole = np.linalg.solve(l, np.swapaxes(half, -1, -2))
        dx = np.triu(whole + np.swapaxes(whole, -1, -2)) - whole * one
        change = np.linalg.solve(np.swapaxes(l, -1, -2), np.triu(dx) + np.swapaxes(np.triu(dx, 1), -1, -2))
        dl = (np.triu(np.linalg.solve(np.swapaxes(l, -1, -2), np.swapaxes(change, -1, -2))) * (1 - 0.5 * one)) @ l


# The other triangle of the factor has what lay there.
@gate("linalg.cho_factor(x, lower, check_finite=check_finite)", shape="halved(x)")
def cho_factor(z, x, lower=False, check_finite=True):
    l, low = z
    if np.ndim(x) == 2 and lower:
        half = np.tril(l)
        inner = np.tril(half.T @ np.tril(dl))
        whole = np.linalg.solve(half.T, np.linalg.solve(half.T, inner - 0.5 * np.diag(np.diag(inner))).T)
        dx = np.tril(whole + whole.T) - np.diag(np.diag(whole))
        change = np.linalg.solve(half, np.linalg.solve(half, np.tril(dx) + np.tril(dx, -1).T).T)
        dl = half @ (np.tril(change) - 0.5 * np.diag(np.diag(change)))
    elif np.ndim(x) == 2:
        half = np.triu(l)
        inner = np.tril(half @ np.triu(dl).T)
        whole = np.linalg.solve(half, np.linalg.solve(half, inner - 0.5 * np.diag(np.diag(inner))).T)
        dx = np.triu(whole + whole.T) - np.diag(np.diag(whole))
        change = np.linalg.solve(half.T, np.linalg.solve(half.T, np.triu(dx) + np.triu(dx, 1).T).T)
        dl = (np.triu(change) - 0.5 * np.diag(np.diag(change))) @ half
    else:
        dx = refused(dl)
        dl = refused(dx)


# Only the triangle that is read gets a gradient. Kink: of equal eigenvalues the vectors have no gradient: a division by
# 0.
@gate(
    "np.linalg.eigh(x)", "linalg.eigh(x, lower=lower, check_finite=check_finite)", "np.linalg.eigh(x, 'L')",
    "np.linalg.eigh(x, UPLO='L')", "np.linalg.eigh(x, 'U') with lower=False",
    "np.linalg.eigh(x, UPLO='U') with lower=False",
    shape="eigen(x)",
)  # fmt: skip
def eigh(z, x, lower=True, check_finite=True):
    w, v = z
    one = np.eye(x.shape[-1], dtype=v.dtype)
    gaps = 1 / (np.expand_dims(w, -2) - np.expand_dims(w, -1) + one) - one
    whole = (v * np.expand_dims(dw, -2)) @ v.mT + v @ (gaps * (v.mT @ dv)) @ v.mT
    middle = np.diag(np.diag(whole)) if np.ndim(x) == 2 else whole * one
    if lower:
        dx = np.tril(whole + whole.mT) - middle
        change = v.mT @ (np.tril(dx) + np.tril(dx, -1).mT) @ v
    else:
        dx = np.triu(whole + whole.mT) - middle
        change = v.mT @ (np.triu(dx) + np.triu(dx, 1).mT) @ v
    dw = np.diag(change).copy() if np.ndim(x) == 2 else np.diagonal(change, axis1=-2, axis2=-1).copy()
    dv = v @ (gaps * change)


# Only the triangle that is read gets a gradient.
@gate(
    "np.linalg.eigvalsh(x)", "linalg.eigvalsh(x, lower=lower, check_finite=check_finite)", "np.linalg.eigvalsh(x, 'L')",
    "np.linalg.eigvalsh(x, UPLO='L')", "np.linalg.eigvalsh(x, 'U') with lower=False",
    "np.linalg.eigvalsh(x, UPLO='U') with lower=False", "linalg.eigh(x, lower=lower, eigvals_only=True)",
    shape="along_rows(x)",
)  # fmt: skip
def eigvalsh(w, x, lower=True, check_finite=True):
    v = np.linalg.eigh(x)[1] if lower else np.linalg.eigh(x.mT)[1]
    whole = (v * np.expand_dims(dw, -2)) @ v.mT
    middle = np.diag(np.diag(whole)) if np.ndim(x) == 2 else whole * np.eye(x.shape[-1], dtype=v.dtype)
    if lower:
        dx = 2 * np.tril(whole) - middle
        change = np.tril(dx) + np.tril(dx, -1).mT
    else:
        dx = 2 * np.triu(whole) - middle
        change = np.triu(dx) + np.triu(dx, 1).mT
    dw = np.sum(v * (change @ v), axis=-2)


# Those of a matrix that is not symmetric may be complex, so that a real number of them must be read. Which of the
# vectors belong to which is told by the eigenvalues, since eig may have another order. Kink: of 0 the length has no
# gradient: 0 / 0, nan.
@gate(
    "np.linalg.eigvals(x).real", "np.real(np.linalg.eigvals(x))", "np.abs(np.linalg.eigvals(x)) with length=True",
    shape="along_rows(x)",
)  # fmt: skip
def real_eigenvalues(y, x, length=False):
    factors = np.linalg.eig(x)
    if np.ndim(x) == 2:
        place = np.argmin(np.abs(np.linalg.eigvals(x)[:, None] - factors[0]), axis=1)
        turn = (factors[0].conj() / np.abs(factors[0]))[place] if length else 1
        left = np.linalg.inv(factors[1]).T[:, place] * turn
        right = factors[1][:, place]
        dx = ((left * dy) @ right.T).real
        dy = np.sum(left * (dx @ right), axis=0).real
    else:
        dx = refused(dy)
        dy = refused(dx)


@gate(
    "np.linalg.svdvals(x)", "linalg.svdvals(x, check_finite=check_finite)",
    "np.linalg.svd(x, full_matrices, compute_uv=False)", "np.linalg.svd(x, full_matrices, False)",
    "linalg.svd(x, full_matrices, compute_uv=False, check_finite=check_finite)",
    shape="singular(x)",
)  # fmt: skip
def singular_values(s, x, full_matrices=True, check_finite=True):
    factors = np.linalg.svd(x, full_matrices=False)
    dx = (factors[0] * np.expand_dims(ds, -2)) @ factors[2]
    ds = np.sum(factors[0] * (dx @ factors[2].mT), axis=-2)


# Vectors beside those of singular values, which the full matrices have, get no gradient. Kink: of equal singular values
# the vectors have no gradient: a division by 0. Source: Townsend, "Differentiating the singular value decomposition"
# (2016).
@gate(
    "np.linalg.svd(x, full_matrices)", "np.linalg.svd(x, full_matrices, True)",
    "np.linalg.svd(x, full_matrices, compute_uv=True)",
    "linalg.svd(x, full_matrices, check_finite=check_finite, lapack_driver=lapack_driver)",
    shape="factored(x, full_matrices)",
)  # fmt: skip
def svd(z, x, full_matrices=True, check_finite=True, lapack_driver="gesdd"):
    u, s, vt = z
    one = np.eye(s.shape[-1], dtype=s.dtype)
    if not full_matrices or x.shape[-2] == x.shape[-1]:
        row = np.expand_dims(s, -2)
        column = np.expand_dims(s, -1)
        gaps = 1 / (row**2 - column**2 + one) - one
        left = u.mT @ du
        right = vt @ dvt.mT
        inside = u.mT @ dx @ vt.mT
        dx = (
            (u * np.expand_dims(ds, -2)) @ vt
            + (u @ (gaps * (left - left.mT)) * row + (du - u @ left) / row) @ vt
            + (u * row) @ (gaps * (right - right.mT)) @ vt
            + (u / row) @ (dvt - right.mT @ vt)
        )
        ds = np.sum(u * (dx @ vt.mT), axis=-2)
        du = u @ (gaps * (inside * row + column * inside.mT)) + (dx - u @ (u.mT @ dx)) @ vt.mT / row
        dvt = (gaps * (inside.mT * row + column * inside)).mT @ vt + u.mT @ (dx - dx @ vt.mT @ vt) / column
    elif np.ndim(x) == 2:
        dx = (u[:, : s.size] * ds) @ vt[: s.size] + refused(du) + refused(dvt)
        ds = np.sum(u[:, : s.size] * (dx @ vt[: s.size].T), axis=0)
        du = refused(dx)
        dvt = refused(dx)
    else:
        dx = refused(du) + refused(ds) + refused(dvt)
        du = refused(dx)
        ds = refused(dx)
        dvt = refused(dx)


# Of a matrix that is wider than high r is a square and, beside it, q.T @ x[:, n:]. Source: Walter and Lehmann,
# "Algorithmic differentiation of linear algebra functions with application in optimum experimental design" (2010).
@gate(
    "np.linalg.qr(x) with mode='economic'", "linalg.qr(x, mode=mode, check_finite=check_finite)",
    "np.linalg.qr(x, 'reduced') with mode='economic'", "np.linalg.qr(x, mode='reduced') with mode='economic'",
    "np.linalg.qr(x, 'complete')", "np.linalg.qr(x, mode='complete')",
    shape="triangled(x, mode)",
)  # fmt: skip
def qr(z, x, mode="full", check_finite=True):
    q, r = z
    if np.ndim(x) == 2 and is_high(x) and (mode == "economic" or (mode == "full" and is_square(x))):
        inner = r @ dr.T - dq.T @ q
        dx = np.linalg.solve(r, (dq + q @ (np.tril(inner) + np.tril(inner, -1).T)).T).T
        turned = np.linalg.solve(r.T, dx.T).T
        skew = np.tril(q.T @ turned, -1)
        dq = turned - q @ (q.T @ turned) + q @ (skew - skew.T)
        dr = (q.T @ turned - skew + skew.T) @ r
    elif np.ndim(x) == 2 and mode == "economic":
        n = r.shape[0]
        up = dq + x[:, n:] @ dr[:, n:].T
        inner = r[:, :n] @ dr[:, :n].T - up.T @ q
        first = np.linalg.solve(r[:, :n], (up + q @ (np.tril(inner) + np.tril(inner, -1).T)).T).T
        dx = np.pad(first, ((0, 0), (0, x.shape[1] - n))) + np.pad(q @ dr[:, n:], ((0, 0), (n, 0)))
        turned = np.linalg.solve(r[:, :n].T, dx[:, :n].T).T
        skew = np.tril(q.T @ turned, -1)
        dq = turned - q @ (q.T @ turned) + q @ (skew - skew.T)
        dr = q.T @ dx - (skew - skew.T) @ r
    elif mode == "economic" or (mode == "full" and is_square(x)):
        n = r.shape[-2]
        qt = np.swapaxes(q, -1, -2)
        up = dq + x[..., n:] @ np.swapaxes(dr[..., n:], -1, -2)
        inner = r[..., :n] @ np.swapaxes(dr[..., :n], -1, -2) - np.swapaxes(up, -1, -2) @ q
        turn = up + q @ (np.tril(inner) + np.swapaxes(np.tril(inner, -1), -1, -2))
        first = np.swapaxes(np.linalg.solve(r[..., :n], np.swapaxes(turn, -1, -2)), -1, -2)
        dx = np.concatenate((first, q @ dr[..., n:] + np.zeros_like(x[..., n:])), axis=-1)
        slope = np.swapaxes(dx[..., :n], -1, -2)
        turned = np.swapaxes(np.linalg.solve(np.swapaxes(r[..., :n], -1, -2), slope), -1, -2)
        skew = np.tril(qt @ turned, -1)
        dq = turned - q @ (qt @ turned) + q @ (skew - np.swapaxes(skew, -1, -2))
        dr = qt @ dx - (skew - np.swapaxes(skew, -1, -2)) @ r
    else:
        dx = refused(dq) + refused(dr)
        dq = refused(dx)
        dr = refused(dx)


# Of a square matrix.
@gate("linalg.lu(x, check_finite=check_finite)", shape="replaced(x)")
def lu(z, x, check_finite=True):
    p, l, u = z
    if np.ndim(x) != 2 or not is_square(x):
        dx = refused(dl) + refused(du)
        dl = refused(dx)
        du = refused(dx)
    else:
        inner = np.tril(l.T @ dl, -1) + np.triu(du @ u.T)
        dx = p @ np.linalg.solve(u, np.linalg.solve(l.T, inner).T).T
        change = np.linalg.solve(u.T, np.linalg.solve(l, p.T @ dx).T).T
        dl = l @ np.tril(change, -1)
        du = np.triu(change) @ u
