"""Systems of linear equations: back through one goes the transposed one.

Source: Giles, "An extended collection of matrix derivative results for forward and reverse mode automatic
differentiation" (2008).
"""

from srcgrad.gate import gate


# A vector on the right is one of one dimension; any other is a stack of matrices.
@gate(
    "np.linalg.solve(a, b)", "linalg.solve(a, b, check_finite=check_finite)",
    "linalg.solve(a, b, assume_a='gen', check_finite=check_finite)",
    "linalg.solve(a, b, assume_a='general', check_finite=check_finite)",
    shape="solved(a, b)",
)  # fmt: skip
def solve(x, a, b, check_finite=True):
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
        da = -(back @ x.T)
        db = back
        dx = np.linalg.solve(a, db) - np.linalg.solve(a, da @ x)
    else:
        back = np.linalg.solve(np.swapaxes(a, -1, -2), dx)
        da = -(back @ np.swapaxes(x, -1, -2))
        db = back
        dx = np.linalg.solve(a, db) - np.linalg.solve(a, da @ x)


# Transposed, or of a symmetric matrix, of which only the triangle that is read gets a gradient.
@gate(
    "linalg.solve(a, b, lower, assume_a=assume_a, transposed=transposed, check_finite=check_finite)",
    "linalg.cho_solve(linalg.cho_factor(a, lower), b) with assume_a='pos'",
    shape="solved(a, b)",
)  # fmt: skip
def solve_as(x, a, b, lower=False, assume_a="gen", transposed=False, check_finite=True):
    if np.ndim(a) != 2 or np.ndim(b) > 2:
        db = refused(dx)
        da = refused(dx)
        dx = refused(da) + refused(db)
    elif transposed and (assume_a is None or assume_a == "gen" or assume_a == "general"):
        back = np.linalg.solve(a, dx)
        db = back
        da = -np.outer(x, back) if np.ndim(b) == 1 else -x @ back.T
        dx = np.linalg.solve(a.T, db) - np.linalg.solve(a.T, da.T @ x)
    elif assume_a == "pos" or assume_a == "positive definite" or assume_a == "sym" or assume_a == "symmetric":
        back = linalg.solve(a, dx, lower=lower, assume_a=assume_a)
        outer = np.outer(back, x) if np.ndim(b) == 1 else back @ x.T
        db = back
        if lower:
            da = np.diag(np.diag(outer)) - np.tril(outer + outer.T)
            change = np.tril(da) + np.tril(da, -1).T
        else:
            da = np.diag(np.diag(outer)) - np.triu(outer + outer.T)
            change = np.triu(da) + np.triu(da, 1).T
        dx = linalg.solve(a, db, lower=lower, assume_a=assume_a) - linalg.solve(
            a, change @ x, lower=lower, assume_a=assume_a
        )
    else:
        db = refused(dx)
        da = refused(dx)
        dx = refused(da) + refused(db)


# The triangle that is read gets the gradient.
@gate(
    "linalg.solve_triangular(a, b, trans, lower, unit_diagonal, check_finite=check_finite)",
    shape="solved(a, b)",
)  # fmt: skip
def solve_triangular(x, a, b, trans=0, lower=False, unit_diagonal=False, check_finite=True):
    if np.ndim(a) != 2 or np.ndim(b) > 2 or (unit_diagonal and not trans == 0):
        db = refused(dx)
        da = refused(dx)
        dx = refused(da) + refused(db)
    elif unit_diagonal:
        back = linalg.solve_triangular(a, dx, trans=1, lower=lower, unit_diagonal=True)
        outer = np.outer(back, x) if np.ndim(b) == 1 else back @ x.T
        db = back
        da = -np.tril(outer, -1) if lower else -np.triu(outer, 1)
        change = (np.tril(da, -1) if lower else np.triu(da, 1)) @ x
        dx = linalg.solve_triangular(a, db, lower=lower, unit_diagonal=True) - linalg.solve_triangular(
            a, change, lower=lower, unit_diagonal=True
        )
    elif trans == 0 or trans == "N":
        back = linalg.solve_triangular(a, dx, trans=1, lower=lower)
        outer = np.outer(back, x) if np.ndim(b) == 1 else back @ x.T
        db = back
        da = -np.tril(outer) if lower else -np.triu(outer)
        dx = linalg.solve_triangular(a, db, lower=lower) - linalg.solve_triangular(
            a, (np.tril(da) if lower else np.triu(da)) @ x, lower=lower
        )
    elif trans == 1 or trans == "T" or trans == 2 or trans == "C":
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


@gate("linalg.cho_solve((c, lower), b, check_finite=check_finite)", shape="solved(c, b)")
def cho_solve(x, c, b, lower=..., check_finite=True):
    if np.ndim(c) != 2 or np.ndim(b) > 2:
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


# Row u + i - j of the bands has a[i, j]; those of the transposed matrix are the same, in the other order and shifted.
@gate("linalg.solve_banded((l, u), ab, b, check_finite=check_finite)", shape="replaced(b)")
def solve_banded(x, ab, b, l=..., u=..., check_finite=True):
    i = np.arange(ab.shape[1]) + np.arange(-u, l + 1)[:, None]
    j = np.arange(ab.shape[1]) + np.arange(-l, u + 1)[:, None]
    back = linalg.solve_banded((u, l), np.take_along_axis(ab[::-1], j % ab.shape[1], axis=1), dx)
    if np.ndim(ab) == 2 and np.ndim(b) == 1:
        db = back
        dab = -back[i % ab.shape[1]] * x * ((i >= 0) & (i < ab.shape[1]))
        change = np.take_along_axis(dab[::-1], j % ab.shape[1], axis=1) * x[j % ab.shape[1]]
        dx = linalg.solve_banded((l, u), ab, db) - linalg.solve_banded(
            (l, u), ab, np.sum(change * ((j >= 0) & (j < ab.shape[1])), axis=0)
        )
    else:
        db = refused(dx)
        dab = refused(dx)
        dx = refused(dab) + refused(db)


@gate("linalg.solve_sylvester(a, b, q)", shape="replaced(q)")
def solve_sylvester(x, a, b, q):
    if np.ndim(a) != 2:
        dq = refused(dx)
        da = refused(dx)
        db = refused(dx)
        dx = refused(da) + refused(db) + refused(dq)
    else:
        back = linalg.solve_sylvester(a.T, b.T, dx)
        dq = back
        da = -(back @ x.T)
        db = -(x.T @ back)
        dx = (
            linalg.solve_sylvester(a, b, dq)
            - linalg.solve_sylvester(a, b, da @ x)
            - linalg.solve_sylvester(a, b, x @ db)
        )


# By the pseudo-inverse. Source: Golub and Pereyra, "The differentiation of pseudo-inverses and nonlinear least squares
# problems whose variables separate" (1973).
@gate("np.linalg.lstsq(a, b, rcond)", "linalg.lstsq(a, b, check_finite=check_finite)", shape="nearest(a, b)")
def lstsq(z, a, b, rcond=None, check_finite=True):
    x, residuals, rank, s = z
    p = np.linalg.pinv(a)
    back = p.T @ dx
    if np.ndim(a) == 2 and np.ndim(b) == 1 and rcond is None:
        da = (
            -np.outer(back, x)
            + np.outer(b - a @ x, p @ back)
            + np.outer(p.T @ x, dx - a.T @ back)
            + refused(dresiduals)
            + refused(ds)
        )
        db = back + refused(dresiduals)
    elif np.ndim(a) == 2 and np.ndim(b) == 2 and rcond is None:
        da = (
            -back @ x.T + (b - a @ x) @ (p @ back).T + p.T @ x @ (dx - a.T @ back).T + refused(dresiduals) + refused(ds)
        )
        db = back + refused(dresiduals)
    else:
        da = refused(dx) + refused(dresiduals) + refused(ds)
        db = refused(dx) + refused(dresiduals)
    if np.ndim(a) == 2 and rcond is None:
        dx = (
            p @ db - p @ (da @ x) + p @ (p.T @ (da.T @ (b - a @ x))) + (da.T @ (p.T @ x) - p @ (a @ (da.T @ (p.T @ x))))
        )
    else:
        dx = refused(da) + refused(db)
    dresiduals = refused(da) + refused(db)
    ds = refused(da)


# Of the matrix that the first axes, those of b, and the other ones make of a.
@gate("np.linalg.tensorsolve(a, b)", shape="behind(a, b)")
def tensorsolve(x, a, b):
    back = np.linalg.solve(a.reshape(b.size, b.size).T, dx.ravel()).reshape(b.shape)
    db = back
    da = -np.tensordot(back, x, 0)
    dx = np.linalg.tensorsolve(a, db) - np.linalg.tensorsolve(a, np.tensordot(da, x, x.ndim))


@gate("np.linalg.tensorinv(x, ind)", shape="turned_over(x, ind)")
def tensorinv(y, x, ind=2):
    left = np.tensordot(y, dy, (range(x.ndim - ind), range(x.ndim - ind)))
    dx = -np.tensordot(left, y, (range(ind, 2 * ind), range(x.ndim - ind, x.ndim)))
    dy = -np.tensordot(np.tensordot(y, dx, ind), y, x.ndim - ind)
