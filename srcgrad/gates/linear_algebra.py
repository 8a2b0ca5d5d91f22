"""Functions of a matrix: inverses, determinants, norms, powers, exponentials and logarithms.

Source: Giles, "An extended collection of matrix derivative results for forward and reverse mode automatic
differentiation" (2008).
"""

from srcgrad.gate import gate


@gate("np.linalg.inv(x)", "linalg.inv(x, check_finite=check_finite)", shape="replaced(x)")
def inverse_matrix(y, x, check_finite=True):
    dx = -(y.mT @ dy @ y.mT)
    dy = -(y @ dx @ y)


# Source: Golub and Pereyra, "The differentiation of pseudo-inverses and nonlinear least squares problems whose
# variables separate" (1973).
@gate("np.linalg.pinv(x)", "linalg.pinv(x, check_finite=check_finite)", shape="swapped(x, -2, -1)")
def pinv(y, x, check_finite=True):
    dx = -y.mT @ dy @ y.mT + (dy.mT - x @ y @ dy.mT) @ y @ y.mT + y.mT @ y @ (dy.mT - dy.mT @ y @ x)
    dy = -y @ dx @ y + y @ y.mT @ (dx.mT - dx.mT @ x @ y) + (dx.mT - y @ x @ dx.mT) @ y.mT @ y


# Kink: a singular matrix has no inverse: LinAlgError.
@gate("np.linalg.det(x)", "linalg.det(x, check_finite=check_finite)", shape="determined(x)")
def determinant(d, x, check_finite=True):
    if np.ndim(x) == 2:
        dx = (d * dd) * np.linalg.inv(x).T
        dd = d * np.trace(np.linalg.solve(x, dx))
    else:
        dx = (d * dd)[..., None, None] * np.swapaxes(np.linalg.inv(x), -1, -2)
        dd = d * np.trace(np.linalg.solve(x, dx), axis1=-2, axis2=-1)


# Kink: as of the determinant.
@gate("np.linalg.slogdet(x)", shape="determined(x)")
def sign_and_log_determinant(z, x):
    sign, log = z
    if np.ndim(x) == 2:
        dx = dlog * np.linalg.inv(x).T
        dlog = np.trace(np.linalg.solve(x, dx))
    else:
        dx = np.expand_dims(dlog, (-1, -2)) * np.swapaxes(np.linalg.inv(x), -1, -2)
        dlog = np.trace(np.linalg.solve(x, dx), axis1=-2, axis2=-1)


# Kink: of zeros a length has no gradient: 0 / 0, nan; of ord=1 each zero has abs'(0) = 0, and of the largest those that
# are tied share.
@gate(
    "np.linalg.norm(x, ord, axis, keepdims)", "linalg.norm(x, ord, axis, keepdims, check_finite=check_finite)",
    "np.linalg.vector_norm(x, axis=axis, keepdims=keepdims)",
    "np.linalg.vector_norm(x, axis=axis, keepdims=keepdims, ord=2)",
    "np.linalg.matrix_norm(x, keepdims=keepdims, ord=ord) with axis=(-2, -1)",
    shape="drop(x, axis, keepdims)",
)  # fmt: skip
def norm(n, x, ord=None, axis=None, keepdims=False, check_finite=True):
    length = n if axis is None or keepdims else np.expand_dims(n, axis)
    if along_one(x, ord, axis) == 1:
        slope = np.sign(x)
    elif along_one(x, ord, axis) == "inf":
        mask = np.abs(x) == length
        slope = mask * np.sign(x) / np.sum(mask, axis=axis, keepdims=True, dtype=n.dtype)
    elif powered(x, ord, axis):
        slope = np.sign(x) * (np.abs(x) / length) ** (ord - 1)
    elif of_matrix(x, ord, axis) == "nuc":
        factors = np.linalg.svd(x, full_matrices=False)
        slope = factors[0] @ factors[2]
    elif of_matrix(x, ord, axis) == 2:
        factors = np.linalg.svd(x, full_matrices=False)
        slope = np.outer(factors[0][:, 0], factors[2][0])
    elif of_matrix(x, ord, axis) == 1 or of_matrix(x, ord, axis) == "inf":
        sums = np.sum(np.abs(x), axis=0 if of_matrix(x, ord, axis) == 1 else 1, keepdims=True)
        slope = np.sign(x) * (sums == np.max(sums)) / np.sum(sums == np.max(sums), dtype=n.dtype)
    else:
        slope = refused(x)
    if flat(x, ord, axis) and (axis is None or keepdims or number(n)):
        dx = x * (dn / n)
    elif flat(x, ord, axis):
        dx = x * np.expand_dims(dn / n, axis)
    else:
        dx = slope * (dn if axis is None or keepdims else np.expand_dims(dn, axis))
    if flat(x, ord, axis):
        dn = np.sum(x * dx, axis=axis, keepdims=keepdims) / n
    else:
        dn = np.sum(slope * dx, axis=axis, keepdims=keepdims)


# The upper right block of a power of the block matrix is the derivative. Source: Mathias, "A chain rule for matrix
# functions and applications" (1996).
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


# The largest singular value by the smallest. Kink: of equal singular values the vectors have no gradient.
@gate("np.linalg.cond(x)", "np.linalg.cond(x, 2)", "np.linalg.cond(x, p=2)", shape="determined(x)")
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


# By the derivative of Frechet: Al-Mohy and Higham, "Computing the Frechet derivative of the matrix exponential" (2009);
# of several matrices by the exponential of a block matrix, as of a power.
@gate("linalg.expm(x)", shape="replaced(x)")
def matrix_exponential(y, x):
    if np.ndim(x) == 2:
        dx = linalg.expm_frechet(x.T, dy, compute_expm=False).astype(x.dtype)
        dy = linalg.expm_frechet(x, dx, compute_expm=False).astype(x.dtype)
    else:
        back = np.swapaxes(x, -1, -2)
        both = linalg.expm(np.block([[back, dy], [np.zeros_like(x), back]]))
        dx = both[..., : x.shape[-1], x.shape[-1] :]
        change = linalg.expm(np.block([[x, dx], [np.zeros_like(x), x]]))
        dy = change[..., : x.shape[-1], x.shape[-1] :]


# By the logarithm of a block matrix, as of a power.
@gate("linalg.logm(x)", shape="replaced(x)")
def matrix_logarithm(y, x):
    if np.ndim(x) == 2:
        dx = linalg.logm(np.block([[x.T, dy], [np.zeros_like(x), x.T]])).real[: x.shape[0], x.shape[0] :]
        dy = linalg.logm(np.block([[x, dx], [np.zeros_like(x), x]])).real[: x.shape[0], x.shape[0] :]
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
