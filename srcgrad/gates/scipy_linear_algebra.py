"""Linear algebra of scipy: factors of matrices, systems with a structure, functions of matrices.

These are rules of single matrices; where singular values or eigenvalues are equal their vectors have no gradient, and
the infinity shows it.
"""

from srcgrad.gate import gate, linear


# The triangle that is read gets the gradient.
@gate("linalg.cholesky(x, lower, check_finite=check_finite)", shape="replaced(x)")
def cholesky_of_scipy(l, x, lower=False, check_finite=True):
    if np.ndim(x) != 2:
        dx = refused(dl)
        dl = refused(dx)
    elif lower:
        inner = np.tril(l.T @ dl)
        half = linalg.solve_triangular(l, inner - 0.5 * np.diag(np.diag(inner)), trans=1, lower=True)
        whole = linalg.solve_triangular(l, half.T, trans=1, lower=True)
        dx = np.tril(whole + whole.T) - np.diag(np.diag(whole))
        first = linalg.solve_triangular(l, np.tril(dx) + np.tril(dx, -1).T, lower=True)
        change = linalg.solve_triangular(l, first.T, lower=True)
        dl = l @ (np.tril(change) - 0.5 * np.diag(np.diag(change)))
    else:
        inner = np.tril(l @ dl.T)
        half = linalg.solve_triangular(l, inner - 0.5 * np.diag(np.diag(inner)))
        whole = linalg.solve_triangular(l, half.T)
        dx = np.triu(whole + whole.T) - np.diag(np.diag(whole))
        first = linalg.solve_triangular(l, np.triu(dx) + np.triu(dx, 1).T, trans=1)
        change = linalg.solve_triangular(l, first.T, trans=1)
        dl = (np.triu(change) - 0.5 * np.diag(np.diag(change))) @ l


# The triangle that is read gets the gradient.
@gate("linalg.solve_triangular(a, b, trans, lower, check_finite=check_finite)", shape="solved(a, b)")
def solve_triangular(x, a, b, trans=0, lower=False, check_finite=True):
    if np.ndim(a) != 2:
        db = refused(dx)
        da = refused(dx)
        dx = refused(da) + refused(db)
    elif trans == 0 or trans == "N":
        back = linalg.solve_triangular(a, dx, trans=1, lower=lower)
        outer = np.outer(back, x) if np.ndim(b) == 1 else back @ x.T
        db = back
        da = -np.tril(outer) if lower else -np.triu(outer)
        dx = linalg.solve_triangular(a, db, lower=lower) - linalg.solve_triangular(
            a, (np.tril(da) if lower else np.triu(da)) @ x, lower=lower
        )
    elif trans == 1 or trans == "T":
        back = linalg.solve_triangular(a, dx, lower=lower)
        outer = np.outer(x, back) if np.ndim(b) == 1 else x @ back.T
        db = back
        da = -np.tril(outer) if lower else -np.triu(outer)
        dx = linalg.solve_triangular(a, db, trans=1, lower=lower) - linalg.solve_triangular(
            a, (np.tril(da) if lower else np.triu(da)).T @ x, trans=1, lower=lower
        )
    else:
        db = refused(dx)
        da = refused(dx)
        dx = refused(da) + refused(db)


@gate("linalg.cho_solve((c, lower), b)", shape="solved(c, b)")
def cho_solve(x, c, b, lower=...):
    if np.ndim(c) != 2:
        db = refused(dx)
        dc = refused(dx)
        dx = refused(dc) + refused(db)
    else:
        back = linalg.cho_solve((c, lower), dx)
        outer = np.outer(back, x) if np.ndim(b) == 1 else back @ x.T
        db = back
        if lower:
            dc = -np.tril((outer + outer.T) @ np.tril(c))
            change = np.tril(dc) @ np.tril(c).T
        else:
            dc = -np.triu(np.triu(c) @ (outer + outer.T))
            change = np.triu(dc).T @ np.triu(c)
        dx = linalg.cho_solve((c, lower), db) - linalg.cho_solve((c, lower), (change + change.T) @ x)


@gate("linalg.solve_sylvester(a, b, q)", shape="replaced(q)")
def solve_sylvester(x, a, b, q):
    if np.ndim(a) != 2:
        dq = refused(dx)
        da = refused(dx)
        db = refused(dx)
        dx = refused(da) + refused(db) + refused(dq)
    else:
        dq = linalg.solve_sylvester(a.T, b.T, dx)
        da = -linalg.solve_sylvester(a.T, b.T, dx) @ x.T
        db = -x.T @ linalg.solve_sylvester(a.T, b.T, dx)
        dx = (
            linalg.solve_sylvester(a, b, dq)
            - linalg.solve_sylvester(a, b, da @ x)
            - linalg.solve_sylvester(a, b, x @ db)
        )


# By the derivative of Frechet: Al-Mohy and Higham, Computing the Frechet derivative of the matrix exponential, 2009.
@gate("linalg.expm(x)", shape="replaced(x)")
def matrix_exponential(y, x):
    if np.ndim(x) == 2:
        dx = linalg.expm_frechet(x.T, dy, compute_expm=False)
        dy = linalg.expm_frechet(x, dx, compute_expm=False)
    else:
        dx = refused(dy)
        dy = refused(dx)


# y @ y is x, so that y @ dy + dy @ y is dx.
@gate("linalg.sqrtm(x)", shape="replaced(x)")
def matrix_root(y, x):
    if np.ndim(x) == 2:
        dx = linalg.solve_sylvester(y.T, y.T, dy)
        dy = linalg.solve_sylvester(y, y, dx)
    else:
        dx = refused(dy)
        dy = refused(dx)


@gate("linalg.pinv(x)", shape="permuted(x)")
def pseudo_inverse(y, x):
    if np.ndim(x) == 2:
        dx = (dy.T - x @ (y @ dy.T)) @ y @ y.T + y.T @ y @ (dy.T - dy.T @ y @ x) - y.T @ dy @ y.T
        dy = y @ y.T @ (dx.T - dx.T @ x @ y) + (dx.T - y @ (x @ dx.T)) @ y.T @ y - y @ dx @ y
    else:
        dx = refused(dy)
        dy = refused(dx)


# The triangle that is read gets the gradient.
@gate("linalg.eigh(x, lower=lower, check_finite=check_finite)", shape="eigen_pair(x)")
def eigenvectors(z, x, lower=True, check_finite=True):
    w, v = z
    if np.ndim(x) != 2:
        dx = refused(dw) + refused(dv)
        dw = refused(dx)
        dv = refused(dx)
    else:
        apart = 1 / (w - w[:, None] + np.eye(len(w))) - np.eye(len(w))
        whole = (v * dw) @ v.T + v @ (apart * (v.T @ dv)) @ v.T
        if lower:
            dx = np.tril(whole + whole.T) - np.diag(np.diag(whole))
            change = v.T @ (np.tril(dx) + np.tril(dx, -1).T) @ v
        else:
            dx = np.triu(whole + whole.T) - np.diag(np.diag(whole))
            change = v.T @ (np.triu(dx) + np.triu(dx, 1).T) @ v
        dw = np.diag(change).copy()
        dv = v @ (apart * change)


@gate(
    "linalg.eigvalsh(x, lower=lower)", "linalg.eigh(x, lower=lower, eigvals_only=True)",
    shape="along_rows(x)",
)  # fmt: skip
def eigenvalues(w, x, lower=True):
    if np.ndim(x) != 2:
        dx = refused(dw)
        dw = refused(dx)
    else:
        v = linalg.eigh(x, lower=lower)[1]
        whole = (v * dw) @ v.T
        if lower:
            dx = 2 * np.tril(whole) - np.diag(np.diag(whole))
            dw = np.diag(v.T @ (np.tril(dx) + np.tril(dx, -1).T) @ v).copy()
        else:
            dx = 2 * np.triu(whole) - np.diag(np.diag(whole))
            dw = np.diag(v.T @ (np.triu(dx) + np.triu(dx, 1).T) @ v).copy()


# As many vectors as there are values: of full_matrices=True a square one.
@gate("linalg.svd(x, full_matrices, check_finite=check_finite)", shape="singular_factors(x)")
def singular_vectors(z, x, full_matrices=True, check_finite=True):
    u, s, vh = z
    if np.ndim(x) != 2 or (full_matrices and not is_square(x)):
        dx = refused(du) + refused(ds) + refused(dvh)
        du = refused(dx)
        ds = refused(dx)
        dvh = refused(dx)
    else:
        apart = 1 / (s**2 - s[:, None] ** 2 + np.eye(len(s))) - np.eye(len(s))
        dx = (
            (u * ds) @ vh
            + u @ (apart * (u.T @ du - du.T @ u) * s) @ vh
            + (du - u @ (u.T @ du)) / s @ vh
            + u @ (s[:, None] * apart * (vh @ dvh.T - dvh @ vh.T)) @ vh
            + u / s @ (dvh - dvh @ vh.T @ vh)
        )
        change = u.T @ dx @ vh.T
        du = u @ (apart * (change * s + s[:, None] * change.T)) + (dx @ vh.T - u @ change) / s
        ds = np.diag(change).copy()
        dvh = (apart * (s[:, None] * change + change.T * s)).T @ vh + (u.T @ dx - change @ vh) / s[:, None]


@gate(
    "linalg.svdvals(x)", "linalg.svd(x, compute_uv=False)", "linalg.svd(x, full_matrices=False, compute_uv=False)",
    shape="singular_factors(x, False)",
)  # fmt: skip
def singular_values_of_scipy(s, x):
    if np.ndim(x) == 2:
        factors = linalg.svd(x, full_matrices=False)
        dx = (factors[0] * ds) @ factors[2]
        ds = np.diag(factors[0].T @ dx @ factors[2].T).copy()
    else:
        dx = refused(ds)
        ds = refused(dx)


# Of no more columns than rows, and of as many where the factors are not the economic ones.
@gate("linalg.qr(x, mode=mode)", shape="orthogonal(x)")
def qr_of_scipy(z, x, mode="full"):
    q, r = z
    if np.ndim(x) != 2 or not (mode == "economic" or (mode == "full" and is_square(x))):
        dx = refused(dq) + refused(dr)
        dq = refused(dx)
        dr = refused(dx)
    else:
        inner = r @ dr.T - dq.T @ q
        dx = linalg.solve_triangular(r, (dq + q @ (np.tril(inner) + np.tril(inner, -1).T)).T).T
        change = linalg.solve_triangular(r, dx.T, trans=1).T
        turn = np.tril(q.T @ change, -1) - np.tril(q.T @ change, -1).T
        dq = change - q @ (q.T @ change - turn)
        dr = (q.T @ change - turn) @ r


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
        first = linalg.solve_triangular(l, inner, trans=1, lower=True)
        dx = p @ linalg.solve_triangular(u, first.T).T
        half = linalg.solve_triangular(l, p.T @ dx, lower=True)
        change = linalg.solve_triangular(u, half.T, trans=1).T
        dl = l @ np.tril(change, -1)
        du = np.triu(change) @ u


@linear("linalg.block_diag(x, y)", shape="beside_diagonally(x, y)")
def block_diag(z, x, y):
    if np.ndim(x) == 2 and np.ndim(y) == 2:
        dx = dz[: x.shape[0], : x.shape[1]]
        dy = dz[x.shape[0] :, x.shape[1] :]
    else:
        dx = refused(dz)
        dy = refused(dz)


@linear("linalg.toeplitz(c)", shape="square(c)")
def toeplitz(t, c):
    if np.ndim(c) == 1:
        np.add.at(dc, linalg.toeplitz(np.arange(len(c))), dt)
    else:
        dc = refused(dt)
